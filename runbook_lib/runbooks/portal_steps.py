"""P2 to P5: the page *On-premises integration*. By hand with a person's word, or through an unsupported endpoint on request."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from runbook_lib.errors import NotPermitted
from runbook_lib.facts.portal import ON_PREMISES_POLICY, PORTAL
from runbook_lib.facts.shape import moment
from runbook_lib.facts.sync_server import PASSWORD_WRITEBACK, WRITEBACK_EVENTS, Event, Events
from runbook_lib.facts.tenant import DIRECTORY_AUDITS, SSPR_REGISTRATIONS, AuditRecord
from runbook_lib.model import Assessment, Change, Fact, Finding, Level, Undo, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks.attesting import seen_by, word_on
from runbook_lib.runbooks.findings import blocker, contradiction, note, observed, passing, unknown, warning
from runbook_lib.runbooks.writeback_steps import (
    HEARTBEAT,
    LISTENER_ERROR,
    ONE_HOST_DOWN,
    SERVICE_STARTED,
    runs,
    service,
)
from runbook_lib.texts import Message, message

GUIDED = "guided"
OPERATOR = "operator"

WRITE_BACK = "Write back passwords to your on-premises directory"
UNLOCK = "Allow users to unlock accounts without resetting their password"

# The service reports every five minutes through two relays (Microsoft, how writeback works); twice that is late.
FRESH = timedelta(minutes=10)
RELAYS = 2

# The clock of whoever attests may be off by as much as Windows sign-in allows (Kerberos policy, maximum clock skew).
CLOCK_SKEW = timedelta(minutes=5)

# The step at which each setting of the page is set.
_STEP_OF = {"write_back": "p3", "unlock": "p4"}

TURNED_ON = "Enable password writeback for directory"
TURNED_OFF = "Disable password writeback for directory"


def assess_page(view: View, wanted: Wanted) -> Assessment:
    """P2: the page exists because the server side is on, the service is alive, and today's values are known or said unknown."""
    if wanted.server_by_hand:
        return _page_by_hand(view, wanted)
    server = view.see(PASSWORD_WRITEBACK)
    facts = observed(PASSWORD_WRITEBACK, writeback=server.enabled)
    if not server.enabled:
        return Assessment(facts, (blocker("server-side-off"),))
    if not runs(server):
        return Assessment(facts, (blocker("writeback-not-running", **service(server)),))
    events = view.see(WRITEBACK_EVENTS)
    stops, waiting = _health(events)
    users, scope_findings = scope(view)
    facts += (*passing(WRITEBACK_EVENTS, last_heartbeat=_last(events, HEARTBEAT)), *users, *today(view, wanted))
    return Assessment(facts, (*stops, *scope_findings), waiting=waiting)


def _page_by_hand(view: View, wanted: Wanted) -> Assessment:
    """Nobody reads the server, and not being able to look is no pass: a person says that the page is there and its client runs."""
    users, findings = scope(view)
    facts = (*server_unseen(), *users, *today(view, wanted))
    return Assessment(facts, (*findings, note("page-by-hand")), by_hand=True)


def server_unseen() -> tuple[Fact, ...]:
    """Return what the page rests on at the server, when nobody reads it."""
    return unknown("writeback", PASSWORD_WRITEBACK.name), unknown("last-heartbeat", WRITEBACK_EVENTS.name)


def _health(events: Events) -> tuple[tuple[Finding, ...], tuple[Message, ...]]:
    """A heartbeat must be fresh on both relays; right after the service started the first one may be still to come."""
    now = moment(events.now_utc)
    recent = _recent_heartbeats(events)
    if down := newest_failure(events):
        return (blocker("writeback-unhealthy", event=down.id, at=down.at_utc[:19]),), ()
    if len({event.message for event in recent}) >= RELAYS:
        return (), ()
    if any(now - moment(event.at_utc) <= FRESH for event in events.of(SERVICE_STARTED)):
        return (), (message("heartbeat-to-come"),)
    return (blocker("heartbeat-stale", last=_last(events, HEARTBEAT)),), ()


