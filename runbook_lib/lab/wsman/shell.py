"""Shells and the commands in them: standard streams, exit code, cancellation. It knows nothing of SOAP or HTTP."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runbook_lib.lab.wsman.faults import command_line_too_long, operation_aborted, operation_timed_out
from runbook_lib.lab.wsman.process import Executor

# WINRS_CODEPAGE value to Python codec: the OEM pages of US and Western European Windows, the ANSI page, and UTF-8.
ENCODINGS = {437: "cp437", 850: "cp850", 1252: "cp1252", 65001: "utf-8"}

# https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation
CMD_LINE_LIMIT = 8191
# lpCommandLine of CreateProcess, https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw
CREATE_PROCESS_LINE_LIMIT = 32_767

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShellSettings:
    """What the client asked for when it opened a shell, and who it is. ``idle_timeout`` is in seconds."""

    user: str
    code_page: int
    idle_timeout: float
    environment: Mapping[str, str] = field(default_factory=dict)
    working_directory: str = ""
    is_delegated: bool = False

    @property
    def encoding(self) -> str:
        """Python name of the code page."""
        return ENCODINGS[self.code_page]


@dataclass(frozen=True)
class Output:
    """What one Receive returns: bytes by stream name, and the exit code once nothing is left to read."""

    streams: Mapping[str, bytes]
    exit_code: int | None


class Command:
    """One command: the ``Process`` its executor sees, and the other ends of its streams.

    ``command_id`` is the one the client proposed, or a new one.
    """

    def __init__(
        self,
        settings: ShellSettings,
        command: str,
        arguments: Sequence[str] = (),
        *,
        command_id: str = "",
        skip_cmd_shell: bool = False,
        console_mode_stdin: bool = True,
    ) -> None:
        self.command_id = command_id or new_id()
        self.settings = settings
        self.command_line = " ".join([command, *arguments])
        self.arguments = tuple(arguments)
        self.user = settings.user
        self.is_delegated = settings.is_delegated
        self.encoding = settings.encoding
        self.environment = settings.environment
        self.working_directory = settings.working_directory
        self.skip_cmd_shell = skip_cmd_shell
        self.console_mode_stdin = console_mode_stdin
        self.cancelled = threading.Event()
        self.finished = threading.Event()
        self._changed = threading.Condition()
        self._stdin = bytearray()
        self._stdin_ended = False
        self._output = {"stdout": bytearray(), "stderr": bytearray()}
        self._exit_code = 1
        self._closed = False
        self._last_receive: tuple[str, Output] | None = None
        if skip_cmd_shell and len(self.command_line) > CREATE_PROCESS_LINE_LIMIT:
            raise command_line_too_long()

    def read_stdin(self) -> bytes:
        """Return all of standard input; waits until the client ends it or the command is cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: self._stdin_ended or self.cancelled.is_set())
            return bytes(self._stdin)

    def write_stdout(self, data: bytes) -> None:
        """Add to standard output."""
        self._write("stdout", data)

    def write_stderr(self, data: bytes) -> None:
        """Add to standard error."""
        self._write("stderr", data)

    def _write(self, stream: str, data: bytes) -> None:
        with self._changed:
            self._output[stream] += data
            self._changed.notify_all()

    def start(self, executor: Executor) -> None:
        """Run the command in a thread of its own; through cmd.exe and its limit unless the client skipped it."""
        name = f"wsman-command-{self.command_id}"
        threading.Thread(target=self._run, args=(executor,), name=name, daemon=True).start()

    def _run(self, executor: Executor) -> None:
        try:
            exit_code = self._execute(executor)
        except BaseException as error:  # noqa: BLE001 - also SystemExit: a client must never wait for a dead executor
            _log.warning("executor of %r failed", self.command_line[:80], exc_info=True)
            self.write_stderr(f"{type(error).__name__}: {error}\r\n".encode(self.encoding, "replace"))
            exit_code = 1
        with self._changed:
            self._exit_code = exit_code
            self.finished.set()
            self._changed.notify_all()

    def _execute(self, executor: Executor) -> int:
        if not self.skip_cmd_shell and len(self.command_line) > CMD_LINE_LIMIT:
            self.write_stderr(b"The command line is too long.\r\n")
            return 1
        return executor(self)

    def feed(self, data: bytes, *, end: bool) -> None:
        """Add to standard input; what comes after its end is dropped, as a closed pipe would."""
        with self._changed:
            if not self._stdin_ended:
                self._stdin += data
                self._stdin_ended = end
            self._changed.notify_all()

    def receive(self, message_id: str, capacity: int, timeout: float) -> Output:
        """Take output that fits ``capacity`` bytes of base64; waits at most ``timeout`` seconds for the first byte.

        Asked again with the same message id, it returns the same output: a client whose connection broke repeats the very
        same request (pypsrp does), and must not lose what was sent on the broken one. Raises WsmanFault when nothing came in
        time, or when the command was closed meanwhile.
        """
        with self._changed:
            if self._last_receive and message_id and self._last_receive[0] == message_id:
                return self._last_receive[1]
            ready = self._changed.wait_for(
                lambda: self._closed or self.finished.is_set() or any(self._output.values()), timeout
            )
            if self._closed:
                raise operation_aborted()
            if not ready:
                raise operation_timed_out()
            output = self._take(capacity)
            self._last_receive = (message_id, output)
            return output

    def _take(self, capacity: int) -> Output:
        groups = max(1, capacity // 4)  # base64 writes every three bytes as four
        streams: dict[str, bytes] = {}
        for name, buffer in self._output.items():
            taken = bytes(buffer[: groups * 3])
            del buffer[: len(taken)]
            groups -= (len(taken) + 2) // 3
            if taken:
                streams[name] = taken
        drained = self.finished.is_set() and not any(self._output.values())
        return Output(streams, self._exit_code if drained else None)

    def cancel(self) -> None:
        """Tell the executor to stop; what it has written can still be received."""
        with self._changed:
            self.cancelled.set()
            self._changed.notify_all()

    def close(self) -> None:
        """Cancel, and fail any Receive that is waiting: the command no longer exists."""
        with self._changed:
            self._closed = True
        self.cancel()


class Shell:
    """An open shell and its commands. The service guards it with its own lock; times are monotonic seconds."""

    def __init__(self, settings: ShellSettings, now: float) -> None:
        self.shell_id = new_id()
        self.settings = settings
        self.commands: dict[str, Command] = {}
        self.opened = self.last_used = now

    def is_idle(self, now: float) -> bool:
        """Tell whether the shell's idle timeout has passed with nothing running in it."""
        running = any(not command.finished.is_set() for command in self.commands.values())
        return not running and now - self.last_used > self.settings.idle_timeout

    def close(self) -> None:
        """Close every command."""
        for command in self.commands.values():
            command.close()
        self.commands.clear()


def new_id() -> str:
    """Return a new identifier in the upper-case form Windows uses."""
    return str(uuid.uuid4()).upper()
