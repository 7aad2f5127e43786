"""What only a person can do or see: needed, attested, contradicted, and never taken for another plan."""

import pytest

from runbook_lib.errors import AttestationError, NotApproved
from runbook_lib.model import Provenance, Status
from tests.rehearsal import CONNECT, PORTAL, Rehearsal, all_in, carried_out, fact, said, states


def attested(here: Rehearsal, slug: str, *steps: str, digest: str | None = None, **word):
    """A run of mode apply with somebody's word on the plan that holds."""
    plan = here.planned(slug).plan
    return carried_out(
        here.run(
            slug, approved=plan.digest if digest is None else digest, attestation=here.attestation(plan, *steps, **word)
        )
    )


def test_headless_the_guided_portal_steps_need_an_operator():
    run = Rehearsal("fabrikam").planned(PORTAL)

    assert states(run) == {
        "p1": "compliant",
        "p2": "compliant",
        "p3": "needs-operator",
        "p4": "needs-operator",
        "p5": "needs-operator",
    }
    assert run.exit_code == 5
    assert [change.target for _, change in run.plan.changes] == ["operator", "operator"]


def test_what_nobody_looked_at_on_the_guided_page_is_said_to_be_unknown():
    run = Rehearsal("fabrikam").planned(PORTAL)

    for step, name in (("p2", "write-back"), ("p2", "unlock"), ("p3", "write-back"), ("p4", "unlock")):
        assert fact(run.results[step], name).provenance is Provenance.UNKNOWN


def test_approval_alone_does_not_make_the_guided_steps_done():
    here = Rehearsal("fabrikam")

    run = here.applied(PORTAL)

    assert all_in(Status.NEEDS_OPERATOR, run, "p3", "p4", "p5")
    assert run.exit_code == 5
    assert here.performed == []


def test_a_word_on_exactly_this_plan_makes_the_steps_attested():
    here = Rehearsal("fabrikam")

    run = attested(here, PORTAL, "p3", "p4", "p5")

    assert all_in(Status.ATTESTED, run, "p3", "p4", "p5")
    assert run.exit_code == 0
    assert here.performed == []
    assert run.results["p5"].changes == tuple(change for _, change in run.plan.changes)
    assert "approved" in here.journal.events


def test_a_word_without_an_approval_is_not_enough():
    run = attested(Rehearsal("fabrikam"), PORTAL, "p3", "p4", "p5", digest="")

    assert isinstance(run.error, NotApproved)
    assert run.results["p5"].status is Status.BLOCKED


def test_in_mode_plan_a_word_counts_for_nothing():
    here = Rehearsal("fabrikam")
    word = here.attestation(here.planned(PORTAL).plan, "p3", "p4", "p5")

    run = here.planned(PORTAL, attestation=word)

    assert all_in(Status.NEEDS_OPERATOR, run, "p3", "p4", "p5")


def test_a_step_that_the_word_does_not_name_still_needs_an_operator():
    run = attested(Rehearsal("fabrikam"), PORTAL, "p3", "p5")

    assert states(run) | {"p3": "attested", "p4": "needs-operator", "p5": "needs-operator"} == states(run)


@pytest.mark.parametrize(("slug", "steps"), [(PORTAL, ("p3", "p4", "p5")), (CONNECT, ("c5",))])
def test_a_word_on_another_plan_is_refused_and_its_steps_are_not_attested(slug, steps):
    here = Rehearsal("fabrikam", *(["double_hop"] if slug == CONNECT else []))

    run = attested(here, slug, *steps, plan="0" * 64)

    assert isinstance(run.error, AttestationError)
    assert run.exit_code == 1
    assert Status.ATTESTED not in {result.status for result in run.results.values()}
    assert here.performed == []


def test_a_word_from_the_future_is_refused_for_nothing_could_contradict_it():
    here = Rehearsal("fabrikam")

    run = attested(here, PORTAL, "p3", "p4", "p5", at="2031-01-01T00:00:00Z")

    assert isinstance(run.error, AttestationError)
    assert Status.ATTESTED not in {result.status for result in run.results.values()}


