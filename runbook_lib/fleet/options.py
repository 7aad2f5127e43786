"""How a fleet is run: how many tenants at once, how many may fail, and in which kind of kernels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from runbook_lib.errors import ParameterError
from runbook_lib.fleet.executing import FAILED, UNKNOWN, USAGE, Job, Outcome
from runbook_lib.fleet.listening import News
from runbook_lib.fleet.stopping import Stopping
from runbook_lib.fleet.waves import Share, sizes
from runbook_lib.fleet.window import ALWAYS, ChangeWindow
from runbook_lib.runbooks.ladder import LEVELS

# How a tenant has failed. One that needs a person, or was stopped by one, has not.
FAILURES = frozenset({FAILED, USAGE, UNKNOWN})

# Given how approvals came about and who hears the news: what carries out a job.
Elsewhere = Callable[[str, Callable[[News], None]], Callable[[Job, Stopping], Outcome]]

FORKED, ORDINARY = "forked", "ordinary"
KERNELS = (FORKED, ORDINARY)

_SHAPE = re.compile(r"(?P<number>[0-9]{1,9})(?P<percent>\s*%)?", re.ASCII)


@dataclass(frozen=True)
class MaxFailures:
    """How many tenants may fail: a number, or a share of all tenants in percent. None: any."""

    number: int | None = None
    is_percent: bool = False

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `N` or `P%`; nothing means any. Raises `ParameterError`."""
        if not text:
            return cls()
        found = _SHAPE.fullmatch(text.strip())
        if not found:
            raise ParameterError("max-failures-unreadable", given=text)
        number, is_percent = int(found["number"]), bool(found["percent"])
        if is_percent and not 0 < number < 100:
            raise ParameterError("max-failures-percent", given=text)
        return cls(number, is_percent)

    def are_exceeded(self, outcomes: Iterable[Outcome], total: int) -> bool:
        """Tell whether more have failed than may: as many are still tolerated. `total` is how many tenants were ordered."""
        if self.number is None:
            return False
        failed = sum(outcome.exit_code in FAILURES for outcome in outcomes)
        return failed * 100 > self.number * total if self.is_percent else failed > self.number

    def after(self, outcomes: Iterable[Outcome], total: int) -> MaxFailures:
        """Return how many more may fail, of so many tenants in all, once these have ended."""
        if self.number is None:
            return self
        failed = sum(outcome.exit_code in FAILURES for outcome in outcomes)
        return MaxFailures((self.number * total // 100 if self.is_percent else self.number) - failed)

    def __str__(self) -> str:
        """Say it as it was given."""
        return "" if self.number is None else f"{self.number} %" if self.is_percent else str(self.number)


@dataclass(frozen=True)
class Rollout:
    """How a fleet is rolled out.

    Attributes:
        waves: The waves; empty: everybody at once.
        soak: How many seconds pass between the end of a wave and the next.
        level: The level of the verification ladder that every tenant of a wave must have reached before the next; empty: none.
        window: When tenants may be begun.
    """

    waves: tuple[Share, ...] = ()
    soak: int = 0
    level: str = ""
    window: ChangeWindow = ALWAYS

    def __post_init__(self) -> None:
        """Refuse a level that is none. Raises `ParameterError`."""
        if self.level and self.level not in LEVELS:
            raise ParameterError("level-unknown", level=self.level, known=LEVELS)

    def sizes(self, total: int) -> tuple[int, ...]:
        """Return how many of so many tenants each wave has. Raises `ParameterError` when tenants would be in no wave."""
        return sizes(self.waves, total) if self.waves else (total,)


AT_ONCE = Rollout()


@dataclass(frozen=True)
class FleetOptions:
    """How a fleet is run. `may_begin` is asked before each tenant. `kernels` is `forked`, `ordinary`, or empty for what suits the number
    of tenants and the system. `fleet_plan` is the digest of the list by which all plans were approved; empty when each was by itself.
    `elsewhere` returns what carries out a job on another machine; None: they run here. `rates` is how many requests a
    second all runs together may send to each service; empty: no limits. `time_limit` is how many seconds a run may take; 0: any.
    """

    at_once: int = 1
    max_failures: MaxFailures = MaxFailures()
    kernels: str = ""
    may_begin: Callable[[], bool] = lambda: True
    rollout: Rollout = AT_ONCE
    fleet_plan: str = ""
    elsewhere: Elsewhere | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    time_limit: int = 0
