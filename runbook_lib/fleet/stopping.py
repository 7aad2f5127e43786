"""Stopping a run from another thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import Any


class Stopping:
    """Stops a run from another thread: now, or as soon as it begins."""

    def __init__(self) -> None:
        """Nothing is stopped yet."""
        self._lock = threading.RLock()  # a signal's handler may come in between
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None
        self.is_wanted = self.is_over_time = False

    def stop(self, *, is_over_time: bool = False) -> None:
        """Stop the run. Its kernel is interrupted and ends. `is_over_time`: it took too long, and nobody asked for it otherwise."""
        with self._lock:
            self.is_over_time = self.is_over_time or (is_over_time and not self.is_wanted)
            self.is_wanted = True
            if self._running:
                loop, task = self._running
                with contextlib.suppress(RuntimeError):  # it ended meanwhile
                    loop.call_soon_threadsafe(task.cancel)

    def begins(self) -> None:
        """Name the running task as that of the run."""
        task = asyncio.current_task()
        with self._lock:
            if self.is_wanted:
                raise asyncio.CancelledError
            if task:
                self._running = (asyncio.get_running_loop(), task)

    def ended(self) -> None:
        """Forget the run."""
        with self._lock:
            self._running = None
