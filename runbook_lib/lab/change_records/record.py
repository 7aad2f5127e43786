"""One tenant's change record, as ServiceNow and Jira both keep it here: state, approval, window, files, comments, and the faults of all that."""

from __future__ import annotations

import secrets
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from runbook_lib.lab.clock import Now
from runbook_lib.lab.faults import Faults
from runbook_lib.lab.refusal import ConnectionLost

System = Literal["servicenow", "jira"]

USUAL_LIMIT = 10 * 1024 * 1024
SMALL_LIMIT = 1000


@dataclass
class File:
    """An attachment. `unseen` is how many more listings leave it out."""

    name: str
    content: bytes
    kind: str
    at: datetime
    by: str
    number: int
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    attributes: dict[str, str] = field(default_factory=dict)
    unseen: int = 0


@dataclass(frozen=True)
class Comment:
    """A comment or work note: plain text."""

    at: datetime
    by: str
    text: str
    number: int


class Refused(Exception):
    """A "no" to an attachment: `why` is `not-permitted`, `extension`, `too-large`, `off`, `bad-gateway` or `trouble`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class LabChange:
    """The record of a tenant. ServiceNow calls it `number`, Jira `key`; its files and comments are kept apart by system.

    It begins approved and in implementation, in a window from an hour ago until eight hours from now. A plan is approved by it once
    its digest stands in `description`.
    """

    def __init__(self, tenant: str, number: int, faults: Faults, clock: Now) -> None:
        self.number = f"CHG{30000 + number:07d}"
        self.key = f"OPS-{number}"
        self.sys_id = uuid.uuid5(uuid.NAMESPACE_DNS, f"{tenant}.example").hex
        self.issue_id = str(10000 + number)
        self.user = f"svc-runbook@{tenant}.example"
        self.client_id = f"runbook-{tenant}"
        self.credential = secrets.token_urlsafe()
        self.title = f"Password writeback for {tenant} (lab)"
        self.description = ""
        self.clock = clock
        self.faults = faults
        self.start = clock() - timedelta(hours=1)
        self.end = clock() + timedelta(hours=8)
        self.files: dict[System, list[File]] = {"servicenow": [], "jira": []}
        self.comments: dict[System, list[Comment]] = {"servicenow": [], "jira": []}
        self.uploads: Counter[System] = Counter()
        self._numbers = iter(range(20000, 1_000_000))

    @property
    def limit(self) -> int:
        """Return how many bytes an attachment may have."""
        return SMALL_LIMIT if "change_too_large" in self.faults else USUAL_LIMIT

    @property
    def window(self) -> tuple[datetime, datetime]:
        """Return when the planned window opens and closes."""
        if "change_window_over" in self.faults:
            return self.start, self.clock() - timedelta(hours=1)
        return self.start, self.end

    def listed(self, system: System) -> Iterator[File]:
        """Yield the files as one listing shows them."""
        for file in self.files[system]:
            if file.unseen:
                file.unseen -= 1
            else:
                yield file

    def file(self, system: System, file_id: str) -> File | None:
        """Return a file by its id or its number."""
        return next((each for each in self.files[system] if file_id in (each.id, str(each.number))), None)

    def attach(self, system: System, name: str, content: bytes, kind: str) -> File:
        """Store a file. Raises `Refused`, or `ConnectionLost` where nobody is told what became of it."""
        self.uploads[system] += 1
        if why := self._refuses(system, name, content):
            raise Refused(why)
        if self.faults.take("change_lost_reply_not_done"):
            raise ConnectionLost
        kept = content[: len(content) // 2] if self.faults.take("change_truncated") else content
        lags = 1 if self.faults.take("change_listing_lags") else 0
        file = File(name, kept, kind, self.clock(), self.user, next(self._numbers), unseen=lags)
        self.files[system].append(file)
        if self.faults.take("change_lost_reply"):
            raise ConnectionLost
        if self.faults.take("change_bad_gateway"):
            raise Refused("bad-gateway")
        return file

    def comment(self, system: System, text: str) -> Comment:
        """Add a comment. Raises `Refused`."""
        if {"change_not_noted", "change_not_permitted"} & {*self.faults}:
            raise Refused("not-permitted")
        added = Comment(self.clock(), self.user, text, next(self._numbers))
        self.comments[system].append(added)
        return added

    def _refuses(self, system: System, name: str, content: bytes) -> str:
        if "change_never_stored" in self.faults:
            return "trouble"
        if "change_not_permitted" in self.faults:
            return "not-permitted"
        if system == "jira" and "change_attachments_off" in self.faults:
            return "off"
        if "change_extension_refused" in self.faults and name.endswith(".zip"):
            return "extension"
        return "too-large" if len(content) > self.limit else ""
