"""A person's word that holds a secret is refused before any of it is written: what is signed is kept as it was given."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.errors import AttestationError
from runbook_lib.evidence import places_in
from runbook_lib.model import Attestation
from runbook_lib.parameters import Picture


def refuse_secrets(word: Attestation, pictures: Sequence[Picture]) -> None:
    """Raise `AttestationError` when a name or a picture's metadata looks like a secret. The secrets of a run are known to it alone,
    which looks again when it opens.
    """
    names = f"{word.by}\n{word.second_person}".encode()
    contents = [("attestation.yml", names)]
    contents += [(f"screenshot-{number}.{each.suffix}", each.content) for number, each in enumerate(pictures, 1)]
    if places := places_in(contents):
        raise AttestationError("attestation-holds-secret", places=places)
