"""The lab's world: fictitious tenants with their directories and sync servers, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from runbook_lib.errors import UsageProblem
from runbook_lib.lab.change_records.record import LabChange
from runbook_lib.lab.clock import Now, real_time
from runbook_lib.lab.faults import Faults
from runbook_lib.lab.sync_server import SyncServer
from runbook_lib.lab.tenants import TENANTS, TenantSpec
from runbook_lib.lab.writeback import AuditSink

# More names than these tell nobody anything.
MOST_NAMED = 6


class LabTenant:
    """One tenant: what is on premises, the faults of all its parts, and who is told what the cloud would log.

    `server` is the active sync server; `standby` is in staging mode unless the fault `second_server_active` says otherwise.
    `number` tells the tenants' change records apart.
    """

    def __init__(self, spec: TenantSpec, clock: Now, onboarding_delay: timedelta, number: int = 1) -> None:
        self.spec = spec
        self.clock = clock
        self.directory = spec.directory()
        self.faults = Faults(added=self._fault_added)
        self._sinks: list[AuditSink] = []
        self._audits: list[tuple[str, datetime]] = []
        self._onboarding_delay = onboarding_delay
        self.server = self._server(1, self.faults, lambda: "staging_mode" in self.faults)
        self.standby = self._server(2, Faults(), lambda: "second_server_active" not in self.faults)
        if spec.writeback_since is not None:
            self.server.begin_writeback(clock() - spec.writeback_since)
        for name in spec.faults:
            self.faults.add(name)
        self.change = LabChange(spec.name, number, self.faults, clock)

    @property
    def name(self) -> str:
        """The short name."""
        return self.spec.name

    @property
    def tenant_id(self) -> str:
        """The tenant's identifier, a GUID in lower case."""
        return self.spec.tenant_id

    @property
    def servers(self) -> tuple[SyncServer, ...]:
        """The active server, and the standby if the tenant has one."""
        return (self.server, self.standby) if self.spec.has_standby else (self.server,)

    def on_audit(self, sink: AuditSink) -> None:
        """Tell `sink` every activity that the cloud logs because of what a sync server did, also those of the past."""
        for activity, at in self._audits:
            sink(activity, at)
        self._sinks.append(sink)

    def _audit(self, activity: str, at: datetime) -> None:
        self._audits.append((activity, at))
        for sink in self._sinks:
            sink(activity, at)

    def _fault_added(self, name: str) -> None:
        if name == "stale_heartbeat":
            self.server.fall_silent()

    def _server(self, number: int, faults: Faults, is_staging: Callable[[], bool]) -> SyncServer:
        installation = replace(self.spec.install(number, self.directory), onboarding_delay=self._onboarding_delay)
        return SyncServer(installation, self.directory, faults, self.clock, audit=self._audit, is_staging=is_staging)


class World:
    """All tenants, on one clock: the three of the lab, or others. `onboarding_delay` is how long onboarding takes under the fault
    `slow_onboarding`.
    """

    def __init__(
        self,
        clock: Now = real_time,
        *,
        onboarding_delay: timedelta = timedelta(seconds=20),
        tenants: Sequence[TenantSpec] = TENANTS,
    ) -> None:
        self.clock = clock
        self.tenants = {
            spec.name: LabTenant(spec, clock, onboarding_delay, number) for number, spec in enumerate(tenants, 1)
        }

    def tenant(self, name: str) -> LabTenant:
        """Return a tenant by its name or its identifier. Raises `UsageProblem` when the lab has no such tenant."""
        for tenant in self.tenants.values():
            if name in {tenant.name, tenant.tenant_id}:
                return tenant
        known = tuple(self.tenants)
        raise UsageProblem(
            "lab-unknown-tenant", name=name, known=known if len(known) <= MOST_NAMED else (*known[:MOST_NAMED], "…")
        )
