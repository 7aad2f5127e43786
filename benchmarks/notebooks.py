"""What the notebook costs: the plan notebook under papermill, and the same run without a notebook."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.measuring import Row, ratio, taking_turns
from runbook_lib.evidence import new_run_id
from runbook_lib.fleet import Job, run_all
from runbook_lib.lab.lab import Lab
from runbook_lib.parameters import Parameters, check_parameters, read_parameters
from runbook_lib.wiring import assemble, outputs_root, project_root
from runbook_lib.wiring.places import LAB, OUTPUTS

SLUG = "enable-connect-writeback"
TIMES = 3
PLANNED = 3  # the exit code of a plan that holds changes


def measure() -> Iterator[Row]:
    """Yield both durations, and their difference for each cell of code."""
    before = dict(os.environ)
    with (
        tempfile.TemporaryDirectory() as place,
        tempfile.TemporaryDirectory(dir=outputs_root()) as outputs,
        Lab() as lab,
    ):
        lab.write_descriptor(Path(place))
        os.environ |= {LAB: place, OUTPUTS: outputs}
        try:
            yield from _compared(_parameters(lab), Path(outputs))
        finally:
            os.environ.clear()
            os.environ |= before


def _parameters(lab: Lab) -> Parameters:
    data = read_parameters(project_root() / "parameters" / "lab" / "contoso.yml").model_dump(mode="json")
    data["sync_server"] |= {"endpoint": lab.tenants["contoso"].server_url, "transport": "basic"}
    return check_parameters(data, source="contoso")


def _compared(parameters: Parameters, outputs: Path) -> Iterator[Row]:
    notebook = project_root() / "notebooks" / parameters.language / f"{SLUG}.ipynb"
    cells = sum(cell["cell_type"] == "code" for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    numbers = count(1)

    def fresh() -> str:
        return f"{new_run_id(SLUG, datetime.now(UTC))}-{next(numbers)}"

    def with_notebook() -> None:
        values: dict[str, Any] = parameters.model_dump(mode="json") | {"mode": "plan", "approved_plan": ""}
        job = Job(notebook, parameters.tenant.name, fresh(), outputs, values)
        (outcome,) = run_all([job], approved_by="command-line", hear=lambda _news: None)
        _require(outcome.exit_code, outcome.problem)

    def without() -> None:
        named = parameters.model_copy(update={"run_id": fresh()})
        assembly = assemble(SLUG, named, show_code=lambda *_: None)
        for step in assembly.run.runbook.steps:
            assembly.after_step(assembly.run.step(step.id))
        assembly.finish()
        _require(assembly.run.exit_code)

    book, plain = taking_turns(TIMES, with_notebook, without)
    each = (book.median - plain.median) / cells
    yield Row(f"{SLUG}: recorded plan without a notebook", plain)
    yield Row(f"{SLUG}: the same through papermill, kernel and imports included", book, ratio(book, plain))
    yield Row(f"the difference for each of the {cells} cells of code", f"{each * 1e3:.0f} ms")


def _require(exit_code: int, problem: str = "") -> None:
    if exit_code != PLANNED:
        raise SystemExit(f"{SLUG}: the plan ended with {exit_code}: {problem}")
