"""What a field of a form is called."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.texts.text import Text


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What a field is called, and what to put there."""

    label: Text
    help: Text
