"""The steps on the sync server where it may not be reached: done by a person, attested, and never said to have been observed."""

from typing import Any

import pytest

from runbook_lib.engine import Run
from runbook_lib.errors import AttestationError
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.model import DONE, Level, Provenance, Status
from runbook_lib.runbooks import RUNBOOKS, find
from runbook_lib.runbooks.ladder import reached
from runbook_lib.runbooks.readiness import Readiness, readiness
from runbook_lib.texts import LANGUAGES, render
from tests.rehearsal import (
    CONNECT,
    DISABLE,
    PORTAL,
    PREFLIGHT,
    VERIFY,
    Rehearsal,
    all_in,
    as_application,
    carried_out,
    fact,
    said,
    states,
)

BY_HAND = {"server_by_hand": True}
C_STEPS = tuple(f"c{number}" for number in range(1, 9))
D_STEPS = tuple(f"d{number}" for number in range(1, 9))
SEEN_ON = {"connect_writeback": True}


def unreachable(tenant: str = "contoso", *faults: str) -> Rehearsal:
    """A tenant whose sync server nobody may reach: there is no such target."""
    here = Rehearsal(tenant, *faults)
    for name in [name for name in here.targets if "server" in name]:
        del here.targets[name]
    return here


def attested(here: Rehearsal, slug: str, *steps: str, values: Any = None, **asked: Any) -> Run:
    """A run of mode apply with somebody's word on the plan that holds."""
    plan = here.planned(slug, **BY_HAND, **asked).plan
    word = here.attestation(plan, *steps, values=SEEN_ON if values is None else values)
    return carried_out(here.run(slug, approved=plan.digest, attestation=word, **BY_HAND, **asked))


def without_the_audit_log(here: Rehearsal) -> Rehearsal:
    """The account has a role that Connect accepts and none that may read reports."""
    here.cloud.accounts[0].roles = ()
    here.targets["tenant"].edits["signed_in_account"] = lambda body: body.update(
        roles=[{"displayName": "x", "roleTemplateId": "62e90394-69f5-4237-9190-012177145e10"}]
    )
    return here


def facts_of(run: Run) -> list[Any]:
    return [known for result in run.results.values() for known in result.facts]


def test_headless_the_steps_of_the_wizard_need_an_operator_and_the_plan_says_what_to_set():
    run = unreachable().planned(CONNECT, **BY_HAND)

    assert all_in(Status.NEEDS_OPERATOR, run, *C_STEPS)
    assert run.exit_code == 5
    ((step, change),) = run.plan.changes
    assert (step, change.target, change.setting, change.before, change.after) == (
        "c6",
        "operator",
        "Password writeback",
        None,
        True,
    )
    assert run.plan.means == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("slug", "ids"), [(CONNECT, C_STEPS), (DISABLE, D_STEPS)])
def test_each_page_is_named_as_the_wizard_labels_it_in_both_languages(slug, ids, language):
    """The server speaks its own language, which need not be the operator's."""
    run = unreachable().planned(slug, **BY_HAND)
    labels = [
        "Welcome › Configure",
        "Bienvenue › Configurer",
        "Optional features › Password writeback",
        "Exit",
        "Sortie",
    ]

    told = [render(finding.message, language) for step in ids for finding in run.results[step].findings]

    assert all(any(label in text for text in told) for label in labels)
    assert all(" / " in render(run.results[step].findings[-1].message, language) for step in ids)


def test_nothing_of_the_server_is_observed_with_or_without_a_word():
    here = unreachable()
    of_the_server = {
        reading.name
        for slug in RUNBOOKS
        for step in find(slug).steps
        for reading in step.readings
        if "server" in reading.target
    }
    runs = [unreachable().planned(slug, **BY_HAND) for slug in RUNBOOKS]
    runs.append(attested(here, CONNECT, *C_STEPS))

    seen = [known for run in runs for known in facts_of(run) if known.provenance is Provenance.OBSERVED]
    assert seen
    assert not [known for known in seen if known.source in of_the_server]


