"""C5: the directories and containers in scope, and whether the connector account may reset passwords there."""

from __future__ import annotations

from collections.abc import Collection

from runbook_lib.errors import NotPermitted, ScriptFailed
from runbook_lib.facts.access import RIGHTS, missing_rights
from runbook_lib.facts.account_rules import own_rules
from runbook_lib.facts.sync_server import (
    CONNECTORS,
    DIRECTORY_RIGHTS,
    DOMAIN_POLICIES,
    INHERITANCE_BREAKS,
    SYNC_SERVER,
    Connectors,
    DomainRights,
)
from runbook_lib.model import Assessment, Change, Fact, Finding, Level, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks.findings import blocker, note, observed, unknown, warning


def assess_directories(view: View, wanted: Wanted) -> Assessment:
    """C5: filtering noted; the rights are there, are planned to be granted, or a blocker names what is missing."""
    connectors = view.see(CONNECTORS)
    facts = observed(CONNECTORS, filtering=filtering(connectors))
    if not connectors.directories:
        return Assessment(facts, (blocker("no-directory-connector"),))
    try:
        domains = view.see(DIRECTORY_RIGHTS).domains
    except (NotPermitted, ScriptFailed) as error:
        # The second hop was refused or the module is missing: a person has to look, and to put their name to it.
        findings = (note("rights-not-readable"), Finding(Level.WARNING, error.message))
        return Assessment((*facts, unknown("missing-rights", DIRECTORY_RIGHTS.name)), findings, by_hand=True)
    missing = {domain.dn: missing_rights(domain) for domain in domains}
    facts += observed(
        DIRECTORY_RIGHTS, connector_accounts=sorted(account_of(domain) for domain in domains), missing_rights=missing
    )
    facts += observed(DIRECTORY_RIGHTS, account_rules={domain.dn: list(own_rules(domain)) for domain in domains})
    if gap := not_judged(connectors, domains):
        return Assessment(facts, (gap,))
    lacking = [domain for domain in domains if missing[domain.dn]]
    grants = _grants(connectors, domains) if wanted.grant_permissions else ()
    around, warnings = surroundings(view)
    return Assessment((*facts, *around), (*_stops(lacking, wanted), *warnings), grants)


def not_judged(connectors: Connectors, domains: list[DomainRights]) -> Finding | None:
    """Rights that nobody looked at are not rights that are there: every domain in scope must be among the answers."""
    parts = [part for connector in connectors.directories for part in connector.partitions]
    in_scope = {part.dn for part in parts if part.is_domain and part.selected}
    if not in_scope:
        return blocker("no-domain-in-scope")
    unseen = sorted(in_scope - {domain.dn for domain in domains})
    return blocker("rights-not-judged", domains=tuple(unseen)) if unseen else None


def filtering(connectors: Connectors) -> dict[str, dict[str, list[str]]]:
    """Return the containers in scope by naming context: what C8 compares with."""
    return {
        partition.dn: {"included": sorted(partition.included), "excluded": sorted(partition.excluded)}
        for connector in connectors.directories
        for partition in connector.partitions
        if partition.selected
    }


def account_of(domain: DomainRights) -> str:
    """Return the connector account of a domain with its domain in front."""
    return f"{domain.account_domain}\\{domain.account_name}"


def _stops(lacking: list[DomainRights], wanted: Wanted) -> tuple[Finding, ...]:
    if wanted.grant_permissions:
        return ()
    return tuple(
        blocker("missing-rights", account=account_of(domain), dn=domain.dn, rights=tuple(missing_rights(domain)))
        for domain in lacking
    )


def _grants(connectors: Connectors, domains: list[DomainRights]) -> tuple[Change, ...]:
    """One grant for each account that lacks a right somewhere, in the order of their names."""
    accounts = {account_of(domain): domain for domain in domains if missing_rights(domain)}
    return tuple(
        _grant(connectors, [domain for domain in domains if account_of(domain) == account], known)
        for account, known in sorted(accounts.items())
    )


def _grant(connectors: Connectors, domains: list[DomainRights], account: DomainRights) -> Change:
    """Say all that is done: Microsoft's cmdlet changes the root of every domain of the forest, complete or out of scope too.

    Rights on domains out of scope are not read, so what is held there is unknown.
    """
    held = {domain.dn: _held(domain) for domain in domains}
    before = {dn: held.get(dn) for dn in _forests(connectors, held.keys())}
    return Change(
        SYNC_SERVER,
        "grant_writeback_rights",
        f"rights of {account_of(account)} (all domains of the forest)",
        before=before,
        after={dn: list(RIGHTS) for dn in before},
        arguments={"account_name": account.account_name, "account_domain": account.account_domain},
    )


def _forests(connectors: Connectors, dns: Collection[str]) -> list[str]:
    """Return the domains and every other one of their forests, sorted. A connector leads to one forest."""
    forests = [[part.dn for part in known.partitions if part.is_domain] for known in connectors.directories]
    return sorted({*dns, *(dn for forest in forests if not set(forest).isdisjoint(dns) for dn in forest)})


def _held(domain: DomainRights) -> list[str]:
    return [name for name in RIGHTS if name not in missing_rights(domain)]


def surroundings(view: View) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """What else decides whether a reset will work for users; none of it stops the switch itself."""
    ages = {policy.dn: policy.minimum_age_seconds for policy in view.see(DOMAIN_POLICIES).policies}
    units = sorted(view.see(INHERITANCE_BREAKS).units)
    facts = (
        *observed(DOMAIN_POLICIES, minimum_password_age_seconds=ages),
        *observed(INHERITANCE_BREAKS, inheritance_breaks=units),
    )
    findings = [warning("minimum-password-age", dn=dn, hours=age // 3600) for dn, age in ages.items() if age]
    if units:
        findings.append(warning("inheritance-breaks", count=len(units), units=tuple(units[:5])))
    return facts, tuple(findings)
