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
START_SECONDS = 120


def measure() -> Iterator[Row]:
    """Yield, for each size, how long planning and applying took, and what a tenant cost."""
    for size in SIZES:
        with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory(dir=outputs_root()) as outputs:
            environment = {**os.environ, LAB: place, OUTPUTS: outputs}
            with _lab(size, Path(place), environment):
                yield from _of_size(size, Path(place), Path(outputs), environment)


def _of_size(size: int, place: Path, outputs: Path, environment: Mapping[str, str]) -> Iterator[Row]:
    files = [str(file) for file in (place / "parameters").glob("*.yml")]
    planned = _Ended("plan", files, environment)
    _check_recorded(outputs, planned)
    (approved,) = (outputs / "_batches").glob("*.plan.json")
    applied = _Ended("apply", [*files, "--plan", str(approved)], environment)
    _check_recorded(outputs, applied)
    yield Row(f"{size} tenants planned: {planned.codes}", planned.said)
    yield Row(f"... and the list of them approved and applied: {applied.codes}", applied.said)


class _Ended:
    """A command that ran to its end: its outcomes, how long it took, and what it and its kernels cost."""

    def __init__(self, verb: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self.verb = verb
        command = [
            sys.executable,
            "-m",
            "runbook_lib",
            verb,
            SLUG,
            "--jobs",
            str(AT_ONCE),
            "--json",
            "--parameters",
            *words,
        ]
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

    @property
    def codes(self) -> str:
        """Say how many ended with which exit code."""
        counted = Counter(outcome["exit_code"] for outcome in self.outcomes)
        return ", ".join(f"{count} with exit code {code}" for code, count in sorted(counted.items()))

    @property
    def said(self) -> str:
        count = len(self.outcomes)
        return (
            f"{self.seconds:.0f} s, {60 * count / self.seconds:.0f} tenants a minute, {self._cpu / count:.2f} s of processor"
            f" a tenant, at most {self._megabytes:.0f} MB in one process"
        )


def _check_recorded(outputs: Path, ended: _Ended) -> None:
    """Insist that the record of the batch lists each tenant that was run, with how it ended."""
    batches = [json.loads(file.read_bytes()) for file in (outputs / "_batches").glob("*.json")]
    (found,) = [batch for batch in batches if batch.get("mode") == ended.verb]
    listed = {each["tenant"]: each["exit_code"] for each in found["planned"]}
    if listed != {outcome["tenant"]: outcome["exit_code"] for outcome in ended.outcomes}:
        raise SystemExit("the record of the batch is not what was said of it")


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
