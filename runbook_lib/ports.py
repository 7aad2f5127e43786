"""What the kit needs from outside, as narrow protocols: targets to read and change, a clock, a journal, an approver.

The engine calls them; `adapters`, `lab` and `evidence` implement them. Everything here can be answered from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar

from runbook_lib.errors import TargetError
from runbook_lib.model import Approval, Assessment, Change, Json, Plan, Wanted
from runbook_lib.texts import Message

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Request:
    """One reading asked of a target: its name (see `READINGS` in `facts`) and its arguments, as JSON data."""

    reading: str
    arguments: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a target answered to one reading or action.

    `body` is JSON data exactly as received, `at` the time we received it (UTC, ISO 8601), `request_id` the target's or
    our own id of the exchange, so that it can be found again in the target's logs. `asked_again` says why a reading was asked
    more than once, one reason for each time it was asked in vain.
    """

    name: str
    body: Json
    at: str
    request_id: str = ""
    asked_again: tuple[Message, ...] = ()


ChangeState = Literal[
    "new", "assess", "authorize", "scheduled", "implement", "review", "closed", "cancelled", "on-hold", "unknown"
]
ChangeApproval = Literal["approved", "requested", "rejected", "not-requested", "unknown"]
ChangeKind = Literal["normal", "standard", "emergency", "unknown"]


@dataclass(frozen=True)
class ChangeRecord:
    """A change record as its system holds it now. What is not known for certain is `unknown`; it is never taken for approved.

    Attributes:
        number: As the system spells it.
        state: Where it stands, in the terms of ServiceNow's own process.
        approval: What the system says of its approval as a whole.
        start: When the planned window opens (with an offset); None: the record names no time.
        end: When it closes; None: the record names no time.
        text: Title, description and plans: what the approvers read, where the digest of a plan can stand.
        kind: How it is approved.
        said: State and approval in the system's own words, for people.
    """

    number: str
    state: ChangeState
    approval: ChangeApproval
    start: datetime | None
    end: datetime | None
    text: str
    kind: ChangeKind
    said: str


@dataclass(frozen=True)
class Parcel:
    """A file to deliver. `name` holds the beginning of `sha256`, so a name is of one content; `note` is one short plain line about it.

    `labels` is what a place may keep beside the file, such as the id of the run.
    """

    name: str
    content: bytes = field(repr=False)
    sha256: str
    note: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """A file that a place holds: its id there, its size in bytes, and when and by whom it was put there, in the place's own words."""

    id: str
    name: str
    size: int
    at: str = ""
    by: str = ""


@dataclass(frozen=True)
class Receipt:
    """What became of a delivery, as seen by looking at the place afterwards.

    Attributes:
        facts: What is so: target, record, id, name, size, SHA-256. The same however often the file is delivered.
        was_there: The file was there already; nothing was uploaded.
        uploads: How often it was sent; more than once only after a look had shown that it did not arrive.
        others: Ids of files of the same name that are not this one: altered, or there twice.
        remarks: What could not be done beside it, such as the comment. The file is delivered all the same.
    """

    facts: Mapping[str, Json]
    was_there: bool
    uploads: int
    others: tuple[str, ...] = ()
    remarks: tuple[Message, ...] = ()


class Place(Protocol):
    """Where a file is delivered: a change record, a folder, a mail. Every method raises `TargetError`."""

    target: str

    def record(self) -> Mapping[str, Json]:
        """Return what the place says of itself: system, address, number and id of the record. Raises when there is none."""
        ...

    def find(self, name: str) -> Sequence[Stored]:
        """Return all files of that name, in the order they were put there."""
        ...

    def fetch(self, stored: Stored) -> bytes:
        """Return the content of a file, as the place gives it back."""
        ...

    def upload(self, parcel: Parcel) -> bool:
        """Send the file once. False: the place asked to come back later, nothing was stored, and we have waited.

        Raises:
            OutcomeUnknown: it was sent, or may have been. The caller looks before anything else.
            RecordRefused: the place takes no file of this size or kind.
        """
        ...

    def annotate(self, parcel: Parcel, stored: Stored) -> tuple[Message, ...]:
        """Leave the note and the labels beside the file, each at most once; return what could not be left. Raises nothing."""
        ...


