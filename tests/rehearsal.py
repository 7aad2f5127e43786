"""Runs over the in-memory lab on a clock moved by hand: what was read, sent and recorded is kept to be looked at."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from runbook_lib.canonical import canonical
from runbook_lib.engine import ApprovedDigest, Parts, Run, earlier
from runbook_lib.errors import EvidenceError, TargetError
from runbook_lib.evidence import Line, Recorded
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.memory import MemoryPortal, MemoryTenant
from runbook_lib.lab.memory_lab import MemoryLab
from runbook_lib.lab.world import World
from runbook_lib.model import Attestation, Change, Fact, Json, Message, Plan, Status, StepResult, Wanted, as_json
from runbook_lib.ports import Answer, Request, Target
from runbook_lib.runbooks import find

CONNECT, PORTAL, PREFLIGHT = "enable-connect-writeback", "enable-sspr-writeback", "preflight"
VERIFY = "verify-writeback"
DISABLE = "disable-writeback"


def record_of(journal: "MemoryJournal", slug: str, **parameters: Json) -> Recorded:
    """What was recorded in memory, as a journal that was opened for a run of contoso would be read."""
    opened = ("opened", {"runbook": slug, "run": "r1", "parameters": {"tenant": {"name": "contoso"}, **parameters}})
    lines = [Line(n, "", event, data, "", f"{n:064x}") for n, (event, data) in enumerate([opened, *journal.lines], 1)]
    return Recorded(tuple(lines))


@dataclass(frozen=True)
class Written:
    """A line as it is read again: plain JSON data, and when it was written."""

    at: str
    event: str
    data: dict[str, Json]


class MemoryJournal:
    """A journal in memory. With `full_at` it cannot be written from the first line of that event on.

    `on_line` is called with the number of each line, just before it is written and once it is there.
    """

    def __init__(self, full_at: str = "", now: Callable[[], datetime] | None = None) -> None:
        self.lines: list[tuple[str, dict[str, Json]]] = []
        self.written: list[Written] = []
        self.on_line: Callable[[int, bool], Any] = lambda number, is_there: None
        self._full_at = full_at
        self._is_full = False
        self._now = now or ManualClock().now

    def record(self, event: str, **data: Json) -> None:
        self._is_full = self._is_full or event == self._full_at
        if self._is_full:
            raise EvidenceError("evidence-cannot-write", path="journal.jsonl", detail="no space left")
        number = len(self.lines) + 1
        self.on_line(number, False)
        plain = json.loads(canonical(as_json(data)))  # only what has a canonical form can be recorded
        self.lines.append((event, data))
        self.written.append(Written(self._now().isoformat(), event, plain))
        self.on_line(number, True)

    @property
    def events(self) -> list[str]:
        return [event for event, _ in self.lines]

    def of(self, event: str) -> list[dict[str, Json]]:
        """What was recorded with the lines of one event."""
        return [data for known, data in self.lines if known == event]


@dataclass
class Watched:
    """A target that keeps what is asked of it. `before` and `after` are called around every change."""

    target: Target
    before: Callable[[Change], Any] = lambda change: None
    after: Callable[[Change], Any] = lambda change: None
    on_read: Callable[[], Any] = lambda: None
    performed: list[Change] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)
    edits: dict[str, Callable[[Json], Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.target.name

    def read(self, requests: Sequence[Request]) -> list[Answer | TargetError]:
        self.on_read()
        self.asked.append([request.reading for request in requests])
        return [self._edited(answer) for answer in self.target.read(requests)]

    def perform(self, change: Change) -> Answer:
        self.before(change)
        self.performed.append(change)
        try:
            return self.target.perform(change)
        finally:
            self.after(change)

    def close(self) -> None:
        self.target.close()

    def _edited(self, answer: Answer | TargetError) -> Answer | TargetError:
        """The answer, with its body changed in place as `edits` says: a state that no fault of the lab has a name for."""
        if isinstance(answer, Answer) and answer.name in self.edits:
            self.edits[answer.name](answer.body)
        return answer


class Rehearsal:
    """One tenant of the in-memory lab, its targets under watch, and the runs made on it."""

    def __init__(self, tenant: str = "contoso", *faults: str, onboarding: float = 20) -> None:
        self.clock = ManualClock()
        self.lab = MemoryLab(World(self.clock, onboarding_delay=timedelta(seconds=onboarding)))
        self.tenant = self.lab.world.tenant(tenant)
        self.cloud = self.lab.cloud_tenant(tenant)
        self.targets = {name: Watched(target) for name, target in self.lab.targets(tenant).items()}
        self.journal = MemoryJournal(now=self.clock.now)
        self.server, self.portal = self.targets["sync-server"], self.targets["portal"]
        for fault in faults:
            self.tenant.faults.add(fault)

    @property
    def faults(self) -> Any:
        return self.tenant.faults

    @property
    def performed(self) -> list[Change]:
        """Every change that any target was sent."""
        return [change for target in self.targets.values() for change in target.performed]

    def wanted(self, **asked: Any) -> Wanted:
        return Wanted(self.tenant.tenant_id, self.tenant.spec.display_name, **asked)

    def run(self, slug: str, *, approved: str | None = None, **asked: Any) -> Run:
        """A run that has not begun: of mode apply when `approved` is given, even if it is empty."""
        version, parameters = asked.pop("version", "1"), asked.pop("parameters", {"profile": "lab"})
        approver = asked.pop("approver", ApprovedDigest(approved or "", by="tester"))
        parts = Parts(
            self.targets, self.clock, self.journal, approver, asked.pop("means", {}), asked.pop("earlier", None)
        )
        return Run(
            find(slug),
            self.wanted(**asked),
            parts,
            version=version,
            parameters=parameters,
            apply=approved is not None,
        )

    def planned(self, slug: str, **asked: Any) -> Run:
        """A run of mode plan, carried out."""
        return carried_out(self.run(slug, **asked))

    def applied(self, slug: str, **asked: Any) -> Run:
        """A run of mode apply, carried out, with approval of the plan that a run of mode plan makes just before."""
        plan = self.planned(slug, **{key: value for key, value in asked.items() if key != "attestation"}).plan
        return carried_out(self.run(slug, approved=plan.digest, **asked))

    def resumed(self, slug: str, *, approved: str, **asked: Any) -> Run:
        """A run that goes on from what the journal says, not begun."""
        known = earlier(self.journal.written)
        attempt = 2 + self.journal.events.count("resumed")
        self.journal.record("resumed", attempt=attempt)
        return self.run(slug, approved=approved, earlier=known, **asked)

    def attestation(self, done: Plan, /, *steps: str, **changed: Any) -> Attestation:
        """The word of a person that the steps of a plan were done as planned."""
        seen = {"write_back": True, "unlock": True}
        word = Attestation(done.digest, done.tenant, steps, "A. Operator", "2026-11-02T09:10:00Z", seen)
        return replace(word, **changed)


def as_application(here: Rehearsal) -> Rehearsal:
    """The kit's application signed in, instead of a person."""
    clock, application = here.lab.world.clock, here.cloud.applications[0]
    here.targets["tenant"] = Watched(MemoryTenant(here.cloud, application, clock))
    here.targets["portal"] = here.portal = Watched(MemoryPortal(here.cloud, application, clock))
    return here


