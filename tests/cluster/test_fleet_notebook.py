"""The notebook over many tenants has its tenants run by the workers of a cluster, as the command line has."""

from pathlib import Path

import pytest

from runbook_lib.notebook.fleet_cells import OPENING
from runbook_lib.wiring.places import LAB, OUTPUTS
from tests.cluster.conftest import TENANTS, Fleet, events
from tests.notebooks.served import CONNECT
from tests.unit.notebook.conftest import Cells, cells

__all__ = ["cells"]

PLANNED = TENANTS[:2]


def test_a_notebook_plans_on_the_workers_and_shows_what_they_said(
    fleet: Fleet, cells: Cells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LAB, str(fleet.served.descriptors))
    monkeypatch.setenv(OUTPUTS, str(fleet.served.outputs))
    for name in PLANNED:
        (tmp_path / f"{name}.yml").write_bytes(fleet.file(name).read_bytes())
    cells.given({"language": "en", "fleet": str(tmp_path), "runbook": CONNECT, "jobs": 2})
    cells.given({"scheduler": fleet.machines.address})
    cells.run(OPENING).raise_error()
    cells.run("book.plan()").raise_error()

    shown = str(cells.shown[-1].data["text/plain"])
    assert f"2 workers at {fleet.machines.address}" in shown
    assert [fleet.claim(fleet.newest(name))["by"] != "" for name in PLANNED] == [True] * len(PLANNED)
    assert [events(fleet.newest(name))[-1] for name in PLANNED] == ["finished"] * len(PLANNED)
