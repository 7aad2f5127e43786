"""Sending approved changes, once each, and finding out what became of them by looking, never by assuming."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from runbook_lib.engine.looking import INTERVAL_SECONDS
from runbook_lib.errors import OutcomeUnknown, TargetError
from runbook_lib.model import Assessment, Change, Fact, Finding, Level, Status, as_json
from runbook_lib.ports import Clock, Journal, Target
from runbook_lib.texts import message

INVALID_STATE = "writeback-invalid-state"

Left = tuple[dict[str, Assessment], Assessment]


@dataclass(frozen=True)
class Trouble:
    """What went wrong while sending: with which change, and how."""

    change: Change
    error: TargetError

    @property
    def is_open(self) -> bool:
        """Return true when the change may or may not have been made."""
        return isinstance(self.error, OutcomeUnknown)


@dataclass(frozen=True)
class Outcome:
    """The verdict on what was sent: of the applying step, and of each step that staged a change."""

    status: Status
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...] = ()
    staged: Mapping[str, Status] = field(default_factory=dict)
    staged_facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)


class Sending:
    """Sends changes to targets. The journal holds each intention before it is sent."""

    def __init__(self, targets: Mapping[str, Target], clock: Clock, journal: Journal, wait_seconds: int) -> None:
        """Keep the ports; nothing is sent yet."""
        self._targets = targets
        self._clock = clock
        self._journal = journal
        self._wait_seconds = wait_seconds

    def send(self, changes: Sequence[Change]) -> Trouble | None:
        """Send the changes in order, each once; stop at the first that does not succeed and return what it said."""
        for change in changes:
            if trouble := self._send_one(change):
                return trouble
        return None

    def _send_one(self, change: Change) -> Trouble | None:
        self._journal.record("sending", change=as_json(change))
        try:
            answer = self._targets[change.target].perform(change)
        except TargetError as error:
            self._journal.record("send-failed", action=change.action, problem=as_json(error.message))
            if error.message.key == INVALID_STATE and change.cure:
                self._journal.record("cure", action=change.action)
                return self.send(change.cure)
            return Trouble(change, error)
        self._journal.record("sent", action=change.action, answer=answer.body, at=answer.at, request_id=answer.request_id)
        return None

    def look_again(self, trouble: Trouble | None, what_is_left: Callable[[], Left]) -> Outcome:
        """Look until the change has taken effect, has certainly not, or the bound passes; then say which."""
        until = self._clock.now() + timedelta(seconds=self._wait_seconds)
        while True:
            try:
                left = what_is_left()
            except TargetError as error:
                if self._clock.now() >= until:
                    return _could_not_look(trouble, error)
            else:
                outcome = _verdict(trouble, left)
                if outcome.status is not Status.APPLIED:
                    return outcome
                if self._clock.now() >= until:
                    return _out_of_time(outcome, left)
            self._clock.sleep(INTERVAL_SECONDS)


def _verdict(trouble: Trouble | None, left: Left) -> Outcome:
    """Judge one look. `APPLIED` means: not settled yet, look again."""
    staged, own = left
    remaining = any(assessment.changes for assessment in staged.values())
    if own.blockers or (remaining and trouble and not trouble.is_open):
        return _outcome(Status.FAILED, trouble, left)
    if remaining or own.waiting:
        return _outcome(Status.APPLIED, trouble, left)
    if trouble and trouble.change.once:
        return _outcome(Status.UNKNOWN if trouble.is_open else Status.FAILED, trouble, left)
    return _outcome(Status.VERIFIED, trouble, left)


def _out_of_time(outcome: Outcome, left: Left) -> Outcome:
    staged, _ = left
    if any(assessment.changes for assessment in staged.values()):
        return Outcome(Status.FAILED, outcome.findings, outcome.facts, outcome.staged, outcome.staged_facts)
    return outcome


def _outcome(status: Status, trouble: Trouble | None, left: Left) -> Outcome:
    staged, own = left
    verdicts = {step: Status.FAILED if assessment.changes else Status.VERIFIED for step, assessment in staged.items()}
    facts = {step: assessment.facts for step, assessment in staged.items()}
    waiting = tuple(Finding(Level.WARNING, said) for said in own.waiting)
    return Outcome(status, (*_told(trouble, status), *own.findings, *waiting), own.facts, verdicts, facts)


def _told(trouble: Trouble | None, status: Status) -> tuple[Finding, ...]:
    """Say what the target said, and that a lost reply was cleared up by looking."""
    if trouble is None:
        return ()
    if trouble.is_open and status is Status.VERIFIED:
        return (Finding(Level.NOTE, message("reply-lost-but-seen", target=trouble.change.target)),)
    level = Level.WARNING if status is Status.VERIFIED else Level.BLOCKER
    return (Finding(level, trouble.error.message),)


def _could_not_look(trouble: Trouble | None, error: TargetError) -> Outcome:
    told = _told(trouble, Status.UNKNOWN)
    seen = Finding(Level.BLOCKER, message("could-not-look-again"))
    return Outcome(Status.UNKNOWN, (*told, seen, Finding(Level.BLOCKER, error.message)))
