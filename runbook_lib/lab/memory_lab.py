"""The whole lab without any network: the targets of a tenant, in memory, on one world."""

from __future__ import annotations

from runbook_lib.facts.portal import PORTAL
from runbook_lib.facts.sync_server import SYNC_SERVER
from runbook_lib.facts.tenant import TENANT
from runbook_lib.lab.cloud.memory import MemoryPortal, MemoryTenant
from runbook_lib.lab.cloud.state import CloudTenant
from runbook_lib.lab.cloud_tenants import administrator, cloud_of
from runbook_lib.lab.memory import MemorySyncServer
from runbook_lib.lab.world import World
from runbook_lib.ports import Target


class MemoryLab:
    """A world and its cloud. The administrator of each tenant is signed in, as by a device code."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cloud = cloud_of(world)

    def cloud_tenant(self, name: str) -> CloudTenant:
        """Return the cloud half of a tenant. Raises `UsageProblem` when the lab has no such tenant."""
        found = self.cloud.tenant(self.world.tenant(name).tenant_id)
        assert found is not None  # noqa: S101 - both halves are made from the same list
        return found

    def targets(self, name: str) -> dict[str, Target]:
        """Return what a run against a tenant reads and changes, by target name."""
        tenant, cloud = self.world.tenant(name), self.cloud_tenant(name)
        account = administrator(cloud)
        return {
            SYNC_SERVER: MemorySyncServer(tenant.server),
            "other-server-1": MemorySyncServer(tenant.standby, "other-server-1"),
            TENANT: MemoryTenant(cloud, account, self.world.clock),
            PORTAL: MemoryPortal(cloud, account, self.world.clock),
        }
