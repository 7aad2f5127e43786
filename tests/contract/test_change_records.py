"""Reading a change record and delivering to it: the same through every adapter, over loopback and from memory."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from runbook_lib.adapters.change_records import Account, Folder, Jira, Mail, ServiceNow, Site, deliver
from runbook_lib.adapters.http import Network, open_session
from runbook_lib.errors import (
    NotPermitted,
    OutcomeUnknown,
    RecordRefused,
    SignInFailed,
    TargetError,
    Throttled,
)
from runbook_lib.lab.change_records.memory import MemoryChange
from runbook_lib.lab.change_records.record import LabChange
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import Cloud
from runbook_lib.lab.faults import FAULTS, Faults
from runbook_lib.ports import Parcel, Place, Receipt

CONTENT = b"PK\x03\x04" + bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = f"enable-connect-writeback-contoso-run-1-{SHA256[:12]}.zip"
PARCEL = Parcel(NAME, CONTENT, SHA256, f"Record of a run attached: {NAME}, SHA-256 {SHA256}.", {"run_id": "run-1"})

SERVED = ["servicenow", "servicenow-oauth", "jira-cloud", "jira-data-center"]
IN_MEMORY = ["memory-servicenow", "memory-jira"]
RECORDS = [*SERVED, *IN_MEMORY]
EVERYWHERE = [*RECORDS, "folder", "mail"]
JIRAS = ["jira-cloud", "jira-data-center", "memory-jira"]
SERVICENOWS = ["servicenow", "servicenow-oauth", "memory-servicenow"]


class Desk:
    """One tenant's change record, fresh for each test, and every way to it."""

    def __init__(self, change: LabChange, address: str, ca_file: str, clock: ManualClock, folder: Path) -> None:
        self.change, self.clock = change, clock
        self._address, self._ca_file, self._folder = address, ca_file, folder
        self._opened = ExitStack()

    def open(self, kind: str, *, credential: str = "") -> Place:
        if kind == "folder":
            return Folder(self._folder)
        if kind == "mail":
            return Mail(self._folder / "record.eml", "Record of a run", self.clock)
        if kind.startswith("memory-"):
            return MemoryChange(self.change, "jira" if kind.endswith("jira") else "servicenow")
        secret = credential or self.change.credential
        accounts = {
            "servicenow-oauth": Account(secret, client_id=self.change.client_id),
            "jira-data-center": Account(secret),
        }
        account = accounts.get(kind, Account(secret, self.change.user))
        session = open_session(Network(ca_file=self._ca_file, read_seconds=5))
        site = Site(root=self._address, session=session, account=account, clock=self.clock)
        place = ServiceNow(site, self.change.number) if "servicenow" in kind else Jira(site, self.change.key, kind)
        self._opened.callback(place.close)
        return place

    def held(self, kind: str) -> list[bytes]:
        """The contents of every file that the place of that kind holds under our name."""
        if kind in ("folder", "mail"):
            place = self.open(kind)
            return [place.fetch(each) for each in place.find(NAME)]
        return [file.content for file in self.change.files[system_of(kind)] if file.name == NAME]

    def comments(self, kind: str) -> list[str]:
        return [comment.text for comment in self.change.comments[system_of(kind)]]

    def close(self) -> None:
        self._opened.close()


def system_of(kind: str) -> str:
    return "servicenow" if "servicenow" in kind else "jira"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[LabChange], str, str]]:
    """One server for the module; what it serves is put in place by each test."""
    changes: list[LabChange] = []
    ca_file = tmp_path_factory.mktemp("desk") / "ca.pem"
    with CloudServer(cloud := Cloud(), changes=changes) as server:
        ca_file.write_bytes(server.ca_pem)
        yield changes, cloud.address, str(ca_file)


@pytest.fixture
def desk(served: tuple[list[LabChange], str, str], tmp_path: Path) -> Iterator[Desk]:
    changes, address, ca_file = served
    clock = ManualClock()
    changes[:] = [LabChange("contoso", 1, Faults(), clock)]
    desk = Desk(changes[0], address, ca_file, clock, tmp_path)
    yield desk
    desk.close()


