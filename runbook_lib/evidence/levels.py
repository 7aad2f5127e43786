"""Which level of the verification ladder a tenant has, as the results of its runs tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook_lib.evidence.runs import Run
from runbook_lib.runbooks.ladder import LEVELS, NONE


def level_of(run: Run | None) -> str:
    """Return the level that a run's result tells; empty when it tells none, or no level that there is, or is of a damaged record."""
    if run is None or run.problems:
        return ""
    ladder = run.result.get("ladder") if isinstance(run.result, dict) else None
    level = ladder.get("level") if isinstance(ladder, dict) else None
    return level if level in (NONE, *LEVELS) else ""


def levels_after(runs: Iterable[Run]) -> Iterator[Run | None]:
    """Yield for each run, in the order in which they began, the run that tells the level of its tenant once it is over.

    None when no run could say one, or when something was sent since by a run that could not.
    """
    told: dict[str, Run | None] = {}
    for run in runs:
        if level_of(run):
            told[run.tenant] = run
        elif run.tenant not in told or "sending" in {line.event for line in run.journal}:
            told[run.tenant] = None
        yield told[run.tenant]
