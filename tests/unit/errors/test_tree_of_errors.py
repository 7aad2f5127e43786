"""The tree of errors: each speaks two languages, says what to do, and has the exit code that the command line ends with."""

import pytest

from runbook_lib import errors
from runbook_lib.errors import (
    CannotConnect,
    NotApproved,
    OutcomeUnknown,
    RunbookError,
    RunUnfinished,
    ScriptFailed,
    TargetError,
    UnknownRunbook,
    UsageProblem,
)

TREE = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, RunbookError)]


def test_an_error_says_what_happened_and_what_to_do_in_both_languages():
    error = NotApproved("not-approved", digest="ab" * 32)

    assert str(error) in error.say("en")
    assert error.say("en") != error.say("fr")
    assert "ab" * 32 in error.say("fr")


def test_an_error_without_advice_says_only_what_happened():
    error = CannotConnect("not-in-baseline", target="sync-server", reading="host")

    assert error.say("en") == str(error)


def test_a_failed_script_keeps_what_the_server_said_and_says_what_to_do():
    error = ScriptFailed(target="sync-server", script="host", detail="boom", error_id="Some.Id")

    assert error.say("en").startswith(f"{error} ")
    assert (error.target, error.script, error.detail, error.error_id) == ("sync-server", "host", "boom", "Some.Id")


def test_an_error_without_all_that_its_message_needs_cannot_be_made():
    with pytest.raises(ValueError, match="digest"):
        NotApproved("not-approved")


def test_an_error_of_a_target_names_it():
    error = CannotConnect("no-such-target", target="portal", reading="on_premises_policy")

    assert error.target == "portal"
    assert "portal" in str(error)


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_the_exit_code_of_an_error_follows_from_its_place_in_the_tree(kind):
    expected = 4 if kind is OutcomeUnknown else 2 if issubclass(kind, UsageProblem) else 1

    assert kind.exit_code == expected


def test_what_a_target_did_is_never_a_mistake_of_the_caller():
    assert not {kind for kind in TREE if issubclass(kind, TargetError) and issubclass(kind, UsageProblem)}


def test_a_run_that_is_not_finished_ends_with_the_code_of_its_worst_step():
    error = RunUnfinished("run-unfinished", exit_code=5, steps=("P3",), folder="outputs/x")

    assert error.exit_code == 5
    assert RunUnfinished.exit_code == 1


def test_an_unknown_runbook_is_answered_with_those_there_are():
    assert "a, b" in UnknownRunbook("unknown-runbook", runbook="x", known=("a", "b")).say("fr")


def test_the_tree_in_the_documentation_of_the_module_names_every_error_and_its_code():
    lines = (errors.__doc__ or "").splitlines()

    for kind in TREE:
        assert any(kind.__name__ in line for line in lines), kind
