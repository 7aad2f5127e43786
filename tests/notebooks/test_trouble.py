"""A disk that fills up under a run of the command line: what was recorded stays, the person is told, and the run goes on later."""

import resource
import subprocess
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.evidence import read_journal
from tests.notebooks.served import BIN, CONNECT, LONGEST, Served, read

# As many bytes as the journal of a plan does not fit in, and as only its notebook does not.
SMALL, MIDDLING = 8_000, 60_000


def runbook(served: Served, *arguments: Any, most: int = resource.RLIM_INFINITY) -> subprocess.CompletedProcess[str]:
    """Run the command line with no file of it, or of what it starts, growing beyond a limit."""
    return subprocess.run(
        [str(BIN / "runbook"), *map(str, arguments)],
        env=served.environment(),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )


@pytest.fixture(scope="module")
def full(served: Served) -> tuple[subprocess.CompletedProcess[str], Path]:
    ended = runbook(served, "plan", CONNECT, "-p", served.file(language="fr"), most=SMALL)
    return ended, served.runs()[-1]


def test_a_disk_that_is_full_in_the_middle_is_said_and_what_was_recorded_stays(
    full: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    ended, folder = full
    recorded = read_journal(folder / "journal.jsonl")

    assert ended.returncode == 1
    assert "journal.jsonl ne peut pas être écrit" in ended.stderr
    assert "le disque est plein" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert recorded.torn
    assert {line.data["step"] for line in recorded if line.event == "step-result"} == {"c1", "c2"}
    assert not (folder / "result.json").exists()


def test_the_run_goes_on_once_there_is_space(
    served: Served, full: tuple[subprocess.CompletedProcess[str], Path]
) -> None:
    _, folder = full
    ended = runbook(served, "resume", folder)
    events = [line.event for line in read_journal(folder / "journal.jsonl")]

    assert ended.returncode == 3, ended.stderr
    assert events.index("torn-line-removed") + 1 == events.index("resumed")
    assert events[-1] == "finished"


def test_a_notebook_that_does_not_fit_hides_no_result(served: Served) -> None:
    ended = runbook(served, "plan", CONNECT, "-p", served.file(language="en"), most=MIDDLING)
    folder = served.runs()[-1]

    assert ended.returncode == 1
    assert "recorded, but its notebook could not be kept" in ended.stderr
    assert "the disk is full" in ended.stderr
    assert read(folder / "result.json")["exit_code"] == 3
    assert read_journal(folder / "journal.jsonl").end.event == "finished"
    assert read(folder / "notebook.ipynb")["cells"]  # as it was when it last fitted
