"""The notebook over many tenants: what its cells call. It takes orders as the command line does, and shows as notebooks do."""

from __future__ import annotations

from runbook_lib.fleet_notebook.opening import open_fleet

__all__ = ["open_fleet"]
