"""P1 to P5: when the page is there, what it says, and what can be said about it without looking."""

from datetime import timedelta

import pytest

from runbook_lib.model import Level, Status
from tests.rehearsal import CONNECT, PORTAL, Rehearsal, as_application, fact, said

API = {"provider": "portal-api"}


def looked_at(step: str, *faults: str, tenant: str = "fabrikam", **asked):
    return Rehearsal(tenant, *faults).planned(PORTAL, **asked).results[step]


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("wrong_tenant", "other-tenant"),
        ("federated_admin", "federated-account"),
        ("no_licence", "no-premium-licence"),
    ],
)
def test_the_wrong_person_or_an_unlicensed_tenant_blocks_the_sign_in(fault, key):
    result = looked_at("p1", fault)

    assert result.status is Status.BLOCKED
    assert key in said(result)


@pytest.mark.parametrize("provider", ["guided", "portal-api"])
def test_a_role_that_a_group_may_give_is_a_warning_and_does_not_block_the_sign_in(provider):
    here = Rehearsal("fabrikam")
    here.targets["tenant"].edits["signed_in_account"] = lambda body: body.update(roles=[])

    run = here.planned(PORTAL, provider=provider)

    (finding,) = run.results["p1"].findings
    assert run.results["p1"].status is Status.COMPLIANT
    assert (finding.level, finding.message.key) == (Level.WARNING, "role-not-held-directly")
    assert run.exit_code == (5 if provider == "guided" else 0)


def test_a_person_without_any_role_is_turned_away_by_the_portal():
    run = Rehearsal("fabrikam").planned(PORTAL, **API)
    assert run.results["p2"].status is Status.COMPLIANT

    refused = looked_at("p2", "no_role", **API)
    assert refused.status is Status.BLOCKED
    assert "lab-cloud-page-refused" in said(refused)


def test_of_a_stranger_s_role_nothing_is_said():
    here = Rehearsal("fabrikam", "no_role", "wrong_tenant")

    assert said(here.planned(PORTAL).results["p1"]) == ["other-tenant"]


def test_an_application_is_no_proof_of_a_sign_in_to_the_portal():
    result = as_application(Rehearsal("fabrikam")).planned(PORTAL).results["p1"]

    assert result.status is Status.NEEDS_OPERATOR
    assert "portal-sign-in-by-hand" in said(result)


def test_an_application_cannot_use_the_portal_endpoint():
    run = as_application(Rehearsal("fabrikam")).planned(PORTAL, **API)

    assert run.results["p1"].status is run.results["p5"].status is Status.BLOCKED
    assert "portal-wants-a-person" in said(run.results["p1"])


def test_an_application_s_sign_in_can_be_attested_like_the_rest():
    here = as_application(Rehearsal("fabrikam"))
    plan = here.planned(PORTAL).plan

    run = here.applied(PORTAL, attestation=here.attestation(plan, "p1", "p3", "p4", "p5"))

    assert {result.status for step, result in run.results.items() if step != "p2"} == {Status.ATTESTED}


def test_without_the_server_side_there_is_no_page():
    result = looked_at("p2", tenant="contoso")

    assert (result.status, said(result)) == (Status.BLOCKED, ["server-side-off"])


@pytest.mark.parametrize("state", [{"service_status": "Stopped"}, {"onboarding_status": "Required"}])
def test_a_service_that_does_not_run_blocks_the_page_however_fresh_its_last_heartbeat(state):
    here = Rehearsal("fabrikam")
    here.server.edits["password_writeback"] = lambda body: body.update(state)

    result = here.planned(PORTAL).results["p2"]

    assert (result.status, said(result)) == (Status.BLOCKED, ["writeback-not-running"])


def test_a_listener_error_after_the_last_heartbeat_blocks_the_page():
    result = looked_at("p2", tenant="tailspin")

    assert (result.status, said(result)) == (Status.BLOCKED, ["writeback-unhealthy"])


def test_heartbeats_that_stopped_without_a_word_block_the_page():
    here = Rehearsal("fabrikam")
    here.server.edits["writeback_events"] = lambda body: body.update(events=body["events"][:20])

    result = here.planned(PORTAL).results["p2"]

    assert (result.status, said(result)) == (Status.BLOCKED, ["heartbeat-stale"])
    assert fact(result, "last-heartbeat").value


