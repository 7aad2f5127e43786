"""Users as the directory and the report show them: the pilot, and a few others in scope. Part of F6 and F7; nothing here blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from runbook_lib.errors import TargetError
from runbook_lib.facts.access import missing_on_user, missing_rights
from runbook_lib.facts.directory_users import DIRECTORY_USERS, DirectoryUser, DomainUsers
from runbook_lib.facts.sync_server import DIRECTORY_RIGHTS, DomainRights
from runbook_lib.facts.tenant import SSPR_REGISTRATIONS, Registration
from runbook_lib.model import Assessment, Finding, Level, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks.findings import note, passing, unknown, warning


def assess_users(view: View, wanted: Wanted) -> Assessment:
    """Whether a reset would reach the users that were looked at. What the root of the domain lacks is told with the root."""
    try:
        users, rights = view.see(DIRECTORY_USERS), view.see(DIRECTORY_RIGHTS)
    except TargetError as error:
        why = Finding(Level.WARNING, error.message)
        return Assessment((unknown("users", DIRECTORY_USERS.name),), (warning("users-not-readable"), why))
    roots = {root.dn: root for root in rights.domains}
    everybody = [user for domain in users.domains for user in domain.users]
    findings = [
        *_pilots(users.pilots, wanted),
        *_named("users-protected", everybody, _is_protected),
        *_named("users-without-inheritance", everybody, lambda user: not user.inherits and not _is_protected(user)),
        *(finding for domain in users.domains for finding in _lacking(domain, roots.get(domain.dn))),
        *(finding for root in rights.domains for finding in _other_class(root)),
    ]
    facts = passing(
        DIRECTORY_USERS,
        users=sorted(_name(user) for user in everybody),
        rights_missing_on_users={_name(user): missing for user in everybody if (missing := missing_on_user(user))},
    )
    return Assessment(facts, tuple(findings))


def _pilots(pilots: list[DirectoryUser], wanted: Wanted) -> Iterable[Finding]:
    if wanted.pilot_user and not pilots:
        yield warning("pilot-not-in-directory", user=wanted.pilot_user)
    for pilot in pilots:
        if not pilot.enabled:
            yield warning("pilot-disabled", user=_name(pilot))
        if pilot.locked_out:
            yield warning("pilot-locked-out", user=_name(pilot))


def _is_protected(user: DirectoryUser) -> bool:
    return user.admin_count > 0


def _named(key: str, users: list[DirectoryUser], fits: Callable[[DirectoryUser], bool]) -> Iterable[Finding]:
    found = tuple(_name(user) for user in users if fits(user))
    return (warning(key, users=found),) if found else ()


def _lacking(domain: DomainUsers, root: DomainRights | None) -> Iterable[Finding]:
    """Name the rights that the root gives and a user does not have; of those who are protected it is told that they are."""
    lost_above = missing_rights(root) if root else []
    kinds: dict[tuple[str, ...], list[str]] = {}
    for user in domain.users:
        rights = tuple(right for right in missing_on_user(user) if right not in lost_above)
        if rights and not _is_protected(user):
            kinds.setdefault(rights, []).append(_name(user))
    account = f"{domain.account_domain}\\{domain.account_name}"
    for rights, names in kinds.items():
        yield warning("rights-missing-on-users", account=account, users=tuple(names), rights=rights)


def _other_class(root: DomainRights) -> Iterable[Finding]:
    """Say that users of class inetOrgPerson are left out, where users are not: Microsoft's cmdlet grants for users only."""
    if not missing_rights(root) and missing_rights(root, "inetOrgPerson"):
        yield note("inetorgperson-not-covered", dn=root.dn)


def _name(user: DirectoryUser) -> str:
    return user.user_principal_name or user.dn


def registration(view: View, wanted: Wanted) -> Assessment:
    """Return what the report says of the sampled users, matched by user principal name; the pilot is told of apart.

    Why one of the two readings cannot be had is told where it is read first; here the sample is unknown then.
    """
    try:
        domains = view.see(DIRECTORY_USERS).domains
        report = {known.userPrincipalName.lower(): known for known in view.see(SSPR_REGISTRATIONS).value}
    except TargetError:
        return Assessment((unknown("users", DIRECTORY_USERS.name),))
    sample = [
        user.user_principal_name
        for domain in domains
        for user in domain.users
        if user.user_principal_name and user.enabled and not user.is_pilot
    ]
    return Assessment(passing(DIRECTORY_USERS, users=sorted(sample)), tuple(_kinds(sample, report)))


def _kinds(sample: list[str], report: dict[str, Registration]) -> Iterable[Finding]:
    known = [(name, report[name.lower()]) for name in sample if name.lower() in report]
    uncovered = tuple(name for name, row in known if not row.isSsprEnabled)
    unregistered = tuple(name for name, row in known if row.isSsprEnabled and not row.isSsprRegistered)
    absent = tuple(name for name in sample if name.lower() not in report)
    if uncovered:
        yield warning("users-not-covered", users=uncovered, total=len(sample))
    if unregistered:
        yield warning("users-not-registered", users=unregistered, total=len(sample))
    if absent:
        yield note("users-not-in-report", users=absent, total=len(sample))
