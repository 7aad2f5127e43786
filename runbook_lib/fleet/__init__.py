"""papermill over tenants: each run in a kernel of its own, each result read from its record."""

from __future__ import annotations

from runbook_lib.fleet.batch import BEGUN, EXCEEDED, FLEET_PLANNED, ON_RECORD, STOPPING, recorded, run_all, worst
from runbook_lib.fleet.cluster import on_cluster
from runbook_lib.fleet.executing import FAILED, INTERRUPTED, NOTEBOOK, Job, Outcome
from runbook_lib.fleet.limits import parse_rates
from runbook_lib.fleet.listening import News
from runbook_lib.fleet.options import FAILURES, KERNELS, FleetOptions, MaxFailures, Rollout
from runbook_lib.fleet.rollout import BELOW, CLOSED, SOAKING, WAVE, roll_out
from runbook_lib.fleet.waves import parse_waves
from runbook_lib.fleet.window import parse_window

__all__ = [
    "BEGUN",
    "BELOW",
    "CLOSED",
    "EXCEEDED",
    "FAILED",
    "FAILURES",
    "FLEET_PLANNED",
    "INTERRUPTED",
    "KERNELS",
    "NOTEBOOK",
    "ON_RECORD",
    "SOAKING",
    "STOPPING",
    "WAVE",
    "FleetOptions",
    "Job",
    "MaxFailures",
    "News",
    "Outcome",
    "Rollout",
    "on_cluster",
    "parse_rates",
    "parse_waves",
    "parse_window",
    "recorded",
    "roll_out",
    "run_all",
    "worst",
]