def test_a_log_without_any_heartbeat_blocks_the_page():
    here = Rehearsal("fabrikam")
    here.server.edits["writeback_events"] = lambda body: body["events"].clear()

    result = here.planned(PORTAL).results["p2"]

    assert said(result) == ["heartbeat-stale"]
    assert fact(result, "last-heartbeat").value is None


def test_one_relay_alone_is_not_healthy():
    here = Rehearsal("fabrikam")

    def silence(body) -> None:
        body["events"] = [event for event in body["events"] if "ncu" not in event["message"]]

    here.server.edits["writeback_events"] = silence

    assert said(here.planned(PORTAL).results["p2"]) == ["heartbeat-stale"]


def test_right_after_the_service_started_the_first_heartbeat_is_waited_for():
    here = Rehearsal("contoso")
    here.applied(CONNECT)
    here.server.edits["writeback_events"] = lambda body: body.update(
        events=[event for event in body["events"] if event["id"] != 31019]
    )
    began = here.clock.now()

    result = here.planned(PORTAL, wait_seconds=30).results["p2"]

    assert (result.status, said(result)) == (Status.BLOCKED, ["heartbeat-to-come"])
    assert here.clock.now() - began >= timedelta(seconds=30)


def test_a_heartbeat_that_comes_within_the_bound_opens_the_page():
    here = Rehearsal("contoso")
    here.applied(CONNECT)
    began = here.clock.now()

    def late(body) -> None:
        if (here.clock.now() - began).total_seconds() < 12:
            body["events"] = [event for event in body["events"] if event["id"] != 31019]

    here.server.edits["writeback_events"] = late

    assert here.planned(PORTAL).results["p2"].status is Status.COMPLIANT


def test_whom_reset_covers_is_counted_and_nobody_is_a_warning():
    known = looked_at("p2", tenant="fabrikam")
    assert fact(known, "users-in-scope").value == 3

    here = Rehearsal("fabrikam")
    here.cloud.registrations.clear()
    empty = here.planned(PORTAL).results["p2"]
    assert empty.status is Status.COMPLIANT
    assert said(empty) == ["nobody-in-scope"]


def test_a_report_that_may_not_be_read_leaves_the_scope_unknown_and_does_not_stop():
    result = looked_at("p2", "no_licence")

    assert result.status is Status.COMPLIANT
    assert fact(result, "users-in-scope").provenance == "unknown"
    assert said(result) == ["scope-not-readable", "lab-cloud-not-permitted"]


def test_the_portal_endpoint_tells_today_s_values():
    result = looked_at("p2", **API)

    assert (fact(result, "write-back").value, fact(result, "unlock").value) == (True, True)


def test_toggles_that_are_as_wanted_need_no_change():
    run = Rehearsal("fabrikam").planned(PORTAL, **API)

    assert {result.status for result in run.results.values()} == {Status.COMPLIANT}
    assert run.exit_code == 0


def test_toggles_can_be_wanted_off():
    run = Rehearsal("fabrikam").planned(PORTAL, unlock=False, **API)

    ((step, change),) = run.plan.changes
    assert (step, change.action, change.arguments) == ("p4", "set_portal_unlock", {"enabled": False})


def test_fields_that_disagree_on_the_first_toggle_block_instead_of_guessing():
    result = looked_at("p3", "portal_disagrees", **API)

    assert (result.status, said(result)) == (Status.BLOCKED, ["portal-fields-disagree"])


def test_beside_a_read_back_the_audit_log_is_only_a_second_opinion():
    result = looked_at("p5", "audit_contradicts", **API)

    assert result.status is Status.COMPLIANT
    assert {finding.level for finding in result.findings} == {Level.WARNING}
    assert "audit-disagrees" in said(result)


def without_the_audit_log(here: Rehearsal) -> Rehearsal:
    here.cloud.accounts[0].roles = ()
    here.targets["tenant"].edits["signed_in_account"] = lambda body: body.update(
        roles=[{"displayName": "x", "roleTemplateId": "62e90394-69f5-4237-9190-012177145e10"}]
    )
    return here


