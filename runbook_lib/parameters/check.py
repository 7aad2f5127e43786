"""Values against a model and its rules: every problem at once, in our own words and with its place."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from runbook_lib.model import Json
from runbook_lib.parameters.document import UNREADABLE, Dated, Document, Location, dotted
from runbook_lib.parameters.problem import Problem, problem
from runbook_lib.parameters.rules import Rule
from runbook_lib.texts import MESSAGES, Argument

M = TypeVar("M", bound=BaseModel)

# What pydantic says, and the key of our message about it. What is not in this table is a key of ours already.
_KEYS = {
    "missing": "parameter-missing",
    "bool_type": "parameter-not-yes-or-no",
    "int_type": "parameter-not-a-number",
    "tuple_type": "parameter-not-a-list",
    "model_type": "parameter-not-a-section",
    "model_attributes_type": "parameter-not-a-section",
    "string_unicode": "parameter-hidden-character",
    "too_long": "parameter-list-too-long",
    "greater_than_equal": "parameter-too-small",
    "less_than_equal": "parameter-too-large",
}
# How pydantic lists the choices: 'a', 'b' or 'c'.
_QUOTED = re.compile(r"'([^']*)'")
_LIMITS = {"too_long": "max_length", "greater_than_equal": "ge", "less_than_equal": "le"}


def check(shape: type[M], document: Document, rule: Rule) -> tuple[M | None, tuple[Problem, ...]]:
    """Return the model, or None, and every problem: those of the document first found, all in the order of its lines."""
    found: list[Problem] = list(document.problems)
    result = None
    if document.values or not found:
        try:
            result = shape.model_validate(document.values)
        except ValidationError as error:
            found += _complaints(shape, document, error)
        said = {each.field for each in found}
        for breach in rule(document.values):
            if dotted(breach.at) not in said:
                found.append(_problem(document, breach.at, breach.key, **breach.arguments))
    found.sort(key=lambda each: each.line or 0)
    return (None if found else result), tuple(found)


def plain(values: Any, depth: int = 0) -> Json:
    """Return what a notebook was given as plain data; what no YAML file could have said becomes unreadable."""
    if isinstance(values, Mapping) and depth < 8:
        return {name if isinstance(name, str) else "…": plain(value, depth + 1) for name, value in values.items()}
    if isinstance(values, list | tuple) and depth < 8:
        return [plain(item, depth + 1) for item in values]
    if values is None or isinstance(values, bool):
        return values
    if isinstance(values, str):  # also what pandas and enumerations make of a text
        return str.__str__(values)
    return int(values) if isinstance(values, int) else math.nan


def _complaints(shape: type[BaseModel], document: Document, error: ValidationError) -> Iterator[Problem]:
    for each in error.errors(include_url=False):
        given, at = each["input"], tuple(each["loc"])
        if given is UNREADABLE:
            continue
        kind, context = each["type"], each.get("ctx", {})
        if kind == "extra_forbidden":
            yield unknown(document, at, names_at(shape, at[:-1]))
        elif kind == "literal_error":
            yield _choice(document, at, given, context["expected"])
        elif kind == "string_type":
            yield _problem(document, at, _not_text(given))
        elif kind in _LIMITS:
            yield _problem(document, at, _KEYS[kind], limit=context[_LIMITS[kind]])
        else:
            yield _problem(document, at, _KEYS.get(kind, kind), **context)


def _not_text(given: object) -> str:
    """Return the key about a value that is no text: most often, text that YAML understands differently without quotes."""
    if isinstance(given, bool):
        return "parameter-unquoted-yes-or-no"
    if isinstance(given, int | float):
        return "parameter-unquoted-number"
    return "parameter-unquoted-date" if isinstance(given, Dated) else "parameter-not-text"


def _choice(document: Document, at: Location, given: object, expected: str) -> Problem:
    names = tuple(_QUOTED.findall(expected))
    near = get_close_matches(given.lower(), names, 1) if isinstance(given, str) and len(given) <= 40 else []
    key = "parameter-not-a-choice-near" if near else "parameter-not-a-choice"
    return _problem(document, at, key, choices=names, near=near[0] if near else "")


def _section_at(shape: type[BaseModel], at: Location) -> type[BaseModel]:
    for name in at:
        if isinstance(name, str):
            inside: Any = shape.model_fields[name].annotation
            shape = cast("type[BaseModel]", get_args(inside)[0] if get_origin(inside) is tuple else inside)
    return shape


def names_at(shape: type[BaseModel], at: Location) -> tuple[str, ...]:
    """Return the names of the keys of a section."""
    return tuple(_section_at(shape, at).model_fields)


def unknown(document: Document, at: Location, names: tuple[str, ...]) -> Problem:
    """Return the problem of a key that does not exist, with the one that was probably meant."""
    name = str(at[-1])
    near = get_close_matches(name.lower().replace("-", "_"), names, 1) if len(name) <= 40 else []
    if near:
        return _problem(document, at, "parameter-unknown-near", near=near[0])
    return _problem(document, at, "parameter-unknown", names=names)


def _problem(document: Document, at: Location, key: str, **arguments: Argument) -> Problem:
    if (
        key not in MESSAGES
    ):  # a complaint of pydantic that no field of ours should cause: still no exception for an operator
        key, arguments = "parameter-not-right", {}
    return problem(document.file, _line(document, at), dotted(at), key, **arguments)


def _line(document: Document, at: Location) -> int | None:
    """Return the line of a key, or of the section that should hold it."""
    for length in range(len(at), -1, -1):
        if (line := document.lines.get(at[:length])) is not None:
            return line
    return None
