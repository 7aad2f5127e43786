"""Reads CLIXML, the form in which powershell.exe writes its error, warning and progress records to standard error.

pywinrm's own reader joins all streams, gives up on a mark before the first document, and leaves most escapes undecoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_MARK = "#< CLIXML"
_DOCUMENT = re.compile(r"<Objs\b.*?</Objs>", re.DOTALL)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Record:
    """One record: the stream it was written to, in lower case (`error`, `warning`, `progress`), and its text."""

    stream: str
    text: str


@dataclass(frozen=True)
class StandardError:
    """What a process left on standard error: its records in order, and `native`, the text that is not CLIXML."""

    records: tuple[Record, ...]
    native: str

    def stream(self, name: str) -> str:
        """Return the text of one stream; records carry their own line breaks."""
        return "".join(record.text for record in self.records if record.stream == name)

    @property
    def complaint(self) -> str:
        """Return why the process failed, as far as it said: its error records, else what other programs wrote."""
        return self.stream("error").strip() or self.native.strip()


def read_standard_error(data: bytes) -> StandardError:
    """Take standard error apart. Never raises: what cannot be understood is native text."""
    text = data.decode("utf-8", "replace")
    records: list[Record] = []
    native: list[str] = []
    position = 0
    for found in _DOCUMENT.finditer(text):
        native.append(text[position : found.start()])
        position = found.end()
        try:
            records.extend(_records(ET.fromstring(found.group())))  # noqa: S314 - starts at <Objs, so it can declare no entity
        except ET.ParseError:
            native.append(found.group())
    native.append(text[position:])
    return StandardError(tuple(records), "".join(native).replace(_MARK, "").replace("\ufeff", "").strip())


def _records(document: ET.Element) -> Iterator[Record]:
    for element in document:
        if stream := element.get("S"):
            yield Record(stream.lower(), unescape(_text(element)))


def _text(element: ET.Element) -> str:
    """Return the text of a record: a string's own, an object's as PowerShell would print it."""
    if _local_name(element) == "S":
        return element.text or ""
    return next((child.text or "" for child in element if _local_name(child) == "ToString"), "")


def _local_name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def unescape(text: str) -> str:
    """Decode `_xHHHH_`, one UTF-16 unit each: pairs of surrogates become one character, a lone one U+FFFD (MS-PSRP 2.2.5.3.2)."""
    units = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
