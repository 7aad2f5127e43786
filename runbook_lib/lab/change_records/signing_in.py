"""Who asks: every tenant has one account, which sees its tenant's record and no other."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable, Sequence

from runbook_lib.lab.change_records.record import LabChange


class Accounts:
    """The records by who may see them. A password, an API token and a personal access token are all the tenant's one credential."""

    def __init__(self, changes: Sequence[LabChange]) -> None:
        self._changes = changes
        self._tokens: dict[str, LabChange] = {}

    def signed_in(self, authorization: str, *, ours: bool = False) -> LabChange | None:
        """Return the record that an Authorization header leads to; `ours`: a bearer token counts only if it was issued here (OAuth)."""
        scheme, _, sent = authorization.partition(" ")
        if scheme.lower() == "bearer":
            issued = self._tokens.get(sent)
            return issued if ours else issued or self._of(lambda change: _same(change, sent))
        user, password = _pair(sent) if scheme.lower() == "basic" else ("", "")
        return self._of(lambda change: change.user == user and _same(change, password))

    def issue(self, client_id: str, client_secret: str) -> str:
        """Return an access token for a client; nothing when id or secret are wrong."""
        change = self._of(lambda c: c.client_id == client_id and _same(c, client_secret))
        if change is None:
            return ""
        token = secrets.token_urlsafe()
        self._tokens[token] = change
        return token

    def _of(self, is_theirs: Callable[[LabChange], bool]) -> LabChange | None:
        found = next((change for change in self._changes if is_theirs(change)), None)
        return None if found is None or "change_sign_in_refused" in found.faults else found


def _same(change: LabChange, sent: str) -> bool:
    return hmac.compare_digest(change.credential.encode(), sent.encode())


def _pair(sent: str) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(sent, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return user, password
