"""The files of a change record are told alike, whichever system lists them."""

import pytest
from pydantic import ValidationError

from runbook_lib.facts.change_files import JiraFiles, ServiceNowFiles
from runbook_lib.ports import Stored

SYS_ID = "a" * 32
NAME = "run-1.bundle.zip"


def test_a_row_of_servicenow_whose_numbers_are_texts_is_a_stored_file() -> None:
    row = {"sys_id": SYS_ID, "file_name": NAME, "size_bytes": "1024", "sys_created_on": "2026-11-30 20:00:00"}
    listed = ServiceNowFiles.model_validate({"result": [{**row, "sys_created_by": "svc", "hash": "of their own"}]})

    assert [file.stored for file in listed.result] == [Stored(SYS_ID, NAME, 1024, "2026-11-30 20:00:00", "svc")]


@pytest.mark.parametrize("size", ["", "-1", "1.5", "many"])
def test_a_row_whose_size_is_no_number_is_not_understood(size: str) -> None:
    with pytest.raises(ValidationError):
        ServiceNowFiles.model_validate({"result": [{"sys_id": SYS_ID, "file_name": NAME, "size_bytes": size}]})


def test_an_attachment_of_jira_is_a_stored_file_also_when_nobody_is_said_to_have_made_it() -> None:
    plain = {"id": "7", "filename": NAME, "size": 1024}
    named = {**plain, "created": "2026-11-30T20:00:00.000+0000", "author": {"displayName": "A. Operator"}}
    issue = {"id": "1", "key": "OPS-1", "fields": {"attachment": [plain, named]}}

    assert [file.stored for file in JiraFiles.model_validate(issue).fields.attachment] == [
        Stored("7", NAME, 1024, "", ""),
        Stored("7", NAME, 1024, "2026-11-30T20:00:00.000+0000", "A. Operator"),
    ]
