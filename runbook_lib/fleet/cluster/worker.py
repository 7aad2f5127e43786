"""What runs on a worker: a job is carried out as on one machine, in a kernel of its own, and its news go to who ordered it.

A worker is a process that carries out one task after another, each in a thread. What it keeps between them is the warm process that
kernels are forked from; that, and every kernel, ends when the worker does, however it ends.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakKeyDictionary

from distributed import get_worker
from distributed.core import Status

from runbook_lib.errors import RunbookError
from runbook_lib.fleet.batch import Running
from runbook_lib.fleet.cluster.claims import next_attempt, own
from runbook_lib.fleet.cluster.in_common import Common, common_of
from runbook_lib.fleet.cluster.kit import described, differences
from runbook_lib.fleet.executing import FAILED, Job, Outcome, found, said
from runbook_lib.fleet.forking import fork_server
from runbook_lib.fleet.listening import Listening, News
from runbook_lib.fleet.stopping import Stopping
from runbook_lib.texts import message
from runbook_lib.wiring.limits import limits_for, shared_folder
from runbook_lib.wiring.places import project_root

# What is heard of a run on a worker: that it is begun again, and that nothing more will be heard of it.
BEGUN_AGAIN, TOLD = "begun-again", "told"

WHY_NOT = "why-not"

# A worker in one of these is about to end.
_LEAVING = frozenset({Status.closing, Status.closed, Status.failed, Status.stopping, Status.stopped})
_LOOK_SECONDS = 0.5

# How long news may take to the scheduler before the next are tried.
_TELLING_SECONDS = 3.0

_speaking: WeakKeyDictionary[Any, asyncio.Lock] = WeakKeyDictionary()
_stoppings: dict[str, Stopping] = {}


@dataclass(frozen=True)
class Order:
    """What a worker is asked to do: the job, whose notebook is named from the folder of the kit on; how approvals came about; in which
    kernels; what the command runs with; the name of the queue that takes the news; how fast all runs on one machine may ask each
    service, and how many seconds a run may take. With a storage, also the mark of the command on it, and the approvals that people
    signed, by name: they lie beside the plan, which is not here.
    """

    job: Job
    approved_by: str
    kernels: str
    kit: Mapping[str, str]
    news: str
    rates: Mapping[str, float]
    time_limit: int
    mark: str = ""
    approvals: tuple[tuple[str, bytes], ...] = ()


def seen_from_here(outputs: Path, storage: str, mark: str) -> dict[str, str]:
    """Return what this process runs with; under an empty name whether it sees a mark in the outputs, or on the storage; and under
    `WHY_NOT` why it cannot tell.
    """
    try:
        seen, why_not = common_of(outputs, storage).sees(mark), ""
    except RunbookError as error:
        said_why = error.message.arguments
        seen, why_not = False, str(said_why.get("detail") or said_why.get("packages") or error.message.key)
    return {**described(), "": "yes" if seen else "", WHY_NOT: why_not}


def stop(run_id: str) -> None:
    """Stop a run that this worker carries out, or is going to."""
    _stoppings.setdefault(run_id, Stopping()).stop()


def carry_out(order: Order) -> Outcome:
    """Carry out a job, unless it was begun before; then return how it ended. Whatever happens is an outcome: Dask would only log it."""
    job = order.job
    worker: Any = get_worker()
    if different := next(differences(order.kit, described()), None):
        what, ours, theirs = different
        why = message("worker-differs", worker=worker.address, what=what, here=ours, there=theirs)
        return Outcome(job.tenant, job.folder, FAILED, problem=said(job, why))
    try:
        common = common_of(job.outputs, job.storage)
        if order.mark and not common.sees(order.mark):  # a worker that joined later
            why = message("worker-on-other-storage", worker=worker.address, url=job.storage)
            return Outcome(job.tenant, job.folder, FAILED, problem=said(job, why))
        return _carried_out(order, common.here(job), common, worker)
    except RunbookError as error:
        return Outcome(job.tenant, job.folder, FAILED, problem=said(job, error.message))
    except Exception as error:  # noqa: BLE001  # of this tenant alone
        return _broken_off(job, error)
    finally:
        _stoppings.pop(job.run_id, None)
        _tell(worker, order.news, {"run": job.run_id, "event": TOLD})


def _carried_out(order: Order, job: Job, common: Common, worker: Any) -> Outcome:
    stopping = _stoppings.setdefault(job.run_id, Stopping())
    with _leaving_stops(worker, stopping):
        taken = next_attempt(common, job, worker.address)
        if isinstance(taken, Outcome):
            return taken
        tell = partial(_tell, worker, order.news)
        if taken.number > 1:
            tell({"run": "", "event": BEGUN_AGAIN, "tenant": job.tenant})
        with common.at_work(job, taken.number):
            try:
                outcome = _executed(order, taken.job, stopping, tell)
            except Exception as error:  # noqa: BLE001  # of this tenant alone
                outcome = _broken_off(job, error)
        return own(common, taken, outcome)


def _broken_off(job: Job, error: Exception) -> Outcome:
    return found(job, said(job, message("run-broke-off", detail=type(error).__name__)))


def _executed(order: Order, job: Job, stopping: Stopping, tell: Callable[[News], None]) -> Outcome:
    running = Running(
        order.approved_by, tell, fork_server(order.kernels, job.storage, tell, pays=True), order.time_limit
    )
    if order.rates:
        running.limits = limits_for(shared_folder(order.news), order.rates)
    with Listening(running.take) as listening, _approved(job, order.approvals) as approved:
        running.channel = listening.address
        return running.execute(replace(approved, notebook=project_root() / job.notebook), stopping)


@contextmanager
def _approved(job: Job, approvals: Sequence[tuple[str, bytes]]) -> Iterator[Job]:
    """Put the approvals that came with the order into files for as long as the run takes, which keeps them in its record."""
    if not approvals:
        yield job
        return
    with TemporaryDirectory(prefix="runbook-approvals-") as folder:
        files = [Path(folder, str(number), name) for number, (name, _) in enumerate(approvals)]
        for file, (_, content) in zip(files, approvals, strict=True):
            file.parent.mkdir()
            file.write_bytes(content)
        yield replace(job, parameters={**job.parameters, "approvals": [str(file) for file in files]})


def _tell(worker: Any, queue: str, news: News) -> None:
    """Pass news on through the scheduler, which keeps them no longer than until the command has taken them. Nobody waits for it."""
    worker.loop.add_callback(_put, worker, queue, news)


async def _put(worker: Any, queue: str, news: News) -> None:
    """Bring news to the scheduler after all that came before: who waits for a lock of asyncio gets it in turn."""
    with suppress(Exception):  # whoever ordered the run may be gone; the run does not depend on being watched
        async with _speaking.setdefault(worker, asyncio.Lock()), asyncio.timeout(_TELLING_SECONDS):
            await worker.scheduler.queue_put(name=queue, data=news)


@contextmanager
def _leaving_stops(worker: Any, stopping: Stopping) -> Iterator[None]:
    """Stop the run when the worker is about to end: it lost the scheduler, or was asked to."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            if worker.status in _LEAVING:
                stopping.stop()
                return

    watching = threading.Thread(target=watch, name="leaving", daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()
