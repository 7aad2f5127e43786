"""The append-only record of a run: one JSON line an event, each bound to the one before by its hash."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, overload

from runbook_lib.canonical import canonical
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import FILE_MODE, cannot_write, reason, sync_folder
from runbook_lib.evidence.interrupts import interrupts_wait
from runbook_lib.evidence.ledger import Ledger
from runbook_lib.evidence.lock import is_locked_by_us
from runbook_lib.evidence.record import recordable
from runbook_lib.evidence.redact import Found, Redactor
from runbook_lib.model import Json
from runbook_lib.ports import Clock

START = "0" * 64

# A clock that is kept right by a time server is put back by less, again and again.
_NOTEWORTHY = timedelta(seconds=1)


@dataclass(frozen=True)
class Line:
    """One event. `n` counts from 1, `at` is UTC, `previous` and `digest` are SHA-256 in hexadecimal digits: of the line before
    (64 zeros for the first) and of this one, each without its newline.
    """

    n: int
    at: str
    event: str
    data: dict[str, Json]
    previous: str
    digest: str


@dataclass(frozen=True)
class Recorded(Sequence[Line]):
    """What a journal says: its lines, and what is left of a line that was being written when the machine stopped."""

    lines: tuple[Line, ...] = ()
    torn: bytes = b""

    @property
    def head(self) -> str:
        """Return the digest of the last line: who knows it can tell whether the journal is the same."""
        return self.lines[-1].digest if self.lines else START

    @property
    def end(self) -> Line:
        """Return the line that a run ended with: that a torn one was cut off is what somebody found later.

        Raises `IndexError` when there are no lines.
        """
        return next((line for line in reversed(self) if line.event != "torn-line-removed"), self.lines[-1])

    def has(self, *events: str) -> bool:
        """Tell whether one of these events is on record."""
        return any(line.event in events for line in self.lines)

    @property
    def went_back(self) -> tuple[Line, ...]:
        """Return the lines at which the clock was earlier than at the line before: their numbers say the order, not their times."""
        pairs = zip(self.lines, self.lines[1:], strict=False)
        return tuple(line for before, line in pairs if _is_earlier(line.at, before.at))

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        return self.lines[index]

    def __len__(self) -> int:
        return len(self.lines)


def read_journal(path: Path) -> Recorded:
    """Read and verify a journal. What follows the last newline is torn: its writer was never told that it is on the disk.

    Raises:
        EvidenceError: it cannot be read, or a line is not what was written; the message names the first such line.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EvidenceError("evidence-cannot-read", path=str(path), detail=reason(error)) from error
    return journal_from(content, path)


def journal_from(content: bytes, path: Path) -> Recorded:
    """Return what a journal says, verified; `path` is its name in an error. Raises `EvidenceError` as `read_journal`."""
    *written, torn = content.split(b"\n")
    lines: list[Line] = []
    previous = START
    for number, raw in enumerate(written, 1):
        lines.append(_line(raw, number, previous, path))
        previous = lines[-1].digest
    return Recorded(tuple(lines), torn)


def _line(raw: bytes, number: int, previous: str, path: Path) -> Line:
    try:
        read = json.loads(raw)
        is_ours = _has_our_shape(read) and canonical(read) == raw
    except (ValueError, RecursionError):
        is_ours = False
    if not is_ours:
        raise EvidenceError("journal-damaged", path=str(path), line=number, detail="form")
    if read["n"] != number:
        raise EvidenceError("journal-damaged", path=str(path), line=number, detail=f"n = {read['n']}")
    if read["previous"] != previous:
        raise EvidenceError("journal-damaged", path=str(path), line=number, detail="previous")
    return Line(**read, digest=hashlib.sha256(raw).hexdigest())


_SHAPE = {"n": int, "at": str, "event": str, "data": dict, "previous": str}


def _has_our_shape(read: Json) -> bool:
    return isinstance(read, dict) and {name: type(value) for name, value in read.items()} == _SHAPE


def _is_earlier(at: str, than: str) -> bool:
    """Tell whether a time is earlier by more than clocks usually are. A time that somebody wrote otherwise is none."""
    try:
        return datetime.fromisoformat(at) < datetime.fromisoformat(than) - _NOTEWORTHY
    except (TypeError, ValueError):
        return False


