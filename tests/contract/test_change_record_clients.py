"""Clients that are not ours find in the lab's ServiceNow and Jira what they expect of real ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jira import JIRA
from jira.exceptions import JIRAError
from pysnc import ServiceNowClient
from pysnc.exceptions import AuthenticationException, RequestException

from runbook_lib.lab.change_records.record import LabChange
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import Cloud
from runbook_lib.lab.faults import Faults

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def change() -> LabChange:
    return LabChange("contoso", 1, Faults(), ManualClock())


@pytest.fixture
def address(change: LabChange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where it is served. Both clients trust what this variable of requests names, and it wins over their own settings."""
    with CloudServer(cloud := Cloud(), changes=[change]) as server:
        (tmp_path / "ca.pem").write_bytes(server.ca_pem)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
        yield cloud.address


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "record.zip"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def servicenow(address: str, change: LabChange) -> Iterator[ServiceNowClient]:
    client = ServiceNowClient(address, (change.user, change.credential))
    yield client
    client.session.close()


def jira_of(address: str, change: LabChange, version: str) -> JIRA:
    options = {"rest_api_version": version}
    if version == "3":
        return JIRA(address, options=options, basic_auth=(change.user, change.credential), max_retries=0)
    return JIRA(address, options=options, token_auth=change.credential, max_retries=0)


@pytest.fixture(params=["2", "3"])
def jira(address: str, change: LabChange, request: pytest.FixtureRequest) -> Iterator[JIRA]:
    client = jira_of(address, change, request.param)
    yield client
    client.close()


def test_pysnc_finds_the_change_and_sees_it_approved(servicenow: ServiceNowClient, change: LabChange) -> None:
    found = servicenow.GlideRecord("change_request")
    found.add_query("number", change.number)
    found.query()

    assert found.get_row_count() == 1
    assert found.next()
    assert (found.get_value("approval"), found.get_value("sys_id")) == ("approved", change.sys_id)


def test_pysnc_attaches_lists_and_reads_back(servicenow: ServiceNowClient, change: LabChange, file: Path) -> None:
    found = servicenow.GlideRecord("change_request")
    assert found.get(change.sys_id)

    with file.open("rb") as stream:
        place = found.add_attachment(file.name, stream)

    attached = list(found.get_attachments())
    assert [each.read() for each in attached] == [CONTENT]
    assert attached[0].file_name == file.name
    assert change.files["servicenow"][0].id in place


def test_pysnc_adds_a_work_note(servicenow: ServiceNowClient, change: LabChange) -> None:
    found = servicenow.GlideRecord("change_request")
    found.get(change.sys_id)
    found.work_notes = "Record attached."
    found.update()

    assert [note.text for note in change.comments["servicenow"]] == ["Record attached."]


def test_pysnc_is_refused_with_a_wrong_password(address: str, change: LabChange) -> None:
    client = ServiceNowClient(address, (change.user, "wrong"))
    with pytest.raises(AuthenticationException):
        client.GlideRecord("change_request").get(change.sys_id)
    client.session.close()


def test_pysnc_sees_a_refused_extension_as_an_error(
    servicenow: ServiceNowClient, change: LabChange, file: Path
) -> None:
    change.faults.add("change_extension_refused")

    with file.open("rb") as stream, pytest.raises(RequestException):
        servicenow.attachment_api.upload_file(file.name, "change_request", change.sys_id, stream)


def test_jira_attaches_lists_and_reads_back(jira: JIRA, change: LabChange, file: Path) -> None:
    jira.add_attachment(change.key, str(file))

    (attached,) = jira.issue(change.key).fields.attachment
    assert (attached.filename, attached.size, attached.get()) == (file.name, len(CONTENT), CONTENT)


def test_jira_comments_in_the_form_of_its_version(jira: JIRA, change: LabChange) -> None:
    """Version 3 takes a document and refuses a text; version 2 takes a text."""
    is_cloud = jira._options["rest_api_version"] == "3"  # noqa: SLF001
    text = {"type": "text", "text": "Record attached."}
    document = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [text]}]}

    if is_cloud:
        with pytest.raises(JIRAError):
            jira.add_comment(change.key, "Record attached.")
    jira.add_comment(change.key, document if is_cloud else "Record attached.")

    assert [comment.text for comment in change.comments["jira"]] == ["Record attached."]
    assert len(jira.comments(change.key)) == 1


def test_jira_reads_the_limits_and_is_refused_beyond_them(jira: JIRA, change: LabChange, file: Path) -> None:
    change.faults.add("change_too_large")

    assert jira.attachment_meta() == {"enabled": True, "uploadLimit": 1000}
    with pytest.raises(JIRAError) as caught:
        jira.add_attachment(change.key, str(file))
    assert caught.value.status_code == 413


def test_jira_sees_no_issue_of_somebody_else(jira: JIRA) -> None:
    with pytest.raises(JIRAError) as caught:
        jira.issue("OPS-9")
    assert caught.value.status_code == 404
