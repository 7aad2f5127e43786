"""Finding out what became of what was sent, by looking, never by assuming."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from runbook_lib.engine.looking import pause
from runbook_lib.engine.sending import Trouble
from runbook_lib.errors import TargetError
from runbook_lib.model import Assessment, Change, Fact, Finding, Json, Level, Status
from runbook_lib.ports import Clock
from runbook_lib.texts import message

Left = tuple[dict[str, Assessment], Assessment]


@dataclass(frozen=True)
class Outcome:
    """The verdict on what was sent: of the applying step, and of each step that staged a change."""

    status: Status
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...] = ()
    staged: Mapping[str, Status] = field(default_factory=dict)
    staged_facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)


def look_again(trouble: Trouble | None, what_is_left: Callable[[], Left], clock: Clock, wait_seconds: int) -> Outcome:
    """Look until the change has taken effect, has certainly not, or the bound passes; then say which."""
    until = clock.now() + timedelta(seconds=wait_seconds)
    while True:
        try:
            left = what_is_left()
        except TargetError as error:
            if clock.now() >= until:
                return _could_not_look(trouble, error)
        else:
            status = _verdict(trouble, left)
            if status is not Status.APPLIED:
                return _outcome(status, trouble, left)
            if clock.now() >= until:
                return _outcome(_out_of_time(trouble, left), trouble, left)
        clock.sleep(pause(until - clock.now()))


def _verdict(trouble: Trouble | None, left: Left) -> Status:
    """Judge one look. `APPLIED` means: not settled yet, look again."""
    staged, own = left
    pending = _pending(trouble, staged)
    if own.blockers or (pending and trouble and not trouble.is_open):
        return Status.FAILED
    if pending:
        return Status.APPLIED
    if trouble and (trouble.unsent or trouble.uncured):
        return Status.FAILED
    if own.waiting or any(map(_is_unclear, staged.values())):
        return Status.APPLIED
    if trouble and trouble.change.once:
        return Status.UNKNOWN if trouble.is_open else Status.FAILED
    return Status.VERIFIED


def _out_of_time(trouble: Trouble | None, left: Left) -> Status:
    """Say what a change is that has not settled when the bound passes: not made, not readable, or on its way."""
    staged, _ = left
    if any(_may_still_come(assessment, trouble) for assessment in staged.values()):
        return Status.UNKNOWN
    if any(assessment.changes for assessment in staged.values()):
        return Status.FAILED
    return Status.UNKNOWN if any(map(_is_unclear, staged.values())) else Status.APPLIED


def _may_still_come(assessment: Assessment, trouble: Trouble | None) -> bool:
    """Tell whether what is not seen is an act that was perhaps taken on: unlike a setting, it leaves no state to compare with."""
    if trouble is None or not (trouble.is_open and trouble.change.once):
        return False
    return _act(trouble.change) in map(_act, assessment.changes)


def _pending(trouble: Trouble | None, staged: Mapping[str, Assessment]) -> list[Change]:
    """Return what was sent, or may have been, and is not seen to be so."""
    return [
        change for assessment in staged.values() for change in assessment.changes if not _is_unsent(change, trouble)
    ]


def _is_unsent(change: Change, trouble: Trouble | None) -> bool:
    return trouble is not None and _act(change) in map(_act, trouble.unsent)


def _act(change: Change) -> tuple[str, str, Mapping[str, Json]]:
    """Return what makes two changes the same act, whatever the state it starts from."""
    return change.target, change.action, change.arguments


def _is_unclear(assessment: Assessment) -> bool:
    """Tell whether a look shows neither that the change was made nor that it was not."""
    return not assessment.changes and bool(assessment.blockers or assessment.waiting or assessment.by_hand)


def _outcome(status: Status, trouble: Trouble | None, left: Left) -> Outcome:
    staged, own = left
    verdicts = {step: _staged_verdict(assessment, trouble) for step, assessment in staged.items()}
    facts = {step: assessment.facts for step, assessment in staged.items()}
    told = _told(trouble, status, is_seen=not _pending(trouble, staged))
    unclear = [finding for assessment in staged.values() if _is_unclear(assessment) for finding in assessment.findings]
    waiting = tuple(Finding(Level.WARNING, said) for said in own.waiting)
    return Outcome(status, (*told, *unclear, *own.findings, *waiting), own.facts, verdicts, facts)


def _staged_verdict(assessment: Assessment, trouble: Trouble | None) -> Status:
    if assessment.changes:
        if all(_is_unsent(change, trouble) for change in assessment.changes):
            return Status.PLANNED
        return Status.UNKNOWN if _may_still_come(assessment, trouble) else Status.FAILED
    return Status.UNKNOWN if _is_unclear(assessment) else Status.VERIFIED


def _told(trouble: Trouble | None, status: Status, *, is_seen: bool) -> tuple[Finding, ...]:
    """Say what the target said, that a lost reply was cleared up by looking, and what was not sent after that."""
    if trouble is None:
        return ()
    told = Finding(Level.WARNING if status is Status.VERIFIED else Level.BLOCKER, trouble.said)
    if trouble.is_open and is_seen and not trouble.change.once:
        told = Finding(Level.NOTE, message("reply-lost-but-seen", target=trouble.change.target))
    elif trouble.is_open and status is Status.FAILED and not trouble.change.once:
        told = Finding(Level.BLOCKER, message("reply-lost-not-made", target=trouble.change.target))
    if not (settings := tuple(change.setting for change in (*trouble.uncured, *trouble.unsent))):
        return (told,)
    return told, Finding(Level.BLOCKER, message("changes-not-sent", settings=settings))


def _could_not_look(trouble: Trouble | None, error: TargetError) -> Outcome:
    told = _told(trouble, Status.UNKNOWN, is_seen=False)
    seen = Finding(Level.BLOCKER, message("could-not-look-again"))
    return Outcome(Status.UNKNOWN, (*told, seen, Finding(Level.BLOCKER, error.message)))
