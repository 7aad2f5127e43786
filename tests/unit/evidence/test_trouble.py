"""What a machine does to a record: full disks, folders that may not be written, paths that are too long, clocks that go back, two at
once. Each is said for what it is, in both languages, and what was there before is still there.
"""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Holder, Journal, Redactor, RunDirectory, alone, read_journal
from runbook_lib.evidence.files import cannot_write
from runbook_lib.ports import Answer

HOLDER = Holder("camille", "JUMP01", 4242, "20261130T080000Z-plan-1", "2026-11-30 08:00:00 UTC")

# Each writer of a run's folder meets a disk that takes no byte more: the limit counts for this process as a full disk would.
FULL = """
import resource, sys
from pathlib import Path
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Redactor, RunDirectory
from runbook_lib.ports import Answer

folder, most = Path(sys.argv[1]), int(sys.argv[2])
run = RunDirectory(folder, Redactor(["s3cret-of-2026"]))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
writers = {
    "json": lambda: run.write_json("result.json", {"new": "x" * 2000}),
    "text": lambda: run.write_text("report.html", "x" * 2000),
    "answer": lambda: run.keep_answers("tenant", Answer("host", {"x": "y" * 2000}, "", "")),
    "word": lambda: run.keep_attestation("attestation.yml", b"x" * 2000),
    "ledger": lambda: run.write_json("small.json", {"a": "s3cret-of-2026"}),
}
for name, write in writers.items():
    try:
        write()
        print(name, "written")
    except EvidenceError as error:
        print(name, error.message.key)
"""

# Whoever is not the owner may not write: for root nothing is forbidden, so the process becomes somebody else.
FORBIDDEN = """
import os, sys
from pathlib import Path
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Redactor, RunDirectory

if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
try:
    RunDirectory.create(Path(sys.argv[1]), "contoso", "run", Redactor())
except EvidenceError as error:
    print(error.message.key)
    print(error.say("en"))
    print(error.say("fr"))
"""

HOLDING = """
import sys, time
from pathlib import Path
from runbook_lib.evidence import Holder, alone

with alone(Path(sys.argv[1]), "contoso", Holder("camille", "JUMP01", 4242, "the-run", "2026-11-30 08:00:00 UTC")):
    print("in", flush=True)
    time.sleep(60)
"""


class SetClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory.create(tmp_path / "outputs", "contoso", "run", Redactor())


def ran(program: str, *arguments: Any) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.stdout.splitlines()


def test_a_full_disk_is_called_that_by_every_writer_and_the_old_files_stay(run: RunDirectory) -> None:
    run.write_json("result.json", {"old": True})
    run.write_text("report.html", "old")
    before = {path.name: path.read_bytes() for path in run.path.iterdir()}

    said = dict(line.split() for line in ran(FULL, run.path, 20))

    assert said == dict.fromkeys(("json", "text", "answer", "word", "ledger"), "evidence-disk-full")
    left = {path.name: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    assert {name: left[name] for name in before} == before
    assert "small.json" not in left  # what could not be accounted for was not written


def test_a_folder_that_may_not_be_written_is_called_that() -> None:
    with TemporaryDirectory(prefix="forbidden-") as folder:  # where also somebody else may look
        Path(folder).chmod(0o755)
        outputs = Path(folder) / "outputs"
        outputs.mkdir()
        outputs.chmod(0o555)

        key, english, french = ran(FORBIDDEN, outputs)

        assert key == "evidence-not-allowed"
        assert "you may not write there" in english
        assert "vous n'avez pas le droit d'y écrire" in french
        assert list(outputs.iterdir()) == []


def test_a_path_that_is_too_long_is_called_that(tmp_path: Path) -> None:
    outputs = tmp_path / ("o" * 300)

    with pytest.raises(EvidenceError) as refused:
        RunDirectory.create(outputs, "contoso", "run", Redactor())

    assert "this long" in refused.value.say("en")
    assert "aussi long" in refused.value.say("fr")
    assert str(len(str(outputs / "contoso" / "run"))) in refused.value.say("en")


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "evidence-disk-full"),
        (errno.EDQUOT, "evidence-disk-full"),
        (errno.EROFS, "evidence-not-allowed"),
        (errno.EACCES, "evidence-not-allowed"),
        (errno.ENAMETOOLONG, "evidence-path-too-long"),
        (errno.EIO, "evidence-cannot-write"),
    ],
)
def test_what_the_system_says_decides_what_a_person_is_told(number: int, key: str) -> None:
    error = cannot_write(Path("x"), OSError(number, os.strerror(number)))

    assert error.message.key == key
    assert all(error.say(language) for language in ("en", "fr"))


