"""Many tenants: the plan notebook in forked kernels, beside the plain `papermill` command and papermill in threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from benchmarks.measuring import Row
from runbook_lib.wiring import outputs_root, project_root
from runbook_lib.wiring.places import LAB, OTHER_PORTS, OUTPUTS

SLUG = "enable-connect-writeback"
AT_ONCE = 16
# How many tenants each way is measured with: enough that the first kernel and the last do not count much.
TENANTS = {"command": 5, "threads": 3 * AT_ONCE, "forked": 6 * AT_ONCE}
TURNS = 3


def measure() -> Iterator[Row]:
    """Yield tenants a minute, processor time and memory of each way, in turns on one lab."""
    with (
        tempfile.TemporaryDirectory() as place,
        tempfile.TemporaryDirectory(dir=outputs_root()) as outputs,
        served_lab(Path(place)) as lab,
    ):
        environment = {**os.environ, LAB: place, OUTPUTS: outputs}
        taken: dict[str, list[dict[str, float]]] = {way: [] for way in TENANTS}
        for turn in range(TURNS):
            for way, tenants in TENANTS.items():
                files = parameter_files(Path(place), f"{way}-{turn}", tenants)
                taken[way].append(_carried_out(way, files, environment, lab))
        memory = _carried_out("memory", parameter_files(Path(place), "memory", 2 * AT_ONCE), environment, lab)
    yield from _rows(taken)
    yield Row(f"memory of {AT_ONCE} tenants at once in forked kernels, each (PSS)", f"{memory['each']:.0f} MB")
    yield Row("memory of the warm process and of who runs them, together (PSS)", f"{memory['first']:.0f} MB")


class _Lab:
    """The lab in a process of its own, so that what it takes can be told from what the runs take."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer()  # it is ready

    def seconds(self) -> float:
        """Return the processor time that the lab has taken."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def served_lab(place: Path) -> Iterator[_Lab]:
    command = [sys.executable, "-m", "benchmarks.fleet_ways", "lab", str(place)]
    environment = {**os.environ, LAB: str(place)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _Lab(process)
        finally:
            assert process.stdin
            process.stdin.close()


def parameter_files(place: Path, label: str, count: int) -> list[str]:
    """Write a parameter file for a run of each of so many tenants of the lab."""
    files = []
    for example in sorted((place / OTHER_PORTS).glob("*.yml"))[:count]:
        file = place / f"{example.stem}-{label}.yml"
        values = {**yaml.safe_load(example.read_text(encoding="utf-8")), "run_id": f"run-{file.stem}", "mode": "plan"}
        file.write_text(yaml.safe_dump(values), encoding="utf-8")
        files.append(str(file))
    return files


def _carried_out(way: str, files: list[str], environment: Mapping[str, str], lab: _Lab) -> dict[str, float]:
    before = lab.seconds()
    notebook = project_root() / "notebooks" / "fr" / f"{SLUG}.ipynb"
    command = [sys.executable, "-m", "benchmarks.fleet_ways", way, str(notebook), *files]
    # Each plain kernel warns on standard error that others on the machine can listen to it.
    errors = subprocess.DEVNULL if way == "threads" else None
    ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, check=True)
    said: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    count = len(files)
    return {
        **said,
        "minute": 60 * count / said.get("wall", 60),
        "cpu": said.get("cpu", 0) / count,
        "lab": (lab.seconds() - before) / count,
    }


def _rows(taken: Mapping[str, list[dict[str, float]]]) -> Iterator[Row]:
    names = {
        "command": "the `papermill` command, one tenant after another",
        "threads": f"`papermill.execute_notebook` in {AT_ONCE} threads",
        "forked": f"ours, `--jobs {AT_ONCE}`, forked kernels",
    }

    def middle(way: str, what: str) -> float:
        values = sorted(turn[what] for turn in taken[way])
        return values[len(values) // 2]

    for way, name in names.items():
        ratio = "–" if way == "command" else f"{middle(way, 'minute') / middle('command', 'minute'):.1f} ×"
        yield Row(f"tenants a minute: {name}", f"{middle(way, 'minute'):.0f}", ratio)
    for way, name in names.items():
        ratio = "–" if way == "command" else f"{middle(way, 'cpu') / middle('command', 'cpu'):.2f} ×"
        yield Row(f"processor time a tenant: {name}", f"{middle(way, 'cpu'):.2f} s", ratio)
    yield Row("... and the lab's own, a tenant", f"{middle('forked', 'lab'):.2f} s")
