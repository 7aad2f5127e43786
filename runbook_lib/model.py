"""The frozen data of the kit: facts, changes, plans, results. No behaviour beyond reading themselves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from runbook_lib.canonical import digest
from runbook_lib.texts import Message

Json = Any  # str | int | float | bool | None | list[Json] | dict[str, Json]; Python's type checkers do not do recursion well here


class Provenance(StrEnum):
    """How we come to know a fact."""

    OBSERVED = "observed"
    ATTESTED = "attested"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """The state of a step."""

    TO_DO = "to-do"
    COMPLIANT = "compliant"
    PLANNED = "planned"
    BLOCKED = "blocked"
    APPLIED = "applied"
    VERIFIED = "verified"
    NEEDS_OPERATOR = "needs-operator"
    ATTESTED = "attested"
    CONTRADICTED = "contradicted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ROLLED_BACK = "rolled-back"


# A step in one of these states is finished: what it is about holds, as seen or as somebody put their name to.
DONE = frozenset({Status.COMPLIANT, Status.VERIFIED, Status.ATTESTED, Status.ROLLED_BACK})

# Which of the other states calls for action first.
URGENCY = (
    Status.UNKNOWN,
    Status.APPLIED,
    Status.FAILED,
    Status.CONTRADICTED,
    Status.BLOCKED,
    Status.NEEDS_OPERATOR,
    Status.PLANNED,
    Status.TO_DO,
)

# What a key of the roster may be for: to approve plans, to put one's name to what was done by hand, to sign bundles.
ROLES = ("approver", "attester", "sealer")

# The exit code that a step in each state calls for. Worst first: 4, 1, 5, 3, 0.
EXIT_CODES: Mapping[Status, int] = {
    Status.UNKNOWN: 4,
    Status.APPLIED: 4,
    Status.FAILED: 1,
    Status.BLOCKED: 1,
    Status.CONTRADICTED: 1,
    Status.NEEDS_OPERATOR: 5,
    Status.PLANNED: 3,
    Status.TO_DO: 3,
    Status.COMPLIANT: 0,
    Status.VERIFIED: 0,
    Status.ATTESTED: 0,
    Status.ROLLED_BACK: 0,
}
SEVERITY = (4, 1, 5, 3, 0)


class Level(StrEnum):
    """How much a finding weighs."""

    BLOCKER = "blocker"
    CONTRADICTION = "contradiction"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Fact:
    """One thing known about a target.

    `source` names the reading, or who attested it. A fact that is not `decisive` may move between plan and apply without
    making the plan outdated: times, event numbers, the next run of the scheduler.
    """

    name: str
    value: Json
    source: str
    provenance: Provenance = Provenance.OBSERVED
    decisive: bool = True


@dataclass(frozen=True)
class Finding:
    """Something the operator must know about a step."""

    level: Level
    message: Message


@dataclass(frozen=True)
class Change:
    """One change as data: it can be shown, hashed, approved, recorded and undone.

    Attributes:
        target: Who is changed: `sync-server`, `tenant`, `portal`, or `operator` for what a person does by hand.
        action: The name of the script or request that does it.
        setting: What is changed, in words of the product.
        before, after: The value now and the value wanted. Unknown values are None.
        arguments: What the action is given, beside `after`.
        once: An act, not a state: it cannot be read back, and is not planned again once done.
        unsupported: True when Microsoft does not support this way of making the change.
        cure: Changes made instead, in order, when the target says that its configuration is in an invalid state.
    """

    target: str
    action: str
    setting: str
    before: Json
    after: Json
    arguments: Mapping[str, Json] = field(default_factory=dict)
    once: bool = False
    unsupported: bool = False
    cure: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """What one look at a step says. A blocker stops; something waited for may still come; changes are what is left to do.

    `by_hand` is true when only a person can do or see what is asked, so that the step needs an operator or an attestation.
    """

    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    waiting: tuple[Message, ...] = ()
    by_hand: bool = False

    @property
    def blockers(self) -> tuple[Message, ...]:
        """Return why the step cannot go on; empty when it can."""
        return self._messages(Level.BLOCKER)

    @property
    def contradictions(self) -> tuple[Message, ...]:
        """Return where a reading disagrees with what was attested; empty when none does."""
        return self._messages(Level.CONTRADICTION)

    def _messages(self, level: Level) -> tuple[Message, ...]:
        return tuple(finding.message for finding in self.findings if finding.level is level)


@dataclass(frozen=True)
class Attestation:
    """A person's word that steps were done by hand.

    `plan` is the digest of the plan they carried out, `values` what they saw (`write_back`, `unlock`, `connect_writeback` and so
    on, see `parameters.attestation`), `at` when, in UTC.
    """

    plan: str
    tenant: str
    steps: tuple[str, ...]
    by: str
    at: str
    values: Mapping[str, bool] = field(default_factory=dict)
    second_person: str = ""
    file: str = ""


@dataclass(frozen=True)
class StepResult:
    """What became of a step. `changes` keeps the diff that was planned or sent, also after it is done."""

    step: str
    status: Status
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    started_at: str = ""
    finished_at: str = ""

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of what was found and not of when, so that it is the same in whatever language it is read."""
        found = {name: getattr(self, name) for name in ("step", "status", "facts", "findings", "changes")}
        return digest(as_json(found))


