"""What the invented tenants hold. The world and the endpoints share these objects, so a change shows at once.

Identifiers of products, service plans and roles are Microsoft's own, the same in every tenant (licensing service plan
reference; Entra built-in roles). Everything else is invented.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from runbook_lib.lab.clock import Now, real_time
from runbook_lib.lab.cloud.resets import Nowhere, Operation, Premises
from runbook_lib.lab.cloud.roles import Role

# Who answers when an account turns out to belong to another tenant (fault `wrong_tenant`).
STRANGER_ID = "0b0ca110-5e1f-4f0d-9a57-3c1d2e4f5a6b"
STRANGER_NAME = "Northwind Traders"

SSPR_SERVICE = "Self-service Password Management"  # entra-docs, reference-audit-activities
WRITEBACK_ENABLED = "Enable password writeback for directory"
WRITEBACK_DISABLED = "Disable password writeback for directory"

SHORT_SECONDS = 2  # how long access tokens live under the fault `short_tokens`


class FaultSet(Protocol):
    """The faults that are on now, by name: a set of strings, or the lab's `Faults`."""

    def __contains__(self, name: str, /) -> bool: ...


@dataclass(frozen=True)
class ServicePlan:
    """A service plan inside a product; `provisioning_status` is `Success` while it can be used."""

    id: str
    name: str
    provisioning_status: str = "Success"


@dataclass(frozen=True)
class Sku:
    """A product the tenant has; `capability_status` is `Enabled` or `Warning` while it can be used."""

    id: str
    part_number: str
    plans: tuple[ServicePlan, ...]
    capability_status: str = "Enabled"
    units: int = 100
    consumed: int = 42


PREMIUM_P1 = Sku(
    "078d2b04-f1bd-4111-bbd4-b4b1b354cef4",
    "AAD_PREMIUM",
    (ServicePlan("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM"),),
)
PREMIUM_P2 = Sku(
    "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
    "AAD_PREMIUM_P2",
    (ServicePlan("eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2"),),
)
_PREMIUM_PLANS = {plan.id for sku in (PREMIUM_P1, PREMIUM_P2) for plan in sku.plans}


@dataclass(frozen=True)
class Domain:
    """A verified domain; `type` is `Managed` or `Federated`. The initial one ends in `.onmicrosoft.com`."""

    name: str
    type: str = "Managed"
    is_default: bool = False
    is_initial: bool = False


@dataclass
class Account:
    """A user who can sign in, with the directory roles held directly, not through a group.

    `directory_dn` is the distinguished name of the object that is synchronized, None for a user of the cloud only.
    """

    upn: str
    display_name: str
    roles: tuple[Role, ...] = ()
    is_enabled: bool = True
    directory_dn: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Secret:
    """A client secret of an application, and when it stops working (UTC); None is never."""

    value: str
    expires: datetime | None = None


@dataclass
class Application:
    """An application known to the tenant.

    `certificates` are PEM, `app_roles` the Graph permissions granted to the application itself, `delegated_scopes`
    those consented to for signed-in users. `portal` is true for the few clients of Microsoft that may ask for the
    portal's resource.
    """

    client_id: str
    display_name: str
    secret: Secret | None = None
    certificates: tuple[bytes, ...] = ()
    app_roles: tuple[str, ...] = ()
    delegated_scopes: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    public_client: bool = False
    portal: bool = False
    object_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Registration:
    """A row of the report on self-service reset registration."""

    upn: str
    display_name: str
    enabled: bool = True
    registered: bool = True
    is_admin: bool = False
    updated: datetime = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class AuditRecord:
    """An entry of the directory audit log. `agent` is the additional detail `OnPremisesAgent`, empty where there is none."""

    activity: str
    at: datetime
    service: str = SSPR_SERVICE
    category: str = "DirectoryManagement"
    result: str = "success"
    agent: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class PortalPolicy:
    """What the page *On-premises integration* holds, in the field names of its internal endpoint (public tools)."""

    objectId: str | None = "default"  # noqa: N815 - the endpoint's own names
    passwordWritebackSupported: bool = False  # noqa: N815
    accountUnlockSupported: bool = True  # noqa: N815
    accountUnlockEnabled: bool = False  # noqa: N815
    enablementForTenant: bool = True  # noqa: N815
    cloudProvisioningEnablementForTenant: bool = False  # noqa: N815


@dataclass(frozen=True)
class AutoApproval:
    """A device code is approved by this account by itself, some seconds after it was handed out: for headless
    rehearsals.
    """

    upn: str
    after_seconds: float = 0.0


