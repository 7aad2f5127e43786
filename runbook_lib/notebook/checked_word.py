"""A person's word that holds a secret is refused before any of it is written: what is signed is kept as it was given."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from runbook_lib.errors import AttestationError
from runbook_lib.evidence import Redactor, places_in
from runbook_lib.model import Attestation
from runbook_lib.parameters import Picture, read_attested


def refuse_secrets(word: Attestation, pictures: Sequence[Picture]) -> None:
    """Raise `AttestationError` when a name or a picture's metadata looks like a secret. The secrets of a run are known to it alone,
    which looks again when it opens.
    """
    names = f"{word.by}\n{word.second_person}".encode()
    contents = [("attestation.yml", names)]
    contents += [(f"screenshot-{number}.{each.suffix}", each.content) for number, each in enumerate(pictures, 1)]
    if places := places_in(contents):
        raise AttestationError("attestation-holds-secret", places=places)


def refuse_known_secrets(file: Path, redactor: Redactor) -> None:
    """Raise `AttestationError`, and take away a word that was just written, when it holds a secret that the notebook's runs know."""
    _, files = read_attested(file)
    if places := places_in(((each.original, each.content) for each in files), redactor):
        shutil.rmtree(file.parent)
        raise AttestationError("attestation-holds-secret", places=places)
