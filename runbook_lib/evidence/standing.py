"""How far a run came, as its journal says: also of a run that was interrupted, killed, or still goes on."""

from __future__ import annotations

from collections.abc import Iterable

from runbook_lib.evidence.journal import Line
from runbook_lib.model import Status
from runbook_lib.runbooks import RUNBOOKS


def runbook_of(journal: Iterable[Line]) -> str:
    """Return the runbook that a run was opened with; nothing when its journal does not say."""
    return next((str(line.data.get("runbook", "")) for line in journal if line.event == "opened"), "")


def standing(journal: Iterable[Line]) -> dict[str, str]:
    """Return the last word on each step, by step id.

    What was sent and never judged is `unknown`: the step that applies, and every step whose change it was sending.
    """
    lines = list(journal)
    runbook = RUNBOOKS.get(runbook_of(lines))
    applying = {step.id for step in runbook.applying} if runbook else set()
    states: dict[str, str] = {}
    is_open = False
    for line in lines:
        if line.event == "sending":
            is_open = True
        elif line.event == "step-result":
            states[line.data["step"]] = line.data["status"]
            is_open = is_open and line.data["step"] not in applying
    if is_open:
        planned = {step for step, status in states.items() if status == Status.PLANNED}
        states |= dict.fromkeys(planned | applying, Status.UNKNOWN.value)
    return states
