"""Small notebooks for tests of how notebooks are executed, and what is left of executed ones once times and ids are taken out."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import v4

from runbook_lib.evidence import Redactor
from runbook_lib.fleet import Job, engine
from runbook_lib.fleet.drafts import Draft, opened
from runbook_lib.fleet.forkserver import ForkServer
from runbook_lib.fleet.stopping import Stopping

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

# What differs between two executions of one notebook whatever executes it.
TIMES_AND_IDS = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"), "TIME"),
    (re.compile(r'"duration": [0-9.e-]+'), '"duration": 0'),
    (re.compile(r"ipykernel_\d+"), "ipykernel_N"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"), "ID"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(_\d+)*"), "ID"),
    (re.compile(r'"id": "[0-9a-f]{8}"'), '"id": ""'),  # of cells that papermill puts in
    (re.compile(r'"(in|out)put_path": "[^"]*"'), '"path": ""'),
)


def written(path: Path, *cells: str | tuple[str, str]) -> Path:
    """Write a notebook of these cells of code, each alone or with a tag."""
    book = v4.new_notebook(metadata=PYTHON)
    for number, cell in enumerate(cells):
        source, *tags = (cell,) if isinstance(cell, str) else cell
        book.cells.append(v4.new_code_cell(source, id=f"cell-{number}", metadata={"tags": tags}))
    path.write_text(nbformat.writes(book), encoding="utf-8")
    return path


def execute(
    book: Path,
    left: Path,
    parameters: dict[str, Any],
    *,
    fork_server: ForkServer | None = None,
    stopping: Stopping | None = None,
) -> None:
    """Execute a notebook with our engine, in a forked kernel or an ordinary one."""
    with opened(Draft(left, Redactor())) as address:
        papermill.execute_notebook(
            str(book),
            address,
            parameters,
            kernel_name="python3",
            engine_name=engine.NAME,
            draft=Draft(left, Redactor()),
            environment=dict(os.environ),
            fork_server=fork_server,
            stopping=stopping or Stopping(),
            extra_arguments=[],
        )


def jobs(folder: Path, names: Iterable[str], *cells: str) -> list[Job]:
    """A job a tenant: each runs the same cells and has its own folder for its record."""
    notebook = written(folder / "book.ipynb", *cells)
    return [Job(notebook, name, f"run-{name}", folder / "outputs" / name, {"mode": "plan"}) for name in names]


def said(job: Job) -> str:
    """What the cells of a job's executed notebook printed. It made no record, so the notebook lies beside where that would be."""
    book: Any = nbformat.read(job.folder.parent / f"{job.run_id}.ipynb", as_version=4)
    return "".join(output.get("text", "") for cell in book.cells for output in cell.get("outputs", []))


def without_times_and_ids(text: str) -> str:
    for pattern, stands_for in TIMES_AND_IDS:
        text = pattern.sub(stands_for, text)
    return text
