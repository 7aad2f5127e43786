"""papermill over tenants: each run in a kernel of its own, each result read from its record."""

from __future__ import annotations

from runbook_lib.fleet.batch import run_all, worst
from runbook_lib.fleet.executing import INTERRUPTED, NOTEBOOK, Job, Outcome
from runbook_lib.fleet.standing import runbook_of, standing

__all__ = ["INTERRUPTED", "NOTEBOOK", "Job", "Outcome", "run_all", "runbook_of", "standing", "worst"]
