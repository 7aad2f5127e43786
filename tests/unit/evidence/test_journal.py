"""The journal: what was recorded is on the disk, in order, unchanged; anything else is an error."""

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Journal, Redactor, read_journal
from runbook_lib.ports import Clock

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def three_lines(path: Path, clock: Clock) -> Path:
    """A journal of three events."""
    with Journal(path, clock, Redactor()) as journal:
        journal.record("run-started", runbook="preflight")
        journal.record("sending", step="c7", change={"after": True})
        journal.record("run-finished")
    return path


def refusal(error: EvidenceError) -> tuple[str, Any]:
    """Return the key of the message, and the line it names."""
    return error.message.key, error.message.arguments.get("line")


def damage_of(path: Path) -> tuple[str, Any]:
    with pytest.raises(EvidenceError) as caught:
        read_journal(path)
    return refusal(caught.value)


def test_what_was_recorded_is_read_back_in_order(three_lines: Path) -> None:
    read = read_journal(three_lines)

    assert [(line.n, line.event) for line in read] == [(1, "run-started"), (2, "sending"), (3, "run-finished")]
    assert read[1].data == {"step": "c7", "change": {"after": True}}
    assert [line.at for line in read[:2]] == ["2026-11-22T15:11:43.000005Z", "2026-11-22T15:11:44.000005Z"]
    assert read.torn == b""


def test_each_line_holds_the_hash_of_the_line_before(three_lines: Path) -> None:
    """As anybody can check without the kit: SHA-256 of the line without its newline."""
    lines = three_lines.read_bytes().splitlines()
    hashes = ["0" * 64, *(hashlib.sha256(line).hexdigest() for line in lines)]

    assert [json.loads(line)["previous"] for line in lines] == hashes[:-1]
    assert read_journal(three_lines).head == hashes[-1]


def test_only_the_owner_can_read_it(three_lines: Path) -> None:
    """Windows has no such modes: there, the folder of the user decides."""
    assert os.name != "posix" or stat.S_IMODE(three_lines.stat().st_mode) == 0o600


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(data=JSON, event=st.text())
def test_any_json_data_is_recorded_and_the_chain_holds(tmp_path: Path, clock: Clock, data: Any, event: str) -> None:
    path = tmp_path / "journal.jsonl"
    path.unlink(missing_ok=True)
    with Journal(path, clock, Redactor()) as journal:
        journal.record(event, data=data)
        journal.record("next")

    assert [line.n for line in read_journal(path)] == [1, 2]


