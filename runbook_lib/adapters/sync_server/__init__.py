"""The sync server as a target: scripts run over WinRM, one PowerShell process for all readings of a look."""

from __future__ import annotations

from runbook_lib.adapters.sync_server.connection import TRANSPORTS, Connection, TransportName
from runbook_lib.adapters.sync_server.target import SyncServer

__all__ = ["TRANSPORTS", "Connection", "SyncServer", "TransportName"]
