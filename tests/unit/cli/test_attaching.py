"""`runbook attach`: a bundle to a change record, a folder or a mail, as often as one likes, with one receipt."""

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.evidence.sealing.bundle import seal, with_manifest
from runbook_lib.evidence.sealing.statement import RUN
from runbook_lib.wiring.places import LAB
from tests.desks import EXAMPLES, Desks, serve_desks
from tests.sealed import NOW, signer
from tests.unit.cli.conftest import Runbook


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    folder = tmp_path / "lab"
    folder.mkdir()
    monkeypatch.setenv(LAB, str(folder))
    with serve_desks(folder) as served:
        yield served


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A small bundle, sealed as any is."""
    sealed = seal(with_manifest({"journal.jsonl": b"{}\n"}), RUN, {"run": "run-1"}, [signer()], NOW)
    path = tmp_path / "outputs" / sealed.name("enable-connect-writeback-contoso-run-1")
    path.parent.mkdir()
    path.write_bytes(sealed.content)
    return path


def receipts(bundle: Path) -> list[Path]:
    return sorted(bundle.parent.glob("receipt-*"))


def told(receipt: Path) -> Any:
    return json.loads(b64decode(json.loads(receipt.read_bytes())["payload"]))["predicate"]


@pytest.mark.parametrize("tenant", EXAMPLES)
def test_a_bundle_goes_to_the_record_of_the_parameters_once_and_its_receipt_says_so(
    desks: Desks, bundle: Path, tmp_path: Path, runbook: Runbook, tenant: str
) -> None:
    file = desks.file(tmp_path, tenant)
    first, again = (runbook("attach", bundle, "-p", file, "--json") for _ in range(2))

    held = [each.content for files in desks.changes[tenant].files.values() for each in files]
    assert (first.code, again.code, held) == (0, 0, [bundle.read_bytes()])
    assert (first.document["was_there"], again.document["was_there"]) == (False, True)
    assert first.document["delivery"] == again.document["delivery"]
    assert first.document["delivery"]["number"] == EXAMPLES[tenant]
    (receipt,) = receipts(bundle)
    assert told(receipt)["delivery"] == first.document["delivery"]


def test_the_attachment_is_labelled_with_the_run_and_the_digest(
    desks: Desks, bundle: Path, tmp_path: Path, runbook: Runbook
) -> None:
    delivery = runbook("attach", bundle, "-p", desks.file(tmp_path), "--json").document["delivery"]

    (kept,) = desks.changes["contoso"].files["servicenow"]
    assert kept.attributes == {"sha256": delivery["sha256"], "run_id": "run-1"}
    (note,) = desks.changes["contoso"].comments["servicenow"]
    assert delivery["sha256"] in note.text
    assert delivery["name"] in note.text


@pytest.mark.parametrize("kind", ["folder", "eml"])
def test_without_a_change_system_a_folder_or_a_mail_does(
    bundle: Path, tmp_path: Path, runbook: Runbook, kind: str
) -> None:
    place = tmp_path / "drop"
    place.mkdir()
    target = f"folder:{place}" if kind == "folder" else f"eml:{place / 'record.eml'}"

    ended = [runbook("attach", bundle, "--to", target) for _ in range(2)]

    assert [each.code for each in ended] == [0, 0]
    assert ended[0].out.startswith("Attached to ")
    assert "Nothing was sent." in ended[1].out
    assert len(list(place.iterdir())) == len(receipts(bundle)) == 1


def test_a_bundle_under_another_name_gets_one_that_holds_its_digest(
    bundle: Path, tmp_path: Path, runbook: Runbook
) -> None:
    renamed = bundle.with_name("record of contoso.zip")
    bundle.rename(renamed)

    delivery = runbook("attach", renamed, "--to", f"folder:{tmp_path}", "--json").document["delivery"]

    assert delivery["name"] == f"record-of-contoso-{delivery['sha256'][:12]}.zip"


@pytest.mark.parametrize("change", ["a byte", "no bundle", "not there"])
def test_only_what_was_sealed_leaves_the_machine(bundle: Path, tmp_path: Path, runbook: Runbook, change: str) -> None:
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content if change == "a byte" else b"PK secret notes")
    if change == "not there":
        bundle.unlink()
    (tmp_path / "drop").mkdir()

    ended = runbook("attach", bundle, "--to", f"folder:{tmp_path / 'drop'}")

    assert ended.code == 1
    assert list((tmp_path / "drop").iterdir()) == receipts(bundle) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "folder:…"),
        (["--to", "ftp://x"], "servicenow:…"),
        (["--to", "folder:"], "folder:…"),
        (["--to", "servicenow:CHG0030001"], "-p"),
        (["--to", "jira:OPS-1", "-p", "FILE"], "servicenow"),
        (["--to", "servicenow:CHG1^state=3", "-p", "FILE"], "servicenow:CHG0030042"),
    ],
    ids=str,
)
def test_a_target_that_leads_nowhere_is_refused_before_anything_is_sent(
    desks: Desks, bundle: Path, runbook: Runbook, options: list[str], said: str
) -> None:
    file = desks.file(desks.folder)

    ended = runbook("attach", bundle, *(file if each == "FILE" else each for each in options))

    assert (ended.code, said in ended.err) == (2, True), ended.err
    assert receipts(bundle) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_wait_that_is_too_long_is_said_with_the_time_to_come_back(
    desks: Desks, bundle: Path, tmp_path: Path, runbook: Runbook, language: str
) -> None:
    desks.changes["contoso"].faults.add("change_throttled_long")

    ended = runbook("attach", bundle, "-p", desks.file(tmp_path), "--language", language)

    assert ended.code == 1
    assert {"en": "Run the same command again after", "fr": "Relancez la même commande après"}[language] in ended.err
    assert receipts(bundle) == []


def test_what_went_beside_the_delivery_is_said_and_fails_nothing(
    desks: Desks, bundle: Path, tmp_path: Path, runbook: Runbook
) -> None:
    desks.changes["contoso"].faults.add("change_not_noted")

    ended = runbook("attach", bundle, "-p", desks.file(tmp_path))

    assert ended.code == 0
    assert "the comment could not be added" in ended.out


def test_the_credential_is_in_no_output_and_no_receipt(
    desks: Desks, bundle: Path, tmp_path: Path, runbook: Runbook
) -> None:
    file, credential = desks.file(tmp_path), desks.changes["contoso"].credential
    ended = [runbook("attach", bundle, "-p", file, "--json")]
    desks.changes["contoso"].faults.add("change_sign_in_refused")
    ended.append(runbook("attach", bundle, "-p", file))

    said = "".join(each.out + each.err for each in ended)
    kept = [path.read_bytes() for path in bundle.parent.rglob("*") if path.is_file()]
    assert [each.code for each in ended] == [0, 1]
    assert credential not in said
    assert not any(credential.encode() in content for content in kept)
