"""Looking at steps: through views that are fresh enough, and waiting within a bound for what is about to end by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from runbook_lib.engine.parts import Parts
from runbook_lib.engine.snapshot import Snapshot
from runbook_lib.errors import TargetError
from runbook_lib.model import Assessment, Finding, Level, Status, StepResult, Wanted
from runbook_lib.ports import Answer, Runbook, Step

# A sync cycle takes minutes; looking more often would only load the server.
INTERVAL_SECONDS = 5

# A person may work through the cells slowly; an older look is taken again.
FRESH_SECONDS = 60


class Looking:
    """Looks at the steps of one run. `baseline` is the view from before anything was changed, None while nothing was.
    `apply` is true in mode apply, in which alone a person's word counts.
    """

    def __init__(self, runbook: Runbook, wanted: Wanted, parts: Parts, *, apply: bool) -> None:
        """Keep what is looked at; nothing is read yet."""
        self.baseline: Snapshot | None = None
        self.apply = apply
        self._readings = [reading.asked(wanted) for step in runbook.steps for reading in step.readings]
        # Nobody's word counts before there is a plan that it is about.
        self._wanted = wanted if apply else replace(wanted, attestation=None)
        self._parts = parts
        self._view: Snapshot | None = None
        self._taken_at: datetime | None = None

    def at(self, step: Step, if_not: Status = Status.BLOCKED, *, as_first: bool = False) -> StepResult:
        """Look at a step; `if_not` is its state when a reading could not be had. That is never a pass.

        `as_first`: as if nothing had been changed, so that all is asked that is asked before anything is sent.
        """
        try:
            seen = self._patiently(step, as_first=as_first)
        except TargetError as error:
            return StepResult(step.id, if_not, findings=(Finding(Level.BLOCKER, error.message),))
        # What was still waited for when the bound passed blocks.
        waiting = tuple(Finding(Level.BLOCKER, said) for said in seen.waiting)
        return StepResult(step.id, self._judged(step, seen), seen.facts, (*seen.findings, *waiting), seen.changes)

    def anew(self) -> Snapshot:
        """Begin a new view: what is looked at from now on is read again."""
        self._taken_at = self._parts.clock.now()
        self._view = Snapshot(self._parts.targets, self._readings, self._parts.journal, self.baseline)
        return self._view

    def close_baseline(self) -> list[tuple[str, Answer]]:
        """Keep the look that was just approved, however long it took, and return the answers it rests on.

        A newer view would hold nothing to compare with.
        """
        self.baseline, self._view = (self._view or self.anew()).frozen(), None
        return self.baseline.answers

    def restore_baseline(self, answers: Iterable[tuple[str, Answer]]) -> None:
        """Take the look that an earlier attempt at this run had approved as the baseline."""
        self.baseline = self.anew().remember(answers).frozen()
        self._view = None

    def _patiently(self, step: Step, *, as_first: bool) -> Assessment:
        """Look at a step, and again with new views while it waits for something, until the bound passes.

        Raises `TargetError` when a reading could not be had.
        """
        clock = self._parts.clock
        until = clock.now() + timedelta(seconds=self._wanted.wait_seconds)
        view = self._fresh_enough()
        assessment = step.assess(view.without_baseline() if as_first else view, self._wanted)
        while assessment.waiting and not assessment.blockers and clock.now() < until:
            clock.sleep(pause(until - clock.now()))
            view = self.anew()
            assessment = step.assess(view.without_baseline() if as_first else view, self._wanted)
        return assessment

    def _fresh_enough(self) -> Snapshot:
        now = self._parts.clock.now()
        stale = self._taken_at is None or (now - self._taken_at).total_seconds() > FRESH_SECONDS
        return self.anew() if stale or self._view is None else self._view

    def _judged(self, step: Step, assessment: Assessment) -> Status:
        if assessment.blockers or assessment.waiting:
            return Status.BLOCKED
        if assessment.by_hand:
            return self._by_hand(step, assessment)
        return Status.PLANNED if assessment.changes else Status.COMPLIANT

    def _by_hand(self, step: Step, assessment: Assessment) -> Status:
        attestation = self._wanted.attestation
        if attestation is None or step.id not in attestation.steps:
            return Status.NEEDS_OPERATOR
        return Status.CONTRADICTED if assessment.contradictions else Status.ATTESTED


def pause(left: timedelta) -> float:
    """Return how many seconds to wait before the next look, when that much time is left for looking."""
    return min(INTERVAL_SECONDS, left.total_seconds())