@dataclass
class CloudTenant:
    """One invented tenant. `id` is a GUID in lower case; times are UTC.

    `page_available` tells whether the portal page has anything to show, which is so once the sync server's side is
    configured. `faults` is shared with the rest of the lab; `page_size` is how many rows Graph answers at a time when
    not asked otherwise. `token_lifetime` is that of access tokens; Entra's live an hour or more. A new password reaches
    `premises` after `reset_delay`.
    """

    id: str
    display_name: str
    domains: tuple[Domain, ...]
    accounts: list[Account] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    skus: tuple[Sku, ...] = (PREMIUM_P1,)
    on_premises_sync_enabled: bool | None = True
    last_sync: datetime | None = None
    registrations: list[Registration] = field(default_factory=list)
    audits: list[AuditRecord] = field(default_factory=list)
    policy: PortalPolicy = field(default_factory=PortalPolicy)
    page_available: Callable[[], bool] = lambda: True
    faults: FaultSet = field(default_factory=set)
    auto_approval: AutoApproval | None = None
    device_code_interval: int = 1
    device_code_lifetime: timedelta = timedelta(minutes=15)
    token_lifetime: timedelta = timedelta(seconds=3599)
    page_size: int = 100
    throttled_times: int = 2
    retry_after: int = 1
    challenge: str = ""
    premises: Premises = field(default_factory=Nowhere)
    reset_delay: timedelta = timedelta(0)
    operations: dict[str, Operation] = field(default_factory=dict)
    _struck: Counter[str] = field(default_factory=Counter, repr=False)

    def record_audit(self, activity: str, at: datetime) -> None:
        """Add an entry to the directory audit log, as self-service password management writes it."""
        self.audits.append(AuditRecord(activity, at))

    def record_reset(self, activity: str, at: datetime, *, is_done: bool, agent: str) -> None:
        """Add an entry on a user's password to the directory audit log."""
        result = "success" if is_done else "failure"
        self.audits.append(AuditRecord(activity, at, category="UserManagement", result=result, agent=agent))

    def strikes(self, fault: str, times: int) -> bool:
        """Tell whether a fault strikes now; it does so `times` times, and again after it was off in between."""
        if fault not in self.faults:
            self._struck.pop(fault, None)
            return False
        self._struck[fault] += 1
        return self._struck[fault] <= times

    @property
    def presented(self) -> tuple[str, str]:
        """Return the id and the name of the tenant that an account turns out to belong to."""
        return (STRANGER_ID, STRANGER_NAME) if "wrong_tenant" in self.faults else (self.id, self.display_name)

    @property
    def token_seconds(self) -> int:
        """Return how long a new access token lives, in seconds."""
        return SHORT_SECONDS if "short_tokens" in self.faults else int(self.token_lifetime.total_seconds())

    def account(self, upn: str) -> Account | None:
        """Return the user of that name, in any case."""
        return next((account for account in self.accounts if account.upn.lower() == upn.lower()), None)

    def account_named(self, name: str) -> Account | None:
        """Return the user of that object id or of that user principal name, in any case."""
        return self.account_by_id(name) or self.account(name)

    def account_by_id(self, object_id: str) -> Account | None:
        """Return the user of that object id."""
        return next((account for account in self.accounts if account.id == object_id), None)

    def application(self, client_id: str) -> Application | None:
        """Return the application of that client id, in any case."""
        return next((known for known in self.applications if known.client_id.lower() == client_id.lower()), None)

    def roles_of(self, member: Account | Application) -> tuple[Role, ...]:
        """Return the directory roles somebody holds directly."""
        return () if "no_role" in self.faults else member.roles

    def skus_now(self) -> tuple[Sku, ...]:
        """Return the products, without premium service plans when there is no licence."""
        if "no_licence" not in self.faults:
            return self.skus
        stripped = (replace(sku, plans=tuple(p for p in sku.plans if p.id not in _PREMIUM_PLANS)) for sku in self.skus)
        return tuple(sku for sku in stripped if sku.plans)

    @property
    def is_premium(self) -> bool:
        """Return whether any premium service plan is left."""
        return any(plan.id in _PREMIUM_PLANS for sku in self.skus_now() for plan in sku.plans)

    def domains_now(self) -> tuple[Domain, ...]:
        """Return the verified domains; those of the administrators are federated under `federated_admin`."""
        if "federated_admin" not in self.faults:
            return self.domains
        administrators = [known for known in self.accounts if known.roles and known.directory_dn is None]
        theirs = {account.upn.rpartition("@")[2].lower() for account in administrators}
        return tuple(replace(d, type="Federated") if d.name.lower() in theirs else d for d in self.domains)

    def audits_now(self, now: datetime) -> list[AuditRecord]:
        """Return the audit entries, newest first; under `audit_contradicts` the newest says that it was turned off."""
        contradiction = [AuditRecord(WRITEBACK_DISABLED, now)] if "audit_contradicts" in self.faults else []
        return sorted([*self.audits, *contradiction], key=lambda record: record.at, reverse=True)


class Cloud:
    """All tenants of the lab's cloud.

    `clock` returns the time in UTC; `address` is where the cloud is reached (`https://host:port`), set when it is
    served.
    """

    def __init__(self, tenants: Iterable[CloudTenant] = (), clock: Now = real_time) -> None:
        self.clock = clock
        self.address = "https://localhost"
        self._tenants = {tenant.id: tenant for tenant in tenants}

    def add(self, tenant: CloudTenant) -> None:
        """Add a tenant, also while the cloud is served."""
        self._tenants[tenant.id] = tenant

    def tenant(self, name: str) -> CloudTenant | None:
        """Return the tenant of that id or of that verified domain, in any case."""
        wanted = name.lower()
        by_domain = (t for t in self._tenants.values() if any(d.name.lower() == wanted for d in t.domains))
        return self._tenants.get(wanted) or next(by_domain, None)
