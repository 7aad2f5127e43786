"""`python -m benchmarks.fleet_ways WAY ...`: one way of running many tenants, in a process of its own that says what it took."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from runbook_lib.fleet import FleetOptions, Job, run_all
from runbook_lib.parameters import read_parameters
from runbook_lib.wiring import outputs_root

AT_ONCE = 16
PLANNED = 3
MOST_ATTEMPTS = 3
# So many tenants the lab has: runs of one sync server would wait for one another.
SERVED, SEED = 6 * AT_ONCE, 7
# How long each exchange with the sync server waits; the cloud answers at once.
LATENCY_SECONDS = 0.1


def serve(place: str) -> None:
    """Serve tenants, each with a server of its own, until standard input ends; say the processor time for each line of it."""
    from runbook_lib.cli.lab_files import write_files  # noqa: PLC0415  # not what the ways are to pay for
    from runbook_lib.lab.lab import Lab, LabOptions  # noqa: PLC0415
    from runbook_lib.lab.made_up import made_up  # noqa: PLC0415
    from runbook_lib.lab.world import World  # noqa: PLC0415

    as_before = {"writeback_since": None, "portal": (False, False), "faults": ("slow_server",)}
    tenants = [replace(spec, **as_before) for spec in made_up(SERVED, SEED)]
    with Lab(World(tenants=tenants), LabOptions(slow_seconds=LATENCY_SECONDS)) as lab:
        lab.write_descriptor(Path(place))
        write_files(lab, "fr")
        print("ready", flush=True)
        for _ in sys.stdin:
            print(_seconds(resource.RUSAGE_SELF), flush=True)


def by_command(notebook: str, files: list[str]) -> None:
    """As somebody does who has papermill and a shell."""
    papermill = str(Path(sys.executable).with_name("papermill"))
    for file in files:
        left = f"{file}.ipynb"
        subprocess.run(
            [papermill, notebook, left, "-f", file, "--no-progress-bar"], check=True, stderr=subprocess.DEVNULL
        )


def by_threads(notebook: str, files: list[str]) -> None:
    """As somebody does who has papermill and Python, and runs again what failed: kernels started at once take each other's ports."""
    import papermill  # noqa: PLC0415  # not what the other ways are to pay for

    def execute(file: str, attempt: int) -> str:
        values = {**_values(file), "run_id": f"{Path(file).stem}-{attempt}"}
        try:
            papermill.execute_notebook(notebook, f"{file}.ipynb", values, kernel_name="python3", progress_bar=False)
        except Exception:  # noqa: BLE001  # whatever it is, it is run again
            return file
        return ""

    attempt = 0
    while files and attempt < MOST_ATTEMPTS:
        attempt += 1
        with ThreadPoolExecutor(AT_ONCE) as pool:
            files = list(filter(None, pool.map(execute, files, [attempt] * len(files))))
    if files:
        raise SystemExit(f"{len(files)} notebooks failed {attempt} times")


def by_forking(notebook: str, files: list[str]) -> None:
    """As `runbook plan --jobs 16` does."""
    for outcome in run_all(
        _jobs(notebook, files),
        approved_by="command-line",
        hear=lambda _news: None,
        options=FleetOptions(at_once=AT_ONCE, kernels="forked"),
    ):
        if outcome.exit_code != PLANNED:
            raise SystemExit(f"{outcome.tenant} ended with {outcome.exit_code}: {outcome.problem}")


def memory(notebook: str, files: list[str]) -> dict[str, float]:
    """Return the most memory that was seen for each kernel, and for the two processes that run them, in MB."""
    seen: list[tuple[float, float]] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.1):
            warm = _children(os.getpid())
            kernels = [pid for each in warm for pid in _children(each)]
            if len(kernels) >= AT_ONCE - 1:  # the last one may just be ending
                seen.append((sum(map(_pss, kernels)) / len(kernels), sum(map(_pss, [os.getpid(), *warm]))))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        by_forking(notebook, files)
    finally:
        ended.set()
        looking.join()
    return {"each": max(each for each, _ in seen), "first": max(first for _, first in seen)}


def _values(file: str) -> dict[str, Any]:
    values: dict[str, Any] = read_parameters(Path(file)).model_dump(mode="json", exclude_unset=True)
    return values


def _jobs(notebook: str, files: list[str]) -> list[Job]:
    each = [_values(file) for file in files]
    return [Job(Path(notebook), data["tenant"]["name"], data.pop("run_id"), outputs_root(), data) for data in each]


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _timed(way: Callable[[], object]) -> Iterator[tuple[str, float]]:
    began, before = time.perf_counter(), _seconds(resource.RUSAGE_SELF) + _seconds(resource.RUSAGE_CHILDREN)
    way()
    yield "wall", time.perf_counter() - began
    yield "cpu", _seconds(resource.RUSAGE_SELF) + _seconds(resource.RUSAGE_CHILDREN) - before


def main(way: str, place: str, *files: str) -> None:
    """Carry out one way and print what it took as JSON."""
    if way == "lab":
        serve(place)
        return
    if way == "memory":
        print(json.dumps(memory(place, list(files))))
        return
    ways = {"command": by_command, "threads": by_threads, "forked": by_forking}
    print(json.dumps(dict(_timed(lambda: ways[way](place, list(files))))))


if __name__ == "__main__":
    main(*sys.argv[1:])