def carried_out(run: Run) -> Run:
    """Carry out every step in order, as *Run All* does."""
    for step in run.runbook.steps:
        run.step(step.id)
    return run


def actions(here: Rehearsal) -> list[str]:
    """The names of what was sent, in order of targets and time."""
    return [change.action for change in here.performed]


def states(run: Run) -> dict[str, str]:
    return {step: str(result.status) for step, result in run.results.items()}


def said(result: StepResult) -> list[str]:
    """The keys of the findings of a step."""
    return [finding.message.key for finding in result.findings]


def message_of(result: StepResult, key: str) -> Message:
    (found,) = [finding.message for finding in result.findings if finding.message.key == key]
    return found


def fact(result: StepResult, name: str) -> Fact:
    (found,) = [known for known in result.facts if known.name == name]
    return found


def all_in(status: Status, run: Run, *steps: str) -> bool:
    return all(run.results[step].status is status for step in steps)


def filtering_changes(here: Rehearsal) -> None:
    """From now on the server tells of one more excluded unit."""
    here.server.edits["connectors"] = lambda body: body["connectors"][1]["partitions"][0]["excluded"].append("OU=New")


def scheduler_changes(here: Rehearsal) -> None:
    """From now on the server tells that its maintenance task is off."""
    here.server.edits["scheduler"] = lambda body: body.update(maintenance_enabled=False)
