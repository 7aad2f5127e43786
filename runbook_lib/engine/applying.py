"""The step that applies: gate, send, look again. Only `Sending` changes anything, and only with the approval of exactly the
plan that holds at that moment.
"""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.engine.gate import check_attestation, not_ready
from runbook_lib.engine.looking import Looking
from runbook_lib.engine.outcome import Outcome, look_again
from runbook_lib.engine.parts import Parts
from runbook_lib.engine.planning import OPERATOR, Planning, changes_of, flat
from runbook_lib.engine.results import Results
from runbook_lib.engine.sending import Sending, Trouble
from runbook_lib.errors import AttestationError, NotApproved, PlanOutdated, RunbookError
from runbook_lib.model import Assessment, Change, Finding, Level, Plan, Status, StepResult, as_json
from runbook_lib.ports import Step
from runbook_lib.texts import message


class Applying:
    """Carries out the applying step of one run. `sent` is the plan it sent, `error` what kept it from sending."""

    def __init__(self, planning: Planning, looking: Looking, results: Results, parts: Parts, *, apply: bool) -> None:
        """Keep what it works with; nothing is sent yet."""
        self.sent: Plan | None = None
        self.error: RunbookError | None = None
        self._planning = planning
        self._looking = looking
        self._results = results
        self._parts = parts
        self._apply = apply
        self._wanted = planning.wanted
        self._trouble: Trouble | None = None

    @property
    def plan(self) -> Plan:
        """Return the plan as the steps so far say it; once something was sent, the approved plan it was sent by."""
        return self.sent or self._planning.plan(self._results.known)

    def carry_out(self, step: Step) -> StepResult:
        """Send what is approved, or say why not. Raises `EvidenceError` when the journal cannot be written."""
        self.error = None
        if self.sent is not None:
            return self._look_at_what_was_sent(step, self.sent)
        if refusal := self._not_ready(step):
            return refusal
        plan = self.plan
        if plan.changes and not self._apply:
            by_hand = all(change.target == OPERATOR for _, change in plan.changes)
            return StepResult(step.id, Status.NEEDS_OPERATOR if by_hand else Status.PLANNED, changes=flat(plan))
        try:
            self._check_attestation(plan)
            return self._send(step) if plan.changes else self._looking.at(step)
        except (NotApproved, PlanOutdated, AttestationError) as error:
            return self._refused(step, error)

    def _not_ready(self, step: Step) -> StepResult | None:
        earlier = {known.id: self._results.status(known) for known in self._planning.steps}
        return not_ready(step, earlier, apply=self._apply)

    def _check_attestation(self, plan: Plan) -> None:
        check_attestation(self._wanted.attestation if self._apply else None, plan, self._parts.clock)

    def _send(self, step: Step) -> StepResult:
        """Look again, check the approval against what is now seen, and only then send."""
        self._look_at_all_before()
        if refusal := self._not_ready(step):
            return refusal
        plan = self.plan
        self._check_attestation(plan)
        approval = self._parts.approver.approve(plan, plan.digest)
        self._parts.journal.record("approved", approval=as_json(approval), plan=as_json(plan))
        sendable = [change for _, change in plan.changes if change.target != OPERATOR]
        if not sendable:
            return replace(self._looking.at(step), changes=flat(plan))
        self._looking.close_baseline()
        self.sent = plan
        return self._carry_out(step, plan, sendable)

    def _look_at_all_before(self) -> None:
        self._looking.anew()
        for earlier in self._planning.steps:
            self._results.keep(self._results.ended(self._results.now(), self._looking.at(earlier)))

    def _carry_out(self, step: Step, plan: Plan, changes: list[Change]) -> StepResult:
        sending = Sending(self._parts, plan.means)
        try:
            self._trouble = sending.send(changes)
            outcome = self._look_again(step)
        except BaseException:  # also an interrupt
            if sending.has_begun:
                self._results.known[step.id] = StepResult(step.id, Status.UNKNOWN, changes=flat(plan))
                self._results.lose_sight(self._staging())
            raise
        return self._settled(step, plan, outcome)

    def _staging(self) -> list[Step]:
        """Return the steps whose changes were approved for sending."""
        return [step for step in self._planning.steps if changes_of(self.sent, step.id)]

    def _look_at_what_was_sent(self, step: Step, plan: Plan) -> StepResult:
        """A run sends once. Carried out again, the step looks at what became of it."""
        result = self._settled(step, plan, self._look_again(step))
        return replace(result, findings=(Finding(Level.NOTE, message("already-sent")), *result.findings))

    def _look_again(self, step: Step) -> Outcome:
        clock, seconds = self._parts.clock, self._wanted.wait_seconds
        return look_again(self._trouble, lambda: self._what_is_left(step), clock, seconds)

    def _what_is_left(self, step: Step) -> tuple[dict[str, Assessment], Assessment]:
        """Look anew: what the staging steps would still change, and whether the change has taken effect."""
        view = self._looking.anew()
        staged = {staging.id: staging.assess(view, self._wanted) for staging in self._staging()}
        settled = step.settled or step.assess
        return staged, settled(view, self._wanted)

    def _settled(self, step: Step, plan: Plan, outcome: Outcome) -> StepResult:
        """Give the steps that staged changes their verdict, with the diff they planned, and return that of this step."""
        for staging in self._staging():
            planned = self._results.known[staging.id]
            settled = replace(
                planned,
                status=outcome.staged.get(staging.id, Status.UNKNOWN),
                facts=outcome.staged_facts.get(staging.id, planned.facts),
                changes=changes_of(plan, staging.id),
            )
            self._results.keep(self._results.ended(planned.started_at, settled))
        return StepResult(step.id, outcome.status, outcome.facts, outcome.findings, flat(plan))

    def _refused(self, step: Step, error: RunbookError) -> StepResult:
        self.error = error
        if isinstance(error, AttestationError):
            self._take_back_attested()
        self._parts.journal.record("refused", step=step.id, problem=as_json(error.message))
        finding = Finding(Level.BLOCKER, error.message)
        return StepResult(step.id, Status.BLOCKED, findings=(finding,), changes=flat(self.plan))

    def _take_back_attested(self) -> None:
        """A word that does not count for this plan does not count for its steps either."""
        for result in [known for known in self._results.known.values() if known.status is Status.ATTESTED]:
            self._results.keep(replace(result, status=Status.NEEDS_OPERATOR))
