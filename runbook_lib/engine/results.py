"""What became of each step of a run so far, as the journal also says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from runbook_lib.model import Status, StepResult, as_json
from runbook_lib.ports import Clock, Journal, Step


class Results:
    """The last word on each step, by step id. Every word is recorded."""

    def __init__(self, clock: Clock, journal: Journal, *, undoes: bool = False) -> None:
        """Start with no result at all. In a run that undoes another, what is verified is rolled back."""
        self.known: dict[str, StepResult] = {}
        self._clock = clock
        self._journal = journal
        self._undoes = undoes

    def now(self) -> str:
        """Return the time, as results hold it."""
        return self._clock.now().isoformat()

    def keep(self, result: StepResult) -> None:
        """Take a result as the last word on its step. Raises `EvidenceError` when it cannot be recorded."""
        self.known[result.step] = result
        self._journal.record("step-result", **as_json(result))

    def ended(self, started: str, result: StepResult) -> StepResult:
        """Return a result with the times of a look that has just ended."""
        is_undone = self._undoes and result.status is Status.VERIFIED
        status = Status.ROLLED_BACK if is_undone else result.status
        return replace(result, status=status, started_at=started, finished_at=self.now())

    def lose_sight(self, steps: Iterable[Step]) -> None:
        """What may have left is unknown until somebody looks again. Not recorded: the journal may be what failed."""
        for step in steps:
            self.known[step.id] = replace(self.known[step.id], status=Status.UNKNOWN)

    def status(self, step: Step) -> Status:
        """Return the state of a step; one that nobody has looked at is still to do."""
        return self.known[step.id].status if step.id in self.known else Status.TO_DO
