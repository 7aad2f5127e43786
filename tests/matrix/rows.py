"""What a run came to, as a row of the table: short enough to be read, whole enough to be judged."""

from typing import Any

from runbook_lib.model import Finding
from runbook_lib.runbooks.ladder import reached
from runbook_lib.runbooks.readiness import readiness
from runbook_lib.texts.advice import advice_of
from tests.matrix.cases import Case, Seen, carried

Row = dict[str, Any]

USUAL, DIFFERENT, SAME = "as usual", "under a fault, what differs", "under a fault, nothing differs"


def row(seen: Seen) -> Row:
    """States, findings with their advice, what was sent, what the journal says, and what is claimed of it all."""
    run = seen.run
    results = run.results
    claimed = str(readiness(results.values())) if run.runbook.only_reads else ""
    return {
        "exit code": run.exit_code,
        "claims": " ".join(filter(None, [claimed, reached(run.runbook, results).level])),
        "states": {step: str(result.status) for step, result in results.items()},
        "findings": {step: [_finding(found) for found in result.findings] for step, result in results.items()},
        "sent": [change.action for change, _ in seen.sent],
        "journal": _journal(seen),
    }


def _finding(found: Finding) -> str:
    advice = advice_of(found.message)
    return f"{found.level} {found.message.key}" + (f" → {advice.id}" if advice else "")


def _journal(seen: Seen) -> dict[str, str]:
    """By step, what the journal says while it was carried out, without what was read: the readings that failed, once each."""
    told: dict[str, list[str]] = {}
    step = ""
    for event, data in seen.journal.lines:
        if event == "step-started":
            step = str(data["step"])
            told[step] = []
        elif word := _word(event, data, step):
            told[step] += [] if word.startswith("!") and word in told[step] else [word]
    return {step: " ".join(words) for step, words in told.items() if words}


def _word(event: str, data: Any, step: str) -> str:
    if event == "read":
        return f"!{data['reading']}" if "problem" in data else ""
    if event == "step-result":  # of the step itself the states tell
        return f"{data['step']}={data['status']}" if data["step"] != step else ""
    if event in ("sending", "sent", "send-failed", "cure"):
        return f"{event}:{data['action'] if 'action' in data else data['change']['action']}"
    return event


def difference(usual: Row, other: Row) -> Row:
    """The parts of a row that differ from the usual one; of parts by step, the steps that differ."""
    found: Row = {}
    for name, value in other.items():
        if isinstance(value, dict):
            steps = {
                step: value.get(step) for step in {**usual[name], **value} if usual[name].get(step) != value.get(step)
            }
            found |= {name: steps} if steps else {}
        elif usual[name] != value:
            found[name] = value
    return found


def table(case: Case, faults: list[str]) -> Row:
    """The whole table of a case."""
    usual = row(carried(case, ""))
    different = {fault: difference(usual, row(carried(case, fault))) for fault in faults}
    return {
        USUAL: usual,
        DIFFERENT: {fault: found for fault, found in different.items() if found},
        SAME: [fault for fault, found in different.items() if not found],
    }