def test_a_word_on_every_step_makes_them_attested_and_its_values_are_facts_of_that_person():
    here = unreachable()

    run = attested(
        here, CONNECT, *C_STEPS, values={"connect_writeback": True, "onboarded": True, "staging_mode": False}
    )

    assert all_in(Status.ATTESTED, run, *C_STEPS)
    assert run.exit_code == 0
    assert here.performed == []
    for step, name, value in (
        ("c2", "staging-mode", False),
        ("c6", "writeback", True),
        ("c7", "onboarding-event", True),
    ):
        known = fact(run.results[step], name)
        assert (known.value, known.provenance, known.source) == (value, Provenance.ATTESTED, "A. Operator")
        assert not known.decisive


def test_what_nobody_looked_at_stays_unknown_after_the_word():
    run = attested(unreachable(), CONNECT, *C_STEPS)

    for step, name in (
        ("c1", "computer"),
        ("c2", "staging-mode"),
        ("c5", "missing-rights"),
        ("c7", "onboarding-event"),
    ):
        known = fact(run.results[step], name)
        assert (known.value, known.provenance) == (None, Provenance.UNKNOWN)


@pytest.mark.parametrize("left_out", C_STEPS)
def test_a_page_that_the_word_does_not_name_still_needs_an_operator(left_out):
    run = attested(unreachable(), CONNECT, *(step for step in C_STEPS if step != left_out))

    assert run.results[left_out].status is Status.NEEDS_OPERATOR
    assert run.exit_code == 5


def test_a_word_on_another_plan_leaves_no_fact_behind():
    here = unreachable()
    plan = here.planned(CONNECT, **BY_HAND).plan
    word = here.attestation(plan, *C_STEPS, values=SEEN_ON, plan="0" * 64)

    run = carried_out(here.run(CONNECT, approved=plan.digest, attestation=word, **BY_HAND))

    assert isinstance(run.error, AttestationError)
    assert Provenance.ATTESTED not in {known.provenance for known in facts_of(run)}
    assert (fact(run.results["c6"], "writeback").value, fact(run.results["c6"], "writeback").source) == (
        None,
        "attestation",
    )
    assert fact(run.results["c4"], "account").provenance is Provenance.OBSERVED


def test_in_mode_plan_a_word_gives_no_fact():
    here = unreachable()
    word = here.attestation(here.planned(CONNECT, **BY_HAND).plan, *C_STEPS, values=SEEN_ON)

    run = here.planned(CONNECT, attestation=word, **BY_HAND)

    assert fact(run.results["c6"], "writeback").provenance is Provenance.UNKNOWN
    assert run.exit_code == 5


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ({"connect_writeback": True, "staging_mode": True}, "c2"),
        ({"connect_writeback": False}, "c6"),
        ({}, "c6"),
        ({"connect_writeback": True, "onboarded": False}, "c7"),
    ],
)
def test_what_was_seen_otherwise_contradicts_the_word(values, step):
    run = attested(unreachable(), CONNECT, *C_STEPS, values=values)

    assert run.results[step].status is Status.CONTRADICTED
    assert "attested-other-value" in said(run.results[step])
    assert run.exit_code == 1


def test_an_audit_log_that_says_off_contradicts_the_word_that_it_is_on():
    run = attested(unreachable("contoso", "audit_contradicts"), CONNECT, *C_STEPS)

    assert run.results["c7"].status is Status.CONTRADICTED
    assert "audit-disagrees" in said(run.results["c7"])
    assert states(run)["c8"] == "to-do"


def test_an_audit_log_that_agrees_is_told_with_the_word():
    here = unreachable("fabrikam")

    run = attested(here, CONNECT, *C_STEPS)

    assert run.results["c7"].status is Status.ATTESTED
    assert fact(run.results["c7"], "newest-switch").provenance is Provenance.OBSERVED


def test_an_audit_log_that_may_not_be_read_is_said_and_contradicts_nobody():
    run = attested(without_the_audit_log(unreachable("fabrikam")), CONNECT, *C_STEPS)

    assert run.results["c7"].status is Status.ATTESTED
    assert "audit-not-readable" in said(run.results["c7"])


