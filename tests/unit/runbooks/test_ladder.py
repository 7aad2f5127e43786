"""The ladder: a level is reached by what a run saw, for every runbook, and what keeps it from the next is said."""

import pytest

from runbook_lib.lab.tenants import TENANTS
from runbook_lib.model import DONE, Fact, Finding, Level, Provenance, Status, StepResult
from runbook_lib.runbooks import RUNBOOKS, find
from runbook_lib.runbooks.ladder import LEVELS, NONE, reached
from runbook_lib.texts import LANGUAGES, message, render
from runbook_lib.texts.words import LADDER_WORDS
from tests.rehearsal import CONNECT, PORTAL, PREFLIGHT, Rehearsal

CONNECT_RUNBOOK = find(CONNECT)
ON = (Fact("writeback", True, "password_writeback"),)
OFF = (Fact("writeback", False, "password_writeback"),)


def results(status: Status = Status.COMPLIANT, **other: Status) -> dict[str, StepResult]:
    """Results of C1 to C8, all of one state but for those named; the setting is seen to be on."""
    states = {step.id: status for step in CONNECT_RUNBOOK.steps} | other
    return {step: StepResult(step, state, ON) for step, state in states.items()}


def level_of(run) -> tuple[str, str]:
    ladder = reached(run.runbook, run.results)
    return ladder.level, ladder.why.key if ladder.why else ""


@pytest.mark.parametrize(
    ("slug", "tenant", "level", "why"),
    [
        (CONNECT, "contoso", NONE, "ladder-server-off"),
        (CONNECT, "fabrikam", "L1", "ladder-looks-no-further"),
        (PORTAL, "contoso", NONE, "ladder-server-off"),
        (PORTAL, "fabrikam", "L2", "ladder-looks-no-further"),
        (PORTAL, "tailspin", "", "writeback-unhealthy"),
        (PREFLIGHT, "contoso", NONE, "ladder-server-off"),
        (PREFLIGHT, "fabrikam", "L2", "ladder-looks-no-further"),
        (PREFLIGHT, "tailspin", "L0", "writeback-unhealthy"),
    ],
)
def test_a_plan_leads_as_far_as_its_runbook_looks(slug, tenant, level, why):
    assert level_of(Rehearsal(tenant).planned(slug)) == (level, why)


def test_turning_writeback_on_leads_from_below_the_ladder_to_its_second_level():
    assert level_of(Rehearsal().applied(CONNECT)) == ("L1", "ladder-looks-no-further")


def test_a_change_that_was_certainly_not_made_leaves_the_setting_off():
    assert level_of(Rehearsal("contoso", "lost_reply_not_done").applied(CONNECT, wait_seconds=5))[0] == NONE


def test_a_toggle_of_the_portal_that_is_seen_to_be_off_is_below_the_ladder_too():
    here = Rehearsal("fabrikam")
    here.cloud.policy.passwordWritebackSupported = False

    assert level_of(here.planned(PORTAL, provider="portal-api")) == (NONE, "ladder-portal-off")
    assert level_of(here.applied(PORTAL, provider="portal-api")) == ("L2", "ladder-looks-no-further")


@pytest.mark.parametrize("fault", ["access_denied", "two_cloud_connectors", "wrong_tenant"])
@pytest.mark.parametrize("slug", [CONNECT, PREFLIGHT])
def test_a_run_that_could_not_make_sure_of_the_first_level_says_no_level_and_why(slug, fault):
    level, why = level_of(Rehearsal("fabrikam", fault).planned(slug))

    assert level == ""
    assert not why.startswith("ladder-")


def test_what_is_unknown_since_it_was_sent_is_not_taken_for_what_was_seen_before():
    seen = results(c6=Status.UNKNOWN) | {"c3": StepResult("c3", Status.COMPLIANT, OFF)}

    assert reached(CONNECT_RUNBOOK, seen) == reached(CONNECT_RUNBOOK, results(c6=Status.UNKNOWN))
    assert reached(CONNECT_RUNBOOK, seen).level == ""


def test_the_last_look_counts():
    seen = results() | {"c3": StepResult("c3", Status.COMPLIANT, OFF)}
    assert reached(CONNECT_RUNBOOK, seen).level == "L1"

    assert reached(CONNECT_RUNBOOK, results() | {"c8": StepResult("c8", Status.FAILED, OFF)}).level == NONE


def test_a_value_that_is_unknown_is_not_off():
    nobody_knows = (Fact("writeback", None, "password_writeback", Provenance.UNKNOWN),)

    assert reached(CONNECT_RUNBOOK, results() | {"c7": StepResult("c7", Status.COMPLIANT, nobody_knows)}).level == "L1"


@pytest.mark.parametrize("status", Status)
def test_only_what_was_seen_counts_and_every_other_state_is_said(status):
    """Also a person's word, which finishes a step, is no look."""
    ladder = reached(CONNECT_RUNBOOK, results(c7=status))

    assert (ladder.level == "L1") is (status in (Status.COMPLIANT, Status.VERIFIED))
    assert status in DONE or ladder.level == "L0"
    for language in LANGUAGES:
        assert render(ladder.why, language)


def test_a_run_that_looked_at_nothing_says_so():
    ladder = reached(CONNECT_RUNBOOK, {})

    assert (ladder.level, ladder.why) == ("", message("ladder-to-do", step="C3"))


def test_what_stands_in_the_way_is_told_rather_than_the_state_of_a_step():
    blocking = Finding(Level.BLOCKER, message("server-core"))
    telling = Finding(Level.WARNING, message("tls12-off"))
    seen = results() | {"c7": StepResult("c7", Status.BLOCKED, ON, (telling, blocking))}

    assert reached(CONNECT_RUNBOOK, seen).why == blocking.message
    seen["c7"] = StepResult("c7", Status.BLOCKED, ON, (telling,))
    assert reached(CONNECT_RUNBOOK, seen).why == message("ladder-blocked", step="C7")


def test_every_level_has_a_word_and_every_step_proves_a_level_or_none():
    assert LADDER_WORDS.keys() == {"", NONE, *LEVELS}
    assert {step.proves for runbook in RUNBOOKS.values() for step in runbook.steps} <= {"", *LEVELS}


def test_the_level_of_every_tenant_and_runbook_can_be_said_in_both_languages():
    for tenant in TENANTS:
        for slug in RUNBOOKS:
            run = Rehearsal(tenant.name).planned(slug)
            why = reached(run.runbook, run.results).why
            assert why is None or all(render(why, language) for language in LANGUAGES)
