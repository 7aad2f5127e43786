"""A key file is its owner's alone, made once, and its public key has the name that openssl and sha256sum give it."""

import os
import stat
import subprocess
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from runbook_lib.errors import CannotSign, EvidenceError, ParameterError
from runbook_lib.evidence.signing import make_key_file, open_signer, open_signers, public_text, sign

KINDS = {
    "ed25519": Ed25519PrivateKey.generate,
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
}


def nobody(_what: str) -> str:
    raise AssertionError("nobody is to be asked")


def key_file(path: Path, private: object, encryption: KeySerializationEncryption | None = None) -> str:
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())  # type: ignore[attr-defined]
    path.write_bytes(pem)
    path.chmod(0o600)
    return f"file:{path}"


def refused(reference: str, own: Path) -> str:
    with pytest.raises((CannotSign, ParameterError)) as caught:
        open_signer(reference, own, nobody)
    return caught.value.message.key


def test_the_own_key_is_made_when_it_is_first_named_and_then_stays(tmp_path: Path) -> None:
    own = tmp_path / "keys" / "own.pem"
    first, second = open_signers(["", ""], own, nobody)

    assert first.public_key == second.public_key
    assert os.name != "posix" or (stat.S_IMODE(own.stat().st_mode), stat.S_IMODE(own.parent.stat().st_mode)) == (
        0o600,
        0o700,
    )
    assert [path.name for path in own.parent.iterdir()] == ["own.pem"]


def test_processes_that_come_first_at_once_have_one_key(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: make_key_file(own), range(16)))
    keys = {open_signer("", own, nobody).public_key.keyid for _ in range(2)}

    assert (sum(made), len(keys), [path.name for path in tmp_path.iterdir()]) == (1, 1, ["own.pem"])


def test_a_key_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EvidenceError, match="cannot be written"):
        make_key_file(tmp_path / "file" / "own.pem")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_signs_nothing(tmp_path: Path, mode: int) -> None:
    own = tmp_path / "own.pem"
    make_key_file(own)
    own.chmod(mode)

    assert refused("", own) == "key-file-open-to-others"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_key_signs_and_is_called_as_openssl_and_sha256sum_call_it(tmp_path: Path, kind: str) -> None:
    reference = key_file(tmp_path / "key.pem", KINDS[kind]())
    signer = open_signer(reference, tmp_path / "own.pem", nobody)
    public = public_text(signer.public_key)  # type: ignore[arg-type]
    command = ["openssl", "pkey", "-in", str(tmp_path / "key.pem"), "-pubout", "-outform", "DER"]
    der = subprocess.run(command, check=True, capture_output=True).stdout

    assert b64decode(public) == der
    assert signer.public_key.keyid == sha256(der).hexdigest()
    assert sign({}, [signer])


def test_a_passphrase_is_asked_for_by_the_name_of_the_file(tmp_path: Path) -> None:
    reference = key_file(tmp_path / "key.pem", KINDS["ed25519"](), BestAvailableEncryption(b"open sesame"))
    asked: list[str] = []

    def person(what: str) -> str:
        asked.append(what)
        return "open sesame" if len(asked) == 1 else "wrong"

    assert sign({}, [open_signer(reference, tmp_path, person)])
    with pytest.raises(CannotSign, match="passphrase is wrong"):
        open_signer(reference, tmp_path, person)
    assert asked == ["key.pem", "key.pem"]


def test_what_is_no_key_of_ours_is_refused_and_nothing_of_it_repeated(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("canary-of-a-secret")
    path.chmod(0o600)

    assert refused(f"file:{path}", tmp_path) == "key-file-wrong"
    for private in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256K1())):
        assert refused(key_file(path, private), tmp_path) == "key-file-wrong"


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("file:missing.pem", "key-file-unreadable"),
        ("file:~nobody-here-7/x", "no-such-home"),
        ("gpg:1234", "key-reference-unknown"),
        ("azurekms://evil.example/keys/x", "key-reference-unknown"),
        ("azurekms://vault.vault.azure.net.evil.example/keys/x", "key-reference-unknown"),
        ("hsm:2?pin=1234", "key-reference-unknown"),
        ("hsm:2?label=x&pin=1", "key-reference-unknown"),
        ("hsm:2", "signer-no-library"),
    ],
)
def test_a_reference_that_names_no_key_is_refused(tmp_path: Path, reference: str, key: str) -> None:
    assert refused(reference, tmp_path) == key


def test_a_file_that_was_named_is_never_made(tmp_path: Path) -> None:
    assert refused(f"file:{tmp_path / 'other.pem'}", tmp_path / "own.pem") == "key-file-unreadable"
    assert list(tmp_path.iterdir()) == []
