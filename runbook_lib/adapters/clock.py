"""The real time. Implements `ports.Clock`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _of_this_machine() -> datetime:
    return datetime.now(UTC)


class SystemClock:
    """The clock of this machine, in UTC, which never goes back while it is looked at.

    When the machine's time is set back, every wait of a run would become longer by as much, and what it saw would seem to lie
    in the future. So time goes on from where it was, at its usual pace, until the machine's is ahead again.
    """

    def __init__(
        self, wall: Callable[[], datetime] = _of_this_machine, steady: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the time from `wall`, and the pace, in seconds, from `steady`."""
        self._wall, self._steady = wall, steady
        self._lock = threading.Lock()
        self._last, self._at = wall(), steady()

    def now(self) -> datetime:
        """Return the time."""
        with self._lock:
            at = self._steady()
            self._last = max(self._wall(), self._last + timedelta(seconds=at - self._at))
            self._at = at
            return self._last

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
