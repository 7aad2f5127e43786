"""Signed statements: a DSSE envelope around JSON in canonical form, and whose signatures on it are good.

An envelope is read in the one form in which it is written: whoever changes a byte of it changes what it says, or breaks it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import Signature, Signer

from runbook_lib.canonical import canonical
from runbook_lib.errors import CannotSign, EvidenceError
from runbook_lib.evidence.signing.roster import Roster, RosterKey
from runbook_lib.model import Json, one_person

PAYLOAD_TYPE = "application/vnd.in-toto+json"

# A statement of ours is some kilobytes, a bundle's manifest some hundred. This bounds what a hostile file can take.
_MOST_BYTES = 16 * 1024 * 1024
_MOST_SIGNATURES = 64


class Standing(StrEnum):
    """What a signature is worth."""

    VALID = "valid"
    UNKNOWN_KEY = "unknown-key"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    BAD = "bad"


@dataclass(frozen=True)
class Signed:
    """One signature: whose the roster says that the key is (name and roles are empty for a key that it does not hold)."""

    key_id: str
    name: str
    standing: Standing
    roles: tuple[str, ...] = ()
    account: str = ""


@dataclass(frozen=True)
class Checked:
    """What an envelope says, and each signature on it in the order of the file."""

    payload: Json
    signatures: tuple[Signed, ...]

    def by(self, role: str) -> tuple[Signed, ...]:
        """Return the valid signatures of those who have a role, at most one for each person."""
        good = [each for each in self.signatures if each.standing is Standing.VALID and role in each.roles]
        return tuple({one_person(each.name): each for each in reversed(good)}.values())[::-1]


def sign(payload: Json, signers: Sequence[Signer]) -> bytes:
    """Return the envelope of a statement, signed by each signer. Raises `CannotSign` when one of them fails."""
    envelope = Envelope(canonical(payload), PAYLOAD_TYPE, {})
    for signer in signers:
        try:
            signature = envelope.sign(signer)
            signer.public_key.verify_signature(signature, envelope.pae())
        except Exception as error:  # noqa: BLE001  # azure's, PKCS#11's and securesystemslib's own; their texts may hold anything
            raise CannotSign("signing-failed", key_id=signer.public_key.keyid, detail=type(error).__name__) from None
    return canonical(envelope.to_dict())


def check(envelope: bytes, roster: Roster, at: datetime | None, name: str = "envelope") -> Checked:
    """Return what an envelope says and whose signatures on it are good at a time; None: whatever the dates in the roster say.

    `name` is how to call the envelope in an error. Never raises for a signature; raises `EvidenceError` when it is no envelope.
    """
    read, payload = _read(envelope, name)
    signatures = tuple(_judged(read, signature, roster, at) for signature in read.signatures.values())
    return Checked(payload, signatures)


def _read(content: bytes, name: str) -> tuple[Envelope, Json]:
    try:
        if len(content) > _MOST_BYTES:
            raise ValueError("too long")
        read = Envelope.from_dict(json.loads(content))
        if len(read.signatures) > _MOST_SIGNATURES or read.payload_type != PAYLOAD_TYPE:
            raise ValueError("too many signatures, or a payload of another type")
        payload = json.loads(read.payload)
        if canonical(read.to_dict()) != content or canonical(payload) != read.payload:
            raise ValueError("another form of the same")
    except Exception as error:  # what is no envelope fails in a dozen ways, some of them the library's own
        raise EvidenceError("envelope-unreadable", name=name) from error
    return read, payload


def _judged(read: Envelope, signature: Signature, roster: Roster, at: datetime | None) -> Signed:
    known = roster.key(signature.keyid)
    if known is None:
        return Signed(signature.keyid, "", Standing.UNKNOWN_KEY)
    return Signed(known.key_id, known.name, _standing(read, signature, known, at), known.roles, known.account)


def _standing(read: Envelope, signature: Signature, known: RosterKey, at: datetime | None) -> Standing:
    try:
        known.key.verify_signature(signature, read.pae())
    except UnverifiedSignatureError:
        return Standing.BAD
    if at is not None and at < known.valid_from:
        return Standing.NOT_YET_VALID
    if at is not None and at >= known.valid_until:
        return Standing.EXPIRED
    return Standing.VALID
