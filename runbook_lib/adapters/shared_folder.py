"""A folder that several machines see, such as a share that is mounted on each of them: `file:///mnt/share/runbooks`."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_FILE, _FOLDER = 0o600, 0o700


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
        """Write a new file. Raises `FileExistsError` when one is there, and `OSError`; a part may be left after a crash."""
        path = self._place(name)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _FILE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                _written(stream.fileno(), content)
        except OSError:
            with suppress(OSError):
                path.unlink()  # nobody was told that it is there
            raise
        _sync(path.parent)

    def put(self, name: str, content: bytes) -> None:
        """Write a file as a whole, in place of one that may be there. Raises `OSError`."""
        path = self._place(name)
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _FILE)
            with os.fdopen(descriptor, "wb") as stream:
                _written(stream.fileno(), content)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
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


def _written(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
    os.fsync(descriptor)


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
