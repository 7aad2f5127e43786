"""Frozen data: the digest of a plan is the plan, the worst step decides, and nothing is lost on the way to JSON."""

import json
from dataclasses import FrozenInstanceError, fields, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runbook_lib.canonical import digest
from runbook_lib.model import (
    DONE,
    EXIT_CODES,
    SEVERITY,
    Assessment,
    Change,
    Fact,
    Finding,
    Level,
    Plan,
    Status,
    StepResult,
    as_json,
)
from runbook_lib.texts import message

# Numbers as RFC 8785 takes them: integers that a double holds exactly.
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=("Cs",)))
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)
CHANGES = st.builds(
    Change,
    st.sampled_from(["sync-server", "portal"]),
    st.sampled_from(["set_password_writeback", "set_portal_unlock"]),
    st.text("abc", max_size=3),
    SCALARS,
    SCALARS,
    st.dictionaries(st.text("abc", max_size=2), SCALARS, max_size=2),
    once=st.booleans(),
    unsupported=st.booleans(),
)
PLANS = st.builds(
    Plan,
    tenant=st.text("ab", max_size=2),
    runbook=st.text("ab", max_size=2),
    version=st.text("12", max_size=2),
    parameters=st.dictionaries(st.text("abc", max_size=2), JSON, max_size=2),
    before=st.dictionaries(
        st.sampled_from(["c1", "c2"]), st.dictionaries(st.text("abc", max_size=2), JSON, max_size=2)
    ),
    changes=st.lists(st.tuples(st.sampled_from(["c5", "c6"]), CHANGES), max_size=2).map(tuple),
)


def canonical(plan: Plan) -> str:
    return json.dumps(as_json(plan), sort_keys=True)


@given(PLANS, PLANS)
def test_two_plans_have_one_digest_exactly_when_they_are_the_same_data(one, other):
    assert (one.digest == other.digest) == (canonical(one) == canonical(other))


@given(PLANS, st.sampled_from([field.name for field in fields(Plan)]), PLANS)
def test_a_plan_with_any_part_replaced_by_a_different_one_has_another_digest(plan, part, other):
    assume(canonical(replace(plan, **{part: getattr(other, part)})) != canonical(plan))

    assert replace(plan, **{part: getattr(other, part)}).digest != plan.digest


@given(PLANS)
def test_the_order_in_which_parameters_and_facts_were_written_does_not_count(plan):
    turned = replace(
        plan,
        parameters=dict(reversed(plan.parameters.items())),
        before={step: dict(reversed(known.items())) for step, known in reversed(plan.before.items())},
    )

    assert turned.digest == plan.digest


@given(CHANGES, CHANGES)
def test_the_order_of_the_changes_counts_because_they_are_sent_in_it(one, other):
    assume(as_json(one) != as_json(other))
    plan = Plan("t", "r", "1", {}, {}, (("c5", one), ("c6", other)))

    assert replace(plan, changes=plan.changes[::-1]).digest != plan.digest


@given(CHANGES)
def test_the_cure_is_part_of_what_is_approved(change):
    plan = Plan("t", "r", "1", {}, {}, (("c6", change),))

    assert replace(plan, changes=(("c6", replace(change, cure=(change,))),)).digest != plan.digest


@given(JSON)
def test_json_data_is_left_as_it_is_and_survives_a_round_trip(value):
    assert as_json(value) == value
    assert digest(json.loads(json.dumps(value))) == digest(value)


def test_frozen_data_becomes_plain_json_with_its_names():
    said = message("waits-for", steps=("C1", "C2"))
    finding = Finding(Level.NOTE, said)

    assert as_json(finding) == {"level": "note", "message": {"key": "waits-for", "arguments": {"steps": ["C1", "C2"]}}}
    json.dumps(as_json(finding))


def test_data_cannot_be_changed_after_it_was_made():
    with pytest.raises(FrozenInstanceError):
        Fact("a", 1, "host").value = 2


def test_an_assessment_tells_blockers_and_contradictions_apart():
    one, other, third = (message("waits-for", steps=(step,)) for step in ("C1", "C2", "C3"))
    seen = Assessment(
        findings=(Finding(Level.BLOCKER, one), Finding(Level.CONTRADICTION, other), Finding(Level.WARNING, third))
    )

    assert seen.blockers == (one,)
    assert seen.contradictions == (other,)


def test_every_state_has_an_exit_code_and_every_code_a_rank():
    assert EXIT_CODES.keys() == set(Status)
    assert set(EXIT_CODES.values()) == set(SEVERITY)
    assert SEVERITY == (4, 1, 5, 3, 0)


def test_only_states_in_which_nothing_is_left_to_do_are_success():
    assert {status for status in Status if EXIT_CODES[status] == 0} == DONE


def test_the_digest_of_a_result_is_of_what_was_found_and_not_of_when():
    found = StepResult("c3", Status.COMPLIANT, (Fact("connector", "contoso", "connectors"),))
    later = replace(found, started_at="2026-12-01T08:00:00Z", finished_at="2026-12-01T08:00:01Z")
    other = replace(found, facts=(Fact("connector", "fabrikam", "connectors"),))

    assert later.digest == found.digest
    assert other.digest != found.digest
