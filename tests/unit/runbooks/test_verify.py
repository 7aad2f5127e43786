"""V1 to V7: each rung, what keeps a tenant below it, whom a reset may be tried on, and what a reset proves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runbook_lib.errors import NotPermitted, OutcomeUnknown, TargetError, UnexpectedReply
from runbook_lib.lab.cloud.memory import MemoryTenant
from runbook_lib.lab.cloud.roles import GLOBAL_ADMINISTRATOR
from runbook_lib.lab.cloud_tenants import unattended
from runbook_lib.model import Status, StepResult
from runbook_lib.runbooks.ladder import reached
from runbook_lib.texts import LANGUAGES, render
from tests.pilot import ARRIVED, PILOT, log, pilot_of, rehearsed
from tests.rehearsal import VERIFY, Rehearsal, all_in, carried_out, fact, message_of, said, states

Edit = Callable[[Any], object]
LOOKS = ("v1", "v2", "v3", "v4", "v5")
UP_TO_RIGHTS = dict.fromkeys(("v1", "v2", "v3", "v4", "v5", "v6", "v7"), "compliant")


def level(run) -> str:
    return reached(run.runbook, run.results).level


def why(run) -> str:
    told = reached(run.runbook, run.results).why
    assert told is not None
    assert all(render(told, language) for language in LANGUAGES)
    return told.key


def looked(*faults: str, tenant: str = "fabrikam", edits: dict[str, Edit] | None = None, **asked: Any):
    """A plan without a pilot, with faults, and the answers changed as `edits` say."""
    here = Rehearsal(tenant, *faults)
    for name, edit in (edits or {}).items():
        for target in here.targets.values():
            target.edits[name] = edit
    return here.planned(VERIFY, **asked)


def without_events(*ids: int) -> Edit:
    return lambda body: body.update(events=[event for event in body["events"] if event["id"] not in ids])


def with_event(event_id: int, about: str = "", minutes: str = "") -> Edit:
    return lambda body: log(body, body["now_utc"], (event_id,), about)


# The rungs.


def test_a_tenant_in_order_reaches_the_rights_and_without_a_pilot_that_is_an_honest_end():
    run = looked()

    assert states(run) == UP_TO_RIGHTS
    assert (level(run), why(run), run.exit_code) == ("L3", "no-pilot-named", 0)
    assert run.plan.changes == ()


def test_nothing_is_sent_without_a_pilot_even_when_it_is_applied():
    here = Rehearsal("fabrikam")

    run = here.applied(VERIFY)

    assert states(run) == UP_TO_RIGHTS
    assert here.performed == []
    assert level(run) == "L3"


NOT_REACHED = [
    ("staging_mode", "", "v1", "staging-mode"),
    ("two_cloud_connectors", "", "v1", "cloud-connector-not-one"),
    ("wrong_tenant", "", "v1", "other-tenant"),
    ("no_licence", "", "v1", "no-premium-licence"),
    ("access_denied", "", "v1", "lab-access-denied"),
    ("stale_heartbeat", "L1", "v4", "writeback-unhealthy"),
    ("missing_right", "L2", "v5", "rights-missing-on-root"),
    ("double_hop", "L2", "v5", "directory-access-denied"),
    ("no_rsat", "L2", "v5", "script-module-missing"),
]


@pytest.mark.parametrize(("fault", "reached_level", "step", "key"), NOT_REACHED)
def test_each_fault_keeps_a_tenant_below_its_rung(fault, reached_level, step, key):
    run = looked(fault)

    assert run.results[step].status is Status.BLOCKED
    assert key in said(run.results[step])
    assert (level(run), why(run), run.exit_code) == (reached_level, key, 1)


@pytest.mark.parametrize("fault", ["no_role", "federated_admin"])
def test_whoever_may_look_may_verify_also_without_the_role_that_turning_on_takes(fault):
    assert level(looked(fault)) == "L3"


def test_an_active_second_server_disturbs_the_first():
    here = Rehearsal("fabrikam", "second_server_active")
    run = here.planned(VERIFY, other_servers=("https://standby.example:5986/wsman",))

    assert why(run) == "second-active-server"


def test_a_tenant_that_is_off_is_below_the_ladder_and_every_step_says_so():
    run = looked(tenant="contoso")

    assert level(run) == "none"
    assert all("ladder-server-off" in said(run.results[step]) for step in ("v2", "v3", "v4"))
    assert run.results["v7"].status is Status.BLOCKED


def test_a_tenant_in_trouble_is_told_all_of_it():
    run = looked(tenant="tailspin")

    assert [step for step in LOOKS if run.results[step].status is Status.BLOCKED] == ["v4", "v5"]
    assert level(run) == "L1"


# L0: the portal.


def test_the_portal_counts_as_far_as_it_can_be_read():
    assert said(looked().results["v2"]) == ["portal-not-readable"]
    assert fact(looked().results["v2"], "write-back").value is None
    read = looked(provider="portal-api")
    assert (fact(read.results["v2"], "write-back").value, level(read)) == (True, "L3")
    off = looked(
        provider="portal-api", edits={"on_premises_policy": lambda body: body.update(passwordWritebackSupported=False)}
    )
    assert (level(off), why(off)) == ("none", "ladder-portal-off")
    assert "ladder-portal-off" in said(off.results["v2"])
    unclear = looked("portal_disagrees", provider="portal-api")
    assert (level(unclear), said(unclear.results["v2"])[0]) == ("L3", "portal-fields-disagree")


@pytest.mark.parametrize("fault", ["portal_refuses", "portal_changed_shape"])
def test_a_portal_that_cannot_be_read_stops_nothing_and_is_said(fault):
    run = looked(fault, provider="portal-api")

    assert level(run) == "L3"
    assert fact(run.results["v2"], "write-back").value is None
    assert [finding.level for finding in run.results["v2"].findings] == ["warning"]


def test_a_log_that_says_otherwise_is_a_warning_and_one_that_is_silent_is_nothing():
    assert said(looked("audit_contradicts").results["v2"]) == ["portal-not-readable", "audit-disagrees"]
    assert said(looked(edits={"directory_audits": lambda body: body["value"].clear()}).results["v2"]) == [
        "portal-not-readable"
    ]


# L1: onboarding.


@pytest.mark.parametrize("kept", [(31004, 31005), (31005,), (31004, 31005, 31015)])
def test_what_has_rolled_out_of_the_log_is_said_and_the_servers_word_counts(kept):
    run = looked(edits={"writeback_events": without_events(*kept)})

    assert level(run) == ("L3" if 31004 in kept else "L0")
    assert said(run.results["v3"]) == (["onboarding-rolled-out"] if 31004 in kept else ["not-onboarded-yet"])


def test_a_success_whose_beginning_has_rolled_out_is_not_the_whole_story():
    assert said(looked(edits={"writeback_events": without_events(31004)}).results["v3"]) == ["onboarding-rolled-out"]


@pytest.mark.parametrize("change", [{"service_status": "Stopped"}, {"onboarding_status": "Required"}])
def test_a_server_that_does_not_say_started_and_onboarded_is_not(change):
    run = looked(edits={"password_writeback": lambda body: body.update(change)})

    assert (level(run), why(run)) == ("L0", "writeback-not-running")


def test_an_onboarding_that_began_again_is_waited_for_within_the_bound():
    here = Rehearsal("fabrikam")
    here.server.edits["writeback_events"] = with_event(31004)
    began = here.clock.now()

    run = here.planned(VERIFY, wait_seconds=30)

    assert why(run) == "not-onboarded-yet"
    assert 30 <= (here.clock.now() - began).total_seconds() <= 60


# L2: health.


@pytest.mark.parametrize("event", [31034, 31044, 32002, 31016])
def test_an_error_since_the_last_heartbeat_is_told_with_its_id(event):
    run = looked(edits={"writeback_events": with_event(event)})

    assert level(run) == "L1"
    assert message_of(run.results["v4"], "writeback-unhealthy").arguments["event"] == event


def test_a_fresh_heartbeat_of_one_relay_does_not_clear_an_error_of_the_other():
    """The error lies between the last heartbeats of the two."""

    def between(body: Any) -> None:
        beats = [event for event in body["events"] if event["id"] == 31019][-2:]
        assert beats[0]["message"] != beats[1]["message"]
        beats[1]["record"] += 1
        body["events"].append({**beats[0], "id": 31044, "record": beats[1]["record"] - 1})

    assert why(looked(edits={"writeback_events": between})) == "writeback-unhealthy"


def test_one_relay_alone_is_not_healthy():
    def silence(body: Any) -> None:
        gone = next(event["message"] for event in body["events"] if event["id"] == 31019)
        body["events"] = [event for event in body["events"] if event["message"] != gone]

    assert why(looked(edits={"writeback_events": silence})) == "heartbeat-stale"


def test_no_heartbeat_at_all_is_stale():
    run = looked(edits={"writeback_events": without_events(31019)})

    assert message_of(run.results["v4"], "heartbeat-stale").arguments["last"] is None


def test_heartbeats_from_before_a_restart_do_not_count_and_the_first_is_waited_for():
    run = looked(edits={"writeback_events": with_event(31015)}, wait_seconds=0)

    assert (level(run), why(run)) == ("L1", "heartbeat-to-come")


def test_a_start_that_has_rolled_out_of_the_log_is_said():
    run = looked(edits={"writeback_events": without_events(31015)})

    assert said(run.results["v4"]) == ["start-rolled-out"]
    assert level(run) == "L3"


# L3: rights.


def every_user(**changed: object) -> Edit:
    def edit(body: Any) -> None:
        for user in [user for domain in body["domains"] for user in domain["users"]]:
            user.update(changed)

    return edit


def test_a_right_that_is_stopped_above_a_user_is_missing_on_that_user():
    run = looked(edits={"directory_users": lambda body: body["domains"][0]["users"][0].update(rules=[])})

    assert (level(run), why(run)) == ("L2", "rights-missing-on-user")
    dn = message_of(run.results["v5"], "rights-missing-on-user").arguments["dn"]
    assert list(fact(run.results["v5"], "missing-on-users").value) == [dn]


def test_a_user_of_another_class_is_a_warning_unless_it_is_the_pilot():
    """The procedure gives the rights on class user only."""
    megan = "megan@fabrikam.example"
    sampled = Rehearsal("fabrikam").planned(VERIFY, pilot_user=PILOT)
    assert (level(sampled), said(sampled.results["v5"])) == ("L3", ["rights-missing-on-user"])

    pilot = Rehearsal("fabrikam").planned(VERIFY, pilot_user=megan)
    assert (level(pilot), why(pilot)) == ("L2", "rights-missing-on-user")


def test_what_blocks_is_named_before_what_only_warns():
    def edit(body: Any) -> None:
        users = body["domains"][0]["users"]
        other = {**users[0], "rules": [], "object_class": "inetOrgPerson"}
        body["domains"][0]["users"] = [*[{**other, "dn": f"CN={n}"} for n in range(9)], {**users[1], "rules": []}]

    assert why(looked(edits={"directory_users": edit})) == "rights-missing-on-user"


def test_users_that_are_guarded_are_named_and_not_asked_for():
    run = looked(edits={"directory_users": lambda body: body["domains"][0]["users"][0].update(rules=[], admin_count=1)})

    assert level(run) == "L3"
    assert "guarded-users-left-out" in said(run.results["v5"])


@pytest.mark.parametrize("edit", [every_user(admin_count=1), lambda body: body["domains"][0]["users"].clear()])
def test_without_a_single_user_to_look_at_rights_are_not_seen_to_be_effective(edit):
    assert why(looked(edits={"directory_users": edit})) == "no-user-looked-at"


def test_one_domain_of_several_without_users_is_a_warning():
    def edit(body: Any) -> None:
        body["domains"].append({**body["domains"][0], "dn": "DC=empty", "users": []})

    run = looked(edits={"directory_users": edit})

    assert level(run) == "L3"
    assert message_of(run.results["v5"], "no-user-looked-at").arguments["domains"] == ("DC=empty",)


def test_a_domain_whose_rights_were_not_among_the_answers_is_not_judged():
    assert why(looked(edits={"directory_rights": lambda body: body["domains"].clear()})) == "rights-not-judged"


# L4: whom a reset may be tried on.


def refused(edit: Callable[[Rehearsal], object], pilot: str = PILOT) -> StepResult:
    here = Rehearsal("fabrikam")
    edit(here)
    run = here.applied(VERIFY, pilot_user=pilot)

    assert here.performed == []
    assert level(run) == "L3"
    assert run.exit_code == 1
    assert run.results["v6"].status is Status.BLOCKED
    return run.results["v6"]


def cloud(**changed: object) -> Callable[[Rehearsal], object]:
    return lambda here: vars(here.cloud.account(PILOT)).update(changed)


def directory(**changed: object) -> Callable[[Rehearsal], object]:
    return lambda here: here.server.edits.update(directory_users=lambda body: pilot_of(body).update(changed))


def nobody(body: Any) -> None:
    body["domains"][0]["users"] = [user for user in body["domains"][0]["users"] if not user["is_pilot"]]


def twice(body: Any) -> None:
    body["domains"][0]["users"].append({**pilot_of(body), "dn": "CN=Other"})


NO_PILOT = [
    (cloud(roles=(GLOBAL_ADMINISTRATOR,)), "pilot-is-administrator"),
    (cloud(is_enabled=False), "pilot-is-disabled"),
    (cloud(directory_dn=None), "pilot-is-cloud-only"),
    (directory(admin_count=1), "pilot-is-guarded"),
    (directory(enabled=False), "pilot-is-disabled-in-directory"),
    (directory(pwd_last_set_utc=None), "pilot-must-change-password"),
    (lambda here: here.server.edits.update(directory_users=nobody), "pilot-not-in-directory"),
    (lambda here: here.server.edits.update(directory_users=twice), "pilot-in-directory-twice"),
]


@pytest.mark.parametrize(("edit", "key"), NO_PILOT, ids=[key for _, key in NO_PILOT])
def test_each_reason_against_a_pilot_has_its_own_message_and_nothing_is_sent(edit, key):
    result = refused(edit)

    assert said(result) == [key]
    assert message_of(result, key).arguments["user"] == PILOT


def test_a_pilot_that_does_not_exist_is_told_as_that():
    assert said(refused(lambda here: None, "nobody@fabrikam.example")) == ["pilot-does-not-exist"]


def test_whoever_is_signed_in_is_no_pilot_and_every_reason_is_told():
    result = refused(lambda here: None, "admin@fabrikam.onmicrosoft.com")

    assert said(result) == ["pilot-is-yourself", "pilot-is-administrator", "pilot-is-cloud-only"]


def test_an_application_is_told_beforehand_that_a_person_has_to_sign_in():
    def application(here: Rehearsal) -> None:
        here.targets["tenant"].target = MemoryTenant(here.cloud, unattended(here.cloud), here.clock.now)

    assert said(refused(application)) == ["reset-needs-a-person"]


def test_a_pilot_whose_rights_are_missing_is_not_tried_on():
    here = rehearsed(*ARRIVED)
    here.server.edits["directory_users"] = lambda body: pilot_of(body).update(rules=[])

    run = here.applied(VERIFY, pilot_user=PILOT)

    assert (level(run), here.performed) == ("L2", [])
    assert message_of(run.results["v7"], "waits-for").arguments["steps"] == ("V5",)


# L4: the plan and the proof.


def test_the_plan_holds_one_change_and_says_in_plain_words_what_it_does():
    run = Rehearsal("fabrikam").planned(VERIFY, pilot_user=PILOT.upper())

    ((step, change),) = run.plan.changes
    assert (step, change.action, change.arguments) == ("v6", "reset_pilot_password", {"user": PILOT.upper()})
    assert (change.after, change.once) == ("random-password", True)
    assert change.before.endswith("Z")
    assert said(run.results["v6"]) == ["pilot-password-replaced"]
    assert (level(run), why(run), run.exit_code) == ("L3", "ladder-planned", 3)


def test_a_pilot_who_changed_the_password_since_the_plan_is_not_reset():
    here = rehearsed(*ARRIVED)
    plan = here.planned(VERIFY, pilot_user=PILOT).plan
    here.server.edits["directory_users"] = lambda body: pilot_of(body).update(pwd_last_set_utc="2026-11-02T08:00:00Z")

    run = carried_out(here.run(VERIFY, approved=plan.digest, pilot_user=PILOT))

    assert here.performed == []
    assert said(run.results["v7"]) == ["plan-outdated"]


@pytest.mark.parametrize("about", [PILOT.upper(), f"'{PILOT}'.", ""], ids=["named", "quoted", "nobody named"])
def test_a_reset_that_succeeds_and_arrives_is_the_proof(about):
    here = rehearsed(*ARRIVED, about=about)

    run = here.applied(VERIFY, pilot_user=PILOT)

    assert [change.action for change in here.performed] == ["reset_pilot_password"]
    assert all_in(Status.VERIFIED, run, "v6", "v7")
    assert (level(run), reached(run.runbook, run.results).why, run.exit_code) == ("L4", None, 0)
    assert said(run.results["v7"]) == ["pilot-wants-a-password"]
    assert [line.split()[-1] for line in fact(run.results["v7"], "events").value] == ["31009", "31010"]


def test_the_proof_is_shown_again_by_a_step_that_is_carried_out_again():
    run = rehearsed(*ARRIVED).applied(VERIFY, pilot_user=PILOT)

    assert run.step("v6").status is Status.VERIFIED
    assert run.step("v7").status is Status.VERIFIED
    assert level(run) == "L4"


PARTLY = [
    ((), True),
    ((31009,), True),
    ((31010,), True),
    ((31010, 31009), True),
    ((31009, 31010), False),
]


@pytest.mark.parametrize(("events", "moved"), PARTLY)
def test_half_of_the_traces_is_no_proof(events, moved):
    here = rehearsed(*events, moved=moved)
    began = here.clock.now()

    run = here.applied(VERIFY, pilot_user=PILOT, wait_seconds=60)

    assert run.results["v7"].status is Status.APPLIED
    assert (level(run), run.exit_code) == ("L3", 4)
    assert (here.clock.now() - began).total_seconds() >= 60


def test_no_trace_at_all_is_a_failure_although_graph_said_that_it_succeeded():
    """As when the portal's setting is off: the password of the cloud was replaced, and nothing was written back."""
    run = rehearsed(moved=False).applied(VERIFY, pilot_user=PILOT, wait_seconds=60)

    assert all_in(Status.FAILED, run, "v6", "v7")
    assert {"reset-events-to-come", "password-not-moved"} <= set(said(run.results["v7"]))
    assert (level(run), run.exit_code) == ("L3", 1)


