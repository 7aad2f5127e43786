"""Time stamps (RFC 3161): what an authority is asked, whether its reply is about our evidence, and whom one must trust for it.

The only door to rfc3161-client, which speaks to no network: who posts the question is `adapters.time_stamp`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus
from rfc3161_client.verify import SHA256_OID

from runbook_lib.errors import EvidenceError, ParameterError
from runbook_lib.evidence.files import reason
from runbook_lib.evidence.sealing.contents import TOKEN

# A reply with its certificates is a few kilobytes.
MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Stamp:
    """What a time stamp says: when (UTC), and the serial number that its authority knows it by."""

    at: datetime
    serial: int


def question(content: bytes) -> TimeStampRequest:
    """Return the question for a time stamp on the SHA-256 of some content; each has a number of its own (nonce)."""
    return (
        TimestampRequestBuilder()
        .data(content)
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )


def answer(reply: bytes, asked: TimeStampRequest, content: bytes) -> bytes:
    """Return a reply as it is kept, once it is an answer to what was asked.

    Raises `EvidenceError` when the authority refuses, or the reply is about something else.
    """
    read = _decoded(reply)
    if PKIStatus(read.status) is not PKIStatus.GRANTED:
        said = "; ".join(read.status_string) or PKIStatus(read.status).name.lower().replace("_", " ")
        raise EvidenceError("time-stamp-refused", detail=said[:200])
    if read.tst_info.nonce != asked.nonce:
        raise EvidenceError("time-stamp-other", detail="nonce")
    stamp_of(reply, content)
    return reply


def stamp_of(token: bytes, content: bytes) -> Stamp:
    """Return what a time stamp says of some content. Whether its authority said it, only `vouched` can tell.

    Raises `EvidenceError` when it is none, or is about something else.
    """
    read = _decoded(token)
    if PKIStatus(read.status) is not PKIStatus.GRANTED:
        raise EvidenceError("time-stamp-unreadable", path=TOKEN)
    about = read.tst_info.message_imprint
    is_ours = about.hash_algorithm.dotted_string == SHA256_OID and about.message == hashlib.sha256(content).digest()
    if not is_ours:
        raise EvidenceError("time-stamp-other", detail="SHA-256")
    return Stamp(read.tst_info.gen_time.astimezone(UTC), read.tst_info.serial_number)


def why_not_vouched(token: bytes, content: bytes, roots: Sequence[Certificate]) -> str:
    """Return why no authority below these roots stands for a time stamp; empty when one does.

    Its certificate must have been good at the time that it says, and be one for time stamps.
    """
    verifier = VerifierBuilder(roots=list(roots)).build()
    try:
        verifier.verify_message(_decoded(token), content)
    except VerificationError as error:
        return " ".join(str(error).split())[:200].rstrip(".")
    return ""


def read_roots(path: Path) -> list[Certificate]:
    """Return the certificates of a PEM file. Raises `ParameterError` when it cannot be read or holds none."""
    try:
        return load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise ParameterError("roots-unreadable", file=str(path), detail=reason(error)) from error
    except ValueError as error:
        raise ParameterError("roots-none", file=str(path)) from error


def _decoded(token: bytes) -> TimeStampResponse:
    """Return a reply as it was read, if it has the one form in which it can be written."""
    try:
        if len(token) > MOST_BYTES:
            raise ValueError("too long")
        read = decode_timestamp_response(token)
        PKIStatus(read.status)
        if read.as_bytes() != token:
            raise ValueError("another form of the same")
        if PKIStatus(read.status) is PKIStatus.GRANTED:
            read.tst_info.gen_time  # noqa: B018  # a reply that is granted and holds no token raises here
    except (ValueError, OverflowError) as error:
        raise EvidenceError("time-stamp-unreadable", path=TOKEN) from error
    return read
