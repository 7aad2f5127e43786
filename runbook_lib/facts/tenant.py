"""What Microsoft Graph answers, as far as we use it. Property names are Graph's own (v1.0)."""

from __future__ import annotations

from runbook_lib.facts.shape import ForeignShape, Moment, reading

# Service plans, not products: bundles count (Microsoft, licensing service plan reference).
PREMIUM_PLANS = {
    "41781fb2-bc02-4b7c-bd55-b576c07bb09d": "AAD_PREMIUM",
    "eec0eb4f-6444-4f95-aba0-50c24d67f998": "AAD_PREMIUM_P2",
}

# Role templates are the same in every tenant (Microsoft Entra built-in roles).
ADMIN_ROLES = {
    "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
    "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2": "Hybrid Identity Administrator",
}

# Long enough to see who last turned the feature on or off; tenants without a premium licence keep 7 days.
AUDIT_HOURS = 7 * 24


class VerifiedDomain(ForeignShape):
    """A verified domain; `type` is `Managed` or `Federated`."""

    name: str
    type: str
    isDefault: bool = False


class Tenant(ForeignShape):
    """The organization. `onPremisesSyncEnabled` is None when it never synchronized."""

    id: str
    displayName: str
    onPremisesSyncEnabled: bool | None = None
    onPremisesLastSyncDateTime: str | None = None
    verifiedDomains: list[VerifiedDomain]


class Organization(ForeignShape):
    """The organizations a token sees: exactly one."""

    value: list[Tenant]


class ServicePlan(ForeignShape):
    """A service plan inside a product; `provisioningStatus` is `Success` when it can be used."""

    servicePlanId: str
    servicePlanName: str
    provisioningStatus: str


class Sku(ForeignShape):
    """A product the tenant has; `capabilityStatus` is `Enabled` or `Warning` while it can be used."""

    skuPartNumber: str
    capabilityStatus: str
    servicePlans: list[ServicePlan]


class SubscribedSkus(ForeignShape):
    """All products of the tenant."""

    value: list[Sku]

    @property
    def premium_plans(self) -> list[str]:
        """Return the names of the premium service plans that can be used, sorted."""
        usable = [
            plan for sku in self.value if sku.capabilityStatus in ("Enabled", "Warning") for plan in sku.servicePlans
        ]
        names = {PREMIUM_PLANS.get(plan.servicePlanId) for plan in usable if plan.provisioningStatus == "Success"}
        return sorted(name for name in names if name)


class DirectoryRole(ForeignShape):
    """A directory role that the account holds directly."""

    displayName: str
    roleTemplateId: str


class Account(ForeignShape):
    """Who is signed in: `kind` is `user` or `application`; `name` the user principal name or the application's name."""

    kind: str
    id: str
    name: str
    roles: list[DirectoryRole]

    @property
    def admin_roles(self) -> list[str]:
        """Return which of the roles that may do this procedure the account holds, sorted."""
        return sorted({ADMIN_ROLES[role.roleTemplateId] for role in self.roles if role.roleTemplateId in ADMIN_ROLES})


class Registration(ForeignShape):
    """A user's self-service reset state. `isSsprEnabled`: the policy covers the user; `isSsprRegistered`: it can work."""

    userPrincipalName: str
    isSsprEnabled: bool
    isSsprRegistered: bool


class Registrations(ForeignShape):
    """The users of the report. The report lags by hours."""

    value: list[Registration]


class AuditRecord(ForeignShape):
    """An entry of the directory audit log; `activityDateTime` is ISO 8601, UTC."""

    activityDisplayName: str
    activityDateTime: Moment
    result: str | None = None


class DirectoryAudits(ForeignShape):
    """Audit entries of self-service password management."""

    value: list[AuditRecord]


class PilotUser(ForeignShape):
    """A user. `onPremisesSyncEnabled` is None for one that never came from a directory."""

    id: str
    userPrincipalName: str
    accountEnabled: bool
    onPremisesSyncEnabled: bool | None = None
    onPremisesDistinguishedName: str | None = None


class Pilot(ForeignShape):
    """The user to try writeback on, None when there is none of that name, and the directory roles that user holds directly."""

    user: PilotUser | None
    roles: list[DirectoryRole]


TENANT = "tenant"

ORGANIZATION = reading("organization", TENANT, Organization)
SUBSCRIBED_SKUS = reading("subscribed_skus", TENANT, SubscribedSkus)
SIGNED_IN_ACCOUNT = reading("signed_in_account", TENANT, Account)
SSPR_REGISTRATIONS = reading("sspr_registrations", TENANT, Registrations)
# A group of its own: it is asked for only when a pilot is named.
PILOT_ACCOUNT = reading(
    "pilot_account", TENANT, Pilot, group="pilot", about=lambda wanted: {"user": wanted.pilot_user}, user=""
)
DIRECTORY_AUDITS = reading("directory_audits", TENANT, DirectoryAudits, hours=AUDIT_HOURS)
