"""What must hold before anything is sent: earlier steps that are done, an approval of this plan, a person's word about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from runbook_lib.errors import AttestationError
from runbook_lib.model import DONE, Attestation, Finding, Level, Plan, Status, StepResult
from runbook_lib.ports import Clock, Step
from runbook_lib.texts import message

# How far the clock of the person who attests may be ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=5)


def not_ready(step: Step, earlier: Mapping[str, Status], *, apply: bool) -> StepResult | None:
    """Return why a step cannot go on yet: earlier steps, by id, that are not done, or wait for a person."""
    passing = DONE | {Status.PLANNED} if apply else DONE | {Status.PLANNED, Status.NEEDS_OPERATOR}
    waits_for = {step_id: status for step_id, status in earlier.items() if status not in passing}
    if not waits_for:
        return None
    operator = set(waits_for.values()) == {Status.NEEDS_OPERATOR}
    said = message("waits-for", steps=tuple(step_id.upper() for step_id in waits_for))
    finding = Finding(Level.NOTE if operator else Level.BLOCKER, said)
    return StepResult(step.id, Status.NEEDS_OPERATOR if operator else Status.BLOCKED, findings=(finding,))


def check_attestation(attestation: Attestation | None, plan: Plan, clock: Clock) -> None:
    """An attestation counts for the plan it was made for, and for no other. Nobody can attest what is still to come.

    Raises `AttestationError`.
    """
    if attestation is None:
        return
    if attestation.plan != plan.digest:
        raise AttestationError("attestation-of-another-plan", file=attestation.file, plan=plan.digest)
    if datetime.fromisoformat(attestation.at) > clock.now() + CLOCKS_DIFFER:
        raise AttestationError("attestation-of-the-future", file=attestation.file, at=attestation.at)
