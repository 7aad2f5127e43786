"""Which runs there are under `outputs/`, and how far each one came, as their files say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import reason
from runbook_lib.evidence.journal import Recorded, read_journal
from runbook_lib.evidence.run_directory import JOURNAL
from runbook_lib.model import Json
from runbook_lib.texts import Message


@dataclass(frozen=True)
class Run:
    """A run found on the disk. `plan` and `result` are their files' content, None when the run wrote none.

    `problems` says what could not be read: one damaged run does not hide the others.
    """

    tenant: str
    run_id: str
    path: Path
    journal: Recorded
    plan: Json = None
    result: Json = None
    problems: tuple[Message, ...] = ()

    @property
    def started_at(self) -> str:
        """Return when the first event was recorded (UTC); empty when none was."""
        return self.journal[0].at if self.journal else ""

    @property
    def last_at(self) -> str:
        """Return when the last event was recorded (UTC); empty when none was."""
        return self.journal[-1].at if self.journal else ""


def each_run(outputs: Path) -> Iterator[Run]:
    """Yield the runs under a folder of outputs, by tenant and then by run id. Raises `EvidenceError` if it is unreadable."""
    try:
        for tenant in _folders(outputs):
            yield from (_run(path) for path in _folders(tenant) if _is_run(path))
    except OSError as error:
        raise EvidenceError("evidence-cannot-read", path=str(outputs), detail=reason(error)) from error


def runs_of(outputs: Path, tenant: str) -> list[Run]:
    """Return the runs of one tenant, by run id. Raises `EvidenceError` if its folder is unreadable."""
    folder = outputs / tenant
    try:
        return [_run(path) for path in _folders(folder) if _is_run(path)]
    except OSError as error:
        raise EvidenceError("evidence-cannot-read", path=str(folder), detail=reason(error)) from error


def _folders(path: Path) -> Iterator[Path]:
    """Yield the folders in a folder, in order; links are not followed."""
    for found in sorted(path.iterdir()):
        if found.is_dir() and not found.is_symlink():
            yield found


def _is_run(path: Path) -> bool:
    return any((path / name).is_file() for name in (JOURNAL, "plan.json", "result.json"))


def _run(path: Path) -> Run:
    problems: list[Message] = []
    journal = Recorded()
    try:
        journal = read_journal(path / JOURNAL)
    except EvidenceError as error:
        problems.append(error.message)
    plan, result = (_content(path / name, problems) for name in ("plan.json", "result.json"))
    return Run(path.parent.name, path.name, path, journal, plan, result, tuple(problems))


def _content(path: Path, problems: list[Message]) -> Json:
    if not path.exists():
        return None
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        problems.append(EvidenceError("evidence-cannot-read", path=str(path), detail=reason(error)).message)
        return None
