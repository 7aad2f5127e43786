"""Mode plan: it looks, stages, says what it would send, and sends nothing."""

from dataclasses import replace

import pytest

from runbook_lib.errors import EvidenceError
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.model import Status
from tests.rehearsal import CONNECT, PORTAL, MemoryJournal, Rehearsal, all_in, carried_out, fact, said, states

RUNS = [(CONNECT, {}), (PORTAL, {}), (PORTAL, {"provider": "portal-api"})]
GREEDY = {"grant_permissions": True, "restart_service": True, "start_delta_cycle": True, "wait_seconds": 0}


@pytest.mark.parametrize("fault", ["", *(name for name, fault in FAULTS.items() if fault.side != "change")])
@pytest.mark.parametrize("tenant", [spec.name for spec in TENANTS])
@pytest.mark.parametrize(("slug", "asked"), RUNS, ids=["connect", "guided", "portal-api"])
def test_mode_plan_never_performs_anything_whatever_goes_wrong(tenant, fault, slug, asked):
    here = Rehearsal(tenant, *filter(None, [fault]))

    run = here.planned(slug, **GREEDY, **asked)

    assert here.performed == []
    assert not {Status.APPLIED, Status.VERIFIED, Status.ATTESTED, Status.FAILED} & {
        r.status for r in run.results.values()
    }
    assert "sending" not in here.journal.events


def test_a_plan_of_a_clean_tenant_holds_the_one_change_and_calls_for_exit_code_3():
    here = Rehearsal()

    run = here.planned(CONNECT)

    assert all_in(Status.COMPLIANT, run, "c1", "c2", "c3", "c4", "c5")
    assert all_in(Status.PLANNED, run, "c6", "c7")
    assert run.results["c8"].status is Status.TO_DO
    assert run.exit_code == 3
    ((step, change),) = run.plan.changes
    assert (step, change.action, change.before, change.after) == ("c6", "set_password_writeback", False, True)
    assert run.results["c7"].changes == (change,)


def test_a_tenant_where_everything_is_done_needs_no_change_and_no_approval():
    here = Rehearsal("fabrikam")

    run = here.planned(CONNECT)

    assert set(states(run).values()) == {"compliant"}
    assert (run.plan.changes, run.exit_code) == ((), 0)


def test_the_steps_of_one_look_share_it_so_each_reading_is_asked_for_once():
    here = Rehearsal()

    here.planned(CONNECT)

    asked = [name for target in here.targets.values() for names in target.asked for name in names]
    assert sorted(asked) == sorted(set(asked))
    assert len(here.server.asked) == 2  # the server, and its second hop


def test_a_person_who_takes_long_between_two_cells_gets_a_new_look():
    here = Rehearsal()
    run = here.run(CONNECT)
    run.step("c1")
    looks = len(here.server.asked)

    here.clock.advance(61)
    run.step("c2")

    assert len(here.server.asked) == looks + 1


def test_a_running_cycle_is_waited_for_and_then_the_plan_goes_on():
    here = Rehearsal()
    here.tenant.server.start_cycle()
    began = here.clock.now()

    run = here.planned(CONNECT)

    assert run.results["c2"].status is Status.COMPLIANT
    assert (here.clock.now() - began).total_seconds() >= 20
    assert run.results["c7"].status is Status.PLANNED


def test_a_cycle_that_does_not_end_blocks_when_the_bound_passes_and_not_before():
    here = Rehearsal("contoso", "cycle_running")
    began = here.clock.now()

    run = here.planned(CONNECT, wait_seconds=60)

    assert run.results["c2"].status is Status.BLOCKED
    assert said(run.results["c2"]) == ["sync-running"]
    assert 60 <= (here.clock.now() - began).total_seconds() <= 65
    assert run.results["c7"].status is Status.BLOCKED


def test_nothing_is_waited_for_when_the_step_is_blocked_anyway():
    here = Rehearsal("contoso", "cycle_running", "staging_mode")
    began = here.clock.now()

    run = here.planned(CONNECT)

    assert said(run.results["c2"]) == ["staging-mode", "sync-running"]
    assert here.clock.now() == began


def test_a_step_out_of_order_waits_for_those_before_it():
    run = Rehearsal().run(CONNECT)

    result = run.step("c7")

    assert result.status is Status.BLOCKED
    assert result.findings[0].message.arguments["steps"] == ("C1", "C2", "C3", "C4", "C5", "C6")


def test_after_a_blocked_step_the_applying_step_is_blocked_and_nothing_is_asked_of_an_approver():
    here = Rehearsal("contoso", "staging_mode")

    run = here.applied(CONNECT)

    assert run.results["c2"].status is run.results["c7"].status is Status.BLOCKED
    assert run.exit_code == 1
    assert "approved" not in here.journal.events


