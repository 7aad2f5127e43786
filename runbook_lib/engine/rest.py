"""What is left of a plan that an earlier attempt began to send: found by looking, and only ever a part of what was approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runbook_lib.engine.planning import OPERATOR, Planning
from runbook_lib.engine.resuming import Earlier, Fate
from runbook_lib.errors import PlanOutdated
from runbook_lib.model import Change, Finding, Level, Plan, Status, StepResult, as_json
from runbook_lib.texts import Message, message


@dataclass(frozen=True)
class Rest:
    """What an approved plan still needs, as one look shows it.

    Attributes:
        earlier: What earlier attempts did.
        now: The plan as it would be made now.
        seen: The steps that could be looked at.
    """

    earlier: Earlier
    now: Plan
    seen: frozenset[str]

    @property
    def left(self) -> tuple[Change, ...]:
        """Return the changes of the approved plan that are seen as not made, in its order."""
        left = [_act(step_id, change) for step_id, change in self.now.changes if not change.once]
        return tuple(change for step_id, change in self.earlier.plan.changes if _act(step_id, change) in left)

    def of(self, *fates: Fate) -> tuple[Change, ...]:
        """Return the changes that are left of those with one of these fates."""
        known = self.earlier.of(*fates)
        return tuple(change for change in self.left if change in known)

    @property
    def is_clear(self) -> bool:
        """Tell whether nothing is left that may still be on its way."""
        return not self.of(Fate.UNKNOWN, Fate.MADE)

    @property
    def sendable(self) -> tuple[Change, ...]:
        """Return what is to be sent, in the order of the plan. An act whose outcome is unknown is not sent again: nobody can look."""
        acts = [change for change in self.earlier.of(Fate.NOT_BEGUN, Fate.REFUSED) if change.once]
        wanted = [*self.of(Fate.NOT_BEGUN, Fate.REFUSED, Fate.UNKNOWN), *acts]
        return tuple(
            change for _, change in self.earlier.plan.changes if change in wanted and change.target != OPERATOR
        )

    def check(self, means: Mapping[str, str]) -> None:
        """Refuse to send what was not approved just so. Raises `PlanOutdated`."""
        digest = self.earlier.plan.digest
        if undone := self.of(Fate.MADE):
            raise PlanOutdated("made-and-undone", approved=digest, settings=_settings(undone))
        if moved := (*self._frame(), *self._facts(), *self._means(means), *self._others()):
            raise PlanOutdated("rest-outdated", approved=digest, moved=moved)

    def _frame(self) -> list[str]:
        approved = self.earlier.plan
        names = ("tenant", "runbook", "version", "parameters")
        return [name for name in names if as_json(getattr(approved, name)) != as_json(getattr(self.now, name))]

    def _facts(self) -> list[str]:
        """Name the facts that are not as approved. What was begun may have moved facts, and says itself what it still needs."""
        approved, now = self.earlier.plan, as_json(self.now.before)
        begun = self.earlier.begun
        theirs = {name for step_id in begun for name in approved.before.get(step_id, {})}
        names = [
            (step_id, name)
            for step_id in sorted(approved.before.keys() - begun)
            for name in sorted((approved.before[step_id].keys() | now.get(step_id, {}).keys()) - theirs)
        ]
        return [f"{step_id}.{name}" for step_id, name in names if self._moved(step_id, name)]

    def _moved(self, step_id: str, name: str) -> bool:
        approved, now = self.earlier.plan.before[step_id], self.now.before.get(step_id, {})
        return name not in now or name not in approved or as_json(approved[name]) != as_json(now[name])

    def _means(self, means: Mapping[str, str]) -> list[str]:
        parts = [part for change in self.sendable for part in (change, *change.cure)]
        approved = self.earlier.plan.means
        return sorted({part.action for part in parts if means.get(part.action) != approved.get(part.action)})

    def _others(self) -> tuple[str, ...]:
        """Name what would be changed now and is no part of the approved plan, or not from the value that was approved."""
        approved = [_act(step_id, change) for step_id, change in self.earlier.plan.changes]
        return _settings(tuple(change for step_id, change in self.now.changes if _act(step_id, change) not in approved))

    def told(self, sent: tuple[Change, ...]) -> tuple[Finding, ...]:
        """Say what became of what was unknown at the stop, and what this attempt has sent."""
        unknown = self.earlier.of(Fate.UNKNOWN)
        lost = [change for change in unknown if change.once]
        not_made = self.of(Fate.UNKNOWN)
        seen = [change for step_id, change in self.earlier.plan.changes if step_id in self.seen]
        made = tuple(change for change in unknown if change in seen and change not in (*not_made, *lost))
        said = (("unknown-and-made", made), ("unknown-and-not-made", not_made), ("rest-sent", sent))
        notes = [Finding(Level.NOTE, message(key, settings=_settings(about))) for key, about in said if about]
        return (*((Finding(Level.BLOCKER, open_acts(lost)),) if lost else ()), *notes)


def open_acts(acts: Sequence[Change]) -> Message:
    """Return what is said of acts that were being sent at the stop."""
    return message("unknown-act", settings=_settings(tuple(acts)))


def rest_of(earlier: Earlier, planning: Planning, seen: Mapping[str, StepResult]) -> Rest:
    """Return what is left after a look. `seen` is what the steps say now, without what was sent before."""
    clear = {step_id for step_id, result in seen.items() if result.status in (Status.COMPLIANT, Status.PLANNED)}
    return Rest(earlier, planning.plan(seen), frozenset(clear))


def _act(step_id: str, change: Change) -> tuple[str, object]:
    return step_id, as_json(change)


def _settings(changes: tuple[Change, ...]) -> tuple[str, ...]:
    return tuple(change.setting for change in changes)
