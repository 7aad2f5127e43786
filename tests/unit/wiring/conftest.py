"""The lab as runs of this process find it, shared by the tests of one file; records are each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runbook_lib.wiring.places import LAB, OUTPUTS
from tests.notebooks.served import Served, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve() as ready:
        yield ready


@pytest.fixture
def lab(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The served lab, which the environment names, with a folder for the records of this test."""
    served.outputs = tmp_path / "outputs"
    monkeypatch.setenv(LAB, str(served.descriptors))
    monkeypatch.setenv(OUTPUTS, str(served.outputs))
    return served
