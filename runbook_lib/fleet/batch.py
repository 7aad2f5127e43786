"""Runs over several tenants, one after another. One tenant's trouble does not touch the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from runbook_lib.fleet.executing import Job, Outcome, execute
from runbook_lib.fleet.listening import Listening, News
from runbook_lib.model import SEVERITY
from runbook_lib.wiring.places import APPROVED_BY, CHANNEL, OUTPUTS


def run_all(jobs: Sequence[Job], *, approved_by: str, hear: Callable[[News], None]) -> Iterator[Outcome]:
    """Run the jobs in order and yield how each ended. `approved_by` says how approvals were given: `command-line`, `demo`."""
    with Listening(hear) as listening:
        for job in jobs:
            told = {CHANNEL: listening.address, OUTPUTS: str(job.outputs), APPROVED_BY: approved_by}
            with _environment(told):
                outcome = execute(job)
            yield outcome


def worst(codes: Sequence[int]) -> int:
    """Return the exit code of a fleet: usage first, then the order unknown, failed, operator, planned, done."""
    return next((code for code in (2, *SEVERITY) if code in codes), 0)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables for the kernels started meanwhile. Nothing in them belongs to one tenant."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
