"""What a fleet costs as it grows: the lab's own fleets of several sizes, each planned, approved and applied by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measuring import Row
from runbook_lib.wiring import outputs_root
from runbook_lib.wiring.places import LAB, OUTPUTS

SLUG = "enable-connect-writeback"
AT_ONCE = 16
SEED = 7
PORT = 25443
# The table of the page was measured with (100, 300, 1000).
SIZES = (25, 50, 100)
PLANNED, IN_TROUBLE = 3, 1
START_SECONDS = 120


def measure() -> Iterator[Row]:
    """Yield, for each size, how long planning and applying took, and what a tenant cost."""
    for size in SIZES:
        with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory(dir=outputs_root()) as outputs:
            environment = {**os.environ, LAB: place, OUTPUTS: outputs}
            with _lab(size, Path(place), environment):
                yield from _of_size(size, Path(place), Path(outputs), environment)


def _of_size(size: int, place: Path, outputs: Path, environment: Mapping[str, str]) -> Iterator[Row]:
    files = {file.stem: str(file) for file in (place / "parameters").glob("*.yml")}
    planned = _Ended("plan", ["--parameters", *files.values()], environment)
    _check_recorded(outputs, "plan", files)
    approved = [outcome for outcome in planned.outcomes if outcome["exit_code"] == PLANNED]
    plans = [word for outcome in approved for word in ("--plan", f"{outcome['folder']}/plan.json")]
    chosen = [files[outcome["tenant"]] for outcome in approved]
    applied = _Ended("apply", ["--parameters", *chosen, *plans], environment)
    _check_recorded(outputs, "apply", [outcome["tenant"] for outcome in approved])
    codes = Counter(outcome["exit_code"] for outcome in planned.outcomes)
    yield Row(f"{size} tenants planned, {codes[IN_TROUBLE]} in trouble", planned.said(size), "–")
    yield Row(f"... {len(approved)} of them approved and applied", applied.said(len(approved)), "–")


class _Ended:
    """A command that ran to its end: its outcomes, how long it took, and what it and its kernels cost."""

    def __init__(self, verb: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "runbook_lib", verb, SLUG, *words, "--jobs", str(AT_ONCE), "--json"]
        began = time.perf_counter()
        with tempfile.TemporaryFile() as said:
            with subprocess.Popen(command, env=dict(environment), stdout=said, stderr=subprocess.DEVNULL) as process:
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            self.seconds = time.perf_counter() - began
            said.seek(0)
            self.outcomes: list[dict[str, Any]] = json.load(said)
        self._cpu = used.ru_utime + used.ru_stime
        self._megabytes = used.ru_maxrss / 1024

    def said(self, count: int) -> str:
        return (
            f"{self.seconds:.0f} s, {60 * count / self.seconds:.0f} tenants a minute, {self._cpu / count:.2f} s of processor"
            f" a tenant, at most {self._megabytes:.0f} MB in one process"
        )


def _check_recorded(outputs: Path, mode: str, tenants: Sequence[str] | Mapping[str, str]) -> None:
    """Insist that the record of the batch lists each tenant that was planned, with how it ended."""
    batches = [json.loads(file.read_bytes()) for file in (outputs / "_batches").glob("*.json")]
    (found,) = [batch for batch in batches if batch.get("mode") == mode]
    ended = {each["tenant"] for each in found["planned"] if each["exit_code"] is not None}
    if ended != set(tenants):
        raise SystemExit(f"{len(set(tenants) - ended)} tenants are missing in the record of the batch")


@contextmanager
def _lab(size: int, place: Path, environment: Mapping[str, str]) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "runbook_lib",
        "lab",
        "--tenants",
        str(size),
        "--seed",
        str(SEED),
        "--port",
        str(PORT),
    ]
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + START_SECONDS
            while len(list(place.glob("parameters/*.yml"))) < size or not (place / "lab.json").exists():
                if time.monotonic() > until or process.poll() is not None:
                    raise SystemExit("the lab did not begin")
                time.sleep(0.2)
            yield
        finally:
            process.terminate()


if __name__ == "__main__":
    SIZES = tuple(int(word) for word in sys.argv[1:]) or SIZES
    for row in measure():
        print(f"| {row.what} | {row.result} | {row.ratio} |", flush=True)
