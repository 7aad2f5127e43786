"""What earlier runs changed, so that looking again, when all is in order, does not make it look as if nothing ever had been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.canonical import digest
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Recorded, Run, runbook_of, runs_of, standing
from runbook_lib.model import Change, Json, Status, change_from

_BY_HAND = "operator"

# What reading a journal of another shape than ours raises.
_NOT_OURS = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True)
class EarlierChange:
    """What a run changed in a step: the run's id, when it sent the last of it or took a person's word (UTC, as journals write
    it), who approved it, what became of the step, and the diff.
    """

    run_id: str
    at: str
    by: str
    status: Status
    changes: tuple[Change, ...]


def changed_earlier(outputs: Path, tenant: str, slug: str, besides: str = "") -> Mapping[str, EarlierChange]:
    """Return, by step id, what the newest run of a runbook that changed something in a step changed there.

    `besides` is the id of the run that asks: only runs that began before it count, all when it is empty or has not begun. Records
    that cannot be read tell nothing, and stop nothing.
    """
    try:
        runs = runs_of(outputs, tenant)
    except EvidenceError:
        return {}
    began = next((run.started_at for run in runs if run.run_id == besides), "") or "~"
    known: dict[str, EarlierChange] = {}
    before = [run for run in runs if run.run_id != besides and run.started_at < began]
    for run in sorted(before, key=lambda run: run.last_at):
        if runbook_of(run.journal) == slug:
            known |= _changed_by(run)
    return known


def _changed_by(run: Run) -> Mapping[str, EarlierChange]:
    try:
        return _told(run.run_id, run.journal)
    except _NOT_OURS:
        return {}


def _told(run_id: str, recorded: Recorded) -> dict[str, EarlierChange]:
    """Return what one journal tells was sent, or done by hand and attested, by step."""
    approved = [line for line in recorded if line.event == "approved"]
    if not approved:
        return {}
    plan, by = approved[-1].data["plan"], approved[-1].data["approval"]["by"]
    states = standing(recorded)
    sent = {digest(line.data["change"]): line.at for line in recorded if line.event == "sending"}
    told: dict[str, EarlierChange] = {}
    for step in dict.fromkeys(step for step, _ in plan["changes"]):
        changes = [change for by_step, change in plan["changes"] if by_step == step]
        if times := _times(changes, sent, states.get(step, ""), approved[-1].at):
            diff = tuple(change_from(change) for change in changes)
            told[step] = EarlierChange(run_id, max(times), by, Status(states.get(step, Status.UNKNOWN)), diff)
    return told


def _times(changes: Iterable[Json], sent: Mapping[str, str], status: str, approved_at: str) -> list[str]:
    """Return when changes were sent; what a person did has no such time, so that of the approval stands for it."""
    is_attested = status in (Status.ATTESTED, Status.CONTRADICTED)
    return [
        approved_at if change["target"] == _BY_HAND else sent[digest(change)]
        for change in changes
        if digest(change) in sent or (is_attested and change["target"] == _BY_HAND)
    ]
