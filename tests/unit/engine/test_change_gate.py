"""The change record is asked before anything is sent: what it does not say for certain, it does not allow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from runbook_lib.engine import ApprovedDigest, WithinChange
from runbook_lib.errors import CannotConnect, NotApproved, PlanOutdated
from runbook_lib.lab.clock import ManualClock
from runbook_lib.model import Plan, Status
from runbook_lib.ports import ChangeRecord
from tests.rehearsal import CONNECT, Rehearsal, carried_out, said

PLAN = Plan("a-tenant", CONNECT, "1/1", {}, {}, ())


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def record(clock: ManualClock, **changed: Any) -> ChangeRecord:
    """A record that allows the plan, with something changed."""
    hour, now = timedelta(hours=1), clock.now()
    text = f"Plan\n{PLAN.digest}"
    good = ChangeRecord("CHG0030042", "implement", "approved", now - hour, now + hour, text, "normal", "state -1")
    return replace(good, **changed)


def gate(clock: ManualClock, read: Callable[[], ChangeRecord], digest: str = PLAN.digest) -> WithinChange:
    return WithinChange(ApprovedDigest(digest, by="operator"), read, clock)


def lacking(clock: ManualClock, **changed: Any) -> list[str]:
    with pytest.raises(NotApproved) as refused:
        gate(clock, lambda: record(clock, **changed)).approve(PLAN, PLAN.digest)
    assert refused.value.message.key == "change-does-not-allow"
    return [each.key for each in refused.value.reasons]


@pytest.mark.parametrize("state", ["scheduled", "implement"])
def test_an_approved_record_in_its_window_with_the_plan_in_its_text_allows_it(clock: ManualClock, state: Any) -> None:
    approval = gate(clock, lambda: record(clock, state=state)).approve(PLAN, PLAN.digest)

    assert (approval.digest, approval.change["number"], approval.change["said"]) == (
        PLAN.digest,
        "CHG0030042",
        "state -1",
    )
    assert datetime.fromisoformat(approval.change["start"]) < clock.now()


@pytest.mark.parametrize("state", ["new", "assess", "authorize", "review", "closed", "cancelled", "on-hold", "unknown"])
def test_a_record_that_is_not_to_be_carried_out_now_allows_nothing(clock: ManualClock, state: str) -> None:
    assert lacking(clock, state=state) == ["change-not-open"]


@pytest.mark.parametrize("approval", ["requested", "rejected", "not-requested", "unknown"])
def test_what_is_not_known_to_be_approved_is_not(clock: ManualClock, approval: str) -> None:
    assert lacking(clock, approval=approval) == ["change-not-approved"]


@pytest.mark.parametrize("missing", [{"start": None}, {"end": None}, {"start": None, "end": None}])
def test_a_record_without_a_window_allows_nothing(clock: ManualClock, missing: dict[str, None]) -> None:
    assert lacking(clock, **missing) == ["change-without-window"]


def test_the_window_is_open_from_its_start_to_just_before_its_end(clock: ManualClock) -> None:
    now, second = clock.now(), timedelta(seconds=1)

    assert gate(clock, lambda: record(clock, start=now, end=now + second)).approve(PLAN, PLAN.digest)
    assert lacking(clock, start=now - second, end=now) == ["change-outside-window"]
    assert lacking(clock, start=now + second) == ["change-outside-window"]


@pytest.mark.parametrize("text", ["", "another plan " + "0" * 64, PLAN.digest[:-1]])
def test_a_record_whose_text_does_not_hold_the_plan_allows_nothing(clock: ManualClock, text: str) -> None:
    assert lacking(clock, text=text) == ["change-without-digest"]


def test_all_that_is_lacking_is_said_at_once(clock: ManualClock) -> None:
    assert lacking(clock, state="closed", approval="rejected", start=None, text="") == [
        "change-not-open",
        "change-not-approved",
        "change-without-window",
        "change-without-digest",
    ]


def test_a_record_that_cannot_be_read_allows_nothing_and_the_reason_is_told(clock: ManualClock) -> None:
    def broken() -> ChangeRecord:
        raise CannotConnect("no-such-target", target="change-record", reading="change_record")

    with pytest.raises(NotApproved) as refused:
        gate(clock, broken).approve(PLAN, PLAN.digest)
    assert (refused.value.message.key, [each.key for each in refused.value.reasons]) == (
        "change-not-read",
        ["no-such-target"],
    )


def test_the_record_approves_nothing_by_itself_and_is_not_asked_about_another_plan(clock: ManualClock) -> None:
    asked: list[int] = []

    def read() -> ChangeRecord:
        asked.append(1)
        return record(clock)

    with pytest.raises(NotApproved):
        gate(clock, read, "").approve(PLAN, PLAN.digest)
    with pytest.raises(PlanOutdated):
        gate(clock, read, "0" * 64).approve(PLAN, PLAN.digest)
    assert asked == []


def test_a_run_that_the_record_does_not_allow_sends_nothing_and_says_why() -> None:
    here = Rehearsal()
    plan = here.planned(CONNECT).plan
    approver = WithinChange(
        ApprovedDigest(plan.digest, by="x"), lambda: record(here.clock, state="review", text=plan.digest), here.clock
    )

    run = carried_out(here.run(CONNECT, approved=plan.digest, approver=approver))

    assert here.performed == []
    assert run.results["c7"].status is Status.BLOCKED
    assert said(run.results["c7"]) == ["change-does-not-allow", "change-not-open"]
