"""The working copy of the notebooks: what is run and saved there leaves the originals without outputs.

At each start the copy is made to be like the originals again. A notebook that holds work from before is set aside in a folder
beside, under its name and the time it was last saved; nothing is ever overwritten.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from runbook_lib.errors import UsageProblem
from runbook_lib.evidence.lock import is_locked_by_us
from runbook_lib.model import Json
from runbook_lib.texts import Language

# The folder of what was set aside, as a person sees it in the list of files.
EARLIER: dict[Language, str] = {"en": "earlier", "fr": "précédents"}
LOCK = ".in-use"
CHECKPOINTS = ".ipynb_checkpoints"


@dataclass(frozen=True)
class WorkingCopy:
    """A folder with notebooks to work in, and the files that were set aside for it, relative to that folder."""

    folder: Path
    set_aside: tuple[str, ...]


@contextmanager
def working_copy(originals: Path, folder: Path, language: Language) -> Iterator[WorkingCopy]:
    """Make the working copy and keep others from making it anew while it is used.

    Raises `UsageProblem`: there are no originals, the folder cannot be written, or another JupyterLab of the kit uses it.
    """
    notebooks = sorted(originals.glob("*.ipynb"))
    if not notebooks:
        raise UsageProblem("notebooks-missing", folder=str(originals))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        if not is_locked_by_us(lock):
            raise UsageProblem("notebook-already-runs", folder=str(folder))
        yield WorkingCopy(folder, tuple(_refresh(notebooks, folder, language)))
    finally:
        os.close(lock)


def cannot_write(folder: Path, error: OSError) -> UsageProblem:
    """Return the error of a folder that cannot be written, with what the system says."""
    return UsageProblem(
        "notebook-folder-not-writable", folder=str(folder), detail=error.strerror or type(error).__name__
    )


def _refresh(originals: list[Path], folder: Path, language: Language) -> Iterator[str]:
    """Copy every notebook that is missing or was changed. Yield what was set aside."""
    try:
        for original in originals:
            copy = folder / original.name
            if copy.exists() and holds_work(copy, original):
                yield _set_aside(copy, folder / EARLIER[language]).relative_to(folder).as_posix()
            shutil.copyfile(original, copy)
        # A checkpoint is of the notebook that was there before; going back to it would bring that in under this name.
        shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    except OSError as error:
        raise cannot_write(folder, error) from error


def holds_work(copy: Path, original: Path) -> bool:
    """Tell whether somebody worked in a copy. Having opened it is no work, although JupyterLab then writes to its metadata."""
    try:
        return _content(copy) != _content(original)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True


def _content(notebook: Path) -> list[tuple[Json, str, Json]]:
    """Return kind, source and outputs of every cell."""
    cells = json.loads(notebook.read_bytes())["cells"]
    return [(cell["cell_type"], "".join(cell["source"]), cell.get("outputs", [])) for cell in cells]


def _set_aside(copy: Path, earlier: Path) -> Path:
    """Move a notebook away, under its name and when it was last saved. Return where it is now."""
    earlier.mkdir(mode=0o700, exist_ok=True)
    saved = datetime.fromtimestamp(copy.stat().st_mtime).astimezone()
    stem = f"{copy.stem} {saved:%Y-%m-%d %H.%M.%S}"
    names = (f"{stem}{more}{copy.suffix}" for more in ("", *(f" ({number})" for number in range(2, 1000))))
    free = next(path for path in map(earlier.joinpath, names) if not path.exists())
    return copy.rename(free)
