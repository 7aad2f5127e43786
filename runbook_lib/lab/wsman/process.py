"""What a program run by the shell sees: the narrow side of a command that an executor is given."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol


class Process(Protocol):
    """One command, as its executor sees it. Every method may be called from any thread."""

    @property
    def command_line(self) -> str:
        """The whole line: the command and its arguments joined by a space."""

    @property
    def arguments(self) -> Sequence[str]:
        """The ``rsp:Arguments`` elements as sent; pywinrm joins all of them into one."""

    @property
    def user(self) -> str:
        r"""The signed-in account, ``DOMAIN\name``."""

    @property
    def is_delegated(self) -> bool:
        """Whether the client handed over what lets this computer act in its name towards others: a ticket, or its password."""

    @property
    def encoding(self) -> str:
        """Python name of the shell's code page: what a console program writes its text in."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables the client set on the shell."""

    @property
    def working_directory(self) -> str:
        """Directory the client asked for; empty when it asked for none."""

    @property
    def skip_cmd_shell(self) -> bool:
        """WINRS_SKIP_CMD_SHELL: started without cmd.exe, so no ``|``, ``%NAME%`` or 8,191-character limit."""

    @property
    def console_mode_stdin(self) -> bool:
        """WINRS_CONSOLEMODE_STDIN: standard input is a console, not a pipe."""

    @property
    def cancelled(self) -> threading.Event:
        """Set by a signal, by the deletion of the shell, and when the service closes. A long executor must watch it."""

    @property
    def finished(self) -> threading.Event:
        """Set once the executor has returned and the exit code is known."""

    def read_stdin(self) -> bytes:
        """Return all of standard input; waits until the client ends it or the command is cancelled."""

    def write_stdout(self, data: bytes) -> None:
        """Add to standard output."""

    def write_stderr(self, data: bytes) -> None:
        """Add to standard error."""


Executor = Callable[[Process], int]
"""Runs one command in its own thread and returns its exit code.

An exception is never a success: it becomes one line on standard error and exit code 1.
"""
