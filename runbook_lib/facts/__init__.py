"""Typed readings of what the targets answer. Every name here is also a script or a request, a lab handler and a docs entry."""

from __future__ import annotations

from runbook_lib.facts import directory_users, portal, surroundings, sync_server, tenant
from runbook_lib.ports import Reading

READINGS: dict[str, Reading[object]] = {
    known.name: known
    for module in (sync_server, directory_users, surroundings, tenant, portal)
    for known in vars(module).values()
    if isinstance(known, Reading)
}

# What changes something, and where.
ACTIONS: dict[str, str] = {
    "set_password_writeback": sync_server.SYNC_SERVER,
    "grant_writeback_rights": sync_server.SYNC_SERVER,
    "revoke_writeback_rights": sync_server.SYNC_SERVER,
    "restart_sync_service": sync_server.SYNC_SERVER,
    "start_delta_cycle": sync_server.SYNC_SERVER,
    "reset_pilot_password": tenant.TENANT,
    "set_portal_write_back": portal.PORTAL,
    "set_portal_unlock": portal.PORTAL,
}

__all__ = ["ACTIONS", "READINGS"]
