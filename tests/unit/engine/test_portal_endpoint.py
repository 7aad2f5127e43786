"""The portal's endpoint under the engine: two changes, read back, marked as unsupported."""

from runbook_lib.model import Status
from tests.rehearsal import (
    CONNECT,
    PORTAL,
    Rehearsal,
    actions,
    all_in,
    carried_out,
    said,
    states,
)

API = {"provider": "portal-api"}


def server_side_on() -> Rehearsal:
    """The tenant contoso with the server side on and both toggles still off."""
    here = Rehearsal()
    here.applied(CONNECT)
    here.server.performed.clear()
    return here


def test_the_portal_endpoint_is_sent_two_changes_and_read_back():
    here = server_side_on()

    run = here.applied(PORTAL, **API)

    assert actions(here) == ["set_portal_write_back", "set_portal_unlock"]
    assert all_in(Status.VERIFIED, run, "p3", "p4", "p5")
    assert (here.cloud.policy.passwordWritebackSupported, here.cloud.policy.accountUnlockEnabled) == (True, True)


def test_every_change_through_the_portal_endpoint_is_marked_unsupported_in_plan_and_findings():
    run = server_side_on().planned(PORTAL, **API)

    assert [change.unsupported for _, change in run.plan.changes] == [True, True]
    assert all("unsupported-endpoint" in said(run.results[step]) for step in ("p3", "p4"))


def test_a_lost_reply_of_the_portal_is_cleared_up_and_the_second_setting_is_left_to_a_new_plan():
    here = server_side_on()
    here.faults.add("lost_reply")

    run = here.applied(PORTAL, **API)

    assert actions(here) == ["set_portal_write_back"]
    assert states(run) | {"p3": "verified", "p4": "planned", "p5": "failed"} == states(run)
    here.faults.discard("lost_reply")
    assert here.applied(PORTAL, **API).exit_code == 0
    assert actions(here) == ["set_portal_write_back", "set_portal_unlock"]


def test_a_page_whose_fields_disagree_after_saving_is_unknown_and_not_verified():
    here = server_side_on()
    here.portal.after = lambda change: here.faults.add("portal_disagrees")

    run = here.applied(PORTAL, wait_seconds=20, **API)

    assert run.results["p3"].status is run.results["p5"].status is Status.UNKNOWN
    assert "portal-fields-disagree" in said(run.results["p5"])
    assert run.exit_code == 4


def test_a_portal_that_says_yes_and_keeps_its_old_value_fails():
    here = server_side_on()
    here.portal.edits["on_premises_policy"] = lambda body: body.update(accountUnlockEnabled=False)

    run = here.applied(PORTAL, wait_seconds=20, **API)

    assert run.results["p3"].status is Status.VERIFIED
    assert run.results["p4"].status is run.results["p5"].status is Status.FAILED


def test_a_portal_that_refuses_the_account_after_the_plan_sends_nothing():
    here = server_side_on()
    approved = here.planned(PORTAL, **API).plan.digest
    here.faults.add("portal_refuses")

    run = carried_out(here.run(PORTAL, approved=approved, **API))

    assert here.performed == []
    assert all_in(Status.BLOCKED, run, "p3", "p4", "p5")
