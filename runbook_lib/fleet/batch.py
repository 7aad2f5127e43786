"""Runs over several tenants, one after another. One tenant's trouble does not touch the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from runbook_lib.fleet.executing import FAILED, INTERRUPTED, UNKNOWN, USAGE, Job, Outcome, execute
from runbook_lib.fleet.listening import Listening, News
from runbook_lib.wiring.places import APPROVED_BY, CHANNEL, OUTPUTS, RESUMED

# What is not known of a system outside weighs most; that somebody mistyped must not hide it. Then 5, 3 and 0.
WORST_FIRST = (UNKNOWN, INTERRUPTED, USAGE, FAILED, 5, 3, 0)


def run_all(jobs: Sequence[Job], *, approved_by: str, hear: Callable[[News], None]) -> Iterator[Outcome]:
    """Run the jobs in order and yield how each ended; after one that was interrupted, none is begun.

    `approved_by` says how approvals were given: `command-line`, `demo`. `hear` gets the news of steps and sign-ins.
    """
    stopped: dict[str, int] = {}

    def take(news: News) -> None:
        if news["event"] == "stopped":
            stopped[news["run"]] = int(news["exit_code"])
        else:
            hear(news)

    with Listening(take) as listening:
        for job in jobs:
            told = {CHANNEL: listening.address, OUTPUTS: str(job.outputs), APPROVED_BY: approved_by}
            told[RESUMED] = job.run_id if job.goes_on else ""
            with _environment(told):
                outcome = execute(job, stopped)
            yield outcome
            if outcome.is_interrupted:
                return


def worst(codes: Sequence[int]) -> int:
    """Return the exit code of a fleet: that of the tenant that ended worst."""
    return next((code for code in WORST_FIRST if code in codes), 0)


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
