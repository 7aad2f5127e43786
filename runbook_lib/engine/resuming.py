"""Taking up a run that stopped: what its journal says was approved, seen before and sent. Nothing else is believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from runbook_lib.errors import EvidenceError
from runbook_lib.model import Approval, Change, Json, Plan, Status, as_json, plan_from
from runbook_lib.ports import Answer


class Line(Protocol):
    """One line of a journal: when it was written (UTC, ISO 8601), what happened, and with what."""

    @property
    def at(self) -> str:
        """Return when it was written."""
        ...

    @property
    def event(self) -> str:
        """Return what happened."""
        ...

    @property
    def data(self) -> Mapping[str, Json]:
        """Return what belongs to it."""
        ...


class Fate(StrEnum):
    """What is known of a change that earlier attempts may have sent."""

    NOT_BEGUN = "not-begun"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    MADE = "made"


@dataclass(frozen=True)
class Earlier:
    """What earlier attempts at a run did, when they sent anything.

    Attributes:
        approval, plan: What was approved, by whom.
        baseline: What targets, by name, answered to the look that was approved.
        fates: What is known of each change of the plan, in its order.
        sent_at: When something was last sent.
    """

    approval: Approval
    plan: Plan
    baseline: tuple[tuple[str, Answer], ...]
    fates: tuple[Fate, ...]
    sent_at: datetime

    def of(self, *fates: Fate) -> tuple[Change, ...]:
        """Return the changes of the plan that have one of these fates, in its order."""
        return tuple(change for (_, change), fate in zip(self.plan.changes, self.fates, strict=True) if fate in fates)

    @property
    def begun(self) -> frozenset[str]:
        """Return the ids of the steps that may have been changed. An act that was refused changed nothing, and has no cure."""
        fates = zip(self.plan.changes, self.fates, strict=True)
        return frozenset(
            step_id
            for (step_id, change), fate in fates
            if fate in (Fate.UNKNOWN, Fate.MADE) or (fate is Fate.REFUSED and not change.once)
        )


def earlier(lines: Iterable[Line]) -> Earlier | None:
    """Return what the attempts in a journal did; None when none of them sent anything, so that there is nothing to go on from.

    Raises `EvidenceError` when the lines do not fit each other: such a journal is not what a run wrote.
    """
    reader = _Reader()
    try:
        for line in lines:
            reader.take(line)
        return reader.earlier()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EvidenceError("resume-record-inconsistent", detail=type(error).__name__) from error


# A run that undoes another says it in its own word.
_SEEN_MADE = (Status.VERIFIED, Status.ROLLED_BACK)


@dataclass
class _Reader:
    """Reads line after line. What holds of the gate is what it said last before the first change was sent."""

    _approved: Mapping[str, Json] = field(default_factory=dict)
    _baseline: tuple[tuple[str, Answer], ...] = ()
    _plan: Plan | None = None
    _sent_at: str = ""
    _sends: list[_Send] = field(default_factory=list)

    def take(self, line: Line) -> None:
        if line.event == "approved" and self._plan is None:
            self._approved, self._baseline = line.data, ()
        elif line.event == "baseline" and self._plan is None:
            self._baseline = tuple((each["target"], Answer(**each["answer"])) for each in line.data["answers"])
        elif line.event == "sending":
            self._begin(line)
        elif line.event in ("sent", "send-failed"):
            self._sends[-1] = replace(self._sends[-1], fate=_fate(line))
        elif line.event == "step-result" and self._plan and line.data["status"] in _SEEN_MADE:
            self._see(line.data["step"], self._plan)

    def _begin(self, line: Line) -> None:
        if self._plan is None:
            self._plan = plan_from(self._approved["plan"])
            if self._approved["approval"]["digest"] != self._plan.digest:
                raise ValueError("digest")
        sent, self._sent_at = line.data["change"], line.at
        place = next((n for n, (_, change) in enumerate(self._plan.changes) if as_json(change) == sent), None)
        # What is no change of the plan itself is part of the cure of the one before.
        self._sends.append(_Send(self._sends[-1].place if place is None else place, is_cure=place is None))

    def _see(self, step_id: str, plan: Plan) -> None:
        """What was looked at again and seen is made, whatever its target said."""
        of_step = {place for place, (by, change) in enumerate(plan.changes) if by == step_id and not change.once}
        self._sends += [_Send(place, fate=Fate.MADE) for place in of_step & {send.place for send in self._sends}]

    def earlier(self) -> Earlier | None:
        if self._plan is None:
            return None
        fates = tuple(self._fate_of(place, change) for place, (_, change) in enumerate(self._plan.changes))
        approval = Approval(**self._approved["approval"])
        return Earlier(approval, self._plan, self._baseline, fates, datetime.fromisoformat(self._sent_at))

    def _fate_of(self, place: int, change: Change) -> Fate:
        """Judge a change by the last time it was sent, and by its cure if that was begun."""
        sends = [send for send in self._sends if send.place == place]
        if not sends:
            return Fate.NOT_BEGUN
        first = max(number for number, send in enumerate(sends) if not send.is_cure)
        cure = [send.fate for send in sends[first + 1 :]]
        if not cure:
            return sends[first].fate
        if cure[-1] is Fate.MADE:
            return Fate.MADE if len(cure) == len(change.cure) else Fate.REFUSED
        return cure[-1]


@dataclass(frozen=True)
class _Send:
    """One time that something was sent: for which change of the plan. Without an answer its fate is unknown."""

    place: int
    is_cure: bool = False
    fate: Fate = Fate.UNKNOWN


def _fate(line: Line) -> Fate:
    if line.event == "sent":
        return Fate.MADE
    return Fate.UNKNOWN if line.data["unknown"] else Fate.REFUSED
