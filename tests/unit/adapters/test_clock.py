"""The clock of a run goes on when the machine's is set back, so that no wait becomes longer and nothing seen lies in the future."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.adapters.clock import SystemClock

START = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


class Machine:
    """A machine whose time somebody sets, while its seconds pass as they do."""

    def __init__(self) -> None:
        self.passed, self.offset = 0.0, timedelta(0)

    def wall(self) -> datetime:
        return START + self.offset + timedelta(seconds=self.passed)

    def steady(self) -> float:
        return self.passed


@given(moves=st.lists(st.tuples(st.floats(0, 1000), st.integers(-5000, 5000)), max_size=20))
def test_it_never_goes_back_and_never_stands_still(moves: list[tuple[float, int]]) -> None:
    machine = Machine()
    clock = SystemClock(machine.wall, machine.steady)
    before = clock.now()
    for seconds, shift in moves:
        machine.passed += seconds
        machine.offset += timedelta(seconds=shift)
        now = clock.now()
        assert now - before >= timedelta(seconds=seconds) - timedelta(milliseconds=1)
        assert now >= machine.wall()
        before = now


def test_a_wait_ends_when_its_time_has_passed_though_the_clock_was_set_back() -> None:
    machine = Machine()
    clock = SystemClock(machine.wall, machine.steady)
    until = clock.now() + timedelta(minutes=10)
    machine.offset -= timedelta(hours=1)
    machine.passed += 600

    assert clock.now() >= until


def test_a_clock_that_is_not_touched_says_the_time_of_the_machine() -> None:
    machine = Machine()
    clock = SystemClock(machine.wall, machine.steady)
    machine.passed += 3

    assert clock.now() == machine.wall()
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
