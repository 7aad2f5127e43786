"""The verb that says where every tenant stands: in the terminal, as a page, and as tables for other programs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.cli.printing import Printing
from runbook_lib.cli.program import program, typed
from runbook_lib.errors import ParameterError
from runbook_lib.evidence import Run, runbook_of
from runbook_lib.evidence.levels import level_of
from runbook_lib.model import Json, as_json
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import Language, render
from runbook_lib.texts.words import LADDER_WORDS, WORDS
from runbook_lib.wiring import outputs_root
from runbook_lib.wiring.standings import Attention, Standing, standings, worst_of

if TYPE_CHECKING:
    from runbook_lib.evidence.sealing.checking import Trust


def show_status(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook status`: the newest run of each runbook, and each tenant's level, worst first; or files instead of both.

    Ends with 1 when a record is damaged.
    """
    if options.html or options.csv or options.parquet:
        return _write(options, printing)
    if options.roster:
        raise ParameterError("status-roster-alone")
    folder = Path(options.outputs) if options.outputs else None
    found = standings(folder)
    if not found:
        printing.line("no-runs", folder=str(folder or outputs_root()))
    limit = max(0, options.limit)
    newest = sorted((each for each in found if each.is_newest), key=lambda each: each.order)
    damaged = [each for each in found if each.run.problems]
    _show_totals(found, printing)
    _show_grids(newest, limit, printing)
    _show_stopped([each for each in newest if each.is_resumable], limit, printing)
    _show_levels(found, limit, printing)
    _show_damaged(damaged, printing)
    levels = {each.run.tenant: each.leveller for each in found}
    hidden = [each for each in damaged if not each.is_newest]
    printing.document([_as_data(each, levels[each.run.tenant]) for each in (*newest, *hidden)])
    return 1 if damaged else 0


def _write(options: argparse.Namespace, printing: Printing) -> int:
    """Write what is asked for, all of the same moment. Nothing is written before all places are found to be good."""
    # Imported here: pandas takes a while, and the terminal needs none of it.
    from runbook_lib.notebook import status_files  # noqa: PLC0415
    from runbook_lib.notebook.status_page import page_of  # noqa: PLC0415
    from runbook_lib.notebook.status_tables import seals_of, table_of  # noqa: PLC0415
    from runbook_lib.notebook.status_view import View  # noqa: PLC0415

    outputs, at = Path(options.outputs) if options.outputs else None, SystemClock().now()
    asked = {"html": (".html", ".htm"), "csv": (".csv",), "parquet": (".parquet",)}
    files = {
        kind: status_files.check_place(Path(getattr(options, kind)), outputs or outputs_root(), *suffixes)
        for kind, suffixes in asked.items()
        if getattr(options, kind)
    }
    if "parquet" in files:
        status_files.require_parquet()
    trust = _trust(options.roster)
    found = standings(outputs, at)
    seals = seals_of(found, trust)
    runs = table_of(found, seals)
    view = View(printing.language, at, _called(outputs), (files.get("html") or Path()).parent, _resume, seals)
    draw: dict[str, Callable[[], bytes]] = {
        "html": lambda: page_of(found, view).encode(),
        "csv": lambda: status_files.csv_of(runs),
        "parquet": lambda: status_files.parquet_of(runs),
    }
    for kind, path in files.items():
        status_files.write(path, draw[kind]())
    _show_totals(found, printing)
    for path in files.values():
        printing.line("status-file", path=str(path))
    damaged = [each for each in found if each.run.problems]
    _show_damaged(damaged, printing)
    written: Json = {kind: str(path) for kind, path in files.items()}
    printing.document({"files": written, "runs": len(found), "damaged": len(damaged)})
    return 1 if damaged else 0


def write_page(file: Path, language: Language) -> None:
    """Write the page over all tenants into the folder of their records. Raises `EvidenceError` or `ParameterError` when that cannot be."""
    from runbook_lib.notebook import status_files  # noqa: PLC0415  # as above
    from runbook_lib.notebook.status_page import page_of  # noqa: PLC0415
    from runbook_lib.notebook.status_tables import seals_of  # noqa: PLC0415
    from runbook_lib.notebook.status_view import View  # noqa: PLC0415

    outputs, at = file.parent, SystemClock().now()
    found = standings(outputs, at)
    view = View(language, at, _called(outputs), outputs, _resume, seals_of(found))
    status_files.write(file, page_of(found, view).encode())


