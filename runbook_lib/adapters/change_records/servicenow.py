"""A change request of ServiceNow: read through the Table API, files through the Attachment API.

Source: ServiceNow, Table API, Attachment API and Inbound REST API rate limiting (release Australia, 2026-03). The Change Management
API is not needed: it reads the same row, and its approvals are made as whoever calls, which the kit never does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from runbook_lib.adapters.change_records.site import Site
from runbook_lib.errors import TargetError
from runbook_lib.facts.change_files import ServiceNowAttributes, ServiceNowFiles, ServiceNowNotes
from runbook_lib.facts.change_records import CHANGE, READING, ServiceNowChange, from_servicenow, servicenow_row
from runbook_lib.facts.shape import understood
from runbook_lib.model import Json
from runbook_lib.ports import ChangeRecord, Parcel, Stored
from runbook_lib.texts import Message, message

_TABLE = "change_request"
_NOTES = "work_notes"
_MOST_FILES = 100
_KIND = "application/octet-stream"


class ServiceNow:
    """One change request. Implements `ports.Place`, and reads the record."""

    def __init__(self, site: Site, number: str) -> None:
        """Prepare; nothing is sent."""
        self.target = f"servicenow:{number}"
        self._site = site
        self._number = number
        self._row: ServiceNowChange | None = None

    def close(self) -> None:
        """Close the connections."""
        self._site.close()

    def read(self) -> ChangeRecord:
        """Return the change request as it is now. Raises `TargetError`."""
        self._row = None
        return from_servicenow(self._read())

    def record(self) -> Mapping[str, Json]:
        """Return system, address, number and id of the record."""
        row = self._read()
        return {"system": "servicenow", "address": self._site.root, "number": row.number, "record_id": row.sys_id}

    def find(self, name: str) -> Sequence[Stored]:
        """Return the attachments of that name, the oldest first."""
        wanted = f"table_name={_TABLE}^table_sys_id={self._read().sys_id}^file_name={name}^ORDERBYsys_created_on"
        path = _query("/api/now/attachment", sysparm_query=wanted, sysparm_limit=str(_MOST_FILES))
        body = self._site.json_of(self._site.get(path, "attachments"), "attachments")
        files = understood(ServiceNowFiles, body, target=CHANGE, reading="attachments").result
        return [each.stored for each in files if each.file_name == name]

    def fetch(self, stored: Stored) -> bytes:
        """Return the content of an attachment."""
        return self._site.get(f"/api/now/attachment/{stored.id}/file", "attachment file").content

    def upload(self, parcel: Parcel) -> bool:
        """Send the file once, as `ports.Place` says."""
        path = _query(
            "/api/now/attachment/file",
            table_name=_TABLE,
            table_sys_id=self._read().sys_id,
            file_name=parcel.name,
        )
        headers = {"Content-Type": _KIND}
        return self._site.change("POST", path, "upload", done=201, data=parcel.content, headers=headers)

    def annotate(self, parcel: Parcel, stored: Stored) -> tuple[Message, ...]:
        """Leave labels as attributes where the release has them, and the note among the work notes."""
        left: list[Message] = []
        for leave, key in ((self._label, "change-not-labelled"), (self._note, "change-not-noted")):
            try:
                leave(parcel, stored)
            except TargetError as error:
                left.append(message(key, why=error.message.key, detail=str(error)))
        return tuple(left)

    def _read(self) -> ServiceNowChange:
        if self._row is None:
            fields = ",".join(ServiceNowChange.model_fields)
            # A caret would end the condition; the shape of a number has none.
            path = _query(
                f"/api/now/table/{_TABLE}",
                sysparm_query=f"number={self._number}",
                sysparm_fields=fields,
                sysparm_display_value="false",
                sysparm_limit="2",
            )
            body = self._site.json_of(self._site.get(path, READING), READING)
            self._row = servicenow_row(body, self._number)
        return self._row

    def _label(self, parcel: Parcel, stored: Stored) -> None:
        """Older releases have no attributes: there the endpoint is not found, and nothing is left."""
        path = f"/api/now/attachment/{stored.id}/attributes"
        reply = self._site.get(path, "attributes", absent=True)
        if reply.status == 404:
            return
        body = self._site.json_of(reply, "attributes")
        held = {each.key for each in understood(ServiceNowAttributes, body, target=CHANGE, reading="attributes").result}
        for key, value in parcel.labels.items():
            while key not in held:
                if self._site.change("POST", path, "attribute", done=201, json={"key": key, "value": value}):
                    held.add(key)

    def _note(self, parcel: Parcel, _stored: Stored) -> None:
        """With display values a journal field holds all its entries, so the note is seen if it is there."""
        path = f"/api/now/table/{_TABLE}/{self._read().sys_id}"
        shown = _query(path, sysparm_fields=_NOTES, sysparm_display_value="true")
        body = self._site.json_of(self._site.get(shown, _NOTES), _NOTES)
        notes = understood(ServiceNowNotes, body, target=CHANGE, reading=_NOTES).result.work_notes
        is_noted = parcel.name in notes
        while not is_noted:
            is_noted = self._site.change("PATCH", path, "work note", done=200, json={_NOTES: parcel.note})


def _query(path: str, **parameters: str) -> str:
    return f"{path}?{urlencode(parameters, quote_via=quote, safe=',')}"
