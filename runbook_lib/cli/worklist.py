"""The worklist of a fleet: what persons have to do at tenants that ended with `needs-operator`, on a page and in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.cli.printing import of_record
from runbook_lib.cli.progress import NEEDS_OPERATOR
from runbook_lib.fleet import Outcome
from runbook_lib.model import Json, Status
from runbook_lib.parameters import can_be_attested
from runbook_lib.texts import LANGUAGES, Language, Message, fix_of, render
from runbook_lib.texts.steps import NO, STEPS, YES

if TYPE_CHECKING:
    from runbook_lib.notebook.worklist import Task, Work

# What comes next for a tenant: its name, the file of its plan or None, to the words of a command.
Command = Callable[[str, Path | None], str]


def work_of(outcomes: Sequence[Outcome], command: Command) -> list[Work]:
    """Return what persons have to do, in the order of the tenants."""
    from runbook_lib.notebook.worklist import Work  # noqa: PLC0415  # pandas takes a while; so below

    works = []
    for outcome in outcomes:
        if outcome.exit_code != NEEDS_OPERATOR:
            continue
        can_be_given = any(can_be_attested(step) for step in outcome.steps)
        by_hand = [change for change in outcome.changes if change["target"] == "operator"]
        is_wizard = any(change["action"] == "set_in_wizard" for change in by_hand)
        works.append(
            Work(
                outcome.tenant,
                outcome.folder,
                _tasks(outcome, by_hand),
                "" if is_wizard else outcome.page,
                is_wizard,
                command(outcome.tenant, outcome.folder / "plan.json" if can_be_given else None),
                outcome.plan if can_be_given else "",
            )
        )
    return works


def write_worklist(
    slug: str, record: Path, total: int, works: Sequence[Work], language: Language, status: Path | None
) -> dict[str, Path]:
    """Write the worklist beside the record of a fleet, as a page and as a table. Raises `ParameterError` when that cannot be."""
    from runbook_lib.notebook import status_files  # noqa: PLC0415
    from runbook_lib.notebook.worklist import Worklist, csv_of_work, page_of  # noqa: PLC0415

    worklist = Worklist(slug, record.stem, total, works, SystemClock().now())
    files = {"worklist": ".worklist.html", "worklist_csv": ".worklist.csv"}
    paths = {name: record.with_name(f"{record.stem}{ending}") for name, ending in files.items()}
    status_files.write(paths["worklist"], page_of(worklist, language, record.parent, status).encode())
    status_files.write(paths["worklist_csv"], csv_of_work(worklist))
    return paths


def _tasks(outcome: Outcome, by_hand: Sequence[Json]) -> list[Task]:
    from runbook_lib.notebook.worklist import Task  # noqa: PLC0415

    tasks = []
    for step in (step for step, state in outcome.steps.items() if state == Status.NEEDS_OPERATOR):
        values = [change["after"] for change in by_hand if change["step"] == step]
        found = [] if values else [of_record(each["message"]) for each in outcome.findings.get(step, ())]
        to_do = {each: _found(step, found, each) if found else _label(step, values, each) for each in LANGUAGES}
        tasks.append(Task(step, to_do, is_label=not found))
    return tasks


def _found(step: str, found: Sequence[Message], language: Language) -> str:
    """Return what was found at a step, and what to do about it."""
    said = " ".join(f"{render(each, language)} {fix_of(each, language)}".strip() for each in found)
    return f"{STEPS[step].title.say(language)} · {said}"


def _label(step: str, values: Sequence[Json], language: Language) -> str:
    """Return what is set at a step, or pressed, as the page calls it."""
    where = STEPS[step].where.say(language)
    if not values:
        return " · ".join(dict.fromkeys((STEPS[step].title.say(language), where)))
    return " ".join(f"{where} → {(YES if value else NO).say(language)}" for value in values)
