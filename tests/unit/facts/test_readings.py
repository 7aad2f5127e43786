"""Raw answers become facts or are refused, never guessed at: the cases lie in `tests/data/facts`, a folder a reading."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from runbook_lib.errors import UnexpectedReply
from runbook_lib.facts import ACTIONS, READINGS
from runbook_lib.facts.shape import moment
from runbook_lib.facts.sync_server import Events, GlobalSettings, other_scheduler
from runbook_lib.ports import Answer

DATA = Path(__file__).resolve().parents[2] / "data" / "facts"
CASES = {f"{path.parent.name}/{path.stem}": path for path in sorted(DATA.glob("*/*.json"))}


def understood(reading: str, body: object) -> BaseModel:
    return READINGS[reading].parse(Answer(reading, body, "2026-11-02T09:10:00Z"))


def plain(value: object) -> object:
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.model_dump() if isinstance(value, BaseModel) else value


@pytest.mark.parametrize("case", CASES)
def test_an_answer_is_the_fact_that_its_case_says_or_is_refused_where_it_says(case):
    reading, told = case.partition("/")[0], json.loads(CASES[case].read_text(encoding="utf-8"))
    assert told["says"].endswith(".")

    if "where" in told:
        with pytest.raises(UnexpectedReply) as refused:
            understood(reading, told["answer"])
        said = refused.value.message.arguments
        assert (said["reading"], said["where"]) == (reading, told["where"])
        assert refused.value.target == READINGS[reading].target
        return
    known = understood(reading, told["answer"])
    assert known.model_dump() == told["fact"]
    assert {name: plain(getattr(known, name)) for name in told.get("derived", {})} == told.get("derived", {})


@pytest.mark.parametrize("reading", READINGS)
def test_every_reading_has_cases_that_are_understood_and_cases_that_are_refused(reading):
    cases = [
        json.loads(path.read_text(encoding="utf-8")) for name, path in CASES.items() if name.startswith(f"{reading}/")
    ]

    assert any("fact" in case for case in cases)
    assert any("where" in case for case in cases)


def test_there_is_no_case_for_a_reading_that_does_not_exist():
    assert {name.partition("/")[0] for name in CASES} == READINGS.keys()


@pytest.mark.parametrize("reading", READINGS)
@given(
    body=st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.lists(st.integers())
    | st.dictionaries(st.text(), st.text())
)
def test_an_answer_that_has_nothing_to_do_with_the_question_is_refused(reading, body):
    with pytest.raises(UnexpectedReply):
        understood(reading, body)


@pytest.mark.parametrize(
    ("reading", "body"),
    [
        ("inheritance_breaks", {"units": ["half a letter: \ud800"]}),
        ("domain_policies", {"policies": [{"dn": "DC=a", "minimum_age_seconds": 2**53}]}),
    ],
)
def test_what_could_not_be_recorded_is_refused_when_it_is_read(reading, body):
    with pytest.raises(UnexpectedReply) as refused:
        understood(reading, body)

    assert refused.value.message.arguments["reading"] == reading


def test_a_refusal_does_not_repeat_the_answer():
    with pytest.raises(UnexpectedReply) as refused:
        understood("password_writeback", {"connector": "x", "enabled": "hunter2"})

    assert "hunter2" not in refused.value.say("en") + refused.value.say("fr")


def test_a_request_carries_the_name_and_the_arguments_of_its_reading():
    request = READINGS["writeback_events"].request

    assert (request.reading, request.arguments) == ("writeback_events", {"minutes": 2880})


def test_names_of_readings_and_actions_never_mean_two_things():
    assert not READINGS.keys() & ACTIONS.keys()


def test_the_scheduler_of_another_server_is_the_same_reading_of_another_target():
    assert (other_scheduler(2).name, other_scheduler(2).target) == ("scheduler", "other-server-2")


def test_events_are_chosen_by_id_and_by_being_newer():
    case = json.loads(CASES["writeback_events/some"].read_text(encoding="utf-8"))
    events = Events.model_validate(case["answer"])

    assert [event.record for event in events.of(31004, 31005)] == [7, 9]
    assert [event.record for event in events.of(31004, 31005, after_record=7)] == [9]
    assert events.of(31019) == []


def test_a_setting_that_the_server_does_not_have_is_none():
    settings = GlobalSettings.model_validate({"parameters": [{"name": "a", "value": "1"}]})

    assert (settings.value("a"), settings.value("b")) == ("1", None)


@given(st.datetimes(min_value=moment("1601-01-01T00:00:00Z").replace(tzinfo=None)), st.integers(0, 9))
def test_a_time_is_read_to_the_microsecond_whatever_its_decimals(at, tail):
    text = f"{at:%Y}".zfill(4) + f"{at:-%m-%dT%H:%M:%S}.{at.microsecond:06d}{tail}Z"

    assert moment(text).replace(tzinfo=None) == at


@given(st.text())
def test_a_text_is_a_time_or_is_refused_with_a_value_error(text):
    with pytest.raises(ValueError, match=r"."):
        moment(text)