class Beyond(Protocol):
    """Where a journal is kept beside its file, outliving this machine. Both raise `EvidenceError` when it is not kept there."""

    def catch_up(self, lines: Sequence[bytes]) -> None:
        """See that the lines that the file holds are there, and no others. Lines end with their newline."""
        ...

    def keep(self, number: int, line: bytes) -> None:
        """Keep one more line."""
        ...


class Journal:
    """Writes a journal, a new one or on from where an earlier one ends. One process at a time; any of its threads."""

    def __init__(self, path: Path, clock: Clock, redactor: Redactor, beyond: Beyond | None = None) -> None:
        """Open the journal. What is recorded is kept beyond its file, too, where `beyond` is given.

        Raises:
            EvidenceError: it cannot be written, is damaged, or another process is writing it.
        """
        self._beyond = beyond
        self._path = path
        self._clock = clock
        self._redactor = redactor
        self._ledger = Ledger(path.parent)
        self._lock = threading.Lock()
        self._has_failed = False
        self._descriptor = self._open()
        try:
            self._continue()
        except BaseException:
            self.close()
            raise

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        try:
            descriptor = os.open(self._path, flags, FILE_MODE)
        except OSError as error:
            raise cannot_write(self._path, error) from error
        if not is_locked_by_us(descriptor):
            os.close(descriptor)
            raise EvidenceError("journal-in-use", path=str(self._path))
        return descriptor

    def _continue(self) -> None:
        """Take up the chain. A torn line is cut off, and what it was is the next event: nothing disappears in silence."""
        recorded = read_journal(self._path)
        self._n, self._previous = len(recorded), recorded.head
        self._at = recorded[-1].at if recorded else ""
        self._size = os.fstat(self._descriptor).st_size - len(recorded.torn)
        try:
            sync_folder(self._path.parent)
            if recorded.torn:
                os.ftruncate(self._descriptor, self._size)
        except OSError as error:
            raise cannot_write(self._path, error) from error
        if self._beyond:
            self._beyond.catch_up(self._path.read_bytes().splitlines(keepends=True))
        if recorded.torn:
            self.record("torn-line-removed", text=recorded.torn.decode("utf-8", "replace"), bytes=len(recorded.torn))

    def record(self, event: str, **data: Json) -> None:
        """Append one event, and return once it is on the disk, and beyond where it is to be. Secrets are replaced first.

        Ctrl+C in the middle comes afterwards: of half a line nobody could say anything more. Raises:
            EvidenceError: that cannot be promised. When the disk refused, every further event is refused, too.
        """
        with interrupts_wait(), self._lock:
            if self._has_failed:
                raise EvidenceError("journal-stopped", path=str(self._path))
            at = self._clock.now().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
            if self._at and _is_earlier(at, self._at):
                self._record("clock-moved-back", {"before": self._at}, at)
            self._record(event, data, at)

    def _record(self, event: str, data: dict[str, Json], at: str) -> None:
        line, found = self._next_line(event, data, at)
        self._has_failed = True  # until proven otherwise, also when we are interrupted here
        self._ledger.note(self._path.name, found, self._n + 1)
        self._append(line)
        self._at = at
        self._has_failed = False

    def _next_line(self, event: str, data: dict[str, Json], at: str) -> tuple[bytes, Found]:
        found: Found = Found()
        try:
            said = recordable({"event": event, "data": data}, self._redactor, found)
            return canonical({"n": self._n + 1, "at": at, "previous": self._previous, **said}), found
        except (TypeError, ValueError, RecursionError) as error:
            detail = str(error) if isinstance(error, TypeError) else type(error).__name__
            raise EvidenceError("evidence-not-json", path=str(self._path), detail=detail) from error

    def _append(self, line: bytes) -> None:
        written = line + b"\n"
        try:
            self._check_that_it_is_ours()
            if os.write(self._descriptor, written) < len(written):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._descriptor)
        except OSError as error:
            raise cannot_write(self._path, error) from error
        if self._beyond:
            self._beyond.keep(self._n + 1, written)
        self._n += 1
        self._previous = hashlib.sha256(line).hexdigest()
        self._size += len(written)

    def _check_that_it_is_ours(self) -> None:
        """Refuse to write where nobody will find it, or after what somebody else wrote."""
        status = os.fstat(self._descriptor)
        named = self._path.stat() if self._path.exists() else None
        if named is None or (named.st_ino, named.st_dev, status.st_size) != (status.st_ino, status.st_dev, self._size):
            raise EvidenceError("journal-moved", path=str(self._path))

    def close(self) -> None:
        """Let others write the journal. Nothing is lost: every event is on the disk already. May be called twice."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
