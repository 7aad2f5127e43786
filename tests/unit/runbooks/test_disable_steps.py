"""D1 to D8: turning off as such, and taking back what one run did; what somebody else changed since is not touched."""

from dataclasses import replace
from typing import Any

import pytest

from runbook_lib.facts.sync_server import SYNC_SERVER
from runbook_lib.lab.directory import LOCKOUT_TIME, PWD_LAST_SET, AccessRule, Domain
from runbook_lib.model import Change, Status, Undo
from runbook_lib.runbooks.portal_steps import UNLOCK, WRITE_BACK
from runbook_lib.runbooks.writeback_steps import SETTING
from runbook_lib.texts.facts import setting_name
from runbook_lib.wiring import undo_of
from tests.rehearsal import (
    CONNECT,
    DISABLE,
    PORTAL,
    Rehearsal,
    actions,
    carried_out,
    fact,
    message_of,
    record_of,
    said,
    states,
)

RUN = "contoso/r1"
CLOUD = "contoso.onmicrosoft.com - AAD"
SWITCH = Change(SYNC_SERVER, "set_password_writeback", SETTING, False, True)


def root(here: Rehearsal) -> Domain:
    domain: Domain = here.tenant.directory.domains[0]
    return domain


def enabled(*lacking: str, **asked: Any) -> tuple[Rehearsal, Undo]:
    """A run that turned the feature on, and granted the rights that were lacking; and what undoing it means."""
    here = Rehearsal()
    root(here).rules = [rule for rule in root(here).rules if rule.object_type not in lacking]
    run = here.applied(CONNECT, grant_permissions=bool(lacking), **asked)
    assert run.exit_code == 0
    return here, undo_of(RUN, record_of(here.journal, CONNECT))


def set_writeback(here: Rehearsal, *values: bool) -> None:
    """Somebody turns the feature on or off, a minute after the other."""
    for value in values:
        here.clock.sleep(60)
        here.tenant.server.set_writeback(CLOUD, enabled=value)


def test_a_feature_that_is_on_is_turned_off_and_seen_to_be_off():
    here = Rehearsal()
    set_writeback(here, True)

    run = here.applied(DISABLE)

    assert states(run) == {f"d{n}": "compliant" for n in range(1, 6)} | {
        "d6": "verified",
        "d7": "verified",
        "d8": "verified",
    }
    assert actions(here) == ["set_password_writeback"]
    assert not here.tenant.server.writeback().enabled
    assert [event.id for event in here.tenant.server.events()][-3:] == [31012, 31013, 31016]


def test_a_feature_that_is_off_already_leaves_nothing_to_do():
    run = Rehearsal().planned(DISABLE)

    assert run.exit_code == 0
    assert not run.plan.changes


def test_what_was_asked_for_beside_turning_off_is_done_but_not_in_a_rollback():
    here = Rehearsal()
    set_writeback(here, True)
    asked = {"restart_service": True, "start_delta_cycle": True}

    run = here.planned(DISABLE, **asked)
    assert [change.action for _, change in run.plan.changes][1:] == ["restart_sync_service", "start_delta_cycle"]

    here, undo = enabled()
    assert [change.action for _, change in here.planned(DISABLE, undo=undo, **asked).plan.changes] == [
        "set_password_writeback"
    ]


def test_what_is_needed_to_have_the_feature_does_not_keep_it_on():
    here = Rehearsal("contoso", "no_licence")
    set_writeback(here, True)

    result = here.planned(DISABLE).results["d4"]

    assert result.status is Status.COMPLIANT
    assert "no-premium-licence" in said(result)


def test_another_tenant_keeps_the_feature_on():
    assert Rehearsal("contoso", "wrong_tenant").planned(DISABLE).results["d4"].status is Status.BLOCKED


@pytest.mark.parametrize(
    ("provider", "policy", "key"),
    [
        ("guided", {}, "portal-first"),
        ("portal-api", {"passwordWritebackSupported": True}, "portal-still-on"),
        ("portal-api", {"accountUnlockEnabled": True}, "portal-still-on"),
        ("portal-api", {}, None),
    ],
)
def test_a_portal_that_still_says_yes_is_told_as_far_as_it_can_be_read(provider, policy, key):
    here = Rehearsal()
    set_writeback(here, True)
    vars(here.cloud.policy).update(policy)

    result = here.planned(DISABLE, provider=provider).results["d6"]

    assert result.status is Status.PLANNED
    assert said(result) == ([key] if key else [])


def test_a_portal_that_cannot_be_read_does_not_keep_the_feature_on():
    here = Rehearsal()
    set_writeback(here, True)
    here.portal.edits["on_premises_policy"] = lambda body: body.clear()

    result = here.planned(DISABLE, provider="portal-api").results["d6"]

    assert result.status is Status.PLANNED
    assert said(result)[0] == "portal-first"
    assert len(said(result)) == 2