@pytest.mark.parametrize("other", ["somebody@fabrikam.example", f"not-{PILOT}", f"j.{PILOT}", f"{PILOT}.other"])
def test_the_events_of_another_user_are_not_the_pilots(other):
    run = rehearsed(*ARRIVED, about=other).applied(VERIFY, pilot_user=PILOT, wait_seconds=0)

    assert "reset-events-to-come" in said(run.results["v7"])
    run = rehearsed(31009, 31011, about=other).applied(VERIFY, pilot_user=PILOT, wait_seconds=0)
    assert "reset-failed-in-directory" not in said(run.results["v7"])


@pytest.mark.parametrize(
    ("cause", "name"), [(33004, "33004 ADPermissionsError"), (33008, "33008 ADPasswordPolicyError"), (None, None)]
)
def test_a_failure_in_the_directory_is_told_at_once_with_its_cause(cause, name):
    here = rehearsed(31009, *filter(None, [cause]), 31011, moved=False)
    began = here.clock.now()

    run = here.applied(VERIFY, pilot_user=PILOT)

    assert all_in(Status.FAILED, run, "v6", "v7")
    assert message_of(run.results["v7"], "reset-failed-in-directory").arguments["cause"] == name
    assert (level(run), why(run), run.exit_code) == ("L3", "reset-failed-in-directory", 1)
    assert (here.clock.now() - began).total_seconds() < 60


