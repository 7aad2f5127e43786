"""Waves take every tenant exactly once, in order, or are refused before anything is run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import ParameterError
from runbook_lib.fleet.waves import parse_waves, sizes

PARTS = st.one_of(st.integers(1, 300).map(str), st.integers(1, 100).map("{}%".format))


@pytest.mark.parametrize(
    ("text", "total", "expected"),
    [
        ("1,5,25%,rest", 100, (1, 5, 25, 69)),
        ("1, 5, 25 %, REST", 3, (1, 2)),
        ("rest", 7, (7,)),
        ("10%,90%", 15, (2, 13)),
        ("1%,rest", 3, (1, 2)),
        ("3", 3, (3,)),
    ],
)
def test_waves_are_counted_as_they_read(text: str, total: int, expected: tuple[int, ...]) -> None:
    assert sizes(parse_waves(text), total) == expected


@given(st.lists(PARTS, max_size=6), st.integers(1, 1000))
def test_with_rest_everybody_is_in_exactly_one_wave(parts: list[str], total: int) -> None:
    percents = [int(part[:-1]) for part in parts if part.endswith("%")]
    if sum(percents) > 100:
        with pytest.raises(ParameterError):
            parse_waves(",".join([*parts, "rest"]))
        return
    found = sizes(parse_waves(",".join([*parts, "rest"])), total)

    assert sum(found) == total
    assert all(size > 0 for size in found)


@pytest.mark.parametrize(
    "text", ["", "0", "0%", "101%", "-1", "1.5", "1,,2", "half", "1,rest,2", "rest,rest", "60%,60%", "1e3"]
)
def test_what_is_no_wave_is_refused(text: str) -> None:
    with pytest.raises(ParameterError):
        parse_waves(text)


def test_tenants_in_no_wave_are_refused() -> None:
    with pytest.raises(ParameterError, match="97"):
        sizes(parse_waves("1,2"), 100)
