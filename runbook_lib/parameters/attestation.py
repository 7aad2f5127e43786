"""A person's word that steps were done by hand, read from the file in which they give it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from runbook_lib.model import Attestation, Json
from runbook_lib.parameters.check import check
from runbook_lib.parameters.document import Dated, read_document
from runbook_lib.parameters.keys import Section
from runbook_lib.parameters.problem import InvalidAttestationError, problem
from runbook_lib.parameters.rules import Breach
from runbook_lib.parameters.shapes import ITEMS, NOTHING, SECTION, Digest, File, Guid, Person

StepId = Literal["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "p1", "p2", "p3", "p4", "p5"]

# What must have been seen for these steps to be done.
_SEEN = {"p3": ("write_back",), "p4": ("unlock",), "p5": ("write_back", "unlock")}

# How a picture begins, and the name it is kept under.
_PICTURES = {b"\x89PNG\r\n\x1a\n": "screenshot.png", b"\xff\xd8\xff": "screenshot.jpg"}
MOST_PICTURE_BYTES = 20 * 1024 * 1024


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
    """What the page showed after saving."""

    write_back: bool | None = None
    unlock: bool | None = None


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
    read, files = _checked(path)
    seen = {name: value for name, value in read.values if value is not None}
    second = read.second_person or ""
    return Attestation(read.plan, read.tenant, read.steps, read.by, read.at, seen, second, str(path)), files


def _checked(path: Path) -> tuple[AttestationFile, tuple[AttestedFile, ...]]:
    document = read_document(path)
    read, problems = check(AttestationFile, document, _broken_rules)
    if read is None:
        raise InvalidAttestationError(problems)
    word = AttestedFile("attestation.yml", path.name, document.content)
    if not read.screenshot:
        return read, (word,)
    # A relative name counts from the attestation's folder, so that both can be moved together.
    picture = _picture(path.parent / read.screenshot)
    if picture is None:
        line = document.lines.get(("screenshot",))
        most = MOST_PICTURE_BYTES // 1024**2
        raise InvalidAttestationError([problem(document.file, line, "screenshot", "attestation-no-picture", most=most)])
    return read, (word, picture)


def _broken_rules(given: Mapping[str, Json]) -> Iterator[Breach]:
    steps = given.get("steps")
    named = [step for step in steps if isinstance(step, str)] if isinstance(steps, list) else []
    if steps == []:
        yield Breach(("steps",), "attestation-no-steps")
    if len(set(named)) < len(named):
        yield Breach(("steps",), "attestation-step-twice")
    values = given.get("values")
    seen = values if isinstance(values, dict) else {}
    for name in ("write_back", "unlock"):
        asking = tuple(step for step in dict.fromkeys(named) if name in _SEEN.get(step, ()))
        if asking and seen.get(name) is None:
            yield Breach(("values", name), "attestation-value-missing", {"steps": asking})
    first, second = given.get("by"), given.get("second_person")
    if isinstance(first, str) and isinstance(second, str) and first.split() and _same(first, second):
        yield Breach(("second_person",), "attestation-same-person")


def _same(first: str, second: str) -> bool:
    return first.casefold().split() == second.casefold().split()


def _picture(path: Path) -> AttestedFile | None:
    """Read a screenshot. Return None when there is none, or when it is no picture, or too large."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            content = stream.read(MOST_PICTURE_BYTES + 1)
    except OSError:
        return None
    if len(content) > MOST_PICTURE_BYTES:
        return None
    kinds = [name for start, name in _PICTURES.items() if content.startswith(start)]
    return AttestedFile(kinds[0], path.name, content) if kinds else None
