"""A change window is open when it says so, in its own time zone, and closed on frozen days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import ParameterError
from runbook_lib.fleet.window import parse_window

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda each: each.replace(tzinfo=UTC))  # noqa: DTZ001
CLOCK = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda at: f"{at[0]:02d}:{at[1]:02d}")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("window", "moment", "is_open"),
    [
        ("22:00-05:00 Europe/Paris", "2026-11-30T21:00+00:00", True),
        ("22:00-05:00 Europe/Paris", "2026-11-30T20:59+00:00", False),
        ("22:00-05:00 Europe/Paris", "2026-07-01T20:00+00:00", True),
        ("22:00-05:00 Europe/Paris", "2026-12-01T04:00+00:00", False),
        ("08:00-12:00", "2026-11-30T08:00+00:00", True),
        ("08:00-12:00", "2026-11-30T12:00+00:00", False),
        ("", "2026-11-30T12:00+00:00", True),
    ],
)
def test_a_window_is_open_in_its_hours_and_zone(window: str, moment: str, is_open: bool) -> None:
    assert parse_window(window).is_open(at(moment)) is is_open


@given(MOMENTS, CLOCK, CLOCK)
def test_of_a_window_and_what_is_left_of_the_day_exactly_one_is_open(moment: datetime, begins: str, ends: str) -> None:
    if begins == ends:
        with pytest.raises(ParameterError):
            parse_window(f"{begins}-{ends}")
        return
    inside, outside = parse_window(f"{begins}-{ends}"), parse_window(f"{ends}-{begins}")

    assert inside.is_open(moment) is not outside.is_open(moment)


@given(MOMENTS)
def test_nothing_is_open_on_frozen_days(moment: datetime) -> None:
    day = moment.date()

    assert not parse_window("", [f"{day}"]).is_open(moment)
    assert not parse_window("", [f"{day - timedelta(3)}/{day}"]).is_open(moment)
    assert parse_window("", [f"{day + timedelta(1)}/{day + timedelta(9)}"]).is_open(moment)


def test_frozen_days_are_those_of_the_zone() -> None:
    window = parse_window("00:00-23:59 Europe/Paris", ["2026-12-24"])

    assert not window.is_open(at("2026-12-23T23:30+00:00"))
    assert window.is_open(at("2026-12-24T23:30+00:00"))


@pytest.mark.parametrize(
    "window", ["22:00", "25:00-26:00", "22:00-05:00 Mars/Base", "5-6", "22:00-22:00", "../../etc-05:00"]
)
def test_what_is_no_window_is_refused(window: str) -> None:
    with pytest.raises(ParameterError):
        parse_window(window)


@pytest.mark.parametrize("days", ["", "2026-13-01", "2026-12-24/2026-12-20", "Christmas", "2026-12-24/"])
def test_what_is_no_day_is_refused(days: str) -> None:
    with pytest.raises(ParameterError):
        parse_window("", [days])
