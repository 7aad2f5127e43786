"""Going on with a run that stopped: at any line, before or after any change, once or twice."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.canonical import digest
from runbook_lib.engine import Run, earlier
from runbook_lib.engine.resuming import Fate
from runbook_lib.errors import AttestationError, EvidenceError, PlanOutdated
from runbook_lib.model import Change, Plan, Status, as_json
from tests.rehearsal import (
    CONNECT,
    PORTAL,
    Rehearsal,
    actions,
    all_in,
    carried_out,
    message_of,
    said,
    scheduler_changes,
    states,
)

EVERYTHING = {"grant_permissions": True, "restart_service": True, "start_delta_cycle": True}
API = {"provider": "portal-api"}


class Killed(BaseException):
    """The process is gone: nothing catches this, and nothing is written after it."""


class Stopping:
    """A tenant on which a run is stopped and taken up again. Faults come after the plan was made, if they would block it."""

    def __init__(self, slug: str = CONNECT, *faults: str, before: tuple[str, ...] = (), **asked: Any) -> None:
        self.here = Rehearsal("contoso", *before)
        self.slug, self.asked = slug, {"wait_seconds": 30, **asked}
        if slug == PORTAL:
            self.here.applied(CONNECT)
            self.here.server.performed.clear()
        self.plan: Plan = self.here.planned(slug, **self.asked).plan
        for fault in faults:
            self.here.faults.add(fault)
        self.has_begun = False
        self.here.journal.lines.clear()
        self.here.journal.written.clear()

    def attempt(self, stop: Callable[[], Any] | None = None) -> Run | None:
        """Carry a run out, the first or one that goes on; None when it was stopped."""
        take_up = self.here.resumed if self.has_begun else self.here.run
        self.has_begun = True
        if stop:
            stop()
        try:
            return carried_out(take_up(self.slug, approved=self.plan.digest, **self.asked))
        except Killed:
            return None
        finally:
            self.let_go()

    def at_line(self, number: int, *, once_there: bool) -> Callable[[], None]:
        """Stop at a line counted from now on: once it is written, or just before."""
        last = len(self.here.journal.lines) + number

        def on_line(line: int, is_there: bool) -> None:
            if line >= last and is_there is once_there:
                raise Killed

        return lambda: setattr(self.here.journal, "on_line", on_line)

    def after_sending(self, number: int = 1) -> Callable[[], None]:
        """Stop once a target has been sent its nth change, and before its answer is written."""

        def after(change: Change) -> None:
            if len(self.here.performed) >= number:
                raise Killed

        def arm() -> None:
            for target in self.here.targets.values():
                target.after = after

        return arm

    def after_verdict(self) -> Callable[[], None]:
        """Stop once a step is said to be verified."""

        def on_line(line: int, is_there: bool) -> None:
            if is_there and self.here.journal.written[-1].data.get("status") == "verified":
                raise Killed

        return lambda: setattr(self.here.journal, "on_line", on_line)

    def let_go(self) -> None:
        """Nothing stops a run any more."""
        self.here.journal.on_line = lambda line, is_there: None
        for target in self.here.targets.values():
            target.after = lambda change: None

    def resume(self, **asked: Any) -> Run:
        """Take the run up and carry it to its end."""
        self.asked |= asked
        run = self.attempt()
        assert run
        return run


def end_state(here: Rehearsal) -> dict[str, Any]:
    """What a run could have changed."""
    domains = here.tenant.directory
    return {
        "writeback": here.tenant.server.writeback().enabled,
        "policy": vars(here.cloud.policy).copy(),
        "rights": [sorted(map(repr, domain.rules)) for domain in domains],
    }


def uninterrupted(slug: str, **asked: Any) -> tuple[Rehearsal, Run]:
    """The same run, carried out in one go."""
    whole = Stopping(slug, **asked)
    run = whole.attempt()
    assert run
    return whole.here, run


CASES = [
    pytest.param(CONNECT, {}, id="connect"),
    pytest.param(CONNECT, {"before": ("missing_right",), **EVERYTHING}, id="connect-everything"),
    pytest.param(CONNECT, {"before": ("invalid_state",)}, id="connect-cure"),
    pytest.param(PORTAL, API, id="portal"),
]


def diffs(here: Rehearsal) -> list[tuple[str, Any]]:
    """Every diff that the record holds, by step."""
    return [(line["step"], as_json(line["changes"])) for line in here.journal.of("step-result") if line["changes"]]


def lost_act(here: Rehearsal) -> bool:
    """Whether an act, which nobody can look at, was being sent when the run stopped."""
    return any(line.event == "sending" and line.data["change"]["once"] for line in here.journal.written[-1:])


def repeated(here: Rehearsal, whole: Rehearsal) -> list[str]:
    """What targets were sent more often than in a run that nothing stopped."""
    more = Counter(map(digest, as_json(here.performed))) - Counter(map(digest, as_json(whole.performed)))
    return list(more.elements())


@pytest.mark.parametrize("once_there", [True, False], ids=["after-line", "before-line"])
@pytest.mark.parametrize(("slug", "asked"), CASES)
def test_a_run_stopped_at_any_line_ends_where_it_would_have_ended(slug: str, asked: dict[str, Any], once_there: bool):
    """Nothing is sent twice but what the server had refused; the diffs of the first attempt stay in the record."""
    whole, done = uninterrupted(slug, **asked)
    refused = asked == {"before": ("invalid_state",)}

    for number in range(1, len(whole.journal.lines) + 1):
        stopping = Stopping(slug, **asked)
        assert stopping.attempt(stopping.at_line(number, once_there=once_there)) is None
        is_lost, first_diffs = lost_act(stopping.here), diffs(stopping.here)
        run = stopping.resume()

        last = {"c7": "unknown"} if is_lost else {}
        assert states(run) == states(done) | last, number
        assert run.exit_code == (4 if is_lost else 0)
        assert end_state(stopping.here) == end_state(whole), number
        assert len(repeated(stopping.here, whole)) <= refused, number
        assert diffs(stopping.here)[: len(first_diffs)] == first_diffs
        assert {step: result.changes for step, result in run.results.items()} == {
            step: result.changes for step, result in done.results.items()
        }
        assert stopping.here.journal.events.count("resumed") == 1


stops = st.tuples(st.integers(1, 70), st.booleans())
troubles = st.sampled_from([(), ("lost_reply",), ("lost_reply_not_done",), ("invalid_state",), ("credential_prompt",)])


@settings(max_examples=40)
@given(st.sampled_from([CONNECT, PORTAL]), st.lists(stops, min_size=1, max_size=3), troubles)
def test_a_run_stopped_again_and_again_amid_trouble_ends_where_it_should_once_the_trouble_is_over(slug, where, faults):
    """What may have left is never sent by an attempt that has not looked, and what was answered never again."""
    asked = API if slug == PORTAL else {"restart_service": True}
    whole, done = uninterrupted(slug, **asked)
    stopping = Stopping(slug, *faults, **asked)
    for number, once_there in where:
        stopping.attempt(stopping.at_line(number, once_there=once_there))
    for fault in faults:
        stopping.here.faults.discard(fault)

    run = stopping.resume()
    run = run if run.exit_code in (0, 4) else stopping.resume()

    events = stopping.here.journal.written
    answered = Counter(digest(change) for change in answered_changes(events))
    assert max(answered.values(), default=0) <= 1 + ("invalid_state" in faults)
    assert end_state(stopping.here) == end_state(whole)
    assert states(run) == states(done) or (run.exit_code == 4 and lost(stopping.here)), where


def answered_changes(written: list[Any]) -> list[Any]:
    """Every change that a target said it had made."""
    return [line.data["change"] for line, then in pairwise(written) if then.event == "sent"]


def lost(here: Rehearsal) -> bool:
    """Whether an act was sent and nobody knows whether it was done."""
    lines = [*here.journal.written, None]
    return any(
        line.event == "sending" and line.data["change"]["once"] and (then is None or then.event != "sent")
        for line, then in pairwise(lines)
    )


def stopped_after_sending(slug: str = CONNECT, number: int = 1, **asked: Any) -> Stopping:
    """A run that was stopped once its nth change was made, before its answer was written."""
    stopping = Stopping(slug, **asked)
    assert stopping.attempt(stopping.after_sending(number)) is None
    return stopping


def stopped_at(event: str, **asked: Any) -> Stopping:
    """A run that was stopped once a line of this event was written for the first time."""
    stopping = Stopping(**asked)

    def arm() -> None:
        stopping.here.journal.on_line = on_line

    def on_line(number: int, is_there: bool) -> None:
        if is_there and stopping.here.journal.events[-1] == event:
            raise Killed

    assert stopping.attempt(arm) is None
    return stopping


def test_what_was_unknown_at_the_stop_is_looked_at_and_said():
    stopping = stopped_after_sending()

    run = stopping.resume()

    assert actions(stopping.here) == ["set_password_writeback"]
    assert said(run.results["c7"]) == ["unknown-and-made"]
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")


def test_what_was_not_made_is_sent_once_the_time_it_would_have_had_is_over():
    stopping = stopped_at("sending")
    began = stopping.here.clock.now()

    run = stopping.resume()

    assert actions(stopping.here) == ["set_password_writeback"]
    assert said(run.results["c7"]) == ["unknown-and-not-made", "rest-sent"]
    assert (stopping.here.clock.now() - began).total_seconds() == stopping.asked["wait_seconds"]
    (first, again) = stopping.here.journal.of("approved")
    assert (first["approval"], first["plan"]) == (again["approval"], again["plan"])
    assert len(again["rest"]) == 1
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")


def test_long_after_a_stop_nothing_is_waited_for():
    stopping = stopped_at("sending")
    stopping.here.clock.advance(3600)
    began = stopping.here.clock.now()

    stopping.resume()

    assert stopping.here.clock.now() == began


def test_an_act_whose_outcome_is_unknown_is_never_sent_again_and_what_follows_it_is():
    stopping = stopped_after_sending(number=2, **{**EVERYTHING, "grant_permissions": False})

    run = stopping.resume()

    assert actions(stopping.here) == ["set_password_writeback", "restart_sync_service", "start_delta_cycle"]
    assert run.results["c7"].status is Status.UNKNOWN
    assert said(run.results["c7"])[0] == "unknown-act"
    assert run.exit_code == 4


def test_what_was_made_and_is_undone_since_is_not_made_again():
    stopping = stopped_at("sent", restart_service=True)
    server = stopping.here.tenant.server
    server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=False)

    run = stopping.resume()

    assert actions(stopping.here) == ["set_password_writeback"]
    assert isinstance(run.error, PlanOutdated)
    assert "made-and-undone" in said(run.results["c7"])
    assert run.results["c7"].status is Status.FAILED


def test_what_was_answered_and_is_not_seen_yet_has_its_time():
    """A directory that lags, say: the answer came, and the first looks do not show the change."""
    stopping = stopped_at("sent")
    here = stopping.here
    until = here.clock.now() + timedelta(seconds=12)

    def lag(body: Any) -> None:
        if here.clock.now() < until:
            body["enabled"] = False

    here.server.edits["password_writeback"] = lag

    run = stopping.resume()

    assert actions(here) == ["set_password_writeback"]
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")


@pytest.mark.parametrize(
    ("moved", "asked"),
    [
        ("version", {"version": "2"}),
        ("parameters", {"parameters": {"profile": "live"}}),
        ("set_password_writeback", {"means": {"set_password_writeback": "edited"}}),
    ],
)
def test_another_version_parameter_or_script_may_look_and_send_nothing(moved: str, asked: dict[str, Any]):
    stopping = stopped_at("sending")

    run = stopping.resume(**asked)

    assert actions(stopping.here) == []
    assert isinstance(run.error, PlanOutdated)
    assert moved in message_of(run.results["c7"], "rest-outdated").arguments["moved"]
    assert run.exit_code == 1
    assert "refused" in stopping.here.journal.events


def test_another_version_that_finds_nothing_left_to_send_verifies():
    stopping = stopped_after_sending()

    run = stopping.resume(version="2")

    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")


def test_a_fact_that_moved_since_the_approval_keeps_the_rest_from_being_sent():
    stopping = stopped_at("sending")
    scheduler_changes(stopping.here)

    run = stopping.resume()

    assert actions(stopping.here) == []
    assert any(name.startswith("c2.") for name in message_of(run.results["c7"], "rest-outdated").arguments["moved"])
    assert run.results["c6"].status is Status.PLANNED


def test_a_change_that_was_not_approved_is_not_sent_with_the_rest():
    """A right that was lost since would be granted by a new plan; this one was approved without."""
    stopping = stopped_at("sending", grant_permissions=True)
    stopping.here.faults.add("missing_right")

    run = stopping.resume()

    assert actions(stopping.here) == []
    assert isinstance(run.error, PlanOutdated)


def test_a_server_out_of_reach_leaves_the_outcome_unknown_and_a_later_attempt_finds_out():
    stopping = stopped_after_sending()
    stopping.here.faults.add("access_denied")
    run = stopping.resume()
    assert (run.results["c7"].status, run.exit_code) == (Status.UNKNOWN, 4)
    assert "unknown-and-made" not in said(run.results["c7"])
    stopping.here.faults.discard("access_denied")

    run = stopping.resume()

    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")
    assert actions(stopping.here) == ["set_password_writeback"]
    assert [line["attempt"] for line in stopping.here.journal.of("resumed")] == [2, 3]


def test_while_an_earlier_step_is_not_in_order_the_rest_is_held_back():
    stopping = stopped_at("sending")
    stopping.here.faults.add("wizard_open")

    run = stopping.resume()

    assert actions(stopping.here) == []
    assert "waits-for" in said(run.results["c7"])
    assert run.results["c7"].status is Status.FAILED


def test_what_the_server_refused_is_sent_again_once_the_cause_is_gone():
    stopping = Stopping(CONNECT, "credential_prompt")
    assert stopping.resume().exit_code == 1
    stopping.here.faults.discard("credential_prompt")

    run = stopping.resume()

    assert actions(stopping.here) == ["set_password_writeback"] * 2
    assert run.exit_code == 0


def test_a_change_that_somebody_else_made_before_it_was_begun_is_in_order_and_not_claimed():
    stopping = stopped_after_sending(PORTAL, **API)
    stopping.here.cloud.policy.accountUnlockEnabled = True

    run = stopping.resume()

    assert {"p3": "verified", "p4": "compliant", "p5": "verified"}.items() <= states(run).items()
    assert actions(stopping.here) == ["set_portal_write_back"]


def test_without_an_approval_the_rest_is_not_sent():
    stopping = stopped_at("sending")
    stopping.plan = replace(stopping.plan, tenant="another")

    run = stopping.resume()

    assert actions(stopping.here) == []
    assert isinstance(run.error, PlanOutdated)


def test_a_word_about_another_plan_keeps_the_rest_from_being_sent():
    stopping = stopped_at("sending")
    word = stopping.here.attestation(replace(stopping.plan, tenant="another"), "c5")

    run = stopping.resume(attestation=word)

    assert actions(stopping.here) == []
    assert isinstance(run.error, AttestationError)


def test_within_one_attempt_what_is_left_is_sent_once():
    stopping = stopped_at("sending")
    run = stopping.resume()

    carried_out(run)

    assert actions(stopping.here) == ["set_password_writeback"]
    assert said(run.results["c7"])[0] == "already-sent"


def test_a_run_that_is_taken_up_and_not_carried_out_is_unknown_as_before():
    stopping = stopped_after_sending()

    run = stopping.here.resumed(CONNECT, approved=stopping.plan.digest)

    assert run.exit_code == 4
    assert run.plan == stopping.plan


@pytest.mark.parametrize("line", ["approved", "baseline", "sending"])
def test_a_journal_whose_lines_do_not_fit_is_not_gone_on_from(line: str):
    stopping = stopped_after_sending()
    written = stopping.here.journal.written
    broken = [replace(each, data={"another": []}) if each.event == line else each for each in written]

    with pytest.raises(EvidenceError) as refused:
        earlier(broken)

    assert refused.value.message.key == "resume-record-inconsistent"


def test_a_plan_that_is_not_the_approved_one_is_not_gone_on_from():
    written = stopped_after_sending().here.journal.written
    (approved,) = [line for line in written if line.event == "approved"]
    approved.data["plan"]["version"] = "0"

    with pytest.raises(EvidenceError):
        earlier(written)


def test_what_no_attempt_sent_is_nothing_to_go_on_from():
    stopping = stopped_at("baseline")

    assert earlier(stopping.here.journal.written) is None
    assert stopping.resume().exit_code == 0
    assert stopping.here.journal.events.count("baseline") == 2


def test_what_the_earlier_attempt_saw_made_counts_as_made_even_if_no_answer_came():
    """Its reply was lost, it was seen, and then it was undone by somebody: that is not repeated."""
    stopping = Stopping(CONNECT, "lost_reply")
    assert stopping.attempt(stopping.after_verdict()) is None
    stopping.here.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=False)

    run = stopping.resume()

    assert actions(stopping.here) == ["set_password_writeback"]
    assert "made-and-undone" in said(run.results["c7"])


def test_what_a_rollback_saw_undone_counts_as_made_too():
    """A rollback says *rolled-back* where any other run says *verified*."""
    stopping = Stopping(CONNECT, "lost_reply")
    assert stopping.attempt(stopping.after_verdict()) is None
    for line in stopping.here.journal.written:
        if line.data.get("status") == Status.VERIFIED:
            line.data["status"] = Status.ROLLED_BACK.value

    known = earlier(stopping.here.journal.written)

    assert known
    assert known.of(Fate.MADE) == stopping.plan.changes[0][1:]


def test_what_was_refused_and_then_made_by_somebody_else_is_in_order_and_not_claimed():
    """Else undoing this run would undo what they did."""
    stopping = Stopping(CONNECT, "credential_prompt")
    assert stopping.resume().exit_code == 1
    stopping.here.faults.discard("credential_prompt")
    stopping.here.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=True)

    run = stopping.resume()

    assert actions(stopping.here) == ["set_password_writeback"]
    assert run.results["c6"].status is Status.COMPLIANT
    assert run.exit_code == 0