def test_a_pilot_who_is_still_locked_is_a_warning():
    here = rehearsed(*ARRIVED, moved=False)
    arrive = here.targets["tenant"].target.then

    def locked() -> None:
        arrive()
        here.server.edits["directory_users"] = lambda body: pilot_of(body).update(
            locked_out=True, pwd_last_set_utc=None
        )

    here.targets["tenant"].target.then = locked
    run = here.applied(VERIFY, pilot_user=PILOT)

    assert said(run.results["v7"]) == ["pilot-is-locked", "pilot-wants-a-password"]
    assert fact(run.results["v7"], "pilot-locked").value is True


def no(kind: type[TargetError], key: str, **arguments: str) -> TargetError:
    return kind(key, target="tenant", **arguments)


LOST = no(OutcomeUnknown, "graph-reset-not-finished")
REFUSED = no(NotPermitted, "graph-reset-not-permitted", permission="x", code="y")
OPERATION_FAILED = no(UnexpectedReply, "graph-reset-failed", detail="x")


def test_a_lost_reply_is_never_a_proof_even_when_everything_arrived():
    """L4 wants the operation to have ended well, and nobody saw that."""
    run = rehearsed(*ARRIVED, error=LOST).applied(VERIFY, pilot_user=PILOT)

    assert (run.results["v6"].status, run.results["v7"].status) == (Status.VERIFIED, Status.UNKNOWN)
    assert (level(run), why(run), run.exit_code) == ("L3", "graph-reset-not-finished", 4)


