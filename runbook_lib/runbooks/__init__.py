"""The runbooks: which facts a step looks at, what stops it, and what it would change. No I/O, only judgement."""

from __future__ import annotations

from runbook_lib.errors import UnknownRunbook
from runbook_lib.ports import Runbook
from runbook_lib.runbooks import (
    disable_writeback,
    enable_connect_writeback,
    enable_sspr_writeback,
    preflight,
    verify_writeback,
)

RUNBOOKS: dict[str, Runbook] = {
    known.slug: known
    for known in (
        preflight.RUNBOOK,
        enable_connect_writeback.RUNBOOK,
        enable_sspr_writeback.RUNBOOK,
        verify_writeback.RUNBOOK,
        disable_writeback.RUNBOOK,
    )
}


def find(slug: str) -> Runbook:
    """Return the runbook of that name. Raises `UnknownRunbook`, naming those there are."""
    if slug not in RUNBOOKS:
        raise UnknownRunbook("unknown-runbook", runbook=slug, known=tuple(RUNBOOKS))
    return RUNBOOKS[slug]


def require_step(runbook: Runbook, step_id: str) -> None:
    """Raise `UnknownRunbook` when a runbook has no such step, naming those it has."""
    known = tuple(step.id for step in runbook.steps)
    if step_id not in known:
        raise UnknownRunbook("unknown-step", runbook=runbook.slug, step=step_id, known=known)


__all__ = ["RUNBOOKS", "find", "require_step"]
