"""Known error events in the log: each kind once, with advice, and no louder than it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.facts.sync_server import Event, Events
from runbook_lib.model import Finding, Level
from runbook_lib.runbooks.error_events import LONGEST_TEXT, recent_errors
from runbook_lib.texts import LANGUAGES, fix_of, render
from runbook_lib.texts.advice import ADVICE, advice_for_event, advice_of

NOW = "2026-11-22T09:00:00.0000000Z"


def log(*told: tuple[int, str]) -> Events:
    """A log with these events, a minute apart."""
    events = [
        Event(
            id=number, source="PasswordResetService", record=place, at_utc=f"2026-11-22T08:{place:02}:00Z", message=text
        )
        for place, (number, text) in enumerate(told, start=1)
    ]
    return Events(now_utc=NOW, events=events)


def advised(findings: tuple[Finding, ...]) -> list[str]:
    return [advice.id for finding in findings if (advice := advice_of(finding.message))]


def test_a_log_without_errors_tells_nothing():
    assert recent_errors(log((31004, ""), (31005, ""), (31019, ""), (656, ""), (31001, ""), (31002, ""))) == ()


def test_each_kind_is_told_once_with_its_newest_and_how_many():
    (found,) = recent_errors(log((31005, ""), (33004, "first"), (33004, "last  of\nall")))

    assert dict(found.message.arguments) == {
        "event": 33004,
        "name": "ADPermissionsError",
        "count": 2,
        "since": "2026-11-22T08:01:00",
        "at": "2026-11-22T08:03:00",
        "text": "last of all",
    }
    assert found.level is Level.WARNING


@pytest.mark.parametrize("number", sorted({event for advice in ADVICE.values() for event in advice.events}))
def test_every_known_error_event_becomes_a_finding_that_says_what_to_do(number: int):
    text = next((advice.markers[0] for advice in ADVICE.values() if number in advice.events and advice.markers), "")
    (found,) = recent_errors(log((number, text)))

    assert advised((found,)) == [advice_for_event(number, text).id]
    for language in LANGUAGES:
        assert str(number) in render(found.message, language)
        assert fix_of(found.message, language)


def test_the_text_of_an_event_decides_between_its_variants():
    variants = recent_errors(
        log(
            (6329, "BAIL: MMS(4924) 0x80230619 A restriction prevents"),
            (6329, "MMS(3040): admaexport.cpp(2837): The server does not contain"),
            (6329, "... 0x8023061F (The operation failed ..."),
            (6329, "something that is not in the table"),
            (31034, "The remote certificate is invalid according to the validation procedure."),
            (31034, "Le certificat distant n'est pas valide selon la procédure de validation."),
            (31034, "no route"),
            (33009, "Synchronization Engine returned an error hr=80230402, message=An attempt"),
            (31003, "Synchronization Engine returned an error hr=800700CE, message=The filename"),
        )
    )

    assert advised(variants) == [
        "event-6329-policy",
        "event-6329-policy-hints",
        "event-6329-new-forest",
        "event-31034-certificate",
        "event-31034",
        "hr-80230402",
        "hr-800700ce",
    ]


def test_a_code_in_the_text_decides_where_the_event_itself_is_not_known():
    assert advised(recent_errors(log((6000, "returned an error hr=800700CE, message=…")))) == ["hr-800700ce"]


@pytest.mark.parametrize(
    ("events", "level"),
    [
        ([31034], Level.WARNING),
        ([31034, 31019], Level.NOTE),
        ([31019, 31034], Level.WARNING),
        ([32004, 31019], Level.WARNING),
        ([32004, 31005], Level.NOTE),
        ([31014, 31013], Level.NOTE),
        ([6800, 31015], Level.NOTE),
        ([33004, 31019, 31005], Level.WARNING),
        ([33007], Level.NOTE),
        ([33008], Level.NOTE),
    ],
)
def test_what_is_over_or_what_users_cause_every_day_is_a_note(events: list[int], level: Level):
    assert [found.level for found in recent_errors(log(*((number, "") for number in events)))] == [level]


def test_what_others_tell_and_what_was_there_before_is_left_out():
    events = log((31034, ""), (32002, ""), (33004, ""))

    assert advised(recent_errors(events, told={31034})) == ["event-32002", "event-33004"]
    assert advised(recent_errors(events, after_record=2)) == ["event-33004"]


@given(st.lists(st.tuples(st.integers(0, 70000), st.text(max_size=300))))
def test_any_log_is_told_without_fail_and_each_kind_once(told: list[tuple[int, str]]):
    events = [
        Event(id=number, source="x", record=place, at_utc=NOW, message=text)
        for place, (number, text) in enumerate(told)
    ]
    found: Any = recent_errors(Events(now_utc=NOW, events=events))

    kinds = advised(found)
    assert len(kinds) == len(set(kinds)) == len(found)
    assert all(len(finding.message.arguments["text"]) <= LONGEST_TEXT for finding in found)
