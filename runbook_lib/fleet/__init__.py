"""papermill over tenants: each run in a kernel of its own, each result read from its record."""

from __future__ import annotations

from runbook_lib.fleet.batch import run_all, worst
from runbook_lib.fleet.executing import NOTEBOOK, Job, Outcome

__all__ = ["NOTEBOOK", "Job", "Outcome", "run_all", "worst"]
