"""The verb that brings records from shared storage to this machine, and lets others in after a run that cannot go on."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from runbook_lib.adapters.storage import Storage
from runbook_lib.cli.printing import Printing
from runbook_lib.cli.running import show_resuming
from runbook_lib.errors import ParameterError, UsageProblem
from runbook_lib.wiring import is_worth_resuming, outputs_root
from runbook_lib.wiring.fetching import Fetched, fetch, held_by, unlock


def fetch_records(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook fetch`: bring the records that are asked for, and say which tenants are held, and by whom."""
    if options.unlock and (len(options.runs) != 1 or options.runs[0].count("/") != 1):
        raise ParameterError("unlock-one-run")
    storage, to = Storage(options.storage), Path(options.to).absolute() if options.to else outputs_root()
    found = _brought(storage, to, options, printing)
    if options.unlock:
        unlock(storage, to, options.runs[0])
        printing.line("unlocked", run=options.runs[0])
    printing.document([{"run": each.run, "folder": str(each.folder), "is_ahead": each.is_ahead} for each in found])
    return 0


def _brought(storage: Storage, to: Path, options: argparse.Namespace, printing: Printing) -> list[Fetched]:
    found = []
    try:
        for each in fetch(storage, to, options.runs):
            found.append(each)
            _show(each, options, printing)
    except UsageProblem:
        if not options.unlock:
            raise  # a run that was killed before its first line has left nothing else than its lock
    if not found and not options.unlock:
        printing.line("fetch-nothing", url=storage.url)
    for tenant in sorted({each.run.partition("/")[0] for each in found}):
        if holder := held_by(storage, tenant):
            printing.line("fetch-held", tenant=tenant, **asdict(holder))
    return found


def _show(each: Fetched, options: argparse.Namespace, printing: Printing) -> None:
    printing.line("fetch-ahead" if each.is_ahead else "fetch-done", run=each.run, folder=str(each.folder))
    if is_worth_resuming(each.folder) and not options.unlock:
        show_resuming(each.folder, printing)