def _trust(roster: str) -> Trust | None:
    """Return whom to believe of those who seal; None when nobody said it. Raises `ParameterError` when it cannot be read."""
    if not roster:
        return None
    from runbook_lib.evidence.sealing.checking import Trust  # noqa: PLC0415  # slow to import
    from runbook_lib.evidence.signing import read_roster  # noqa: PLC0415

    return Trust(read_roster(Path(roster)), Path(roster).name)


def _called(outputs: Path | None) -> str:
    """Return the name of the folder of the records: its path tells about the machine."""
    return (outputs or outputs_root()).resolve().name


def _resume(run: Path) -> str:
    return f"{program()} {typed('resume', str(run))}"


def _show_damaged(damaged: Sequence[Standing], printing: Printing) -> None:
    for each in damaged:
        for problem in each.run.problems:
            printing.problem(f"{each.run.tenant}/{each.run.run_id}: {render(problem, printing.language)}")


def _attention(found: Sequence[Standing]) -> dict[str, Attention]:
    """Return what each tenant asks for, the worst first, and then by name."""
    tenants = {each.run.tenant: list[Attention]() for each in found}
    for each in found:
        tenants[each.run.tenant].append(each.attention)
    worst = {tenant: worst_of(asked) for tenant, asked in tenants.items()}
    return dict(sorted(worst.items(), key=lambda item: ([*Attention].index(item[1]), item[0])))


def _show_totals(found: Sequence[Standing], printing: Printing) -> None:
    if not found:
        return
    asked = list(_attention(found).values())
    printing.line("fleet", tenants=len(asked), runs=len(found))
    for each in Attention:
        if count := asked.count(each):
            printing.line(f"fleet-{each}", count=count)


def _show_grids(newest: Sequence[Standing], limit: int, printing: Printing) -> None:
    for runbook in RUNBOOKS.values():
        rows = {each.run.tenant: each.steps for each in newest if each.runbook == runbook.slug}
        if rows:
            printing.text(runbook.slug, "bold")
            printing.grid([step.id for step in runbook.steps], dict(list(rows.items())[: limit or None]))
            _show_rest(len(rows), limit, printing)


def _show_rest(count: int, limit: int, printing: Printing) -> None:
    if limit and count > limit:
        printing.line("fleet-more", count=count - limit)


def _show_stopped(stopped: Sequence[Standing], limit: int, printing: Printing) -> None:
    for each in stopped[: limit or None]:
        printing.line("stopped", tenant=each.run.tenant)
        printing.text(f"  {_resume(each.run.path)}")
    _show_rest(len(stopped), limit, printing)


def _show_levels(found: Sequence[Standing], limit: int, printing: Printing) -> None:
    levels = {each.run.tenant: each.leveller for each in found}
    if levels:
        printing.text(WORDS["ladder"].say(printing.language), "bold")
    width = min(40, max(12, *map(len, levels), 0)) if levels else 0
    for tenant in list(_attention(found))[: limit or None]:
        level = LADDER_WORDS[level_of(levels[tenant])].say(printing.language)
        printing.text(f"  {tenant:<{width}} {level}{_told_by(levels[tenant])}")
    _show_rest(len(levels), limit, printing)


def _told_by(run: Run | None) -> str:
    return f"  ({runbook_of(run.journal)}, {run.last_at[:16].replace('T', ' ')} UTC)" if run else ""


def _as_data(each: Standing, leveller: Run | None) -> Json:
    """Return a run as data for machines, with the level of its tenant and the run that tells it."""
    run = each.run
    return {
        "tenant": run.tenant,
        "runbook": each.runbook,
        "run_id": run.run_id,
        "steps": dict(each.steps),
        "attention": each.attention,
        "resumable": each.is_resumable,
        "at": run.last_at,
        "level": level_of(run),
        "tenant_level": {"level": level_of(leveller), "run_id": leveller.run_id if leveller else ""},
        "problems": [as_json(problem) for problem in run.problems],
    }
