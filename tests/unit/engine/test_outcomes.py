"""What became of a change is found out by looking again, never assumed."""

import pytest

from runbook_lib.lab.directory import AccessRule
from runbook_lib.lab.sync_server import CYCLE
from runbook_lib.model import Level, Status
from tests.rehearsal import (
    CONNECT,
    Rehearsal,
    actions,
    all_in,
    carried_out,
    filtering_changes,
    message_of,
    said,
    scheduler_changes,
    states,
)


def test_a_lost_reply_is_cleared_up_by_looking_and_sent_once():
    here = Rehearsal("contoso", "lost_reply")

    run = here.applied(CONNECT)

    assert actions(here) == ["set_password_writeback"]
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")
    assert said(run.results["c7"]) == ["reply-lost-but-seen"]
    assert here.journal.events.count("sending") == 1


def test_a_change_that_got_lost_ends_failed_within_the_bound_and_is_never_sent_again():
    here = Rehearsal("contoso", "lost_reply_not_done")
    began = here.clock.now()

    run = here.applied(CONNECT, wait_seconds=60)

    assert actions(here) == ["set_password_writeback"]
    assert all_in(Status.FAILED, run, "c6", "c7")
    assert said(run.results["c7"])[0] == "reply-lost-not-made"
    assert run.exit_code == 1
    assert 60 <= (here.clock.now() - began).total_seconds() <= 70


@pytest.mark.parametrize("reply", ["lost_reply", None])
def test_a_server_that_cannot_be_looked_at_afterwards_leaves_the_outcome_unknown(reply):
    here = Rehearsal("contoso", *filter(None, [reply]))
    here.server.after = lambda change: here.faults.add("access_denied")

    run = here.applied(CONNECT, wait_seconds=30)

    assert all_in(Status.UNKNOWN, run, "c6", "c7", "c8")
    assert run.exit_code == 4
    assert "could-not-look-again" in said(run.results["c7"])
    assert run.results["c6"].changes


def test_a_server_that_can_be_looked_at_again_within_the_bound_is_verified():
    here = Rehearsal("contoso", "lost_reply")
    here.server.after = lambda change: here.faults.add("shell_quota")
    looks: list[int] = []

    def come_back() -> None:
        looks.append(1)
        if len(looks) > 12:
            here.faults.discard("shell_quota")

    run = here.run(CONNECT, approved=here.planned(CONNECT).plan.digest)
    here.server.on_read = come_back

    assert carried_out(run).results["c7"].status is Status.VERIFIED


def test_slow_onboarding_is_waited_for_and_then_verified():
    here = Rehearsal("contoso", "slow_onboarding", onboarding=90)
    began = here.clock.now()

    run = here.applied(CONNECT)

    assert all_in(Status.VERIFIED, run, "c6", "c7")
    assert (here.clock.now() - began).total_seconds() >= 90


def test_onboarding_that_outlasts_the_bound_leaves_the_change_sent_and_not_verified():
    here = Rehearsal("contoso", "slow_onboarding", onboarding=900)

    run = here.applied(CONNECT, wait_seconds=60)

    assert run.results["c6"].status is Status.VERIFIED  # the switch is on, that was seen
    assert run.results["c7"].status is Status.APPLIED
    assert said(run.results["c7"]) == ["service-not-started-yet", "not-onboarded-yet"]
    assert run.exit_code == 4


def test_an_onboarding_that_fails_is_a_failure_at_once():
    here = Rehearsal("contoso", "onboarding_fails")
    began = here.clock.now()

    run = here.applied(CONNECT)

    assert run.results["c7"].status is Status.FAILED
    assert message_of(run.results["c7"], "onboarding-failed").arguments["event"] == 32011
    assert here.clock.now() == began


def test_an_invalid_state_is_cured_by_off_and_on_as_the_plan_said():
    here = Rehearsal("contoso", "invalid_state")

    run = here.applied(CONNECT)

    assert [change.after for change in here.performed] == [True, False, True]
    ((_, change),) = run.plan.changes
    assert tuple(here.performed[1:]) == change.cure
    assert here.journal.events.count("sending") == 3
    assert "cure" in here.journal.events
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")