def _recent_heartbeats(events: Events) -> list[Event]:
    now = moment(events.now_utc)
    return [event for event in events.of(HEARTBEAT) if now - moment(event.at_utc) <= FRESH]


def newest_failure(events: Events) -> Event | None:
    """Return the newest event that says that a relay is down and that no recent heartbeat has made obsolete."""
    heartbeat = max((event.record for event in _recent_heartbeats(events)), default=0)
    down = events.of(LISTENER_ERROR, ONE_HOST_DOWN, after_record=heartbeat)
    return down[-1] if down else None


def _last(events: Events, event_id: int) -> str | None:
    found = events.of(event_id)
    return found[-1].at_utc if found else None


def scope(view: View) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """Return whom self-service reset covers. Good to know, but no condition: a missing permission is said, not fatal."""
    try:
        users = view.see(SSPR_REGISTRATIONS).value
    except NotPermitted as error:
        return (unknown("users-in-scope", SSPR_REGISTRATIONS.name),), (
            warning("scope-not-readable"),
            Finding(Level.WARNING, error.message),
        )
    covered = sum(user.isSsprEnabled for user in users)
    facts = passing(SSPR_REGISTRATIONS, users_in_scope=covered, registered=sum(user.isSsprRegistered for user in users))
    return facts, () if covered else (warning("nobody-in-scope"),)


def today(view: View, wanted: Wanted) -> tuple[Fact, ...]:
    """Return the two settings of the page as they are now; unknown where no supported interface tells them."""
    if wanted.provider == GUIDED:
        return unknown("write-back", ON_PREMISES_POLICY.name), unknown("unlock", ON_PREMISES_POLICY.name)
    policy = view.see(ON_PREMISES_POLICY)
    return observed(ON_PREMISES_POLICY, write_back=policy.write_back, unlock=policy.unlock)


def assess_write_back(view: View, wanted: Wanted) -> Assessment:
    """P3: the first toggle has the wanted value, or setting it is staged."""
    if other := _not_undone(wanted, "write_back", WRITE_BACK):
        return other
    if wanted.provider == GUIDED:
        return _by_hand(view, wanted, "write_back", WRITE_BACK, wanted.write_back)
    policy = view.see(ON_PREMISES_POLICY)
    facts = observed(ON_PREMISES_POLICY, write_back=policy.write_back)
    if policy.write_back is None:
        return Assessment(facts, (blocker("portal-fields-disagree"),))
    return _staged(facts, "set_portal_write_back", WRITE_BACK, policy.write_back, wanted.write_back, wanted.undo)


def assess_unlock(view: View, wanted: Wanted) -> Assessment:
    """P4: the unlock toggle has the wanted value, or setting it is staged."""
    if other := _not_undone(wanted, "unlock", UNLOCK):
        return other
    if wanted.provider == GUIDED:
        return _by_hand(view, wanted, "unlock", UNLOCK, wanted.unlock)
    policy = view.see(ON_PREMISES_POLICY)
    facts = observed(ON_PREMISES_POLICY, unlock=policy.unlock)
    return _staged(facts, "set_portal_unlock", UNLOCK, policy.unlock, wanted.unlock, wanted.undo)


def _not_undone(wanted: Wanted, name: str, setting: str) -> Assessment | None:
    """A rollback leaves a setting alone that its run did not change, whatever it is now. Returns None for every other."""
    if wanted.undo is None or wanted.undo.has(setting):
        return None
    facts = (unknown(name.replace("_", "-"), ON_PREMISES_POLICY.name),)
    return Assessment(facts, (note("not-by-that-run", run=wanted.undo.run),))


def _staged(
    facts: tuple[Fact, ...], action: str, setting: str, now: bool, wanted: bool, undo: Undo | None
) -> Assessment:
    note_of_it = (warning("unsupported-endpoint"),)
    if now == wanted:
        return Assessment(facts, (*note_of_it, note("undone-already", run=undo.run)) if undo else note_of_it)
    change = Change(PORTAL, action, setting, now, wanted, arguments={"enabled": wanted}, unsupported=True)
    return Assessment(facts, note_of_it, (change,))