@pytest.mark.parametrize("fault", ["access_denied", "shell_quota", "hanging_script", "noisy_reply", "truncated_reply"])
def test_a_server_that_cannot_be_looked_at_blocks_its_steps_and_is_never_a_pass(fault):
    run = Rehearsal("fabrikam", fault).planned(CONNECT)

    assert all_in(Status.BLOCKED, run, "c1", "c2", "c3", "c4", "c5", "c6", "c7")
    assert run.exit_code == 1


@pytest.mark.parametrize("fault", ["wrong_shape", "portal_changed_shape"])
def test_an_answer_of_another_shape_blocks_and_says_where(fault):
    here = Rehearsal("fabrikam", fault)

    run = here.planned(CONNECT if fault == "wrong_shape" else PORTAL, provider="portal-api")

    stopped = [r for r in run.results.values() if "unexpected-shape" in said(r)]
    assert stopped
    assert all(r.status is Status.BLOCKED for r in stopped)
    assert all(r.findings[0].message.arguments["where"] for r in stopped)


def test_the_journal_tells_of_every_step_and_reading():
    here = Rehearsal()

    run = here.planned(CONNECT)

    assert [line["step"] for line in here.journal.of("step-started")] == [step.id for step in run.runbook.steps]
    assert [line["step"] for line in here.journal.of("step-result")] == [step.id for step in run.runbook.steps]
    assert {line["reading"] for line in here.journal.of("read")} >= {"host", "password_writeback", "organization"}


def test_results_say_when_a_step_began_and_ended():
    here = Rehearsal()
    here.tenant.server.start_cycle()

    result = here.planned(CONNECT).results["c2"]

    assert result.started_at < result.finished_at


def test_without_a_journal_nothing_is_read():
    here = Rehearsal()
    here.journal = MemoryJournal(full_at="step-started")

    with pytest.raises(EvidenceError):
        here.planned(CONNECT)

    assert here.server.asked == []


@pytest.mark.parametrize("faults", [(), ("missing_right", "hash_resync")])
def test_a_french_server_and_an_english_one_have_the_same_plan_digest_but_for_the_name_of_windows(faults):
    here = Rehearsal("contoso", *faults)
    english = here.planned(CONNECT, grant_permissions=True).plan
    here.faults.add("french_windows")
    french = here.planned(CONNECT, grant_permissions=True).plan

    name = french.before["c1"]["operating-system"]
    assert name != english.before["c1"]["operating-system"]
    english.before["c1"]["operating-system"] = name
    assert french.digest == english.digest


def test_two_runs_over_one_state_have_one_digest():
    here = Rehearsal()
    first = here.planned(CONNECT).plan.digest

    here.clock.advance(3000)

    assert here.planned(CONNECT).plan.digest == first


@pytest.mark.parametrize(("slug", "asked"), RUNS, ids=["connect", "guided", "portal-api"])
@pytest.mark.parametrize("tenant", [spec.name for spec in TENANTS])
def test_every_fact_says_how_it_is_known_and_what_is_not_known_has_no_value(tenant, slug, asked):
    for result in Rehearsal(tenant).planned(slug, **asked).results.values():
        for known in result.facts:
            assert known.source
            assert known.provenance in ("observed", "unknown")
            assert known.provenance == "observed" or known.value is None


def test_carrying_out_a_plan_again_in_the_same_run_gives_the_same_plan():
    here = Rehearsal()
    run = here.planned(CONNECT)
    before = run.plan.digest

    assert carried_out(run).plan.digest == before
    assert fact(run.results["c6"], "writeback").value is False


def test_a_look_that_is_asked_to_be_new_is_taken_from_the_target_again_and_sees_what_moved():
    here = Rehearsal()
    run = here.planned(CONNECT)
    here.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=True)
    asked = len(here.server.asked)
    assert run.step("c6").status is Status.PLANNED, "what was just seen is not asked for once more"
    assert len(here.server.asked) == asked

    run.look_anew()

    assert run.step("c6").status is Status.COMPLIANT
    assert len(here.server.asked) > asked


def test_what_a_look_broke_off_with_is_the_last_word_on_its_step_with_the_time_of_that():
    here = Rehearsal()
    run = here.planned(CONNECT)
    before = run.results["c5"]
    here.clock.sleep(60)

    told = run.broke_off(replace(before, status=Status.FAILED))

    assert run.results["c5"] == told
    assert (told.status, told.finished_at > before.finished_at) == (Status.FAILED, True)
    assert here.journal.of("step-result")[-1]["status"] == "failed"
