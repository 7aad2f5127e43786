"""The form that an operator fills in, as a description made from the model of parameters, and what it holds as data of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from runbook_lib.model import Json
from runbook_lib.parameters.document import Dated
from runbook_lib.parameters.keys import Parameters
from runbook_lib.parameters.secret import LITERAL, SecretReference, parse_reference

Kind = Literal["choice", "text", "number", "yes-no", "list", "secret-reference"]
# What a field holds: yes or no, or the text as typed; a list has one item a line. Empty text: not given.
Entry = str | bool

# Keys that are not the operator's to fill in here, and why.
NOT_IN_THE_FORM: Final[Mapping[str, str]] = {
    "mode": "an interactive run begins with a plan; applying it is a button of its own, beside the plan",
    "approved_plan": "the digest comes from the plan that was shown, not from typing",
    "approvals": "people put their signed approvals beside the plan",
    "attestation": "the panel of a guided step writes that file",
    "rollback_of": "a rollback is begun from the record of the run to undo, which is looked at first",
    "run_id": "a run that somebody begins is named by the kit",
}

_KINDS: Mapping[Any, Kind] = {
    bool: "yes-no",
    int: "number",
    str: "text",
    tuple: "list",
    SecretReference: "secret-reference",
}
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}")


@dataclass(frozen=True)
class Field:
    """One field. `name` is the dotted name of the key; `default` is what counts when nothing is given, None for nothing."""

    path: tuple[str, ...]
    kind: Kind
    is_required: bool
    default: Json
    choices: tuple[str, ...] = ()
    lowest: int | None = None
    highest: int | None = None

    @property
    def name(self) -> str:
        """Return the dotted name, as problems and pages use it."""
        return ".".join(self.path)

    @property
    def empty(self) -> Entry:
        """Return what an untouched field holds."""
        if self.default is None or self.kind == "list":
            return False if self.kind == "yes-no" else ""
        return self.default if isinstance(self.default, bool) else str(self.default)


@dataclass(frozen=True)
class FormSection:
    """Fields that stand together: a section of the file, or keys beside each other, named by the first of them."""

    name: str
    fields: tuple[Field, ...]


@cache
def form() -> tuple[FormSection, ...]:
    """Return the sections of the form, in the order of the file."""
    return tuple(FormSection(name, tuple(fields)) for name, fields in _sections())


def _sections() -> Iterator[tuple[str, list[Field]]]:
    kept = [(name, field) for name, field in Parameters.model_fields.items() if name not in NOT_IN_THE_FORM]
    for is_alone, group in groupby(kept, key=lambda each: _section_of(each[1]) is None):
        if is_alone:
            fields = [_field((name,), field) for name, field in group]
            yield fields[0].name, fields
            continue
        for name, field in group:
            shape = _section_of(field)
            yield name, [_field((name, key), inner) for key, inner in shape.model_fields.items()] if shape else []


def _section_of(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _field(path: tuple[str, ...], field: FieldInfo) -> Field:
    shape = _bare(field.annotation)
    default = None if field.is_required() else field.get_default()
    choices = tuple(map(str, get_args(shape))) if get_origin(shape) is Literal else ()
    bounds = {name: getattr(limit, name) for limit in field.metadata for name in ("ge", "le") if hasattr(limit, name)}
    kind = "choice" if choices else _KINDS[get_origin(shape) or shape]
    return Field(path, kind, field.is_required(), default, choices, bounds.get("ge"), bounds.get("le"))


def _bare(annotation: Any) -> Any:
    """Return what a key holds when it is given: without `None`, and without what checks it."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            annotation = next(each for each in get_args(annotation) if each is not type(None))
        else:
            return annotation


def nested(entries: Mapping[str, Entry]) -> dict[str, Json]:
    """Return what the form holds as the data of a tenant's file. Fields that hold nothing are left out."""
    data: dict[str, Json] = {}
    for section in form():
        for field in section.fields:
            place = data.setdefault(section.name, {}) if len(field.path) > 1 else data
            value = _value(field, entries.get(field.name, field.empty))
            if value not in ("", []):
                place[field.path[-1]] = value
    return data


def _value(field: Field, entry: Entry) -> Json:
    if isinstance(entry, bool) or field.kind == "yes-no":
        return entry
    if field.kind == "list":
        return [line for line in entry.split("\n") if line.strip()]
    return int(entry) if field.kind == "number" and _NUMBER.fullmatch(entry) else entry


def filled(data: Mapping[str, Json]) -> dict[str, Entry]:
    """Return what the form holds for the data of a tenant's file, also of one that is wrong.

    A secret that stands there itself is left out: see `literal_secrets`.
    """
    return {field.name: _entry(field, _given(data, field)) for section in form() for field in section.fields}


def literal_secrets(data: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the names of the fields in which a secret itself stands, and no reference."""
    fields = [field for section in form() for field in section.fields if field.kind == "secret-reference"]
    return tuple(field.name for field in fields if (given := _given(data, field)) and not is_reference(given))


def is_reference(given: Json) -> bool:
    """Tell whether a value has the beginning of a reference to a secret; what follows may be incomplete."""
    return isinstance(given, SecretReference) or (isinstance(given, str) and parse_reference(given) != LITERAL)


def _given(data: Mapping[str, Json], field: Field) -> Json:
    place: Json = data
    for name in field.path:
        place = place.get(name) if isinstance(place, Mapping) else None
    return place.text if isinstance(place, Dated) else place


def _entry(field: Field, given: Json) -> Entry:
    if given is None:
        return field.empty
    if field.kind == "yes-no":
        return given if isinstance(given, bool) else field.empty
    if field.kind == "list":
        return "\n".join(item for item in given if isinstance(item, str)) if isinstance(given, list | tuple) else ""
    if field.kind == "secret-reference" and not is_reference(given):
        return ""
    return str(given) if isinstance(given, str | int | SecretReference) and not isinstance(given, bool) else ""
