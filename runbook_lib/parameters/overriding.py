"""Parameters for one command, over what all files say: a file of them, and single ones by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runbook_lib.model import Json
from runbook_lib.parameters.document import Document, dotted, read_document, read_text
from runbook_lib.parameters.problem import InvalidParametersError, Problem, problem

# What makes a tenant or a run that one, and what the command itself decides.
SAYS_NO_TENANT = frozenset({"run_id", "mode", "approved_plan", "rollback_of"})
_NOT_HERE = SAYS_NO_TENANT | {"tenant"}

_NAME = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40}){0,6}", re.ASCII)


@dataclass(frozen=True)
class Over:
    """What lies over every tenant's file, and where each value was said: by dotted name, the file or option and its line."""

    values: Mapping[str, Json] = field(default_factory=dict)
    places: Mapping[str, tuple[str, int | None]] = field(default_factory=dict)


NOTHING = Over()


def read_over(file: str, sets: Sequence[str]) -> Over:
    """Read a file of parameters (empty: none) and `name=value` over it, later ones over earlier ones; values are written as in a file.

    Raises `InvalidParametersError` with every problem of them: also what may not be said here.
    """
    over, problems = NOTHING, []
    for document in (*([read_document(Path(file))] if file else []), *map(_set, sets)):
        problems += [*document.problems, *_not_here(document)]
        places = {dotted(at): (document.file, line or None) for at, line in document.lines.items() if at}
        over = Over(merged(over.values, document.values), {**over.places, **places})
    if problems:
        raise InvalidParametersError(problems)
    return over


def merged(under: Mapping[str, Json], over: Mapping[str, Json]) -> dict[str, Json]:
    """Return what two layers say together: sections are merged key by key, everything else is taken from the upper one."""
    both = dict(under)
    for name, value in over.items():
        below = both.get(name)
        both[name] = merged(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return both


def placed(found: Problem, over: Over) -> Problem:
    """Return a problem at the place of what caused it, when that lies over the files."""
    if found.field not in over.places:
        return found
    return Problem(*over.places[found.field], found.field, found.message)


def once(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once: what lies over all files is wrong for every tenant."""
    return list({(each.place, each.field, each.message.key): each for each in problems}.values())


def _set(given: str) -> Document:
    """Return what `name=value` says as if it stood in a file. The value is not repeated in a problem: it may be a secret."""
    name, sign, text = given.partition("=")
    name = name.strip()
    if not sign or not _NAME.fullmatch(name):
        return Document("--set", problems=(problem("--set", None, "", "set-unreadable"),))
    place = f"--set {name}"
    read = read_text(f"value: {text}\n", place)
    if read.problems or read.values.keys() != {"value"}:
        return Document(place, problems=(problem(place, None, name, "set-value-unreadable"),))
    parts = name.split(".")
    values: Json = read.values["value"]
    for part in reversed(parts):
        values = {part: values}
    return Document(place, values, {tuple(parts[:length]): 0 for length in range(1, len(parts) + 1)})


def _not_here(document: Document) -> list[Problem]:
    return [
        problem(document.file, document.lines.get((name,)) or None, name, "fleet-not-here")
        for name in sorted(_NOT_HERE & document.values.keys())
    ]
