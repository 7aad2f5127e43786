"""What a picture holds besides its pixels: the texts of PNG, the segments of JPEG. Neither is interpreted."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"

# More is no text that a camera or a screenshot tool would write, but a bomb.
MOST_BYTES = 16 << 20

_TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")


def metadata(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the metadata of a picture: where each piece stands, and its bytes, unpacked. Nothing for what is no picture."""
    if content.startswith(PNG):
        yield from _of_png(content)
    elif content.startswith(JPEG):
        yield from _of_jpeg(content)


def unpacked(content: bytes) -> bytes:
    """Return what zlib packed, up to `MOST_BYTES`; nothing when it is something else or torn before it says anything."""
    try:
        return zlib.decompressobj().decompress(content, MOST_BYTES)
    except zlib.error:
        return b""


def _of_png(content: bytes) -> Iterator[tuple[str, bytes]]:
    at = len(PNG)
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        if kind in _TEXTS:
            yield kind.decode(), body + b" " + _packed_part(kind, body)
        at += length + 12


def _packed_part(kind: bytes, body: bytes) -> bytes:
    keyword, _, rest = body.partition(b"\x00")
    if kind == b"zTXt":
        return unpacked(rest[1:])
    if kind == b"iTXt" and rest[:1] == b"\x01":  # language and translated keyword come before the text
        return unpacked(rest[2:].split(b"\x00", 2)[-1])
    return keyword


def _of_jpeg(content: bytes) -> Iterator[tuple[str, bytes]]:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # every segment begins with this byte
        marker, length = content[at + 1], struct.unpack_from(">H", content, at + 2)[0]
        if marker == 0xDA:  # SOS: pixels from here on
            return
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:  # APP0 to APP15, COM
            yield "COM" if marker == 0xFE else f"APP{marker - 0xE0}", content[at + 4 : at + 2 + length]
        at += length + 2
