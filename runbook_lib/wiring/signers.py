"""Who signs on this machine: this user's own key, or one that is named; and where its PIN or passphrase comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runbook_lib.errors import ParameterError
from runbook_lib.parameters import SecretReference, ask_without_echo, parse_reference, resolve, system_keyring
from runbook_lib.wiring.places import own_key

if TYPE_CHECKING:
    from runbook_lib.evidence.signing import Signer


def signer_of(reference: str, pin: str = "") -> Signer:
    """Return the signer that a reference names; empty: this user's own key, which is made when there is none.

    `pin` says where the PIN or passphrase is kept; empty: a person is asked when it is needed.

    Raises:
        ParameterError: a reference of a kind that nobody knows, or a secret that cannot be had.
        CannotSign: a key that cannot be used.
    """
    from runbook_lib.evidence.signing import open_signer  # noqa: PLC0415  # slow to import, and few verbs sign

    kept = parse_reference(pin) if pin else None
    if isinstance(kept, str):
        raise ParameterError("pin-not-a-reference")

    def ask(what: str) -> str:
        return _secret(kept) if kept else ask_without_echo(what)

    return open_signer(reference, own_key(), ask)


def _secret(kept: SecretReference) -> str:
    return resolve(kept, environ=os.environ, keyring=system_keyring(), prompt=ask_without_echo).reveal()
