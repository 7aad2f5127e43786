"""The files that hold the tables: YAML that a person reads."""

from pathlib import Path
from typing import Any

import yaml

from tests.matrix.cases import Case

FOLDER = Path(__file__).resolve().parents[1] / "data" / "matrix"


def file_of(case: Case) -> Path:
    """Where the table of a case is kept."""
    return FOLDER / f"{case.name}.yaml"


def text_of(case: Case, rows: dict[str, Any]) -> str:
    """The table as its file holds it."""
    head = f"# {case.slug}, {case.mode}: promised by the matrix test. Written by `python -m tests.matrix`; every line was read.\n"
    return head + yaml.safe_dump(rows, sort_keys=False, allow_unicode=True, width=130, default_flow_style=None)


def kept(case: Case) -> dict[str, Any]:
    """The table of a case as it is kept."""
    found: dict[str, Any] = yaml.safe_load(file_of(case).read_text(encoding="utf-8"))
    return found
