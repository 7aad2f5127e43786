"""One run of a runbook over one tenant: look, plan, gate, send, look again. Knows the order and nothing of the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from runbook_lib.engine.applying import Applying
from runbook_lib.engine.looking import Looking
from runbook_lib.engine.parts import Parts
from runbook_lib.engine.planning import Planning, flat
from runbook_lib.engine.results import Results
from runbook_lib.engine.resuming import Earlier
from runbook_lib.errors import RunbookError
from runbook_lib.model import DONE, EXIT_CODES, SEVERITY, Json, Plan, Status, StepResult, Wanted
from runbook_lib.ports import Runbook, Step


class Run:
    """A run. `step` is called once a cell, in order; the results are also kept here."""

    def __init__(
        self,
        runbook: Runbook,
        wanted: Wanted,
        parts: Parts,
        *,
        version: str,
        parameters: Mapping[str, Json],
        apply: bool,
    ) -> None:
        """Prepare a run; nothing is read yet. `parameters` is what the plan records, with secret references only."""
        self.runbook = runbook
        self._journal = parts.journal
        self._results = Results(parts.clock, parts.journal, undoes=wanted.undo is not None)
        self._looking = Looking(runbook, wanted, parts, apply=apply)
        planning = Planning(runbook, wanted, version, parameters, parts.means)
        self._applying = Applying(planning, self._looking, self._results, parts)
        if parts.earlier:
            self._take_up(parts.earlier)

    def step(self, step_id: str) -> StepResult:
        """Carry out one step as far as the mode and the approval allow, and return what became of it.

        Raises `EvidenceError` when the journal cannot be written: then nothing more is sent.
        """
        step = self.runbook.step(step_id)
        started = self._results.now()
        self._journal.record("step-started", step=step_id)
        result = self._results.ended(started, self._carried_out(step))
        self._results.keep(result)
        return result

    def broke_off(self, result: StepResult) -> StepResult:
        """Take as the last word on a step why it could not be looked at, and return it with the time of that.

        Raises `EvidenceError` when the journal cannot be written.
        """
        told = self._results.ended(self._results.now(), result)
        self._results.keep(told)
        return told

    def look_anew(self) -> None:
        """Have the next look taken from the targets again, also when the last one is not old."""
        self._looking.anew()

    @property
    def results(self) -> dict[str, StepResult]:
        """Return the last word on each step so far, by step id."""
        return self._results.known

    @property
    def error(self) -> RunbookError | None:
        """Return what kept the run from sending, None when nothing did."""
        return self._applying.error

    @property
    def plan(self) -> Plan:
        """Return the plan as the steps so far say it; once something was sent, the approved plan it was sent by."""
        return self._applying.plan

    @property
    def exit_code(self) -> int:
        """Return the exit code that the results call for: that of the worst step."""
        codes = {EXIT_CODES[self._results.status(step)] for step in self.runbook.steps}
        return next(code for code in SEVERITY if code in codes)

    def _carried_out(self, step: Step) -> StepResult:
        if step.kind == "apply":
            return self._applying.carry_out(step)
        if step.kind == "after":
            return self._after(step)
        return self._applying.with_its_diff(self._looking.at(step))

    def _take_up(self, earlier: Earlier) -> None:
        """What was sent is unknown until somebody looks again; what was seen before it stays what is compared with."""
        self._looking.restore_baseline(earlier.baseline)
        for step in self.runbook.applying:
            self._results.known[step.id] = StepResult(step.id, Status.UNKNOWN, changes=flat(earlier.plan))

    def _waits_for_a_person(self, applying: Step) -> bool:
        known = self._results.known.get(applying.id)
        return known is not None and known.status is Status.NEEDS_OPERATOR and bool(known.changes)

    def _after(self, step: Step) -> StepResult:
        """Look once everything is applied; differences are a failure, for there is nothing left that could wait."""
        applying = self.runbook.applying
        if self._looking.baseline is None and any(self._results.status(other) not in DONE for other in applying):
            is_by_hand = all(map(self._waits_for_a_person, applying))  # who does the plan by hand does this step, too
            return self._looking.at(step) if is_by_hand else StepResult(step.id, Status.TO_DO)
        if self._looking.baseline is None:
            return self._looking.at(step)
        result = self._looking.at(step, if_not=Status.UNKNOWN)
        verdict = {Status.BLOCKED: Status.FAILED, Status.COMPLIANT: Status.VERIFIED}.get(result.status, result.status)
        return replace(result, status=verdict)
