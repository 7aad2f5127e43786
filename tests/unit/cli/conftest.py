"""The command line in this process, over a served lab, and as a process of its own where streams and exit codes count."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.cli import main
from runbook_lib.wiring.places import LAB, OUTPUTS
from tests.notebooks.served import BIN, LONGEST, Served, serve

# How the command line is called: arguments to what it did.
Runbook = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    """How one call ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def process(*arguments: object, environment: dict[str, str], folder: Path | None = None) -> Ended:
    """Call the command line as an operator does."""
    ended = subprocess.run(
        [str(BIN / "runbook"), *map(str, arguments)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def runbook(capsys: pytest.CaptureFixture[str]) -> Runbook:
    """Call the command line in this process; usage errors of the parser end as codes, too."""

    def call(*arguments: object) -> Ended:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call


@pytest.fixture
def served() -> Iterator[Served]:
    """A lab of this test's own: what a run changes is not what the next test starts from."""
    with serve() as ready:
        yield ready


@pytest.fixture
def lab(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The lab as runs of this process find it."""
    monkeypatch.setenv(LAB, str(served.descriptors))
    monkeypatch.setenv(OUTPUTS, str(served.outputs))
    return served
