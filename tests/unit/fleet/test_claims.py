"""Who may begin a run that workers might begin twice, and how one is judged whose worker was lost: by files alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from runbook_lib.errors import ParameterError
from runbook_lib.evidence import JOURNAL, Redactor, RunDirectory
from runbook_lib.fleet import Job, Outcome
from runbook_lib.fleet.cluster.address import Address
from runbook_lib.fleet.cluster.claims import at_work, closed, is_claimed, judged, next_attempt
from tests.fleet import NOW, At, Event, finished, opened

SENDING: Event = ("sending", {"change": {}})
RUN = "20261130T120000Z-run-000001"


def job(outputs: Path) -> Job:
    return Job(Path("book.ipynb"), "contoso", RUN, outputs, {"mode": "apply"})


def recorded(outputs: Path, *events: Event) -> Job:
    """A run that a worker has begun and that has this on record."""
    begun = job(outputs)
    assert is_claimed(begun, 1, "lost")
    with RunDirectory.create(outputs, begun.tenant, RUN, Redactor()).journal(At(NOW - timedelta(hours=1))) as journal:
        for event, data in (opened(begun.tenant, RUN), *events):
            journal.record(event, **data)
    return begun


def taken(run: Job) -> tuple[Job, int] | Outcome:
    return next_attempt(run, "another", lambda lost: judged(lost, patience=0))


def test_of_many_who_claim_a_run_at_the_same_time_one_has_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        claimed = list(pool.map(lambda number: is_claimed(job(tmp_path), 1, str(number)), range(64)))

    assert claimed.count(True) == 1


def test_a_run_that_was_sending_is_unknown_and_nobody_goes_on_with_it(tmp_path: Path) -> None:
    """However often Dask asks."""
    run = recorded(tmp_path, SENDING)

    for _ in range(3):
        outcome = taken(run)
        assert isinstance(outcome, Outcome)
        assert (outcome.exit_code, outcome.problem[:1]) == (4, "✖")


def test_a_run_that_sent_nothing_is_gone_on_with_once(tmp_path: Path) -> None:
    """In the record that it has; the third who comes finds that it failed."""
    run = recorded(tmp_path)

    second, third = taken(run), taken(run)

    assert isinstance(second, tuple)
    assert (second[0].goes_on, second[1]) == (True, 2)
    assert isinstance(third, Outcome)
    assert third.exit_code == 1


def test_a_run_that_left_no_record_is_begun_and_not_gone_on_with(tmp_path: Path) -> None:
    run = job(tmp_path)
    assert is_claimed(run, 1, "lost")

    again = taken(run)

    assert isinstance(again, tuple)
    assert (again[0].goes_on, again[1]) == (False, 2)


def test_a_run_that_came_to_its_end_is_not_begun_again(tmp_path: Path) -> None:
    """Its worker was lost before it could say so."""
    run = recorded(tmp_path, finished(0))
    (run.folder / "result.json").write_text(
        '{"exit_code": 0, "steps": {"c7": "verified"}, "plan": "", "page": "", "changes": []}', encoding="utf-8"
    )

    outcome = taken(run)

    assert isinstance(outcome, Outcome)
    assert (outcome.exit_code, dict(outcome.steps), outcome.problem) == (0, {"c7": "verified"}, "")


def test_a_run_that_somebody_may_still_be_at_is_not_judged(tmp_path: Path) -> None:
    """Nobody can tell what it is going to send: neither while the worker holds its claim, nor while the journal is written."""
    run = recorded(tmp_path)
    with at_work(run, 1):
        assert judged(run, patience=0).exit_code == 4
    with RunDirectory.resume(tmp_path, run.tenant, RUN, Redactor()).journal(At(NOW)):
        assert judged(run, patience=0).exit_code == 4

    assert judged(run, patience=0).exit_code == 1


def test_a_damaged_record_may_hold_anything(tmp_path: Path) -> None:
    run = recorded(tmp_path)
    (run.folder / JOURNAL).write_text("no journal\n", encoding="utf-8")

    outcome = taken(run)

    assert isinstance(outcome, Outcome)
    assert outcome.exit_code == 4


def test_once_the_command_has_given_up_on_a_run_nobody_begins_it(tmp_path: Path) -> None:
    run = job(tmp_path)

    assert closed(run, "command").exit_code == 1
    assert isinstance(taken(run), Outcome)
    assert not run.folder.exists()


@pytest.mark.parametrize(
    ("given", "is_readable"),
    [
        ("tcp://127.0.0.1:8786", False),
        ("tcp://localhost:8786", False),
        ("tcp://[::1]:8786", False),
        ("tls://scheduler.example.com:8786", False),
        ("tcp://scheduler.example.com:8786", True),
        ("tcp://10.0.0.5:8786", True),
    ],
)
def test_what_goes_in_clear_to_another_machine_is_known_to_be_readable(given: str, is_readable: bool) -> None:
    assert str(Address.read(given)) == given
    assert Address.read(given).is_readable == is_readable


@pytest.mark.parametrize(
    "given", ["", "tcp://", "10.0.0.5:8786", "tcp://host", "tcp://host:0", "tcp://a b:1", "tcp://h:1\n2"]
)
def test_what_is_no_address_of_a_scheduler_is_refused(given: str) -> None:
    with pytest.raises(ParameterError, match="no address of a scheduler"):
        Address.read(given)
