"""A YAML file as plain data with line numbers. Only the plain subset is read: one document, no tags, anchors or aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import yaml

from runbook_lib.model import Json
from runbook_lib.parameters.problem import Problem, problem
from runbook_lib.texts import Argument

Location = tuple[str | int, ...]

MOST_BYTES = 256 * 1024
DEEPEST = 8
# A complete file has about 120 events; this bounds the time that a wrong or hostile file can take.
MOST_EVENTS = 4000

_YES_NO = yaml.SafeLoader.bool_values
_TAG = "tag:yaml.org,2002:"


class Unreadable:
    """The place of a value that already has a problem, so that nothing more is said about it."""


UNREADABLE: Final = Unreadable()


@dataclass(frozen=True)
class Dated:
    """What YAML takes for a date because it stands without quotes. `text` is as written."""

    text: str


@dataclass(frozen=True)
class Document:
    """A file that was read: its top-level mapping (empty when there is none), the line of each key, and what is wrong.

    `content` is what was read, byte for byte.
    """

    file: str
    values: Mapping[str, Json] = field(default_factory=dict)
    lines: Mapping[Location, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    content: bytes = b""


class _StopReadingError(Exception):
    """The file is too deep or too long: its problem is noted, and reading on would only cost time."""


def read_document(path: Path, *, most_bytes: int = MOST_BYTES, most_events: int = MOST_EVENTS) -> Document:
    """Read a file of at most so many bytes and YAML events. Never raises: whatever is wrong with it is among the problems."""
    file = str(path)
    read = _bytes_of(path, most_bytes)
    if isinstance(read, Problem):
        return Document(file, problems=(read,))
    text = _text_of(read, file)
    if isinstance(text, Problem):
        return Document(file, problems=(text,))
    return replace(_Reader(text, file, most_events).document(), content=read)


def read_text(text: str, file: str) -> Document:
    """Read a text as if it stood in a file. Never raises, as `read_document`."""
    return _Reader(text, file, MOST_EVENTS).document()


def _bytes_of(path: Path, most: int) -> bytes | Problem:
    file = str(path)
    try:
        if path.exists() and not path.is_file():
            return problem(file, None, "", "file-not-a-file")
        with path.open("rb") as stream:
            read = stream.read(most + 1)
    except OSError as error:
        return problem(file, None, "", "file-unreadable", detail=error.strerror or type(error).__name__)
    except ValueError:  # a NUL or a lone surrogate in the path
        return problem(repr(file), None, "", "file-unreadable", detail="invalid path")
    if len(read) > most:
        return problem(file, None, "", "file-too-large", most=most // 1024)
    return read


def _text_of(read: bytes, file: str) -> str | Problem:
    if read.startswith((b"\xff\xfe", b"\xfe\xff")):
        return problem(file, None, "", "file-utf16")
    if b"\0" in read:
        return problem(file, None, "", "file-binary")
    try:
        return read.decode("utf-8-sig")  # Notepad may put a byte order mark in front
    except UnicodeDecodeError as error:
        return problem(file, read.count(b"\n", 0, error.start) + 1, "", "file-not-utf8")


class _Reader:
    """Builds values from the parser's events, so that every complaint has a line and nothing is ever constructed."""

    def __init__(self, text: str, file: str, most_events: int) -> None:
        self._text = text
        self._file = file
        self._most_events = most_events
        self._lines: dict[Location, int] = {}
        self._problems: list[Problem] = []
        self._events = 0

    def document(self) -> Document:
        values: Json = {}
        try:
            self._loader: Any = yaml.SafeLoader(self._text)  # its published types leave out what events need
            values = self._only_document()
        except _StopReadingError:
            pass
        except yaml.reader.ReaderError as error:
            self._complain(self._text.count("\n", 0, error.position) + 1, "file-control-character")
        except yaml.MarkedYAMLError as error:
            self._complain_of_syntax(error)
        except (
            yaml.YAMLError,
            ValueError,
            OverflowError,
        ):  # the last two: an escape beyond Unicode, such as "\UFFFFFFFF"
            self._complain(None, "yaml-syntax", column=0)
        if not isinstance(values, dict):
            self._complain(1, "yaml-not-a-mapping")
            values = {}
        return Document(self._file, values, self._lines, tuple(self._problems))

    def _only_document(self) -> Json:
        self._next()  # the start of the stream
        if not self._loader.check_event(yaml.StreamEndEvent):
            self._next()  # the start of the document
            values = self._value(())
            self._next()  # its end
            if not self._loader.check_event(yaml.StreamEndEvent):
                self._complain(_line(self._next()), "yaml-several-documents")
            if values is not None:
                return values
        self._complain(None, "file-empty")
        return {}

    def _next(self) -> yaml.Event:
        event: yaml.Event = self._loader.get_event()
        self._events += 1
        if self._events > self._most_events:
            self._complain(_line(event), "yaml-too-long")
            raise _StopReadingError
        return event

    def _value(self, at: Location) -> Json:
        event = self._next()
        self._lines.setdefault(at, _line(event))
        if isinstance(event, yaml.AliasEvent):
            self._complain(_line(event), "yaml-anchor", at)
            return UNREADABLE
        if getattr(event, "anchor", None) is not None:
            self._complain(_line(event), "yaml-anchor", at)
        value = self._content(event, at)
        if getattr(event, "tag", None) is not None:
            self._complain(_line(event), "yaml-tag", at)
            return UNREADABLE
        return value

    def _content(self, event: yaml.Event, at: Location) -> Json:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if len(at) >= DEEPEST:
            self._complain(_line(event), "yaml-too-deep", at)
            raise _StopReadingError
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(at)
        return self._mapping(at)

    def _scalar(self, event: yaml.ScalarEvent) -> Json:
        tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit).removeprefix(_TAG)
        text: str = event.value
        if tag == "null":
            return None
        if tag == "bool":
            return _YES_NO[text.lower()]
        if tag == "timestamp":
            return Dated(text)
        if tag in ("int", "float"):
            return _number(text)
        return text

    def _sequence(self, at: Location) -> list[Json]:
        items: list[Json] = []
        while not self._loader.check_event(yaml.SequenceEndEvent):
            items.append(self._value((*at, len(items))))
        self._next()
        return items

    def _mapping(self, at: Location) -> dict[str, Json]:
        values: dict[str, Json] = {}
        while not self._loader.check_event(yaml.MappingEndEvent):
            name, line = self._key(at)
            if name is None:
                self._value((*at, ""))
            elif name in values:
                self._complain(line, "yaml-twice", (*at, name), first=self._lines[(*at, name)])
                self._value((*at, name))
            else:
                self._lines[(*at, name)] = line
                values[name] = self._value((*at, name))
        self._next()
        return values

    def _key(self, at: Location) -> tuple[str | None, int]:
        """Return the name of the key, or None when it is not a plain name, and its line."""
        event = self._loader.peek_event()
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None:
            self._next()
            return event.value, line
        self._complain(line, "yaml-key", at)
        self._value((*at, ""))
        return None, line

    def _complain(self, line: int | None, key: str, at: Location = (), **arguments: Argument) -> None:
        self._problems.append(problem(self._file, line, dotted(at), key, **arguments))

    def _complain_of_syntax(self, error: yaml.MarkedYAMLError) -> None:
        """Say it in our own words: the parser's text is English only, and may quote what stands there, which may be a secret."""
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        said = error.problem or ""
        lines = self._text.splitlines()
        written = lines[line] if line < len(lines) else ""
        if "\t" in written[: len(written) - len(written.lstrip())] or r"'\t'" in said:
            self._complain(line + 1, "yaml-tab")
        elif "escape" in said:
            self._complain(line + 1, "yaml-escape")
        elif said == "mapping values are not allowed here":
            self._complain(line + 1, "yaml-colon")
        else:
            self._complain(line + 1, "yaml-syntax", column=column + 1)


def dotted(at: Location) -> str:
    """Return a location as an operator reads it: `sync_server.other_endpoints[1]`. A name that is no name is not repeated."""
    text = ""
    for part in at:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            name = part if part.isascii() and part.replace("-", "_").isidentifier() and len(part) <= 40 else "…"
            text += f".{name}" if text else name
    return text


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _number(text: str) -> Json:
    """Return a whole decimal number; any other way of writing a number is kept as a float, which no parameter accepts."""
    digits = text.removeprefix("-")
    if digits.isdecimal() and len(digits) <= 15 and (digits == "0" or not digits.startswith("0")):
        return int(text)
    return float("nan")
