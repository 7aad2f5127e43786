"""What ServiceNow and Jira answer becomes a change record: approved only where each says so in so many words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import RecordRefused, UnexpectedReply
from runbook_lib.facts.change_records import from_jira, from_servicenow, plain_text, servicenow_row

SYS_ID = "a" * 32
WORDS = st.text(max_size=12)


def row(**changed: str) -> dict[str, str]:
    usual = {"sys_id": SYS_ID, "number": "CHG1", "state": "-1", "approval": "approved", "type": "normal"}
    return usual | {"start_date": "2026-11-30 20:00:00", "end_date": "", "on_hold": "false"} | changed


def servicenow(**changed: str) -> Any:
    return from_servicenow(servicenow_row({"result": [row(**changed)]}, "CHG1"))


def issue(status: str = "Implementing", category: str = "indeterminate", **fields: Any) -> dict[str, Any]:
    names = {"f1": "Planned start", "f2": "Planned end", "f3": "Change type", "f4": "planned start"}
    usual = {"summary": "Turn it on", "status": {"name": status, "statusCategory": {"key": category}}}
    return {"id": "1", "key": "OPS-1", "names": names, "fields": usual | fields}


def decided(*decisions: str, last: bool = True) -> dict[str, Any]:
    return {"isLastPage": last, "values": [{"finalDecision": each} for each in decisions]}


def test_a_change_request_is_read_with_its_window_in_utc_and_all_that_approvers_read() -> None:
    read = servicenow(short_description="Turn it on", description="Plan abc", backout_plan="Turn it off")

    assert (read.number, read.state, read.approval, read.kind) == ("CHG1", "implement", "approved", "normal")
    assert (read.start, read.end) == (datetime(2026, 11, 30, 20, tzinfo=UTC), None)
    assert read.text == "Turn it on\nPlan abc\nTurn it off"


@given(state=WORDS, approval=WORDS, kind=WORDS)
def test_words_of_servicenow_that_nobody_knows_are_unknown_and_never_approved(
    state: str, approval: str, kind: str
) -> None:
    read = servicenow(state=f"x{state}", approval=f"x{approval}", type=f"x{kind}")

    assert (read.state, read.approval, read.kind) == ("unknown", "unknown", "unknown")


@pytest.mark.parametrize(
    ("on_hold", "state"), [("true", "on-hold"), ("1", "on-hold"), ("false", "implement"), ("", "implement")]
)
def test_a_record_on_hold_is_on_hold_whatever_its_state(on_hold: str, state: str) -> None:
    assert servicenow(on_hold=on_hold).state == state


def test_a_change_request_that_is_not_there_is_refused_by_its_number() -> None:
    with pytest.raises(RecordRefused, match="CHG1"):
        servicenow_row({"result": []}, "CHG1")


@pytest.mark.parametrize(
    "body",
    [
        {"result": [row(), row()]},
        {"result": [row(number="CHG2")]},
        {"result": [{**row(), "sys_id": "../x"}]},
        {"result": [{key: value for key, value in row().items() if key != "approval"}]},
        {"result": {}},
        [],
        None,
    ],
    ids=str,
)
def test_an_answer_about_something_else_is_not_taken_for_the_record(body: Any) -> None:
    with pytest.raises(UnexpectedReply):
        servicenow_row(body, "CHG1")


@pytest.mark.parametrize("said", ["30/11/2026 20:00", "2026-11-30T20:00:00Z", "2026-11-30", "2026-13-01 00:00:00"])
def test_a_time_in_another_form_is_not_guessed_at(said: str) -> None:
    with pytest.raises(UnexpectedReply):
        servicenow(start_date=said)


def test_an_issue_is_read_with_the_window_and_kind_of_its_named_fields() -> None:
    said = issue(
        description="Plan abc",
        f1="2026-11-30T21:00:00.000+0100",
        f2="2026-11-30T23:00:00.000+0000",
        f3={"value": "Emergency"},
    )

    read = from_jira(said, decided("approved", "approved"), "ops-1")

    assert (read.number, read.state, read.approval, read.kind) == ("OPS-1", "implement", "approved", "emergency")
    assert (read.start, read.end) == (datetime(2026, 11, 30, 20, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC))
    assert read.text == "Turn it on\nPlan abc"


@pytest.mark.parametrize(
    ("approvals", "expected"),
    [
        (None, "unknown"),
        (decided(), "not-requested"),
        (decided("approved"), "approved"),
        (decided("approved", "pending"), "requested"),
        (decided("pending", "declined"), "rejected"),
        (decided("approved", "waived"), "unknown"),
        (decided("approved", last=False), "unknown"),
    ],
    ids=str,
)
def test_an_issue_is_approved_only_when_every_approval_is(approvals: Any, expected: str) -> None:
    assert from_jira(issue(), approvals, "OPS-1").approval == expected


@pytest.mark.parametrize(
    ("status", "category", "state"),
    [
        ("Awaiting implementation", "new", "scheduled"),
        ("IMPLEMENTING", "indeterminate", "implement"),
        ("Whatever", "indeterminate", "unknown"),
        ("Whatever", "done", "closed"),
        ("Implementing", "done", "closed"),
        ("Declined", "done", "cancelled"),
    ],
)
def test_a_status_counts_by_its_name_and_is_closed_when_jira_says_done(status: str, category: str, state: str) -> None:
    assert from_jira(issue(status, category), None, "OPS-1").state == state


@pytest.mark.parametrize(
    "fields",
    [
        {"f1": "2026-11-30"},
        {"f1": "soon"},
        {"f1": "2026-11-30T20:00:00"},
        {"f1": "2026-11-30T20:00:00Z", "f4": "2026-11-30T20:00:00Z"},
    ],
    ids=str,
)
def test_a_window_that_is_a_day_without_a_zone_or_there_twice_is_not_guessed_at(fields: dict[str, str]) -> None:
    with pytest.raises(UnexpectedReply):
        from_jira(issue(**fields), None, "OPS-1")


@pytest.mark.parametrize("kind", [None, "Normal", {"value": 3}, {"name": "Normal"}, {"value": "Other"}], ids=str)
def test_a_kind_in_another_form_is_unknown(kind: Any) -> None:
    assert from_jira(issue(f3=kind), None, "OPS-1").kind == "unknown"


def test_an_issue_of_another_key_is_not_taken_for_the_record() -> None:
    with pytest.raises(UnexpectedReply):
        from_jira(issue(), None, "OPS-2")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_any_document_of_atlassian_gives_a_text_and_never_fails(node: Any) -> None:
    text = plain_text({"type": "doc", "content": [{"type": "text", "text": "abc"}, node, {"content": node}]})

    assert text.startswith("abc")


def test_the_blocks_of_a_document_are_lines_of_its_text() -> None:
    def paragraph(*inner: dict[str, Any]) -> dict[str, Any]:
        return {"type": "paragraph", "content": list(inner)}

    text = [{"type": "text", "text": "Plan ", "marks": []}, {"type": "text", "text": "abc"}]
    document = {"type": "doc", "content": [paragraph(*text), paragraph({"type": "hardBreak"}, text[1])]}
    deep: dict[str, Any] = {"type": "text", "text": "far"}
    for _ in range(100):
        deep = paragraph(deep)

    assert plain_text(document) == "Plan abc\nabc"
    assert plain_text(deep) == ""
    assert (plain_text(None), plain_text("as it is")) == ("", "as it is")
