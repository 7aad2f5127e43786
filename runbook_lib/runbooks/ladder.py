"""How far up the verification ladder the results of one run lead: never higher than what the run itself saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runbook_lib.model import Level, Provenance, Status, StepResult
from runbook_lib.ports import Runbook
from runbook_lib.runbooks.findings import SERVER_NOT_READ
from runbook_lib.texts import Message, message

# From the setting to the proof.
SETTING_ON, ONBOARDED, HEALTHY, RIGHTS, PROVEN = LEVELS = ("L0", "L1", "L2", "L3", "L4")

# Below the ladder: the setting was seen to be off.
NONE = "none"

# A person's word is no look, and a reset proves something only in the run that sent it.
_SEEN = frozenset({Status.COMPLIANT, Status.VERIFIED})
_DONE_BY_THIS_RUN = frozenset({Status.VERIFIED})

# The facts that say whether the setting is on, and what to say when they say no. The server's comes first.
_OFF = {"writeback": "ladder-server-off", "write-back": "ladder-portal-off"}


@dataclass(frozen=True)
class Reached:
    """A level of `LEVELS`, `none`, or empty when the run could not say one; and why it is not the next. None at the top."""

    level: str
    why: Message | None


def reached(runbook: Runbook, results: Mapping[str, StepResult]) -> Reached:
    """Return the highest level whose steps, and those of every level below, are done in these results (by step id)."""
    done = [results.get(step.id, StepResult(step.id, Status.TO_DO)) for step in runbook.steps]
    if off := _seen_off(done):
        return Reached(NONE, message(off))
    highest = ""
    for level in LEVELS:
        needed = [result for step, result in zip(runbook.steps, done, strict=True) if step.proves == level]
        if still_open := [result for result in needed if not _holds(level, result)]:
            return Reached(highest, _reason(still_open))
        highest = level if needed else highest
    if highest == PROVEN:
        return Reached(highest, None)
    return Reached(highest, message("ladder-looks-no-further", runbook=runbook.slug))


def _seen_off(results: Iterable[StepResult]) -> str:
    """Return what to say when the setting was last seen off. What is unknown since something was sent is not seen."""
    if any(result.status is Status.UNKNOWN for result in results):
        return ""
    last = {fact.name: fact for result in results for fact in result.facts if fact.name in _OFF}
    is_off = (key for name, key in _OFF.items() if name in last and _says_off(last[name].value, last[name].provenance))
    return next(is_off, "")


def _says_off(value: object, provenance: Provenance) -> bool:
    return value is False and provenance is Provenance.OBSERVED


def _holds(level: str, result: StepResult) -> bool:
    return result.status in (_DONE_BY_THIS_RUN if level == PROVEN else _SEEN)


def _reason(still_open: list[StepResult]) -> Message:
    """Return what stands in the way; where nothing does, the state of the first open step, or why it had nothing to do."""
    first = still_open[0]
    if first.status is Status.NEEDS_OPERATOR and message(SERVER_NOT_READ) in [each.message for each in first.findings]:
        return message(SERVER_NOT_READ)
    telling = {Level.NOTE} if first.status is Status.COMPLIANT else {Level.BLOCKER, Level.CONTRADICTION}
    said = (finding.message for result in still_open for finding in result.findings if finding.level in telling)
    return next(said, message(f"ladder-{first.status}", step=first.step.upper()))