def test_a_lost_reply_without_a_trace_is_unknown_and_sent_once():
    here = rehearsed(error=LOST, moved=False)

    run = here.applied(VERIFY, pilot_user=PILOT, wait_seconds=30)

    assert all_in(Status.UNKNOWN, run, "v6", "v7")
    assert (len(here.performed), level(run), run.exit_code) == (1, "L3", 4)


@pytest.mark.parametrize("error", [REFUSED, OPERATION_FAILED])
def test_a_no_of_graph_without_a_trace_fails_at_once(error):
    here = rehearsed(moved=False, error=error)
    began = here.clock.now()

    run = here.applied(VERIFY, pilot_user=PILOT)

    assert all_in(Status.FAILED, run, "v6", "v7")
    assert (level(run), why(run)) == ("L3", error.message.key)
    assert (here.clock.now() - began).total_seconds() < 60


def test_a_no_of_graph_stays_a_no_even_if_the_directory_moved():
    run = rehearsed(*ARRIVED, error=OPERATION_FAILED).applied(VERIFY, pilot_user=PILOT)

    assert (run.results["v7"].status, level(run)) == (Status.FAILED, "L3")


def after_a_no() -> tuple[Rehearsal, str]:
    """A tenant that refused a run its reset, and will not again; and the plan that was approved."""
    here = rehearsed(moved=False, error=REFUSED)
    plan = here.planned(VERIFY, pilot_user=PILOT).plan
    here.journal.lines.clear()
    here.journal.written.clear()
    carried_out(here.run(VERIFY, approved=plan.digest, pilot_user=PILOT))
    here.targets["tenant"].target.error = None
    return here, plan.digest


