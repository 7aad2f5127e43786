"""An issue of Jira: Cloud through REST API version 3, Data Center through version 2.

Source: Atlassian, Jira Cloud platform REST API v3, Jira Data Center REST API v2 (issue, issue attachments, attachment settings, issue
comments), Jira Service Management REST API (approvals of a request), Atlassian Document Format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal
from urllib.parse import quote

from runbook_lib.adapters.change_records.site import Site
from runbook_lib.errors import NotPermitted, RecordRefused, TargetError
from runbook_lib.facts.change_files import JiraComments, JiraFiles, JiraLimits
from runbook_lib.facts.change_records import CHANGE, READING, from_jira, plain_text
from runbook_lib.facts.shape import understood
from runbook_lib.model import Json
from runbook_lib.ports import ChangeRecord, Parcel, Stored
from runbook_lib.texts import Message, message

Edition = Literal["jira-cloud", "jira-data-center"]

_VERSIONS: Mapping[Edition, str] = {"jira-cloud": "3", "jira-data-center": "2"}
_PAGE = 100
_MOST_PAGES = 50


class Jira:
    """One issue. Implements `ports.Place`, and reads the record."""

    def __init__(self, site: Site, key: str, edition: Edition) -> None:
        """Prepare; nothing is sent."""
        self.target = f"jira:{key}"
        self._site = site
        self._key = key
        self._edition = edition
        self._version = _VERSIONS[edition]
        self._path = f"/rest/api/{self._version}/issue/{quote(key, safe='')}"

    def close(self) -> None:
        """Close the connections."""
        self._site.close()

    def read(self) -> ChangeRecord:
        """Return the issue as it is now. Raises `TargetError`."""
        body = self._json(f"{self._path}?expand=names", READING)
        return from_jira(body, self._approvals(), self._key)

    def record(self) -> Mapping[str, Json]:
        """Return system, address, number and id of the record."""
        issue = self._issue()
        return {
            "system": self._edition,
            "address": self._site.root,
            "number": issue.key,
            "record_id": issue.id,
        }

    def find(self, name: str) -> Sequence[Stored]:
        """Return the attachments of that name, the oldest first."""
        files = sorted(self._issue().fields.attachment, key=lambda each: int(each.id))
        return [each.stored for each in files if each.filename == name]

    def fetch(self, stored: Stored) -> bytes:
        """Return the content of an attachment. Cloud would redirect to another host; it is asked not to."""
        if self._edition == "jira-cloud":
            path = f"/rest/api/3/attachment/content/{stored.id}?redirect=false"
        else:
            path = f"/secure/attachment/{stored.id}/{quote(stored.name, safe='')}"
        return self._site.get(path, "attachment file").content

    def upload(self, parcel: Parcel) -> bool:
        """Send the file once, as `ports.Place` says. What Jira would refuse by its own settings is not sent."""
        limits = understood(
            JiraLimits,
            self._json(f"/rest/api/{self._version}/attachment/meta", "attachment settings"),
            target=CHANGE,
            reading="attachment settings",
        )
        size = len(parcel.content)
        if not limits.enabled:
            raise RecordRefused("change-attachments-off", target=CHANGE)
        if limits.uploadLimit is not None and size > limits.uploadLimit:
            raise RecordRefused("change-too-large", target=CHANGE, size=size, most=limits.uploadLimit)
        files = {"file": (parcel.name, parcel.content, "application/octet-stream")}
        headers = {"X-Atlassian-Token": "no-check"}
        return self._site.change("POST", f"{self._path}/attachments", "upload", done=200, files=files, headers=headers)

    def annotate(self, parcel: Parcel, _stored: Stored) -> tuple[Message, ...]:
        """Leave the note as a comment, unless one holds it already."""
        try:
            is_noted = any(parcel.name in text for text in self._comments())
            while not is_noted:
                path, body = f"{self._path}/comment", {"body": self._written(parcel.note)}
                is_noted = self._site.change("POST", path, "comment", done=201, json=body)
        except TargetError as error:
            return (message("change-not-noted", why=error.message.key, detail=str(error)),)
        return ()

    def _written(self, note: str) -> Json:
        """Return the note as this edition takes it: a document of one paragraph, or text."""
        if self._version == "2":
            return note
        paragraph = {"type": "paragraph", "content": [{"type": "text", "text": note}]}
        return {"type": "doc", "version": 1, "content": [paragraph]}

    def _comments(self) -> Iterator[str]:
        """Yield the text of every comment. Raises `RecordRefused` when there are more than anybody reads."""
        for page in range(_MOST_PAGES):
            path = f"{self._path}/comment?startAt={page * _PAGE}&maxResults={_PAGE}"
            read = understood(JiraComments, self._json(path, "comments"), target=CHANGE, reading="comments")
            yield from (plain_text(each.body) for each in read.comments)
            if (page + 1) * _PAGE >= read.total or not read.comments:
                return
        raise RecordRefused("change-too-many-comments", target=CHANGE, most=_MOST_PAGES * _PAGE)

    def _approvals(self) -> Json:
        """Return what Jira Service Management says of approvals; None where the issue is none of its requests, or it does not tell us."""
        path = f"/rest/servicedeskapi/request/{quote(self._key, safe='')}/approval?limit={_PAGE}"
        try:
            reply = self._site.get(path, "change_approvals", absent=True)
        except NotPermitted:
            return None
        return None if reply.status == 404 else self._site.json_of(reply, "change_approvals")

    def _issue(self) -> JiraFiles:
        body = self._json(f"{self._path}?fields=attachment", "attachments")
        return understood(JiraFiles, body, target=CHANGE, reading="attachments")

    def _json(self, path: str, what: str) -> Json:
        return self._site.json_of(self._site.get(path, what), what)
