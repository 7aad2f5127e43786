"""The engine beside what papermill does: what a killed run leaves, and that nothing waits for ever."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest

from runbook_lib.fleet.forkserver import ForkServer
from runbook_lib.fleet.stopping import Stopping
from runbook_lib.wiring import project_root
from tests.unit.fleet.books import execute, written

LONGEST = 60.0

RUNNER = """
import sys
from pathlib import Path
from runbook_lib.wiring import project_root
from tests.unit.fleet.books import execute
execute(Path(sys.argv[1]), Path(sys.argv[2]), {})
"""


def forked(book: Path, left: Path, stopping: Stopping) -> None:
    """Execute a notebook in a forked kernel; it is stopped when it takes for ever."""
    too_long = threading.Timer(LONGEST, stopping.stop)
    too_long.start()
    try:
        with ForkServer(("ipywidgets",)) as server:
            execute(book, left, {}, fork_server=server, stopping=stopping)
    finally:
        too_long.cancel()


def test_a_cell_ends_although_a_widget_was_answered_just_when_its_end_was_said(tmp_path: Path) -> None:
    """Nbclient then misses that the end was said, and waits for ever: seldom in one cell, nearly always in so many."""
    cell = "out = ipywidgets.Output()\nwith out: print('x')\nwith out: print('y')\nout"
    book = written(tmp_path / "book.ipynb", "import ipywidgets", *[cell] * 100)

    forked(book, tmp_path / "left.ipynb", Stopping())

    left = nbformat.read(tmp_path / "left.ipynb", as_version=4)
    assert [cell.execution_count for cell in left.cells] == list(range(1, 102))


def test_a_run_that_is_killed_leaves_every_cell_that_had_ended(tmp_path: Path) -> None:
    """Also an earlier cell as a later one changed it. Nothing of the cell that runs: it may show a code to sign in with."""
    left = tmp_path / "left.ipynb"
    book = written(
        tmp_path / "book.ipynb",
        "told = display('first', display_id=True); 6 * 7",
        "told.update('second')",
        "print('a code', flush=True)\nimport time; time.sleep(600)",
    )
    with subprocess.Popen([sys.executable, "-c", RUNNER, str(book), str(left)], cwd=project_root()) as runner:
        until = time.monotonic() + LONGEST
        while not left.exists() or "second" not in left.read_text(encoding="utf-8").partition("told.update")[0]:
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(0.5)
        runner.send_signal(signal.SIGKILL)

    kept = nbformat.read(left, as_version=4)
    nbformat.validate(kept)
    shown, updated, waiting = kept.cells
    assert shown.execution_count == 1
    assert [output.data["text/plain"] for output in shown.outputs] == ["'second'", "42"]
    assert updated.execution_count == 2
    assert waiting.outputs == []
    assert left.stat().st_mode & 0o077 == 0


def test_a_run_is_stopped_from_another_thread_at_once_and_before_it_begins(tmp_path: Path) -> None:
    book = written(tmp_path / "book.ipynb", "print('begun', flush=True)\nimport time; time.sleep(600)")
    stopping, began = Stopping(), time.monotonic()
    stopper = threading.Timer(4, stopping.stop)
    stopper.start()

    with pytest.raises(asyncio.CancelledError):
        forked(book, tmp_path / "left.ipynb", stopping)
    with pytest.raises(asyncio.CancelledError):
        forked(book, tmp_path / "left.ipynb", stopping)

    assert time.monotonic() - began < LONGEST