class Target(Protocol):
    """A system we read and change: the sync server, the tenant, the portal."""

    name: str

    def read(self, requests: Sequence[Request]) -> Sequence[Answer | TargetError]:
        """Answer several readings, in the order asked, in as few exchanges as the protocol allows. Changes nothing.

        Called by the engine, any number of times, from one thread at a time. A reading that fails has its error in its place,
        so that one missing module does not hide the other answers. When the target cannot be reached at all, every
        place holds that error. Never raises `TargetError`.
        """
        ...

    def perform(self, change: Change) -> Answer:
        """Send one change, once. Called by the engine after the journal holds the intention.

        Raises:
            OutcomeUnknown: it was sent, or may have been, and no reply came. The caller looks again and never resends.
            TargetError: the target said no, or it was certainly not sent.
        """
        ...

    def close(self) -> None:
        """Give back what the target holds for us (shells, connections). Called also after errors; never raises.

        A run may go on after it: a target that is asked again connects again.
        """
        ...


@dataclass(frozen=True)
class Reading(Generic[T_co]):
    """A named question to a target, and how its answer is understood. Instances live in `facts`.

    Readings of one target and one `group` are asked for together. The directory has a group of its own, so that a slow or
    refused second hop does not hold up the rest. `about` gives the arguments that depend on what is wanted, such as whom to look at.
    """

    name: str
    target: str
    parse: Callable[[Answer], T_co]
    arguments: Mapping[str, Json] = field(default_factory=dict)
    group: str = ""
    about: Callable[[Wanted], Mapping[str, Json]] | None = None

    @property
    def request(self) -> Request:
        """Return what is sent to the target."""
        return Request(self.name, self.arguments)

    def asked(self, wanted: Wanted) -> Reading[T_co]:
        """Return this reading with the arguments that what is wanted calls for."""
        return replace(self, arguments={**self.arguments, **self.about(wanted)}) if self.about else self


class View(Protocol):
    """What a step looks through: readings taken at one time. Steps see targets only through it."""

    def see(self, reading: Reading[T]) -> T:
        """Return the reading, taken at most once for this view. Raises `TargetError` when it cannot be had."""
        ...

    @property
    def baseline(self) -> View | None:
        """Return the view taken before anything was changed, or None when nothing has been changed."""
        ...


@dataclass(frozen=True)
class Step:
    """One documented step.

    Attributes:
        id: The stable id, such as `c6`.
        kind: `read` looks only; `stage` may plan changes; `apply` sends what earlier steps staged; `after` looks once
            everything is applied.
        readings: All it may look at: asked for together, listed in the docs.
        assess: One look: facts, findings and the changes left to make. The plan and the verification are both this.
        settled: For `apply` steps: one look at whether sent changes have taken effect.
        acts: For `apply` steps: what goes with the staged changes and is not a state, such as a restart that was asked for.
        changes: The names of the actions it may plan (see `ACTIONS` in `facts`).
        proves: The level of the verification ladder, `L0` to `L4`, that rests on this step (see `runbooks.ladder`); empty for none.
    """

    id: str
    kind: str
    readings: tuple[Reading[object], ...]
    assess: Callable[[View, Wanted], Assessment]
    settled: Callable[[View, Wanted], Assessment] | None = None
    acts: Callable[[Wanted], tuple[Change, ...]] | None = None
    changes: tuple[str, ...] = ()
    proves: str = ""


@dataclass(frozen=True)
class Runbook:
    """A runbook: its slug (also of the notebook, the docs page and the parameters example) and its steps in order."""

    slug: str
    version: str
    steps: tuple[Step, ...]

    @property
    def only_reads(self) -> bool:
        """Return whether no step can change anything, so that there is nothing to approve and a verdict is what it is for."""
        return all(step.kind == "read" for step in self.steps)

    @property
    def applying(self) -> tuple[Step, ...]:
        """Return the steps that send what others staged."""
        return tuple(step for step in self.steps if step.kind == "apply")

    def step(self, step_id: str) -> Step:
        """Return the step of that id. Raises `KeyError` for an id of another runbook."""
        return {step.id: step for step in self.steps}[step_id]


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def now(self) -> datetime:
        """Return the time, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait. Called between two looks at something that takes a while."""
        ...


class Journal(Protocol):
    """The append-only record of a run: the truth that cards and reports are views of."""

    def record(self, event: str, **data: Json) -> None:
        """Append one line and return once it is on the disk.

        Raises `EvidenceError` when that cannot be promised; nothing may be sent then.
        """
        ...


class Approver(Protocol):
    """Who says yes to a plan."""

    def approve(self, plan: Plan, digest: str) -> Approval:
        """Return the approval of exactly this plan.

        Raises:
            NotApproved: nobody approved anything.
            PlanOutdated: another plan was approved than the one that now holds.
        """
        ...
