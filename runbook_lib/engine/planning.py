"""Making the plan: what the steps before the applying one would change, and on what grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runbook_lib.model import Change, Json, Plan, StepResult, Wanted, as_json
from runbook_lib.ports import Runbook, Step

OPERATOR = "operator"


@dataclass(frozen=True)
class Planning:
    """Makes the plans of one run. `parameters` are recorded with secret references only; `means` are those of `Parts`."""

    runbook: Runbook
    wanted: Wanted
    version: str
    parameters: Mapping[str, Json]
    means: Mapping[str, str]

    @property
    def steps(self) -> list[Step]:
        """Return the steps that a plan is made of: those that look or stage, before anything is sent."""
        return [step for step in self.runbook.steps if step.kind in ("read", "stage")]

    def plan(self, known: Mapping[str, StepResult]) -> Plan:
        """Return the plan as the results known so far say it."""
        results = {step.id: known[step.id] for step in self.steps if step.id in known}
        changes = [(step_id, change) for step_id, result in results.items() for change in result.changes]
        for applying in self.runbook.steps:
            if changes and applying.acts:
                changes += [(applying.id, act) for act in applying.acts(self.wanted)]
        before = {
            step_id: {fact.name: as_json(fact.value) for fact in result.facts if fact.decisive}
            for step_id, result in results.items()
        }
        means = self._means_of([change for _, change in changes])
        return Plan(
            self.wanted.tenant_id, self.runbook.slug, self.version, self.parameters, before, tuple(changes), means
        )

    def _means_of(self, changes: Sequence[Change]) -> dict[str, str]:
        """Return what the changes, and their cures, would be sent with. A person needs no script."""
        sendable = [each for change in changes for each in (change, *change.cure) if change.target != OPERATOR]
        return {change.action: self.means[change.action] for change in sendable if change.action in self.means}


def flat(plan: Plan) -> tuple[Change, ...]:
    """Return the changes of a plan, in the order in which they are sent."""
    return tuple(change for _, change in plan.changes)


def changes_of(plan: Plan | None, step_id: str) -> tuple[Change, ...]:
    """Return the changes that a step has in a plan; none without a plan."""
    return tuple(change for by, change in plan.changes if by == step_id) if plan else ()