def test_a_refused_reset_is_sent_again_by_a_run_that_goes_on_while_all_is_as_approved():
    here, approved = after_a_no()
    here.clock.advance(3600)

    carried_out(here.resumed(VERIFY, approved=approved, pilot_user=PILOT, wait_seconds=0))

    assert [change.action for change in here.performed] == ["reset_pilot_password"] * 2


def an_administrator(body: Any) -> None:
    body["roles"] = [{"displayName": "Global Administrator", "roleTemplateId": "62e90394-69f5-4237-9190-012177145e10"}]


@pytest.mark.parametrize(
    ("target", "reading", "edit", "key"),
    [
        ("tenant", "pilot_account", an_administrator, "waits-for"),
        ("sync-server", "directory_users", lambda body: pilot_of(body).update(admin_count=1), "waits-for"),
        (
            "sync-server",
            "directory_users",
            lambda body: pilot_of(body).update(pwd_last_set_utc="2026-11-02T08:00:00Z"),
            "rest-outdated",
        ),
    ],
)
def test_a_refused_reset_is_not_sent_to_somebody_who_is_not_as_approved_any_more(target, reading, edit, key):
    here, approved = after_a_no()
    here.targets[target].edits[reading] = edit

    run = carried_out(here.resumed(VERIFY, approved=approved, pilot_user=PILOT, wait_seconds=0))

    assert len(here.performed) == 1
    assert key in said(run.results["v7"])
    assert run.exit_code == 1


