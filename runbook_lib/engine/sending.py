"""Sending approved changes, once each. The journal holds each intention before it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from runbook_lib.engine.parts import Parts
from runbook_lib.errors import OutcomeUnknown, TargetError
from runbook_lib.model import Change, as_json
from runbook_lib.texts import Message, message

INVALID_STATE = "writeback-invalid-state"


@dataclass(frozen=True)
class Trouble:
    """What went wrong while sending: with which change, what was said, and which approved changes were not sent after that.

    `is_open` is true when the change may or may not have been made. `uncured` is what was left of a cure that broke off. It is no part of `unsent`: the change it is for was sent, and refused.
    """

    change: Change
    said: Message
    is_open: bool = False
    unsent: tuple[Change, ...] = ()
    uncured: tuple[Change, ...] = ()


class Sending:
    """Sends changes to targets. The journal holds each intention before it is sent."""

    def __init__(self, parts: Parts, means: Mapping[str, str]) -> None:
        """Keep the parts and the plan's `means`; nothing is sent yet.

        `begun` is what may have left; `broken_off` is what is open when `send` did not come to its end, as after an interrupt.
        """
        self.begun: list[Change] = []
        self.broken_off: Trouble | None = None
        self._targets = parts.targets
        self._journal = parts.journal
        self._means = means

    def send(self, changes: Sequence[Change]) -> Trouble | None:
        """Send the changes in order, each once; stop at the first that does not succeed and return what it said."""
        for number, change in enumerate(changes, start=1):
            count = len(self.begun)
            try:
                trouble = self._send_one(change)
            except BaseException:  # also an interrupt
                unsent = changes[number if len(self.begun) > count else number - 1 :]
                self.broken_off = Trouble(change, message("sending-broken-off"), is_open=True, unsent=tuple(unsent))
                raise
            if trouble:
                return replace(trouble, unsent=tuple(changes[number:]))
        return None

    def _send_one(self, change: Change) -> Trouble | None:
        self._journal.record("sending", change=as_json(change), sha256=self._means.get(change.action, ""))
        self.begun.append(change)
        try:
            answer = self._targets[change.target].perform(change)
        except TargetError as error:
            is_open = isinstance(error, OutcomeUnknown)
            told = {"problem": as_json(error.message), "request_id": error.request_id, "unknown": is_open}
            self._journal.record("send-failed", action=change.action, **told)
            if error.message.key == INVALID_STATE and change.cure:
                self._journal.record("cure", action=change.action)
                trouble = self.send(change.cure)
                return trouble and replace(trouble, unsent=(), uncured=trouble.unsent)
            return Trouble(change, error.message, is_open)
        self._journal.record(
            "sent", action=change.action, answer=answer.body, at=answer.at, request_id=answer.request_id
        )
        return None