def test_a_cure_that_is_refused_ends_in_failure():
    here = Rehearsal("contoso", "invalid_state")
    here.server.after = lambda change: here.faults.add("credential_prompt")

    run = here.applied(CONNECT)

    assert [change.after for change in here.performed] == [True, False]
    assert all_in(Status.FAILED, run, "c6", "c7")


def test_what_a_cure_left_undone_is_said_beside_what_was_not_sent_after_it():
    """Off was refused, so on was not sent either; nor was the restart."""
    here = Rehearsal("contoso", "invalid_state")
    here.server.after = lambda change: here.faults.add("credential_prompt")

    run = here.applied(CONNECT, restart_service=True)

    ((_, change), (_, restart)) = run.plan.changes
    settings = message_of(run.results["c7"], "changes-not-sent").arguments["settings"]
    assert settings == (change.cure[1].setting, restart.setting)
    assert all_in(Status.FAILED, run, "c6", "c7")


def test_a_cmdlet_that_wants_a_credential_fails_with_its_advice():
    here = Rehearsal("contoso", "credential_prompt")

    run = here.applied(CONNECT)

    assert said(run.results["c6"]) == ["may-ask-credential"]
    assert run.results["c7"].status is Status.FAILED
    assert said(run.results["c7"]) == ["writeback-credential-prompt"]
    assert run.results["c8"].status is Status.VERIFIED  # nothing was changed


def test_a_cycle_that_starts_in_between_makes_the_server_refuse_and_the_step_fail():
    here = Rehearsal("contoso", "cycle_starts_during_apply")

    run = here.applied(CONNECT)

    assert actions(here) == ["set_password_writeback"]
    assert all_in(Status.FAILED, run, "c6", "c7")
    here.clock.advance(CYCLE.total_seconds())
    assert here.applied(CONNECT).exit_code == 0


def test_a_target_that_says_no_though_the_change_is_there_is_verified_with_a_warning():
    here = Rehearsal("contoso", "credential_prompt")

    def somebody_else(change) -> None:
        here.faults.discard("credential_prompt")
        here.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=True)

    here.server.after = somebody_else
    result = here.applied(CONNECT).results["c7"]

    assert result.status is Status.VERIFIED
    assert [finding.level for finding in result.findings] == [Level.WARNING]


def test_password_hashes_that_synchronize_again_are_only_a_note():
    result = Rehearsal("contoso", "hash_resync").applied(CONNECT).results["c7"]

    assert result.status is Status.VERIFIED
    assert [finding.level for finding in result.findings] == [Level.NOTE]


def test_rights_are_granted_before_the_switch_and_both_are_verified():
    here = Rehearsal("contoso", "missing_right")

    run = here.applied(CONNECT, grant_permissions=True)

    assert actions(here) == ["grant_writeback_rights", "set_password_writeback"]
    assert all_in(Status.VERIFIED, run, "c5", "c6", "c7", "c8")
    assert run.results["c5"].changes[0].after == {
        "DC=contoso,DC=example": ["Reset Password", "Write lockoutTime", "Write pwdLastSet", "Unexpire Password"]
    }


def test_after_a_grant_that_is_refused_the_switch_is_not_sent_and_stays_planned():
    here = Rehearsal("contoso", "missing_right")
    here.server.before = lambda change: here.faults.add("no_rsat")
    here.server.after = lambda change: here.faults.discard("no_rsat")

    run = here.applied(CONNECT, grant_permissions=True)

    assert actions(here) == ["grant_writeback_rights"]
    assert states(run) | {"c5": "failed", "c6": "planned", "c7": "failed"} == states(run)
    assert message_of(run.results["c7"], "changes-not-sent").arguments["settings"] == ("Password writeback",)


def test_after_a_lost_reply_the_rest_is_not_sent_and_that_is_no_success():
    here = Rehearsal("contoso", "lost_reply")

    run = here.applied(CONNECT, restart_service=True)

    assert actions(here) == ["set_password_writeback"]
    assert run.results["c6"].status is Status.VERIFIED
    assert run.results["c7"].status is Status.FAILED
    assert said(run.results["c7"]) == ["reply-lost-but-seen", "changes-not-sent"]