def test_a_directory_that_cannot_be_read_any_more_leaves_the_proof_unknown():
    here = rehearsed(*ARRIVED)
    arrive = here.targets["tenant"].target.then

    def and_lost() -> None:
        arrive()
        here.faults.add("double_hop")

    here.targets["tenant"].target.then = and_lost
    run = here.applied(VERIFY, pilot_user=PILOT, wait_seconds=30)

    assert (run.results["v7"].status, level(run), run.exit_code) == (Status.UNKNOWN, "L3", 4)


def test_a_pilot_who_is_gone_afterwards_moved_nothing():
    here = rehearsed(*ARRIVED, moved=False)
    arrive = here.targets["tenant"].target.then

    def and_gone() -> None:
        arrive()
        here.server.edits["directory_users"] = nobody

    here.targets["tenant"].target.then = and_gone
    run = here.applied(VERIFY, pilot_user=PILOT, wait_seconds=30)

    assert "password-not-moved" in said(run.results["v7"])
    assert level(run) == "L3"


def test_no_password_is_in_the_plan_or_the_journal():
    here = rehearsed(*ARRIVED)
    here.applied(VERIFY, pilot_user=PILOT)

    (sending,) = here.journal.of("sending")
    assert sending["change"]["arguments"] == {"user": PILOT}
    assert replace(here.performed[0], before=None).after == "random-password"


