"""Records on shared storage: who may write the next line, who holds a tenant, and what is brought back, on a share."""

import json
import platform
from collections.abc import Callable
from pathlib import Path

import pytest

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.storage import Storage
from runbook_lib.errors import EvidenceError, RunbookError, UsageProblem
from runbook_lib.evidence import JOURNAL, Holder, Journal, Recorded, Redactor, RunDirectory, read_journal
from runbook_lib.wiring.fetching import fetch, give_up, held_by, runs_elsewhere, unlock
from runbook_lib.wiring.places import STORAGE
from runbook_lib.wiring.resuming import take_up
from runbook_lib.wiring.storing import StoredRun

RUN = "20261201T010203Z-preflight-abc123"
OTHER = "20261201T010204Z-preflight-def456"
NAME = f"contoso/{RUN}"


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def storage(share: Path) -> Storage:
    return Storage(share.as_uri())


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """The outputs of another machine."""
    return tmp_path / "elsewhere" / "outputs"


class Running:
    """A run on a machine of its own, whose journal is on a storage, too."""

    def __init__(self, outputs: Path, storage: Storage, *events: str) -> None:
        self.stored = StoredRun(storage, "contoso", RUN)
        self.directory = RunDirectory.create(outputs, "contoso", RUN, Redactor())
        self.journal = self.directory.journal(SystemClock(), self.stored)
        for event in events:
            self.journal.record(event, run=RUN)

    def going_on(self) -> Journal:
        """Another attempt at it, on its machine."""
        return self.directory.journal(SystemClock(), self.stored)


def holder(run: str) -> Holder:
    return Holder("ops", platform.node(), 4711, run, "2026-12-01 01:02:03 UTC")


def key_of(call: Callable[[], object]) -> str:
    with pytest.raises(RunbookError) as refused:
        call()
    return refused.value.message.key


def fetched(storage: Storage, to: Path, *runs: str) -> list[str]:
    return [each.run for each in fetch(storage, to, runs)]


def going_on_elsewhere(storage: Storage, to: Path) -> Journal:
    return Journal(to / NAME / JOURNAL, SystemClock(), Redactor(), StoredRun(storage, "contoso", RUN))


def test_a_line_is_on_the_storage_before_anything_follows_from_it(
    tmp_path: Path, storage: Storage, share: Path
) -> None:
    running = Running(tmp_path / "outputs", storage, "opened", "sending")

    lines = sorted((share / NAME / "journal").iterdir())
    assert [json.loads(line.read_bytes())["event"] for line in lines] == ["opened", "sending"]
    assert b"".join(line.read_bytes() for line in lines) == running.directory.journal_path.read_bytes()


def test_of_two_machines_that_go_on_with_one_run_one_records_nothing_more(
    tmp_path: Path, storage: Storage, to: Path
) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    fetched(storage, to)
    with going_on_elsewhere(storage, to) as journal:
        journal.record("resumed")

    assert key_of(lambda: running.journal.record("sending")) == "storage-run-elsewhere"
    assert key_of(lambda: running.journal.record("sending")) == "journal-stopped"


def test_a_copy_that_is_behind_cannot_be_gone_on_with(tmp_path: Path, storage: Storage, to: Path) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    fetched(storage, to)
    running.journal.record("sending")

    assert key_of(lambda: going_on_elsewhere(storage, to)) == "storage-run-elsewhere"


def test_lines_that_the_storage_refused_are_brought_to_it_by_the_next_attempt(
    tmp_path: Path, storage: Storage, share: Path
) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    journal = share / NAME / "journal"
    away = journal.rename(share / "away")
    journal.write_text("no folder")
    assert key_of(lambda: running.journal.record("sending")) == "storage-refused"
    running.journal.close()
    journal.unlink()
    away.rename(journal)

    with running.going_on() as again:
        again.record("resumed")
    assert b"".join(line.read_bytes() for line in sorted(journal.iterdir())) == (
        running.directory.journal_path.read_bytes()
    )


def test_a_line_that_a_crash_cut_short_is_fetched_as_torn_and_gone_on_after(
    tmp_path: Path, storage: Storage, share: Path, to: Path
) -> None:
    Running(tmp_path / "outputs", storage, "opened", "sending")
    last = share / NAME / "journal" / "000002.json"
    last.write_bytes(last.read_bytes()[:-20])
    fetched(storage, to)
    with going_on_elsewhere(storage, to) as journal:
        journal.record("resumed")

    assert [line.event for line in read_journal(to / NAME / JOURNAL)] == ["opened", "torn-line-removed", "resumed"]
    assert b"".join(line.read_bytes() for line in sorted(last.parent.iterdir())) == (to / NAME / JOURNAL).read_bytes()


