"""The attempts at one run, as its journal counts them, and the files that an attempt leaves to the next."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from runbook_lib.evidence.files import cannot_write, sync_folder
from runbook_lib.evidence.journal import Line


def attempts(lines: Iterable[Line]) -> int:
    """Return how many attempts a journal tells of: the first, and each that went on with it."""
    return 1 + sum(line.event == "resumed" for line in lines)


def set_aside(file: Path, attempt: int, folder: Path | None = None) -> Path | None:
    """Keep a file of an earlier attempt under a name with that attempt's number, in its folder or another, and return its path.

    Nothing that was kept before is overwritten. Returns None when there is no such file. Raises `EvidenceError` when it cannot
    be moved.
    """
    if not file.is_file():
        return None
    kept = _free(folder or file.parent, file, attempt)
    try:
        file.replace(kept)
        sync_folder(kept.parent)
    except OSError as error:
        raise cannot_write(kept, error) from error
    return kept


def _free(folder: Path, file: Path, attempt: int) -> Path:
    name = "notebook" if file.suffix == ".ipynb" else file.stem
    paths = (folder / f"{name}-{number}{file.suffix}" for number in count(attempt))
    return next(path for path in paths if not path.exists())
