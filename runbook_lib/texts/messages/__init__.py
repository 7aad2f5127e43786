"""The catalogue of messages, by key. A key exists once, whichever part of the house says it."""

from __future__ import annotations

from runbook_lib.texts.messages import (
    adapters,
    advice,
    evidence,
    findings,
    lab,
    ladder,
    parameters,
    pilot,
    resuming,
    rollback,
    runs,
    verify,
)
from runbook_lib.texts.text import Entry

_PARTS = (
    adapters.MESSAGES,
    advice.MESSAGES,
    evidence.MESSAGES,
    findings.MESSAGES,
    lab.MESSAGES,
    ladder.MESSAGES,
    parameters.MESSAGES,
    pilot.MESSAGES,
    resuming.MESSAGES,
    rollback.MESSAGES,
    runs.MESSAGES,
    verify.MESSAGES,
)

MESSAGES: dict[str, Entry] = {key: entry for part in _PARTS for key, entry in part.items()}

if len(MESSAGES) != sum(len(part) for part in _PARTS):
    raise ValueError("a message key is used twice")