def test_a_build_that_may_ask_for_a_credential_is_told_of():
    here = Rehearsal()
    set_writeback(here, True)
    here.faults.add("credential_prompt")

    assert "may-ask-credential" in said(here.planned(DISABLE).results["d6"])


def event(record: int, number: int) -> dict[str, Any]:
    at = "2026-11-02T09:00:00Z"
    return {
        "id": number,
        "source": "PasswordResetService",
        "record": record,
        "at_utc": at,
        "message": "OffboardingEvent",
    }


def sends(here: Rehearsal, *numbers: int) -> None:
    """From the first change on, the event log holds these events and no other that is newer."""

    def edit(body: Any) -> None:
        if not here.performed:
            return
        old = [known for known in body["events"] if known["id"] not in (31012, 31013, 31014, 31016)]
        newest = max((known["record"] for known in old), default=0)
        body["events"] = old + [event(newest + n, number) for n, number in enumerate(numbers, 1)]

    here.server.edits["writeback_events"] = edit


@pytest.mark.parametrize(
    ("events", "status", "key"),
    [
        ((31012, 31013), Status.VERIFIED, None),
        ((31012,), Status.APPLIED, "not-offboarded-yet"),
        ((31013,), Status.APPLIED, "not-offboarded-yet"),
        ((31013, 31012), Status.APPLIED, "not-offboarded-yet"),
        ((), Status.APPLIED, "not-offboarded-yet"),
        ((31012, 31014), Status.FAILED, "offboarding-failed"),
    ],
)
def test_off_is_believed_when_31013_follows_31012(events, status, key):
    here = Rehearsal()
    set_writeback(here, True)
    sends(here, *events)

    result = here.applied(DISABLE, wait_seconds=10).results["d7"]

    assert result.status is status
    assert (key in said(result)) if key else not said(result)


def test_a_run_is_undone_and_everything_is_as_before_it():
    here, undo = enabled(LOCKOUT_TIME, PWD_LAST_SET)
    before = [rule for rule in root(here).rules if rule.object_type not in (LOCKOUT_TIME, PWD_LAST_SET)]

    run = here.applied(DISABLE, undo=undo)

    assert states(run) == {f"d{n}": "compliant" for n in range(1, 6)} | dict.fromkeys(("d6", "d7", "d8"), "rolled-back")
    assert run.exit_code == 0
    assert root(here).rules == before
    assert not here.tenant.server.writeback().enabled
    assert run.step("d6").status is Status.ROLLED_BACK


def test_the_feature_goes_off_before_rights_are_taken_back():
    here, undo = enabled(LOCKOUT_TIME)

    run = here.planned(DISABLE, undo=undo)

    changes = [change for _, change in run.plan.changes]
    assert [change.action for change in changes] == ["set_password_writeback", "revoke_writeback_rights"]
    assert changes[1].before == {"DC=contoso,DC=example": ["Write lockoutTime"]}
    assert setting_name(changes[1].setting, "fr") == "droits accordés par l'exécution contoso/r1"


def test_what_is_as_before_already_is_left_alone_and_said():
    here, undo = enabled(LOCKOUT_TIME)
    carried_out(here.applied(DISABLE, undo=undo))

    run = here.planned(DISABLE, undo=undo)

    assert run.exit_code == 0
    assert said(run.results["d5"]) == said(run.results["d6"]) == ["undone-already"]


@pytest.mark.parametrize("stamp", [None, "2026-11-02T12:00:00Z"])
def test_a_setting_that_was_modified_since_is_not_turned_off(stamp):
    """Also when the server tells no time any more: then nobody knows."""
    here, undo = enabled()
    here.server.edits["password_writeback"] = lambda body: body.update(modified_utc=stamp)

    run = here.planned(DISABLE, undo=undo)

    assert message_of(run.results["d6"], "changed-since").arguments["now"] == stamp
    assert not run.plan.changes
    assert run.exit_code == 1


def test_off_and_on_again_between_plan_and_apply_sends_nothing():
    here, undo = enabled()
    plan = here.planned(DISABLE, undo=undo).plan
    set_writeback(here, False, True)

    run = carried_out(here.run(DISABLE, approved=plan.digest, undo=undo))

    assert run.results["d6"].status is Status.BLOCKED
    assert actions(here) == ["set_password_writeback"]


ANOTHER = AccessRule("", 0x10, LOCKOUT_TIME)


@pytest.mark.parametrize(
    "change",
    [
        lambda rules, sid: [*rules, replace(ANOTHER, sid=sid)],
        lambda rules, sid: [rule for rule in rules if rule.object_type != PWD_LAST_SET],
    ],
)
def test_rules_that_somebody_changed_since_are_not_touched(change):
    here, undo = enabled(LOCKOUT_TIME)
    root(here).rules = change(root(here).rules, here.tenant.directory.domains[0].accounts[0].sid)

    run = here.planned(DISABLE, undo=undo)

    assert said(run.results["d5"]) == ["rules-changed-since"]
    assert run.results["d7"].status is Status.BLOCKED


