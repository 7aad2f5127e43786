"""The lab's time: real, or moved by hand so that nothing has to be waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]


def real_time() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told: the lab's clock and the engine's `Clock` in one, for tests."""

    def __init__(self, start: datetime = datetime(2026, 11, 2, 9, 10, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass. What the lab scheduled for that time has happened at the next look."""
        self._now += timedelta(seconds=seconds)

    def sleep(self, seconds: float) -> None:
        """Let the time pass that somebody wants to wait."""
        self.advance(seconds)