def test_the_record_of_a_run_that_somebody_else_went_on_with_is_left_to_them(
    tmp_path: Path, storage: Storage, share: Path, to: Path
) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    fetched(storage, to)
    with going_on_elsewhere(storage, to) as journal:
        journal.record("resumed")
    assert key_of(lambda: running.journal.record("sending")) == "storage-run-elsewhere"
    running.directory.write_text("report.html", "<p>")

    assert key_of(lambda: running.stored.keep_all(running.directory.path)) == "storage-overtaken"
    running.stored.keep_all(to / NAME)
    assert (share / NAME / JOURNAL).read_bytes() == (to / NAME / JOURNAL).read_bytes()
    assert not (share / NAME / "report.html").exists()


def test_runs_of_which_the_storage_has_more_than_the_outputs_are_read_there(
    tmp_path: Path, storage: Storage, share: Path, to: Path
) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    fetched(storage, to)
    known = runs_elsewhere(share.as_uri(), to, "contoso")
    running.journal.record("sending")
    (found,) = runs_elsewhere(share.as_uri(), to, "contoso")

    assert known == []
    assert (found.run_id, [line.event for line in found.journal]) == (RUN, ["opened", "sending"])
    assert runs_elsewhere(share.as_uri(), to, "fabrikam") == []


def test_who_holds_a_tenant_keeps_every_other_run_out_and_is_named(storage: Storage) -> None:
    StoredRun(storage, "contoso", RUN).hold(holder(RUN))

    with pytest.raises(EvidenceError, match=r"of ops on .* \(process 4711\), since 2026-12-01"):
        StoredRun(storage, "contoso", OTHER).hold(holder(OTHER))
    StoredRun(storage, "fabrikam", OTHER).hold(holder(OTHER))


def test_another_attempt_at_a_run_takes_over_what_it_holds(storage: Storage) -> None:
    StoredRun(storage, "contoso", RUN).hold(holder(RUN))
    StoredRun(storage, "contoso", RUN).hold(Holder("ops", "host-2", 1, RUN, "now"))

    assert held_by(storage, "contoso") == Holder("ops", "host-2", 1, RUN, "now")


def test_only_the_run_that_holds_a_tenant_lets_others_in(tmp_path: Path, storage: Storage) -> None:
    StoredRun(storage, "contoso", RUN).hold(holder(RUN))
    StoredRun(storage, "contoso", OTHER).release(tmp_path)
    assert held_by(storage, "contoso") == holder(RUN)

    StoredRun(storage, "contoso", RUN).release(tmp_path)
    assert held_by(storage, "contoso") is None


def test_an_attempt_that_was_overtaken_lets_nobody_in(tmp_path: Path, storage: Storage, to: Path) -> None:
    """On the same machine, and on another one."""
    running = Running(tmp_path / "outputs", storage, "opened")
    running.stored.hold(holder(RUN))
    fetched(storage, to)
    with going_on_elsewhere(storage, to) as journal:
        journal.record("resumed")
    running.stored.release(running.directory.path)
    assert held_by(storage, "contoso") == holder(RUN)

    StoredRun(storage, "contoso", RUN).hold(Holder("ops", "host-2", 1, RUN, "now"))
    running.stored.release(to / NAME)
    assert held_by(storage, "contoso") == Holder("ops", "host-2", 1, RUN, "now")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"process": "x"}'])
def test_a_lock_that_says_nothing_holds_all_the_same(storage: Storage, content: bytes) -> None:
    storage.put("contoso/lock.json", content)

    assert key_of(lambda: StoredRun(storage, "contoso", RUN).hold(holder(RUN))) == "storage-held-by"


def test_a_run_that_was_given_up_before_its_first_line_can_be_unlocked(storage: Storage, to: Path) -> None:
    """A worker was killed after it had taken the tenant."""
    StoredRun(storage, "contoso", RUN).hold(holder(RUN))
    assert give_up(storage, NAME, Recorded())

    assert unlock(storage, to, NAME) == holder(RUN)
    assert held_by(storage, "contoso") is None


def test_a_record_that_is_here_is_completed_and_never_shortened(tmp_path: Path, storage: Storage, to: Path) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    fetched(storage, to)
    running.journal.record("sending")
    assert fetched(storage, to, NAME) == [NAME]
    assert len(read_journal(to / NAME / JOURNAL)) == 2

    with Journal(to / NAME / JOURNAL, SystemClock(), Redactor()) as alone:
        alone.record("noted")
    assert [each.is_ahead for each in fetch(storage, to, ["contoso"])] == [True]
    assert len(read_journal(to / NAME / JOURNAL)) == 3


def test_a_record_that_tells_otherwise_than_the_one_here_overwrites_nothing(
    tmp_path: Path, storage: Storage, to: Path
) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    fetched(storage, to)
    running.journal.record("sending")
    with Journal(to / NAME / JOURNAL, SystemClock(), Redactor()) as alone:
        alone.record("noted")
    before = (to / NAME / JOURNAL).read_bytes()

    assert key_of(lambda: fetched(storage, to)) == "fetch-disagrees"
    assert (to / NAME / JOURNAL).read_bytes() == before


