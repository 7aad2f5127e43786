"""Looking at a step, and waiting within a bound for something that is about to end by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from runbook_lib.errors import TargetError
from runbook_lib.model import Assessment, Finding, Level, Status, StepResult, Wanted
from runbook_lib.ports import Clock, Step, View

# A sync cycle takes minutes; looking more often would only load the server.
INTERVAL_SECONDS = 5


class Looking:
    """Looks at steps, bounded by what the parameters allow to wait."""

    def __init__(self, wanted: Wanted, clock: Clock) -> None:
        """Keep what is wanted and the clock."""
        self._wanted = wanted
        self._clock = clock

    def patiently(self, step: Step, current: Callable[[], View], anew: Callable[[], View]) -> Assessment:
        """Look at a step, and again with new views while it waits for something, until the bound passes.

        Raises `TargetError` when a reading could not be had.
        """
        until = self._clock.now() + timedelta(seconds=self._wanted.wait_seconds)
        assessment = step.assess(current(), self._wanted)
        while assessment.waiting and not assessment.blockers and self._clock.now() < until:
            self._clock.sleep(INTERVAL_SECONDS)
            assessment = step.assess(anew(), self._wanted)
        return assessment


def could_not_look(step: Step, error: TargetError, status: Status = Status.BLOCKED) -> StepResult:
    """Return the result of a step that could not be looked at. That is never a pass."""
    return StepResult(step.id, status, findings=(Finding(Level.BLOCKER, error.message),))
