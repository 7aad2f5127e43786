"""The step that applies: gate, send, look again. Only `Sending` changes anything, and only with the approval of exactly the
plan that holds at that moment. A run that goes on sends only what is left of the plan that was approved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from runbook_lib.engine.gate import check_attestation, not_ready
from runbook_lib.engine.looking import Looking, pause
from runbook_lib.engine.outcome import Outcome, look_again
from runbook_lib.engine.parts import Parts
from runbook_lib.engine.planning import OPERATOR, Planning, changes_of, flat
from runbook_lib.engine.rest import Rest, open_acts, rest_of
from runbook_lib.engine.results import Results
from runbook_lib.engine.resuming import Earlier, Fate
from runbook_lib.engine.sending import Sending, Trouble
from runbook_lib.errors import AttestationError, NotApproved, PlanOutdated, RunbookError
from runbook_lib.model import (
    DONE,
    Assessment,
    Change,
    Fact,
    Finding,
    Json,
    Level,
    Plan,
    Provenance,
    Status,
    StepResult,
    as_json,
)
from runbook_lib.ports import Step
from runbook_lib.texts import Message, message


class Applying:
    """Carries out the applying step of one run. `sent` is the plan it sent, `error` what kept it from sending."""

    def __init__(self, planning: Planning, looking: Looking, results: Results, parts: Parts) -> None:
        """Keep what it works with; nothing is sent yet by this attempt."""
        earlier = parts.earlier
        self.sent: Plan | None = earlier.plan if earlier else None
        self.error: RunbookError | None = None
        self._planning = planning
        self._looking = looking
        self._results = results
        self._parts = parts
        self._apply = looking.apply
        self._wanted = planning.wanted
        self._trouble: Trouble | None = None
        self._earlier = earlier
        # What a target refused, and nobody saw made after that, is not ours: somebody else may make it meanwhile.
        self._begun = list(earlier.of(Fate.UNKNOWN, Fate.MADE)) if earlier else []
        self._lost = [change for change in earlier.of(Fate.UNKNOWN) if change.once] if earlier else []

    @property
    def plan(self) -> Plan:
        """Return the plan as the steps so far say it; once something was sent, the approved plan it was sent by."""
        return self.sent or self._planning.plan(self._results.known)

    def carry_out(self, step: Step) -> StepResult:
        """Send what is approved, or say why not. Raises `EvidenceError` when the journal cannot be written."""
        self.error = None
        earlier, self._earlier = self._earlier, None
        if earlier is not None:
            return self._go_on(step, earlier)
        if self.sent is not None:
            return self._look_at_what_was_sent(step, self.sent)
        if refusal := self._not_ready(step):
            return refusal
        plan = self.plan
        if plan.changes and not self._apply:
            by_hand = all(change.target == OPERATOR for _, change in plan.changes)
            looked = self._looking.at(step) if by_hand else StepResult(step.id, Status.PLANNED)
            return replace(looked, changes=flat(plan))
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
        answers = [{"target": target, "answer": as_json(answer)} for target, answer in self._looking.close_baseline()]
        self._parts.journal.record("baseline", answers=answers)
        self.sent = plan
        return self._carry_out(step, plan, sendable)

    def _go_on(self, step: Step, earlier: Earlier) -> StepResult:
        """Look first; then send exactly what is left of the plan that was approved, or say why not."""
        rest = self._rest(earlier)
        changes = rest.sendable
        if (rest.left or changes) and (said := self._why_not(step, rest)):
            about = (*rest.left, *changes)[0]
            self._trouble = Trouble(about, said, unsent=changes)
            result = self._settled(step, earlier.plan, self._look_again(step))
            return replace(result, findings=(*rest.told(()), *result.findings))
        if changes:
            approval = as_json(earlier.approval)
            self._parts.journal.record("approved", approval=approval, plan=as_json(earlier.plan), rest=as_json(changes))
        result, told = self._carry_out(step, earlier.plan, changes), rest.told(changes)
        return replace(result, findings=(*told, *(each for each in result.findings if each not in told)))

    def _rest(self, earlier: Earlier) -> Rest:
        """Look at what is left, until nothing sent can be on its way any more: it has the time that it would have had."""
        clock, bound = self._parts.clock, timedelta(seconds=self._wanted.wait_seconds)
        until = min(earlier.sent_at, clock.now()) + bound
        while True:
            rest = rest_of(earlier, self._planning, self._look_at_all_before(earlier.begun))
            if rest.is_clear or clock.now() >= until:
                return rest
            clock.sleep(pause(until - clock.now()))

    def _why_not(self, step: Step, rest: Rest) -> Message | None:
        """Return why nothing more may be sent; None when it may."""
        if refusal := self._not_ready(step):
            return refusal.findings[0].message
        plan = rest.earlier.plan
        try:
            rest.check(self._parts.means)
            self._check_attestation(plan)
            self._parts.approver.approve(plan, plan.digest)
        except (NotApproved, PlanOutdated, AttestationError) as error:
            self._note_refusal(step, error)
            return error.message
        return None

    def _look_at_all_before(self, begun: frozenset[str] = frozenset()) -> dict[str, StepResult]:
        """Look anew at the steps before this one; return what they say, without what was sent before.

        Those whose changes were not begun are asked all that they are asked before anything is sent.
        """
        self._looking.anew()
        seen: dict[str, StepResult] = {}
        for before in self._planning.steps:
            started = self._results.now()
            seen[before.id] = self._looking.at(before, as_first=before.id not in begun)
            self._results.keep(self._results.ended(started, self.with_its_diff(seen[before.id])))
        return seen

    def with_its_diff(self, result: StepResult) -> StepResult:
        """A step looked at after its changes were sent keeps them, and is more than compliant: it was made so."""
        planned = changes_of(self.sent, result.step)
        if not planned:
            return result
        is_made = result.status is Status.COMPLIANT and self._has_begun(planned)
        return replace(result, status=Status.VERIFIED if is_made else result.status, changes=planned)

    def _has_begun(self, changes: tuple[Change, ...]) -> bool:
        return any(change in self._begun for change in changes)

    def _carry_out(self, step: Step, plan: Plan, changes: Sequence[Change]) -> StepResult:
        sending = Sending(self._parts, plan.means)
        try:
            try:
                self._trouble = sending.send(changes)
            except BaseException:
                self._trouble = sending.broken_off
                raise
            finally:
                self._begun += sending.begun
            outcome = self._look_again(step)
            self._forget_refused(outcome)
        except BaseException:  # also an interrupt
            if sending.begun:
                self._results.known[step.id] = StepResult(step.id, Status.UNKNOWN, changes=flat(plan))
                self._results.lose_sight(self._staging())
            raise
        return self._settled(step, plan, outcome)

    def _forget_refused(self, outcome: Outcome) -> None:
        """A change that was refused, and is seen as not made, is not ours if it is made later."""
        if self._trouble is None or self._trouble.is_open:
            return
        refused = self._trouble.change
        failed = [step_id for step_id, status in outcome.staged.items() if status is Status.FAILED]
        planned = [change for step_id in failed for change in changes_of(self.sent, step_id)]
        not_made = [change for change in planned if refused in (change, *change.cure)]
        self._begun = [change for change in self._begun if change not in not_made]

    def _staging(self) -> list[Step]:
        """Return the steps whose changes were approved for sending."""
        return [step for step in self._planning.steps if changes_of(self.sent, step.id)]

    def _look_at_what_was_sent(self, step: Step, plan: Plan) -> StepResult:
        """A run sends once. Carried out again, the step looks at what became of it."""
        result = self._settled(step, plan, self._look_again(step))
        return replace(result, findings=(Finding(Level.NOTE, message("already-sent")), *result.findings))

    def _look_again(self, step: Step) -> Outcome:
        clock, seconds = self._parts.clock, self._wanted.wait_seconds
        trouble = self._trouble or self._open_act()
        outcome = look_again(trouble, lambda: self._what_is_left(step), clock, seconds)
        # What an earlier attempt may have done and nobody can look at stays unknown, however well the rest went.
        return replace(outcome, status=Status.UNKNOWN) if self._lost and outcome.status in DONE else outcome

    def _open_act(self) -> Trouble | None:
        """Return what an earlier attempt was sending when it stopped, if it is an act: that no trace of it is seen proves nothing."""
        return next((Trouble(act, open_acts(self._lost), is_open=True) for act in self._lost), None)

    def _what_is_left(self, step: Step) -> tuple[dict[str, Assessment], Assessment]:
        """Look anew: what the staging steps would still change, and whether the change has taken effect."""
        view = self._looking.anew()
        staged = {staging.id: staging.assess(view, self._wanted) for staging in self._staging()}
        settled = step.settled or step.assess
        return staged, settled(view, self._wanted)

    def _settled(self, step: Step, plan: Plan, outcome: Outcome) -> StepResult:
        """Give the steps that staged changes their verdict, with the diff they planned, and return that of this step."""
        for staging in self._staging():
            known, planned = self._results.known[staging.id], changes_of(plan, staging.id)
            status = outcome.staged.get(staging.id, Status.UNKNOWN)
            if status is Status.VERIFIED and not self._has_begun(planned):
                status = Status.COMPLIANT  # as wanted, and not by us
            facts = outcome.staged_facts.get(staging.id, known.facts)
            settled = replace(known, status=status, facts=facts, changes=planned)
            self._results.keep(self._results.ended(known.started_at, settled))
        return StepResult(step.id, outcome.status, outcome.facts, outcome.findings, flat(plan))

    def _refused(self, step: Step, error: RunbookError) -> StepResult:
        self._note_refusal(step, error)
        findings = tuple(Finding(Level.BLOCKER, said) for said in (error.message, *error.reasons))
        return StepResult(step.id, Status.BLOCKED, findings=findings, changes=flat(self.plan))

    def _note_refusal(self, step: Step, error: RunbookError) -> None:
        self.error = error
        if isinstance(error, AttestationError):
            self._take_back_attested()
        said: dict[str, Json] = {"reasons": as_json(error.reasons)} if error.reasons else {}
        self._parts.journal.record("refused", step=step.id, problem=as_json(error.message), **said)

    def _take_back_attested(self) -> None:
        """A word that does not count for this plan does not count for its steps either."""
        for result in [known for known in self._results.known.values() if known.status is Status.ATTESTED]:
            self._results.keep(replace(result, status=Status.NEEDS_OPERATOR, facts=tuple(map(_unsaid, result.facts))))


def _unsaid(fact: Fact) -> Fact:
    """Return what is known where nobody's word counts: of what rested on it, nothing."""
    if fact.provenance is not Provenance.ATTESTED:
        return fact
    return Fact(fact.name, None, "attestation", Provenance.UNKNOWN, decisive=False)
