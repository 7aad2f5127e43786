"""The secrets of a run that a process can know which did not carry it out: to write its notebook, or to look through its record."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace

from runbook_lib.adapters.storage import storage_secrets
from runbook_lib.errors import RunbookError
from runbook_lib.evidence import Redactor
from runbook_lib.model import Json
from runbook_lib.parameters import SecretReference, parse_reference, resolve
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import from_root, lab_folder

# What can be looked up without asking a person, a keyring that may be locked, or a server.
_AT_HAND = frozenset({"env", "file", "lab"})


def redactor_for(parameters: Mapping[str, Json]) -> Redactor:
    """Return a redactor that knows what the references in a run's parameters lead to, as far as that is at hand here.

    What is not there any more, or must be asked for, it recognizes by its looks alone. Nothing is raised.
    """
    redactor = Redactor()
    learn_of_storage(redactor)
    references = list(_references(dict(parameters)))
    lab = _lab_secrets() if any(each.kind == "lab" for each in references) else None
    for reference in references:
        named = replace(reference, name=str(from_root(reference.name))) if reference.kind == "file" else reference
        try:
            redactor.learn(resolve(named, environ=os.environ, lab_secrets=lab).reveal())
        except RunbookError:
            continue
    return redactor


def learn_of_storage(redactor: Redactor) -> None:
    """Make known to a redactor what this process can reach a shared storage with."""
    redactor.learn(*storage_secrets(os.environ))


def _references(data: Json) -> Iterator[SecretReference]:
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _references(value)
    elif isinstance(data, str):
        found = parse_reference(data)
        if isinstance(found, SecretReference) and found.kind in _AT_HAND:
            yield found


def _lab_secrets() -> dict[str, str] | None:
    try:
        return find_lab(lab_folder()).secrets
    except RunbookError:
        return None
