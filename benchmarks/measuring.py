"""How things are measured: works take turns, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Seconds:
    """The durations of one work, in seconds, in the order they were taken."""

    taken: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.taken)

    def __str__(self) -> str:
        """Say median and range, in a unit that suits the median."""
        factor, unit, digits = (
            (1, "s", 2) if self.median >= 1 else (1e3, "ms", 1) if self.median >= 1e-3 else (1e6, "µs", 1)
        )
        middle, least, most = (f"{value * factor:.{digits}f}" for value in (self.median, *self._range))
        return f"{middle} {unit} ({least} to {most})"

    @property
    def _range(self) -> tuple[float, float]:
        return min(self.taken), max(self.taken)


def taking_turns(times: int, *works: Callable[[], object]) -> list[Seconds]:
    """Do each work that often, in turns, after one turn that does not count: it pays for imports and caches.

    A work that returns a float has timed itself: it leaves out what it cleans up.
    """
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(times + 1):
        for work, durations in zip(works, taken, strict=True):
            began = time.perf_counter()
            returned = work()
            if turn:
                durations.append(returned if isinstance(returned, float) else time.perf_counter() - began)
    return [Seconds(tuple(durations)) for durations in taken]


def ratio(one: Seconds, other: Seconds) -> str:
    """How many times the other's median the first one's is."""
    return f"{one.median / other.median:.1f} ×"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, how it came out, and the ratio to what it is compared with."""

    what: str
    result: object
    ratio: str = "–"


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| What | Result | Ratio |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {row.what} | {row.result} | {row.ratio} |" for row in rows)])
