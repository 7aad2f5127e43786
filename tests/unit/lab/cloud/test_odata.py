"""Query options of Graph: what is understood means what it says, and what is not understood is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.lab.cloud import odata
from runbook_lib.lab.cloud.bodies import moment
from runbook_lib.lab.cloud.odata import BadQuery

TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda when: when.replace(microsecond=0)
)
NAMES = st.text(min_size=1, max_size=12)


def record(name: str, when: datetime) -> dict[str, Any]:
    return {"activityDisplayName": name, "activityDateTime": moment(when)}


@given(names=st.lists(NAMES, max_size=6), wanted=NAMES)
def test_a_text_is_found_whatever_it_holds(names: list[str], wanted: str) -> None:
    bodies = [record(name, datetime(2026, 1, 1, tzinfo=UTC)) for name in [*names, wanted]]
    quoted = wanted.replace("'", "''")

    found = odata.filtered(bodies, f"activityDisplayName eq '{quoted}'")

    assert found == [body for body in bodies if body["activityDisplayName"] == wanted]


@given(times=st.lists(TIMES, max_size=8), low=TIMES, high=TIMES)
def test_a_span_of_time_has_both_ends(times: list[datetime], low: datetime, high: datetime) -> None:
    bodies = [record("x", when) for when in times]

    found = odata.filtered(bodies, f"activityDateTime ge {moment(low)} and activityDateTime le {moment(high)}")

    assert found == [record("x", when) for when in times if low <= when <= high]


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "activityDisplayName",
        "activityDisplayName eq",
        "activityDisplayName eq 'x' or activityDisplayName eq 'y'",
        "activityDisplayName eq 'x' and",
        "activityDisplayName ge 'x'",
        "activityDisplayName eq x",
        "startswith(activityDisplayName,'x')",
        "unknown eq 'x'",
        "activityDateTime ge '2026-01-01T00:00:00Z'",
        "activityDateTime ge yesterday",
        "activityDateTime ge 2026-01-01T00:00:00",
        "activityDisplayName eq 'x'; drop",
    ],
)
def test_a_filter_that_is_not_modelled_is_refused(expression: str) -> None:
    with pytest.raises(BadQuery):
        odata.filtered([record("x", datetime(2026, 1, 1, tzinfo=UTC))], expression)


@given(count=st.integers(0, 40), size=st.integers(1, 12))
def test_pages_joined_are_the_whole_list(count: int, size: int) -> None:
    bodies = [{"id": number} for number in range(count)]
    joined, query = [], {}
    for _ in range(count + 1):
        page, token = odata.page(bodies, query, size)
        assert len(page) == min(size, count - len(joined))
        joined += page
        if token is None:
            break
        query = {"$skiptoken": token}

    assert joined == bodies


@given(token=st.text(max_size=20))
def test_a_made_up_token_is_refused_or_a_number(token: str) -> None:
    try:
        page, _ = odata.page([{"id": 1}], {"$skiptoken": token}, 5)
    except BadQuery:
        return
    assert page == []


def test_ordering_is_by_one_known_property() -> None:
    bodies = [{"id": "b"}, {"id": "a"}]

    assert odata.ordered(bodies, "id") == odata.ordered(bodies, "id asc") == [{"id": "a"}, {"id": "b"}]
    assert odata.ordered(bodies, "id desc") == bodies
    with pytest.raises(BadQuery):
        odata.ordered(bodies, "id sideways")
    with pytest.raises(BadQuery):
        odata.ordered(bodies, "name")
