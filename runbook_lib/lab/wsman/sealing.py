"""Message encryption over HTTP: the ``multipart/encrypted`` form of MS-WSMV 2.2.9.1, for SPNEGO and Kerberos."""

from __future__ import annotations

import re
import struct

from spnego import ContextProxy
from spnego.exceptions import SpnegoError

_BOUNDARY = b"--Encrypted Boundary"
_PART = re.compile(
    _BOUNDARY
    + rb"\r\n\t?Content-Type: [^\r\n]+\r\n\t?OriginalContent: [^\r\n]*Length=(\d+)\r\n"
    + _BOUNDARY
    + rb"\r\n\t?Content-Type: application/octet-stream\r\n"
)
_PROTOCOL = re.compile(r'protocol="([^"\r\n]+)"')


class SealingError(Exception):
    """A sealed message that is malformed, or that this connection's keys do not open."""


def sealing_protocol(content_type: str | None) -> str | None:
    """Return the ``protocol`` of a sealed body's content type, or None for a plain body."""
    if not content_type or not content_type.lower().startswith("multipart/encrypted"):
        return None
    match = _PROTOCOL.search(content_type)
    return match.group(1) if match else None


def sealed_content_type(protocol: str) -> str:
    """Return the content type of an answer sealed with the protocol the client used."""
    return f'multipart/encrypted;protocol="{protocol}";boundary="Encrypted Boundary"'


def unseal(context: ContextProxy, body: bytes) -> bytes:
    """Decrypt a sealed request; raises SealingError."""
    part = _PART.match(body)
    if part is None:
        raise SealingError("not a sealed message")
    length, start = int(part.group(1)), part.end()
    # Cipher text is never shorter than its plain text, so a boundary look-alike inside it is skipped.
    end = body.find(_BOUNDARY + b"--", start + length)
    if end < 0 or end - start < 4:
        raise SealingError("the closing boundary is missing")
    (header_length,) = struct.unpack_from("<I", body, start)
    header, data = body[start + 4 : start + 4 + header_length], body[start + 4 + header_length : end]
    try:
        message = context.unwrap_winrm(header, data)
    except SpnegoError as error:
        raise SealingError("the message does not open with this connection's keys") from error
    if len(message) != length:
        raise SealingError("the message has another length than announced")
    return message


def seal(context: ContextProxy, message: bytes, protocol: str) -> bytes:
    """Encrypt an answer."""
    header, data, padding = context.wrap_winrm(message)
    intro = (
        f"\r\n\tContent-Type: {protocol}"
        f"\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(message) + padding}\r\n"
    ).encode()
    payload = b"\r\n\tContent-Type: application/octet-stream\r\n" + struct.pack("<I", len(header)) + header + data
    return _BOUNDARY + intro + _BOUNDARY + payload + _BOUNDARY + b"--\r\n"
