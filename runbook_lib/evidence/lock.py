"""One writer at a time: a lock that the system itself gives back when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import FILE_MODE, cannot_write

if sys.platform == "win32":
    import msvcrt

    # Far behind any content: on Windows a lock also keeps others from reading the bytes it covers.
    _PLACE = 1 << 40

    def is_locked_by_us(descriptor: int) -> bool:
        """Lock an open file until it is closed. Return false when another process has it."""
        try:
            os.lseek(descriptor, _PLACE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        except OSError:
            return False
        return True

else:
    import fcntl

    def is_locked_by_us(descriptor: int) -> bool:
        """Lock an open file until it is closed. Return false when another process has it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def is_held(path: Path) -> bool:
    """Tell whether a process holds a file locked. A file that cannot be opened is held by nobody we could wait for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        return not is_locked_by_us(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file, which stays behind: who removed it could let two in.

    Raises:
        EvidenceError: another holds it, or it cannot be made.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        if not is_locked_by_us(descriptor):
            raise EvidenceError("evidence-run-in-progress", path=str(path.parent))
        yield
    finally:
        os.close(descriptor)