@pytest.mark.parametrize("moved_after", ["p1", "p4"])
def test_a_word_is_held_against_the_plan_that_holds_when_it_counts(moved_after):
    here = Rehearsal("fabrikam")
    plan = here.planned(PORTAL).plan
    run = here.run(PORTAL, approved=plan.digest, attestation=here.attestation(plan, "p3", "p4", "p5"))
    for step in run.runbook.steps:
        run.step(step.id)
        if step.id == moved_after:
            here.clock.advance(61)
            here.targets["tenant"].edits["signed_in_account"] = lambda body: body.update(
                name="other@fabrikam.onmicrosoft.com"
            )
            run.step("p1")

    assert isinstance(run.error, AttestationError)
    assert all_in(Status.NEEDS_OPERATOR, run, "p3", "p4")


def test_a_fact_that_moves_just_before_the_last_step_makes_the_word_one_on_another_plan():
    here = Rehearsal("fabrikam")
    plan = here.planned(PORTAL).plan
    run = here.run(PORTAL, approved=plan.digest, attestation=here.attestation(plan, "p3", "p4", "p5"))
    for step in ("p1", "p2", "p3", "p4"):
        run.step(step)

    here.targets["tenant"].edits["signed_in_account"] = lambda body: body.update(name="other@fabrikam.onmicrosoft.com")

    assert run.step("p5").status is Status.BLOCKED
    assert isinstance(run.error, AttestationError)


def test_other_values_than_planned_contradict_the_word():
    run = attested(Rehearsal("fabrikam"), PORTAL, "p3", "p4", "p5", values={"write_back": True, "unlock": False})

    assert run.results["p4"].status is Status.CONTRADICTED
    assert said(run.results["p4"]) == ["attested-other-value"]
    assert run.results["p5"].status is Status.BLOCKED
    assert run.exit_code == 1


def test_an_audit_log_that_says_otherwise_contradicts_the_word():
    run = attested(Rehearsal("fabrikam", "audit_contradicts"), PORTAL, "p3", "p4", "p5")

    assert run.results["p3"].status is Status.CONTRADICTED
    assert "audit-disagrees" in said(run.results["p3"])
    assert run.exit_code == 1


def test_an_audit_log_that_turns_while_the_last_step_looks_contradicts_it():
    here = Rehearsal("fabrikam")
    plan = here.planned(PORTAL).plan
    run = here.run(PORTAL, approved=plan.digest, attestation=here.attestation(plan, "p3", "p4", "p5"))
    for step in ("p1", "p2", "p3", "p4"):
        run.step(step)

    here.faults.add("audit_contradicts")

    assert run.step("p5").status is Status.BLOCKED
    assert run.results["p3"].status is Status.CONTRADICTED


@pytest.mark.parametrize("fault", ["double_hop", "no_rsat"])
def test_rights_that_cannot_be_read_need_an_operator_and_can_be_attested(fault):
    here = Rehearsal("contoso", fault)

    planned = here.planned(CONNECT)
    assert planned.results["c5"].status is Status.NEEDS_OPERATOR
    assert fact(planned.results["c5"], "missing-rights").provenance is Provenance.UNKNOWN
    assert planned.results["c7"].status is Status.PLANNED
    assert planned.exit_code == 5

    unattested = here.applied(CONNECT)
    assert unattested.results["c7"].status is Status.NEEDS_OPERATOR
    assert here.performed == []

    run = attested(here, CONNECT, "c5")
    assert run.results["c5"].status is Status.ATTESTED
    assert all_in(Status.VERIFIED, run, "c6", "c7", "c8")
    assert run.exit_code == 0


def test_a_word_does_not_outweigh_a_blocker():
    run = attested(Rehearsal("fabrikam", "no_licence"), PORTAL, "p1", "p3", "p4", "p5")

    assert run.results["p1"].status is Status.BLOCKED
    assert run.exit_code == 1
