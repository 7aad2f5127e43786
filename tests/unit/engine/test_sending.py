"""Sending: once, journaled before, and never again by the same run."""

import pytest

from runbook_lib.engine import Run
from runbook_lib.errors import EvidenceError
from runbook_lib.model import Status
from tests.rehearsal import (
    CONNECT,
    MemoryJournal,
    Rehearsal,
    actions,
    all_in,
    carried_out,
    said,
    states,
)


def test_an_approved_plan_is_sent_once_and_verified_by_looking():
    here = Rehearsal()

    run = here.applied(CONNECT)

    assert actions(here) == ["set_password_writeback"]
    assert here.performed[0].arguments == {"connector": "contoso.onmicrosoft.com - AAD", "enabled": True}
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")
    assert run.exit_code == 0
    assert here.tenant.server.writeback().enabled


def test_the_journal_holds_approval_and_intention_before_the_target_sees_the_change():
    here = Rehearsal()
    seen: list[list[str]] = []
    here.server.before = lambda change: seen.append(list(here.journal.events))

    here.applied(CONNECT)

    assert seen[0][-3:] == ["approved", "baseline", "sending"]
    assert here.journal.events.index("sending") < here.journal.events.index("sent")
    assert here.journal.of("sending")[0]["change"]["action"] == "set_password_writeback"


@pytest.mark.parametrize("event", ["approved", "sending"])
def test_when_the_journal_cannot_be_written_nothing_is_sent(event):
    here = Rehearsal()
    approved = here.planned(CONNECT).plan.digest
    here.journal = MemoryJournal(full_at=event)
    run = here.run(CONNECT, approved=approved)

    with pytest.raises(EvidenceError):
        carried_out(run)

    assert here.performed == []
    assert "c7" not in run.results


def test_when_the_journal_fails_after_sending_the_outcome_is_held_as_unknown():
    here = Rehearsal()
    approved = here.planned(CONNECT).plan.digest
    here.journal = MemoryJournal(full_at="sent")
    run = here.run(CONNECT, approved=approved)

    with pytest.raises(EvidenceError):
        carried_out(run)

    assert all_in(Status.UNKNOWN, run, "c6", "c7")
    assert run.exit_code == 4


def test_a_run_interrupted_while_it_waits_looks_again_when_carried_out_again_and_sends_nothing():
    here = Rehearsal("contoso", "slow_onboarding")
    run = here.run(CONNECT, approved=here.planned(CONNECT).plan.digest)
    here.server.after = lambda change: setattr(here.server, "on_read", interrupt)
    with pytest.raises(KeyboardInterrupt):
        carried_out(run)
    assert run.exit_code == 4

    here.server.on_read = lambda: None
    carried_out(run)

    assert actions(here) == ["set_password_writeback"]
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")
    assert said(run.results["c7"])[0] == "already-sent"


def interrupt() -> None:
    raise KeyboardInterrupt


def test_the_plan_of_a_run_that_has_sent_stays_the_approved_one():
    here = Rehearsal()
    plan = here.planned(CONNECT).plan

    run = carried_out(here.run(CONNECT, approved=plan.digest))

    assert run.plan == plan
    assert run.plan.digest == plan.digest
    assert run.plan.before["c6"]["writeback"] is False


def test_steps_carried_out_again_after_sending_are_looked_at_and_keep_their_diff():
    here = Rehearsal()
    run = here.applied(CONNECT)
    diff = run.results["c6"].changes

    carried_out(run)

    assert run.results["c6"].changes == run.results["c7"].changes == diff != ()
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")
    assert actions(here) == ["set_password_writeback"]


def test_a_staging_step_alone_carried_out_again_after_sending_is_still_verified():
    here = Rehearsal()
    run = here.applied(CONNECT)

    result = run.step("c6")

    assert result.status is Status.VERIFIED
    assert result.changes == run.results["c7"].changes


def test_a_switch_turned_off_again_after_the_run_is_not_sent_again_by_it():
    here = Rehearsal()
    run = here.applied(CONNECT, wait_seconds=10)
    here.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=False)

    here.clock.advance(61)
    carried_out(run)

    assert actions(here) == ["set_password_writeback"]
    assert run.results["c7"].status is Status.FAILED


def test_a_second_run_finds_everything_done_and_sends_nothing():
    here = Rehearsal()
    here.applied(CONNECT)

    run = here.applied(CONNECT)

    assert set(states(run).values()) == {"compliant"}
    assert actions(here) == ["set_password_writeback"]


def test_a_restart_and_a_cycle_are_sent_only_when_asked_for_and_after_the_change():
    here = Rehearsal()

    run = here.applied(CONNECT, restart_service=True, start_delta_cycle=True)

    assert actions(here) == ["set_password_writeback", "restart_sync_service", "start_delta_cycle"]
    assert [step for step, _ in run.plan.changes] == ["c6", "c7", "c7"]
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")


def test_a_restart_alone_is_no_reason_to_send_anything():
    here = Rehearsal("fabrikam")

    here.applied(CONNECT, restart_service=True, start_delta_cycle=True)

    assert here.performed == []


def test_what_was_refused_and_then_made_by_hand_is_in_order_and_not_claimed():
    here = Rehearsal()
    plan = here.planned(CONNECT).plan
    here.faults.add("credential_prompt")
    run = carried_out(here.run(CONNECT, approved=plan.digest))
    here.faults.discard("credential_prompt")
    here.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=True)

    carried_out(run)

    assert actions(here) == ["set_password_writeback"]
    assert run.results["c6"].status is Status.COMPLIANT


def interrupted(event: str, number: int) -> tuple[Rehearsal, Run]:
    """A run with a switch and two acts that is interrupted at its nth line of an event, and then carried out again."""
    here = Rehearsal()
    asked = {"restart_service": True, "start_delta_cycle": True, "wait_seconds": 30}
    run = here.run(CONNECT, approved=here.planned(CONNECT, **asked).plan.digest, **asked)

    def on_line(_: int, is_there: bool) -> None:
        if is_there and here.journal.events.count(event) == number and here.journal.events[-1] == event:
            raise KeyboardInterrupt

    here.journal.on_line = on_line
    with pytest.raises(KeyboardInterrupt):
        carried_out(run)
    here.journal.on_line = lambda line, is_there: None
    return here, carried_out(run)


def test_an_act_that_was_interrupted_while_it_was_sent_stays_unknown():
    """Nobody can look whether the cycle was started: that the switch is on says nothing of it."""
    here, run = interrupted("sent", 3)

    assert len(actions(here)) == 3
    assert (run.results["c6"].status, run.results["c7"].status) == (Status.VERIFIED, Status.UNKNOWN)
    assert "sending-broken-off" in said(run.results["c7"])


@pytest.mark.parametrize(("event", "number"), [("sent", 1), ("sent", 2), ("sending", 2)])
def test_acts_that_an_interrupt_kept_from_being_sent_are_not_claimed(event, number):
    here, run = interrupted(event, number)

    assert len(actions(here)) < 3
    assert run.results["c6"].status is Status.VERIFIED
    assert run.results["c7"].status is Status.FAILED
    assert "changes-not-sent" in said(run.results["c7"])
