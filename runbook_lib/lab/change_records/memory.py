"""A change record as a place for files without any network, and what it says. Written without looking at the adapters.

What passes once a client waits (a system that asks to come back in a moment) is not seen here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runbook_lib.errors import NotPermitted, OutcomeUnknown, RecordRefused, SignInFailed, TargetError, Throttled
from runbook_lib.facts.change_records import CHANGE
from runbook_lib.lab.change_records.record import File, LabChange, Refused, System
from runbook_lib.lab.refusal import ConnectionLost
from runbook_lib.model import Json
from runbook_lib.ports import ChangeApproval, ChangeRecord, ChangeState, Parcel, Stored
from runbook_lib.texts import Message, message

PASSING = ("change_throttled", "change_unavailable")


class MemoryChange:
    """`ports.Place` over a tenant's change record in one of the two systems."""

    def __init__(self, change: LabChange, system: System) -> None:
        self._change = change
        self._system: System = system
        self._number = change.number if system == "servicenow" else change.key
        self.target = f"{system}:{self._number}"

    def read(self) -> ChangeRecord:
        """Return the record as it is now."""
        self._reached()
        change, faults = self._change, self._change.faults
        state: ChangeState = "implement"
        approval: ChangeApproval = "requested" if "change_not_approved" in faults else "approved"
        if "change_on_hold" in faults:  # Jira has no such mark, so there it is a status that nobody knows
            state = "on-hold" if self._system == "servicenow" else "unknown"
        if "change_unheard_of" in faults:
            state, approval = "unknown", "unknown"
        start, end = (moment.replace(microsecond=0) for moment in change.window)
        text = "\n".join(filter(None, (change.title, change.description)))
        return ChangeRecord(self._number, state, approval, start, end, text, "normal", "lab")

    def record(self) -> Mapping[str, Json]:
        """Return what it is."""
        self._reached()
        record_id = self._change.sys_id if self._system == "servicenow" else self._change.issue_id
        return {"system": self._system, "address": "memory", "number": self._number, "record_id": record_id}

    def find(self, name: str) -> Sequence[Stored]:
        """Return all files of that name."""
        self._reached()
        return [self._stored(file) for file in self._change.listed(self._system) if file.name == name]

    def fetch(self, stored: Stored) -> bytes:
        """Return the content of a file."""
        file = self._change.file(self._system, stored.id)
        assert file is not None  # noqa: S101  # the lab forgets no file
        return file.content

    def upload(self, parcel: Parcel) -> bool:
        """Store the file, as `ports.Place` says."""
        self._reached()
        try:
            self._change.attach(self._system, parcel.name, parcel.content, "")
        except ConnectionLost:
            raise OutcomeUnknown("lab-outcome-unknown", target=CHANGE, name="upload") from None
        except Refused as refused:
            raise _failure(refused) from None
        return True

    def annotate(self, parcel: Parcel, stored: Stored) -> tuple[Message, ...]:
        """Leave labels and note, each once."""
        file = self._change.file(self._system, stored.id)
        if file and self._system == "servicenow" and "change_no_attributes" not in self._change.faults:
            file.attributes = {**parcel.labels, **file.attributes}
        try:
            if not any(parcel.name in comment.text for comment in self._change.comments[self._system]):
                self._change.comment(self._system, parcel.note)
        except Refused:
            return (message("change-not-noted", why="change-not-permitted", detail="–"),)
        return ()

    def _reached(self) -> None:
        faults = self._change.faults
        for passing in PASSING:
            faults.take(passing)
        if "change_sign_in_refused" in faults:
            raise SignInFailed("lab-access-denied", target=CHANGE)
        if "change_throttled_long" in faults:
            raise Throttled("lab-cloud-unavailable", target=CHANGE)
        if "change_no_record" in faults:
            raise RecordRefused("change-record-missing", target=CHANGE, number=self._number)

    def _stored(self, file: File) -> Stored:
        return Stored(file.id, file.name, len(file.content), file.at.isoformat(), file.by)


def _failure(refused: Refused) -> TargetError:
    if refused.why in ("bad-gateway", "trouble"):
        return OutcomeUnknown("lab-outcome-unknown", target=CHANGE, name="upload")
    if refused.why == "not-permitted":
        return NotPermitted("lab-cloud-not-permitted", target=CHANGE, name="upload")
    return RecordRefused("change-refused", target=CHANGE, reading="upload", status=0, detail=refused.why)
