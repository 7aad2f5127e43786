"""What ServiceNow and Jira answer about the files, labels and comments of a change record. Field names are theirs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from runbook_lib.facts.shape import ForeignShape
from runbook_lib.ports import Stored

_SysId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
_JiraId = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]


class ServiceNowFile(ForeignShape):
    """A row of the table `sys_attachment`: texts all of them."""

    sys_id: _SysId
    file_name: str
    size_bytes: Annotated[str, Field(pattern=r"^[0-9]{1,15}$")]
    sys_created_on: str = ""
    sys_created_by: str = ""

    @property
    def stored(self) -> Stored:
        """Return it as any place's."""
        return Stored(self.sys_id, self.file_name, int(self.size_bytes), self.sys_created_on, self.sys_created_by)


class ServiceNowFiles(ForeignShape):
    """A listing of attachments."""

    result: list[ServiceNowFile]


class ServiceNowAttribute(ForeignShape):
    """What is kept beside an attachment, from release Australia on."""

    key: str


class ServiceNowAttributes(ForeignShape):
    """All attributes of an attachment."""

    result: list[ServiceNowAttribute]


class _WorkNotes(ForeignShape):
    work_notes: str


class ServiceNowNotes(ForeignShape):
    """The work notes of a record, all entries in one text."""

    result: _WorkNotes


class _Author(ForeignShape):
    displayName: str = ""


class JiraFile(ForeignShape):
    """An attachment of an issue."""

    id: _JiraId
    filename: str
    size: int
    created: str = ""
    author: _Author = _Author()

    @property
    def stored(self) -> Stored:
        """Return it as any place's."""
        return Stored(self.id, self.filename, self.size, self.created, self.author.displayName)


class _Files(ForeignShape):
    attachment: list[JiraFile]


class JiraFiles(ForeignShape):
    """An issue with nothing but its attachments."""

    id: _JiraId
    key: str
    fields: _Files


class JiraLimits(ForeignShape):
    """Whether attachments are taken at all, and up to which size in bytes; None: without a limit."""

    enabled: bool
    uploadLimit: int | None = None


class JiraComment(ForeignShape):
    """A comment: text in version 2, a document in version 3."""

    body: str | dict[str, Any]


class JiraComments(ForeignShape):
    """A page of comments, and how many there are in all."""

    total: int
    comments: list[JiraComment]
