"""Folders on shared storage: the one door to fsspec, whose packages are optional and imported when first needed.

Only file systems are taken that create an object in one step or refuse it when it is there: of the others nobody could say that two
writers never overwrite one another. fsspec itself does not promise it; its default looks first and writes then.
"""

from __future__ import annotations

import importlib
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from runbook_lib.adapters.shared_folder import SharedFolder
from runbook_lib.errors import EvidenceError, ParameterError

# What has to be installed for the schemes whose file systems create in one step: by `If-None-Match: *` or a generation of zero.
_AZURE, _S3, _GOOGLE = "'.[storage-azure]'", "'.[storage]' s3fs", "'.[storage]' gcsfs"
_OBJECTS = {"abfs": _AZURE, "abfss": _AZURE, "az": _AZURE, "s3": _S3, "s3a": _S3, "gs": _GOOGLE, "gcs": _GOOGLE}
_PACKAGES = {_AZURE: "adlfs", _S3: "s3fs", _GOOGLE: "gcsfs"}
_FOLDER = "file"
SCHEMES = (*_OBJECTS, _FOLDER)

# Whoever may write this may write records; it stays, and says that the folder is ours.
MARK = "_storage/format.json"
_MARKED = b'{"format":1,"kit":"runbook-kit"}\n'

# The bound of one exchange, and the pauses before it is tried again: an operator waits, and a change waits for its line.
_SECONDS = 30
_PAUSES = (0.5, 2.0)

# What the environment may hold that nobody else may see; a connection string has its own inside.
_SECRETS = (
    "AZURE_STORAGE_CONNECTION_STRING",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_CLIENT_SECRET",
    "AZURE_CLIENT_SECRET",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)
_INSIDE = re.compile(r"(?:AccountKey|SharedAccessSignature)=([^;]+)")

_Result = TypeVar("_Result")


class _Files(Protocol):
    """What keeps the objects. `create` raises `FileExistsError`; every method raises what its package does."""

    def create(self, name: str, content: bytes) -> None: ...
    def put(self, name: str, content: bytes) -> None: ...
    def read(self, name: str) -> bytes | None: ...
    def names(self, folder: str) -> list[str]: ...
    def remove(self, name: str) -> None: ...


def is_url(outputs: str) -> bool:
    """Tell whether outputs are named by a URL rather than by the path of a folder."""
    return "://" in outputs


def packages_of(url: str) -> tuple[str, ...]:
    """Return what a process imports to reach a storage, so that one that is forked may have it already."""
    scheme = url.partition("://")[0]
    return ("fsspec", _PACKAGES[_OBJECTS[scheme]]) if scheme in _OBJECTS else ()