def _by_hand(view: View, wanted: Wanted, name: str, setting: str, value: bool) -> Assessment:
    """A person sets the toggle. What they say they saw is compared with what was wanted and what can be read."""
    change = Change(OPERATOR, "set_on_portal_page", setting, None, value)
    word = word_on(_STEP_OF[name], wanted)
    facts = (seen_by(word, name, name.replace("_", "-"), ON_PREMISES_POLICY),)
    return Assessment(facts, _cross_check(view, wanted, name, value), (change,), by_hand=True)


def _cross_check(view: View, wanted: Wanted, name: str, value: bool) -> tuple[Finding, ...]:
    attestation = wanted.attestation
    if attestation is None:
        return ()
    if attestation.values.get(name) != value:
        return (contradiction("attested-other-value", setting=name, by=attestation.by),)
    return audit_says(view, value, moment(attestation.at)) if name == "write_back" else ()


def _switched(view: View) -> AuditRecord | None:
    """Return the newest audit entry that turned writeback on or off."""
    switches = [
        entry for entry in view.see(DIRECTORY_AUDITS).value if entry.activityDisplayName in (TURNED_ON, TURNED_OFF)
    ]
    return max(switches, key=lambda entry: moment(entry.activityDateTime), default=None)


def audit_fact(view: View) -> Fact:
    """Return the newest switch in the audit log. The log is a second opinion: not being allowed to read it is said, not fatal."""
    try:
        newest = _switched(view)
    except NotPermitted:
        return unknown("newest-switch", DIRECTORY_AUDITS.name)
    said = f"{newest.activityDateTime[:19]} {newest.activityDisplayName}" if newest else None
    return passing(DIRECTORY_AUDITS, newest_switch=said)[0]


def audit_says(view: View, value: bool, attested: datetime | None = None) -> tuple[Finding, ...]:
    """Compare the newest switch in the audit log with a value. `attested` is when a person saw that value, in UTC."""
    try:
        newest = _switched(view)
    except NotPermitted as error:
        return warning("audit-not-readable"), Finding(Level.WARNING, error.message)
    if newest is None:
        return (note("no-audit-entry"),)
    if (newest.activityDisplayName == TURNED_ON) == value:
        return ()
    entry = {"activity": newest.activityDisplayName, "at": newest.activityDateTime[:19]}
    at = moment(newest.activityDateTime)
    if attested and at < attested:  # the log lags, so it may not tell yet what the person did after that entry
        before = note if at < attested - CLOCK_SKEW else warning
        return (before("audit-older", **entry),)
    # Onboarding of the server side is logged too, perhaps by the same name: that does not speak against a toggle that is off.
    disagrees = contradiction if value else warning
    return (disagrees("audit-disagrees", **entry),)


def assess_saved(view: View, wanted: Wanted) -> Assessment:
    """P5: what was staged is saved: read back, or attested and cross-checked."""
    if wanted.provider == GUIDED:
        facts = (audit_fact(view),) if wanted.attestation else ()  # without a word there is nothing to cross-check
        return Assessment(facts, _cross_check(view, wanted, "write_back", wanted.write_back), by_hand=True)
    policy = view.see(ON_PREMISES_POLICY)
    read = observed(ON_PREMISES_POLICY, write_back=policy.write_back, unlock=policy.unlock)
    return Assessment(
        (audit_fact(view), *read), (warning("unsupported-endpoint"), *audit_notes(view, wanted.write_back))
    )


def audit_notes(view: View, value: bool) -> tuple[Finding, ...]:
    """Return how the audit log disagrees with a value. Beside a look it decides nothing, so a disagreement is only told."""
    return tuple(
        replace(finding, level=Level.WARNING) if finding.level is Level.CONTRADICTION else finding
        for finding in audit_says(view, value)
    )
