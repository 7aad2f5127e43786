"""The ways to prove who signs in, and what msal wants to be given for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from runbook_lib.errors import ParameterError


@dataclass(frozen=True)
class DeviceCodeCredential:
    """A person signs in on another device, with a code that they are shown."""


@dataclass(frozen=True)
class InteractiveCredential:
    """A person signs in with the browser of this machine, within `seconds`."""

    seconds: int = 300


@dataclass(frozen=True)
class SecretCredential:
    """A client secret of an application."""

    secret: str = field(repr=False)


@dataclass(frozen=True)
class CertificateCredential:
    """A certificate of an application: PEM files of the private key and the certificate, and the key's passphrase if any."""

    key_file: Path
    certificate_file: Path
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True)
class ManagedIdentityCredential:
    """The identity of the Azure machine we run on: a user-assigned one by its client id, else the system-assigned one."""

    client_id: str = ""


Credential = (
    DeviceCodeCredential | InteractiveCredential | SecretCredential | CertificateCredential | ManagedIdentityCredential
)


def certificate_proof(credential: CertificateCredential) -> dict[str, str]:
    """Return msal's form of a certificate: `private_key`, `public_certificate` and, when there is one, `passphrase`.

    Raises `ParameterError` here, before anything is sent, for what Entra would only call an invalid signature.
    """
    key_pem, certificate_pem = _text(credential.key_file), _text(credential.certificate_file)
    passphrase = credential.passphrase or None
    try:
        key = load_pem_private_key(key_pem.encode(), passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ParameterError("credential-key-unusable", file=str(credential.key_file)) from None
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    except ValueError:
        raise ParameterError("credential-certificate-unusable", file=str(credential.certificate_file)) from None
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        raise ParameterError(
            "credential-pair-wrong",
            key_file=str(credential.key_file),
            certificate_file=str(credential.certificate_file),
        )
    proof = {"private_key": key_pem, "public_certificate": certificate_pem}
    return proof | {"passphrase": passphrase} if passphrase else proof


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except OSError as error:
        raise ParameterError("credential-file-unreadable", file=str(file), detail=error.strerror or "–") from error
    except UnicodeDecodeError:
        # Not chained: the error holds the bytes of the file, which may be a key.
        raise ParameterError("credential-file-not-pem", file=str(file)) from None
