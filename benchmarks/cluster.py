"""Several machines, as far as one can stand for them: four workers of one process each beside one, and what Dask adds to a tenant."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.fleet import SLUG, parameter_files, served_lab
from benchmarks.measuring import Row, ratio, taking_turns
from runbook_lib.fleet import FleetOptions, Job, on_cluster, run_all
from runbook_lib.parameters import read_parameters
from runbook_lib.wiring import outputs_root, project_root
from runbook_lib.wiring.places import LAB

WORKERS = 4
TENANTS = 8
TURNS = 3
# Tenants of whom nothing is run, one after another: what is left is the way to a worker and back.
EMPTY = 50


def measure() -> Iterator[Row]:
    """Yield what one worker and four make of the same tenants, and the time a tenant takes to a worker and back."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        outputs = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=outputs_root())))
        stack.enter_context(served_lab(place))
        environment = {**os.environ, LAB: str(place)}
        at = {count: stack.enter_context(_workers(place, count, environment)) for count in (1, WORKERS)}
        reached = {
            count: stack.enter_context(on_cluster(address, _options(count), outputs, _unheard, ""))
            for count, address in at.items()
        }
        client = stack.enter_context(_client(at[1]))

        def planned(options: FleetOptions) -> None:
            files = parameter_files(place, f"c-{secrets.token_hex(3)}", TENANTS)
            values = [read_parameters(Path(file)).model_dump(mode="json", exclude_unset=True) for file in files]
            notebook = project_root() / "notebooks" / "fr" / f"{SLUG}.ipynb"
            _run([Job(notebook, v["tenant"]["name"], v.pop("run_id"), outputs, v) for v in values], options, code=3)

        def nothing(options: FleetOptions) -> float:
            mark = secrets.token_hex(3)
            jobs = [Job(place / "none.ipynb", f"e-{mark}-{n}", f"run-{mark}-{n}", outputs, {}) for n in range(EMPTY)]
            began = time.perf_counter()
            _run(jobs, options, code=1)
            return (time.perf_counter() - began) / EMPTY

        alone, together = taking_turns(TURNS, lambda: planned(reached[1]), lambda: planned(reached[WORKERS]))
        here = FleetOptions(kernels="ordinary")
        there = FleetOptions(elsewhere=reached[1].elsewhere)
        direct, by_dask, bare = taking_turns(
            TURNS, lambda: nothing(here), lambda: nothing(there), lambda: _round_trip(client)
        )
    yield Row(f"{TENANTS} tenants planned by 1 worker of one process", alone)
    yield Row(f"{TENANTS} tenants planned by {WORKERS} workers of one process each", together, ratio(alone, together))
    yield Row("a tenant of whom nothing is run: here", direct)
    yield Row("a tenant of whom nothing is run: on a worker, with claim, news and outcome", by_dask)
    yield Row("so Dask and the claim add, a tenant", f"{(by_dask.median - direct.median) * 1e3:.1f} ms")
    yield Row("a task of Dask that does nothing at all, on the same worker", bare, ratio(bare, by_dask))


def _options(count: int) -> FleetOptions:
    return FleetOptions(at_once=count, kernels="forked")


def _run(jobs: list[Job], options: FleetOptions, *, code: int) -> None:
    for outcome in run_all(jobs, approved_by="command-line", hear=_unheard, options=options):
        if outcome.exit_code != code:
            raise SystemExit(f"{outcome.tenant} ended with {outcome.exit_code}: {outcome.problem}")


def _unheard(_news: Mapping[str, str]) -> None:
    """Nobody watches a benchmark."""


@contextmanager
def _workers(place: Path, count: int, environment: Mapping[str, str]) -> Iterator[str]:
    """Start a scheduler and workers of one thread each on this machine; yield its address once all are there."""
    file = place / f"scheduler-{count}.json"
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = ["dask_scheduler", *here, "--port", "0", "--no-show", "--scheduler-file", str(file)]
    started = [_started(scheduler, environment)]
    try:
        while not (file.is_file() and file.stat().st_size):
            time.sleep(0.05)
        address: str = json.loads(file.read_text(encoding="utf-8"))["address"]
        workers = ["dask_worker", address, *here, "--nworkers", str(count), "--nthreads", "1"]
        started.append(_started([*workers, "--local-directory", str(place)], environment))
        _wait_for(address, count)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def _started(words: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{words[0]}", *words[1:]]
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdin=nothing, stdout=nothing, stderr=nothing)


def _wait_for(address: str, count: int) -> None:
    with _client(address) as client:
        client.wait_for_workers(count)


def _client(address: str) -> Any:
    from distributed import Client  # noqa: PLC0415  # an extra

    return Client(address, set_as_default=False)  # type: ignore[no-untyped-call]


def _round_trip(client: Any) -> float:
    """Return how long a task takes to a worker and back that does nothing."""
    began = time.perf_counter()
    for _ in range(EMPTY):
        client.submit(int, key=secrets.token_hex(8), pure=False).result()
    return (time.perf_counter() - began) / EMPTY
