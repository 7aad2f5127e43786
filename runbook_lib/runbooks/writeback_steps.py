"""C6 to C8: stage the switch, apply it and watch it take effect, and see that nothing else moved."""

from __future__ import annotations

from runbook_lib.canonical import digest
from runbook_lib.facts.sync_server import (
    GLOBAL_SETTINGS,
    PASSWORD_WRITEBACK,
    SYNC_SERVER,
    WRITEBACK_EVENTS,
    Events,
    PasswordWriteback,
)
from runbook_lib.model import Assessment, Change, Fact, Finding, Json, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks.error_events import short
from runbook_lib.runbooks.findings import blocker, note, observed, passing, warning
from runbook_lib.runbooks.server_steps import configuration
from runbook_lib.texts import Message, message

SETTING = "Password writeback"

# Events of source PasswordResetService (Microsoft, troubleshoot SSPR writeback).
ONBOARDED, HEARTBEAT, SERVICE_STARTED = 31005, 31019, 31015
LISTENER_ERROR, ONE_HOST_DOWN, SERVICE_BUS_ERROR = 31034, 31044, 32002
ONBOARDING_FAILED = (32001, 32005, 32007, 32009, 32010, 32011)
# Events of source Directory Synchronization: the first enabling may synchronize every password hash again.
HASH_SYNC = (656, 657)

STARTED, NOT_REQUIRED = "Started", "NotRequired"


def assess_feature(view: View, wanted: Wanted) -> Assessment:
    """C6: the switch is on, or the plan holds turning it on."""
    now = view.see(PASSWORD_WRITEBACK)
    facts = feature_facts(now)
    if now.enabled:
        return Assessment(facts)
    findings = (note("may-ask-credential"),) if now.asks_credential else ()
    return Assessment(facts, findings, (_switch_on(now.connector),))


def feature_facts(now: PasswordWriteback) -> tuple[Fact, ...]:
    """Return the setting, and when it was last changed: what a rollback compares with."""
    return *observed(PASSWORD_WRITEBACK, writeback=now.enabled), *passing(PASSWORD_WRITEBACK, modified=now.modified_utc)


def _switch_on(connector: str) -> Change:
    """The documented cure for an invalid state, off and on again, is part of what is approved."""
    off = switch(connector, enabled=False)
    on = switch(connector, enabled=True)
    return Change(on.target, on.action, on.setting, on.before, on.after, on.arguments, cure=(off, on))


def switch(connector: str, *, enabled: bool) -> Change:
    """Return the change that turns the feature on or off."""
    return Change(
        SYNC_SERVER,
        "set_password_writeback",
        SETTING,
        before=not enabled,
        after=enabled,
        arguments={"connector": connector, "enabled": enabled},
    )


def assess_configured(view: View, wanted: Wanted) -> Assessment:
    """C7 when there is nothing to change: the switch is on and the service runs."""
    now = view.see(PASSWORD_WRITEBACK)
    facts = service_facts(now)
    return Assessment(facts, () if runs(now) else (blocker("writeback-not-running", **service(now)),))


def settled(view: View, wanted: Wanted) -> Assessment:
    """C7 after sending: on, started, onboarded, and no error since."""
    before = view.baseline or view
    now, events = view.see(PASSWORD_WRITEBACK), view.see(WRITEBACK_EVENTS)
    was_on, mark = before.see(PASSWORD_WRITEBACK).enabled, before.see(WRITEBACK_EVENTS).newest_record
    facts = (*service_facts(now), *passing(WRITEBACK_EVENTS, events=listed(events, mark)))
    findings = _events_say(events, mark)
    if not now.enabled:  # that it has still to be turned on is what C6 says; that it was turned off, nobody else does
        gone = (blocker("turned-off-meanwhile"),) if was_on else ()
        return Assessment(facts, (*gone, *findings))
    waiting: list[Message] = []
    if not runs(now):
        waiting.append(message("service-not-started-yet", **service(now)))
    if not was_on and not events.of(ONBOARDED, after_record=mark):
        waiting.append(message("not-onboarded-yet"))
    return Assessment(facts, findings, waiting=tuple(waiting))


def _events_say(events: Events, mark: int) -> tuple[Finding, ...]:
    found: list[Finding] = []
    if failed := events.of(*ONBOARDING_FAILED, after_record=mark):
        found.append(blocker("onboarding-failed", event=failed[-1].id, text=short(failed[-1])))
    if broken := events.of(ONE_HOST_DOWN, SERVICE_BUS_ERROR, after_record=mark):
        found.append(blocker("service-bus-disturbed", event=broken[-1].id, text=short(broken[-1])))
    if errors := events.of(LISTENER_ERROR, after_record=mark):
        found.append(warning("listener-error", event=errors[-1].id, text=short(errors[-1])))
    if hashes := events.of(*HASH_SYNC, after_record=mark):
        found.append(note("hashes-synchronized-again", count=len(hashes)))
    return tuple(found)


def listed(events: Events, mark: int) -> list[str]:
    """Return the events newer than a record, a line each."""
    return [f"{event.at_utc} {event.source} {event.id}" for event in events.events if event.record > mark]


def runs(now: PasswordWriteback) -> bool:
    """Tell whether writeback is on, started and onboarded."""
    return now.enabled and now.service_status == STARTED and now.onboarding_status == NOT_REQUIRED


def service(now: PasswordWriteback) -> dict[str, str]:
    """Return what the server says of the service and of onboarding, as facts and arguments of messages."""
    return {"service": now.service_status, "onboarding": now.onboarding_status}


def service_facts(now: PasswordWriteback) -> tuple[Fact, ...]:
    """Return the setting, the service and onboarding as the server says."""
    return observed(PASSWORD_WRITEBACK, writeback=now.enabled, **service(now))


def acts(wanted: Wanted) -> tuple[Change, ...]:
    """Return what the parameters ask to do once with the change: restart the service, start a cycle."""
    asked: list[Change] = []
    if wanted.restart_service:
        asked.append(Change(SYNC_SERVER, "restart_sync_service", "ADSync service", None, "restarted", once=True))
    if wanted.start_delta_cycle:
        asked.append(
            Change(SYNC_SERVER, "start_delta_cycle", "Delta synchronization cycle", None, "started", once=True)
        )
    return tuple(asked)


def assess_left_as_found(view: View, wanted: Wanted) -> Assessment:
    """C8: the server is as it was found but for the one setting."""
    after = configuration(view)
    if view.baseline is None:  # nothing was sent: there is nothing to compare, and no difference is claimed
        return Assessment((Fact("configuration-digest", digest(after), "configuration"),))
    differences = _differences(configuration(view.baseline), after)
    facts = observed(GLOBAL_SETTINGS, differences=differences)
    return Assessment(facts, (blocker("server-differs", differences=tuple(differences)),) if differences else ())


def _differences(before: Json, after: Json, path: str = "") -> list[str]:
    """Return the paths at which two configurations differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = sorted(before.keys() | after.keys())
        return [place for key in keys for place in _differences(before.get(key), after.get(key), f"{path}/{key}")]
    if isinstance(before, list) and isinstance(after, list) and _named(before) and _named(after):
        return _differences(_by_name(before), _by_name(after), path)
    return [] if before == after else [path]


def _named(items: list[Json]) -> bool:
    return all(isinstance(item, dict) and "name" in item for item in items)


def _by_name(items: list[Json]) -> dict[str, Json]:
    return {item["name"]: item for item in items}
