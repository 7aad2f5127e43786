"""Where the tenants of a fleet stand, from their records, whoever made these: a row a tenant, and a worklist of those that need a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from runbook_lib.cli.printing import of_record
from runbook_lib.model import Json, Status
from runbook_lib.notebook.shown_table import MANY_ROWS, Column, ShownTable, shown_table
from runbook_lib.notebook.status_tables import seals_of, table_of, tenants_table
from runbook_lib.notebook.times import age, moment
from runbook_lib.parameters import can_be_attested
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import Language, fix_of, render
from runbook_lib.texts.status import STATUS
from runbook_lib.texts.words import LADDER_WORDS, LEVEL_WORDS
from runbook_lib.wiring.standings import Attention, Standing, standings

_STANDINGS = (
    Column("tenant", "16%"),
    Column("attention", "16%"),
    Column("worst", "13%", "state"),
    Column("level"),
    Column("last", "20%"),
    Column("runs", "9%"),
)
_WORKLIST = (
    Column("tenant", "12%"),
    Column("worst", "13%", "state"),
    Column("finding"),
    Column("advice", "22%"),
    Column("page", "6%", "link"),
    Column("command", "19%", "code"),
)
_WEIGHTS = tuple(LEVEL_WORDS)


def of_fleet(names: Sequence[str], outputs: Path, at: datetime) -> list[Standing]:
    """Return the runs of these tenants; none where there are no records yet. Raises `EvidenceError` for those that cannot be read."""
    wanted = frozenset(names)
    return [each for each in standings(outputs, at) if each.run.tenant in wanted] if outputs.is_dir() else []


def standings_table(found: Sequence[Standing], at: datetime, language: Language) -> ShownTable:
    """Return a row a tenant, what calls for action first."""
    if not found:
        return shown_table([], _STANDINGS, language, if_empty="nobody")
    tenants = tenants_table(table_of(found, seals_of(found)), at).astype(object)
    rows = [
        {
            "tenant": each["tenant"],
            "attention": STATUS[each["attention"]].say(language),
            "worst": each["worst"],
            "level": LADDER_WORDS[each["level"]].say(language),
            "last": _evidence(each["last_at"], each["age"], language),
            "runs": each["runs"],
        }
        for each in tenants.where(tenants.notna(), None).to_dict("records")
    ]
    return shown_table(rows, _STANDINGS, language, if_empty="nobody")


def worklist_table(found: Sequence[Standing], command: Callable[[Standing], str], language: Language) -> ShownTable:
    """Return who needs a person and why: newest runs, and damaged records, the worst first. Plans that wait for an approval alone are
    none of it. `command` says what is typed next for a run.
    """
    needy = [each for each in found if each.attention is not Attention.FINE and _needs_a_person(each)]
    rows = [_work(each, command(each), language) for each in sorted(needy, key=lambda each: each.order)]
    return shown_table(rows, _WORKLIST, language, if_empty="nobody", most=MANY_ROWS)


def is_to_attest(each: Standing) -> bool:
    """Tell whether a person does a step and then gives their word for it."""
    return each.worst is Status.NEEDS_OPERATOR and any(
        state is Status.NEEDS_OPERATOR and can_be_attested(step) for step, state in each.states.items()
    )


def _needs_a_person(each: Standing) -> bool:
    return not each.is_going_on and (each.is_resumable or each.worst not in {Status.PLANNED, Status.TO_DO})


def _work(each: Standing, command: str, language: Language) -> dict[str, Any]:
    result = _result(each.run.path)
    steps = [step for step, state in each.states.items() if state is each.worst]
    finding, advice = _weightiest(result, steps, language)
    problems = [render(problem, language) for problem in each.run.problems]
    at = ", ".join(step.upper() for step in steps)
    return {
        "tenant": each.run.tenant,
        "worst": each.worst.value if each.worst else "",
        "finding": "\n".join(problems) or " · ".join(filter(None, [at, finding])),
        "advice": advice,
        "page": str(result.get("page", "")) if is_to_attest(each) else "",
        "command": command,
        "runbook": each.runbook if each.runbook in RUNBOOKS else "",
        "run": each.run.run_id,
    }


def _weightiest(result: Json, steps: Sequence[str], language: Language) -> tuple[str, str]:
    """Return what stands in the way at these steps, and what to do about it."""
    try:
        said = [
            (_WEIGHTS.index(each["level"]), of_record(each["message"]))
            for step in steps
            for each in result["findings"].get(step, ())
        ]
        if not said:
            return "", ""
        message = min(said, key=lambda each: each[0])[1]
        return render(message, language), fix_of(message, language)
    except (KeyError, TypeError, ValueError, AttributeError):
        return "", ""  # a record of another version, or none; its state stands there all the same


def _result(run: Path) -> Json:
    try:
        read = json.loads((run / "result.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _evidence(at: Any, old: Any, language: Language) -> str:
    if at is None:
        return "–"
    said = moment(at.isoformat(), language)
    return f"{said}\n{age(old, language)}" if old >= timedelta() else said
