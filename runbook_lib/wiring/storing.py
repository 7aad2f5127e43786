"""A run's record on shared storage: each line of the journal as an object of its own, the whole at the end, and a lock a tenant.

Storages of objects have no append. A line becomes an object that is created once, under its number: none is ever overwritten, and of
two who go on with one run, one cannot write the next line and so sends nothing more.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from runbook_lib.adapters.storage import Storage
from runbook_lib.canonical import canonical
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL, Holder, Recorded, reason
from runbook_lib.model import Json
from runbook_lib.wiring.places import storage_url

LOCK_FILE = "lock.json"
LINES = "journal"


def storage_at(url: str) -> Storage | None:
    """Return the storage of a URL, None when it is empty. Raises as `Storage`."""
    return Storage(url) if url else None


def stored_run(tenant: str, run_id: str) -> StoredRun | None:
    """Return where this process keeps a run beside its folder, None when nowhere. Raises as `Storage`."""
    storage = storage_at(storage_url())
    return StoredRun(storage, tenant, run_id) if storage else None


def line_name(tenant: str, run_id: str, number: int) -> str:
    """Return the name of the object that holds a line of a run's journal."""
    return f"{tenant}/{run_id}/{LINES}/{number:06d}.json"


def line_after(recorded: Recorded, event: str, at: datetime, data: dict[str, Json]) -> bytes:
    """Return the line, with its newline, that follows what is recorded of a run."""
    when = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    said: Json = {"n": len(recorded) + 1, "at": when, "previous": recorded.head, "event": event, "data": data}
    return canonical(said) + b"\n"


def is_beside(name: str, run_id: str) -> bool:
    """Tell whether a file beside a run's folder is made of that run: a sealed bundle or a receipt."""
    return f"{run_id}-" in name and not name.startswith(".")


def holder_in(content: bytes) -> Holder:
    """Return who holds a lock. What is not said, or was cut off, is a question mark."""
    try:
        read = json.loads(content)
    except ValueError:
        read = {}
    said = read if isinstance(read, dict) else {}
    texts = {name: str(said.get(name) or "?") for name in ("account", "host", "run", "since")}
    process = said.get("process")
    return Holder(process=process if isinstance(process, int) else 0, **texts)


class StoredRun:
    """One run on a storage. It is what a journal keeps its lines in beyond the disk."""

    def __init__(self, storage: Storage, tenant: str, run_id: str) -> None:
        self.url = storage.url
        self._storage, self.tenant, self._run_id = storage, tenant, run_id

    def keep(self, number: int, line: bytes) -> None:
        """Keep a line. Raises `EvidenceError` when the storage refuses, or somebody else has written a line of this number."""
        name = line_name(self.tenant, self._run_id, number)
        if self._storage.create(name, line):
            return
        found = self._storage.read(name) or b""
        if found != line and found.endswith(b"\n"):
            raise EvidenceError("storage-run-elsewhere", url=self.url, run=self._name, line=number)
        if found != line:  # of a line without its end nobody was told that it is there
            self._storage.put(name, line)

    def catch_up(self, lines: Sequence[bytes]) -> None:
        """See that the lines of earlier attempts are there, and no others. Raises as `keep`."""
        names = self._storage.names(f"{self.tenant}/{self._run_id}/{LINES}")
        is_torn = bool(names) and not (self._storage.read(names[-1]) or b"").endswith(b"\n")
        stored = len(names) - is_torn
        if stored > len(lines):
            raise EvidenceError("storage-run-elsewhere", url=self.url, run=self._name, line=len(lines) + 1)
        for number in range(
            max(stored, 1), len(lines) + 1
        ):  # from the last that is there: it names those before by their hash
            self.keep(number, lines[number - 1])

    def record(self, event: str, after: Recorded, at: datetime, data: dict[str, Json]) -> bool:
        """Write the line that follows what is recorded, so that nobody else does. False: somebody has. Raises `EvidenceError`."""
        name = line_name(self.tenant, self._run_id, len(after) + 1)
        return self._storage.create(name, line_after(after, event, at, data))

    def is_overtaken(self, journal: Path) -> bool:
        """Tell whether somebody else has gone on with the run: a line is there that is not the one here. Raises `EvidenceError`."""
        lines = journal.read_bytes().splitlines(keepends=True) if journal.is_file() else []
        last, after = (
            self._storage.read(line_name(self.tenant, self._run_id, number)) for number in (len(lines), len(lines) + 1)
        )
        return after is not None or (last is not None and last != lines[-1])

    def keep_all(self, folder: Path) -> None:
        """Keep every file of the run, as it is now, and its sealed bundles.

        Raises `EvidenceError`, also when somebody else has gone on with the run: what is here is not its record any more.
        """
        if self.is_overtaken(folder / JOURNAL):
            raise EvidenceError("storage-overtaken", url=self.url, run=self._name)
        try:
            for path in _files_of(folder):
                self._storage.put(f"{self.tenant}/{path.relative_to(folder.parent).as_posix()}", path.read_bytes())
        except OSError as error:
            raise EvidenceError("evidence-cannot-read", path=str(folder), detail=reason(error)) from error

    def hold(self, holder: Holder) -> None:
        """Keep every other run that applies something to the tenant out, on all machines and also after ours has died.

        What an earlier attempt of this run held is taken over: should that still live, it cannot write its next line. Raises
        `EvidenceError`: another run holds the tenant, and is named.
        """
        content = json.dumps(asdict(holder), ensure_ascii=False).encode()
        if self._storage.create(self._lock, content):
            return
        other = holder_in(self._storage.read(self._lock) or b"")  # nobody can be named who gave it back this moment
        if other.run != self._run_id:
            raise EvidenceError("storage-held-by", url=self.url, tenant=self.tenant, **asdict(other))
        self._storage.put(self._lock, content)

    def release(self, folder: Path) -> None:
        """Let others apply something to the tenant, unless it is not this attempt at the run, in this folder, that keeps them out.

        Raises `EvidenceError`.
        """
        found = self._storage.read(self._lock)
        if found is None:
            return
        holder = holder_in(found)
        if (holder.run, holder.host) == (self._run_id, platform.node()) and self._is_last(folder / JOURNAL):
            self._storage.remove(self._lock)

    def _is_last(self, journal: Path) -> bool:
        """Tell whether nobody has gone on with the run elsewhere: what was recorded last is recorded here."""
        lines = journal.read_bytes().splitlines(keepends=True) if journal.is_file() else []
        last = line_name(self.tenant, self._run_id, len(lines))
        after = line_name(self.tenant, self._run_id, len(lines) + 1)
        return (not lines or self._storage.read(last) == lines[-1]) and self._storage.read(after) is None

    @property
    def _lock(self) -> str:
        return f"{self.tenant}/{LOCK_FILE}"

    @property
    def _name(self) -> str:
        return f"{self.tenant}/{self._run_id}"


def _files_of(folder: Path) -> Iterator[Path]:
    """Return the files of a run and its bundles beside it, the journal last: who finds it whole finds all that it speaks of."""
    if not folder.is_dir():
        return
    inside = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    yield from (path for path in inside if path.name != JOURNAL)
    yield from sorted(path for path in folder.parent.iterdir() if is_beside(path.name, folder.name) and path.is_file())
    yield from (path for path in inside if path == folder / JOURNAL)
