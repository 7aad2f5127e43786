"""What it costs to see where a fleet stands: reading its records, and drawing the page over them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measuring import Row, ratio, taking_turns
from runbook_lib.evidence import read_journal
from runbook_lib.evidence.sealing.checking import Trust
from runbook_lib.notebook.sealing import seal_run
from runbook_lib.notebook.status_files import csv_of, parquet_of
from runbook_lib.notebook.status_page import page_of
from runbook_lib.notebook.status_tables import seals_of, table_of
from runbook_lib.notebook.status_view import View
from runbook_lib.wiring import outputs_root
from runbook_lib.wiring.standings import Standing, standings
from tests.fleet import NOW, grown
from tests.sealed import manner, roster, signer

TENANTS = 500  # with one to three runs each: 1,000 in all
TIMES = 3
SEALED = 40


def measure() -> Iterator[Row]:
    """Yield durations and sizes for 1,000 runs: copies of those of the demo, on the disk that records are kept on."""
    with tempfile.TemporaryDirectory(dir=outputs_root()) as place:
        rehearsed, outputs = Path(place) / "demo", Path(place) / "outputs"
        demo = [sys.executable, "-m", "runbook_lib", "demo", "--outputs", str(rehearsed)]
        subprocess.run(demo, check=True, capture_output=True)
        runs = sorted((path.parent for path in rehearsed.glob("*/*/journal.jsonl")), key=lambda run: run.name)
        grown(outputs, runs, [f"tenant-{number:03}" for number in range(TENANTS)])
        yield from _of_a_fleet(outputs)


def _of_a_fleet(outputs: Path) -> Iterator[Row]:
    found = standings(outputs, NOW)
    seals = seals_of(found)
    view = View("en", NOW, "outputs", outputs, str, seals)
    journals = [each.run.path / "journal.jsonl" for each in found]
    read, known, drawn = taking_turns(
        TIMES,
        lambda: [read_journal(path) for path in journals],
        lambda: standings(outputs, NOW),
        lambda: page_of(found, view),
    )
    count = f"{len(found):,} runs of {TENANTS} tenants"
    table = table_of(found, seals)
    page, csv, parquet = len(page_of(found, view).encode()), len(csv_of(table)), len(parquet_of(table))
    yield Row(
        f"{count}: their {sum(path.stat().st_size for path in journals) / 1e6:.0f} MB of journals read and verified",
        read,
    )
    yield Row(f"{count}: where each stands", known, ratio(known, read))
    yield Row(f"{count}: the page drawn", drawn, ratio(drawn, known))
    yield from _of_seals(found[:SEALED])
    yield Row(f"{count}: size of the page", f"{page / 1e3:.0f} kB")
    yield Row(f"{count}: size of CSV and Parquet", f"{csv / 1e3:.0f} kB, {parquet / 1e3:.0f} kB")


def _of_seals(found: Sequence[Standing]) -> Iterator[Row]:
    who = signer()
    for each in found:
        seal_run(each.run.path, manner(who))
    trust = Trust(roster(who))
    without, known = taking_turns(TIMES, lambda: seals_of(found), lambda: seals_of(found, trust))
    yield Row(f"how {len(found)} sealed runs are sealed", without)
    yield Row("and by whom", known, ratio(known, without))
