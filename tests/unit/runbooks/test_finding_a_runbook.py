"""The runbooks by name, and what they say of themselves."""

import pytest

from runbook_lib.errors import UnknownRunbook
from runbook_lib.runbooks import RUNBOOKS, find, require_step


def test_a_runbook_is_found_by_its_slug():
    assert [find(slug) for slug in RUNBOOKS] == list(RUNBOOKS.values())


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(UnknownRunbook) as unknown:
        find("enable-everything")

    assert unknown.value.message.arguments["known"] == tuple(RUNBOOKS)


@pytest.mark.parametrize("runbook", RUNBOOKS.values(), ids=RUNBOOKS)
def test_the_kinds_of_steps_come_in_the_order_look_stage_apply_look_after(runbook):
    order = ["read", "stage", "apply", "after"]
    kinds = [step.kind for step in runbook.steps]

    assert kinds == sorted(kinds, key=order.index)
    assert kinds.count("apply") == (0 if runbook.only_reads else 1)


@pytest.mark.parametrize("runbook", RUNBOOKS.values(), ids=RUNBOOKS)
def test_only_staging_and_applying_steps_may_change_anything(runbook):
    assert all(step.kind in ("stage", "apply") for step in runbook.steps if step.changes or step.acts or step.settled)


@pytest.mark.parametrize("runbook", RUNBOOKS.values(), ids=RUNBOOKS)
def test_a_step_is_found_by_its_id_and_no_other_is(runbook):
    for step in runbook.steps:
        assert runbook.step(step.id) is step
    with pytest.raises(KeyError):
        runbook.step("x9")


@pytest.mark.parametrize("runbook", RUNBOOKS.values(), ids=RUNBOOKS)
def test_a_step_that_a_runbook_does_not_have_is_answered_with_those_it_has(runbook):
    steps = tuple(step.id for step in runbook.steps)
    for step in steps:
        require_step(runbook, step)
    with pytest.raises(UnknownRunbook) as unknown:
        require_step(runbook, "x9")

    assert unknown.value.message.arguments["known"] == steps


def test_only_the_preflight_changes_nothing():
    assert [slug for slug, runbook in RUNBOOKS.items() if runbook.only_reads] == ["preflight"]


def test_the_documented_steps_are_the_thirteen_and_turning_off_goes_the_same_eight_pages():
    """The preflight adds eight looks, and the ladder seven."""
    ids = [step.id for runbook in RUNBOOKS.values() for step in runbook.steps]

    assert [step for step in ids if step.startswith("d")] == [f"d{number}" for number in range(1, 9)]
    assert [step for step in ids if step.startswith("f")] == [f"f{number}" for number in range(1, 9)]
    assert [step for step in ids if step.startswith("v")] == [f"v{number}" for number in range(1, 8)]
    assert [step for step in ids if step[0] in "cp"] == [
        *(f"c{number}" for number in range(1, 9)),
        *(f"p{number}" for number in range(1, 6)),
    ]
