"""The cloud half of the lab's tenants: who can sign in, what Graph and the portal hold, tied to what the sync servers do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from runbook_lib.lab.cloud.roles import (
    AUTHENTICATION_ADMINISTRATOR,
    HELPDESK_ADMINISTRATOR,
    HYBRID_IDENTITY_ADMINISTRATOR,
)
from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    AutoApproval,
    Cloud,
    CloudTenant,
    Domain,
    PortalPolicy,
    Registration,
    Secret,
)
from runbook_lib.lab.world import LabTenant, World

# The kit's applications, the same in every tenant of the lab: one through which people sign in, one that signs in itself.
CLIENT_ID = "9d2c8a4f-63e5-4f1b-b7da-4a1e6c8b3f21"
APPLICATION_ID = "8c1b7f3e-52d4-4e0a-a6c9-3f0d5b7a2e10"
# Azure PowerShell: public tools use it for the portal's internal endpoint (O365Essentials, azurenum).
PORTAL_CLIENT_ID = "1950a258-227b-4e31-a9cf-717495945fc2"

_READS = ("Directory.Read.All", "AuditLog.Read.All", "LicenseAssignment.Read.All", "Application.Read.All")
# Whom AdminSDHolder guards on premises is an administrator in the cloud too.
_ROLES = {"pradeep": (HELPDESK_ADMINISTRATOR,)}
_USERS = (("adele", "Adele Vance"), ("diego", "Diego Siciliani"), ("lynne", "Lynne Robbins"))


@dataclass(frozen=True)
class CloudSetup:
    """What the cloud side of all tenants is made with. `certificate` is the PEM that the unattended application may prove itself with.

    With `auto_approve` a device code is approved by the administrator at once: for rehearsals without a person.
    """

    certificate: bytes = b""
    auto_approve: bool = True


def cloud_of(world: World, setup: CloudSetup | None = None) -> Cloud:
    """Return the cloud of a world. Its client secrets are drawn anew each time."""
    return Cloud((_tenant(tenant, setup or CloudSetup()) for tenant in world.tenants.values()), world.clock)


def administrator(tenant: CloudTenant) -> Account:
    """Return the account that may carry out the procedure."""
    return tenant.accounts[0]


def unattended(tenant: CloudTenant) -> Application:
    """Return the application that signs in by itself, with a secret or a certificate."""
    return next(known for known in tenant.applications if known.client_id == APPLICATION_ID)


def _tenant(tenant: LabTenant, setup: CloudSetup) -> CloudTenant:
    spec = tenant.spec
    admin = Account(
        f"admin@{spec.initial_domain}",
        "Lab Administrator",
        (HYBRID_IDENTITY_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR),
    )
    made = CloudTenant(
        spec.tenant_id,
        spec.display_name,
        (Domain(spec.initial_domain, is_initial=True), Domain(spec.verified_domain, is_default=True)),
        accounts=[admin, *_people(tenant)],
        applications=_applications(setup),
        last_sync=tenant.clock() - timedelta(minutes=12),
        registrations=_registrations(tenant),
        policy=PortalPolicy(passwordWritebackSupported=spec.portal[0], accountUnlockEnabled=spec.portal[1]),
        page_available=lambda: tenant.server.writeback().enabled,
        faults=tenant.faults,
        auto_approval=AutoApproval(admin.upn) if setup.auto_approve else None,
    )
    made.premises = tenant.server
    tenant.on_audit(made.record_audit)
    return made


def _people(tenant: LabTenant) -> list[Account]:
    """The users of the directory, as they were synchronized, and one that is in the cloud only. Administrators are so in both."""
    known = [
        Account(user.upn, user.name, _ROLES.get(user.sam_account_name, ()), user.is_enabled, user.dn)
        for domain in tenant.directory
        for user in domain.users
        if user.upn
    ]
    return [*known, Account(f"isaiah@{tenant.spec.initial_domain}", "Isaiah Langer")]


def _applications(setup: CloudSetup) -> list[Application]:
    scopes = ("User.Read", *_READS, "UserAuthenticationMethod.ReadWrite.All")
    unattended = Application(
        APPLICATION_ID,
        "Runbook kit, unattended (lab)",
        Secret(secrets.token_urlsafe()),
        certificates=(setup.certificate,) if setup.certificate else (),
        app_roles=_READS,
        roles=(HYBRID_IDENTITY_ADMINISTRATOR,),
    )
    attended = Application(CLIENT_ID, "Runbook kit (lab)", delegated_scopes=scopes, public_client=True)
    first_party = Application(
        PORTAL_CLIENT_ID, "Azure PowerShell (lab)", delegated_scopes=scopes, public_client=True, portal=True
    )
    return [attended, unattended, first_party]


def _registrations(tenant: LabTenant) -> list[Registration]:
    """The last user of tailspin is outside the policy, and the one before has not registered yet."""
    troubled = tenant.name == "tailspin"
    return [
        Registration(
            f"{name}@{tenant.spec.verified_domain}",
            display_name,
            enabled=not (troubled and number == 2),
            registered=not (troubled and number >= 1),
            updated=tenant.clock() - timedelta(hours=9),
        )
        for number, (name, display_name) in enumerate(_USERS)
    ]