def test_a_missing_line_or_a_changed_one_is_not_brought(
    tmp_path: Path, storage: Storage, share: Path, to: Path
) -> None:
    Running(tmp_path / "outputs", storage, "opened", "sending", "sent")
    second = share / NAME / "journal" / "000002.json"
    kept = second.read_bytes()
    second.write_bytes(kept.replace(b"sending", b"looking"))
    assert key_of(lambda: fetched(storage, to)) == "journal-damaged"

    second.unlink()
    assert key_of(lambda: fetched(storage, to)) == "fetch-line-missing"
    assert not (to / NAME / JOURNAL).exists()


def test_all_files_of_a_run_come_back_and_those_of_batches(tmp_path: Path, storage: Storage, to: Path) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    running.directory.write_text("report.html", "<p>")
    running.directory.keep_attestation("picture.png", b"\x89PNG")
    (running.directory.path.parent / f"preflight-contoso-{RUN}-0123456789ab.zip").write_bytes(b"PK")
    running.stored.keep_all(running.directory.path)
    storage.put("_batches/one.json", b"{}")
    fetched(storage, to)

    brought = {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*") if path.is_file()}
    assert brought == {
        f"{NAME}/{JOURNAL}": running.directory.journal_path.read_bytes(),
        f"{NAME}/report.html": b"<p>",
        f"{NAME}/attestations/picture.png": b"\x89PNG",
        f"contoso/preflight-contoso-{RUN}-0123456789ab.zip": b"PK",
        "_batches/one.json": b"{}",
    }
    assert {path.stat().st_mode & 0o77 for path in (to / "contoso").rglob("*")} == {0}


def test_a_name_that_leads_elsewhere_is_left_where_it_is(
    tmp_path: Path, storage: Storage, share: Path, to: Path
) -> None:
    Running(tmp_path / "outputs", storage, "opened")
    for name in ("..evil", ".hidden", "a b", "x\\y"):
        (share / NAME / name).write_text("no")
    fetched(storage, to)

    assert [path.name for path in (to / NAME).iterdir()] == [JOURNAL]
    assert key_of(lambda: fetched(storage, to, "../contoso")) == "evidence-bad-name"


def test_a_run_that_nobody_has_is_told(storage: Storage, to: Path) -> None:
    assert key_of(lambda: fetched(storage, to, NAME)) == "fetch-no-run"
    assert fetched(storage, to) == []


def test_a_run_that_was_killed_before_its_first_line_can_be_unlocked_and_begins_no_more(
    tmp_path: Path, storage: Storage, share: Path, to: Path
) -> None:
    stored = StoredRun(storage, "contoso", RUN)
    stored.hold(holder(RUN))

    assert unlock(storage, to, NAME) == holder(RUN)
    assert held_by(storage, "contoso") is None
    assert key_of(lambda: Running(tmp_path / "outputs", storage, "opened")) == "storage-run-elsewhere"
    (who,) = [json.loads(path.read_bytes()) for path in (share / "contoso" / "_unlocked").iterdir()]
    assert (who["held"]["run"], set(who)) == (RUN, {"by", "host", "at", "held"})
    assert fetched(storage, to) == []


def test_a_run_that_sent_nothing_can_be_unlocked_and_records_nothing_more(
    tmp_path: Path, storage: Storage, to: Path
) -> None:
    running = Running(tmp_path / "outputs", storage, "opened")
    running.stored.hold(holder(RUN))
    fetched(storage, to)
    unlock(storage, to, NAME)

    assert key_of(lambda: running.journal.record("sending")) == "storage-run-elsewhere"
    assert read_journal(to / NAME / JOURNAL)[-1].event == "unlocked"


def test_a_run_that_sent_something_is_not_unlocked_before_somebody_looked(
    tmp_path: Path, storage: Storage, to: Path
) -> None:
    running = Running(tmp_path / "outputs", storage, "opened", "sending")
    running.stored.hold(holder(RUN))
    fetched(storage, to)
    with pytest.raises(UsageProblem, match="nobody has looked since"):
        unlock(storage, to, NAME)
    assert held_by(storage, "contoso") == holder(RUN)

    running.journal.record("finished", exit_code=4)
    fetched(storage, to)
    unlock(storage, to, NAME)
    assert held_by(storage, "contoso") is None


def test_a_run_that_holds_nothing_is_not_unlocked(storage: Storage, to: Path) -> None:
    StoredRun(storage, "contoso", OTHER).hold(holder(OTHER))

    assert key_of(lambda: unlock(storage, to, NAME)) == "unlock-not-held"


def test_a_run_on_a_storage_is_not_gone_on_with_where_the_storage_is_not_reached(
    tmp_path: Path, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = Running(tmp_path / "outputs", storage)
    said = {"tenant": {"name": "contoso"}, "mode": "apply"}
    running.journal.record("opened", runbook="preflight", run=RUN, parameters=said, storage=storage.url)

    assert key_of(lambda: take_up(running.directory, running.journal, "preflight", ())) == "resume-on-storage"
    monkeypatch.setenv(STORAGE, storage.url)
    take_up(running.directory, running.journal, "preflight", ())
    assert read_journal(running.directory.journal_path)[-1].event == "resumed"
