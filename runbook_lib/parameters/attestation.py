"""A person's word that steps were done by hand, read from the file in which they give it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from runbook_lib.model import Attestation, Json, one_person
from runbook_lib.parameters.check import check
from runbook_lib.parameters.document import Dated, Document, Location, dotted, read_document
from runbook_lib.parameters.keys import Section
from runbook_lib.parameters.picture import MOST_PICTURE_BYTES, MOST_PICTURES, Picture, opened
from runbook_lib.parameters.problem import InvalidAttestationError, Problem, problem
from runbook_lib.parameters.rules import Breach
from runbook_lib.parameters.shapes import ITEMS, NOTHING, SECTION, Digest, File, Guid, Person
from runbook_lib.texts import Message, message

Wizard = Literal["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"]
StepId = Literal[Wizard, "p1", "p2", "p3", "p4", "p5"]

# What must have been seen for these steps to be done.
_SEEN = {
    **dict.fromkeys(("c6", "c7", "d6", "d7"), ("connect_writeback",)),
    "p3": ("write_back",),
    "p4": ("unlock",),
    "p5": ("write_back", "unlock"),
}
# What somebody may have seen at these steps, if they looked.
_MAY_BE_SEEN = {
    **dict.fromkeys(("c2", "d2"), ("staging_mode",)),
    "c7": ("onboarded",),
    "d7": ("offboarded",),
}


def _as_written(value: Any) -> Any:
    """A time may stand without quotes here: it is a time."""
    return value.text if isinstance(value, Dated) else value


def _moment(value: str) -> str:
    """Return a time as UTC with microseconds, so that times sort as text."""
    try:
        moment = datetime.fromisoformat(value)
        in_utc = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("attestation-not-a-time", "attestation-not-a-time") from None
    if moment.tzinfo is None:
        raise PydanticCustomError("attestation-time-without-zone", "attestation-time-without-zone")
    return in_utc.isoformat(timespec="microseconds").replace("+00:00", "Z")


Moment = Annotated[str, BeforeValidator(_as_written), AfterValidator(_moment), WithJsonSchema({"type": "string"})]


class SeenValues(Section):
    """What was seen: on the page of the portal after saving, in the wizard, and where somebody looked, on the server."""

    write_back: bool | None = None
    """The first setting of the portal page."""
    unlock: bool | None = None
    """The second setting of the portal page."""
    connect_writeback: bool | None = None
    """The box Password writeback, as the wizard was told to configure it."""
    staging_mode: bool | None = None
    """Whether the server is in staging mode, if somebody looked."""
    onboarded: bool | None = None
    """Whether event 31005 came after turning it on, if somebody looked in the server's Application log."""
    offboarded: bool | None = None
    """Whether event 31013 came after turning it off, if somebody looked in the server's Application log."""


class AttestationFile(Section):
    """The keys of an attestation file."""

    plan: Digest
    tenant: Guid
    steps: Annotated[tuple[StepId, ...], ITEMS]
    by: Person
    at: Moment
    values: Annotated[SeenValues, SECTION] = SeenValues()
    second_person: Annotated[Person | None, NOTHING] = None
    screenshot: Annotated[File | None, NOTHING] = None
    screenshots: Annotated[tuple[File, ...], ITEMS, Field(max_length=MOST_PICTURES)] = ()


@dataclass(frozen=True)
class AttestedFile:
    """What a person handed in: the name we keep it under, what they call it, and its bytes."""

    name: str
    original: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def read_attestation(path: Path) -> Attestation:
    """Read an attestation. `file` of the result is its path.

    Raises:
        InvalidAttestationError: with every problem of the file, each with its line.
    """
    return read_attested(path)[0]


