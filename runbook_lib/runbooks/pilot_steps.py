"""V6 and V7: the proof. A pilot user's password is reset through Graph, and must arrive in the directory, event by event."""

from __future__ import annotations

import re

from runbook_lib.facts.directory_users import DIRECTORY_USERS, DirectoryUser
from runbook_lib.facts.sync_server import WRITEBACK_EVENTS, Event
from runbook_lib.facts.tenant import PILOT_ACCOUNT, SIGNED_IN_ACCOUNT, TENANT, Pilot
from runbook_lib.model import Assessment, Change, Fact, Finding, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks.account_steps import USER
from runbook_lib.runbooks.findings import SERVER_NOT_READ, blocker, note, observed, passing, warning
from runbook_lib.runbooks.verify_steps import toggles
from runbook_lib.texts import Message, message

RANDOM = "random-password"

# Events of source PasswordResetService (Microsoft, troubleshoot SSPR writeback).
RESET_STARTED, RESET_DONE, RESET_FAILED = 31009, 31010, 31011

# What the service names as the cause of a failed reset, on the side of Active Directory.
CAUSES = {
    33001: "ADUnKnownError",
    33002: "ADUserNotFoundError",
    33003: "ADMutliMatchError",
    33004: "ADPermissionsError",
    33005: "ADUserAccountDisabled",
    33006: "ADUserAccountLockedOut",
    33007: "ADUserIncorrectPassword",
    33008: "ADPasswordPolicyError",
    33009: "ADConfigurationError",
}


def assess_pilot(view: View, wanted: Wanted) -> Assessment:
    """V6: the pilot is a user whom a reset may be tried on, and the reset is staged; without a pilot there is nothing to do."""
    if not wanted.pilot_user:
        return Assessment(findings=(note("no-pilot-named"),))
    if wanted.server_by_hand:
        return _no_proof()
    if view.baseline is not None:
        return _left_to_reset(view, view.baseline, wanted)
    if view.see(SIGNED_IN_ACCOUNT).kind != USER:
        return Assessment(findings=(blocker("reset-needs-a-person"),))
    found, in_directory = view.see(PILOT_ACCOUNT), view.see(DIRECTORY_USERS).pilots
    view.see(WRITEBACK_EVENTS)  # what is there now tells the new events from the old ones later
    user = in_directory[0] if len(in_directory) == 1 else None
    facts = (*_cloud_facts(found), *_directory_facts(user))
    if stops := (*_cloud_stops(view, found, wanted), *_directory_stops(in_directory, found, wanted)):
        return Assessment(facts, stops)
    return Assessment(facts, (warning("pilot-password-replaced", user=wanted.pilot_user),), _resets(user, wanted))


def _no_proof() -> Assessment:
    """A reset is proven by the server's log and the directory. Where neither is read, none is sent: it would prove nothing."""
    return Assessment(findings=(note(SERVER_NOT_READ),), by_hand=True)


def _cloud_facts(found: Pilot) -> tuple[Fact, ...]:
    if found.user is None:
        return observed(PILOT_ACCOUNT, pilot=None)
    return observed(
        PILOT_ACCOUNT,
        pilot=found.user.userPrincipalName,
        pilot_enabled=found.user.accountEnabled,
        pilot_synchronized=found.user.onPremisesSyncEnabled,
        pilot_roles=sorted(role.displayName for role in found.roles),
    )


def _directory_facts(user: DirectoryUser | None) -> tuple[Fact, ...]:
    if user is None:
        return observed(DIRECTORY_USERS, pilot_in_directory=None)
    return (
        *observed(DIRECTORY_USERS, pilot_in_directory=user.dn, pilot_admin_count=user.admin_count),
        *passing(DIRECTORY_USERS, pilot_password_set_at=user.pwd_last_set_utc, pilot_locked=user.locked_out),
    )


def _cloud_stops(view: View, found: Pilot, wanted: Wanted) -> tuple[Finding, ...]:
    """Return why the tenant says that this user is no pilot."""
    user, name = found.user, wanted.pilot_user
    if user is None:
        return (blocker("pilot-does-not-exist", user=name),)
    stops = []
    if user.id == view.see(SIGNED_IN_ACCOUNT).id:
        stops.append(blocker("pilot-is-yourself", user=name))
    if found.roles:
        roles = tuple(sorted(role.displayName for role in found.roles))
        stops.append(blocker("pilot-is-administrator", user=name, roles=roles))
    if not user.accountEnabled:
        stops.append(blocker("pilot-is-disabled", user=name))
    if not user.onPremisesSyncEnabled:
        stops.append(blocker("pilot-is-cloud-only", user=name))
    return tuple(stops)