def test_numbers_that_readers_of_json_would_round_are_kept_as_text(path: Path, clock: Clock) -> None:
    with Journal(path, clock, Redactor()) as journal:
        journal.record("seen", last_set=133768123456789012, count=7, ratio=float("inf"))

    assert read_journal(path)[0].data == {"last_set": "133768123456789012", "count": 7, "ratio": "inf"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(data=st.data())
def test_any_change_to_a_line_before_the_last_is_found(three_lines: Path, data: st.DataObject) -> None:
    """One byte replaced, removed or added anywhere in the first two lines names one of those lines, or the next."""
    content = three_lines.read_bytes()
    end = content.rindex(b"\n", 0, -1)
    at = data.draw(st.integers(0, end - 1))
    put = data.draw(st.binary(max_size=1).filter(lambda byte: byte != content[at : at + 1]))
    changed = three_lines.with_name("changed.jsonl")
    changed.write_bytes(content[:at] + put + content[at + 1 :])

    key, line = damage_of(changed)

    assert key == "journal-damaged"
    assert line in {1, 2, 3}


@pytest.mark.parametrize("without", [0, 1])
def test_a_removed_line_is_found(three_lines: Path, without: int) -> None:
    lines = three_lines.read_bytes().splitlines(keepends=True)
    three_lines.write_bytes(b"".join(lines[:without] + lines[without + 1 :]))

    assert damage_of(three_lines) == ("journal-damaged", without + 1)


def test_a_line_made_by_somebody_else_is_found(three_lines: Path) -> None:
    """Also when it is JSON, has the next number, and only its link is wrong."""
    forged = {"n": 4, "at": "", "event": "approved", "data": {}, "previous": "0" * 64}
    with three_lines.open("ab") as stream:
        stream.write(json.dumps(forged, separators=(",", ":"), sort_keys=True).encode() + b"\n")

    assert damage_of(three_lines) == ("journal-damaged", 4)


@pytest.mark.parametrize("line", [b"", b"[]", b"1", b'{"n":1}', b"\xff", b"[" * 100_000, b'{"digest":1}'])
def test_a_line_that_is_no_event_is_damage(path: Path, line: bytes) -> None:
    path.write_bytes(line + b"\n")

    assert damage_of(path) == ("journal-damaged", 1)


def test_a_journal_that_is_not_there_is_an_error(path: Path) -> None:
    assert damage_of(path)[0] == "evidence-cannot-read"


def test_wherever_a_crash_cuts_it_the_lines_before_are_read_and_the_rest_is_torn(three_lines: Path) -> None:
    content = three_lines.read_bytes()
    for length in range(len(content)):
        three_lines.write_bytes(content[:length])
        read = read_journal(three_lines)

        assert len(read) == content.count(b"\n", 0, length)
        assert content[:length].endswith(read.torn)


def test_a_run_that_goes_on_continues_the_chain(three_lines: Path, clock: Clock) -> None:
    with Journal(three_lines, clock, Redactor()) as journal:
        journal.record("run-resumed")

    assert [line.n for line in read_journal(three_lines)] == [1, 2, 3, 4]


def test_a_torn_line_is_removed_by_the_next_writer_and_the_removal_recorded(three_lines: Path, clock: Clock) -> None:
    torn = b'{"at":"2026-11-22T15:11:45.0\xc3'
    with three_lines.open("ab") as stream:
        stream.write(torn)

    with Journal(three_lines, clock, Redactor()) as journal:
        journal.record("run-resumed")

    *_, removed, last = read_journal(three_lines)
    assert (removed.event, removed.data["bytes"]) == ("torn-line-removed", len(torn))
    assert removed.data["text"] == torn.decode("utf-8", "replace")
    assert last.event == "run-resumed"


def test_a_damaged_journal_is_not_continued(three_lines: Path, clock: Clock) -> None:
    content = three_lines.read_bytes().replace(b"true", b"null")
    three_lines.write_bytes(content)

    with pytest.raises(EvidenceError) as caught:
        Journal(three_lines, clock, Redactor())

    assert refusal(caught.value) == ("journal-damaged", 3)
    assert three_lines.read_bytes() == content


def test_a_second_writer_is_refused_until_the_first_is_done(path: Path, clock: Clock) -> None:
    first = Journal(path, clock, Redactor())
    with pytest.raises(EvidenceError) as caught:
        Journal(path, clock, Redactor())
    assert caught.value.message.key == "journal-in-use"

    first.close()
    first.close()
    Journal(path, clock, Redactor()).close()


def test_events_of_several_threads_do_not_mix(path: Path, clock: Clock) -> None:
    with Journal(path, clock, Redactor()) as journal:

        def work(name: int) -> None:
            for number in range(20):
                journal.record("tick", thread=name, number=number)

        threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    read = read_journal(path)
    assert len(read) == 80
    for name in range(4):
        assert [line.data["number"] for line in read if line.data["thread"] == name] == list(range(20))


class Interrupting:
    """Where lines are kept beyond the file. While the first one is kept, somebody presses Ctrl+C."""

    def catch_up(self, lines: Sequence[bytes]) -> None:
        self.kept = list(lines)

    def keep(self, number: int, line: bytes) -> None:
        if number == 1:
            signal.raise_signal(signal.SIGINT)
        self.kept.append(line)


def test_an_interrupt_in_the_middle_of_a_line_comes_when_it_is_written_and_more_can_be_recorded(
    path: Path, clock: Clock
) -> None:
    beyond = Interrupting()
    with Journal(path, clock, Redactor(), beyond) as journal:
        with pytest.raises(KeyboardInterrupt):
            journal.record("step-started")
        journal.record("interrupted")

    assert [line.event for line in read_journal(path)] == ["step-started", "interrupted"]
    assert b"".join(beyond.kept) == path.read_bytes()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_recording_after_closing_is_an_error(path: Path, clock: Clock) -> None:
    journal = Journal(path, clock, Redactor())
    journal.close()

    with pytest.raises(EvidenceError) as caught:
        journal.record("late")
    assert caught.value.message.key == "evidence-cannot-write"
    with pytest.raises(EvidenceError) as caught:
        journal.record("later")
    assert caught.value.message.key == "journal-stopped"


def test_a_place_that_cannot_be_written_is_an_error_at_once(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "missing" / "journal.jsonl", tmp_path / "file" / "journal.jsonl", tmp_path):
        with pytest.raises(EvidenceError) as caught:
            Journal(path, clock, Redactor())
        assert caught.value.message.key == "evidence-cannot-write"


def test_a_link_in_place_of_the_journal_is_not_followed(path: Path, clock: Clock) -> None:
    elsewhere = path.with_name("elsewhere")
    elsewhere.touch()
    path.symlink_to(elsewhere)

    with pytest.raises(EvidenceError):
        Journal(path, clock, Redactor())
    assert elsewhere.read_bytes() == b""


@pytest.mark.parametrize("meddle", ["remove", "replace", "append"])
def test_a_journal_that_somebody_touches_during_the_run_stops_it(path: Path, clock: Clock, meddle: str) -> None:
    with Journal(path, clock, Redactor()) as journal:
        journal.record("sending")
        content = path.read_bytes()
        if meddle == "append":
            with path.open("ab") as stream:
                stream.write(b"x")
        else:
            path.unlink()
            if meddle == "replace":
                path.write_bytes(content)

        with pytest.raises(EvidenceError) as caught:
            journal.record("sending")
        assert caught.value.message.key == "journal-moved"
        with pytest.raises(EvidenceError):
            journal.record("sending")


def test_what_is_no_json_data_is_an_error_and_writes_nothing(path: Path, clock: Clock) -> None:
    with Journal(path, clock, Redactor()) as journal:
        with pytest.raises(EvidenceError) as caught:
            journal.record("seen", value=b"bytes")
        assert caught.value.message.arguments["detail"] == "bytes"
        nested: list[Any] = []
        nested.append(nested)
        with pytest.raises(EvidenceError):
            journal.record("seen", value=nested)
        journal.record("run-failed")

    assert [line.event for line in read_journal(path)] == ["run-failed"]


FULL_DISK = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Journal, Redactor

class Now:
    def now(self): return datetime.now(UTC)
    def sleep(self, seconds): pass

resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
journal = Journal(Path(sys.argv[1]), Now(), Redactor())
for number in range(100):
    try:
        journal.record("tick", number=number)
    except EvidenceError as error:
        print(number, error.message.key)
        if error.message.key == "journal-stopped":
            break
"""


def test_a_full_disk_stops_the_run_and_leaves_a_journal_that_can_be_continued(path: Path, clock: Clock) -> None:
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True)

    failed, stopped = (line.split() for line in done.stdout.splitlines())
    assert (failed[1], stopped[1]) == ("evidence-disk-full", "journal-stopped")
    read = read_journal(path)
    assert len(read) == int(failed[0])
    assert read.torn != b""
    with Journal(path, clock, Redactor()) as journal:
        journal.record("run-resumed")
    assert [line.event for line in read_journal(path)][-2:] == ["torn-line-removed", "run-resumed"]


KILLED = FULL_DISK.replace("resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))", "import os, signal").replace(
    'journal.record("tick", number=number)',
    'journal.record("tick", number=number); print(number, flush=True); number == 20 and os.kill(os.getpid(), signal.SIGKILL)',
)


def test_a_killed_process_leaves_every_recorded_event_and_no_lock(path: Path, clock: Clock) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert [line.data["number"] for line in read_journal(path)] == [int(line) for line in done.stdout.split()]
    Journal(path, clock, Redactor()).close()
