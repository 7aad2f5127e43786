"""Short forms in which the steps say what they found."""

from __future__ import annotations

from runbook_lib.model import Fact, Finding, Json, Level, Provenance
from runbook_lib.ports import Reading
from runbook_lib.texts import Argument, message

# Said where a look would need the sync server, and the parameters leave it to a person.
SERVER_NOT_READ = "server-not-read"


def blocker(key: str, **arguments: Argument) -> Finding:
    """Return a finding that stops the step."""
    return Finding(Level.BLOCKER, message(key, **arguments))


def warning(key: str, **arguments: Argument) -> Finding:
    """Return a finding the operator should know of."""
    return Finding(Level.WARNING, message(key, **arguments))


def note(key: str, **arguments: Argument) -> Finding:
    """Return a finding that explains something expected."""
    return Finding(Level.NOTE, message(key, **arguments))


def contradiction(key: str, **arguments: Argument) -> Finding:
    """Return a finding that disagrees with an attestation."""
    return Finding(Level.CONTRADICTION, message(key, **arguments))


def observed(source: Reading[object], **values: Json) -> tuple[Fact, ...]:
    """Return facts as a reading showed them; underscores in names become hyphens."""
    return tuple(Fact(_name(name), value, source.name) for name, value in values.items())


def passing(source: Reading[object], **values: Json) -> tuple[Fact, ...]:
    """Return observed facts that may change between plan and apply without making the plan outdated."""
    return tuple(Fact(_name(name), value, source.name, decisive=False) for name, value in values.items())


def unknown(name: str, source: str) -> Fact:
    """Return a fact that we do not know, and say so."""
    return Fact(name, None, source, Provenance.UNKNOWN, decisive=False)


def attested(name: str, value: Json, by: str) -> Fact:
    """Return a fact that rests on a person's word. It came after the plan that it is about, so it decides nothing in it."""
    return Fact(name, value, by, Provenance.ATTESTED, decisive=False)


def _name(name: str) -> str:
    return name.replace("_", "-")
