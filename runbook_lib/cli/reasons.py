"""Why a tenant did not come out well, in one sentence a step: what its findings say, and not what merely follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runbook_lib.cli.printing import of_record
from runbook_lib.fleet import Outcome
from runbook_lib.model import Level
from runbook_lib.texts import Language, fix_of, render

# What keeps a step from being done. A step that only waits for another says nothing of its own.
_STOPS = frozenset({Level.BLOCKER, Level.CONTRADICTION})
_WAITS = frozenset({"waits-for"})


@dataclass(frozen=True)
class Reason:
    """What stands in the way: at which step (empty: the run as a whole), what is said of it, and what to do about it."""

    step: str
    said: str
    fix: str = ""

    def __str__(self) -> str:
        """Say all of it in one line."""
        step = f"{self.step.upper()} · " if self.step else ""
        return f"{step}{self.said} {self.fix}".rstrip()


def reasons_of(outcome: Outcome, language: Language) -> Sequence[Reason]:
    """Return what stands in the way of a tenant; its problem where no finding says more, nothing where nothing does."""
    found = [
        Reason(step, render(said, language), fix_of(said, language))
        for step, findings in outcome.findings.items()
        for finding in findings
        if finding["level"] in _STOPS and (said := of_record(finding["message"])).key not in _WAITS
    ]
    if found or not outcome.problem:
        return found
    return [Reason("", outcome.problem.removeprefix("✖").strip())]
