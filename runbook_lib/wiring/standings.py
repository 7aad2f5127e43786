"""Where every tenant stands, as the records under the outputs say it: what `runbook status` prints, draws and exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL, Line, Recorded, Run, each_run, is_held, runbook_of, standing
from runbook_lib.evidence.levels import levels_after
from runbook_lib.model import URGENCY, Json, Status
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.wiring.places import name_of_outputs, outputs_root
from runbook_lib.wiring.resuming import is_worth_resuming

# What nobody can do anything about but wait, read a plan, or do by hand: not wrong.
_WAITING = frozenset({Status.NEEDS_OPERATOR, Status.PLANNED, Status.TO_DO})

# The events that are asked for once it is known how far a run came.
_TELLING = frozenset({"opened", "sending"})

# Clocks of two machines differ by that much and nobody minds; Kerberos allows the same.
CLOCK_SKEW = timedelta(minutes=5)


class Attention(StrEnum):
    """What a run or a tenant asks of whoever reads the status: the worst comes first."""

    ACT = "act"
    WAIT = "wait"
    FINE = "fine"


@dataclass(frozen=True)
class Standing:
    """How far one run came, and what it means for its tenant.

    `run` has an outline of its record only. `steps` has the last word on each step, by step id, as the journal says it. `leveller` is the run that tells the tenant's
    level once this one is over, None when none does. `is_newest`: no later run of this runbook was begun for this tenant.
    `is_going_on`: a process writes its journal now. `is_resumable`: it is the newest, and `runbook resume` would go on with it.
    `is_from_the_future`: its last entry is dated after the moment at which it was looked at.
    """

    run: Run
    runbook: str
    steps: Mapping[str, str]
    leveller: Run | None
    is_newest: bool
    is_going_on: bool
    is_resumable: bool
    is_from_the_future: bool

    @property
    def states(self) -> dict[str, Status]:
        """Return the state of every step of the runbook, in order; empty for a damaged record and an unknown runbook."""
        known = RUNBOOKS.get(self.runbook)
        if known is None or self.run.problems:
            return {}
        return {step.id: Status(self.steps.get(step.id, Status.TO_DO)) for step in known.steps}

    @property
    def worst(self) -> Status | None:
        """Return the state that calls for action first; None when nothing does."""
        found = set(self.states.values())
        return next((state for state in URGENCY if state in found), None)

    @property
    def attention(self) -> Attention:
        """Return what this run asks for. Only the newest of a runbook asks for anything, and a record that is damaged."""
        if self.run.problems or self.is_from_the_future:
            return Attention.ACT
        if not self.is_newest:
            return Attention.FINE
        if self.is_going_on or not self.states:
            return Attention.WAIT
        if self.is_resumable or (self.worst and self.worst not in _WAITING):
            return Attention.ACT
        return Attention.WAIT if self.worst else Attention.FINE

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Return what sorts the worst first, and then by name."""
        worst = URGENCY.index(self.worst) if self.worst else len(URGENCY)
        return [*Attention].index(self.attention), worst if self.states else -1, self.run.tenant, self.run.run_id


def standings(outputs: Path | None = None, at: datetime | None = None) -> list[Standing]:
    """Return every run under a folder of outputs, or else under the usual one, in the order in which they began.

    Ids begin with the day on which a run was named, or with whatever its parameters say: only the journal knows the order.
    `at` is the moment of looking, else now.

    Raises:
        EvidenceError: the folder is not there, or cannot be read.
    """
    folder = outputs or outputs_root()
    if not folder.is_dir():
        raise EvidenceError("evidence-cannot-read", path=str(outputs or name_of_outputs()), detail="–")
    latest = (at or SystemClock().now()) + CLOCK_SKEW
    found = [_alone(_understood(run), latest) for run in each_run(folder)]
    found.sort(key=lambda each: (each.run.started_at, each.run.run_id))
    newest = {(each.runbook, each.run.tenant): each for each in found}
    levellers = levels_after(each.run for each in found)
    return [
        _among(each, leveller, is_newest=newest[each.runbook, each.run.tenant] is each)
        for each, leveller in zip(found, levellers, strict=True)
    ]


def moment_of(at: str) -> datetime | None:
    """Return a moment as journals write it; None when it is none."""
    try:
        return datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _understood(run: Run) -> Run:
    """Return a run, damaged if its journal tells of its steps what no version of ours that this one knows would have written."""
    try:
        is_ours = all(state in frozenset(Status) for state in standing(run.journal).values())
    except (KeyError, TypeError):
        is_ours = False
    if is_ours:
        return run
    version = next((str(line.data.get("version", "–")) for line in run.journal if line.event == "opened"), "–")
    unknown = EvidenceError("record-not-understood", path=str(run.path), version=version)
    return replace(run, problems=(*run.problems, unknown.message))


def _alone(run: Run, latest: datetime) -> Standing:
    """Return how far a run came, as its own record says it and as if there were no other. The record as a whole is let go of."""
    last = moment_of(run.last_at)
    return Standing(
        _outlined(run),
        runbook_of(run.journal),
        {} if run.problems else standing(run.journal),
        leveller=None,
        is_newest=True,
        is_going_on=bool(run.journal) and run.journal.end.event != "finished" and is_held(run.path / JOURNAL),
        is_resumable=not run.problems and is_worth_resuming(run.path, run.journal),
        is_from_the_future=last is not None and last > latest,
    )


def _among(alone: Standing, leveller: Run | None, *, is_newest: bool) -> Standing:
    """Return how far a run came, as one of those of its tenant."""
    return replace(alone, leveller=leveller, is_newest=is_newest, is_resumable=is_newest and alone.is_resumable)


def _outlined(run: Run) -> Run:
    """Return a run with what is asked of its record later: those of a thousand tenants as a whole would fill the memory."""
    journal = run.journal
    ends = {journal[0].n, journal.end.n, journal[-1].n} if journal else set[int]()
    lines = tuple(_outline(line) for line in journal if line.event in _TELLING or line.n in ends)
    ladder = run.result.get("ladder") if isinstance(run.result, dict) else None
    return replace(run, journal=Recorded(lines), plan=None, result={"ladder": ladder})


def _outline(line: Line) -> Line:
    data: dict[str, Json] = {name: line.data[name] for name in ("runbook", "version", "exit_code") if name in line.data}
    parameters = line.data.get("parameters")
    if isinstance(parameters, dict):
        data["parameters"] = {name: parameters[name] for name in ("profile", "mode") if name in parameters}
    return replace(line, data=data)


def exit_code_of(run: Run) -> int | None:
    """Return the exit code that a run ended with, as its journal says; None when it did not end, or does not say."""
    said: Json = run.journal.end.data.get("exit_code") if run.journal else None
    return said if isinstance(said, int) and not isinstance(said, bool) else None


def worst_of(found: Iterable[Attention]) -> Attention:
    """Return the worst of what several runs ask for."""
    asked = set(found)
    return next((each for each in Attention if each in asked), Attention.FINE)
