"""How many tenants had which level, as bars to be drawn: where each begins and ends. The template has the colours and the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from runbook_lib.notebook.status_tables import LADDER, Period, levels_over_time
from runbook_lib.notebook.status_view import View
from runbook_lib.notebook.times import day
from runbook_lib.texts.words import LADDER_WORDS

# Units of the drawing, which the browser fits into the page: about pixels on a desk, a little less on a narrow screen.
WIDTH, HEIGHT = 760, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 30
WIDEST_BAR = 56
# A number is written into a part of a bar that is as high as it.
_HIGH_ENOUGH = 13
_MOST_LINES = 5

# The heads of the table; other levels are called as they are.
_SHORT = {"none": "level-none", "": "level-unknown"}
_LABELS: dict[Period, str] = {"day": "d MMM", "week": "d MMM", "month": "MMM y", "quarter": "MMM y", "year": "y"}


@dataclass(frozen=True)
class Part:
    """The tenants of one level in one bar. `level` is the place of it in the ladder, 0 the best."""

    level: int
    count: int
    y: float
    height: float

    @property
    def has_room(self) -> bool:
        """Tell whether the number can be read in it."""
        return self.height >= _HIGH_ENOUGH


@dataclass(frozen=True)
class Bar:
    """One moment: where its bar stands, what is written below, and its parts, the best level at the bottom."""

    x: float
    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chart:
    """All bars, how wide one is, and the lines behind them with their numbers."""

    bars: tuple[Bar, ...]
    bar_width: float
    lines: tuple[tuple[float, int], ...]


def drawn_levels(runs: pd.DataFrame, view: View) -> dict[str, Any] | None:
    """Return the chart, what it says in words, and the table behind it; None without a record that has a date."""
    counts, period = levels_over_time(runs, view.at)
    if counts.empty:
        return None
    labels = [_label(each.to_pydatetime(), period, view, is_last=each == counts.index[-1]) for each in counts.index]
    days = [day(each.to_pydatetime() - timedelta(microseconds=1), view.language) for each in counts.index]
    now = counts.iloc[-1].tolist()
    levels = [LADDER_WORDS[level].say(view.language) for level in LADDER]
    name = "chart-title" if len(days) > 1 else "chart-now"
    parts = [
        view.say("chart-part", count=count, level=level) for count, level in zip(now, levels, strict=True) if count
    ]
    return {
        "drawn": chart_of(counts, labels),
        "size": {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT},
        "title": view.say(name, **({"first": days[0]} if len(days) > 1 else {}), last=days[-1]),
        "says": view.say("chart-says", now=", ".join(parts)),
        "note": view.say("chart-leaves-out") if runs["future"].any() else "",
        "legend": list(zip(levels, now, strict=True)),
        "heads": [view.say(_SHORT[level]) if level in _SHORT else level for level in LADDER],
        "moments": view.say(period),
        "table": list(zip(days, counts.to_numpy().tolist(), strict=True)),
    }


def _label(at: datetime, period: Period, view: View, *, is_last: bool) -> str:
    """Return what stands below a bar: the period that ends there; below the last one the day of the page."""
    shown = at if is_last else at - timedelta(microseconds=1)
    return day(shown, view.language, _LABELS[period])


def chart_of(counts: pd.DataFrame, labels: Sequence[str]) -> Chart:
    """Return the bars of `levels_over_time`, which has a moment at least; `labels` has a word for each moment."""
    most = max(1, int(counts.sum(axis="columns").max()))
    step = _step(most)
    top = -(-most // step) * step
    slot = (WIDTH - LEFT - RIGHT) / len(counts)
    width = min(WIDEST_BAR, slot * 0.72)
    rows = counts[list(LADDER)].to_numpy().tolist()
    bars = tuple(
        Bar(round(LEFT + slot * (place + 0.5), 1), label, tuple(_parts(row, top)))
        for place, (row, label) in enumerate(zip(rows, labels, strict=True))
    )
    return Chart(bars, round(width, 1), tuple((_y(value, top), value) for value in range(0, top + 1, step)))


def _parts(row: Sequence[int], top: int) -> Iterator[Part]:
    below = 0
    for level, count in enumerate(row):
        if count:
            y = _y(below + count, top)
            yield Part(level, count, y, round(_y(below, top) - y, 1))
        below += count


def _y(value: int, top: int) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 1)


def _step(most: int) -> int:
    """Return how many tenants lie between two lines: 1, 2 or 5 times a power of ten, so that there are few lines."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if most <= factor * power * _MOST_LINES:
                return factor * power
        power *= 10