def test_a_domain_that_is_no_longer_among_the_answers_is_not_judged_as_ours():
    here, undo = enabled(LOCKOUT_TIME)
    here.server.edits["directory_rights"] = lambda body: body["domains"].clear()

    assert said(here.planned(DISABLE, undo=undo).results["d5"]) == ["rules-changed-since"]


def test_rights_that_cannot_be_read_block_taking_them_back():
    here, undo = enabled(LOCKOUT_TIME)
    here.faults.add("double_hop")

    run = here.planned(DISABLE, undo=undo)

    assert run.results["d5"].status is Status.BLOCKED
    assert run.results["d6"].status is Status.BLOCKED


def test_domains_that_nobody_read_are_named():
    here, undo = enabled(LOCKOUT_TIME)
    grant, switch = undo.changes
    wider = replace(grant, before={**grant.before, "DC=far,DC=example": None})

    result = here.planned(DISABLE, undo=replace(undo, changes=(wider, switch))).results["d5"]

    assert message_of(result, "rules-elsewhere").arguments["domains"] == ("DC=far,DC=example",)


def test_a_rule_that_goes_with_those_of_the_run_is_missed_at_the_end():
    here, undo = enabled(LOCKOUT_TIME)

    def loses_one(_: Change) -> None:
        root(here).rules = [rule for rule in root(here).rules if rule.object_type != PWD_LAST_SET]

    here.server.after = loses_one

    run = here.applied(DISABLE, undo=undo)

    assert run.results["d8"].status is Status.FAILED
    assert message_of(run.results["d8"], "rules-lost").arguments["dn"] == "DC=contoso,DC=example"


def test_a_run_that_only_granted_rights_leaves_the_feature_on():
    here, undo = enabled(LOCKOUT_TIME)
    only = replace(undo, changes=undo.changes[:1], modified=None)

    run = here.applied(DISABLE, undo=only)

    assert actions(here)[-1] == "revoke_writeback_rights"
    assert here.tenant.server.writeback().enabled
    assert "not-by-that-run" in said(run.results["d6"])
    assert run.results["d7"].status is Status.ROLLED_BACK


def test_a_feature_that_was_off_and_comes_on_meanwhile_is_told():
    here, undo = enabled(LOCKOUT_TIME)
    set_writeback(here, False)
    here.server.after = lambda change: set_writeback(here, True) if change.action.startswith("revoke") else None

    run = here.applied(DISABLE, undo=replace(undo, changes=undo.changes[:1]))

    assert "turned-on-meanwhile" in said(run.results["d7"])
    assert run.results["d7"].status is Status.FAILED


def test_acts_of_the_run_are_named_as_what_cannot_be_undone():
    here, undo = enabled(restart_service=True)

    run = here.applied(DISABLE, undo=undo)

    assert message_of(run.results["d7"], "acts-stay").arguments["settings"] == ("ADSync service",)


def portal_undo(*settings: str) -> Undo:
    return Undo(RUN, PORTAL, "0" * 64, tuple(Change("portal", "x", setting, False, True) for setting in settings))


def saved() -> Rehearsal:
    """Both settings of the page are Yes."""
    here = Rehearsal()
    set_writeback(here, True)
    here.cloud.policy.passwordWritebackSupported = here.cloud.policy.accountUnlockEnabled = True
    return here


@pytest.mark.parametrize(
    ("settings", "sent"), [((WRITE_BACK,), ["set_portal_write_back"]), ((UNLOCK,), ["set_portal_unlock"])]
)
def test_a_rollback_of_the_portal_sets_back_what_that_run_set_and_nothing_else(settings, sent):
    here = saved()

    run = here.applied(PORTAL, undo=portal_undo(*settings), provider="portal-api", write_back=False, unlock=False)

    assert actions(here) == sent
    assert sorted(states(run).values()) == ["compliant", "compliant", "compliant", "rolled-back", "rolled-back"]


def test_a_portal_setting_that_is_as_before_is_said():
    here = saved()

    run = here.planned(PORTAL, undo=portal_undo(WRITE_BACK, UNLOCK), provider="portal-api")

    assert "undone-already" in said(run.results["p3"])
    assert run.exit_code == 0


def test_a_person_is_asked_only_for_what_that_run_set():
    here = saved()

    run = here.planned(PORTAL, undo=portal_undo(WRITE_BACK), write_back=False)

    assert [(step, change.after) for step, change in run.plan.changes] == [("p3", False)]
    assert said(run.results["p4"]) == ["not-by-that-run"]


def test_the_time_of_the_last_change_is_a_fact_that_may_move():
    known = fact(Rehearsal().planned(CONNECT).results["c6"], "modified")

    assert known.value
    assert not known.decisive


def test_the_account_s_own_rules_belong_to_the_plan_and_those_of_groups_do_not():
    known = fact(Rehearsal("fabrikam").planned(CONNECT).results["c5"], "account-rules")

    assert known.decisive
    assert known.value == {"DC=fabrikam,DC=example": []}
