"""How many tenants may fail: as many as named are tolerated, and the next one ends the beginning of others."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import ParameterError
from runbook_lib.fleet import MaxFailures, Outcome
from runbook_lib.fleet.options import FAILURES


def outcomes(*codes: int) -> list[Outcome]:
    return [Outcome("tenant", Path("folder"), code) for code in codes]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_number_is_exceeded_by_one_more(limit: int, failed: int, others: int) -> None:
    ended = outcomes(*[1] * failed, *[0, 3, 5, 130] * others)

    assert MaxFailures.read(str(limit)).are_exceeded(ended, len(ended)) == (failed > limit)


@given(st.integers(1, 99), st.integers(1, 300), st.data())
def test_a_percentage_is_one_of_all_tenants_that_were_ordered(percent: int, total: int, data: st.DataObject) -> None:
    """Not of those that have ended so far: one failure among the first few says little."""
    failed = data.draw(st.integers(0, total))

    assert MaxFailures.read(f"{percent}%").are_exceeded(outcomes(*[1] * failed), total) == (
        failed / total > percent / 100
    )


def test_exactly_as_many_as_named_are_tolerated() -> None:
    assert not MaxFailures.read("3").are_exceeded(outcomes(1, 1, 1), 100)
    assert MaxFailures.read("3").are_exceeded(outcomes(1, 1, 1, 1), 100)
    assert not MaxFailures.read("5 %").are_exceeded(outcomes(1, 1, 1, 1, 1), 100)
    assert MaxFailures.read("5 %").are_exceeded(outcomes(1, 1, 1, 1, 1, 1), 100)
    assert MaxFailures.read("0").are_exceeded(outcomes(4), 100)


def test_what_needs_a_person_or_was_stopped_by_one_has_not_failed() -> None:
    assert {1, 2, 4} == FAILURES
    assert not MaxFailures.read("0").are_exceeded(outcomes(0, 3, 5, 130), 4)


def test_without_a_limit_nothing_is_too_much() -> None:
    assert not MaxFailures.read("").are_exceeded(outcomes(*[1] * 100), 100)


@pytest.mark.parametrize("text", ["-1", "few", "5%%", "1.5", "%", "٣", "5 percent", "1e3"])
def test_what_is_neither_a_number_nor_a_percentage_is_refused(text: str) -> None:
    with pytest.raises(ParameterError) as refused:
        MaxFailures.read(text)

    assert refused.value.message.key == "max-failures-unreadable"
    assert text in refused.value.say("fr")


@pytest.mark.parametrize("text", ["0%", "100%", "250%"])
def test_a_percentage_that_means_all_or_nothing_is_refused(text: str) -> None:
    with pytest.raises(ParameterError) as refused:
        MaxFailures.read(text)

    assert refused.value.message.key == "max-failures-percent"
