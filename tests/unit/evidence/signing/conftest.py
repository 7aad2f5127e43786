"""People who hold a key, and the roster that knows them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, SSlibKey

from runbook_lib.evidence.signing import Roster, key_id_of, new_entry
from runbook_lib.evidence.signing.keys import named
from runbook_lib.evidence.signing.roster import roster_from

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Somebody with an Ed25519 key of their own."""

    name: str
    signer: CryptoSigner

    @property
    def key_id(self) -> str:
        return self.signer.public_key.keyid

    def entry(self, *roles: str, **other: Any) -> dict[str, Any]:
        key = self.signer.public_key
        assert isinstance(key, SSlibKey)
        assert key_id_of(key) == key.keyid
        return {**new_entry(key, self.name, roles or ("approver",), NOW), **other}


def somebody(name: str) -> Person:
    """Return a person with a new key."""
    private = Ed25519PrivateKey.generate()
    return Person(name, CryptoSigner(private, named(private.public_key())))


def written(*entries: dict[str, Any], **top: Any) -> bytes:
    """Return the bytes of a roster."""
    return json.dumps({"roster": 1, "keys": list(entries), **top}, ensure_ascii=False).encode()


@pytest.fixture(scope="session")
def ana() -> Person:
    return somebody("Ana Lima")


@pytest.fixture(scope="session")
def bob() -> Person:
    return somebody("Bob Frey")


@pytest.fixture(scope="session")
def roster(ana: Person, bob: Person) -> Roster:
    """Ana approves; Bob attests."""
    return roster_from(written(ana.entry("approver"), bob.entry("attester")), "roster.json")


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "roster.json"
        path.write_bytes(content)
        return path

    return write
