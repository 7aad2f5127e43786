"""Sealing: files become a bundle with a manifest, a signed statement about it and, if asked for, a time stamp. And reading one again."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from securesystemslib.signer import Signer, SSlibKey

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import reason
from runbook_lib.evidence.sealing.archive import MOST_BYTES, pack, unpack
from runbook_lib.evidence.sealing.contents import (
    ENVELOPE,
    KEY,
    MANIFEST,
    RECIPES,
    TOKEN,
    entries_of,
    manifest_of,
    read_manifest,
)
from runbook_lib.evidence.sealing.recipes import recipes
from runbook_lib.evidence.sealing.statement import SEALED_AT, statement
from runbook_lib.evidence.signing import public_text, sign
from runbook_lib.evidence.signing.keys import key_from
from runbook_lib.model import Json

# Asks an authority for a time stamp on some content, and returns its reply.
Stamping = Callable[[bytes], bytes]

_NAME = re.compile(r"(?P<what>[A-Za-z0-9.-]+)-(?P<sha256>[0-9a-f]{12})\.zip")
_SHOWN = 12


@dataclass(frozen=True)
class Bundle:
    """A sealed bundle: its files, its bytes as a zip file, and the SHA-256 of those and of its manifest."""

    files: Mapping[str, bytes]
    content: bytes

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the zip file: whoever holds it can tell this bundle from any other."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def manifest_sha256(self) -> str:
        """Return the SHA-256 of the manifest: the same for every seal of the same evidence."""
        return hashlib.sha256(self.files[MANIFEST]).hexdigest()

    def name(self, what: str) -> str:
        """Return the name of the zip file, which ends with the beginning of its SHA-256."""
        return f"{what}-{self.sha256[:_SHOWN]}.zip"


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files as they are sealed: with the recipes, and with the manifest of all."""
    evidence = {**files, RECIPES: recipes()}
    return {**evidence, MANIFEST: manifest_of(entries_of(evidence))}


def seal(
    evidence: Mapping[str, bytes],
    kind: str,
    predicate: Mapping[str, Json],
    signers: Sequence[Signer],
    now: datetime,
    stamping: Stamping | None = None,
) -> Bundle:
    """Return files and their manifest as a sealed bundle. Only signatures, what is signed with them, and time stamp tell two seals apart.

    Raises:
        CannotSign: a signer fails.
        EvidenceError: a file has a name that a bundle cannot hold, or the time stamp is refused.
        TargetError: the time stamp authority cannot be reached.
    """
    manifest = evidence[MANIFEST]
    sealed_at = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    said = statement(read_manifest(manifest), manifest, kind, {**predicate, SEALED_AT: sealed_at})
    envelope = sign(said, signers)
    sealed = {**evidence, ENVELOPE: envelope, **keys_of(signers)}
    if stamping:
        sealed[TOKEN] = stamping(envelope)
    return Bundle(sealed, pack(sealed))


def keys_of(signers: Sequence[Signer]) -> dict[str, bytes]:
    """Return the public keys of signers as files of a bundle, in PEM, so that openssl can verify with them."""
    keys = [cast("SSlibKey", signer.public_key) for signer in signers]  # what `open_signers` gives all signers
    return {KEY.format(number=number): _pem(public_text(key)) for number, key in enumerate(keys, 1)}


def keys_in(files: Mapping[str, bytes]) -> list[SSlibKey]:
    """Return the public keys that lie in a bundle. Raises `EvidenceError` for one that we would not have written so."""
    keys: list[SSlibKey] = []
    for name in sorted(name for name in files if name.startswith("signer-")):
        text = "".join(files[name].decode("ascii", "replace").splitlines()[1:-1])
        try:
            key = key_from(text)
        except ValueError as error:
            raise EvidenceError("bundle-key-unreadable", path=name) from error
        if _pem(text) != files[name]:
            raise EvidenceError("bundle-key-unreadable", path=name)
        keys.append(key)
    return keys


def read_bundle(path: Path) -> Bundle:
    """Return a bundle as it lies in a zip file. Raises `EvidenceError` when it is not one that we wrote."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EvidenceError("archive-large", where=path.name)
        content = path.read_bytes()
    except OSError as error:
        raise EvidenceError("evidence-cannot-read", path=str(path), detail=reason(error)) from error
    return Bundle(unpack(content), content)


def digits_of(name: str) -> str:
    """Return the beginning of the SHA-256 that the name of a bundle holds; empty when it is no such name."""
    found = _NAME.fullmatch(name)
    return found["sha256"] if found else ""


def _pem(text: str) -> bytes:
    """Return a public key, given as the base64 of its DER form, in PEM (RFC 7468)."""
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *textwrap.wrap(text, 64), "-----END PUBLIC KEY-----", ""]).encode()
