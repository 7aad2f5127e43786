"""Keys: the file with a person's private key, made on first use, and how a public key is written down and called.

A public key is written as the base64 of its DER form (SubjectPublicKeyInfo, RFC 5280), and called by the SHA-256 of that form, so
that `openssl pkey -pubin` and `sha256sum` come to the same name without us.
"""

from __future__ import annotations

import hashlib
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey

from runbook_lib.errors import CannotSign
from runbook_lib.evidence.files import FOLDER_MODE, cannot_write, new_file, reason

Ask = Callable[[str], str]

# A key file is a few hundred bytes; whatever is longer is something else.
_MOST_BYTES = 16 * 1024


def key_from(written: str) -> SSlibKey:
    """Return a public key from its base64. Raises `ValueError` when it is none, or of a kind that nobody here signs with."""
    der = b64decode(written, validate=True)
    try:
        public = load_der_public_key(der)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
    key = named(public)
    if public_text(key) != written:
        raise ValueError("another form of the same key")
    return key


def named(public: PublicKeyTypes) -> SSlibKey:
    """Return a public key of `cryptography` under our name for it. Raises `ValueError` for a kind that nobody here signs with."""
    if not isinstance(public, Ed25519PublicKey | EllipticCurvePublicKey):
        raise ValueError(type(public).__name__)  # noqa: TRY004  # a kind of key, not a mistake of the programmer
    return SSlibKey.from_crypto(public, keyid=hashlib.sha256(_der(public)).hexdigest())


def public_text(key: SSlibKey) -> str:
    """Return a public key as it is written in a roster: the base64 of its DER form."""
    return b64encode(_der(_public(key))).decode()


def key_id_of(key: SSlibKey) -> str:
    """Return the name of a key: the SHA-256 of its DER form, whatever a signer calls it."""
    return hashlib.sha256(_der(_public(key))).hexdigest()


def renamed(key: SSlibKey) -> SSlibKey:
    """Return a key as a signer of another library made it, under our name for it."""
    return named(_public(key))


def make_key_file(path: Path) -> bool:
    """Make a file with a new Ed25519 key, for its owner only, unless the file is there. Return whether one was made.

    Never overwrites: two processes that come first at once use the key of whoever was faster. Raises `EvidenceError`.
    """
    if path.exists():
        return False
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    return new_file(path, content)


def file_signer(path: Path, ask: Ask) -> CryptoSigner:
    """Return the signer of a key file: PEM, PKCS#8, Ed25519 or ECDSA. `ask` is asked for its passphrase when it has one.

    Raises `CannotSign` when the file is missing, readable by others, or no such key.
    """
    content = _private_bytes(path)
    try:
        private = load_pem_private_key(content, _passphrase(content, path, ask))
    except (
        ValueError,
        TypeError,
        UnsupportedAlgorithm,
    ):  # also a wrong passphrase; the library's texts may quote the file
        raise CannotSign("key-file-wrong", file=str(path)) from None
    if not isinstance(private, Ed25519PrivateKey | EllipticCurvePrivateKey):
        raise CannotSign("key-file-wrong", file=str(path))
    try:
        return CryptoSigner(private, named(private.public_key()))
    except ValueError:  # a curve that no scheme is known for
        raise CannotSign("key-file-wrong", file=str(path)) from None


def _private_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise CannotSign("key-file-open-to-others", file=str(path), mode=f"{stat.S_IMODE(mode):04o}")
            return stream.read(_MOST_BYTES)
    except OSError as error:
        raise CannotSign("key-file-unreadable", file=str(path), detail=reason(error)) from error


def _passphrase(content: bytes, path: Path, ask: Ask) -> bytes | None:
    return ask(path.name).encode() if b"ENCRYPTED" in content else None


def _public(key: SSlibKey) -> PublicKeyTypes:
    written = key.keyval["public"]
    if key.keytype == "ed25519":
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(written))
    return load_pem_public_key(written.encode())


def _der(public: PublicKeyTypes) -> bytes:
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
