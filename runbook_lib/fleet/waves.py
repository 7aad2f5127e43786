"""Waves: how many tenants go first, how many next, and what must hold before the next ones do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from runbook_lib.errors import ParameterError

REST = "rest"

_COUNT = re.compile(r"[0-9]{1,6}")
_PERCENT = re.compile(r"([0-9]{1,3})\s*%")


@dataclass(frozen=True)
class Share:
    """A part of the fleet: a number of tenants, a percentage of all of them, or (neither) all that are left."""

    count: int = 0
    percent: int = 0

    def of(self, total: int) -> int:
        """Return how many tenants this is of so many: a percentage is rounded up, so that it is never nobody."""
        return self.count or -(-total * self.percent // 100)


def parse_waves(text: str) -> tuple[Share, ...]:
    """Return the waves that a text such as `1, 5, 25%, rest` names.

    Raises `ParameterError` for what is no wave, for a wave of nobody, for anything behind `rest`, and for percentages that take
    more than everybody together.
    """
    parts = [part.strip().casefold() for part in text.split(",")]
    shares = tuple(_share(part, text) for part in parts)
    if REST in parts[:-1]:
        raise ParameterError("waves-after-rest", waves=text)
    if (taken := sum(share.percent for share in shares)) > 100:
        raise ParameterError("waves-overlap", waves=text, percent=taken)
    return shares


def _share(part: str, text: str) -> Share:
    if part == REST:
        return Share()
    if _COUNT.fullmatch(part) and int(part):
        return Share(count=int(part))
    found = _PERCENT.fullmatch(part)
    if found and 0 < int(found[1]) <= 100:
        return Share(percent=int(found[1]))
    raise ParameterError("waves-wrong", waves=text, wave=part or "–")


def sizes(shares: Sequence[Share], total: int) -> tuple[int, ...]:
    """Return how many tenants each wave has, in order, of so many in all; waves for which nobody is left are left out.

    Raises `ParameterError` when tenants would be in no wave.
    """
    left, found = total, []
    for share in shares:
        size = left if share == Share() else min(share.of(total), left)
        left -= size
        found.append(size)
    if left:
        raise ParameterError("waves-leave-tenants", count=left, total=total)
    return tuple(size for size in found if size)
