"""What the tests of evidence share: a clock that moves by itself."""

from datetime import UTC, datetime, timedelta

import pytest


class TickingClock:
    """A clock that moves one second at each look."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 22, 15, 11, 42, 5, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()
