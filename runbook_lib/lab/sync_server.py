"""A simulated sync server: state, and how it answers to what is done to it. Knows nothing of WinRM or PowerShell."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from runbook_lib.lab import relays
from runbook_lib.lab.clock import Now
from runbook_lib.lab.directory import LOCKOUT_TIME, AccessRule, Directory, DirectoryAccount, Domain
from runbook_lib.lab.event_log import EventLog, LoggedEvent
from runbook_lib.lab.faults import Faults
from runbook_lib.lab.installation import CURRENT_CONNECT, OLD_CONNECT, PREVIOUS_CONNECT, Installation, LabConnector
from runbook_lib.lab.refusal import (
    ConnectionLost,
    access_denied,
    invalid_operation,
    missing_credential,
    no_active_directory_module,
    second_hop,
)
from runbook_lib.lab.resetting import NOT_LISTENING, Resetting
from runbook_lib.lab.timeline import Timeline
from runbook_lib.lab.writeback import AuditSink, Writeback, WritebackConfiguration
from runbook_lib.texts import Language

CYCLE = timedelta(seconds=20)
INTERVAL = timedelta(minutes=30)
# How long a change takes to the other domain controllers: of the same site usually, and under the fault `replication_delay`.
LAG = timedelta(seconds=15)
LONG_LAG = timedelta(hours=1)


@dataclass(frozen=True)
class SchedulerState:
    """What Get-ADSyncScheduler and Get-ADSyncConnectorRunStatus say. `next_start` is UTC."""

    next_start: datetime
    is_staging: bool
    is_suspended: bool
    running: tuple[str, ...]


class SyncServer:
    """One server. Thread-safe. `is_staging` is asked each time, for a fault may turn it on and off.

    Raises from what is done to it: `Refusal`, as PowerShell would report; `ConnectionLost` when the fault says that
    nothing was done. `changes` counts what was done, so that a transport can tell whether a script changed anything.
    """

    def __init__(
        self,
        installation: Installation,
        directory: Directory,
        faults: Faults,
        clock: Now,
        *,
        audit: AuditSink,
        is_staging: Callable[[], bool],
    ) -> None:
        self.installation = installation
        self.directory = directory
        self.faults = faults
        self.clock = clock
        self.changes = 0
        self._is_staging = is_staging
        self._lock = threading.RLock()
        self._timeline = Timeline(clock)
        self._log = EventLog(installation.first_record)
        delay = installation.onboarding_delay
        self._writeback = Writeback(self._log, self._timeline, faults, audit, onboarding_delay=delay)
        self._resetting = Resetting(self._log, directory, self.rules, faults)
        self._cycle_ends = clock()

    # Looking

    @property
    def language(self) -> Language:
        """The language of Windows on this server."""
        return "fr" if "french_windows" in self.faults else "en"

    @property
    def computer_name(self) -> str:
        """The name the computer tells; empty under the fault `wrong_shape`."""
        return "" if "wrong_shape" in self.faults else self.installation.computer_name

    @property
    def os_caption(self) -> str:
        """The name of the operating system. The French one is only there to have a letter outside ASCII."""
        caption = "Microsoft Windows Server 2022 Standard"
        return f"{caption} (Évaluation)" if self.language == "fr" else caption

    @property
    def is_sync_admin(self) -> bool:
        """Whether our account is in ADSyncAdmins."""
        return "not_sync_admin" not in self.faults

    @property
    def file_version(self) -> str:
        """The version of the installed files."""
        return OLD_CONNECT if "old_connect" in self.faults else CURRENT_CONNECT

    @property
    def is_wizard_open(self) -> bool:
        """Whether somebody has the configuration wizard open."""
        return "wizard_open" in self.faults

    @property
    def asks_credential(self) -> bool:
        """Whether this build's Set-ADSyncAADPasswordResetConfiguration has a parameter for a credential."""
        return "credential_prompt" in self.faults

    @property
    def connectors(self) -> tuple[LabConnector, ...]:
        """Every connector."""
        if "two_cloud_connectors" not in self.faults:
            return self.installation.connectors
        cloud = self.installation.connectors[0]
        second = LabConnector(
            "old.onmicrosoft.com - AAD",
            cloud.identifier,
            cloud.type_name,
            cloud.sub_type,
            cloud.parameters,
            cloud.partitions,
        )
        return (*self.installation.connectors, second)

    @property
    def global_settings(self) -> dict[str, str]:
        """The settings of the engine, by the names Microsoft's articles show."""
        state = self.scheduler()
        configured = PREVIOUS_CONNECT if "version_mismatch" in self.faults else self.file_version
        return {
            "Microsoft.Synchronize.ServerConfigurationVersion": configured,
            "Microsoft.Synchronize.StagingMode": str(state.is_staging),
            "Microsoft.Synchronize.SchedulerSuspended": str(state.is_suspended),
            "Microsoft.Synchronize.MaintenanceEnabled": "True",
            "Microsoft.UserSignIn.SignOnMethod": "PasswordHashSync",
            "Microsoft.OptionalFeature.AutoUpgradeState": "Enabled",
            "Microsoft.SystemInformation.MachineRole": "RoleMemberServer",
        }

    def scheduler(self) -> SchedulerState:
        """Return the scheduler's state. An open wizard suspends it."""
        with self._now() as now:
            half_hours = (now - datetime.min.replace(tzinfo=now.tzinfo)) // INTERVAL + 1
            return SchedulerState(
                datetime.min.replace(tzinfo=now.tzinfo) + half_hours * INTERVAL,
                self._is_staging(),
                bool({"wizard_open", "scheduler_suspended"} & set(self.faults)),
                self._running(now),
            )

    def writeback(self) -> WritebackConfiguration:
        """Return the password writeback configuration."""
        with self._now():
            return self._writeback.configuration(is_staging=self._is_staging())

    def events(self) -> tuple[LoggedEvent, ...]:
        """Return the Application log, oldest first."""
        with self._now():
            return tuple(self._log)

    def reaches(self, host: str) -> bool:
        """Return whether a host takes a direct connection from here."""
        return relays.connects(host, self.faults)

    def asks(self, host: str, path: str) -> relays.RelayReply:
        """Return what a GET without a token brings."""
        return relays.ask(host, path, self.faults)

    def require_connector(self, name: str) -> None:
        """Raise Refusal when there is no connector of that name."""
        if name not in {connector.name for connector in self.connectors}:
            raise invalid_operation(f"Connector {name} does not exist.")

    def require_directory_module(self) -> None:
        """Raise Refusal when the ActiveDirectory module is not installed."""
        if "no_rsat" in self.faults:
            raise no_active_directory_module()

    def reach_directory(self) -> Directory:
        """Return the directory. Raises Refusal when the sign-in cannot be passed on to a domain controller."""
        if "double_hop" in self.faults:
            raise second_hop()
        with self._now():
            return self.directory

    def reach_domain(self, name: str) -> Domain:
        """Return a domain as a domain controller has it: the PDC emulator by its host name, another one by any other name.

        Raises Refusal when there is no such domain, or no way to it.
        """
        domain = self.reach_directory().domain(name)
        if name.casefold() == domain.primary_controller:
            return domain
        return domain.as_of(self.clock() - (LONG_LAG if "replication_delay" in self.faults else LAG))

    def rules(self, domain: Domain) -> list[AccessRule]:
        """Return the rules on a domain root. Under `missing_right` the first domain has none for lockoutTime."""
        if "missing_right" in self.faults and domain.dn == self.directory.domains[0].dn:
            return [rule for rule in domain.rules if rule.object_type != LOCKOUT_TIME]
        return list(domain.rules)

    # Doing

    def set_writeback(self, connector: str, *, enabled: bool) -> str:
        """Turn the feature on or off and return what the cmdlet prints."""
        with self._changing() as now:
            if self.asks_credential:
                raise missing_credential()
            if not self.is_sync_admin:
                raise access_denied()
            self.require_connector(connector)
            if self.faults.take("cycle_starts_during_apply"):
                self._cycle_ends = now + CYCLE
            if running := self._running(now):
                raise invalid_operation(f"Connector: {running[0]} is busy.")
            if enabled:
                self._writeback.enable(now, is_staging=self._is_staging())
            else:
                self._writeback.disable(now)
            return f"Password Reset Configuration for {connector} updated"

    def grant_writeback_rights(self, name: str, domain: str) -> str:
        """Grant an account what writeback needs on every domain, and return what the module prints."""
        with self._changing() as now:
            self.require_directory_module()
            account: DirectoryAccount = self.reach_directory().account(name, domain)
            self.directory.grant_writeback(account, now, unexpire="old_connect" not in self.faults)
            self.faults.discard("missing_right")
            return f"Setting Password Writeback permissions on all domains for {domain}\\{name} completed."

    def remove_rules(self, dn: str, rules: Sequence[AccessRule]) -> None:
        """Take access rules off a domain root, as setting a list that lacks them does."""
        with self._changing() as now:
            self.reach_directory().domain(dn).revoke(rules, now)

    def restart_service(self) -> None:
        """Restart the ADSync service."""
        with self._changing() as now:
            self._writeback.restart(now, is_staging=self._is_staging())

    def start_cycle(self) -> None:
        """Start a synchronization cycle. The texts of the refusals are seen in public scripts."""
        with self._changing() as now:
            if not self.is_sync_admin:
                raise access_denied()
            if self.scheduler().is_suspended:
                raise invalid_operation(
                    "System.InvalidOperationException: Scheduler is already suspended via global parameters."
                )
            if running := self._running(now):
                raise invalid_operation(f"System.InvalidOperationException: Connector: {running[0]} is busy.")
            self._cycle_ends = now + CYCLE

    def begin_writeback(self, since: datetime) -> None:
        """Let the feature have been turned on at a time in the past: how a tenant comes to be compliant already."""
        with self._lock:
            self._writeback.enable(since, is_staging=False)
            self._timeline.catch_up()

    def write_back(self, upn: str, password: str, wait: timedelta, report: Callable[[str, datetime], None]) -> None:
        """Reset a password as the cloud asks, after a while, and report the trouble: empty for none."""

        def reset(at: datetime) -> None:
            listens = self._writeback.listens(is_staging=self._is_staging())
            account = self._connector_account()
            report(self._resetting.carry_out(account, upn, password, at) if listens else NOT_LISTENING, at)

        with self._now() as now:
            self._timeline.at(now + wait, reset)
            self._timeline.catch_up()

    def catch_up(self) -> None:
        """Do what is due by now."""
        with self._now():
            pass

    def _connector_account(self) -> DirectoryAccount:
        login = self.installation.connectors[1].parameters
        return self.directory.account(login["forest-login-user"], login["forest-login-domain"])

    def fall_silent(self) -> None:
        """Let the heartbeats have ended three hours ago."""
        with self._now() as now:
            self._writeback.fall_silent(now)

    def _running(self, now: datetime) -> tuple[str, ...]:
        is_busy = "cycle_running" in self.faults or now < self._cycle_ends
        return (self.installation.connectors[0].name,) if is_busy else ()

    @contextmanager
    def _now(self) -> Iterator[datetime]:
        with self._lock:
            yield self._timeline.catch_up()

    @contextmanager
    def _changing(self) -> Iterator[datetime]:
        if "lost_reply_not_done" in self.faults:
            raise ConnectionLost
        with self._now() as now:
            yield now
            self.changes += 1
            self._timeline.catch_up()
