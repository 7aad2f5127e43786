"""What was taken out of the record, and where: `redactions.jsonl` in a run's folder. Never a value, and no hash of one.

One line for each place: file, the line of the journal if it is that, where in it, the rule, how often, and a digest under a key
that the process makes and keeps nowhere. Equal digests mean the same value, and tell no more: not even who holds a list of
likely passwords can try them.
"""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from runbook_lib.canonical import canonical
from runbook_lib.evidence.files import FILE_MODE, cannot_write
from runbook_lib.evidence.redact import Found, Hit

LEDGER = "redactions.jsonl"


class Ledger:
    """Adds to the ledger of one run. Several processes may, each with an instance of its own."""

    def __init__(self, folder: Path) -> None:
        """Name the run's folder; the file is made with its first line."""
        self._path = folder / LEDGER
        self._said: set[tuple[str, Hit]] = set()
        self._lock = threading.Lock()

    def note(self, file: str, found: Found, line: int | None = None) -> None:
        """Write down what was replaced in a file; what was said of the same place before is not said again.

        Raises `EvidenceError` when it cannot be written.
        """
        with self._lock:
            new = [hit for hit in found if line is not None or (file, hit) not in self._said]
            if not new:
                return
            said = {"file": file} if line is None else {"file": file, "line": line}
            lines = [
                {**said, "where": hit.where, "rule": hit.rule, "count": found[hit], "value": hit.digest} for hit in new
            ]
            self._append(b"".join(canonical(each) + b"\n" for each in lines))
            self._said.update((file, hit) for hit in new)

    def _append(self, content: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        try:
            descriptor = os.open(self._path, flags, FILE_MODE)
            try:
                if os.write(descriptor, content) < len(content):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise cannot_write(self._path, error) from error
