"""Writes a person's word to a folder of its own, with its pictures, as `read_attested` will read it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import yaml

from runbook_lib.errors import EvidenceError
from runbook_lib.model import Attestation, Json
from runbook_lib.parameters.attestation import read_attested
from runbook_lib.parameters.picture import Picture

WORD = "attestation.yml"


def write_attestation(folder: Path, attestation: Attestation, pictures: Sequence[Picture] = ()) -> Path:
    """Write an attestation and its pictures into a new folder for their owner only, and return the path of the file.

    `attestation.file` is left out. The pictures get names of ours: what somebody called a file may tell more than it should.

    Raises:
        InvalidAttestationError: it would be refused when read; then nothing stays on the disk.
        EvidenceError: the folder is there already, or cannot be written.
    """
    names = [f"screenshot-{number}.{picture.suffix}" for number, picture in enumerate(pictures, 1)]
    word = yaml.safe_dump(_as_written(attestation, names), allow_unicode=True, sort_keys=False, width=1000)
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        for name, picture in zip(names, pictures, strict=True):
            _write(folder / name, picture.content)
        _write(folder / WORD, word.encode())
        read_attested(folder / WORD)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise _cannot_write(folder, error) from error
        raise
    return folder / WORD


def _as_written(attestation: Attestation, names: Sequence[str]) -> Json:
    second = {"second_person": attestation.second_person} if attestation.second_person else {}
    return {
        "plan": attestation.plan,
        "tenant": attestation.tenant,
        "steps": list(attestation.steps),
        "by": attestation.by,
        "at": attestation.at,
        "values": dict(attestation.values),
        **second,
        **({"screenshots": list(names)} if names else {}),
    }


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


def _cannot_write(path: Path, error: OSError) -> EvidenceError:
    return EvidenceError("evidence-cannot-write", path=str(path), detail=error.strerror or type(error).__name__)
