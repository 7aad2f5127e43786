"""An approval is good for one sending; a plan made since, even the same plan, can be approved anew."""

import os
from pathlib import Path

import pytest

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Redactor, RunDirectory, used_by
from runbook_lib.ports import Clock

PLAN, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def outputs(tmp_path: Path, clock: Clock) -> Path:
    """A folder in which a plan was made."""
    planned(tmp_path, "1-plan", clock)
    return tmp_path


def planned(outputs: Path, run_id: str, clock: Clock, digest: str = PLAN) -> None:
    with RunDirectory.create(outputs, "contoso", run_id, Redactor()).journal(clock) as journal:
        journal.record("opened", parameters={"mode": "plan"})
        journal.record("finished", plan=digest)


def applied(outputs: Path, run_id: str, clock: Clock, *events: str) -> Path:
    """A run of mode apply that came as far as these events, without an end."""
    run = RunDirectory.create(outputs, "contoso", run_id, Redactor())
    with run.journal(clock) as journal:
        journal.record("opened", parameters={"mode": "apply"})
        for event in events:
            journal.record(event, approval={"digest": PLAN})
    return run.path


@pytest.mark.parametrize("events", [(), ("refused",), ("approved",)])
def test_an_approval_that_sent_nothing_can_be_used(outputs: Path, clock: Clock, events: tuple[str, ...]) -> None:
    applied(outputs, "2-apply", clock, *events)

    assert used_by(outputs, "contoso", PLAN) == ""


def test_an_approval_is_used_once_anything_was_sent_by_it(outputs: Path, clock: Clock) -> None:
    """Whatever became of it: also when the run never finished."""
    applied(outputs, "2-apply", clock, "approved", "sending")

    assert used_by(outputs, "contoso", PLAN) == "2-apply"
    assert used_by(outputs, "contoso", OTHER) == ""


def test_the_same_plan_made_anew_can_be_approved_anew_and_is_used_up_again(outputs: Path, clock: Clock) -> None:
    applied(outputs, "2-apply", clock, "approved", "sending")
    planned(outputs, "3-plan", clock, OTHER)
    assert used_by(outputs, "contoso", PLAN) == "2-apply"

    planned(outputs, "4-plan", clock)
    assert used_by(outputs, "contoso", PLAN) == ""

    applied(outputs, "5-apply", clock, "approved", "sending")
    assert used_by(outputs, "contoso", PLAN) == "5-apply"


def test_a_plan_that_never_finished_was_shown_to_nobody(outputs: Path, clock: Clock) -> None:
    applied(outputs, "2-apply", clock, "approved", "sending")
    with RunDirectory.create(outputs, "contoso", "3-plan", Redactor()).journal(clock) as journal:
        journal.record("opened", parameters={"mode": "plan"})

    assert used_by(outputs, "contoso", PLAN) == "2-apply"


def test_a_journal_that_cannot_be_read_may_hide_a_sending(outputs: Path, clock: Clock) -> None:
    """What it hides is at most as new as the file; a plan made after that settles it."""
    journal = applied(outputs, "2-apply", clock, "approved", "sending") / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"opened", b"closed"))
    os.utime(journal, (2**31, 2**31))
    assert used_by(outputs, "contoso", PLAN) == "2-apply"

    os.utime(journal, (0, 0))
    assert used_by(outputs, "contoso", PLAN) == ""
    assert used_by(outputs, "contoso", OTHER) == "2-apply"


def test_records_that_cannot_be_read_are_an_error(outputs: Path) -> None:
    with pytest.raises(EvidenceError):
        used_by(outputs, "missing", PLAN)