def delivered(desk: Desk, kind: str) -> Receipt:
    return deliver(desk.open(kind), PARCEL, desk.clock)


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_what_is_delivered_comes_back_byte_for_byte(desk: Desk, kind: str) -> None:
    receipt = delivered(desk, kind)

    assert desk.held(kind) == [CONTENT]
    assert (receipt.was_there, receipt.uploads, receipt.others, receipt.remarks) == (False, 1, (), ())
    assert (receipt.facts["name"], receipt.facts["sha256"], receipt.facts["size"]) == (NAME, SHA256, len(CONTENT))


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_delivering_again_uploads_nothing_and_gives_the_same_facts(desk: Desk, kind: str) -> None:
    first, again = delivered(desk, kind), delivered(desk, kind)

    assert again.facts == first.facts
    assert (again.was_there, again.uploads) == (True, 0)
    assert desk.held(kind) == [CONTENT]


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("fault", ["change_lost_reply", "change_bad_gateway", "change_listing_lags"])
def test_an_upload_that_arrived_without_saying_so_is_found_and_not_sent_again(
    desk: Desk, kind: str, fault: str
) -> None:
    desk.change.faults.add(fault)

    receipt = delivered(desk, kind)

    assert (receipt.uploads, desk.change.uploads[system_of(kind)]) == (1, 1)
    assert desk.held(kind) == [CONTENT]


@pytest.mark.parametrize("kind", RECORDS)
def test_an_upload_that_never_arrived_is_sent_again_only_after_looking(desk: Desk, kind: str) -> None:
    desk.change.faults.add("change_lost_reply_not_done")
    began = desk.clock.now()

    receipt = delivered(desk, kind)

    assert receipt.uploads == 2
    assert desk.held(kind) == [CONTENT]
    assert (desk.clock.now() - began).total_seconds() >= 17  # the pauses between the looks


@pytest.mark.parametrize("kind", RECORDS)
def test_an_upload_that_never_arrives_is_sent_twice_and_ends_as_unknown(desk: Desk, kind: str) -> None:
    desk.change.faults.add("change_never_stored")

    with pytest.raises(OutcomeUnknown):
        delivered(desk, kind)

    assert desk.change.uploads[system_of(kind)] == 2
    desk.change.faults.discard("change_never_stored")
    assert delivered(desk, kind).uploads == 1


