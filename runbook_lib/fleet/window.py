"""When changes may be made: hours of the day in a time zone, and days on which nothing may be changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from runbook_lib.errors import ParameterError

_WINDOW = re.compile(r"([0-2]\d:[0-5]\d)\s*-\s*([0-2]\d:[0-5]\d)(?:\s+([A-Za-z][A-Za-z0-9_+/-]{0,63}))?")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:/(\d{4}-\d{2}-\d{2}))?")


@dataclass(frozen=True)
class Freeze:
    """Days on which nothing may be changed, from the first to the last one, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        """Say it as it is given."""
        return str(self.first) if self.first == self.last else f"{self.first}/{self.last}"


@dataclass(frozen=True)
class ChangeWindow:
    """From when to when on each day (a window may go past midnight; None: all day), in which zone, but for frozen days.

    A day belongs to the calendar of the zone: behind midnight a window that began yesterday is judged by today's date.
    """

    begins: time | None = None
    ends: time | None = None
    zone: str = "UTC"
    freezes: tuple[Freeze, ...] = ()

    @property
    def hours(self) -> str:
        """Return the hours of the day as they are given, empty for all day."""
        if self.begins is None or self.ends is None:
            return ""
        return f"{self.begins:%H:%M}-{self.ends:%H:%M} {self.zone}"

    def is_open(self, now: datetime) -> bool:
        """Tell whether something may be changed at a time, which must know its zone."""
        local = now.astimezone(ZoneInfo(self.zone) if self.zone != "UTC" else UTC)
        if any(freeze.first <= local.date() <= freeze.last for freeze in self.freezes):
            return False
        if self.begins is None or self.ends is None:
            return True
        at = local.time()
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


ALWAYS = ChangeWindow()


def parse_window(text: str, freezes: Sequence[str] = ()) -> ChangeWindow:
    """Return the window that a text such as `22:00-05:00 Europe/Paris` names (empty: all day), and frozen days such as
    `2026-12-20/2027-01-05` or `2026-12-25`.

    Raises `ParameterError` for what is no window, no zone or no day.
    """
    frozen = tuple(map(_freeze, freezes))
    if not text:
        return ChangeWindow(freezes=frozen)
    found = _WINDOW.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError(text)
        begins, ends = time.fromisoformat(found[1]), time.fromisoformat(found[2])
    except ValueError as error:
        raise ParameterError("window-wrong", window=text) from error
    if begins == ends:
        raise ParameterError("window-empty", window=text)
    return ChangeWindow(begins, ends, _zone(found[3] or "UTC"), frozen)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise ParameterError("window-zone-unknown", zone=name) from error
    return name


def _freeze(text: str) -> Freeze:
    found = _DAYS.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError(text)
        first = date.fromisoformat(found[1])
        last = date.fromisoformat(found[2] or found[1])
    except ValueError as error:
        raise ParameterError("freeze-wrong", days=text) from error
    if last < first:
        raise ParameterError("freeze-backwards", days=text)
    return Freeze(first, last)
