"""The catalogue of messages, by key. A key exists once, whichever part of the house says it."""

from __future__ import annotations

from runbook_lib.texts.messages import (
    adapters,
    advice,
    approvals,
    by_hand,
    change_records,
    evidence,
    findings,
    fleet,
    jupyter,
    lab,
    ladder,
    panels,
    parameters,
    pilot,
    records,
    resuming,
    rollback,
    rollups,
    runs,
    sealing,
    signing,
    status,
    storage,
    verify,
    verifying,
)
from runbook_lib.texts.text import Entry

_PARTS = (
    adapters.MESSAGES,
    advice.MESSAGES,
    approvals.MESSAGES,
    by_hand.MESSAGES,
    change_records.MESSAGES,
    evidence.MESSAGES,
    findings.MESSAGES,
    fleet.MESSAGES,
    jupyter.MESSAGES,
    lab.MESSAGES,
    ladder.MESSAGES,
    panels.MESSAGES,
    parameters.MESSAGES,
    pilot.MESSAGES,
    records.MESSAGES,
    resuming.MESSAGES,
    rollback.MESSAGES,
    rollups.MESSAGES,
    runs.MESSAGES,
    sealing.MESSAGES,
    signing.MESSAGES,
    status.MESSAGES,
    storage.MESSAGES,
    verify.MESSAGES,
    verifying.MESSAGES,
)

MESSAGES: dict[str, Entry] = {key: entry for part in _PARTS for key, entry in part.items()}

if len(MESSAGES) != sum(len(part) for part in _PARTS):
    raise ValueError("a message key is used twice")
