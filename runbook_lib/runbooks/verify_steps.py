"""V1 to V5: what holds now, from the setting up to the rights. Each looks for itself, so that one gap does not hide the next."""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.errors import TargetError
from runbook_lib.facts.access import missing_on_user, missing_rights
from runbook_lib.facts.directory_users import DIRECTORY_USERS, DirectoryUser, DirectoryUsers
from runbook_lib.facts.portal import ON_PREMISES_POLICY
from runbook_lib.facts.shape import moment
from runbook_lib.facts.sync_server import (
    CONNECTORS,
    DIRECTORY_RIGHTS,
    PASSWORD_WRITEBACK,
    SCHEDULER,
    WRITEBACK_EVENTS,
    DomainRights,
    Event,
    Events,
)
from runbook_lib.model import Assessment, Fact, Finding, Level, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks import account_steps, directory_steps, portal_steps, server_steps
from runbook_lib.runbooks.findings import SERVER_NOT_READ, blocker, note, observed, passing, unknown, warning
from runbook_lib.runbooks.writeback_steps import (
    HEARTBEAT,
    LISTENER_ERROR,
    ONBOARDED,
    ONE_HOST_DOWN,
    SERVICE_BUS_ERROR,
    SERVICE_STARTED,
    runs,
    service,
)
from runbook_lib.texts import message

# Events of source PasswordResetService (Microsoft, troubleshoot SSPR writeback).
ONBOARDING_STARTED, SERVICE_STOPPED = 31004, 31016

MOST_NAMED = 5


def assess_place(view: View, wanted: Wanted) -> Assessment:
    """V1: this is the one active server, and it synchronizes to the tenant we are signed in to."""
    if wanted.server_by_hand:
        tenant = account_steps.assess_tenant(view, wanted)
        unseen = (unknown("staging-mode", SCHEDULER.name), unknown("cloud-connector", CONNECTORS.name))
        return Assessment((*unseen, *tenant.facts), (*tenant.findings, note(SERVER_NOT_READ)), by_hand=True)
    scheduler, connectors = view.see(SCHEDULER), view.see(CONNECTORS)
    facts = observed(SCHEDULER, staging_mode=scheduler.staging_mode)
    others, stops = server_steps.other_servers(view, wanted)
    found = [*stops, *((blocker("staging-mode"),) if scheduler.staging_mode else ())]
    if len(connectors.cloud) != 1:
        found.append(blocker("cloud-connector-not-one", count=len(connectors.cloud)))
    tenant = account_steps.assess_tenant(view, wanted)
    return Assessment((*facts, *others, *tenant.facts), (*found, *tenant.findings))


def assess_setting(view: View, wanted: Wanted) -> Assessment:
    """V2 (L0): the setting is on at the server, and in the portal as far as that can be read."""
    if wanted.server_by_hand:
        facts = (unknown("writeback", PASSWORD_WRITEBACK.name), *toggles(view, wanted), portal_steps.audit_fact(view))
        return Assessment(facts, (*_portal(view, wanted), note(SERVER_NOT_READ)), by_hand=True)
    is_on = view.see(PASSWORD_WRITEBACK).enabled
    facts = (
        *observed(PASSWORD_WRITEBACK, writeback=is_on),
        *toggles(view, wanted),
        portal_steps.audit_fact(view),
    )
    off = () if is_on else (blocker("ladder-server-off"),)
    # That the log is silent says nothing: it is short, and not every switch is in it.
    audit = tuple(found for found in portal_steps.audit_notes(view, is_on) if found.message.key != "no-audit-entry")
    return Assessment(facts, (*off, *_portal(view, wanted), *audit))


def toggles(view: View, wanted: Wanted) -> tuple[Fact, ...]:
    """Return the two settings of the portal as far as they can be read; that they cannot stops nothing here."""
    try:
        return portal_steps.today(view, wanted)
    except TargetError:
        return portal_steps.today(view, replace(wanted, provider=portal_steps.GUIDED))


def _portal(view: View, wanted: Wanted) -> tuple[Finding, ...]:
    if wanted.provider == portal_steps.GUIDED:
        return (note("portal-not-readable"),)
    try:
        toggle = view.see(ON_PREMISES_POLICY).write_back
    except TargetError as error:
        return (Finding(Level.WARNING, error.message),)
    said = {True: (), False: (blocker("ladder-portal-off"),), None: (warning("portal-fields-disagree"),)}[toggle]
    return (*said, warning("unsupported-endpoint"))


def assess_onboarding(view: View, wanted: Wanted) -> Assessment:
    """V3 (L1): the server says that it is onboarded and started, and its log tells how that came, if it goes back so far."""
    now, events = view.see(PASSWORD_WRITEBACK), view.see(WRITEBACK_EVENTS)
    done = _newest(events, ONBOARDED)
    facts = (
        *observed(PASSWORD_WRITEBACK, writeback=now.enabled, **service(now)),
        *passing(WRITEBACK_EVENTS, onboarded_at=done.at_utc if done else None),
    )
    if not now.enabled:
        return Assessment(facts, (blocker("ladder-server-off"),))
    if not runs(now):
        return Assessment(facts, (blocker("writeback-not-running", **service(now)),))
    if events.of(ONBOARDING_STARTED, after_record=done.record if done else 0):
        return Assessment(facts, waiting=(message("not-onboarded-yet"),))
    began = done and [event for event in events.of(ONBOARDING_STARTED) if event.record < done.record]
    return Assessment(facts, () if began else (note("onboarding-rolled-out"),))