def _directory_stops(users: list[DirectoryUser], found: Pilot, wanted: Wanted) -> tuple[Finding, ...]:
    """Return why the directory says so; of a user whom the tenant does not know as synchronized there is nothing to say."""
    name = wanted.pilot_user
    if found.user is None or not found.user.onPremisesSyncEnabled:
        return ()
    if len(users) != 1:
        key = "pilot-in-directory-twice" if users else "pilot-not-in-directory"
        return (blocker(key, user=name),)
    (user,) = users
    stops = []
    if user.admin_count:
        stops.append(blocker("pilot-is-guarded", user=name))
    if not user.enabled:
        stops.append(blocker("pilot-is-disabled-in-directory", user=name))
    if user.pwd_last_set_utc is None:  # a reset sets it to the same again, so nobody could tell that it came
        stops.append(blocker("pilot-must-change-password", user=name))
    return tuple(stops)


def _resets(user: DirectoryUser | None, wanted: Wanted) -> tuple[Change, ...]:
    """An act, sent once: no reading gives the password back, only the traces of its arrival."""
    before = user.pwd_last_set_utc[:19] + "Z" if user and user.pwd_last_set_utc else None
    asked = {"user": wanted.pilot_user}
    return (
        Change(
            TENANT,
            "reset_pilot_password",
            f"password of {wanted.pilot_user}",
            before,
            RANDOM,
            arguments=asked,
            once=True,
        ),
    )


def _left_to_reset(view: View, before: View, wanted: Wanted) -> Assessment:
    """After sending: the reset is left to do as long as neither the log nor the directory shows a trace of it."""
    was, now = _pilot(before), _pilot(view)
    arrived = _moved(was, now) or _reset_events(view, before, wanted, RESET_DONE)
    return Assessment(_directory_facts(now), (), () if arrived else _resets(was, wanted))


def _pilot(view: View) -> DirectoryUser | None:
    found = view.see(DIRECTORY_USERS).pilots
    return found[0] if len(found) == 1 else None


def _moved(was: DirectoryUser | None, now: DirectoryUser | None) -> bool:
    return was is not None and now is not None and was.pwd_last_set_utc != now.pwd_last_set_utc


def assess_nothing_sent(view: View, wanted: Wanted) -> Assessment:
    """V7 when there was nothing to send: nothing is proven, and nothing is wrong."""
    if wanted.server_by_hand and wanted.pilot_user:
        return _no_proof()
    return Assessment(findings=(note("no-pilot-named"),))


def assess_proof(view: View, wanted: Wanted) -> Assessment:
    """V7 after sending: 31009, then 31010, newer than what was there before, and the directory's own time of the password moved."""
    before = view.baseline or view
    events, now = view.see(WRITEBACK_EVENTS), _pilot(view)
    mark = before.see(WRITEBACK_EVENTS).newest_record
    facts = (
        *_directory_facts(now),
        *passing(WRITEBACK_EVENTS, events=[_shown(event) for event in events.events if event.record > mark]),
        *toggles(view, wanted),
    )
    if failed := _reset_events(view, before, wanted, RESET_FAILED):
        causes = _reset_events(view, before, wanted, *CAUSES)
        return Assessment(facts, (_failure(failed[-1], causes),))
    waiting = _still_missing(view, before, wanted)
    if not _moved(_pilot(before), now):
        waiting = (*waiting, message("password-not-moved", user=wanted.pilot_user))
    return Assessment(facts, _for_the_pilot(now, wanted), waiting=waiting)


def _still_missing(view: View, before: View, wanted: Wanted) -> tuple[Message, ...]:
    began = _reset_events(view, before, wanted, RESET_STARTED)
    ended = _reset_events(view, before, wanted, RESET_DONE)
    is_whole = began and ended and began[0].record < ended[-1].record
    return () if is_whole else (message("reset-events-to-come"),)


def _reset_events(view: View, before: View, wanted: Wanted, *event_ids: int) -> list[Event]:
    """Return the new events of these ids that are about the pilot, or at least name nobody else: others may be reset meanwhile."""
    mark = before.see(WRITEBACK_EVENTS).newest_record
    found = view.see(WRITEBACK_EVENTS).of(*event_ids, after_record=mark)
    named = [event for event in found if _names(event.message, wanted.pilot_user)]
    return named or [event for event in found if "@" not in event.message]


def _names(text: str, user: str) -> bool:
    """Tell whether a text names a user: what is only a part of a longer name is somebody else's."""
    return bool(re.search(rf"(?<![\w.+-]){re.escape(user)}(?![\w-]|\.\w)", text, re.IGNORECASE))


def _failure(failed: Event, causes: list[Event]) -> Finding:
    cause = f"{causes[-1].id} {CAUSES[causes[-1].id]}" if causes else None
    event = causes[-1].id if causes else failed.id
    return blocker("reset-failed-in-directory", event=event, cause=cause, text=" ".join(failed.message.split())[:200])


def _for_the_pilot(now: DirectoryUser | None, wanted: Wanted) -> tuple[Finding, ...]:
    """Return what is left to do for the pilot: a new password, and an unlock if the reset did not bring it."""
    locked = (warning("pilot-is-locked", user=wanted.pilot_user),) if now and now.locked_out else ()
    return (*locked, warning("pilot-wants-a-password", user=wanted.pilot_user))


def _shown(event: Event) -> str:
    return f"{event.at_utc} {event.source} {event.id}"
