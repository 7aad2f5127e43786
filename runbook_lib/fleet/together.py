"""Jobs done several at once, each in a thread that waits for its kernel; and what a person at the terminal can do about it.

The first Ctrl+C lets those that run come to their end and begins no other; the second stops them at once, and so does a polite
end from outside, which comes only once. While threads work, a signal raises nothing: it must not hit whatever the main thread
is doing just then.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from types import FrameType

from runbook_lib.fleet.executing import Job, Outcome
from runbook_lib.fleet.stopping import Stopping

# How long a signal may go unnoticed.
LOOK_SECONDS = 0.25

Execute = Callable[[Job, Stopping], Outcome]


class Together:
    """Does jobs, so many at once, begun in order. `asked_to_stop` is called once, when no further job is going to be begun.
    `may_begin` is asked before each job; once it says no, none is begun.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        at_once: int,
        execute: Execute,
        asked_to_stop: Callable[[], None],
        may_begin: Callable[[], bool] = lambda: True,
    ) -> None:
        """Nothing is begun yet."""
        self._left = iter(jobs)
        self._threads = [
            threading.Thread(target=self._work, name=f"run-{number}") for number in range(min(at_once, len(jobs)))
        ]
        self._execute = execute
        self._asked_to_stop = asked_to_stop
        self._may_begin = may_begin
        self._lock = threading.Lock()
        self._running: dict[str, Stopping] = {}
        self._begins_no_more = False
        # An outcome, an error nobody foresaw, None when a thread has nothing left to do, or a signal.
        self._news: SimpleQueue[Outcome | BaseException | signal.Signals | None] = SimpleQueue()

    def outcomes(self) -> Iterator[Outcome]:
        """Yield outcomes as they come. Whoever stops listening stops the jobs."""
        with _heeding(self._news):
            for thread in self._threads:
                thread.start()
            try:
                yield from self._outcomes()
            finally:
                self.begin_no_more()
                self._stop_all()
                for thread in self._threads:
                    thread.join()

    def begin_no_more(self) -> None:
        """Let those that run come to their end, and begin no other."""
        self._begins_no_more = True

    def _outcomes(self) -> Iterator[Outcome]:
        working = len(self._threads)
        problem: BaseException | None = None
        while working:
            try:
                news = self._news.get(timeout=LOOK_SECONDS)
            except Empty:  # a signal that came just before we began to wait is noticed only when we wait no more
                continue
            if news is None:
                working -= 1
            elif isinstance(news, signal.Signals):
                self._heed(news)
            elif isinstance(news, BaseException):
                problem = problem or news
                self.begin_no_more()
            else:
                yield news
        if problem:
            raise problem

    def _heed(self, news: signal.Signals) -> None:
        if self._begins_no_more or news != signal.SIGINT:
            self._stop_all()
        else:
            self._asked_to_stop()
        self.begin_no_more()

    def _stop_all(self) -> None:
        with self._lock:
            for stopping in self._running.values():
                stopping.stop()

    def _work(self) -> None:
        try:
            while (begun := self._next()) is not None:
                job, stopping = begun
                outcome = self._execute(job, stopping)
                with self._lock:
                    del self._running[job.run_id]
                self._news.put(outcome)
        except BaseException as error:  # noqa: BLE001  # raised where the outcomes are asked for
            self._news.put(error)
        finally:
            self._news.put(None)

    def _next(self) -> tuple[Job, Stopping] | None:
        with self._lock:
            self._begins_no_more = self._begins_no_more or not self._may_begin()
            job = None if self._begins_no_more else next(self._left, None)
            if job is None:
                return None
            stopping = self._running[job.run_id] = Stopping()
            return job, stopping


@contextmanager
def _heeding(news: SimpleQueue[Outcome | BaseException | signal.Signals | None]) -> Iterator[None]:
    """Have signals that ask to stop put among the news; outside of the main thread, nobody can ask."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def take(number: int, _frame: FrameType | None) -> None:
        news.put(signal.Signals(number))  # the one thing that is safe wherever the main thread is

    before = {number: signal.signal(number, take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