def test_a_run_that_reads_the_server_does_not_ask_for_the_audit_log():
    here = Rehearsal()

    here.applied(CONNECT)

    assert "directory_audits" not in [name for asked in here.targets["tenant"].asked for name in asked]


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("wrong_tenant", "other-tenant"),
        ("no_role", "no-administrator-role"),
        ("no_licence", "no-premium-licence"),
        ("federated_admin", "federated-account"),
    ],
)
def test_what_the_cloud_says_decides_whatever_a_person_attests(fault, key):
    run = attested(unreachable("contoso", fault), CONNECT, *C_STEPS)

    assert run.results["c4"].status is Status.BLOCKED
    assert key in said(run.results["c4"])
    assert run.results["c7"].status is Status.BLOCKED


def no_sync(body: Any) -> None:
    body["value"][0].update(onPremisesSyncEnabled=False)


def another(body: Any) -> None:
    body["value"][0].update(id="00000000-0000-4000-8000-000000000000")


def test_a_tenant_that_does_not_synchronize_blocks():
    here = unreachable()
    here.targets["tenant"].edits["organization"] = no_sync

    assert here.planned(CONNECT, **BY_HAND).results["c4"].status is Status.BLOCKED


@pytest.mark.parametrize("edit", [no_sync, another])
def test_a_tenant_that_synchronizes_no_more_contradicts_that_the_server_was_left_in_order(edit):
    here = unreachable()
    plan = here.planned(CONNECT, **BY_HAND).plan
    word = here.attestation(plan, *C_STEPS, values=SEEN_ON)
    run = here.run(CONNECT, approved=plan.digest, attestation=word, **BY_HAND)
    for step in C_STEPS[:7]:
        run.step(step)
    here.clock.advance(61)
    here.targets["tenant"].edits["organization"] = edit

    result = run.step("c8")

    assert result.status is Status.CONTRADICTED
    assert "synchronizes-no-more" in said(result)


def test_the_ladder_counts_no_word_and_says_so():
    run = attested(unreachable(), CONNECT, *C_STEPS)

    ladder = reached(run.runbook, run.results)

    assert (ladder.level, ladder.why and ladder.why.key) == ("", "ladder-attested")


def test_turning_off_by_hand_is_attested_the_same_way():
    here = unreachable("fabrikam")

    run = attested(here, DISABLE, *D_STEPS, values={"connect_writeback": False, "offboarded": True})

    assert all_in(Status.ATTESTED, run, *D_STEPS)
    assert here.performed == []
    assert fact(run.results["d7"], "writeback").value is False
    assert fact(run.results["d7"], "offboarding-event").value is True
    assert {"portal-first", "rights-stay"} <= {key for result in run.results.values() for key in said(result)}
    assert reached(run.runbook, run.results).level == ""


def test_a_licence_that_is_missing_does_not_keep_the_feature_on_by_hand_either():
    run = unreachable("fabrikam", "no_licence").planned(DISABLE, **BY_HAND)

    assert run.results["d4"].status is Status.NEEDS_OPERATOR


@pytest.mark.parametrize("provider", ["guided", "portal-api"])
def test_the_page_of_the_portal_needs_a_person_where_nobody_reads_the_server(provider):
    """Whether the client is up and running only the page says; it is no pass that nobody looked."""
    run = unreachable("fabrikam").planned(PORTAL, provider=provider, **BY_HAND)

    assert run.results["p2"].status is Status.NEEDS_OPERATOR
    assert said(run.results["p2"]) == ["page-by-hand"]
    assert fact(run.results["p2"], "writeback").provenance is Provenance.UNKNOWN
    assert fact(run.results["p2"], "users-in-scope").provenance is Provenance.OBSERVED
    assert run.exit_code == 5