def test_a_second_run_is_told_who_is_in_the_way_and_since_when(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path)], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(EvidenceError) as refused, alone(tmp_path, "contoso", HOLDER):
            raise AssertionError
        other.kill()

    for said in (refused.value.say("en"), refused.value.say("fr")):
        assert all(part in said for part in ("camille", "JUMP01", "4242", "the-run", "2026-11-30 08:00:00 UTC"))
    # It was killed, so its name still stands there: that keeps nobody out, and the next one's name replaces it.
    lock = tmp_path / "contoso" / ".lock"
    assert json.loads(lock.read_text())["run"] == "the-run"
    with alone(tmp_path, "contoso", HOLDER):
        assert json.loads(lock.read_text())["run"] == HOLDER.run
    assert lock.read_text() == ""


@pytest.mark.parametrize(("events", "is_refused"), [(["sending"], True), (["sending", "finished"], False), ([], False)])
def test_who_was_killed_while_sending_keeps_others_out_until_somebody_goes_on_with_it(
    run: RunDirectory, events: list[str], is_refused: bool
) -> None:
    outputs, lock = run.path.parents[1], run.path.parent / ".lock"
    with run.journal(SetClock()) as journal:
        for event in ("opened", *events):
            journal.record(event)
    lock.write_text(json.dumps(asdict(HOLDER) | {"run": "run"}), encoding="utf-8")

    with suppress(EvidenceError), alone(outputs, "contoso", HOLDER):
        assert not is_refused
    assert ("run" in lock.read_text()) == is_refused
    with alone(outputs, "contoso", replace(HOLDER, run="run")):
        pass
    with alone(outputs, "contoso", HOLDER):
        pass


@pytest.mark.parametrize("content", ["", "{", "[]", '{"account": "x"}', "\udcff"])
def test_a_lock_that_names_nobody_keeps_others_out_all_the_same(tmp_path: Path, content: str) -> None:
    with alone(tmp_path, "contoso", HOLDER):
        (tmp_path / "contoso" / ".lock").write_bytes(content.encode("utf-8", "surrogateescape"))
        with pytest.raises(EvidenceError, match="Another run") as refused, alone(tmp_path, "contoso", HOLDER):
            raise AssertionError
    assert refused.value.message.key == "evidence-run-in-progress"


def test_a_clock_that_is_set_back_is_noted_before_the_line_and_read_again(run: RunDirectory) -> None:
    clock = SetClock()
    with run.journal(clock) as journal:
        journal.record("first")
        clock.sleep(-0.5)  # as a time server does it, every day
        journal.record("second")
        clock.sleep(-3600)
        journal.record("third")
    clock.sleep(-60)
    with run.journal(clock) as journal:
        journal.record("of another attempt")

    read = read_journal(run.journal_path)

    events = ["first", "second", "clock-moved-back", "third", "clock-moved-back", "of another attempt"]
    assert [line.event for line in read] == events
    assert [line.n for line in read.went_back] == [3, 5]
    assert [line.data["before"] for line in read.went_back] == [read[1].at, read[3].at]


def writers() -> dict[str, Callable[[RunDirectory], object]]:
    return {
        "journal": lambda run: Journal(run.journal_path, SetClock(), Redactor()).close(),
        "file": lambda run: run.write_json("plan.json", {}),
        "answer": lambda run: run.keep_answers("tenant", Answer("host", {}, "", "")),
        "word": lambda run: run.keep_attestation("attestation.yml", b"x"),
        "ledger": lambda run: RunDirectory(run.path, Redactor(["a-secret"])).write_text("report.html", "a-secret"),
    }


@pytest.mark.parametrize("writer", sorted(writers()))
def test_a_folder_that_is_gone_is_an_error_for_every_writer(run: RunDirectory, writer: str) -> None:
    run.path.rmdir()

    with pytest.raises(EvidenceError) as refused:
        writers()[writer](run)
    assert refused.value.message.key == "evidence-cannot-write"
