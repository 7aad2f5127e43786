"""A fleet in waves: a few tenants first, and more only when those came out well, time has shown it, and the window is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from runbook_lib.fleet.batch import EXCEEDED, STOPPING
from runbook_lib.fleet.executing import Job, Outcome
from runbook_lib.fleet.listening import News
from runbook_lib.fleet.options import FAILURES, FleetOptions
from runbook_lib.ports import Clock
from runbook_lib.runbooks.ladder import LEVELS

# What is heard of a rollout, beside the news of its runs.
WAVE, SOAKING, BELOW, CLOSED = "wave", "soaking", "below-level", "window-closed"

Hear = Callable[[News], None]
RunAll = Callable[[Sequence[Job], FleetOptions, Hear], Iterator[Outcome]]


def roll_out(jobs: Sequence[Job], options: FleetOptions, run: RunAll, clock: Clock, hear: Hear) -> Iterator[Outcome]:
    """Run the jobs wave by wave, and yield how each ended. No further wave is begun once one did not come out as demanded.

    `run` runs the jobs of a wave, and tells its news. `hear` gets these, and those of the rollout: that a wave begins, that it soaks, and
    why none follows.
    Raises `ParameterError`, before anything is run, when tenants would be in no wave.
    """
    planned = options.rollout.sizes(len(jobs))
    rolling = _Rolling(options, clock, hear, len(jobs))
    left = iter(jobs)
    for number, size in enumerate(planned, 1):
        wave = list(islice(left, size))
        if not rolling.may_begin():
            return
        if len(planned) > 1:
            hear(_news(WAVE, number=str(number), waves=str(len(planned)), tenants=str(size)))
        before = len(rolling.ended)
        for outcome in run(wave, rolling.options_of_wave(), rolling.hear):
            rolling.ended.append(outcome)
            yield outcome
        if len(rolling.ended) - before < len(wave):
            rolling.may_begin()
            return
        if number < len(planned) and not rolling.goes_on(rolling.ended[before:]):
            return


class _Rolling:
    """A rollout that is under way: who was run so far, and whether more may be."""

    def __init__(self, options: FleetOptions, clock: Clock, hear: Hear, total: int) -> None:
        self.ended: list[Outcome] = []
        self._is_stopped = False
        self._how = options.rollout
        self._options = options
        self._clock = clock
        self._hear = hear
        self._total = total

    def hear(self, news: News) -> None:
        """Pass news on. Once no further tenant is to be begun, no further wave is, either, also when its last one ran already."""
        self._is_stopped = self._is_stopped or news["event"] in {STOPPING, EXCEEDED}
        self._hear(news)

    def may_begin(self) -> bool:
        """Tell whether the window is open, and say so when it is not."""
        if self._is_open():
            return True
        self._hear(_news(CLOSED))
        return False

    def options_of_wave(self) -> FleetOptions:
        """Return the options of the next wave: what may still fail of the whole fleet, and nobody is begun outside the window."""
        left = self._options.max_failures.after(self.ended, self._total)
        return replace(self._options, max_failures=left, may_begin=self._is_open)

    def goes_on(self, wave: Sequence[Outcome]) -> bool:
        """Tell whether the next wave may follow this one, once it has soaked; and say why not."""
        if self._is_stopped or any(outcome.is_interrupted for outcome in wave):
            return False
        if self._options.max_failures.are_exceeded(self.ended, self._total):
            self._hear(_news(EXCEEDED))
            return False
        level = self._how.level
        if below := [outcome.tenant for outcome in wave if level and not _has_reached(outcome, level)]:
            self._hear(_news(BELOW, level=level, tenants=", ".join(below)))
            return False
        return self._soaked()

    def _is_open(self) -> bool:
        return self._how.window.is_open(self._clock.now())

    def _soaked(self) -> bool:
        """Wait, unless somebody asks to stop meanwhile. What was run so far is kept, and its outcomes are shown."""
        if self._how.soak:
            self._hear(_news(SOAKING, seconds=str(self._how.soak)))
        try:
            for _ in range(self._how.soak):
                self._clock.sleep(1.0)  # a second at a time, so that Ctrl+C is heard at once on every system
        except KeyboardInterrupt:
            return False
        return True


def _has_reached(outcome: Outcome, level: str) -> bool:
    """Tell whether a tenant reached a level. One that failed is counted among the failures, and not here as well."""
    if outcome.exit_code in FAILURES:
        return True
    seen = outcome.ladder.get("level") if isinstance(outcome.ladder, dict) else None
    return seen in LEVELS and LEVELS.index(seen) >= LEVELS.index(level)


def _news(event: str, **said: str) -> News:
    return {"run": "", "event": event, **said}
