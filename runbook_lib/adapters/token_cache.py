"""Tokens that outlive a run, for those who ask for it: kept by msal-extensions with what the system encrypts, or in a file."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msal_extensions import CrossPlatLock, FilePersistence, PersistedTokenCache, build_encrypted_persistence
from msal_extensions.persistence import PersistenceDecryptionError, PersistenceNotFound
from portalocker.exceptions import LockException

from runbook_lib.adapters.refusals import SIGN_IN
from runbook_lib.errors import ParameterError, SignInFailed

# PyGObject's errors are RuntimeErrors; those of DPAPI, the Keychain and files are OSErrors; damaged JSON is a ValueError.
_STORES_RAISE = (OSError, RuntimeError, ValueError, LockException)


class KeptTokens(PersistedTokenCache):  # type: ignore[misc]  # msal-extensions publishes no types
    """A token cache of msal over a store. Whatever goes wrong with the store in mid-run is a `SignInFailed`."""

    def modify(self, credential_type: str, old_entry: Any, new_key_value_pairs: Any = None) -> None:
        with self._telling():
            super().modify(credential_type, old_entry, new_key_value_pairs)

    def search(self, credential_type: str, **query: Any) -> Any:
        with self._telling():
            return super().search(credential_type, **query)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except _STORES_RAISE as error:
            file, detail = _shown(Path(self._persistence.get_location())), type(error).__name__
            # Not chained: a decoder's error holds what it could not decode.
            raise SignInFailed("token-cache-broke", target=SIGN_IN, file=file, detail=detail) from None


def open_token_cache(
    kind: str,
    folder: Path,
    *,
    tenant_id: str,
    client_id: str,
    encrypted_store: Callable[[str], Any] = build_encrypted_persistence,
) -> KeptTokens:
    """Return the tokens kept for one application in one tenant. A damaged store is emptied: then a person is asked again.

    Args:
        kind: `encrypted` or `plain-file`.
        folder: Where the file is, or with a keyring the file that tells of changes; made when missing, for this user only.
        tenant_id: A GUID. A refresh token is good for any tenant in msal's eyes, so each tenant has a store of its own.
        client_id: The application's GUID.
        encrypted_store: What makes a store that the system encrypts; raises when it offers none.

    Raises:
        ParameterError: the system encrypts nothing for us, others can read the folder or file, or it cannot be used.
    """
    file = folder / f"{tenant_id}.{client_id}.{kind}".lower()
    try:
        _require_private_folder(folder)
        # The trial that libsecret is put through cannot be made twice at once.
        with CrossPlatLock(str(folder / "opening.lockfile")):
            store = _encrypted(str(file), encrypted_store) if kind == "encrypted" else _in_clear(file)
        with CrossPlatLock(f"{file}.lockfile"):
            _empty_if_damaged(store)
    except _STORES_RAISE as error:
        raise ParameterError("token-cache-unusable", file=_shown(file), detail=type(error).__name__) from None
    return KeptTokens(store)


def _encrypted(file: str, encrypted_store: Callable[[str], Any]) -> Any:
    try:
        return encrypted_store(file)
    except (ImportError, *_STORES_RAISE):
        raise ParameterError("token-cache-not-encrypted") from None


def _in_clear(file: Path) -> Any:
    _require_private(file, stat.S_ISREG)
    return FilePersistence(str(file))


def _require_private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_private(folder, stat.S_ISDIR)


def _require_private(path: Path, is_kind: Callable[[int], bool]) -> None:
    """Refuse what others may read or write, and what is not ours. On Windows the user's own folder is private."""
    if sys.platform == "win32":
        return
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    if not is_kind(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise ParameterError("token-cache-exposed", file=_shown(path))


def _empty_if_damaged(store: Any) -> None:
    try:
        _require_shape(store.load())
    except PersistenceNotFound:
        return
    except (PersistenceDecryptionError, ValueError):
        store.save("{}")


def _require_shape(content: str) -> None:
    """Raise `ValueError` unless it is what msal writes: kinds of credentials, each with entries by key."""
    kinds = json.loads(content) if content else {}
    if not isinstance(kinds, dict) or not all(isinstance(entries, dict) for entries in kinds.values()):
        raise ValueError("not a token cache")
    if not all(isinstance(entry, dict) for entries in kinds.values() for entry in entries.values()):
        raise ValueError("not a token cache")


def _shown(path: Path) -> str:
    """Return a path that does not tell whose home it is in."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)
