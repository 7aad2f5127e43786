"""The gate: nothing is sent but exactly the plan that was approved, on the facts it was approved on."""

import pytest

from runbook_lib.errors import NotApproved, PlanOutdated
from runbook_lib.lab.cloud.state import PREMIUM_P2
from runbook_lib.model import Status
from tests.rehearsal import (
    CONNECT,
    PORTAL,
    Rehearsal,
    carried_out,
    filtering_changes,
    scheduler_changes,
)

API = {"provider": "portal-api"}


@pytest.mark.parametrize(
    ("slug", "tenant", "asked"), [(CONNECT, "contoso", {}), (PORTAL, "fabrikam", {**API, "unlock": False})]
)
def test_apply_without_an_approval_sends_nothing(slug, tenant, asked):
    here = Rehearsal(tenant)

    run = carried_out(here.run(slug, approved="", **asked))

    assert here.performed == []
    assert isinstance(run.error, NotApproved)
    assert run.exit_code == 1
    assert here.journal.of("refused")[0]["problem"]["key"] == "not-approved"


def test_apply_with_the_digest_of_another_plan_sends_nothing():
    here = Rehearsal()

    run = carried_out(here.run(CONNECT, approved="0" * 64))

    assert here.performed == []
    assert isinstance(run.error, PlanOutdated)
    assert run.results["c7"].status is Status.BLOCKED
    assert run.results["c7"].changes == run.plan.changes[0][1:]


def licence_changes(here: Rehearsal) -> None:
    here.cloud.skus = (*here.cloud.skus, PREMIUM_P2)


@pytest.mark.parametrize("drift", [filtering_changes, scheduler_changes, licence_changes])
def test_facts_that_moved_between_approval_and_apply_outdate_the_plan(drift):
    here = Rehearsal()
    approved = here.planned(CONNECT).plan.digest

    drift(here)
    run = carried_out(here.run(CONNECT, approved=approved))

    assert isinstance(run.error, PlanOutdated)
    assert here.performed == []


@pytest.mark.parametrize("moved", [{"parameters": {"profile": "live"}}, {"version": "2"}, {"restart_service": True}])
def test_another_parameter_or_version_outdates_the_plan(moved):
    here = Rehearsal()
    approved = here.planned(CONNECT).plan.digest

    run = carried_out(here.run(CONNECT, approved=approved, **moved))

    assert isinstance(run.error, PlanOutdated)
    assert here.performed == []


MEANS = {"set_password_writeback": "1" * 64, "restart_sync_service": "2" * 64}


def test_a_script_that_was_edited_after_the_approval_outdates_the_plan():
    here = Rehearsal()
    approved = here.planned(CONNECT, means=MEANS).plan.digest

    run = carried_out(here.run(CONNECT, approved=approved, means={**MEANS, "set_password_writeback": "3" * 64}))

    assert isinstance(run.error, PlanOutdated)
    assert here.performed == []


def test_the_plan_and_the_intention_name_what_is_sent_and_nothing_that_is_not():
    here = Rehearsal()

    run = here.applied(CONNECT, means=MEANS)

    assert run.plan.means == {"set_password_writeback": "1" * 64}
    assert [line["sha256"] for line in here.journal.of("sending")] == ["1" * 64]


def test_what_a_person_does_by_hand_is_sent_with_nothing():
    assert Rehearsal("fabrikam").planned(PORTAL, means={"set_portal_unlock": "1" * 64}).plan.means == {}


def test_facts_that_move_after_the_steps_were_looked_at_are_seen_before_anything_is_sent():
    here = Rehearsal()
    run = here.run(CONNECT, approved=here.planned(CONNECT).plan.digest)
    for step in ("c1", "c2", "c3", "c4", "c5", "c6"):
        run.step(step)

    filtering_changes(here)
    run.step("c7")

    assert isinstance(run.error, PlanOutdated)
    assert here.performed == []


def test_a_server_that_turned_to_staging_after_the_look_blocks_before_anything_is_sent():
    here = Rehearsal()
    run = here.run(CONNECT, approved=here.planned(CONNECT).plan.digest)
    for step in ("c1", "c2", "c3", "c4", "c5", "c6"):
        run.step(step)

    here.faults.add("staging_mode")

    assert run.step("c7").status is Status.BLOCKED
    assert here.performed == []


def test_a_switch_that_somebody_else_turned_on_meanwhile_outdates_the_plan():
    here = Rehearsal()
    approved = here.planned(CONNECT).plan.digest
    run = here.run(CONNECT, approved=approved)
    for step in ("c1", "c2", "c3", "c4", "c5", "c6"):
        run.step(step)

    here.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=True)
    run.step("c7")

    assert isinstance(run.error, PlanOutdated)
    assert here.performed == []


def test_a_refused_apply_can_be_carried_out_again_and_then_has_no_error():
    here = Rehearsal()
    run = here.run(CONNECT, approved=here.planned(CONNECT).plan.digest)
    here.server.edits["scheduler"] = lambda body: body.update(maintenance_enabled=False)
    carried_out(run)
    assert isinstance(run.error, PlanOutdated)

    here.server.edits.clear()
    carried_out(run)

    assert run.error is None
    assert run.exit_code == 0
