"""Who signs, by reference: a key file, a key in Azure Key Vault, or a key on a token or HSM over PKCS#11.

`` or `file:PATH`; `azurekms://VAULT.vault.azure.net/keys/NAME`; `hsm:NUMBER?label=TOKEN`, whose library is named by the
environment variable `PYKCS11LIB`. What the last two need is optional (`signing-azure`, `signing-pkcs11`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from securesystemslib.exceptions import UnsupportedLibraryError
from securesystemslib.signer import AzureSigner, HSMSigner, Signer

from runbook_lib.errors import CannotSign, ParameterError, RunbookError
from runbook_lib.evidence.signing.keys import Ask, file_signer, make_key_file, renamed

# Where the library of a token is named; python-pkcs11 itself knows no default.
LIBRARY = "PYKCS11LIB"

_AZURE = re.compile(
    r"azurekms://(?P<vault>[A-Za-z0-9-]{3,24})\.vault\.azure\.net/keys/(?P<name>[A-Za-z0-9-]{1,127})"
    r"(?:/(?P<version>[0-9a-f]{32}))?"
)
_HSM = re.compile(r"hsm:[0-9]{0,9}(?:\?label=[^&#]+)?")


def open_signers(references: Sequence[str], own: Path, ask: Ask) -> list[Signer]:
    """Return who signs, in the order named. `own` is the file of this user's key, which is made when it is named first (empty
    reference); `ask` is asked for a PIN or passphrase, by the name of what it opens.

    Raises:
        ParameterError: a reference of a kind that nobody knows.
        CannotSign: a key that cannot be used, or a package that is missing.
    """
    return [open_signer(reference, own, ask) for reference in references]


def open_signer(reference: str, own: Path, ask: Ask) -> Signer:
    """Return one signer, as `open_signers` does."""
    if not reference:
        make_key_file(own)
        return file_signer(own, ask)
    if reference.startswith("file:"):
        return file_signer(_file_of(reference), ask)
    if _AZURE.fullmatch(reference):
        return _opened(reference, "signing-azure", lambda: _azure(reference))
    if _HSM.fullmatch(reference):
        return _opened(reference, "signing-pkcs11", lambda: _hsm(reference, ask))
    raise ParameterError("key-reference-unknown", reference=reference)


def _file_of(reference: str) -> Path:
    try:
        return Path(reference.removeprefix("file:")).expanduser()
    except RuntimeError as error:
        raise ParameterError("no-such-home", file=reference) from error


def _opened(reference: str, extra: str, opening: Callable[[], Signer]) -> Signer:
    """Open somebody else's signer. They fail in a dozen ways, and their texts may hold anything: the kind of the failure is told."""
    try:
        return opening()
    except RunbookError:
        raise
    except UnsupportedLibraryError:
        raise CannotSign("signer-package-missing", reference=reference, extra=extra) from None
    except Exception as error:  # noqa: BLE001  # azure's, PKCS#11's and securesystemslib's own
        raise CannotSign("signer-failed", reference=reference, detail=type(error).__name__) from None


def _azure(reference: str) -> Signer:
    """The key by that name as it is now. An older version is refused: the client can fetch no other public key than the newest."""
    found = _AZURE.fullmatch(reference)
    vault, name = (found["vault"], found["name"]) if found else ("", "")
    newest, public = AzureSigner.import_(vault, name)
    if found and found["version"] and not newest.endswith(f"/{found['version']}"):
        raise CannotSign("signer-key-not-newest", reference=reference)
    return AzureSigner.from_priv_key_uri(newest, renamed(public))


def _hsm(reference: str, ask: Ask) -> Signer:
    """The key of that number on the token of that label, or on the only token. The PIN is asked for once."""
    if not os.environ.get(LIBRARY):
        raise CannotSign("signer-no-library", reference=reference, variable=LIBRARY)
    parts = urlsplit(reference)
    label = dict(parse_qsl(parts.query)).get("label")
    known: list[str] = []

    def pin(_what: str) -> str:
        if not known:
            known.append(ask(label or reference))
        return known[0]

    number = int(parts.path) if parts.path else HSMSigner.SCHEME_KEYID
    uri, public = HSMSigner.import_(number, label, pin)
    return HSMSigner.from_priv_key_uri(uri, renamed(public), pin)
