"""C4 and P1: who is signed in, to which tenant, with which role, and whether the tenant is licensed."""

from __future__ import annotations

from runbook_lib.facts.sync_server import CONNECTORS, Connector
from runbook_lib.facts.tenant import ORGANIZATION, SIGNED_IN_ACCOUNT, SUBSCRIBED_SKUS, Account, Tenant
from runbook_lib.model import Assessment, Fact, Finding, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks.findings import blocker, note, observed, passing, warning

# What tells who is signed in, and whether the tenant is the right one and licensed.
ACCOUNT = (SIGNED_IN_ACCOUNT, ORGANIZATION, SUBSCRIBED_SKUS)

USER = "user"


def assess_cloud_account(view: View, wanted: Wanted) -> Assessment:
    """C4: the right tenant, the right role, and a licence that includes writeback."""
    facts, findings, tenant = _signed_in(view, wanted)
    if tenant is None:
        return Assessment(facts, findings)
    roles = _role_findings(view.see(SIGNED_IN_ACCOUNT))
    return Assessment(facts, (*roles, *findings, *_connector_findings(view, tenant, wanted)))


def assess_portal_account(view: View, wanted: Wanted) -> Assessment:
    """P1: as C4, but the role may come through a group.

    Only a person can sign in to the portal, so an application's sign-in is no proof.
    """
    facts, findings, tenant = _signed_in(view, wanted)
    account = view.see(SIGNED_IN_ACCOUNT)
    if account.kind == USER:
        # We read roles held directly, and only Connect asks for those. Who lacks the role is turned away by the portal.
        unsure = tenant is not None and not account.admin_roles
        roles = (warning("role-not-held-directly", account=account.name),) if unsure else ()
        return Assessment(facts, (*roles, *findings))
    if wanted.provider == "portal-api":
        return Assessment(facts, (*findings, blocker("portal-wants-a-person")))
    return Assessment(facts, (*findings, note("portal-sign-in-by-hand")), by_hand=True)


def assess_tenant(view: View, wanted: Wanted) -> Assessment:
    """Look at what C4 looks at, but for what only turning the feature on asks of whoever is signed in: role and domain."""
    facts, findings, tenant = _right_tenant(view, wanted)
    return Assessment(facts, findings if tenant is None else (*findings, *_connector_findings(view, tenant, wanted)))


def _signed_in(view: View, wanted: Wanted) -> tuple[tuple[Fact, ...], tuple[Finding, ...], Tenant | None]:
    """Return what C4 and P1 look at; the tenant is None when it is not the one we were asked for."""
    facts, findings, tenant = _right_tenant(view, wanted)
    if tenant is None:
        return facts, findings, None
    return facts, (*_federation_findings(view.see(SIGNED_IN_ACCOUNT), tenant), *findings), tenant


def _right_tenant(view: View, wanted: Wanted) -> tuple[tuple[Fact, ...], tuple[Finding, ...], Tenant | None]:
    account, organizations = view.see(SIGNED_IN_ACCOUNT), view.see(ORGANIZATION).value
    tenant = next((known for known in organizations if known.id.lower() == wanted.tenant_id), None)
    facts = (
        *observed(SIGNED_IN_ACCOUNT, account=account.name, account_kind=account.kind, roles=account.admin_roles),
        *observed(ORGANIZATION, tenant=[known.id for known in organizations]),
    )
    kept = _kept_findings(account, wanted)
    if tenant is None:
        seen = tuple(known.id for known in organizations)
        return facts, (*kept, blocker("other-tenant", wanted=wanted.tenant_id, seen=seen)), None
    ready, stops = _tenant_state(view, tenant)
    return (*facts, *ready), (*kept, *stops), tenant


def _kept_findings(account: Account, wanted: Wanted) -> tuple[Finding, ...]:
    """Who approves and who audits should know that a sign-in lies about in clear."""
    return (warning("token-cache-in-clear", account=account.name),) if wanted.tokens_kept == "plain-file" else ()


def _tenant_state(view: View, tenant: Tenant) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """Writeback needs a premium licence, and a tenant that synchronizes with a directory."""
    plans = view.see(SUBSCRIBED_SKUS).premium_plans
    facts = (
        *observed(SUBSCRIBED_SKUS, premium_plans=plans),
        *observed(ORGANIZATION, directory_sync=tenant.onPremisesSyncEnabled),
        *passing(ORGANIZATION, last_sync=tenant.onPremisesLastSyncDateTime),
    )
    unlicensed = () if plans else (blocker("no-premium-licence"),)
    unsynchronized = () if tenant.onPremisesSyncEnabled else (blocker("tenant-does-not-synchronize"),)
    return facts, (*unlicensed, *unsynchronized)


def _role_findings(account: Account) -> tuple[Finding, ...]:
    """Connect wants the role held directly, not through a group (Microsoft, prerequisites)."""
    if account.admin_roles:
        return ()
    # An application reads through its permissions; the sync server changes the setting with its own stored identity.
    missing = blocker if account.kind == USER else warning
    return (missing("no-administrator-role", account=account.name),)


def _federation_findings(account: Account, tenant: Tenant) -> tuple[Finding, ...]:
    domain = account.name.rpartition("@")[2].lower()
    federated = any(known.name.lower() == domain and known.type == "Federated" for known in tenant.verifiedDomains)
    return (blocker("federated-account", account=account.name),) if federated else ()


def _connector_findings(view: View, tenant: Tenant, wanted: Wanted) -> tuple[Finding, ...]:
    """The server must synchronize to the tenant we are signed in to, as the names in its cloud connector tell."""
    if wanted.server_by_hand:
        return ()  # nobody reads them: a person has to see it, which the step says
    verified = {known.name.lower() for known in tenant.verifiedDomains}
    domains = {_domain(connector) for connector in view.see(CONNECTORS).cloud}
    strangers = sorted(domains - verified)
    return (blocker("server-of-other-tenant", domains=tuple(strangers)),) if strangers else ()


def _domain(connector: Connector) -> str:
    """Return the domain of the connector's account, or of its name where it signs in as an application."""
    account = connector.parameters.get("UserName", "")
    return (account.rpartition("@")[2] if "@" in account else connector.name.partition(" ")[0]).lower()
