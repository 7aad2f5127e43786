"""The end of a fleet: how it came out, what needs attention, where its files are, and the next command for all of it."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.cli.fleet import Watching
from runbook_lib.cli.ordering import Ordered
from runbook_lib.cli.progress import counted
from runbook_lib.fleet import Outcome
from runbook_lib.model import Json


def conclude(ordered: Sequence[Ordered], outcomes: Sequence[Outcome], hear: Watching) -> dict[str, Json]:
    """Say how a fleet came out and what comes next. Return it as data for machines."""
    ended = {outcome.tenant for outcome in outcomes}
    return {
        "seconds": round(hear.progress.elapsed, 3),
        "counts": {kind.value: count for kind, count in counted(outcomes).items()},
        "not_run": [each.name for each in ordered if each.name not in ended],
        "files": {},
    }
