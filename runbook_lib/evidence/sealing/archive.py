"""The zip file of a bundle: the same bytes for the same files, and nothing in it but those files.

`zipfile` reads what others wrote in many ways: with a preamble, with names twice, with two directories that disagree. Two readers
may then see two contents, and a signature is good for one. So what we read must be, byte for byte but for the compressed streams,
what we would have written for the same files.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from runbook_lib.errors import EvidenceError

# A name of one file, with the folders above it: what every system can hold, and none takes for something else.
NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_-]{0,63}/){0,3}[A-Za-z0-9_-](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-])){0,127}")

# No run comes near: a year of answers is a few megabytes, and there are at most a few screenshots.
MOST_BYTES = 256 * 1024 * 1024
MOST_FILES = 10_000

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION = 20
_FLAGS = 0
_DEFLATED = 8
_MIDNIGHT, _FIRST_DAY = 0, 0x21  # 1 January 1980, where the times of this format begin
_MADE_BY_UNIX = 3 << 8 | _VERSION
_OWNER_ONLY = 0o100600 << 16
_BEST = 9


@dataclass(frozen=True)
class _Packed:
    """A file as it lies in the archive: its compressed bytes, and the size and the checksum of what they hold."""

    stream: bytes
    size: int
    checksum: int


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return files as an archive, in the order of their names.

    Raises `EvidenceError` when one has a name that not every system could hold, or two would meet on some.
    """
    _check_names(list(files))
    return _written({name: _packed(files[name]) for name in sorted(files)})


def unpack(content: bytes, most: int = MOST_BYTES) -> dict[str, bytes]:
    """Return the files of an archive that we wrote, of at most so many bytes in all.

    Raises `EvidenceError`, with where it is not what we write.
    """
    found: dict[str, _Packed] = {}
    read: dict[str, bytes] = {}
    at, left = 0, most
    while content[at : at + 4] == b"PK\x03\x04":
        name, packed, at = _next(content, at)
        if name in found:
            raise _foreign("twice", name)
        found[name], read[name] = packed, _unpacked(name, packed, left)
        left -= packed.size
        if len(found) > MOST_FILES:
            raise _foreign("many", name)
    _check_names(list(found))
    ours = _written({name: found[name] for name in sorted(found)})
    if not found or ours != content:
        raise _foreign("structure", f"@{_first_difference(ours, content)}")
    return read


def _next(content: bytes, at: int) -> tuple[str, _Packed, int]:
    """Return name and content of the file that begins here, and where the next one does."""
    try:
        *_, checksum, packed_size, size, name_length, extra = _LOCAL.unpack_from(content, at)
        start = at + _LOCAL.size + name_length + extra
        name = content[at + _LOCAL.size :][:name_length].decode("ascii")
    except (struct.error, UnicodeDecodeError):
        raise _foreign("structure", f"@{at}") from None
    if not NAME.fullmatch(name):
        raise _foreign("name", repr(name))
    stream = content[start : start + packed_size]
    if len(stream) != packed_size:
        raise _foreign("structure", f"@{at}")
    return name, _Packed(stream, size, checksum), start + packed_size


def _unpacked(name: str, packed: _Packed, most: int) -> bytes:
    """Return what a stream holds, if that is what it says: it is never asked for more than may still be read."""
    if packed.size > most:
        raise _foreign("large", name)
    reading = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = reading.decompress(packed.stream, packed.size + 1)
    except zlib.error:
        raise _foreign("content", name) from None
    is_whole = reading.eof and not reading.unused_data and not reading.unconsumed_tail
    if not is_whole or len(content) != packed.size or zlib.crc32(content) != packed.checksum:
        raise _foreign("content", name)
    return content


def _packed(content: bytes) -> _Packed:
    writing = zlib.compressobj(_BEST, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _Packed(writing.compress(content) + writing.flush(), len(content), zlib.crc32(content))


def _written(files: Mapping[str, _Packed]) -> bytes:
    """Return the archive: each file with its header, then the directory, then its end."""
    parts: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name, packed in files.items():
        called = name.encode("ascii")
        told = (packed.checksum, len(packed.stream), packed.size, len(called), 0)
        same = (_VERSION, _FLAGS, _DEFLATED, _MIDNIGHT, _FIRST_DAY, *told)
        part = _LOCAL.pack(b"PK\x03\x04", *same) + called + packed.stream
        directory.append(_CENTRAL.pack(b"PK\x01\x02", _MADE_BY_UNIX, *same, 0, 0, 0, _OWNER_ONLY, at) + called)
        parts.append(part)
        at += len(part)
    listed = b"".join(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(files), len(files), len(listed), at, 0)
    return b"".join([*parts, listed, end])


def _check_names(names: list[str]) -> None:
    """Refuse what some system cannot hold, or where two names would be one file."""
    for name in names:
        if not NAME.fullmatch(name):
            raise _foreign("name", repr(name))
    folded: dict[str, str] = {}
    for name in names:
        if (other := folded.setdefault(name.lower(), name)) != name:
            raise _foreign("alike", f"{other}, {name}")
    if names and (odd := next((each for each in sorted(names) if _is_inside_a_file(each, folded)), "")):
        raise _foreign("name", odd)


def _is_inside_a_file(name: str, folded: Mapping[str, str]) -> bool:
    above = name.lower().split("/")[:-1]
    return any("/".join(above[: depth + 1]) in folded for depth in range(len(above)))


def _first_difference(one: bytes, other: bytes) -> int:
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


def _foreign(what: str, where: str) -> EvidenceError:
    return EvidenceError(f"archive-{what}", where=where)
