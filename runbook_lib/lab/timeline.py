"""What is going to happen on a simulated server, in order of time, looked at only when somebody asks."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from runbook_lib.lab.clock import Now

Action = Callable[[datetime], None]


class Timeline:
    """Actions waiting for their time. Nothing runs by itself: `catch_up` runs what is due."""

    def __init__(self, clock: Now) -> None:
        self._clock = clock
        self._waiting: list[tuple[datetime, int, Action]] = []
        self._order = count()

    def at(self, when: datetime, action: Action) -> None:
        """Plan an action, which is given the time it was planned for."""
        heapq.heappush(self._waiting, (when, next(self._order), action))

    def catch_up(self) -> datetime:
        """Run everything that is due, oldest first, and return the time now."""
        now = self._clock()
        while self._waiting and self._waiting[0][0] <= now:
            when, _, action = heapq.heappop(self._waiting)
            action(when)
        return now
