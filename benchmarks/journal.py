"""What it costs that a journal line is on the disk before the run goes on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Row, Seconds, ratio, taking_turns
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.evidence import Journal, Redactor
from runbook_lib.wiring import outputs_root

TIMES = 9
LINES = 50
LINE = {
    "target": "sync-server",
    "reading": "host",
    "ok": True,
    "request_id": "0" * 72,
    "at": "2026-11-02T09:10:00+00:00",
}


def measure() -> Iterator[Row]:
    """Yield the duration of one line: written only, written and synchronized, and recorded by the journal.

    The files lie in the outputs folder, on the disk that journals are kept on.
    """
    with (
        tempfile.TemporaryDirectory(dir=outputs_root()) as folder,
        Journal(Path(folder) / "journal.jsonl", SystemClock(), Redactor()) as journal,
    ):
        journal.record("read", **LINE)
        data = (Path(folder) / "journal.jsonl").read_bytes()
        file = os.open(Path(folder) / "plain", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        blocks = taking_turns(
            TIMES,
            lambda: [os.write(file, data) for _ in range(LINES)],
            lambda: [(os.write(file, data), os.fsync(file)) for _ in range(LINES)],
            lambda: [journal.record("read", **LINE) for _ in range(LINES)],
        )
        os.close(file)
    written, synchronized, recorded = map(_each, blocks)
    yield Row(f"journal: write of a line of {len(data)} bytes, no fsync", written)
    yield Row("journal: write and fsync", synchronized, ratio(synchronized, written))
    yield Row("journal: the line as recorded, with redaction, chain and fsync", recorded, ratio(recorded, synchronized))


def _each(block: Seconds) -> Seconds:
    return Seconds(tuple(seconds / LINES for seconds in block.taken))
