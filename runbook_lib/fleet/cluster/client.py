"""The side of the command: a connection to the scheduler, what its workers must have in common with us, and each job's way to one."""

from __future__ import annotations

import logging
import pickle
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from distributed import Client, Queue

from runbook_lib.errors import EvidenceError, ParameterError
from runbook_lib.fleet.cluster import worker
from runbook_lib.fleet.cluster.address import Address
from runbook_lib.fleet.cluster.claims import brought, closed
from runbook_lib.fleet.cluster.in_common import Common, common_of
from runbook_lib.fleet.cluster.kit import described, differences
from runbook_lib.fleet.executing import INTERRUPTED, UNKNOWN, Job, Outcome, said
from runbook_lib.fleet.listening import News
from runbook_lib.fleet.options import FleetOptions
from runbook_lib.fleet.stopping import Stopping
from runbook_lib.texts import Message, message
from runbook_lib.wiring.places import from_root, project_root

CONNECT_SECONDS = 5
# How often a job that is waited for is looked after.
LOOK_SECONDS = 0.25
# How long a run may take to stop once it was asked to.
STOP_SECONDS = 60.0
# How long there may be no worker at all before what runs is given up.
NOBODY_SECONDS = 30.0
# How long the last news of a run may take longer than its outcome.
NEWS_SECONDS = 2.0

_COMMAND = "command"


class Cluster:
    """The workers behind a scheduler, while it is entered. `workers` and `threads` are how many there were then."""

    def __init__(self, address: Address, options: FleetOptions, outputs: Path, storage: str) -> None:
        """Nothing is connected yet. Raises as `Storage`."""
        self._address = address
        self._options = options
        self._outputs = outputs
        self._storage = storage
        self._common = common_of(outputs, storage)
        self._kit = described()
        self._root = project_root()
        self._hear: Callable[[News], None] = _nobody
        self._told: dict[str, threading.Event] = {}
        self._is_closing = False
        self._opened = ExitStack()
        self._mark = ""
        self.workers = self.threads = 0

    def __enter__(self) -> Self:
        self._client: Any = _connected(self._address)
        try:
            self._require_workers()
            self._require_the_same()
            self._queue: Any = Queue(client=self._client)  # type: ignore[no-untyped-call]
        except BaseException:
            self._opened.close()
            self._client.close()
            raise
        self._listening = threading.Thread(target=self._listen, name="cluster-news", daemon=True)
        self._listening.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing = True
        with suppress(Exception):  # the scheduler may be gone
            self._queue.put({"run": "", "event": worker.TOLD}, timeout=NEWS_SECONDS)
        self._listening.join(NEWS_SECONDS)
        self._opened.close()
        with suppress(Exception):
            self._queue.close()
        with suppress(Exception):
            self._client.close()

    def carrying_out(self, approved_by: str, hear: Callable[[News], None]) -> Callable[[Job, Stopping], Outcome]:
        """Return what has a worker carry out a job, and waits for it, in any thread. `hear` gets the news of all runs."""
        self._hear = hear

        def carry_out(job: Job, stopping: Stopping) -> Outcome:
            chosen = self._options
            order = worker.Order(
                _portable(job, self._root),
                approved_by,
                chosen.kernels,
                self._kit,
                self._queue.name,
                dict(chosen.rates),
                chosen.time_limit,
                self._mark,
                tuple(_approvals(job)),
            )
            told = self._told[job.run_id] = threading.Event()
            outcome = brought(self._common, job, self._ended(order, job, stopping))
            told.wait(NEWS_SECONDS)
            del self._told[job.run_id]
            return outcome

        return carry_out

    def _ended(self, order: worker.Order, job: Job, stopping: Stopping) -> Outcome:
        """Have a job carried out, and wait for how it ends. When no worker is left to tell, its record is asked."""
        waiting = _Waiting(self._client, job, stopping)
        try:
            # A key of its own, and no result of an earlier one: a run is an act, and not a value.
            future = self._client.submit(_carried_out, pickle.dumps(order), key=job.run_id, pure=False, retries=0)
            with _released(future):
                while True:
                    with suppress(TimeoutError):
                        outcome: Outcome = future.result(timeout=LOOK_SECONDS)
                        return replace(outcome, folder=job.folder)
                    if not waiting.may_go_on():
                        break
        except (Exception, CancelledError):  # Dask has many ways to say that worker or scheduler are lost
            logging.getLogger(__name__).debug("lost", exc_info=True)
        self._told[job.run_id].set()  # nothing more to be heard
        return _lost(self._common, job, stopping)

    def _require_workers(self) -> None:
        seen = self._client.nthreads()
        self.workers, self.threads = len(seen), sum(seen.values())
        if not self.threads:
            raise ParameterError("scheduler-no-workers", scheduler=str(self._address))

    def _require_the_same(self) -> None:
        """Raise `ParameterError` naming each worker that does not run exactly what runs here, or does not see
        the outputs, or the storage.
        """
        with ExitStack() as opened:
            mark = opened.enter_context(self._common.marked())
            asked = (worker.seen_from_here, self._outputs, self._storage, mark)
            there = self._client.run(*asked, on_error="return")
            if self._storage:  # it stays: what a worker reaches that joins later is asked before each run
                self._mark, self._opened = mark, opened.pop_all()
        reasons = [reason for address in sorted(there) for reason in self._reasons(address, there[address])]
        if reasons:
            raise ParameterError("workers-differ", scheduler=str(self._address)).because(*reasons)

    def _reasons(self, address: str, seen: Any) -> Iterator[Message]:
        if not isinstance(seen, Mapping):
            yield message("worker-without-kit", worker=address, detail=type(seen).__name__)
            return
        for what, ours, theirs in differences(self._kit, seen):
            yield message("worker-differs", worker=address, what=what, here=ours, there=theirs)
        if not seen[""]:
            yield self._unseen(address, seen[worker.WHY_NOT])

    def _unseen(self, address: str, why_not: str) -> Message:
        if not self._storage:
            return message("worker-sees-no-outputs", worker=address, path=str(self._outputs))
        if why_not:
            return message("worker-without-storage", worker=address, url=self._storage, detail=why_not)
        return message("worker-on-other-storage", worker=address, url=self._storage)

    def _listen(self) -> None:
        while not self._is_closing:
            try:
                news = self._queue.get()
            except Exception:  # noqa: BLE001  # the scheduler is lost, and perhaps found again
                time.sleep(LOOK_SECONDS)
                continue
            if news["event"] != worker.TOLD:
                self._hear(dict(news))
            elif told := self._told.get(news["run"]):
                told.set()


