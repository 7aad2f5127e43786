"""Files and folders that only their owner can read, and that are on the disk when we say so."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runbook_lib.errors import EvidenceError

FILE_MODE = 0o600
FOLDER_MODE = 0o700


# What the system means by its numbers, where one thing is to be done about it.
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def cannot_write(path: Path, error: Exception) -> EvidenceError:
    """Return the error of a file or folder that could not be written: the disk is full, it may not be, its name is too long, or else."""
    number, detail = getattr(error, "errno", None), reason(error)
    if number in _FULL:
        return EvidenceError("evidence-disk-full", path=str(path), detail=detail)
    if number in _FORBIDDEN:
        return EvidenceError("evidence-not-allowed", path=str(path), detail=detail)
    if number == errno.ENAMETOOLONG:
        return EvidenceError("evidence-path-too-long", path=str(path), length=len(str(path)))
    return EvidenceError("evidence-cannot-write", path=str(path), detail=detail)


def reason(error: Exception) -> str:
    """Return why the system refused, in its words, without the path."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def make_folder(path: Path) -> None:
    """Make a folder of our own, if it is not there. Raises `OSError`."""
    try:
        path.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        return
    path.chmod(FOLDER_MODE)  # whatever the umask says
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Put the names in a folder on the disk. Windows has no such call: there, names are written with their files."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file as a whole: whoever reads it, also after a crash, finds the old content or the new, never a part.

    Raises `EvidenceError`; then the old content is still there.
    """
    replace_files(path.parent, [(path.name, content)])


def replace_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files of one folder, each as `replace_file` does. Their names are put on the disk at the end, and once.

    Raises `EvidenceError`, as `files` may; those before are written then.
    """
    path = folder
    try:
        try:
            for name, content in files:
                path = folder / name
                with _unfinished(path, content) as complete:
                    complete.replace(path)
        finally:
            sync_folder(folder)
    except OSError as error:
        raise cannot_write(path, error) from error


def new_file(path: Path, content: bytes) -> bool:
    """Write a file as a whole under a name that nobody has. Return whether the name was free; what is there is never touched.

    Raises `EvidenceError`; then there is no such file.
    """
    try:
        with _unfinished(path, content) as complete:
            try:
                os.link(complete, path)  # unlike a rename, never in the place of what is there
            except FileExistsError:
                return False
            sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    return True


@contextmanager
def _unfinished(path: Path, content: bytes) -> Iterator[Path]:
    """Write a file beside its place, complete and on the disk, and take it away again if nobody gave it its name."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)
