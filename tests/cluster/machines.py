"""A Dask cluster on this machine: scheduler and workers as processes of their own, as operators start them on several machines."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.notebooks.served import LONGEST
from tests.waiting import until

# No name is looked up and nothing but this machine is spoken to. Dask's own patience is for networks.
HERE = ("--host", "127.0.0.1", "--no-dashboard")


class Machines:
    """A scheduler, and workers as they are added; all of it ends with the test."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._opened = ExitStack()
        self.address = ""

    def __enter__(self) -> Self:
        told = self._folder / "scheduler.json"
        self._start("scheduler", "dask_scheduler", "--port", "0", "--no-show", "--scheduler-file", str(told))
        until(lambda: told.is_file() and told.stat().st_size > 0)
        self.address = json.loads(told.read_text(encoding="utf-8"))["address"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, process in self._processes.items():
            if process.poll() is None:
                self.kill(name)
        self._opened.close()

    def add(self, name: str, count: int, **environment: str) -> None:
        """Start workers of one thread each, as one command does, and wait until the scheduler knows them. Who dies is replaced."""
        place = self._folder / f"of-{name}"
        place.mkdir()
        own = ("--name", name, "--nworkers", str(count), "--nthreads", "1", "--local-directory", str(place))
        self._start(name, "dask_worker", self.address, *own, **environment)
        until(lambda: self.log(name).count("Registered to") >= count)

    def kill(self, name: str) -> None:
        """Kill what one command started, as when its machine loses power."""
        started = psutil.Process(self._processes[name].pid)
        for process in (started, *started.children(recursive=True)):
            process.kill()
        self._processes[name].wait()

    def wait(self, name: str) -> None:
        """Wait until what one command started has ended by itself."""
        self._processes[name].wait(LONGEST)

    def log(self, name: str) -> str:
        """What a process has said so far."""
        return self._log(name).read_text(encoding="utf-8")

    def _start(self, name: str, module: str, *arguments: str, **environment: str) -> None:
        stream = self._opened.enter_context(self._log(name).open("wb"))
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *HERE, *arguments],
            env={**self._environment, **environment},
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


def interrupt(process: "subprocess.Popen[str]") -> None:
    """Press Ctrl+C."""
    os.kill(process.pid, signal.SIGINT)
