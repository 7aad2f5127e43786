"""A rollout goes on to the next wave only when the one before came out as demanded, and never outside the window."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import ParameterError
from runbook_lib.fleet import (
    FleetOptions,
    Job,
    MaxFailures,
    News,
    Outcome,
    Rollout,
    parse_waves,
    parse_window,
    roll_out,
)
from runbook_lib.lab.clock import ManualClock


def jobs(count: int) -> list[Job]:
    return [Job(Path("book.ipynb"), f"tenant-{n}", f"run-{n}", Path("outputs"), {}) for n in range(1, count + 1)]


class Fleet:
    """Stands for running: tenants end as they are told to, in `took` seconds each, and stop when too many failed."""

    def __init__(
        self, *, codes: dict[int, int] | None = None, levels: dict[int, str] | None = None, took: int = 0
    ) -> None:
        self.clock = ManualClock(datetime.fromisoformat("2026-11-30T22:00+00:00"))
        self.codes, self.levels, self.took = codes or {}, levels or {}, took
        self.heard: list[News] = []
        self.stops_at = 0
        self.waves: list[list[str]] = []

    def run(self, wave: Sequence[Job], options: FleetOptions, hear: Callable[[News], None]) -> Iterator[Outcome]:
        self.waves.append([])
        ended: list[Outcome] = []
        for job in wave:
            if not options.may_begin() or options.max_failures.are_exceeded(ended, len(wave)):
                return
            number = int(job.tenant.partition("-")[2])
            if number == self.stops_at:
                hear({"run": "", "event": "stopping"})
            self.waves[-1].append(job.tenant)
            self.clock.advance(self.took)
            level = {"level": self.levels.get(number, "L2")}
            ended.append(Outcome(job.tenant, job.folder, self.codes.get(number, 0), ladder=level))
            yield ended[-1]

    def roll_out(self, count: int, how: Rollout, limit: str = "") -> list[str]:
        options = FleetOptions(max_failures=MaxFailures.read(limit), rollout=how)
        outcomes = roll_out(jobs(count), options, self.run, self.clock, self.heard.append)
        return [outcome.tenant for outcome in outcomes]

    def events(self) -> list[str]:
        return [news["event"] for news in self.heard]


def waves(text: str, **more: Any) -> Rollout:
    return replace(Rollout(parse_waves(text)), **more)


@given(st.integers(1, 40), st.sampled_from(["rest", "1,rest", "1,5,25%,rest", "50%,50%,rest"]))
def test_when_all_goes_well_everybody_is_run_once_and_in_order(count: int, text: str) -> None:
    fleet = Fleet()

    assert fleet.roll_out(count, waves(text)) == [job.tenant for job in jobs(count)]
    assert fleet.events() == ["wave"] * (len(fleet.waves) if len(fleet.waves) > 1 else 0)


def test_without_waves_everybody_is_run_at_once_and_no_wave_is_told() -> None:
    fleet = Fleet()

    assert len(fleet.roll_out(5, Rollout())) == 5
    assert (len(fleet.waves), fleet.heard) == (1, [])


def test_a_wave_that_is_not_at_the_level_is_the_last_one_and_names_who_is_below() -> None:
    fleet = Fleet(levels={2: "L0", 3: "none"})

    assert len(fleet.roll_out(10, waves("1,3,rest", level="L1"))) == 4
    assert fleet.heard[-1] == {"run": "", "event": "below-level", "level": "L1", "tenants": "tenant-2, tenant-3"}


def test_who_failed_counts_among_the_failures_and_not_as_below_the_level() -> None:
    fleet = Fleet(codes={1: 1}, levels={1: "none"})

    assert len(fleet.roll_out(10, waves("1,rest", level="L1"))) == 10


@pytest.mark.parametrize(("limit", "run"), [("1", 6), ("0", 2), ("20%", 8), ("", 10)])
def test_failures_are_counted_over_the_whole_fleet(limit: str, run: int) -> None:
    """Tenants 2, 6 and 8 fail; the limit is exceeded when one more failed than may."""
    fleet = Fleet(codes={2: 1, 6: 4, 8: 2})

    assert len(fleet.roll_out(10, waves("1,4,rest"), limit)) == run


def test_a_wave_soaks_before_the_next_and_the_last_one_does_not() -> None:
    fleet = Fleet()
    began = fleet.clock.now()
    fleet.roll_out(6, waves("1,2,rest", soak=600))

    assert fleet.events() == ["wave", "soaking", "wave", "soaking", "wave"]
    assert (fleet.clock.now() - began).total_seconds() == 1200


def test_whoever_interrupts_the_soak_begins_no_other_wave_and_keeps_what_was_run() -> None:
    fleet = Fleet()

    class Interrupted(ManualClock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    fleet.clock = Interrupted(fleet.clock.now())
    assert fleet.roll_out(6, waves("2,rest", soak=600)) == ["tenant-1", "tenant-2"]


def test_whoever_asks_to_stop_while_the_last_of_a_wave_runs_sees_no_other_wave_begin() -> None:
    """Everybody of the wave comes to the end, so nothing but the wish to stop says that no other is to follow."""
    fleet = Fleet()
    fleet.stops_at = 2

    assert fleet.roll_out(6, waves("2,rest")) == ["tenant-1", "tenant-2"]
    assert fleet.events() == ["wave", "stopping"]


def test_nobody_is_begun_once_the_window_is_closed() -> None:
    """At 22:00 it opens; each tenant takes half an hour."""
    fleet = Fleet(took=1800)

    assert len(fleet.roll_out(9, waves("1,rest", window=parse_window("22:00-23:30")))) == 3
    assert fleet.events()[-1] == "window-closed"


def test_outside_the_window_nothing_is_run_at_all() -> None:
    fleet = Fleet()

    assert fleet.roll_out(3, waves("rest", window=parse_window("08:00-12:00"))) == []
    assert fleet.events() == ["window-closed"]


def test_a_fleet_of_which_some_are_in_no_wave_is_refused_before_anything_is_run() -> None:
    fleet = Fleet()

    with pytest.raises(ParameterError):
        fleet.roll_out(10, waves("1,2"))
    assert fleet.waves == []


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(ParameterError, match="L9"):
        Rollout(level="L9")
