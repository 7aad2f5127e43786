"""The last look before something is sealed: every file of a folder, read for what should have been redacted.

Files are read as whoever opens them would: JSON with its strings decoded, archives and pictures inside notebooks and pages
unpacked, the metadata of pictures, and the names. A scan knows the secrets that its redactor was told; without them it still knows
what secrets look like.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import reason
from runbook_lib.evidence.picture_metadata import JPEG, MOST_BYTES, PNG, metadata, unpacked
from runbook_lib.evidence.redact import Found, Redactor

_DEEPEST = 3
_TOLD = 10
# Of what a person gave, to be given again without it: more places help nobody to find the first.
_MOST_PLACES = 5

_PICTURE = re.compile(rb"(?:iVBORw0KGgo|/9j/)[A-Za-z0-9+/\n\\]{40,}={0,2}")
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_BYTE_ORDER = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True)
class Leak:
    """Something that looks like a secret, or is one: in which file, where in it, by which rule. The value is not told."""

    file: str
    place: str
    rule: str

    def __str__(self) -> str:
        """Say where it is, as messages tell it."""
        return f"{self.file}: {self.place} ({self.rule})"


def scan_folder(folder: Path, redactor: Redactor | None = None) -> list[Leak]:
    """Return what is left in the files of a folder, by name; links are not followed.

    Raises `EvidenceError` when a file cannot be read: what nobody looked at is not clean.
    """
    scan, leaks = _Scan(redactor or Redactor()), []
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
        name = path.relative_to(folder).as_posix()
        try:
            content = path.read_bytes()
        except OSError as error:
            raise EvidenceError("evidence-cannot-read", path=str(path), detail=reason(error)) from error
        leaks += scan.file(name, content)
    return leaks


def scan_content(name: str, content: bytes, redactor: Redactor | None = None) -> list[Leak]:
    """Return what is left in one file, of a name with which its kind is told. As `scan_folder`."""
    return _Scan(redactor or Redactor()).file(name, content)


def places_in(files: Iterable[tuple[str, bytes]], redactor: Redactor | None = None) -> tuple[str, ...]:
    """Return the first places in which files, each a name and its content, hold something that looks like a secret, or is one."""
    leaks = [leak for name, content in files for leak in scan_content(name, content, redactor)]
    return tuple(map(str, leaks[:_MOST_PLACES]))


def refuse_leaks(leaks: list[Leak], folder: Path) -> None:
    """Raise `EvidenceError` when there are any; it names files and places, and no value."""
    if leaks:
        told = map(str, leaks[:_TOLD])
        rest = [f"+ {len(leaks) - _TOLD}"] if len(leaks) > _TOLD else []
        raise EvidenceError("evidence-secret-left", path=str(folder), places=(*told, *rest))


class _Scan:
    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def file(self, name: str, content: bytes) -> list[Leak]:
        """Return the leaks of one file, each place and rule once."""
        places = [("name", rule) for rule in self._rules(name)]
        places += self._content(name, content, _DEEPEST)
        shown = self._redactor.text(name)
        return [Leak(shown, self._redactor.text(place), rule) for place, rule in dict.fromkeys(places)]

    def _content(self, name: str, content: bytes, depth: int) -> Iterator[tuple[str, str]]:
        text = _as_text(content)
        if text is None:
            yield from self._binary(content, depth)
            return
        yield from self._text(text)
        if name.endswith((".json", ".ipynb", ".jsonl")):
            yield from self._data(text, by_line=name.endswith(".jsonl"))
        for picture in _PICTURE.findall(content):
            raw = picture.replace(b"\\n", b"").replace(b"\n", b"")
            yield from self._within("picture", "", base64.b64decode(raw + b"=" * (-len(raw) % 4)), depth)

    def _within(self, place: str, name: str, content: bytes, depth: int) -> Iterator[tuple[str, str]]:
        if depth:
            for inner, rule in self._content(name, content, depth - 1):
                yield f"{place}, {inner}", rule

    def _text(self, text: str) -> Iterator[tuple[str, str]]:
        """Look at a text as a whole, and only when there is something, at which of its lines."""
        rules = self._rules(text)
        if not rules:
            return
        for number, line in enumerate(text.splitlines(), 1):
            for rule in self._rules(line):
                rules.discard(rule)
                yield f"line {number}", rule
        for rule in sorted(rules):
            yield "more than one line", rule

    def _data(self, text: str, *, by_line: bool) -> Iterator[tuple[str, str]]:
        for number, part in enumerate(text.splitlines() if by_line else [text], 1):
            try:
                data = json.loads(part)
            except (ValueError, RecursionError):
                continue  # torn or no JSON: it was looked at as text
            found = Found()
            self._redactor.data(data, found)
            for hit in found:
                yield f"line {number} {hit.where}" if by_line else hit.where, hit.rule

    def _binary(self, content: bytes, depth: int) -> Iterator[tuple[str, str]]:
        found = Found()
        self._redactor.known(content.decode("latin-1"), found)
        for hit in found:
            yield "bytes", hit.rule
        for place, piece in metadata(content):
            for rule in self._rules(piece.decode("latin-1")) | self._rules(piece.decode("utf-8", "replace")):
                yield place, rule
        if content.startswith(b"PK\x03\x04"):
            yield from self._archive(content, depth)
        elif content.startswith(b"%PDF-"):
            for stream in _PDF_STREAM.findall(content):
                for rule in self._rules(unpacked(stream).decode("latin-1")):
                    yield "stream", rule

    def _archive(self, content: bytes, depth: int) -> Iterator[tuple[str, str]]:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.infolist():
                    for rule in self._rules(f"{member.filename} {member.comment.decode('latin-1')}"):
                        yield "name in the archive", rule
                    with archive.open(member) as stream:
                        yield from self._within(member.filename, member.filename, stream.read(MOST_BYTES), depth)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
            return  # torn or locked with a password: its bytes were looked at

    def _rules(self, text: str) -> set[str]:
        found = Found()
        self._redactor.text(text, found)
        return {hit.rule for hit in found}


def _as_text(content: bytes) -> str | None:
    """Return content as text; None for what is none."""
    if content.startswith((PNG, JPEG, b"PK\x03\x04", b"%PDF-")):
        return None
    encoding = _BYTE_ORDER.get(content[:2], "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
