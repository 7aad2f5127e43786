"""The gate that asks the change record: its state, its approval, its window and its text, as they are now. It reads and never approves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from runbook_lib.errors import NotApproved, RunbookError
from runbook_lib.model import Approval, Plan
from runbook_lib.ports import Approver, ChangeRecord, Clock
from runbook_lib.texts import Message, message

# Where a change is approved and not over. Whoever implements it may have moved it on before or after they begin.
_OPEN = ("scheduled", "implement")


class WithinChange:
    """Asks another approver, and then whether the change record allows it. Implements `ports.Approver`."""

    def __init__(self, approver: Approver, read: Callable[[], ChangeRecord], clock: Clock) -> None:
        """Keep who is asked, how the record is read (raises `RunbookError`), and the time it goes by."""
        self._approver = approver
        self._read = read
        self._clock = clock

    def approve(self, plan: Plan, digest: str) -> Approval:
        """Return the approval with what the record said. Raises `NotApproved` with what it lacks, and `PlanOutdated`."""
        approval = self._approver.approve(plan, digest)
        try:
            record = self._read()
        except RunbookError as error:
            raise NotApproved("change-not-read").because(error.message) from error
        if lacking := tuple(_lacking(record, digest, self._clock.now())):
            raise NotApproved("change-does-not-allow", number=record.number, said=record.said).because(*lacking)
        window = {"start": _written(record.start), "end": _written(record.end)}
        return replace(approval, change={"number": record.number, "said": record.said, **window})


def _lacking(record: ChangeRecord, digest: str, now: datetime) -> Iterator[Message]:
    """Yield what a record lacks to allow a plan now. What is not known for certain is lacking."""
    if record.state not in _OPEN:
        yield message("change-not-open", number=record.number, state=record.state)
    if record.approval != "approved":
        yield message("change-not-approved", number=record.number, approval=record.approval)
    if record.start is None or record.end is None:
        yield message("change-without-window", number=record.number)
    elif not record.start <= now < record.end:
        window = {"start": _written(record.start), "end": _written(record.end)}
        yield message("change-outside-window", number=record.number, **window)
    if digest not in record.text.lower():
        yield message("change-without-digest", number=record.number, digest=digest)


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
