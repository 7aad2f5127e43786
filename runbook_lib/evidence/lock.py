"""One writer at a time: a lock that the system itself gives back when its holder ends, however it ends."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import FILE_MODE, cannot_write

_MOST_BYTES = 4096

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
    with at_rest(path) as is_ours:
        return not is_ours


@contextmanager
def at_rest(path: Path) -> Iterator[bool]:
    """Keep every writer out of a file while it is entered; yields false when one is inside already.

    A file that cannot be opened is written by nobody we could wait for.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        yield True
        return
    try:
        yield is_locked_by_us(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: the account and the machine as their system names them, the process, the run, and since when (UTC)."""

    account: str
    host: str
    process: int
    run: str
    since: str


@contextmanager
def held(path: Path, holder: Holder, after: Callable[[Holder], None] = lambda _left: None) -> Iterator[None]:
    """Hold a lock file, which stays behind: who removed it could let two in. While it is held it says by whom.

    It goes on saying so when its holder was killed: then `after` is asked whether it may be held, and raises when not.

    Raises:
        EvidenceError: another holds it, and the message names who; or it cannot be made.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        if not is_locked_by_us(descriptor):
            raise _refused(path, descriptor)
        if left := _holder(descriptor):
            after(left)
        try:
            _say(descriptor, json.dumps(asdict(holder), ensure_ascii=False))
        except OSError as error:
            raise cannot_write(path, error) from error
        try:
            yield
        finally:
            with suppress(OSError):  # the lock itself is given back below, whatever the file says
                _say(descriptor, "")
    finally:
        os.close(descriptor)


def _say(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text.encode())


def _refused(path: Path, descriptor: int) -> EvidenceError:
    """Return who is in the way. Nobody is named when the holder has not come to it, or was an earlier version."""
    folder = str(path.parent)
    holder = _holder(descriptor)
    if not holder:
        return EvidenceError("evidence-run-in-progress", path=folder)
    said = {name: value if isinstance(value, str | int) else "?" for name, value in asdict(holder).items()}
    return EvidenceError("evidence-held-by", path=folder, **said)


def _holder(descriptor: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.read(descriptor, _MOST_BYTES)))
    except (OSError, ValueError, TypeError):
        return None