def test_an_audit_log_that_may_not_be_read_is_said_and_does_not_stop():
    here = without_the_audit_log(Rehearsal("fabrikam"))
    plan = here.planned(PORTAL).plan

    run = here.applied(PORTAL, attestation=here.attestation(plan, "p3", "p4", "p5"))

    assert run.results["p3"].status is run.results["p5"].status is Status.ATTESTED
    assert said(run.results["p3"]) == ["audit-not-readable", "lab-cloud-not-permitted"]
    assert fact(run.results["p5"], "newest-switch").provenance == "unknown"


def test_turning_the_server_side_on_is_logged_too_and_does_not_contradict_a_toggle_that_is_off():
    here = Rehearsal("fabrikam")
    plan = here.planned(PORTAL, write_back=False).plan
    word = here.attestation(plan, "p3", "p4", "p5", values={"write_back": False, "unlock": True})
    here.cloud.record_audit("Enable password writeback for directory", here.clock.now() + timedelta(minutes=1))

    result = here.applied(PORTAL, write_back=False, attestation=word).results["p3"]

    assert result.status is Status.ATTESTED
    assert [(finding.level, finding.message.key) for finding in result.findings] == [(Level.WARNING, "audit-disagrees")]


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize(
    ("attested_at", "level", "key"),
    [
        ("2026-11-02T09:05:00Z", None, "audit-disagrees"),
        ("2026-11-02T09:08:00Z", None, "audit-disagrees"),  # at the same time
        ("2026-11-02T09:08:00.000001Z", Level.WARNING, "audit-older"),
        ("2026-11-02T09:13:00Z", Level.WARNING, "audit-older"),  # clocks may differ by five minutes
        ("2026-11-02T09:13:00.000001Z", Level.NOTE, "audit-older"),
        ("2026-11-02T09:14:59Z", Level.NOTE, "audit-older"),
    ],
)
def test_only_what_was_logged_after_a_person_looked_can_contradict_them(value, attested_at, level, key):
    here = Rehearsal("fabrikam")
    here.targets["tenant"].edits["directory_audits"] = lambda body: body.update(
        value=[
            {
                "activityDisplayName": f"{'Disable' if value else 'Enable'} password writeback for directory",
                "activityDateTime": "2026-11-02T09:08:00.0000000Z",
            }
        ]
    )
    plan = here.planned(PORTAL, write_back=value).plan
    values = {"write_back": value, "unlock": True}
    word = here.attestation(plan, "p3", "p4", "p5", values=values, at=attested_at)

    result = here.applied(PORTAL, write_back=value, attestation=word).results["p3"]

    (finding,) = result.findings
    level = level or (Level.CONTRADICTION if value else Level.WARNING)
    assert (finding.level, finding.message.key) == (level, key)
    assert result.status is (Status.CONTRADICTED if level is Level.CONTRADICTION else Status.ATTESTED)


def test_an_old_entry_that_agrees_is_not_spoken_of():
    here = Rehearsal("fabrikam")
    plan = here.planned(PORTAL).plan
    word = here.attestation(plan, "p3", "p4", "p5", at="2026-11-03T08:00:00Z")

    assert said(here.applied(PORTAL, attestation=word).results["p3"]) == []


def test_an_audit_log_without_an_entry_is_a_note():
    here = Rehearsal("fabrikam")
    here.cloud.audits.clear()
    plan = here.planned(PORTAL).plan

    run = here.applied(PORTAL, attestation=here.attestation(plan, "p3", "p4", "p5"))

    assert said(run.results["p3"]) == ["no-audit-entry"]
    assert fact(run.results["p5"], "newest-switch").value is None


def test_the_newest_audit_entry_counts_by_time_also_with_decimals():
    here = Rehearsal("fabrikam")
    here.targets["tenant"].edits["directory_audits"] = lambda body: body.update(
        value=[
            {
                "activityDisplayName": "Disable password writeback for directory",
                "activityDateTime": "2026-11-02T09:00:00Z",
            },
            {
                "activityDisplayName": "Enable password writeback for directory",
                "activityDateTime": "2026-11-02T09:00:00.5Z",
            },
            {"activityDisplayName": "Change password (self-service)", "activityDateTime": "2026-11-02T09:01:00Z"},
        ]
    )

    known = fact(here.planned(PORTAL, **API).results["p5"], "newest-switch")

    assert known.value == "2026-11-02T09:00:00 Enable password writeback for directory"
    assert not known.decisive
