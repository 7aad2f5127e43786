"""Receipts: what became of a delivery, as a signed statement beside the bundle. One that lies there is never written over."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from securesystemslib.signer import Signer, SSlibKey

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import FILE_MODE, cannot_write, sync_folder
from runbook_lib.evidence.signing import Standing, check, new_entry, sign
from runbook_lib.evidence.signing.roster import Roster, roster_from
from runbook_lib.model import Json
from runbook_lib.ports import Receipt

TYPE = "https://in-toto.io/Statement/v1"
KIND = "https://runbook-kit.example/delivery-receipt/v1"

_SHOWN = 12
_LONGEST_TARGET = 60


def keep_receipt(beside: Path, receipt: Receipt, signers: Sequence[Signer], now: datetime) -> Path:
    """Write a receipt beside a bundle, and return its file; one that says the same, signed by the same keys, is left as it is.

    Raises `CannotSign`, and `EvidenceError` when it cannot be written.
    """
    number = 1
    while (path := beside.parent / _name(receipt.facts, number)).exists():
        if _says_the_same(path, receipt.facts, signers):
            return path
        number += 1
    _write(path, sign(_statement(receipt, now), signers))
    return path


def _name(facts: Mapping[str, Json], number: int) -> str:
    target = re.sub(r"[^A-Za-z0-9.]+", "-", str(facts["target"])).strip("-.")[-_LONGEST_TARGET:]
    again = f"-{number}" if number > 1 else ""
    return f"receipt-{target}-{str(facts['sha256'])[:_SHOWN]}{again}.dsse.json"


def _statement(receipt: Receipt, now: datetime) -> Json:
    """Return what is signed: the facts, and beside them what differs from one delivery of the same file to the next."""
    subject = {"name": str(receipt.facts["name"]), "digest": {"sha256": receipt.facts["sha256"]}}
    return {
        "_type": TYPE,
        "subject": [subject],
        "predicateType": KIND,
        "predicate": {
            "delivery": dict(receipt.facts),
            "seenAt": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "wasThere": receipt.was_there,
            "uploads": receipt.uploads,
            "others": list(receipt.others),
        },
    }


def _says_the_same(path: Path, facts: Mapping[str, Json], signers: Sequence[Signer]) -> bool:
    """Tell whether a file is a receipt with these facts and good signatures of all these keys."""
    try:
        checked = check(path.read_bytes(), _roster_of(signers), None, path.name)
    except (EvidenceError, OSError):
        return False
    good = {each.key_id for each in checked.signatures if each.standing is Standing.VALID}
    told = checked.payload.get("predicate") if isinstance(checked.payload, dict) else None
    delivery = told.get("delivery") if isinstance(told, dict) else None
    return bool(delivery == dict(facts) and good == set(_roster_of(signers).keys))


def _roster_of(signers: Sequence[Signer]) -> Roster:
    keys = [cast("SSlibKey", signer.public_key) for signer in signers]  # what `open_signers` gives all signers
    entries = [
        new_entry(key, f"signer {number}", ["sealer"], datetime(2000, 1, 1, tzinfo=UTC))
        for number, key in enumerate(keys, 1)
    ]
    return roster_from(json.dumps({"roster": 1, "keys": entries}).encode(), "signers")


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
