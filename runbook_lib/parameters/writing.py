"""Writes a tenant's file: what differs from the defaults, secrets by reference only, as a whole, and readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from runbook_lib.errors import ParameterError
from runbook_lib.model import Json
from runbook_lib.parameters.keys import Parameters
from runbook_lib.parameters.shapes import FolderName

# Editors that read JSON Schema explain and check the keys, where the folder lies beside the schema.
_SCHEMA = "# yaml-language-server: $schema=../schema.json\n"
_HEAD = "# Every key is explained in docs/parameters.md. Secrets stand here by reference only.\n\n"
_MODE = 0o600
_NAME = TypeAdapter(FolderName)


def is_file_name(name: str) -> bool:
    """Tell whether a tenant's file can be called so, before its ending, on every system."""
    try:
        _NAME.validate_python(name)
    except ValidationError:
        return False
    return True


def write_parameters(path: Path, parameters: Parameters, *, replace: bool = False) -> None:
    """Write parameters so that `read_parameters` gives the same. Parameters hold references only, so no secret can be written.

    Raises `ParameterError` when the file is there already, unless it may be replaced, or cannot be written; then it is as before.
    """
    head = (_SCHEMA if (path.parent.parent / "schema.json").is_file() else "") + _HEAD
    content = (head + _yaml(parameters)).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if replace:
            _write_whole(path, content)
        else:
            _write_new(path, content)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise ParameterError("parameters-cannot-write", file=str(path), detail=reason) from None


def _write_new(path: Path, content: bytes) -> None:
    """Take the name first, so that of two writers only one has it. Raises `OSError`, and `ParameterError` when it is taken."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, _MODE))
    except FileExistsError:
        raise ParameterError("parameters-already-there", file=str(path)) from None
    try:
        _write_whole(path, content)
    except OSError:
        path.unlink()
        raise


def _yaml(parameters: Parameters) -> str:
    data: Json = parameters.model_dump(mode="json", exclude_defaults=True)
    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=False, width=10_000))


def _write_whole(path: Path, content: bytes) -> None:
    """Whoever reads the file, also after a crash, finds the old content or the new, never a part. Raises `OSError`."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(unfinished, flags, _MODE), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
