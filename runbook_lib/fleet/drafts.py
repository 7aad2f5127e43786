"""Where papermill writes the notebook it executes: redacted before it is written, as a whole, for its owner alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Found, NotebookRedactor, Redactor, replace_file

# How papermill knows that a path is ours: it looks for who writes a notebook by how its path begins.
SCHEME = "redacted:"


@dataclass
class Draft:
    """A notebook that papermill is executing. `found` counts what was taken out of it, for the ledger.

    `is_whole`: papermill has written it in its own form, as it does in the end. `problem` is why it could not be written the last
    time, if so. That ends no run: the journal is the record, and the run knows itself when that cannot be written; in the middle of a
    change, looking at what became of it comes first.
    """

    path: Path
    redactor: Redactor
    found: Found = field(default_factory=Found)
    is_whole: bool = False
    problem: EvidenceError | None = None

    @property
    def address(self) -> str:
        """Return what papermill is told to write to."""
        return f"{SCHEME}{self.path}"

    def write(self, text: str) -> None:
        """Write the notebook, redacted. When that fails, the last version is still there."""
        found = Found()
        clean = self.clean(json.loads(text), found)
        try:
            replace_file(self.path, (json.dumps(clean, ensure_ascii=False, indent=1) + "\n").encode())
        except EvidenceError as error:
            self.problem = error
        else:
            self.found, self.is_whole, self.problem = found, True, None

    def clean(self, notebook: dict[str, Any], found: Found | None = None) -> dict[str, Any]:
        """Return a notebook, or a part of one, redacted; what was taken out is counted in `found`."""
        clean = NotebookRedactor(self.redactor, Found() if found is None else found).notebook(notebook)
        told = clean["metadata"].get("papermill", {})
        if "output_path" in told:
            told["output_path"] = self.path.name  # a whole path tells about the machine
        return clean


class _Drafts:
    """Writes for papermill. Implements what its registry asks of a handler."""

    def __init__(self) -> None:
        self.open: dict[str, Draft] = {}

    def read(self, path: str) -> str:
        """Return what was written."""
        return self.open[path].path.read_text(encoding="utf-8")

    def write(self, text: str, path: str) -> None:
        """Write a notebook."""
        self.open[path].write(text)

    def listdir(self, path: str) -> list[str]:
        """Return nothing: a draft is no folder."""
        del path
        return []

    def pretty_path(self, path: str) -> str:
        """Return a path as people know it."""
        return path.removeprefix(SCHEME)


_DRAFTS = _Drafts()


@cache
def _registered() -> None:
    from papermill.iorw import papermill_io  # noqa: PLC0415  # slow to import, and most verbs run nothing

    registry: Any = papermill_io
    registry.register(SCHEME, _DRAFTS)


@contextmanager
def opened(draft: Draft) -> Iterator[str]:
    """Have papermill write this draft when it is told the address that is returned. Other drafts may be open meanwhile."""
    _registered()
    _DRAFTS.open[draft.address] = draft
    try:
        yield draft.address
    finally:
        del _DRAFTS.open[draft.address]