# L4 with the lab's own directory behind the reset.


def tried(*faults: str, pilot: str = "adele", **asked: Any):
    return Rehearsal("fabrikam", *faults).applied(VERIFY, pilot_user=f"{pilot}@fabrikam.example", **asked)


@pytest.mark.parametrize("pilot", ["adele", "patti"])
def test_the_lab_proves_it_also_for_a_user_who_was_locked(pilot):
    run = tried(pilot=pilot)

    assert (level(run), run.exit_code) == ("L4", 0)
    assert said(run.results["v7"]) == ["pilot-wants-a-password"]
    assert fact(run.results["v7"], "pilot-locked").value is False


@pytest.mark.parametrize(
    ("pilot", "keys"),
    [
        ("nestor", ["pilot-is-disabled", "pilot-is-disabled-in-directory"]),
        ("pradeep", ["pilot-is-administrator", "pilot-is-guarded"]),
        ("nobody", ["pilot-does-not-exist"]),
    ],
)
def test_the_lab_has_users_who_are_no_pilots(pilot, keys):
    assert said(tried(pilot=pilot).results["v6"]) == keys


OUTCOMES = [
    ("reset_refused_by_policy", Status.FAILED, 1, "lab-cloud-reset-failed"),
    ("reset_never_ends", Status.UNKNOWN, 4, "lab-cloud-outcome-unknown"),
    ("lost_reply", Status.UNKNOWN, 4, "lab-cloud-outcome-unknown"),
]


@pytest.mark.parametrize(("fault", "status", "code", "key"), OUTCOMES)
def test_each_fault_of_a_reset_ends_in_its_own_way(fault, status, code, key):
    run = tried(fault, wait_seconds=30)

    assert (run.results["v7"].status, run.exit_code) == (status, code)
    assert key in said(run.results["v7"])
    assert level(run) == "L3"
