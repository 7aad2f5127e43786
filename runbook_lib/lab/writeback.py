"""How password writeback behaves on a sync server when it is turned on and off: setting, onboarding, service, events.

The order of the events and the states are those of the documentation; where a value is not documented, it says so here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from runbook_lib.lab import event_log
from runbook_lib.lab.event_log import EventLog
from runbook_lib.lab.faults import Faults
from runbook_lib.lab.refusal import Refusal
from runbook_lib.lab.relays import LISTENING
from runbook_lib.lab.timeline import Timeline

ENABLED_AUDIT = "Enable password writeback for directory"
DISABLED_AUDIT = "Disable password writeback for directory"

HEARTBEAT_EVERY = timedelta(minutes=5)
SILENT_FOR = timedelta(hours=3)

AuditSink = Callable[[str, datetime], None]


@dataclass(frozen=True)
class WritebackConfiguration:
    """What Get-ADSyncAADPasswordResetConfiguration returns.

    `Started` and `NotRequired` are seen on healthy servers; the other values, `Stopped` and `Required`, are unverified.
    """

    enabled: bool
    service_status: str
    onboarding_status: str
    modified_at: datetime


class Writeback:
    """The feature on one server. The caller holds the server's lock; times are UTC."""

    def __init__(
        self, log: EventLog, timeline: Timeline, faults: Faults, audit: AuditSink, *, onboarding_delay: timedelta
    ) -> None:
        self._log = log
        self._timeline = timeline
        self._faults = faults
        self._audit = audit
        self._onboarding_delay = onboarding_delay
        self._enabled = False
        self._onboarded = False
        self._running = False
        self._modified_at = timeline.catch_up()
        self._turn = 0  # counts changes and restarts: what was planned before the last one no longer happens

    def configuration(self, *, is_staging: bool) -> WritebackConfiguration:
        """Return the configuration. A staging server does not run the service even if the feature is on."""
        running = self._running and not is_staging
        return WritebackConfiguration(
            self._enabled,
            "Started" if running else "Stopped",
            "NotRequired" if self._onboarded else "Required",
            self._modified_at,
        )

    def enable(self, now: datetime, *, is_staging: bool) -> None:
        """Turn the feature on and begin onboarding. Raises Refusal when the configuration is in an invalid state."""
        if "invalid_state" in self._faults:
            raise _invalid_state()
        self._changed(now, enabled=True)
        if not is_staging:
            self._begin_onboarding(now)

    def disable(self, now: datetime) -> None:
        """Turn the feature off: the documented cure for an invalid state too."""
        self._faults.discard("invalid_state")
        was_running = self._running
        self._changed(now, enabled=False)
        self._log.append(event_log.OFFBOARDING_STARTED, now)
        self._log.append(event_log.OFFBOARDED, now)
        if was_running:
            self._log.append(event_log.SERVICE_STOPPED, now)
        self._audit(DISABLED_AUDIT, now)

    def restart(self, now: datetime, *, is_staging: bool) -> None:
        """Restart with the ADSync service; onboarding that has not happened yet begins again."""
        self._faults.discard("stale_heartbeat")
        self._turn += 1
        if self._running:
            self._log.append(event_log.SERVICE_STOPPED, now)
            self._running = False
        if self._enabled and not is_staging:
            if self._onboarded:
                self._start(now)
            else:
                self._begin_onboarding(now)

    def listens(self, *, is_staging: bool) -> bool:
        """Tell whether the service takes what comes from the cloud."""
        return self._running and not is_staging

    def fall_silent(self, now: datetime) -> None:
        """Let the heartbeats have ended three hours ago."""
        self._log.fall_silent(now - SILENT_FOR)

    def _changed(self, now: datetime, *, enabled: bool) -> None:
        self._turn += 1
        self._enabled = enabled
        self._onboarded = False
        self._running = False
        self._modified_at = now

    def _begin_onboarding(self, now: datetime) -> None:
        self._log.append(event_log.ONBOARDING_STARTED, now)
        if "slow_onboarding" in self._faults:
            self._later(now + self._onboarding_delay, self._onboard)
        else:
            self._onboard(now)

    def _later(self, when: datetime, action: Callable[[datetime], None]) -> None:
        turn = self._turn
        self._timeline.at(when, lambda at: action(at) if self._turn == turn else None)

    def _onboard(self, at: datetime) -> None:
        if "onboarding_fails" in self._faults:
            self._log.append(event_log.ONBOARDING_ERROR, at)
            return
        for event_id in (event_log.TOKEN_OBTAINED, event_log.KEY_CREATED, event_log.ONBOARDED):
            self._log.append(event_id, at)
        self._onboarded = True
        self._audit(ENABLED_AUDIT, at)
        self._start(at)
        if "hash_resync" in self._faults:
            self._log.append(event_log.HASH_REQUEST, at)
            self._log.append(event_log.HASH_RESULT, at)

    def _start(self, at: datetime) -> None:
        self._running = True
        self._log.append(event_log.SERVICE_STARTED, at)
        self._beat(at)

    def _beat(self, at: datetime) -> None:
        if not {"stale_heartbeat", "staging_mode"} & set(self._faults):
            for place in LISTENING:
                self._log.append(event_log.HEARTBEAT, at, place)
        self._later(at + HEARTBEAT_EVERY, self._beat)


def _invalid_state() -> Refusal:
    return Refusal(
        "E_FAIL: Password reset configuration may be in an invalid state. Try removing the configuration.",
        "System.Runtime.InteropServices.COMException",
        "WriteError",
        "System.Runtime.InteropServices.COMException",
    )
