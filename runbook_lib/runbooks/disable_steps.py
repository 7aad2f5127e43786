"""D4 to D8: as C4 to C8 with the box cleared. A rollback takes back what one run changed, and nothing that changed since."""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.errors import TargetError
from runbook_lib.facts.sync_server import CONNECTORS, DIRECTORY_RIGHTS, PASSWORD_WRITEBACK, WRITEBACK_EVENTS
from runbook_lib.model import Assessment, Change, Fact, Finding, Level, Undo, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks import revoking, writeback_steps
from runbook_lib.runbooks.account_steps import assess_cloud_account
from runbook_lib.runbooks.directory_steps import filtering
from runbook_lib.runbooks.error_events import short
from runbook_lib.runbooks.findings import blocker, note, observed, passing, warning
from runbook_lib.runbooks.portal_steps import GUIDED, today
from runbook_lib.runbooks.writeback_steps import SETTING, feature_facts, listed, service_facts, switch
from runbook_lib.texts import Message, message

# Events of source PasswordResetService (Microsoft, troubleshoot SSPR writeback).
OFFBOARDING, OFFBOARDED, OFFBOARDING_FAILED = 31012, 31013, 31014

# Microsoft wants a licence and a synchronizing tenant for having the feature, not for turning it off.
NO_OBSTACLE = frozenset({"no-premium-licence", "tenant-does-not-synchronize"})


def assess_account(view: View, wanted: Wanted) -> Assessment:
    """D4: as C4, but what is needed only to have the feature does not keep it on."""
    found = assess_cloud_account(view, wanted)
    return replace(found, findings=tuple(map(_softened, found.findings)))


def _softened(finding: Finding) -> Finding:
    return replace(finding, level=Level.WARNING) if finding.message.key in NO_OBSTACLE else finding


def assess_directories(view: View, wanted: Wanted) -> Assessment:
    """D5: filtering noted; in a rollback that takes rights back, the account's rules are those that the run left."""
    facts = observed(CONNECTORS, filtering=filtering(view.see(CONNECTORS)))
    if wanted.undo is None or not wanted.undo.rules:
        return Assessment(facts, (note("rights-stay"),))
    domains = view.see(DIRECTORY_RIGHTS).domains
    facts += observed(DIRECTORY_RIGHTS, account_rules=revoking.rules_of(domains))
    return Assessment(facts, revoking.judged(domains, wanted.undo))


def assess_feature(view: View, wanted: Wanted) -> Assessment:
    """D6: the switch is off, or the plan holds turning it off; in a rollback also taking back what was granted."""
    off = _switched_off(view, wanted.undo)
    page = _page(view, wanted) if off.changes else Assessment()
    rights = revoking.revoked(view, wanted.undo) if wanted.undo and wanted.undo.rules else ()
    return Assessment((*off.facts, *page.facts), (*off.findings, *page.findings), (*off.changes, *rights))


def _switched_off(view: View, undo: Undo | None) -> Assessment:
    now = view.see(PASSWORD_WRITEBACK)
    facts = feature_facts(now)
    if undo and not undo.has(SETTING):
        return Assessment(facts, (note("not-by-that-run", run=undo.run),))
    if not now.enabled:
        return Assessment(facts, (note("undone-already", run=undo.run),) if undo else ())
    if undo and now.modified_utc != undo.modified:
        return Assessment(facts, (blocker("changed-since", run=undo.run, then=undo.modified, now=now.modified_utc),))
    findings = (note("may-ask-credential"),) if now.asks_credential else ()
    return Assessment(facts, findings, (switch(now.connector, enabled=False),))


def _page(view: View, wanted: Wanted) -> Assessment:
    """Microsoft's clean-up sets the portal to *No* first. It is no condition, for an orphaned *Yes* writes nothing back."""
    if wanted.provider == GUIDED:
        return Assessment((), (note("portal-first"),))
    try:
        facts = today(view, wanted)
    except TargetError as error:
        return Assessment((), (note("portal-first"), Finding(Level.WARNING, error.message)))
    return Assessment(facts, (warning("portal-still-on"),) if any(fact.value for fact in facts) else ())


def assess_configured(view: View, wanted: Wanted) -> Assessment:
    """D7 when there is nothing to change: what the server says."""
    return Assessment(service_facts(view.see(PASSWORD_WRITEBACK)), _not_undone(wanted.undo))


def settled(view: View, wanted: Wanted) -> Assessment:
    """D7 after sending: off, offboarded, and no error since."""
    before = view.baseline or view
    now, events = view.see(PASSWORD_WRITEBACK), view.see(WRITEBACK_EVENTS)
    was_on, mark = before.see(PASSWORD_WRITEBACK).enabled, before.see(WRITEBACK_EVENTS).newest_record
    facts: tuple[Fact, ...] = (*service_facts(now), *passing(WRITEBACK_EVENTS, events=listed(events, mark)))
    findings = _not_undone(wanted.undo)
    if failed := events.of(OFFBOARDING_FAILED, after_record=mark):
        findings += (blocker("offboarding-failed", event=failed[-1].id, text=short(failed[-1])),)
    if now.enabled:  # that it has still to be turned off is what D6 says
        return Assessment(facts, findings if was_on else (*findings, blocker("turned-on-meanwhile")))
    began = min((event.record for event in events.of(OFFBOARDING, after_record=mark)), default=None)
    is_over = began is not None and bool(events.of(OFFBOARDED, after_record=began))
    waiting: tuple[Message, ...] = (message("not-offboarded-yet"),) if was_on and not is_over else ()
    return Assessment(facts, findings, waiting=waiting)


def _not_undone(undo: Undo | None) -> tuple[Finding, ...]:
    """Say which acts of that run cannot be taken back: a restart, a cycle."""
    acts = tuple(change.setting for change in undo.changes if change.once) if undo else ()
    return (note("acts-stay", settings=acts),) if acts else ()


def acts(wanted: Wanted) -> tuple[Change, ...]:
    """Return what the parameters ask to do once with the change. A rollback does nothing but undo."""
    return () if wanted.undo else writeback_steps.acts(wanted)


def assess_left_as_found(view: View, wanted: Wanted) -> Assessment:
    """D8: as C8; where rights were taken back, every other rule of the account is still there."""
    found = writeback_steps.assess_left_as_found(view, wanted)
    if view.baseline is None or wanted.undo is None or not wanted.undo.rules:
        return found
    lost = revoking.lost(view.baseline.see(DIRECTORY_RIGHTS).domains, view.see(DIRECTORY_RIGHTS).domains, wanted.undo)
    return replace(found, findings=(*found.findings, *lost))
