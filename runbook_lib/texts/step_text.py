"""What a step and a runbook are described with, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.texts.text import Text


@dataclass(frozen=True, slots=True)
class StepText:
    """A step in words: `title` in ours, `where` as the page is labelled, `does` what the kit does there."""

    title: Text
    where: Text
    does: Text


@dataclass(frozen=True, slots=True)
class RunbookText:
    """A runbook in words: what it is for, who may run it, how long it takes, how to undo it."""

    title: Text
    purpose: Text
    needs: Text
    takes: Text
    undo: Text