def read_attested(path: Path) -> tuple[Attestation, tuple[AttestedFile, ...]]:
    """Read an attestation and return what to keep as evidence, too: the bytes that were judged. Raises as `read_attestation`."""
    document = read_document(path)
    read = _checked(document)
    word = AttestedFile("attestation.yml", path.name, document.content)
    return _attestation(read, path), (word, *_pictures(read, document, path.parent))


def read_word(path: Path) -> Attestation:
    """Read what an attestation says and leave its pictures alone: for one that was judged and kept before. Raises as `read_attestation`."""
    return _attestation(_checked(read_document(path)), path)


def can_be_attested(step_id: str) -> bool:
    """Tell whether somebody may put their name to a step; a step that is only for looking is looked at, or it is not."""
    return step_id in get_args(StepId)


def values_asked(steps: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the values that must have been seen for these steps."""
    return tuple(dict.fromkeys(name for step in steps for name in _SEEN.get(step, ())))


def values_welcome(steps: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the values that somebody may have seen at these steps, and need not."""
    return tuple(dict.fromkeys(name for step in steps for name in _MAY_BE_SEEN.get(step, ())))


def _checked(document: Document) -> AttestationFile:
    read, problems = check(AttestationFile, document, _broken_rules)
    if read is None:
        raise InvalidAttestationError(problems)
    return read


def _attestation(read: AttestationFile, path: Path) -> Attestation:
    seen = {name: value for name, value in read.values if value is not None}
    return Attestation(read.plan, read.tenant, read.steps, read.by, read.at, seen, read.second_person or "", str(path))


def _pictures(read: AttestationFile, document: Document, folder: Path) -> tuple[AttestedFile, ...]:
    """Return the screenshots under names of ours. A relative name counts from the attestation's folder, so that all can be moved together."""
    named: list[tuple[Location, str, str]] = []
    if read.screenshot:
        named.append((("screenshot",), "screenshot", read.screenshot))
    named += [(("screenshots", at), f"screenshot-{at + 1}", file) for at, file in enumerate(read.screenshots)]
    kept: list[AttestedFile] = []
    problems: list[Problem] = []
    for at, name, file in named:
        picture = _picture(folder / file)
        if isinstance(picture, Message):
            problems.append(
                problem(document.file, document.lines.get(at), dotted(at), picture.key, **picture.arguments)
            )
        else:
            kept.append(AttestedFile(f"{name}.{picture.suffix}", (folder / file).name, picture.content))
    if problems:
        raise InvalidAttestationError(problems)
    return tuple(kept)


def _broken_rules(given: Mapping[str, Json]) -> Iterator[Breach]:
    steps = given.get("steps")
    named = [step for step in steps if isinstance(step, str)] if isinstance(steps, list) else []
    if steps == []:
        yield Breach(("steps",), "attestation-no-steps")
    if len(set(named)) < len(named):
        yield Breach(("steps",), "attestation-step-twice")
    if given.get("screenshot") and given.get("screenshots"):
        yield Breach(("screenshots",), "attestation-screenshots-twice")
    values = given.get("values")
    seen = values if isinstance(values, dict) else {}
    for name in ("write_back", "unlock", "connect_writeback"):
        asking = tuple(step for step in dict.fromkeys(named) if name in _SEEN.get(step, ()))
        if asking and seen.get(name) is None:
            yield Breach(("values", name), "attestation-value-missing", {"steps": asking})
    first, second = given.get("by"), given.get("second_person")
    if isinstance(first, str) and isinstance(second, str) and first.split() and same_person(first, second):
        yield Breach(("second_person",), "attestation-same-person")


def same_person(first: str, second: str) -> bool:
    """Tell whether two names are one person's, however they are spaced and written in capitals."""
    return one_person(first) == one_person(second)


def _picture(path: Path) -> Picture | Message:
    try:
        if not path.is_file():
            return message("picture-missing")
        with path.open("rb") as stream:
            content = stream.read(MOST_PICTURE_BYTES + 1)
    except (OSError, ValueError):
        return message("picture-missing")
    return opened(content)