def storage_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the credentials of storages that an environment holds, each as a whole, and the secrets inside of them."""
    whole = [value for name in _SECRETS if (value := environ.get(name))]
    return (*whole, *(secret for value in whole for secret in _INSIDE.findall(value)))


class Storage:
    """A folder on shared storage. Names are relative to it, with `/` between their parts. May be used by several threads."""

    def __init__(self, url: str) -> None:
        """Open the folder, and see that it may be written.

        Raises:
            ParameterError: nobody knows the scheme, a package is missing, the URL holds a secret, or the storage refuses.
        """
        self.url = url.rstrip("/")
        try:
            self._files = _opened(self.url)
            self.create(MARK, _MARKED)
        except EvidenceError as error:
            detail = str(error.message.arguments["detail"])
            raise ParameterError("storage-not-usable", url=self.url, detail=detail) from None
        except (OSError, ValueError, RuntimeError) as error:  # the packages' own, of credentials that they do not find
            raise ParameterError("storage-not-usable", url=self.url, detail=_detail(error)) from None

    def create(self, name: str, content: bytes) -> bool:
        """Write a new object in one step. Return false when one of this name is there: it is left as it is.

        True also when it is there because we wrote it, and the answer was lost. Raises `EvidenceError`.
        """

        def created(attempt: int) -> bool:
            try:
                self._files.create(name, content)
            except FileExistsError:
                return attempt > 1 and self._files.read(name) == content
            return True

        return self._carried_out(created, name)

    def put(self, name: str, content: bytes) -> None:
        """Write an object, in place of one that may be there. Raises `EvidenceError`."""
        self._carried_out(lambda _: self._files.put(name, content), name)

    def read(self, name: str) -> bytes | None:
        """Return the content of an object; None when there is none. Raises `EvidenceError`."""
        return self._carried_out(lambda _: self._files.read(name), name)

    def names(self, folder: str) -> list[str]:
        """Return the names of all objects below a folder, in order; the root is the empty text. Raises `EvidenceError`."""
        return sorted(self._carried_out(lambda _: self._files.names(folder), folder))

    def remove(self, name: str) -> None:
        """Remove an object, or see that there is none. Raises `EvidenceError`."""
        self._carried_out(lambda _: self._files.remove(name), name)

    def _carried_out(self, call: Callable[[int], _Result], name: str) -> _Result:
        """Carry an exchange out, tried again where the storage may just have been busy. `call` is told which attempt it is."""
        for attempt, pause in enumerate((*_PAUSES, None), 1):
            try:
                return call(attempt)
            except Exception as error:  # every package has errors of its own  # noqa: BLE001
                if pause is None or _is_final(error):
                    raise EvidenceError(
                        "storage-refused", url=self.url, name=name or "/", detail=_detail(error)
                    ) from None
                time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")


class _Objects:
    """Objects below a prefix, through a file system of fsspec."""

    def __init__(self, files: Any, root: str, call: Callable[..., Any]) -> None:
        self._files, self._root, self._call = files, root.rstrip("/"), call
        _try_once(files)

    def create(self, name: str, content: bytes) -> None:
        self._do("pipe_file", self._path(name), content, mode="create")

    def put(self, name: str, content: bytes) -> None:
        self._do("pipe_file", self._path(name), content)

    def read(self, name: str) -> bytes | None:
        try:
            content: bytes = self._do("cat_file", self._path(name))
        except FileNotFoundError:
            return None
        return content

    def names(self, folder: str) -> list[str]:
        self._files.invalidate_cache()
        found = self._do("find", self._path(folder))
        return [each.removeprefix(f"{self._root}/") for each in found]

    def remove(self, name: str) -> None:
        try:
            self._do("rm", [self._path(name)])
        except FileNotFoundError:
            return

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}".rstrip("/")

    def _do(self, method: str, *arguments: Any, **more: Any) -> Any:
        return self._call(self._files.loop, getattr(self._files, f"_{method}"), *arguments, timeout=_SECONDS, **more)


def _opened(url: str) -> _Files:
    scheme, parts = url.partition("://")[0], urlsplit(url)
    if scheme not in SCHEMES:
        raise ParameterError("storage-unknown-scheme", scheme=scheme, known=SCHEMES)
    if parts.password is not None or parts.query:
        raise ParameterError("storage-secret-in-url", scheme=scheme)
    if scheme == _FOLDER:
        return SharedFolder(Path(url2pathname(parts.path)))
    try:
        fsspec = importlib.import_module("fsspec")
        call = importlib.import_module("fsspec.asyn").sync
        fsspec.get_filesystem_class(scheme)
    except ImportError:
        raise ParameterError("storage-package-missing", scheme=scheme, packages=_OBJECTS[scheme]) from None
    # No instance that was made before: its credentials are those that the environment held then.
    files, root = fsspec.url_to_fs(url, use_listings_cache=False, skip_instance_cache=True)
    return _Objects(files, root, call)


def _try_once(files: Any) -> None:
    """Have Azure's client not try again by itself, which takes it a minute: `Storage` does. adlfs hands no such wish on."""
    policy = getattr(getattr(getattr(files, "service_client", None), "_config", None), "retry_policy", None)
    if policy is not None:
        policy.total_retries = 0


def _is_final(error: Exception) -> bool:
    """Tell whether trying again is of no use: what is asked for is refused, is not there, or took all the time there was."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return 400 <= status < 500 and status not in {408, 429}
    return isinstance(error, FileNotFoundError | PermissionError | NotADirectoryError | TimeoutError | ValueError)


def _detail(error: Exception) -> str:
    """Return why a storage refused: its code or the system's words. A package's own text may hold a signed address."""
    code = getattr(error, "error_code", None)
    if code:
        return str(getattr(code, "value", code))
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return type(error).__name__
