"""The verdict of a runbook that only looks: whether the change it looks ahead to may come."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from runbook_lib.model import DONE, EXIT_CODES, Level, StepResult

# The exit codes of steps that went wrong or about which nothing is known.
_STOPS = frozenset({1, 4})


class Readiness(StrEnum):
    """The verdict. `undecided`: nothing speaks against it, but a person has to look at something, or a step was left out."""

    READY = "ready"
    WARNINGS = "ready-with-warnings"
    UNDECIDED = "undecided"
    BLOCKED = "blocked"


def readiness(results: Iterable[StepResult]) -> Readiness:
    """Return the verdict over the results of all steps."""
    kept = list(results)
    states = {result.status for result in kept}
    if any(EXIT_CODES[status] in _STOPS for status in states):
        return Readiness.BLOCKED
    if states - DONE:
        return Readiness.UNDECIDED
    warned = any(finding.level is Level.WARNING for result in kept for finding in result.findings)
    return Readiness.WARNINGS if warned else Readiness.READY