class _Waiting:
    """A job that is waited for: passes on that it is to stop, and notices when there is nobody left to wait for."""

    def __init__(self, client: Any, job: Job, stopping: Stopping) -> None:
        self._client = client
        self._job = job
        self._stopping = stopping
        self._until = 0.0
        self._nobody_since = 0.0

    def may_go_on(self) -> bool:
        now = time.monotonic()
        if self._stopping.is_wanted and not self._until:
            self._until = now + STOP_SECONDS
            # All are told: which one has the run, or is going to, only the scheduler knows at each moment.
            self._client.run(worker.stop, self._job.run_id, on_error="ignore")
        if self._until and now > self._until:
            return False
        is_there_anybody = bool(self._client.scheduler_info()["workers"])
        self._nobody_since = 0.0 if is_there_anybody else self._nobody_since or now
        return is_there_anybody or now - self._nobody_since < NOBODY_SECONDS


@contextmanager
def _released(future: Any) -> Iterator[None]:
    """Have the cluster forget a task in the end, whatever became of it."""
    try:
        yield
    finally:
        with suppress(Exception):
            future.release()


def _approvals(job: Job) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each approval that a job names, where workers do not see the folder of its plan."""
    files = job.parameters.get("approvals") if job.storage else ()
    for file in files if isinstance(files, Sequence) and not isinstance(files, str) else ():
        with suppress(OSError, ParameterError):  # the run says that it is missed
            path = from_root(str(file))
            yield path.name, path.read_bytes()


def _lost(common: Common, job: Job, stopping: Stopping) -> Outcome:
    try:
        outcome = closed(common, job, _COMMAND)
    except EvidenceError as error:
        return Outcome(job.tenant, job.folder, UNKNOWN, problem=said(job, error.message))
    if stopping.is_wanted and outcome.exit_code != UNKNOWN:
        return replace(outcome, exit_code=INTERRUPTED, is_interrupted=True)
    return outcome


def _by_value() -> Callable[[bytes], Outcome]:
    """Return what a task calls. The scheduler unpickles tasks, and need not have the kit: a function within another one is sent as
    what it does, not as its name, and the order as bytes.
    """

    def carried_out(order: bytes) -> Outcome:
        import pickle  # noqa: PLC0415  # on the worker

        from runbook_lib.fleet.cluster import worker  # noqa: PLC0415

        return worker.carry_out(pickle.loads(order))  # noqa: S301  # written by the command

    return carried_out


_carried_out = _by_value()


def _portable(job: Job, root: Path) -> Job:
    """Name the notebook from the folder of the kit on, which may be elsewhere on a worker."""
    with suppress(ValueError):
        return replace(job, notebook=job.notebook.relative_to(root))
    return job


def _connected(address: Address) -> Any:
    """Connect. Raises `ParameterError` when nobody answers as a scheduler does."""
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what it means for a tenant is said as its outcome
    try:
        # Dask itself tries again and again until its time is over, also where nobody listens.
        socket.create_connection((address.host.strip("[]"), address.port), timeout=CONNECT_SECONDS).close()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions that differ: those that matter are compared below
            return Client(str(address), timeout=CONNECT_SECONDS, set_as_default=False, name="runbook")  # type: ignore[no-untyped-call]
    except Exception as error:
        detail = type(error).__name__
        raise ParameterError("scheduler-unreachable", scheduler=str(address), detail=detail) from error


def _nobody(_news: News) -> None:
    """Nobody listens yet."""
