"""Who may begin a run that workers might begin twice, and how one is judged whose worker was lost: by its record alone, be it in a
folder that all machines see or on a storage that they have in common.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from runbook_lib.errors import EvidenceError, ParameterError
from runbook_lib.evidence import JOURNAL, Journal, Redactor, RunDirectory, read_journal
from runbook_lib.fleet import Job, Outcome
from runbook_lib.fleet.cluster.address import Address
from runbook_lib.fleet.cluster.claims import Attempt, brought, closed, is_claimed, judged, next_attempt, own
from runbook_lib.fleet.cluster.in_common import Common, common_of
from runbook_lib.wiring.storing import StoredRun, storage_at
from tests.fleet import NOW, At, Event, finished, opened

SENDING: Event = ("sending", {"change": {}})
RUN = "20261130T120000Z-run-000001"
RESULT = '{"exit_code": 0, "steps": {"c7": "verified"}, "plan": "", "page": "", "changes": []}'


@dataclass(frozen=True)
class Fleet:
    """A worker that is lost, another one and the command, and what they have in common."""

    lost: Path
    another: Path
    command: Path
    share: Path
    storage: str = ""

    @property
    def common(self) -> Common:
        return common_of(self.lost, self.storage)

    @property
    def stored(self) -> StoredRun | None:
        storage = storage_at(self.storage)
        return StoredRun(storage, "contoso", RUN) if storage else None

    def job(self, outputs: Path) -> Job:
        return Job(Path("book.ipynb"), "contoso", RUN, outputs, {"mode": "apply"}, storage=self.storage)

    def working(self, *events: Event) -> Journal:
        """A run that the worker has begun, as it goes on writing it."""
        assert is_claimed(self.common, self.job(self.lost), 1, "lost")
        directory = RunDirectory.create(self.lost, "contoso", RUN, Redactor())
        journal = directory.journal(At(NOW - timedelta(hours=1)), self.stored)
        for event, data in (opened("contoso", RUN), *events):
            journal.record(event, **data)
        return journal

    def begun(self, *events: Event) -> Job:
        """A run that the worker has begun, that has this on record, and that nobody writes any more."""
        self.working(*events).close()
        return self.job(self.lost)

    def going_on(self, job: Job) -> Journal:
        """What another attempt writes, on the machine of the job."""
        return RunDirectory.resume(job.outputs, "contoso", RUN, Redactor()).journal(At(NOW), self.stored)

    def taken(self) -> Attempt | Outcome:
        """What the other worker makes of the run when it is asked to carry it out."""
        return next_attempt(self.common, self.job(self.another), "another", patience=0)

    def given_up(self) -> Outcome:
        """How the command ends the run when no worker is left that could tell."""
        job = self.job(self.command)
        return brought(self.common, job, closed(self.common, job, "command"))


def in_folder(top: Path) -> Fleet:
    outputs = top / "outputs"
    return Fleet(outputs, outputs, outputs, top)


def on_storage(top: Path) -> Fleet:
    """Every machine has outputs of its own."""
    share = top / "share"
    share.mkdir()
    return Fleet(top / "lost", top / "another", top / "command", share, share.as_uri())


def on_storage_and_one_machine(top: Path) -> Fleet:
    """The two workers have their outputs in common, as those of one machine."""
    return replace(on_storage(top), another=top / "lost")


@pytest.fixture(params=[in_folder, on_storage, on_storage_and_one_machine])
def fleet(request: pytest.FixtureRequest, tmp_path: Path) -> Fleet:
    made: Fleet = request.param(tmp_path)
    return made


def ended(outcome: object) -> Outcome:
    assert isinstance(outcome, Outcome)
    return outcome


def attempt(taken: object) -> Attempt:
    assert isinstance(taken, Attempt)
    return taken


def events(outputs: Path) -> list[str]:
    return [line.event for line in read_journal(outputs / "contoso" / RUN / JOURNAL)]


def key_of(call: Callable[[], object]) -> str:
    with pytest.raises(EvidenceError) as refused:
        call()
    return refused.value.message.key


def test_of_many_who_claim_a_run_at_the_same_time_one_has_it(fleet: Fleet) -> None:
    with ThreadPoolExecutor(16) as pool:
        job, common = fleet.job(fleet.lost), fleet.common
        claimed = list(pool.map(lambda number: is_claimed(common, job, 1, str(number)), range(64)))

    assert claimed.count(True) == 1


def test_a_run_that_was_sending_is_unknown_and_nobody_goes_on_with_it(fleet: Fleet) -> None:
    """However often Dask asks."""
    fleet.begun(SENDING)

    for _ in range(3):
        outcome = ended(fleet.taken())
        assert (outcome.exit_code, outcome.problem[:1]) == (4, "✖")
    assert fleet.given_up().exit_code == 4
    assert events(fleet.command) == ["opened", "sending"]


def test_a_run_that_sent_nothing_is_gone_on_with_once(fleet: Fleet) -> None:
    """In the record that it has; the third who comes finds that it failed."""
    fleet.begun()

    second = attempt(fleet.taken())
    with fleet.going_on(second.job) as journal:
        journal.record("resumed")

    assert (second.job.goes_on, second.number, second.job.outputs) == (True, 2, fleet.another)
    assert ended(fleet.taken()).exit_code == 1


def test_a_run_that_left_no_record_is_begun_and_not_gone_on_with(fleet: Fleet) -> None:
    assert is_claimed(fleet.common, fleet.job(fleet.lost), 1, "lost")

    again = attempt(fleet.taken())

    assert (again.job.goes_on, again.number) == (False, 2)


def test_a_run_that_came_to_its_end_is_not_begun_again(fleet: Fleet) -> None:
    """Its worker was lost before it could say so."""
    run = fleet.begun(finished(0))
    (run.folder / "result.json").write_text(RESULT, encoding="utf-8")
    if fleet.stored:
        fleet.stored.keep_all(run.folder)

    outcome = ended(fleet.taken())

    assert (outcome.exit_code, dict(outcome.steps), outcome.problem) == (0, {"c7": "verified"}, "")


def test_a_run_that_somebody_may_still_be_at_is_not_judged(tmp_path: Path) -> None:
    """Nobody can tell what it is going to send: neither while the worker holds its claim, nor while the journal is written."""
    fleet = in_folder(tmp_path)
    run = fleet.begun()
    with fleet.common.at_work(run, 1):
        assert judged(fleet.common, run, patience=0).exit_code == 4
    with fleet.going_on(run):
        assert judged(fleet.common, run, patience=0).exit_code == 4

    assert judged(fleet.common, run, patience=0).exit_code == 1


def test_a_damaged_record_may_hold_anything(fleet: Fleet) -> None:
    run = fleet.begun()
    (run.folder / JOURNAL).write_text("no journal\n", encoding="utf-8")
    for line in (fleet.share / "contoso" / RUN).rglob("*.json"):
        line.write_text("no line\n", encoding="utf-8")

    assert ended(fleet.taken()).exit_code == 4


def test_once_the_command_has_given_up_on_a_run_nobody_begins_it(fleet: Fleet) -> None:
    run = fleet.job(fleet.another)

    assert fleet.given_up().exit_code == 1
    assert isinstance(fleet.taken(), Outcome)
    assert not run.folder.exists()


def test_only_who_has_the_same_in_common_sees_its_mark(fleet: Fleet, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = common_of(elsewhere, elsewhere.as_uri() if fleet.storage else "")
    with fleet.common.marked() as mark:
        seen = [fleet.common.sees(mark), other.sees(mark)]

    assert seen == [True, False]
    assert not fleet.common.sees(mark)


def test_a_worker_that_sends_after_it_was_looked_for_makes_the_run_unknown_and_the_other_sends_nothing(
    tmp_path: Path,
) -> None:
    """The race: it was not dead, and its line is there before the first one of the second attempt."""
    fleet = on_storage(tmp_path)
    alive = fleet.working()
    second = attempt(fleet.taken())
    alive.record("sending")

    assert key_of(lambda: fleet.going_on(second.job)) == "storage-run-elsewhere"
    outcome = own(fleet.common, second, Outcome("contoso", second.job.folder, 1, problem="refused"))
    assert outcome.exit_code == 4
    assert fleet.given_up().exit_code == 4
    assert events(fleet.command) == ["opened", "sending"]


def test_a_worker_that_is_overtaken_sends_nothing_and_has_no_say_in_how_the_run_ended(tmp_path: Path) -> None:
    """The race the other way round: the second attempt is the first to write."""
    fleet = on_storage(tmp_path)
    alive = fleet.working()
    second = attempt(fleet.taken())
    with fleet.going_on(second.job) as journal:
        journal.record("resumed")
        assert key_of(lambda: alive.record("sending")) == "storage-run-elsewhere"
        alive.close()
        for event, data in (SENDING, finished(0)):
            journal.record(event, **data)
    (second.job.folder / "result.json").write_text(RESULT, encoding="utf-8")
    assert fleet.stored
    fleet.stored.keep_all(second.job.folder)

    own_outcome = Outcome("contoso", second.job.folder, 0)
    of_the_first = own(fleet.common, Attempt(fleet.job(fleet.lost)), Outcome("contoso", fleet.lost, 4))
    assert own(fleet.common, second, own_outcome) is own_outcome
    assert of_the_first.exit_code == 1  # its files are here no more: it says no better than the lines
    assert fleet.given_up().exit_code == 0
    assert events(fleet.command) == ["opened", "resumed", "sending", "finished"]


def test_a_run_that_was_given_up_sends_nothing_although_its_worker_lives(tmp_path: Path) -> None:
    fleet = on_storage(tmp_path)
    alive = fleet.working()

    assert fleet.given_up().exit_code == 1
    assert key_of(lambda: alive.record("sending")) == "storage-run-elsewhere"
    assert events(fleet.command) == ["opened", "given-up"]
    assert fleet.given_up().exit_code == 1
    assert events(fleet.command) == ["opened", "given-up"]


def test_a_run_that_was_given_up_before_its_first_line_is_never_begun(tmp_path: Path) -> None:
    fleet = on_storage(tmp_path)
    assert is_claimed(fleet.common, fleet.job(fleet.lost), 1, "lost")
    assert fleet.given_up().exit_code == 1

    directory = RunDirectory.create(fleet.lost, "contoso", RUN, Redactor())
    with directory.journal(At(NOW)) as alone:
        assert alone
    assert key_of(lambda: fleet.going_on(fleet.job(fleet.lost)).record("opened")) == "storage-run-elsewhere"
    assert fleet.given_up().exit_code == 1
    assert not (fleet.command / "contoso" / RUN).exists()


def test_a_second_attempt_that_recorded_nothing_leaves_no_doubt_that_nothing_is_sent(tmp_path: Path) -> None:
    """It could not even begin, and the worker that was lost lives: the run is given up before it is said to have failed."""
    fleet = on_storage(tmp_path)
    alive = fleet.working()
    second = attempt(fleet.taken())
    outcome = own(fleet.common, second, Outcome("contoso", second.job.folder, 1, problem="no kernel"))

    assert outcome.exit_code == 1
    assert key_of(lambda: alive.record("sending")) == "storage-run-elsewhere"
    assert fleet.given_up().exit_code == 1
    assert events(fleet.command) == ["opened", "given-up"]


def test_a_line_that_a_lost_worker_had_on_its_disk_alone_is_not_lost_on_its_machine(tmp_path: Path) -> None:
    """It was killed between the disk and the storage. What it was about to send is unknown, and not sent."""
    fleet = on_storage_and_one_machine(tmp_path)
    fleet.begun()
    with Journal(fleet.lost / "contoso" / RUN / JOURNAL, At(NOW), Redactor()) as alone:
        alone.record("sending")

    assert ended(fleet.taken()).exit_code == 4
    assert fleet.given_up().exit_code == 4
    assert events(fleet.command) == ["opened", "sending"]


def test_a_run_whose_end_is_on_record_and_whose_files_are_not_has_failed_after_it(tmp_path: Path) -> None:
    """Its machine was lost before it could bring them. What it said itself is worse, or it stays."""
    fleet = on_storage(tmp_path)
    fleet.begun(SENDING, finished(0))
    outcome = ended(fleet.taken())

    assert outcome.exit_code == fleet.given_up().exit_code == 1
    assert "the machine was lost at the very end" in outcome.problem


def test_a_record_that_cannot_be_brought_is_named_with_the_command_that_brings_it_and_changes_no_outcome(
    tmp_path: Path,
) -> None:
    fleet = on_storage(tmp_path)
    fleet.begun(finished(0))
    here = fleet.job(fleet.command)
    here.outputs.write_text("a file where the folder should be", encoding="utf-8")
    outcome = brought(fleet.common, here, Outcome("contoso", here.folder, 3, changes=({},)))

    assert (outcome.exit_code, outcome.changes) == (3, ())
    assert f"runbook fetch {fleet.storage} contoso/{RUN}" in outcome.problem


def test_a_record_that_says_more_than_the_worker_is_believed(tmp_path: Path) -> None:
    """The worker was refused by the storage, for one, and could not know that an earlier one had sent something."""
    fleet = on_storage(tmp_path)
    fleet.begun(SENDING)
    here = fleet.job(fleet.command)

    assert brought(fleet.common, here, Outcome("contoso", here.folder, 1)).exit_code == 4


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
