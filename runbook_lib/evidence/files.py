"""Files and folders that only their owner can read, and that are on the disk when we say so."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from runbook_lib.errors import EvidenceError

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def cannot_write(path: Path, error: Exception) -> EvidenceError:
    """Return the error of a file or folder that could not be written."""
    return EvidenceError("evidence-cannot-write", path=str(path), detail=reason(error))


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
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FILE_MODE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(descriptor)
            unfinished.replace(path)
            sync_folder(path.parent)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