def test_rights_that_cannot_be_read_after_the_grant_are_unknown_and_not_verified():
    here = Rehearsal("contoso", "missing_right")
    here.server.after = lambda change: here.faults.add("double_hop")

    run = here.applied(CONNECT, grant_permissions=True, wait_seconds=30)

    assert all_in(Status.UNKNOWN, run, "c5", "c7")
    assert run.results["c6"].status is Status.VERIFIED
    assert "rights-not-readable" in said(run.results["c7"])
    assert run.exit_code == 4


def test_rights_that_are_denied_are_not_cured_by_a_grant_and_fail_at_the_bound():
    here = Rehearsal()
    account = here.tenant.directory.domains[0].accounts[0].sid
    here.tenant.directory.domains[0].rules.append(AccessRule(account, 0x100, access="Deny"))

    run = here.applied(CONNECT, grant_permissions=True, wait_seconds=20)

    assert all_in(Status.FAILED, run, "c5", "c7")
    assert run.exit_code == 1


def test_a_switch_that_was_on_and_is_turned_off_while_rights_are_granted_is_a_failure():
    here = Rehearsal("fabrikam", "missing_right")
    cloud = "fabrikam.onmicrosoft.com - AAD"
    here.server.after = lambda change: here.tenant.server.set_writeback(cloud, enabled=False)

    run = here.applied(CONNECT, grant_permissions=True)

    assert run.results["c5"].status is Status.VERIFIED
    assert run.results["c7"].status is Status.FAILED
    assert "turned-off-meanwhile" in said(run.results["c7"])


@pytest.mark.parametrize("fault", ["lost_reply", "lost_reply_not_done"])
def test_an_act_whose_reply_is_lost_is_unknown_because_it_cannot_be_looked_at(fault):
    here = Rehearsal()
    here.server.before = lambda change: here.faults.add(fault) if change.once else None

    run = here.applied(CONNECT, restart_service=True)

    assert run.results["c6"].status is Status.VERIFIED
    assert run.results["c7"].status is Status.UNKNOWN
    assert run.exit_code == 4


def test_an_act_that_is_refused_fails_though_the_setting_is_made():
    here = Rehearsal()
    here.server.before = lambda change: here.faults.add("cycle_running") if change.once else None

    run = here.applied(CONNECT, start_delta_cycle=True)

    assert run.results["c6"].status is Status.VERIFIED
    assert run.results["c7"].status is Status.FAILED


def test_a_setting_that_moved_during_the_apply_fails_the_last_step_and_is_named():
    here = Rehearsal()
    here.server.after = lambda change: scheduler_changes(here)

    run = here.applied(CONNECT)

    assert run.results["c7"].status is Status.VERIFIED
    assert run.results["c8"].status is Status.FAILED
    assert message_of(run.results["c8"], "server-differs").arguments["differences"] == (
        "/scheduler/maintenance_enabled",
    )
    assert run.exit_code == 1


def test_filtering_that_moved_during_the_apply_is_named_down_to_the_connector():
    here = Rehearsal()
    here.server.after = lambda change: filtering_changes(here)

    run = here.applied(CONNECT)

    assert message_of(run.results["c8"], "server-differs").arguments["differences"] == (
        "/connectors/contoso.example/partitions",
    )


def test_a_cycle_that_runs_at_the_end_is_no_difference():
    here = Rehearsal()

    assert here.applied(CONNECT, start_delta_cycle=True).results["c8"].status is Status.VERIFIED


@pytest.mark.parametrize("seconds", [50, 70])
def test_a_look_that_took_longer_than_it_stays_fresh_still_gives_something_to_compare_with(seconds):
    here = Rehearsal()
    approved = here.planned(CONNECT).plan.digest
    here.server.on_read = lambda: here.clock.advance(seconds)

    run = carried_out(here.run(CONNECT, approved=approved))

    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")


def test_when_nothing_was_sent_the_last_step_claims_no_comparison():
    result = Rehearsal("fabrikam").applied(CONNECT).results["c8"]

    assert result.status is Status.COMPLIANT
    assert [known.name for known in result.facts] == ["configuration-digest"]