def assess_health(view: View, wanted: Wanted) -> Assessment:
    """V4 (L2): both relays sent a heartbeat within ten minutes, and nothing was reported broken since."""
    events = view.see(WRITEBACK_EVENTS)
    started = _newest(events, SERVICE_STARTED)
    last = _newest(events, HEARTBEAT)
    facts = passing(
        WRITEBACK_EVENTS,
        service_started_at=started.at_utc if started else None,
        last_heartbeat=last.at_utc if last else None,
    )
    if not view.see(PASSWORD_WRITEBACK).enabled:
        return Assessment(facts, (blocker("ladder-server-off"),))
    rolled_out = () if started else (note("start-rolled-out"),)
    return _beating(facts, events, rolled_out)


def _beating(facts: tuple[Fact, ...], events: Events, rolled_out: tuple[Finding, ...]) -> Assessment:
    """Each relay's last good sign counts for itself: a fresh heartbeat of one does not clear the other. A start begins anew."""
    now, started = moment(events.now_utc), _newest(events, SERVICE_STARTED)
    start = started.record if started else 0
    fresh = [event for event in events.events if now - moment(event.at_utc) <= portal_steps.FRESH]
    relays = {event.message: event.record for event in fresh if event.id == HEARTBEAT and event.record > start}
    since = min(relays.values(), default=start)
    if broken := events.of(LISTENER_ERROR, ONE_HOST_DOWN, SERVICE_BUS_ERROR, SERVICE_STOPPED, after_record=since):
        return Assessment(facts, (blocker("writeback-unhealthy", event=broken[-1].id, at=broken[-1].at_utc[:19]),))
    if len(relays) >= portal_steps.RELAYS:
        return Assessment(facts, rolled_out)
    if started in fresh:
        return Assessment(facts, waiting=(message("heartbeat-to-come"),))
    last = _newest(events, HEARTBEAT)
    return Assessment(facts, (blocker("heartbeat-stale", last=last.at_utc if last else None),))


def _newest(events: Events, event_id: int) -> Event | None:
    found = events.of(event_id)
    return found[-1] if found else None


def assess_rights(view: View, wanted: Wanted) -> Assessment:
    """V5 (L3): the connector account has its rights on every domain root and on the users looked at. Not readable is no pass."""
    connectors, domains = view.see(CONNECTORS), view.see(DIRECTORY_RIGHTS).domains
    if gap := directory_steps.not_judged(connectors, domains):
        return Assessment(findings=(gap,))
    users = view.see(DIRECTORY_USERS)
    missing = {domain.dn: missing_rights(domain) for domain in domains}
    lacking = [user for user in _unguarded(users) if missing_on_user(user)]
    around, warnings = directory_steps.surroundings(view)
    facts = (
        *observed(DIRECTORY_RIGHTS, missing_rights=missing),
        *passing(
            DIRECTORY_USERS,
            users_looked_at=len(_unguarded(users)),
            missing_on_users={user.dn: missing_on_user(user) for user in lacking},
        ),
        *around,
    )
    stops = (*_on_roots(domains), *_on_users(lacking), *_unsampled(users))
    return Assessment(facts, (*stops, *_guarded(users), *warnings))


def _unguarded(users: DirectoryUsers) -> list[DirectoryUser]:
    """Return the users whose password the account should be able to set: it never can where AdminSDHolder guards."""
    return [user for domain in users.domains for user in domain.users if not user.admin_count]


def _on_roots(domains: list[DomainRights]) -> tuple[Finding, ...]:
    return tuple(
        blocker(
            "rights-missing-on-root",
            account=directory_steps.account_of(domain),
            dn=domain.dn,
            rights=tuple(missing_rights(domain)),
        )
        for domain in domains
        if missing_rights(domain)
    )


def _on_users(lacking: list[DirectoryUser]) -> tuple[Finding, ...]:
    """The procedure gives rights on users of class user, so one of another class is out of its reach; the pilot never may be."""
    return tuple(
        (warning if _is_out_of_reach(user) else blocker)(
            "rights-missing-on-user", dn=user.dn, rights=tuple(missing_on_user(user))
        )
        for user in sorted(lacking, key=_is_out_of_reach)[:MOST_NAMED]
    )


def _is_out_of_reach(user: DirectoryUser) -> bool:
    return user.object_class != "user" and not user.is_pilot


def _unsampled(users: DirectoryUsers) -> tuple[Finding, ...]:
    """Rights on a root may be stopped or overruled below it: without a single user to look at, they are not seen to be effective."""
    without = tuple(domain.dn for domain in users.domains if all(user.admin_count for user in domain.users))
    if not _unguarded(users):
        return (blocker("no-user-looked-at", domains=without),)
    return (warning("no-user-looked-at", domains=without),) if without else ()


def _guarded(users: DirectoryUsers) -> tuple[Finding, ...]:
    guarded = tuple(user.dn for domain in users.domains for user in domain.users if user.admin_count)
    return (note("guarded-users-left-out", users=guarded[:MOST_NAMED]),) if guarded else ()
