"""The page and the table of all runs as files: HTML, CSV and Parquet, replaced as a whole, and never among the files of a run."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from pathlib import Path

import pandas as pd

from runbook_lib.errors import EvidenceError, ParameterError, UsageProblem
from runbook_lib.evidence import replace_file

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# outputs/TENANT/RUN/file
_INSIDE_A_RUN = 3


def check_place(path: Path, outputs: Path, *suffixes: str) -> Path:
    """Return where a file may be written.

    Raises:
        ParameterError: its name ends otherwise than with one of the suffixes, or it would lie in the folder of a run.
    """
    if path.suffix.lower() not in suffixes:
        raise ParameterError("status-suffix", path=str(path), suffixes=suffixes)
    place, root = path.resolve(), outputs.resolve()
    if root in place.parents and len(place.relative_to(root).parts) >= _INSIDE_A_RUN:
        raise ParameterError("status-inside-run", path=str(path))
    return path


def require_parquet() -> None:
    """Raise `UsageProblem`, naming the extra to install, where nothing writes Parquet."""
    try:
        import_module("pyarrow")  # an extra, so no import that everybody needs
    except ImportError:
        raise UsageProblem("parquet-package-missing", extra="parquet") from None


def csv_of(runs: pd.DataFrame) -> bytes:
    """Return `runs_table` as CSV in UTF-8, with the mark by which spreadsheets know it, and times in ISO 8601.

    Text that a spreadsheet would take for a formula begins with an apostrophe: names of folders may be anybody's.
    """
    plain = runs.copy()
    for name in plain.columns[plain.dtypes == "string"]:
        is_formula = plain[name].str.startswith(_FORMULA, na=False)
        plain[name] = plain[name].mask(is_formula, "'" + plain[name])
    return plain.to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%S.%fZ", lineterminator="\r\n").encode("utf-8-sig")


def parquet_of(runs: pd.DataFrame) -> bytes:
    """Return `runs_table` as Parquet, with its types. Raises as `require_parquet`."""
    require_parquet()
    content = BytesIO()
    runs.to_parquet(content, engine="pyarrow", index=False)
    return content.getvalue()


def write(path: Path, content: bytes) -> None:
    """Write a file as a whole, for its owner alone. Raises `ParameterError` when it cannot be written."""
    try:
        replace_file(path, content)
    except EvidenceError as error:
        raise ParameterError("status-cannot-write", path=str(path), detail=error.message.arguments["detail"]) from error
