"""The sync server as the engine sees it: readings and changes, each a script of the package, run in one process a call."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from runbook_lib.adapters.scripts import PROGRAM, bootstrap_arguments, load_script
from runbook_lib.adapters.sync_server.clixml import read_standard_error
from runbook_lib.adapters.sync_server.connection import Connection
from runbook_lib.adapters.sync_server.envelope import Batch, Item, Problem, ReplyNotUnderstood, Value
from runbook_lib.adapters.sync_server.excerpt import excerpt
from runbook_lib.adapters.sync_server.faults import is_connection_lost, is_shell_spent, is_unreachable, was_refused
from runbook_lib.adapters.sync_server.problems import error_of
from runbook_lib.adapters.sync_server.shell import Command, Deadline, Finished, Shell
from runbook_lib.errors import OutcomeUnknown, ScriptFailed, TargetError, TargetTimeout, UnexpectedReply
from runbook_lib.model import Change
from runbook_lib.ports import Answer, Clock, Request
from runbook_lib.texts import Message

# How often a reading is asked again when its shell or its connection was lost: once for what happened, once for what followed.
AGAIN = 2
# A service that restarts listens again within seconds.
PAUSE_SECONDS = 2


class SyncServer:
    """A sync server reached over WinRM; a `Target`."""

    def __init__(
        self,
        connection: Connection,
        *,
        clock: Clock,
        name: str = "sync-server",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is sent. Raises `UsageProblem` when the transport needs a package that is not installed.

        `monotonic` tells how old the shell is, and how long it was left alone.
        """
        self.name = name
        self._connection = connection
        self._clock = clock
        self._shell = Shell(name, connection, monotonic)

    @property
    def exchanges(self) -> int:
        """How many requests were sent so far: four or five for a usual `read`, one more to open the shell, one to close it."""
        return self._shell.exchanges

    def read(self, requests: Sequence[Request]) -> Sequence[Answer | TargetError]:
        """Answer all readings from one process; each is a script. See `ports.Target`."""
        if not requests:
            return ()
        batch = Batch([Item(each.reading, load_script(each.reading), each.arguments) for each in requests])
        try:
            return self._look(batch)
        except TargetError as error:
            return (error,) * len(requests)

    def perform(self, change: Change) -> Answer:
        """Run the script of one change, once. See `ports.Target`.

        From the moment the server may have started the process, only the script's own answer says what became of the change.
        """
        batch = Batch([Item(change.action, load_script(change.action), change.arguments)])
        deadline = Deadline(self._connection.deadline_seconds)
        self._shell.open(deadline)
        try:
            command = self._start(deadline)
        except TargetError as error:
            if was_refused(error):
                if is_shell_spent(error):
                    self._shell.close()
                raise
            raise self._unknown(change, error) from error
        try:
            (answer,) = self._finish(command, batch)
        except TargetError as error:
            raise self._unknown(change, error) from error
        if isinstance(answer, TargetError):
            raise answer
        return answer

    def close(self) -> None:
        """Delete the shell on the server. Never raises."""
        self._shell.close()

    def _look(self, batch: Batch) -> Sequence[Answer | TargetError]:
        """Run a batch that changes nothing, so that it may be run again when its shell or its connection was lost."""
        deadline = Deadline(self._connection.deadline_seconds)
        reasons: list[Message] = []
        while True:
            try:
                outcomes = self._run(batch, deadline)
            except TargetError as error:
                if not self._may_ask_again(error, reasons):
                    raise
                reasons.append(error.message)
            else:
                return [_with_reasons(outcome, reasons) for outcome in outcomes]

    def _may_ask_again(self, error: TargetError, reasons: Sequence[Message]) -> bool:
        """Make ready for one more try, if there is to be one. Where nothing ever answered, asking again is of no use."""
        if len(reasons) == AGAIN:
            return False
        if is_shell_spent(error):
            self._shell.close()
            return True
        if reasons and is_unreachable(error):
            self._clock.sleep(PAUSE_SECONDS)
            return True
        return is_connection_lost(error)

    def _run(self, batch: Batch, deadline: Deadline) -> Sequence[Answer | TargetError]:
        self._shell.open(deadline)
        return self._finish(self._start(deadline), batch)

    def _start(self, deadline: Deadline) -> Command:
        return self._shell.start(PROGRAM, bootstrap_arguments(), deadline)

    def _finish(self, command: Command, batch: Batch) -> Sequence[Answer | TargetError]:
        finished = command.finish(batch.stdin)
        at = self._clock.now().isoformat(timespec="seconds")
        outcomes = self._understood(finished, batch)
        return [
            self._outcome(outcome, item.name, at, f"{command.request_id}/{item.name}")
            for outcome, item in zip(outcomes, batch.items, strict=True)
        ]

    def _understood(self, finished: Finished, batch: Batch) -> Sequence[Value | Problem]:
        """Return what the scripts answered. Standard error counts only when the process failed: it also carries progress."""
        if finished.exit_code != 0 or not finished.stdout:
            complaint = read_standard_error(finished.stderr).complaint
            if finished.exit_code != 0 or complaint:
                raise self._process_failed(complaint, finished.exit_code, batch)
        try:
            return batch.read(finished.stdout)
        except ReplyNotUnderstood as error:
            part = excerpt(error.part, secrets=self._connection.secrets) or "–"
            raise UnexpectedReply("script-reply-wrong", target=self.name, part=part) from error

    def _process_failed(self, complaint: str, exit_code: int, batch: Batch) -> TargetError:
        scripts = ", ".join(item.name for item in batch.items)
        detail = f"({exit_code}) {excerpt(complaint, secrets=self._connection.secrets)}".strip()
        return ScriptFailed(target=self.name, script=scripts, detail=detail, key="script-process-failed")

    def _outcome(self, outcome: Value | Problem, name: str, at: str, request_id: str) -> Answer | TargetError:
        if isinstance(outcome, Problem):
            return error_of(outcome, target=self.name, script=name, secrets=self._connection.secrets)
        return Answer(name, outcome.value, at, request_id)

    def _unknown(self, change: Change, error: TargetError) -> OutcomeUnknown:
        said = error.message.arguments
        if isinstance(error, TargetTimeout):
            where = said["operation"]
            return OutcomeUnknown("change-unanswered", target=self.name, action=change.action, operation=where)
        detail = next((said[name] for name in ("detail", "part", "operation") if said.get(name)), "–")
        return OutcomeUnknown("change-outcome-unknown", target=self.name, action=change.action, detail=detail)


def _with_reasons(outcome: Answer | TargetError, reasons: Sequence[Message]) -> Answer | TargetError:
    return replace(outcome, asked_again=tuple(reasons)) if isinstance(outcome, Answer) else outcome
