"""One run of a runbook over one tenant: look, plan, gate, send, look again. Knows the order and nothing of the steps.

Only `Sending` (see `engine.sending`) changes anything, and only with the approval of exactly the plan that holds at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from runbook_lib.engine.looking import Looking, could_not_look
from runbook_lib.engine.sending import Outcome, Sending, Trouble
from runbook_lib.engine.snapshot import Snapshot
from runbook_lib.errors import AttestationError, NotApproved, PlanOutdated, RunbookError, TargetError
from runbook_lib.model import (
    DONE,
    EXIT_CODES,
    SEVERITY,
    Assessment,
    Change,
    Finding,
    Json,
    Level,
    Plan,
    Status,
    StepResult,
    Wanted,
    as_json,
)
from runbook_lib.ports import Approver, Clock, Journal, Runbook, Step, Target
from runbook_lib.texts import message

# A person may work through the cells slowly; an older look is taken again.
FRESH_SECONDS = 60

# How far the clock of the person who attests may be ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=5)

OPERATOR = "operator"


@dataclass(frozen=True)
class Parts:
    """What a run works with: the targets by name, the ports, and `means`: the SHA-256, by action, of what a target is sent for it."""

    targets: Mapping[str, Target]
    clock: Clock
    journal: Journal
    approver: Approver
    means: Mapping[str, str] = field(default_factory=dict)


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
        self.results: dict[str, StepResult] = {}
        self.error: RunbookError | None = None
        self._wanted = wanted
        self._parts = parts
        self._version = version
        self._parameters = parameters
        self._apply = apply
        self._looking = Looking(wanted, parts.clock)
        self._view: Snapshot | None = None
        self._taken_at: datetime | None = None
        self._baseline: Snapshot | None = None
        self._sent: Plan | None = None
        self._trouble: Trouble | None = None

    def step(self, step_id: str) -> StepResult:
        """Carry out one step as far as the mode and the approval allow, and return what became of it.

        Raises `EvidenceError` when the journal cannot be written: then nothing more is sent.
        """
        step = self.runbook.step(step_id)
        started = self._now()
        self._parts.journal.record("step-started", step=step_id)
        result = self._timed(started, self._carried_out(step))
        self._keep(result)
        return result

    @property
    def plan(self) -> Plan:
        """Return the plan as the steps so far say it; once something was sent, the approved plan it was sent by."""
        if self._sent is not None:
            return self._sent
        return self._plan_of(
            {step.id: self.results[step.id] for step in self._before_apply() if step.id in self.results}
        )

    @property
    def exit_code(self) -> int:
        """Return the exit code that the results call for: that of the worst step."""
        codes = {EXIT_CODES[self._status(step)] for step in self.runbook.steps}
        return next(code for code in SEVERITY if code in codes)

    def _status(self, step: Step) -> Status:
        return self.results[step.id].status if step.id in self.results else Status.TO_DO

    def _carried_out(self, step: Step) -> StepResult:
        if step.kind == "apply":
            return self._apply_step(step)
        if step.kind == "after":
            return self._after_step(step)
        return self._with_its_diff(self._look(step))

    def _with_its_diff(self, result: StepResult) -> StepResult:
        """A step looked at again after its changes were sent keeps them, and is more than compliant: it was made so."""
        sent = self._sent_by(result.step)
        if not sent:
            return result
        status = Status.VERIFIED if result.status is Status.COMPLIANT else result.status
        return replace(result, status=status, changes=sent)

    def _sent_by(self, step_id: str) -> tuple[Change, ...]:
        return tuple(change for by, change in self._sent.changes if by == step_id) if self._sent else ()

    def _look(self, step: Step, if_not: Status = Status.BLOCKED) -> StepResult:
        """Look at a step; `if_not` is its state when a reading could not be had."""
        try:
            assessment = self._looking.patiently(step, self._fresh_enough, self._new_view)
        except TargetError as error:
            return could_not_look(step, error, if_not)
        return StepResult(
            step.id,
            self._judged(step, assessment),
            assessment.facts,
            (*assessment.findings, *_blocking(assessment)),
            assessment.changes,
        )

    def _judged(self, step: Step, assessment: Assessment) -> Status:
        if assessment.blockers or assessment.waiting:
            return Status.BLOCKED
        if assessment.by_hand:
            return self._by_hand(step, assessment)
        return Status.PLANNED if assessment.changes else Status.COMPLIANT

    def _by_hand(self, step: Step, assessment: Assessment) -> Status:
        attestation = self._wanted.attestation
        if not self._apply or attestation is None or step.id not in attestation.steps:
            return Status.NEEDS_OPERATOR
        return Status.CONTRADICTED if assessment.contradictions else Status.ATTESTED

    def _fresh_enough(self) -> Snapshot:
        now = self._parts.clock.now()
        stale = self._taken_at is None or (now - self._taken_at).total_seconds() > FRESH_SECONDS
        return self._new_view() if stale or self._view is None else self._view

    def _new_view(self) -> Snapshot:
        readings = [reading.asked(self._wanted) for step in self.runbook.steps for reading in step.readings]
        self._taken_at = self._parts.clock.now()
        self._view = Snapshot(self._parts.targets, readings, self._parts.journal, self._baseline)
        return self._view

    def _before_apply(self) -> list[Step]:
        return [step for step in self.runbook.steps if step.kind in ("read", "stage")]

    def _plan_of(self, results: Mapping[str, StepResult]) -> Plan:
        changes = [(step_id, change) for step_id, result in results.items() for change in result.changes]
        for applying in self.runbook.steps:
            if changes and applying.acts:
                changes += [(applying.id, act) for act in applying.acts(self._wanted)]
        before = {
            step_id: {fact.name: as_json(fact.value) for fact in result.facts if fact.decisive}
            for step_id, result in results.items()
        }
        means = self._means_of([change for _, change in changes])
        return Plan(
            self._wanted.tenant_id, self.runbook.slug, self._version, self._parameters, before, tuple(changes), means
        )

    def _means_of(self, changes: Sequence[Change]) -> dict[str, str]:
        """Return what the changes, and their cures, would be sent with. A person needs no script."""
        sendable = [each for change in changes for each in (change, *change.cure) if change.target != OPERATOR]
        known = self._parts.means
        return {change.action: known[change.action] for change in sendable if change.action in known}

    def _apply_step(self, step: Step) -> StepResult:
        self.error = None
        if self._sent is not None:
            return self._look_at_what_was_sent(step, self._sent)
        if refusal := self._not_ready(step):
            return refusal
        plan = self.plan
        if plan.changes and not self._apply:
            by_hand = all(change.target == OPERATOR for _, change in plan.changes)
            return StepResult(step.id, Status.NEEDS_OPERATOR if by_hand else Status.PLANNED, changes=_flat(plan))
        try:
            self._check_attestation(plan)
            return self._send(step) if plan.changes else self._look(step)
        except (NotApproved, PlanOutdated, AttestationError) as error:
            return self._refused(step, error)

    def _not_ready(self, step: Step) -> StepResult | None:
        """Return why the step cannot go on yet: earlier steps that are not done, or wait for a person."""
        passing = DONE | {Status.PLANNED} if self._apply else DONE | {Status.PLANNED, Status.NEEDS_OPERATOR}
        waits_for = {earlier.id: self._status(earlier) for earlier in self._before_apply()}
        waits_for = {step_id: status for step_id, status in waits_for.items() if status not in passing}
        if not waits_for:
            return None
        operator = set(waits_for.values()) == {Status.NEEDS_OPERATOR}
        said = message("waits-for", steps=tuple(step_id.upper() for step_id in waits_for))
        finding = Finding(Level.NOTE if operator else Level.BLOCKER, said)
        return StepResult(step.id, Status.NEEDS_OPERATOR if operator else Status.BLOCKED, findings=(finding,))

    def _send(self, step: Step) -> StepResult:
        """Look again, check the approval against what is now seen, and only then send."""
        self._new_view()
        for earlier in self._before_apply():
            self._keep(self._timed(self._now(), self._look(earlier)))
        if refusal := self._not_ready(step):
            return refusal
        plan = self.plan
        self._check_attestation(plan)
        approval = self._parts.approver.approve(plan, plan.digest)
        self._parts.journal.record("approved", approval=as_json(approval), plan=as_json(plan))
        sendable = [change for _, change in plan.changes if change.target != OPERATOR]
        if not sendable:
            return replace(self._look(step), changes=_flat(plan))
        return self._carry_out(step, plan, sendable)

    def _carry_out(self, step: Step, plan: Plan, sendable: list[Change]) -> StepResult:
        # The look that was just approved, however long it took: a newer view would hold nothing to compare with.
        self._baseline, self._view = (self._view or self._new_view()).frozen(), None
        self._sent = plan
        sending = self._sending()
        try:
            self._trouble = sending.send(sendable)
            outcome = sending.look_again(self._trouble, lambda: self._what_is_left(step))
        except BaseException:  # also an interrupt
            if sending.has_begun:
                self._lose_sight(step, plan)
            raise
        return self._settled(step, plan, outcome)

    def _lose_sight(self, step: Step, plan: Plan) -> None:
        """What may have left is unknown until somebody looks again. Not recorded: the journal may be what failed."""
        for staging in self._staging():
            self.results[staging.id] = replace(self.results[staging.id], status=Status.UNKNOWN)
        self.results[step.id] = StepResult(step.id, Status.UNKNOWN, changes=_flat(plan))

    def _staging(self) -> list[Step]:
        """Return the steps whose changes were approved for sending."""
        return [step for step in self._before_apply() if self._sent_by(step.id)]

    def _look_at_what_was_sent(self, step: Step, plan: Plan) -> StepResult:
        """A run sends once. Carried out again, the step looks at what became of it."""
        outcome = self._sending().look_again(self._trouble, lambda: self._what_is_left(step))
        result = self._settled(step, plan, outcome)
        return replace(result, findings=(Finding(Level.NOTE, message("already-sent")), *result.findings))

    def _sending(self) -> Sending:
        parts = self._parts
        return Sending(parts.targets, parts.clock, parts.journal, self._wanted.wait_seconds, self.plan.means)

    def _check_attestation(self, plan: Plan) -> None:
        """An attestation counts for the plan it was made for, and for no other. Nobody can attest what is still to come."""
        attestation = self._wanted.attestation if self._apply else None
        if attestation is None:
            return
        if attestation.plan != plan.digest:
            raise AttestationError("attestation-of-another-plan", file=attestation.file, plan=plan.digest)
        if datetime.fromisoformat(attestation.at) > self._parts.clock.now() + CLOCKS_DIFFER:
            raise AttestationError("attestation-of-the-future", file=attestation.file, at=attestation.at)

    def _refused(self, step: Step, error: RunbookError) -> StepResult:
        self.error = error
        if isinstance(error, AttestationError):
            self._take_back_attested()
        self._parts.journal.record("refused", step=step.id, problem=as_json(error.message))
        finding = Finding(Level.BLOCKER, error.message)
        return StepResult(step.id, Status.BLOCKED, findings=(finding,), changes=_flat(self.plan))

    def _take_back_attested(self) -> None:
        """A word that does not count for this plan does not count for its steps either."""
        for result in [known for known in self.results.values() if known.status is Status.ATTESTED]:
            self._keep(replace(result, status=Status.NEEDS_OPERATOR))

    def _what_is_left(self, step: Step) -> tuple[dict[str, Assessment], Assessment]:
        """Look anew: what the staging steps would still change, and whether the change has taken effect."""
        view = self._new_view()
        staged = {staging.id: staging.assess(view, self._wanted) for staging in self._staging()}
        settled = step.settled or step.assess
        return staged, settled(view, self._wanted)

    def _settled(self, step: Step, plan: Plan, outcome: Outcome) -> StepResult:
        """Give the steps that staged changes their verdict, with the diff they planned, and return that of this step."""
        for staging in self._staging():
            planned = self.results[staging.id]
            settled = replace(
                planned,
                status=outcome.staged.get(staging.id, Status.UNKNOWN),
                facts=outcome.staged_facts.get(staging.id, planned.facts),
                changes=self._sent_by(staging.id),
            )
            self._keep(self._timed(planned.started_at, settled))
        return StepResult(step.id, outcome.status, outcome.facts, outcome.findings, _flat(plan))

    def _after_step(self, step: Step) -> StepResult:
        """Look once everything is applied; differences are a failure, for there is nothing left that could wait."""
        applying = [other for other in self.runbook.steps if other.kind == "apply"]
        if self._baseline is None and any(self._status(other) not in DONE for other in applying):
            return StepResult(step.id, Status.TO_DO)
        if self._baseline is None:
            return self._look(step)
        result = self._look(step, if_not=Status.UNKNOWN)
        verdict = {Status.BLOCKED: Status.FAILED, Status.COMPLIANT: Status.VERIFIED}.get(result.status, result.status)
        return replace(result, status=verdict)

    def _keep(self, result: StepResult) -> None:
        self.results[result.step] = result
        self._parts.journal.record("step-result", **as_json(result))

    def _timed(self, started: str, result: StepResult) -> StepResult:
        return replace(result, started_at=started, finished_at=self._now())

    def _now(self) -> str:
        return self._parts.clock.now().isoformat()


def _blocking(assessment: Assessment) -> tuple[Finding, ...]:
    """Return what was still waited for when the bound passed, as blockers."""
    return tuple(Finding(Level.BLOCKER, said) for said in assessment.waiting)


def _flat(plan: Plan) -> tuple[Change, ...]:
    return tuple(change for _, change in plan.changes)
