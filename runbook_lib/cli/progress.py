"""What is known of a fleet while it runs: who runs, how those that ended came out, how fast it goes, and how long it may still take."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.fleet import FAILED, INTERRUPTED, Job, Outcome

# How fast it goes is judged by so many tenants that ended last: the first kernels take longer than the rest.
RECENT = 40

UNKNOWN, NEEDS_OPERATOR, PLANNED = 4, 5, 3


class Kind(StrEnum):
    """How a tenant came out, as it is counted."""

    FINE = "fine"
    PLANNED = "planned"
    OPERATOR = "operator"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STOPPED = "stopped"


_KINDS = {
    0: Kind.FINE,
    PLANNED: Kind.PLANNED,
    NEEDS_OPERATOR: Kind.OPERATOR,
    FAILED: Kind.FAILED,
    UNKNOWN: Kind.UNKNOWN,
    INTERRUPTED: Kind.STOPPED,
}


def kind_of(outcome: Outcome) -> Kind:
    """Return how a tenant came out. What was refused before it began has failed, too."""
    return _KINDS.get(outcome.exit_code, Kind.FAILED)


def counted(outcomes: Sequence[Outcome]) -> dict[Kind, int]:
    """Return how many tenants came out how, in the order of the kinds; a kind that nobody came to is left out."""
    counts = Counter(map(kind_of, outcomes))
    return {kind: counts[kind] for kind in Kind if counts[kind]}


@dataclass
class Running:
    """A tenant that runs now: since when, the step that ended last, with its state, and for its turn at which service it waits, until when."""

    tenant: str
    since: float
    step: str = ""
    status: str = ""
    service: str = ""
    waits_until: float = 0.0


@dataclass(frozen=True)
class Wave:
    """The wave that runs: its number, of how many, and how many tenants it has."""

    number: int
    waves: int
    tenants: int


class Progress:
    """How far a fleet is. It is told what happens, and keeps no more of it than what is shown. Times are seconds of `now`."""

    def __init__(self, jobs: Sequence[Job], soak: int = 0, now: Callable[[], float] = time.monotonic) -> None:
        """Nobody runs yet. `soak` is how many seconds pass between two waves."""
        self.total = len(jobs)
        self.running: dict[str, Running] = {}
        self.counts: Counter[Kind] = Counter()
        self.wave: Wave | None = None
        self.soaks_until = 0.0
        self.begins_no_more = False
        self._names = {job.run_id: job.tenant for job in jobs}
        self._ended: set[str] = set()
        self._soak = soak
        self._now = now
        self._begun = now()
        self._ends: deque[float] = deque([self._begun], maxlen=RECENT + 1)

    def begin(self, run: str) -> None:
        """A tenant is begun. From elsewhere this may be heard late."""
        if run in self._ended or run in self.running:
            return
        self.soaks_until = 0.0
        self.running[run] = Running(self._names.get(run, ""), self._now())

    def ended_step(self, run: str, step: str, status: str) -> None:
        """A step of a tenant ended."""
        self.begin(run)
        if known := self.running.get(run):
            known.step, known.status = step, status

    def wait(self, run: str, service: str, seconds: int) -> None:
        """A tenant waits for its turn at a service, so many seconds."""
        self.begin(run)
        if known := self.running.get(run):
            known.service, known.waits_until = service, self._now() + seconds

    def end(self, run: str, kind: Kind) -> float | None:
        """A tenant came to its end. Return how many seconds it took, None when nobody heard that it began."""
        self.counts[kind] += 1
        self._ended.add(run)
        now = self._now()
        self._ends.append(now)
        known = self.running.pop(run, None)
        return now - known.since if known else None

    def begin_wave(self, wave: Wave) -> None:
        """A wave begins. The pause before it says nothing about how fast tenants are run."""
        now = self._now()
        if self.soaks_until:
            paused = now - self._ends[-1]
            self._ends = deque((end + paused for end in self._ends), maxlen=RECENT + 1)
        self.wave, self.soaks_until = wave, 0.0

    def soak(self, seconds: int) -> None:
        """So many seconds pass before the next wave."""
        self.soaks_until = self._now() + seconds

    @property
    def done(self) -> int:
        """Return how many tenants came to their end."""
        return self.counts.total()

    @property
    def waiting(self) -> int:
        """Return how many tenants have not been begun."""
        return max(0, self.total - self.done - len(self.running))

    @property
    def elapsed(self) -> float:
        """Return how many seconds it has been going on."""
        return self._now() - self._begun

    @property
    def rate(self) -> float | None:
        """Return how many tenants end in a minute, by those that ended last; None before the first did."""
        took = self._ends[-1] - self._ends[0]
        return (len(self._ends) - 1) * 60 / took if took > 0 else None

    @property
    def left(self) -> float | None:
        """Return how many seconds it will take still, when it goes on as it does; None when nobody can say."""
        rate = self.rate
        if rate is None or self.begins_no_more:
            return None
        waves = self.wave.waves - self.wave.number if self.wave else 0
        soaks = max(0.0, self.soaks_until - self._now()) + self._soak * max(0, waves - bool(self.soaks_until))
        since = 0.0 if self.soaks_until else self._now() - self._ends[-1]
        return max(0.0, (self.total - self.done) * 60 / rate - since) + soaks

    def seconds_of(self, running: Running) -> float:
        """Return how many seconds a tenant has been running."""
        return self._now() - running.since

    def wait_of(self, running: Running) -> float:
        """Return how many seconds a tenant waits still; 0 when it does not."""
        return max(0.0, running.waits_until - self._now())

    @property
    def soaks(self) -> float:
        """Return how many seconds are left of the pause between two waves; 0 when there is none."""
        return max(0.0, self.soaks_until - self._now()) if self.soaks_until else 0.0


def clock(seconds: float) -> str:
    """Return a time span as a clock shows it, the same in both languages: 0:07, 12:30, 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
