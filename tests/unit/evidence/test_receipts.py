"""Receipts beside a bundle: signed, the same for the same facts, and never written over."""

import json
import stat
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.receipts import KIND, keep_receipt
from runbook_lib.evidence.signing import check
from runbook_lib.ports import Receipt
from tests.sealed import roster, signer

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FACTS = {"target": "servicenow:CHG1", "name": "run-0123456789ab.zip", "sha256": "ab" * 32, "attachment_id": "f1"}
RECEIPT = Receipt(FACTS, was_there=False, uploads=1)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "run-0123456789ab.zip"


def told(path: Path) -> Any:
    return json.loads(b64decode(json.loads(path.read_bytes())["payload"]))


def test_a_receipt_is_a_statement_about_the_file_signed_by_who_delivered_it(bundle: Path) -> None:
    who = signer()
    path = keep_receipt(bundle, RECEIPT, [who], NOW)

    (signature,) = check(path.read_bytes(), roster(who), NOW).signatures
    statement = told(path)
    assert (signature.standing, signature.name) == ("valid", "Ana Lima")
    assert path.name == "receipt-servicenow-CHG1-abababababab.dsse.json"
    assert statement["subject"] == [{"name": FACTS["name"], "digest": {"sha256": FACTS["sha256"]}}]
    assert (statement["predicateType"], statement["predicate"]["delivery"]) == (KIND, FACTS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_delivery_seen_again_keeps_the_receipt_that_is_there(bundle: Path) -> None:
    who = signer()
    first = keep_receipt(bundle, RECEIPT, [who], NOW)
    content = first.read_bytes()

    again = keep_receipt(bundle, replace(RECEIPT, was_there=True, uploads=0), [who], NOW + timedelta(days=1))

    assert (again, again.read_bytes()) == (first, content)


@pytest.mark.parametrize("reason", ["other facts", "another key", "altered", "no receipt"])
def test_what_is_not_this_receipt_stays_as_it_is_and_gets_one_beside_it(bundle: Path, reason: str) -> None:
    who = signer()
    first = keep_receipt(bundle, RECEIPT, [who], NOW)
    if reason == "altered":
        first.write_bytes(first.read_bytes().replace(b'"sig":"', b'"sig":"A'))
    if reason == "no receipt":
        first.write_bytes(b"{}")
    content = first.read_bytes()
    facts = {**FACTS, "attachment_id": "f2"} if reason == "other facts" else FACTS

    second = keep_receipt(bundle, replace(RECEIPT, facts=facts), [signer() if reason == "another key" else who], NOW)

    assert first.read_bytes() == content
    assert second.name == "receipt-servicenow-CHG1-abababababab-2.dsse.json"
    assert told(second)["predicate"]["delivery"] == facts


@pytest.mark.parametrize("target", ["folder:/srv/../drop zone/é", "eml:C:\\x\\a.eml", "folder:" + "x/" * 200])
def test_any_target_gives_a_name_that_stays_beside_the_bundle(bundle: Path, target: str) -> None:
    path = keep_receipt(bundle, replace(RECEIPT, facts={**FACTS, "target": target}), [signer()], NOW)

    assert path.parent == bundle.parent
    assert len(path.name) < 120


def test_a_receipt_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="receipt-"):
        keep_receipt(tmp_path / "gone" / "run.zip", RECEIPT, [signer()], NOW)