def test_the_page_can_be_attested_with_the_settings_on_it():
    seen = {"write_back": True, "unlock": False}
    run = attested(unreachable("fabrikam"), PORTAL, "p2", "p3", "p4", "p5", values=seen, unlock=False)

    assert all_in(Status.ATTESTED, run, "p2", "p3", "p4", "p5")
    for step, name, value in (("p3", "write-back", True), ("p4", "unlock", False)):
        assert (fact(run.results[step], name).value, fact(run.results[step], name).provenance) == (
            value,
            Provenance.ATTESTED,
        )
    assert run.exit_code == 0


def test_the_portal_s_endpoint_is_used_once_a_person_has_seen_the_page():
    here = unreachable("fabrikam")
    here.cloud.policy.accountUnlockEnabled = False

    assert attested(here, PORTAL, provider="portal-api").results["p5"].status is Status.NEEDS_OPERATOR
    assert here.performed == []
    run = attested(here, PORTAL, "p2", provider="portal-api")

    assert [change.action for change in here.performed] == ["set_portal_unlock"]
    assert (run.results["p2"].status, run.results["p5"].status) == (Status.ATTESTED, Status.VERIFIED)
    assert run.exit_code == 0


@pytest.mark.parametrize("tenant", [known.name for known in TENANTS])
@pytest.mark.parametrize("provider", ["guided", "portal-api"])
def test_a_preflight_is_undecided_or_blocked_by_the_cloud_and_says_what_is_not_read(tenant, provider):
    run = unreachable(tenant).planned(PREFLIGHT, provider=provider, **BY_HAND)

    assert readiness(run.results.values()) is Readiness.UNDECIDED
    assert set(states(run).values()) == {"needs-operator"}
    assert all("server-not-read" in said(result) for result in run.results.values())
    assert reached(run.runbook, run.results).why.key == "server-not-read"


def test_a_preflight_is_blocked_by_what_the_cloud_says():
    run = unreachable("contoso", "no_licence").planned(PREFLIGHT, **BY_HAND)

    assert run.results["f5"].status is Status.BLOCKED
    assert readiness(run.results.values()) is Readiness.BLOCKED


def test_a_preflight_still_tells_of_the_pilot_what_the_report_says():
    run = unreachable().planned(PREFLIGHT, pilot_user="nobody@contoso.example", **BY_HAND)

    assert "pilot-not-in-report" in said(run.results["f7"])


@pytest.mark.parametrize("pilot", ["", "adele@fabrikam.example"])
def test_no_level_is_reached_without_the_server_and_the_reason_is_said(pilot):
    here = unreachable("fabrikam")

    run = here.planned(VERIFY, pilot_user=pilot, **BY_HAND)

    ladder = reached(run.runbook, run.results)
    assert (ladder.level, ladder.why and ladder.why.key) == ("", "server-not-read")
    assert all_in(Status.NEEDS_OPERATOR, run, "v1", "v2", "v3", "v4", "v5")
    assert (run.results["v7"].status in DONE) == (pilot == "")
    assert run.plan.changes == ()
    assert run.exit_code == 5


def test_what_the_cloud_says_is_shown_beside_what_nobody_reads():
    run = unreachable("fabrikam", "no_licence").planned(VERIFY, provider="portal-api", **BY_HAND)

    assert run.results["v1"].status is Status.BLOCKED
    assert fact(run.results["v2"], "write-back").provenance is Provenance.OBSERVED
    assert reached(run.runbook, run.results).why.key == "no-premium-licence"


def test_a_toggle_that_is_seen_to_be_off_is_below_the_ladder_whoever_looks_at_the_server():
    here = unreachable("fabrikam")
    here.cloud.policy.passwordWritebackSupported = False

    run = here.planned(VERIFY, provider="portal-api", **BY_HAND)

    assert reached(run.runbook, run.results).level == "none"


def test_an_application_warns_of_the_role_and_leaves_the_sign_in_to_the_person_at_the_wizard():
    here = as_application(unreachable())

    result = here.planned(CONNECT, **BY_HAND).results["c4"]

    assert result.status is Status.NEEDS_OPERATOR
    assert [finding.level for finding in result.findings if finding.message.key == "wizard-sign-in"] == [Level.NOTE]
