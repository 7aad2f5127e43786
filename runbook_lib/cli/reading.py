"""The verbs that run nothing: list, check, status."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from runbook_lib.cli.printing import Printing
from runbook_lib.cli.program import program, typed
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Run, list_runs
from runbook_lib.fleet import runbook_of, standing
from runbook_lib.model import Json, as_json
from runbook_lib.parameters import InvalidParametersError, Problem, read_parameters
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import render
from runbook_lib.texts.facts import LABELLED
from runbook_lib.texts.steps import RUNBOOKS as RUNBOOK_TEXTS
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import LADDER_WORDS, WORDS
from runbook_lib.wiring import is_worth_resuming, name_of_outputs, outputs_root


def show_runbooks(_options: argparse.Namespace, printing: Printing) -> int:
    """`runbook list`: runbooks, steps, what each reads and may change."""
    language = printing.language
    for runbook in RUNBOOKS.values():
        printing.text(f"{runbook.slug}  —  {RUNBOOK_TEXTS[runbook.slug].title.say(language)}", "bold")
        for step in runbook.steps:
            reads = ", ".join(reading.name for reading in step.readings)
            changes = ", ".join(step.changes) or WORDS["nothing"].say(language)
            printing.text(f"  {step.id.upper()}  {STEPS[step.id].title.say(language)}")
            for word, text in (("reads", reads), ("changes", changes)):
                said = LABELLED.say(language, label=WORDS[word].say(language), text=text)
                printing.text(f"      {said}", "dim")
    printing.document(
        [
            {
                "runbook": runbook.slug,
                "steps": [
                    {
                        "id": step.id,
                        "reads": [reading.name for reading in step.readings],
                        "may_change": list(step.changes),
                    }
                    for step in runbook.steps
                ],
            }
            for runbook in RUNBOOKS.values()
        ]
    )
    return 0


def check_files(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook check`: every problem of every file."""
    problems = [problem for file in options.files for problem in _problems(Path(file))]
    for problem in problems:
        printing.problem(problem.say(printing.language))
    if not problems:
        printing.line("files-good", count=len(options.files))
    printing.document(
        [
            {
                "file": each.file,
                "line": each.line,
                "field": each.field,
                "what": each.what(printing.language),
                "fix": each.fix(printing.language),
            }
            for each in problems
        ]
    )
    return 2 if problems else 0


def _problems(file: Path) -> tuple[Problem, ...]:
    try:
        read_parameters(file)
    except InvalidParametersError as error:
        return error.problems
    return ()


def show_status(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook status`: each tenant's level, and the newest run of each runbook. Ends with 1 when a record is damaged."""
    folder = Path(options.outputs) if options.outputs else outputs_root()
    if not folder.is_dir():
        raise EvidenceError("evidence-cannot-read", path=options.outputs or name_of_outputs(), detail="–")
    # Ids begin with the day on which a run was named, or with whatever its parameters say: only the journal knows the order.
    runs = sorted(list_runs(folder), key=lambda run: (run.started_at, run.run_id))
    damaged = [run for run in runs if run.problems]
    newest = {(runbook_of(run.journal), run.tenant): run for run in runs}
    if not runs:
        printing.line("no-runs", folder=str(folder))
    for runbook in RUNBOOKS.values():
        rows = {tenant: standing(run.journal) for (slug, tenant), run in sorted(newest.items()) if slug == runbook.slug}
        if rows:
            printing.text(runbook.slug, "bold")
            printing.grid([step.id for step in runbook.steps], rows)
    _show_stopped(newest.values(), printing)
    levels = _levels(runs)
    _show_levels(levels, printing)
    for run in damaged:
        for problem in run.problems:
            printing.problem(f"{run.tenant}/{run.run_id}: {render(problem, printing.language)}")
    hidden = [run for run in damaged if run not in newest.values()]
    printing.document([_as_data(run, levels[run.tenant]) for run in (*newest.values(), *hidden)])
    return 1 if damaged else 0


def _show_stopped(runs: Iterable[Run], printing: Printing) -> None:
    for run in runs:
        if is_worth_resuming(run.path):
            printing.line("stopped", tenant=run.tenant)
            printing.text(f"  {program()} {typed('resume', str(run.path))}")


def _levels(runs: Sequence[Run]) -> dict[str, Run | None]:
    """Return, by tenant, the newest run that could say a level; None when none did, or something was sent since by one that could not."""
    levels: dict[str, Run | None] = {}
    for run in runs:
        if _level(run):
            levels[run.tenant] = run
        elif run.tenant not in levels or "sending" in {line.event for line in run.journal}:
            levels[run.tenant] = None
    return levels


def _level(run: Run | None) -> str:
    """Return the level that a run's result tells; empty when it tells none, or no level that there is, or is of a damaged record."""
    if run and run.problems:
        return ""
    result = run.result if run else None
    ladder = result.get("ladder") if isinstance(result, dict) else None
    level = ladder.get("level") if isinstance(ladder, dict) else None
    return level if isinstance(level, str) and level in LADDER_WORDS else ""


def _show_levels(levels: Mapping[str, Run | None], printing: Printing) -> None:
    if levels:
        printing.text(WORDS["ladder"].say(printing.language), "bold")
    for tenant, run in sorted(levels.items()):
        level = LADDER_WORDS[_level(run)].say(printing.language)
        since = f"  ({runbook_of(run.journal)}, {run.last_at[:16].replace('T', ' ')} UTC)" if run else ""
        printing.text(f"  {tenant:<12} {level}{since}")


def _as_data(run: Run, leveller: Run | None) -> Json:
    """Return a run as data for machines, with the level of its tenant and the run that tells it."""
    return {
        "tenant": run.tenant,
        "runbook": runbook_of(run.journal),
        "run_id": run.run_id,
        "steps": standing(run.journal),
        "resumable": is_worth_resuming(run.path),
        "at": run.last_at,
        "level": _level(run),
        "tenant_level": {"level": _level(leveller), "run_id": leveller.run_id if leveller else ""},
        "problems": [as_json(problem) for problem in run.problems],
    }
