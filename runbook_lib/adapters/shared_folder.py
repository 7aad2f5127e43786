"""A folder that several machines see, such as a share that is mounted on each of them: `file:///mnt/share/runbooks`."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILE, _FOLDER = 0o600, 0o700

# How a file system says that it has no hard links.
_WITHOUT_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK})


class SharedFolder:
    """Files below a folder. What a name is given to is on the disk, as far as the share says what is."""

    def __init__(self, root: Path) -> None:
        """Take the folder, which must be there: a share that is not mounted must not become a folder of this machine.

        Raises `FileNotFoundError`.
        """
        if not root.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(root))
        self._root = root

    def create(self, name: str, content: bytes) -> None:
        """Write a new file as a whole. Raises `FileExistsError` when one is there, and `OSError`.

        On a share without hard links it is written in its place, so that a crash may leave a part of it.
        """
        path = self._place(name)
        try:
            with _unfinished(path, content) as complete:
                os.link(complete, path)  # unlike a rename, never in the place of what is there
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in _WITHOUT_LINKS:
                raise
            _write(path, content)
        _sync(path.parent)

    def put(self, name: str, content: bytes) -> None:
        """Write a file as a whole, in place of one that may be there. Raises `OSError`."""
        path = self._place(name)
        with _unfinished(path, content) as complete:
            complete.replace(path)
        _sync(path.parent)

    def read(self, name: str) -> bytes | None:
        """Return the content of a file; None when there is none. Raises `OSError`."""
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        """Return the names of all files below a folder, but for those that are being written."""
        return [
            path.relative_to(self._root).as_posix() for path in self._files(folder) if not path.name.startswith(".")
        ]

    def remove(self, name: str) -> None:
        """Remove a file, or see that there is none. Raises `OSError`."""
        (self._root / name).unlink(missing_ok=True)

    def _files(self, folder: str) -> Iterator[Path]:
        return (path for path in (self._root / folder).rglob("*") if path.is_file())

    def _place(self, name: str) -> Path:
        path = self._root / name
        path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        return path


@contextmanager
def _unfinished(path: Path, content: bytes) -> Iterator[Path]:
    """Write a file beside its place, complete and on the disk, and take it away again if nobody gave it its name."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(unfinished, content)
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file that must not be there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _FILE)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