@dataclass(frozen=True)
class Plan:
    """What a run would change, on what grounds. Its digest is what an approval names.

    `parameters` are the normalised parameters with secret references only; `before` the decisive facts by step;
    `changes` the changes by step, in the order they would be sent; `means` the SHA-256, by action, of what carries a change
    out (a script, a request), so that whoever approves a change approves how it is made.
    """

    tenant: str
    runbook: str
    version: str
    parameters: Mapping[str, Json]
    before: Mapping[str, Mapping[str, Json]]
    changes: tuple[tuple[str, Change], ...]
    means: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the plan in canonical form, in hexadecimal."""
        return digest(as_json(self))


@dataclass(frozen=True)
class SignedApproval:
    """What one signature under an approval says, and what it is worth.

    Attributes:
        file, sha256: The envelope: what we call it, and its SHA-256.
        key_id, name, roles, account: Whose key it is, as the roster says; empty for a key that it does not hold.
        standing: `valid`, `unknown-key`, `expired`, `not-yet-valid` or `bad`, at the time of asking.
        digest, tenant, runbook, version: The plan that is approved.
        by, at, until, comment: What the approver says of themselves: name, when (ISO 8601), until when it counts (empty: no end).
    """

    file: str
    sha256: str
    key_id: str
    name: str
    roles: tuple[str, ...]
    account: str
    standing: str
    digest: str
    tenant: str
    runbook: str
    version: str
    by: str
    at: str
    until: str = ""
    comment: str = ""

    @property
    def person(self) -> str:
        """Return who that is: two spellings of one name are one person."""
        return one_person(self.name)


@dataclass(frozen=True)
class Approval:
    """Who approved which plan, as the operating system knows them, and how: `parameter`, `command-line`, `demo`.

    `signatures` tells, with a roster, who approved it with a key of their own: `name`, `key_id`, `at`, and of the envelope `file` and
    `sha256`. `change` is what the change record said, when it was asked: `number`, `said`, `start`, `end`.
    """

    digest: str
    by: str
    how: str
    signatures: Sequence[Mapping[str, Json]] = ()
    change: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Undo:
    """What a rollback takes back: the changes that an earlier run sent and saw made, and only these.

    Attributes:
        run: That run, as `<tenant>/<run id>`.
        runbook: Its runbook.
        journal: The digest of the last line of its journal: an approval of the rollback is for undoing exactly this.
        changes: What it sent and then saw made, as it was planned: `before` is what is to come back.
        modified: When the writeback configuration had last been changed, as the server told that run; None when it did not.
        rules: By domain root, the access rules that the run added (as `facts.access` writes them).
        rules_after: By domain root, all explicit rules of the connector account when the run ended.
    """

    run: str
    runbook: str
    journal: str
    changes: tuple[Change, ...]
    modified: str | None = None
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules_after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, setting: str) -> bool:
        """Tell whether that run changed a setting."""
        return any(change.setting == setting for change in self.changes)


@dataclass(frozen=True)
class Wanted:
    """What the runbooks are asked to bring about: the part of the parameters that decides.

    `tenant_id` is a GUID in lower case; `provider` is `guided` or `portal-api`; `wait_seconds` bounds every wait.
    `other_servers` are the endpoints of further sync servers of the tenant, which must be in staging mode; `cloud` is the
    tenant's national cloud. `pilot_user` is the user principal name of the user to try the feature with, empty for none.
    `undo` is what a rollback takes back, None for a run that is none.
    `tokens_kept` says where a person's tokens are kept: `memory`, `encrypted` or `plain-file`.
    `server_by_hand` is true when the sync server may not be reached: a person does its steps in the wizard, and nothing of it is read.
    """

    tenant_id: str
    tenant_name: str
    cloud: str = "global"
    provider: str = "guided"
    write_back: bool = True
    unlock: bool = True
    grant_permissions: bool = False
    restart_service: bool = False
    start_delta_cycle: bool = False
    wait_seconds: int = 300
    other_servers: tuple[str, ...] = ()
    pilot_user: str = ""
    tokens_kept: str = "memory"
    server_by_hand: bool = False
    attestation: Attestation | None = None
    undo: Undo | None = None


def one_person(name: str) -> str:
    """Return a name without what does not tell two people apart: capitals and spaces."""
    return " ".join(name.casefold().split())


_PLAIN = frozenset({str, int, float, bool, type(None)})


def as_json(value: Any) -> Json:
    """Return frozen data as plain JSON data: what the journal and the plan are written from."""
    if type(value) in _PLAIN:  # most are, and the questions below cost more
        return value
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {name: as_json(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def change_from(data: Mapping[str, Json]) -> Change:
    """Return the change that `as_json` wrote. Raises `KeyError` or `TypeError` when it wrote none."""
    return Change(**{**data, "cure": tuple(map(change_from, data["cure"]))})


def plan_from(data: Mapping[str, Json]) -> Plan:
    """Return the plan that `as_json` wrote. Raises `KeyError`, `TypeError` or `ValueError` when it wrote none."""
    return Plan(**{**data, "changes": tuple((step_id, change_from(change)) for step_id, change in data["changes"])})
