"""What it costs to seal a run and to verify the bundle, one and many as a batch, and how large a bundle is."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from benchmarks.measuring import Row, Seconds, ratio, taking_turns
from runbook_lib.evidence.batches import BatchRecord, Planned
from runbook_lib.evidence.sealing.bundle import read_bundle
from runbook_lib.evidence.sealing.checking import Trust, check_files
from runbook_lib.notebook.retelling import Expected
from runbook_lib.notebook.sealing import seal_batch, seal_run
from runbook_lib.notebook.verifying import verify
from runbook_lib.wiring import outputs_root
from tests.fleet import grown
from tests.sealed import Runs, manner, roster, runs

Done = TypeVar("Done")

TIMES = 9
TENANTS = 50  # with one to three runs each: 100 in all


def measure() -> Iterator[Row]:
    """Yield durations and sizes for one run that applied something, and for many that are sealed and verified as one batch."""
    with tempfile.TemporaryDirectory(dir=outputs_root()) as place, runs() as made:
        yield from _of_one(made, Path(place))
        yield from _of_many(made, Path(place))


def _of_one(made: Runs, place: Path) -> Iterator[Row]:
    trust = Trust(roster(made.sealer), "roster.json")
    bundle = made.sealed(made.applied, place / "one").bundle
    folders = iter(range(1000))
    sealing, verifying, reading = taking_turns(
        TIMES,
        lambda: made.sealed(made.applied, place / f"again-{next(folders)}"),
        lambda: verify(bundle, trust, Expected()),
        lambda: check_files(read_bundle(bundle).files, trust),
    )
    files = read_bundle(bundle).files
    yield Row("a run: scanned, drawn, signed and packed", sealing)
    yield Row("its bundle: verified, pages drawn again", verifying, ratio(verifying, sealing))
    yield Row("its bundle: unpacked, hashes and signature checked alone", reading, ratio(reading, verifying))
    packed, plain = bundle.stat().st_size, sum(map(len, files.values()))
    yield Row(f"size of its bundle of {len(files)} files, {plain / 1e3:.0f} kB unpacked", f"{packed / 1e3:.0f} kB")


def _of_many(made: Runs, place: Path) -> Iterator[Row]:
    outputs = place / "outputs"
    grown(outputs, [made.plan, made.applied, made.french], [f"tenant-{number:03}" for number in range(TENANTS)])
    folders = sorted(path.parent for path in outputs.glob("*/*/journal.jsonl"))
    planned = [Planned(folder.parent.name, folder.name) for folder in folders]
    record = BatchRecord(outputs, made.plan.name, "plan", planned)
    sealing, (kept, _, problems) = _timed(lambda: seal_batch(record.path, manner(made.sealer)))
    verifying, verdict = _timed(lambda: verify(kept.path, Trust(roster(made.sealer), "roster.json"), Expected()))
    count = f"{len(folders):,} runs of {TENANTS} tenants"
    again, _ = _timed(lambda: seal_run(folders[0], manner(made.sealer)))
    if problems or not verdict.is_proven:
        raise RuntimeError(f"{len(problems)} not sealed, or something is broken")
    size = sum(path.stat().st_size for path in outputs.glob("*/*.zip"))
    yield Row(f"{count}: sealed, with a roll-up", sealing)
    yield Row(f"{count}: roll-up and bundles verified, pages drawn again", verifying, ratio(verifying, sealing))
    yield Row("one of them: found sealed before", again)
    yield Row(f"{count}: size of the bundles", f"{size / 1e6:.0f} MB")


def _timed(work: Callable[[], Done]) -> tuple[Seconds, Done]:
    began = time.perf_counter()
    done = work()
    return Seconds((time.perf_counter() - began,)), done
