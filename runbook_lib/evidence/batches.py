"""What several tenants were run together: who was planned, under which run, and how each ended, written before the first begins.

A tenant that is missing later is missed because of this record: nobody else would know that it was ever planned.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import cannot_write, make_folder, reason, replace_file
from runbook_lib.model import Json

# No tenant can be called so: names begin with a letter or a digit.
BATCHES = "_batches"

_FORMAT = 1


@dataclass(frozen=True)
class Planned:
    """A tenant of a batch: the id of its run, the digest that was approved for it (empty: none), and how it ended (None: it has not)."""

    tenant: str
    run: str
    approved: str = ""
    exit_code: int | None = None


@dataclass(frozen=True)
class Batch:
    """Runs of one runbook over several tenants. Times are UTC, as journals write them; `ended_at` is empty while it goes on.

    `fleet_plan` is the digest of the fleet's plan that was approved; empty when each tenant's plan was approved by itself.
    """

    id: str
    runbook: str
    mode: str
    begun_at: str
    planned: tuple[Planned, ...]
    ended_at: str = ""
    fleet_plan: str = ""

    def as_json(self) -> Json:
        """Return the record as it is written."""
        return {"format": _FORMAT, **asdict(self), "planned": [asdict(each) for each in self.planned]}


class BatchRecord:
    """The record of a batch that is going on, in `outputs/_batches/<id>.json`."""

    def __init__(
        self, outputs: Path, runbook: str, mode: str, planned: Sequence[Planned], fleet_plan: str = ""
    ) -> None:
        """Write who is planned. Raises `EvidenceError` when that cannot be: then nothing is run."""
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%SZ}-{mode}-{runbook}-{secrets.token_hex(3)}"
        self.path = outputs / BATCHES / f"{name}.json"
        self._batch = Batch(name, runbook, mode, _said(now), tuple(planned), fleet_plan=fleet_plan)
        try:
            outputs.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_folder(self.path.parent)
        except OSError as error:
            raise cannot_write(self.path, error) from error
        self._write()

    def note(self, run: str, exit_code: int) -> None:
        """Write how a run ended."""
        planned = [replace(each, exit_code=exit_code) if each.run == run else each for each in self._batch.planned]
        self._batch = replace(self._batch, planned=tuple(planned))
        self._write()

    def close(self) -> None:
        """Write that nothing more of it is run."""
        self._batch = replace(self._batch, ended_at=_said(datetime.now(UTC)))
        self._write()

    def _write(self) -> None:
        content = json.dumps(self._batch.as_json(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        replace_file(self.path, content.encode())


def batch_from(content: bytes, path: str) -> Batch:
    """Return what the record of a batch says; `path` is its name in an error. Raises `EvidenceError` when it is none."""
    try:
        read = json.loads(content)
        planned = tuple(Planned(**each) for each in read.pop("planned"))
        is_ours = read.pop("format") == _FORMAT
        batch = Batch(**read, planned=planned)
        texts = [batch.id, batch.runbook, batch.mode, batch.begun_at, batch.ended_at, batch.fleet_plan]
        texts += [text for each in planned for text in (each.tenant, each.run, each.approved)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EvidenceError("batch-unreadable", path=path) from error
    if not is_ours or not planned or not all(isinstance(text, str) for text in texts):
        raise EvidenceError("batch-unreadable", path=path)
    return batch


def read_batch(path: Path) -> Batch:
    """Return the record of a batch. Raises `EvidenceError` when it cannot be read."""
    try:
        return batch_from(path.read_bytes(), str(path))
    except OSError as error:
        raise EvidenceError("evidence-cannot-read", path=str(path), detail=reason(error)) from error


def _said(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
