"""What a person's word says about a step: the values they saw, as facts that are attested and never observed."""

from __future__ import annotations

from runbook_lib.model import Attestation, Fact, Finding, Json, Wanted
from runbook_lib.ports import Reading
from runbook_lib.runbooks.findings import attested, contradiction, unknown


def word_on(step_id: str, wanted: Wanted) -> Attestation | None:
    """Return the attestation if it names the step."""
    word = wanted.attestation
    return word if word and step_id in word.steps else None


def seen_by(word: Attestation | None, name: str, fact: str, source: Reading[object]) -> Fact:
    """Return what was seen as an attested fact; unknown, of the reading that would tell, without a word on it."""
    value = word.values.get(name) if word else None
    return unknown(fact, source.name) if word is None or value is None else attested(fact, value, word.by)


def speaks_against(word: Attestation | None, name: str, wanted: Json, *, must: bool = True) -> tuple[Finding, ...]:
    """Return a contradiction when another value was seen than the one wanted, or when it `must` have been seen and was not."""
    if word is None or (not must and name not in word.values) or word.values.get(name) == wanted:
        return ()
    return (contradiction("attested-other-value", setting=name, by=word.by),)
