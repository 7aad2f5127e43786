"""Jobs at once: how many, in which order they are begun, and what asking to stop does, once and twice."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.fleet import Job, Outcome
from runbook_lib.fleet.stopping import Stopping
from runbook_lib.fleet.together import Together

JOBS = [Job(Path("book.ipynb"), f"tenant-{n}", f"run-{n}", Path("outputs"), {}) for n in range(9)]
LONGEST = 30.0


def until(reached: Callable[[], bool]) -> None:
    limit = time.monotonic() + LONGEST
    while not reached():
        assert time.monotonic() < limit
        time.sleep(0.002)


class Work:
    """Stands for executing: each job goes on until it is let go, or stopped."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.running: set[str] = set()
        self.most = 0
        self.let_go = threading.Event()
        self.asked = 0
        self._lock = threading.Lock()

    def execute(self, job: Job, stopping: Stopping) -> Outcome:
        with self._lock:
            self.begun.append(job.tenant)
            self.running.add(job.tenant)
            self.most = max(self.most, len(self.running))
        while not (self.let_go.is_set() or stopping.is_wanted):
            time.sleep(0.002)
        with self._lock:
            self.running.remove(job.tenant)
        code = 130 if stopping.is_wanted else 0
        return Outcome(job.tenant, job.folder, code, is_interrupted=stopping.is_wanted)

    def asked_to_stop(self) -> None:
        self.asked += 1

    def together(self, at_once: int) -> Together:
        return Together(JOBS, at_once, self.execute, self.asked_to_stop)


def signalling(work: Work, *numbers: signal.Signals) -> threading.Thread:
    """Signal this process as a terminal does, each time once three jobs run or the signal before was heeded."""

    def send() -> None:
        until(lambda: len(work.running) == 3)
        for count, number in enumerate(numbers):
            until(lambda count=count: work.asked == min(count, 1))
            os.kill(os.getpid(), number)
        if len(numbers) == 1 and numbers[0] == signal.SIGINT:
            until(lambda: work.asked == 1)
            work.let_go.set()

    sender = threading.Thread(target=send)
    sender.start()
    return sender


@given(st.integers(1, 12))
def test_every_job_is_done_and_never_more_at_once_than_asked_for(at_once: int) -> None:
    work = Work()
    work.let_go.set()

    ended = [outcome.tenant for outcome in work.together(at_once).outcomes()]

    assert sorted(ended) == sorted(work.begun) == [job.tenant for job in JOBS]
    assert work.most <= at_once


def test_the_first_ctrl_c_lets_those_that_run_come_to_their_end_and_begins_no_other() -> None:
    work = Work()
    sender = signalling(work, signal.SIGINT)

    ended = list(work.together(3).outcomes())
    sender.join()

    assert len(work.begun) == 3
    assert sorted((outcome.tenant, outcome.exit_code) for outcome in ended) == [
        (tenant, 0) for tenant in sorted(work.begun)
    ]
    assert work.asked == 1


@pytest.mark.parametrize("numbers", [(signal.SIGINT, signal.SIGINT), (signal.SIGTERM,)])
def test_the_second_ctrl_c_and_a_polite_end_stop_all_at_once(numbers: tuple[signal.Signals, ...]) -> None:
    work = Work()
    sender = signalling(work, *numbers)

    ended = list(work.together(3).outcomes())
    sender.join()

    assert len(work.begun) == 3
    assert {outcome.exit_code for outcome in ended} == {130}


def test_what_signals_do_is_as_it_was_afterwards() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    work = Work()
    work.let_go.set()

    list(work.together(2).outcomes())

    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_when_nobody_wants_the_outcomes_any_more_all_is_stopped() -> None:
    """The pipe that they were printed to is closed, for one."""
    work, threads = Work(), threading.active_count()
    begun = threading.Event()

    def first_ends(job: Job, stopping: Stopping) -> Outcome:
        if job is JOBS[0]:
            until(lambda: len(work.running) == 2)
            begun.set()
            return Outcome(job.tenant, job.folder, 0)
        return work.execute(job, stopping)

    together = Together(JOBS, 3, first_ends, work.asked_to_stop)
    outcomes = together.outcomes()
    assert next(outcomes).tenant == JOBS[0].tenant
    outcomes.close()

    assert begun.is_set()
    assert work.running == set()
    assert threading.active_count() == threads


def test_an_error_that_nobody_foresaw_is_raised_once_the_others_have_ended() -> None:
    """Not one of them is stopped for it, and none is begun after it."""
    work = Work()
    failed: SimpleQueue[None] = SimpleQueue()

    def fails(job: Job, stopping: Stopping) -> Outcome:
        if job is not JOBS[1]:
            return work.execute(job, stopping)
        until(lambda: len(work.running) == 2)
        failed.put(None)
        raise LookupError

    ended: list[Outcome] = []

    def listen() -> None:
        ended.extend(Together(JOBS, 3, fails, work.asked_to_stop).outcomes())

    letting_go = threading.Thread(target=lambda: (failed.get(), time.sleep(0.05), work.let_go.set()))
    letting_go.start()
    with pytest.raises(LookupError):
        listen()
    letting_go.join()

    assert {outcome.exit_code for outcome in ended} == {0}
    assert len(ended) >= 2