@pytest.mark.parametrize("kind", RECORDS)
def test_half_a_file_under_our_name_is_not_taken_for_it(desk: Desk, kind: str) -> None:
    desk.change.faults.add("change_truncated")

    receipt = delivered(desk, kind)

    assert desk.held(kind) == [CONTENT[: len(CONTENT) // 2], CONTENT]
    assert (receipt.uploads, len(receipt.others)) == (2, 1)


@pytest.mark.parametrize("kind", RECORDS)
def test_another_content_of_our_name_and_size_is_not_adopted(desk: Desk, kind: str) -> None:
    desk.change.attach(system_of(kind), NAME, CONTENT[::-1], "application/zip")

    receipt = delivered(desk, kind)

    assert not receipt.was_there
    assert len(receipt.others) == 1
    assert desk.held(kind) == [CONTENT[::-1], CONTENT]


@pytest.mark.parametrize("kind", SERVED)
@pytest.mark.parametrize("fault", ["change_throttled", "change_unavailable"])
def test_a_short_wait_that_is_asked_for_is_waited(desk: Desk, kind: str, fault: str) -> None:
    place = desk.open(kind)
    place.record()
    desk.change.faults.add(fault)
    began = desk.clock.now()

    assert deliver(place, PARCEL, desk.clock).uploads == 1
    assert (desk.clock.now() - began).total_seconds() >= 1


@pytest.mark.parametrize("kind", SERVED)
def test_an_upload_that_is_put_off_is_waited_for_and_counted_once(desk: Desk, kind: str) -> None:
    """The wait is asked for at the upload itself: nothing was stored, so sending again after another look is safe."""
    place = desk.open(kind)
    place.find(NAME)
    before = desk.change.uploads.copy()
    desk.change.faults.add("change_throttled")

    assert [place.upload(PARCEL), place.upload(PARCEL)].count(True) >= 1
    assert (desk.change.uploads - before).total() == len(desk.held(kind))


@pytest.mark.parametrize("kind", RECORDS)
def test_a_long_wait_is_not_waited_but_said(desk: Desk, kind: str) -> None:
    desk.change.faults.add("change_throttled_long")
    began = desk.clock.now()

    with pytest.raises(Throttled) as caught:
        delivered(desk, kind)

    assert desk.clock.now() == began
    if kind in SERVED:
        assert f"{began.replace(hour=began.hour + 1):%Y-%m-%d %H:%M} UTC" in caught.value.say("en")


REFUSALS: list[tuple[str, type[TargetError], list[str]]] = [
    ("change_not_permitted", NotPermitted, RECORDS),
    ("change_sign_in_refused", SignInFailed, RECORDS),
    ("change_no_record", RecordRefused, RECORDS),
    ("change_extension_refused", RecordRefused, RECORDS),
    ("change_too_large", RecordRefused, RECORDS),
    ("change_attachments_off", RecordRefused, JIRAS),
]


@pytest.mark.parametrize(
    ("kind", "fault", "error"), [(kind, fault, error) for fault, error, kinds in REFUSALS for kind in kinds]
)
def test_what_the_system_refuses_is_refused_clearly_and_leaves_nothing(
    desk: Desk, kind: str, fault: str, error: type[TargetError]
) -> None:
    desk.change.faults.add(fault)

    with pytest.raises(error) as caught:
        delivered(desk, kind)

    assert desk.held(kind) == []
    assert desk.change.credential not in str(caught.value)
    assert caught.value.say("fr") != caught.value.say("en")


@pytest.mark.parametrize("kind", RECORDS)
def test_a_comment_is_added_once_however_often_it_is_delivered(desk: Desk, kind: str) -> None:
    for _ in range(3):
        delivered(desk, kind)

    assert desk.comments(kind) == [PARCEL.note]


@pytest.mark.parametrize("kind", RECORDS)
def test_a_comment_that_is_refused_takes_nothing_from_the_delivery(desk: Desk, kind: str) -> None:
    desk.change.faults.add("change_not_noted")

    receipt = delivered(desk, kind)

    assert [remark.key for remark in receipt.remarks] == ["change-not-noted"]
    assert desk.held(kind) == [CONTENT]


@pytest.mark.parametrize("kind", SERVICENOWS)
def test_labels_are_kept_beside_the_file_where_the_release_has_them(desk: Desk, kind: str) -> None:
    delivered(desk, kind)

    assert [file.attributes for file in desk.change.files["servicenow"]] == [{"run_id": "run-1"}]


@pytest.mark.parametrize("kind", SERVICENOWS)
def test_a_release_without_labels_is_delivered_to_all_the_same(desk: Desk, kind: str) -> None:
    desk.change.faults.add("change_no_attributes")

    receipt = delivered(desk, kind)

    assert receipt.remarks == ()
    assert [file.attributes for file in desk.change.files["servicenow"]] == [{}]


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize(
    "fault", ["", "change_not_approved", "change_on_hold", "change_window_over", "change_unheard_of"]
)
def test_the_record_reads_the_same_through_the_adapter_and_from_memory(desk: Desk, kind: str, fault: str) -> None:
    desk.change.description = f"Plan {SHA256}\nas approved."
    if fault:
        desk.change.faults.add(fault)

    read = desk.open(kind).read()
    known = MemoryChange(desk.change, system_of(kind)).read()

    assert (read.number, read.state, read.approval, read.kind) == (
        known.number,
        known.state,
        known.approval,
        known.kind,
    )
    assert (read.start, read.end, read.text) == (known.start, known.end, known.text)
    assert (read.approval == "approved") == (fault in ("", "change_on_hold", "change_window_over"))


@pytest.mark.parametrize("kind", SERVED)
def test_a_wrong_credential_is_refused_without_being_shown(desk: Desk, kind: str) -> None:
    with pytest.raises(SignInFailed) as caught:
        desk.open(kind, credential="canary-credential").read()

    assert "canary-credential" not in caught.value.say("en") + repr(caught.value.__dict__)


def test_a_mail_can_be_opened_and_names_nobody(desk: Desk, tmp_path: Path) -> None:
    delivered(desk, "mail")

    mail = message_from_bytes((tmp_path / "record.eml").read_bytes(), policy=policy.default)
    assert (mail["Subject"], mail["To"], mail["X-Unsent"]) == ("Record of a run", None, "1")
    assert datetime.strptime(mail["Date"], "%a, %d %b %Y %H:%M:%S %z").astimezone(UTC) == desk.clock.now()
    assert PARCEL.note in mail.get_body().get_content()


@pytest.mark.parametrize("kind", ["folder", "mail"])
def test_another_file_under_the_name_is_refused_and_left_as_it_is(desk: Desk, kind: str, tmp_path: Path) -> None:
    taken = tmp_path / (NAME if kind == "folder" else "record.eml")
    taken.write_bytes(b"somebody else's")

    with pytest.raises(RecordRefused):
        delivered(desk, kind)

    assert taken.read_bytes() == b"somebody else's"
    assert [each.name for each in tmp_path.iterdir()] == [taken.name]


@pytest.mark.parametrize("kind", ["folder", "mail"])
def test_a_folder_that_is_not_there_is_not_made(desk: Desk, kind: str, tmp_path: Path) -> None:
    tmp_path.rmdir()

    with pytest.raises(RecordRefused, match=tmp_path.name):
        delivered(desk, kind)


def test_every_fault_of_the_change_record_is_met_by_a_test_here() -> None:
    met = Path(__file__).read_text(encoding="utf-8")

    assert [name for name, fault in FAULTS.items() if fault.side == "change" and f'"{name}"' not in met] == []
