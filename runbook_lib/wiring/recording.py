"""A target that keeps every answer as it came, before anybody judges it."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.errors import TargetError
from runbook_lib.evidence import RunDirectory
from runbook_lib.model import Change
from runbook_lib.ports import Answer, Request, Target


class Recording:
    """Passes everything on to another target, and keeps its answers in the run's folder. Implements `ports.Target`."""

    def __init__(self, target: Target, directory: RunDirectory) -> None:
        """Wrap a target."""
        self.name = target.name
        self._target = target
        self._directory = directory

    def read(self, requests: Sequence[Request]) -> Sequence[Answer | TargetError]:
        """Answer as the target does. Raises `EvidenceError` when an answer cannot be kept."""
        outcomes = self._target.read(requests)
        self._directory.keep_answers(self.name, *(outcome for outcome in outcomes if isinstance(outcome, Answer)))
        return outcomes

    def perform(self, change: Change) -> Answer:
        """Send as the target does, and keep its answer."""
        answer = self._target.perform(change)
        self._directory.keep_answers(self.name, answer)
        return answer

    def close(self) -> None:
        """Close the target."""
        self._target.close()
