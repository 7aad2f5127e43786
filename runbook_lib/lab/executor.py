"""Runs what a client starts over WinRM in the interpreter, on the world; and lets the transport's faults happen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from weakref import WeakKeyDictionary

from runbook_lib.lab.cmdlets import environment
from runbook_lib.lab.powershell import run_powershell
from runbook_lib.lab.sync_server import SyncServer
from runbook_lib.lab.wsman import Exchange, Process, Verdict
from runbook_lib.lab.wsman.faults import too_many_shells

# Longer than any script of the kit takes on the lab; a script that hangs is cancelled by its client long before.
LONGEST_RUN = 60.0  # seconds

NOISE = b"Loading personal and system profiles took 1372ms.\r\n"


class ScriptRunner:
    """The `Executor` and the `Disturbance` of one server's WS-Man service.

    `slow_seconds` is how long every request waits under the fault `slow_server`.
    """

    def __init__(self, server: SyncServer, *, slow_seconds: float = 2.0) -> None:
        self._server = server
        self._slow_seconds = slow_seconds
        self._lost: WeakKeyDictionary[Process, None] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def __call__(self, process: Process) -> int:
        """Run one command line to its end and return its exit code."""
        if "hanging_script" in self._server.faults:
            process.cancelled.wait()
            return 1
        changes = self._server.changes
        code = self._run(process)
        if "lost_reply" in self._server.faults and self._server.changes != changes:
            self._lose(process)
        return code

    def before(self, exchange: Exchange, process: Process | None, /) -> Verdict:
        """Decide the fate of a request before it is carried out."""
        faults = self._server.faults
        if "access_denied" in faults:
            return Verdict.REFUSE
        if "shell_quota" in faults and exchange.action == "Create":
            raise too_many_shells(30)
        if exchange.action == "Command" and faults.take("shell_expired"):
            return Verdict.EXPIRE
        if "slow_server" in faults:
            threading.Event().wait(self._slow_seconds)
        if exchange.action == "Receive" and process and {"lost_reply", "lost_reply_not_done"} & set(faults):
            process.finished.wait(LONGEST_RUN)
        return Verdict.DROP if self._is_lost(process) and exchange.action == "Receive" else Verdict.PROCEED

    def after(self, exchange: Exchange, _process: Process | None, /) -> Verdict:
        """Let answers go, but for the one that `connection_drops` cuts: what else is to be lost is lost before."""
        is_cut = exchange.action == "Receive" and self._server.faults.take("connection_drops")
        return Verdict.CUT if is_cut else Verdict.PROCEED

    def _run(self, process: Process) -> int:
        write = self._writer(process)
        return run_powershell(
            process.command_line,
            read_stdin=process.read_stdin,
            write_stdout=write,
            write_stderr=process.write_stderr,
            encoding=process.encoding,
            environment=environment(self._server, process.user, process.cancelled, partial(self._lose, process)),
        )

    def _writer(self, process: Process) -> Callable[[bytes], None]:
        if "noisy_reply" in self._server.faults:
            process.write_stdout(NOISE)
        if "truncated_reply" in self._server.faults:
            return lambda data: process.write_stdout(data[: len(data) // 2])
        return process.write_stdout

    def _lose(self, process: Process) -> None:
        with self._lock:
            self._lost[process] = None

    def _is_lost(self, process: Process | None) -> bool:
        with self._lock:
            return process in self._lost if process else False
