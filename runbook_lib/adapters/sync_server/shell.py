"""One remote shell and the commands in it, with a deadline that pywinrm lacks and a clean-up that it forgets."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from winrm.exceptions import WinRMOperationTimeoutError, WSManFaultError

from runbook_lib.adapters.sync_server.client import Client
from runbook_lib.adapters.sync_server.connection import Connection
from runbook_lib.adapters.sync_server.faults import is_shell_spent, translated
from runbook_lib.errors import TargetError, TargetTimeout

UTF_8 = 65001

# Bytes of one Send. As base64 with its envelope this stays under 153,600, the smallest MaxEnvelopeSize in use.
SEND_BYTES = 96_000

# The smallest idle limit that MS-WSMV knows as a default is three minutes, the smallest lifetime eight hours (MaxShellRunTime). A
# shell near either is replaced before it is used, so that its end does not meet a change.
IDLE_SECONDS = 150.0
LIFETIME_SECONDS = 4 * 3600.0

# Seconds the server may take over what comes after an error. The operator waits for the error itself.
CLEANUP_SECONDS = 5


@dataclass(frozen=True)
class Finished:
    """What a process left behind."""

    stdout: bytes
    stderr: bytes
    exit_code: int


class Deadline:
    """The moment at which a call must be over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left; negative when it has passed."""
        return self._end - time.monotonic()


class Shell:
    """A shell, opened at first use and kept: opening one costs an exchange and a process on the server. One thread at a time."""

    def __init__(self, target: str, connection: Connection, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Prepare; nothing is sent. Raises `UsageProblem` when the transport's optional package is missing."""
        self._target = target
        self._connection = connection
        self._client = Client(connection, monotonic=monotonic)
        self._monotonic = monotonic
        self._shell_id = ""
        self._opened = self._used = monotonic()

    @property
    def exchanges(self) -> int:
        """How many WS-Management requests were sent; the legs of a sign-in are not among them."""
        return self._client.exchanges

    def open(self, deadline: Deadline) -> None:
        """Open the shell unless it is open and still good. Raises `TargetError`."""
        if self._shell_id and self._is_old():
            self.close()
        if not self._shell_id:
            with self._exchange("Create", deadline):
                self._shell_id = self._client.open_shell(codepage=UTF_8)
            self._opened = self._monotonic()

    def _is_old(self) -> bool:
        now = self._monotonic()
        return now - self._used > IDLE_SECONDS or now - self._opened > LIFETIME_SECONDS

    def start(self, program: str, arguments: Sequence[str], deadline: Deadline) -> Command:
        """Start a process in the open shell; it waits for its standard input. Raises `TargetError`.

        Standard input is a pipe, not a console: it holds data with an end, and no line of it is typed by a person. Without
        cmd.exe nobody reads the command line for `%` and `^`, and its 8,191 characters are no limit.
        """
        with self._exchange("Command", deadline):
            command_id = self._client.run_command(
                self._shell_id, program, arguments, console_mode_stdin=False, skip_cmd_shell=True
            )
        return Command(self, command_id, deadline)

    def send(self, command_id: str, stdin: bytes, deadline: Deadline) -> None:
        """Send all of a command's standard input, and its end."""
        for start in range(0, len(stdin), SEND_BYTES):
            part = stdin[start : start + SEND_BYTES]
            with self._exchange("Send", deadline):
                self._client.send_command_input(self._shell_id, command_id, part, end=start + SEND_BYTES >= len(stdin))

    def receive(self, command_id: str, deadline: Deadline) -> tuple[bytes, bytes, int | None]:
        """Wait for output once: standard output, standard error, and the exit code when the process has ended."""
        with self._exchange("Receive", deadline):
            try:
                stdout, stderr, code, done = self._client.get_command_output_raw(self._shell_id, command_id)
            except WinRMOperationTimeoutError:  # nothing to say yet
                return b"", b"", None
        return stdout, stderr, code if done else None

    def end(self, command_id: str) -> None:
        """Terminate a command, or clean up after it. Never raises: it must not hide the error before it."""
        with contextlib.suppress(Exception):
            self._client.limit(CLEANUP_SECONDS)
            self._client.cleanup_command(self._shell_id, command_id)

    def close(self) -> None:
        """Delete the shell and leave the connection. Never raises; the next `open` opens another."""
        with contextlib.suppress(Exception):
            self._client.limit(CLEANUP_SECONDS)
            if self._shell_id:
                self._client.close_shell(self._shell_id)
        self._shell_id = ""
        self._client.transport.close_session()

    def id_of(self, command_id: str) -> str:
        """Return a command's name as the server's own log has it: its shell's identifier and its own."""
        return f"{self._shell_id}/{command_id}"

    @contextlib.contextmanager
    def _exchange(self, operation: str, deadline: Deadline) -> Iterator[None]:
        if deadline.remaining <= 0:
            raise TargetTimeout("winrm-deadline", target=self._target, seconds=deadline.seconds, operation=operation)
        longest = self._connection.operation_timeout_seconds
        self._client.limit(max(1, min(longest, math.ceil(deadline.remaining))))
        self._used = self._monotonic()
        with translated(self._target, self._connection, operation):
            yield


class Command:
    """A process that was started. `finish` is called once."""

    def __init__(self, shell: Shell, command_id: str, deadline: Deadline) -> None:
        self._shell = shell
        self._command_id = command_id
        self._deadline = deadline
        self.request_id = shell.id_of(command_id)

    def finish(self, stdin: bytes) -> Finished:
        """Feed the process and wait for its end, then clean up, whatever happens. Raises `TargetError`."""
        try:
            self._shell.send(self._command_id, stdin, self._deadline)
        except TargetError as refusal:
            if not isinstance(refusal.__cause__, WSManFaultError) or is_shell_spent(refusal):
                raise
            return self._last_words(refusal)
        else:
            return self._wait()
        finally:
            self._shell.end(self._command_id)

    def _last_words(self, refusal: TargetError) -> Finished:
        """Return what a process wrote that ended before it read all its input, and was therefore refused more of it."""
        stdout, stderr, exit_code = self._shell.receive(self._command_id, Deadline(CLEANUP_SECONDS))
        if exit_code is None:
            raise refusal
        return Finished(stdout, stderr, exit_code)

    def _wait(self) -> Finished:
        output, errors = bytearray(), bytearray()
        while True:
            stdout, stderr, exit_code = self._shell.receive(self._command_id, self._deadline)
            output += stdout
            errors += stderr
            if exit_code is not None:
                return Finished(bytes(output), bytes(errors), exit_code)
