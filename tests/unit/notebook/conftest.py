"""A shell of IPython in this process: what a notebook's cell does, without the seconds a kernel takes to start."""

import atexit
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.utils.capture import RichOutput, capture_output
from traitlets.config import Config

from runbook_lib.wiring.places import LAB, OUTPUTS
from tests.notebooks.served import Served, serve


class Cells:
    """Runs cells one after another and keeps what the last one showed."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.shown: list[RichOutput] = []
        self.printed = ""

    def run(self, code: str) -> ExecutionResult:
        with capture_output() as captured:
            result = self.shell.run_cell(code)
        self.shown, self.printed = captured.outputs, captured.stdout + captured.stderr
        return result

    def stop(self, code: str) -> str:
        """Run a cell that must stop, and return all that it says."""
        error = self.run(code).error_in_exec
        assert error is not None
        assert type(error).__name__ == "Stop", repr(error)
        assert self.printed.strip() == str(error)
        return str(error)

    def given(self, names: dict[str, Any]) -> None:
        """Do what papermill's injected cell does."""
        self.run("\n".join(f"{name} = {value!r}" for name, value in names.items()))


@pytest.fixture
def cells() -> Iterator[Cells]:
    """A fresh shell that keeps no history."""
    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config)
    yield Cells(shell)
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)
    InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """The lab, served for this module."""
    with serve() as ready:
        yield ready


@pytest.fixture
def in_the_lab(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The lab as the runs of this test find it, with a folder for their records of its own."""
    served.outputs = tmp_path / "outputs"
    monkeypatch.setenv(LAB, str(served.descriptors))
    monkeypatch.setenv(OUTPUTS, str(served.outputs))
    return served
