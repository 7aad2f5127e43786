"""The lab's cloud: Entra, Microsoft Graph and the portal's internal endpoint for a few invented tenants, on loopback.

It stands for what the adapters talk to, so that they run unchanged. Every part says where its behaviour is known from;
what is not known of the real service is said there too. To serve it, see `server`; to ask it without any network,
`memory`.
"""

from __future__ import annotations

from runbook_lib.lab.cloud.memory import MemoryPortal, MemoryTenant
from runbook_lib.lab.cloud.roles import Role
from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    AuditRecord,
    AutoApproval,
    Cloud,
    CloudTenant,
    Domain,
    PortalPolicy,
    Registration,
    Secret,
    ServicePlan,
    Sku,
)

__all__ = [
    "Account",
    "Application",
    "AuditRecord",
    "AutoApproval",
    "Cloud",
    "CloudTenant",
    "Domain",
    "MemoryPortal",
    "MemoryTenant",
    "PortalPolicy",
    "Registration",
    "Role",
    "Secret",
    "ServicePlan",
    "Sku",
]
