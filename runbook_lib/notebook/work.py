"""The one thread in which an interactive notebook looks and applies, so that clicks are answered meanwhile and never at the same time.

Kernels differ in which thread a click arrives in (ipykernel 7.0 to 7.3: another than that of the cells; others: the same, so
that a cell that waits for a click never sees it). Hence clicks only hand over work here, and this thread takes it one by one.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from datetime import datetime

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.ports import Clock

# How often whoever watches a long piece of work hears that it goes on, in seconds.
TICK_SECONDS = 1.0


class Task:
    """One piece of work that was handed over. `error` is what it ended with, None when it came to its end.

    `is_applying` is true for what may change something, which nothing else may get in the way of.
    """

    def __init__(self, carry_out: Callable[[], None], *, is_applying: bool = False) -> None:
        """Keep what to do, with the context of the cell or click that asks for it: output goes where that one's does."""
        self.is_applying = is_applying
        self.error: BaseException | None = None
        self.ended = threading.Event()
        self._context = copy_context()
        self._carry_out = carry_out

    def run(self) -> None:
        """Carry it out, and keep what it ends with: an error must reach whoever waits, and never end the thread."""
        try:
            self._context.run(self._carry_out)
        except BaseException as error:  # noqa: BLE001  # also a stop
            self.error = error


class Work:
    """Carries out one task after another, in the order handed over."""

    def __init__(self, ticking: Callable[[float], None], ended: Callable[[], None]) -> None:
        """Start nothing yet. `ticking` is told every second for how many seconds a task has been going on, `ended` that one is over.

        Neither may raise.
        """
        self.stopping = threading.Event()
        self._ticking = ticking
        self._ended = ended
        self._waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self._open: list[Task] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def is_busy(self) -> bool:
        """Tell whether something is being done, or waits to be."""
        with self._lock:
            return bool(self._open)

    @property
    def is_applying(self) -> bool:
        """Tell whether something is being applied, or is about to be."""
        with self._lock:
            return any(task.is_applying for task in self._open)

    def submit(self, carry_out: Callable[[], None]) -> Task:
        """Hand over a task; it is carried out after those handed over before."""
        with self._lock:
            return self._handed_over(Task(carry_out))

    def submit_look(self, carry_out: Callable[[], None]) -> Task | None:
        """Hand over a task unless something is being applied, or is about to be: returns None then."""
        with self._lock:
            is_applying = any(task.is_applying for task in self._open)
            return None if is_applying else self._handed_over(Task(carry_out))

    def submit_alone(self, carry_out: Callable[[], None], *, is_applying: bool = False) -> Task | None:
        """Hand over a task unless there is another. Returns None then: a second click finds the first one's work going on."""
        with self._lock:
            return None if self._open else self._handed_over(Task(carry_out, is_applying=is_applying))

    def stop(self) -> None:
        """Ask what is being done to stop at its next wait, and drop what waits behind it."""
        with self._lock:
            while not self._waiting.empty():
                dropped = self._waiting.get()
                self._open.remove(dropped)
                dropped.error = KeyboardInterrupt()
                dropped.ended.set()
            if self._open:
                self.stopping.set()

    def _handed_over(self, task: Task) -> Task:
        self._open.append(task)
        self._waiting.put(task)
        if self._thread is None:
            # A daemon: the kernel must be able to end while something hangs. The journal knows what had begun. It ends when there
            # is nothing left to do: a notebook that is left open, or opened again, keeps no thread.
            self._thread = threading.Thread(target=self._carry_on, name="runbook-work", daemon=True)
            self._thread.start()
        return task

    def _carry_on(self) -> None:
        while (task := self._next()) is not None:
            with _Ticks(self._ticking):
                task.run()
            with self._lock:
                self._open.remove(task)
                # Who asked to stop meant this task; what was handed over after that is to be done.
                self.stopping.clear()
            self._ended()
            task.ended.set()

    def _next(self) -> Task | None:
        with self._lock:
            if self._waiting.empty():
                self._thread = None
                return None
            return self._waiting.get()


class _Ticks:
    """Tells every second, while it is entered, how long that has been."""

    def __init__(self, ticking: Callable[[float], None]) -> None:
        self._ticking = ticking
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_ended: object) -> None:
        self._over.set()
        self._thread.join()

    def _tick(self) -> None:
        began = time.monotonic()
        while not self._over.wait(TICK_SECONDS):
            self._ticking(time.monotonic() - began)


class StoppableClock:
    """The time of this machine; a wait ends at once when the work is to stop. Implements `ports.Clock`.

    `is_waiting` tells whether somebody waits just now.
    """

    def __init__(self, stopping: threading.Event, clock: Clock | None = None) -> None:
        """Keep what says that the work is to stop."""
        self.is_waiting = False
        self._stopping = stopping
        self._clock = clock or SystemClock()

    def now(self) -> datetime:
        """Return the time."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait. Raises `KeyboardInterrupt` when the work is to stop: the engine then leaves all as it is and says so."""
        self.is_waiting = True
        try:
            if self._stopping.wait(seconds):
                raise KeyboardInterrupt
        finally:
            self.is_waiting = False
