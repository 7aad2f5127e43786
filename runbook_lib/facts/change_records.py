"""Change records as ServiceNow and Jira answer them, in one shape: strict, and unknown wherever the system does not say for certain.

Sources: ServiceNow, Table API and Change Management API (values of `state`, `approval` and `type` of an instance as it is
delivered); Atlassian, Jira REST API and Jira Service Management REST API (`finalDecision` of an approval). States of Jira belong
to whoever made the workflow, so only a few names count, and every other is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from runbook_lib.errors import RecordRefused, UnexpectedReply
from runbook_lib.facts.shape import ForeignShape, understood
from runbook_lib.model import Json
from runbook_lib.ports import ChangeApproval, ChangeKind, ChangeRecord, ChangeState

CHANGE = "change-record"
READING = "change_record"

_SERVICENOW_STATES: Mapping[str, ChangeState] = {
    "-5": "new",
    "-4": "assess",
    "-3": "authorize",
    "-2": "scheduled",
    "-1": "implement",
    "0": "review",
    "3": "closed",
    "4": "cancelled",
}
_SERVICENOW_APPROVALS: Mapping[str, ChangeApproval] = {
    "approved": "approved",
    "requested": "requested",
    "rejected": "rejected",
    "not requested": "not-requested",
}
_KINDS: Mapping[str, ChangeKind] = {"normal": "normal", "standard": "standard", "emergency": "emergency"}
_TEXTS = ("short_description", "description", "justification", "implementation_plan", "test_plan", "backout_plan")

_JIRA_STATES: Mapping[str, ChangeState] = {
    "awaiting implementation": "scheduled",
    "scheduled": "scheduled",
    "implementing": "implement",
    "in implementation": "implement",
    "in progress": "implement",
    "awaiting approval": "authorize",
    "awaiting cab approval": "authorize",
    "declined": "cancelled",
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "failed": "closed",
    "completed": "closed",
    "closed": "closed",
}
_DECISIONS: Mapping[str, ChangeApproval] = {"approved": "approved", "pending": "requested", "declined": "rejected"}
_STARTS = ("planned start", "change start date")
_ENDS = ("planned end", "change completion date")


class ServiceNowChange(ForeignShape):
    """A row of the table `change_request`, values as they are stored: texts all of them, times in UTC."""

    sys_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    number: str
    state: str
    approval: str
    start_date: str
    end_date: str
    on_hold: str = ""
    type: str = ""
    short_description: str = ""
    description: str = ""
    justification: str = ""
    implementation_plan: str = ""
    test_plan: str = ""
    backout_plan: str = ""


class _Rows(ForeignShape):
    result: list[ServiceNowChange]


class _Category(ForeignShape):
    key: str


class _Status(ForeignShape):
    name: str
    statusCategory: _Category


class _Fields(ForeignShape):
    summary: str
    status: _Status
    description: str | dict[str, Any] | None = None


class _Issue(ForeignShape):
    id: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    key: str
    names: dict[str, str]
    fields: dict[str, Any]


class _Approval(ForeignShape):
    finalDecision: str


class _Approvals(ForeignShape):
    isLastPage: bool
    values: list[_Approval]


def servicenow_row(body: Json, number: str) -> ServiceNowChange:
    """Return the one change request of that number. Raises `RecordRefused` when there is none."""
    rows = understood(_Rows, body, target=CHANGE, reading=READING).result
    if not rows:
        raise RecordRefused("change-record-missing", target=CHANGE, number=number)
    if len(rows) > 1 or rows[0].number.casefold() != number.casefold():
        raise _surprise("result", "not the one record that was asked for")
    return rows[0]


def from_servicenow(row: ServiceNowChange) -> ChangeRecord:
    """Return a change request of ServiceNow. A record on hold is on hold, whatever its state. Raises `UnexpectedReply`."""
    is_on_its_way = row.on_hold in ("", "false")
    return ChangeRecord(
        number=row.number,
        state=_SERVICENOW_STATES.get(row.state, "unknown") if is_on_its_way else "on-hold",
        approval=_SERVICENOW_APPROVALS.get(row.approval, "unknown"),
        start=_servicenow_time(row.start_date, "start_date"),
        end=_servicenow_time(row.end_date, "end_date"),
        text="\n".join(filter(None, (getattr(row, name) for name in _TEXTS))),
        kind=_KINDS.get(row.type, "unknown"),
        said=f"state {row.state}, approval {row.approval}",
    )


def _servicenow_time(text: str, where: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise _surprise(where, "not a time as YYYY-MM-DD hh:mm:ss") from None


def from_jira(body: Json, approvals: Json, number: str) -> ChangeRecord:
    """Return an issue of Jira, read with `expand=names`. `approvals`: what Jira Service Management says of it, None when it says nothing.

    Raises `UnexpectedReply`.
    """
    issue = understood(_Issue, body, target=CHANGE, reading=READING)
    fields = understood(_Fields, issue.fields, target=CHANGE, reading=READING)
    if issue.key.casefold() != number.casefold():
        raise _surprise("key", "not the one record that was asked for")
    state = _JIRA_STATES.get(fields.status.name.casefold(), "unknown")
    if fields.status.statusCategory.key == "done" and state != "cancelled":
        state = "closed"
    approval = _decision(approvals)
    return ChangeRecord(
        number=issue.key,
        state=state,
        approval=approval,
        start=_jira_time(issue, _STARTS),
        end=_jira_time(issue, _ENDS),
        text="\n".join(filter(None, (fields.summary, plain_text(fields.description)))),
        kind=_jira_kind(issue),
        said=f"status {fields.status.name}, approval {approval}",
    )


def _decision(approvals: Json) -> ChangeApproval:
    """Return what all approvals come to: one that is missing, pending or unheard of keeps the others from counting."""
    if approvals is None:
        return "unknown"
    read = understood(_Approvals, approvals, target=CHANGE, reading="change_approvals")
    if not read.isLastPage:
        return "unknown"
    decisions = {_DECISIONS.get(each.finalDecision, "unknown") for each in read.values}
    worst: tuple[ChangeApproval, ...] = ("unknown", "rejected", "requested", "approved")
    return next((each for each in worst if each in decisions), "not-requested")


def _named(issue: _Issue, names: tuple[str, ...]) -> list[Json]:
    """Return the values of all fields of these names that hold one: names of custom fields need not be unique."""
    held = [issue.fields.get(field) for field, name in sorted(issue.names.items()) if name.casefold() in names]
    return [value for value in held if value is not None]


def _jira_time(issue: _Issue, names: tuple[str, ...]) -> datetime | None:
    values = _named(issue, names)
    if not values:
        return None
    if len(values) > 1:
        raise _surprise(f"fields.{names[0]}", "several fields of that name hold a value")
    try:
        moment = datetime.fromisoformat(str(values[0]))
    except ValueError:
        raise _surprise(f"fields.{names[0]}", "not a time") from None
    if moment.tzinfo is None:
        raise _surprise(f"fields.{names[0]}", "a day, or a time without its zone")
    return moment


def _jira_kind(issue: _Issue) -> ChangeKind:
    values = _named(issue, ("change type",))
    said = values[0].get("value") if len(values) == 1 and isinstance(values[0], dict) else None
    return _KINDS.get(said.casefold(), "unknown") if isinstance(said, str) else "unknown"


def plain_text(document: str | dict[str, Any] | None) -> str:
    """Return the text of a description or comment: as it is, or the text nodes of a document of Atlassian, one block a line."""
    if document is None or isinstance(document, str):
        return document or ""
    return re.sub(r"\n{2,}", "\n", _flat(document, 0)).strip("\n")


# Deeper than any editor makes them.
_DEEPEST = 60
_INLINE = frozenset({"text", "hardBreak", "mention", "emoji", "inlineCard", "date", "status"})


def _flat(node: Json, depth: int) -> str:
    if not isinstance(node, dict) or depth > _DEEPEST:
        return ""
    if node.get("type") == "hardBreak":
        return "\n"
    text = node.get("text")
    inner = node.get("content")
    said = (text if isinstance(text, str) else "") + "".join(
        _flat(each, depth + 1) for each in (inner if isinstance(inner, list) else [])
    )
    return said if node.get("type") in _INLINE else f"{said}\n"


def _surprise(where: str, problem: str) -> UnexpectedReply:
    return UnexpectedReply("unexpected-shape", target=CHANGE, reading=READING, where=where, problem=problem)
