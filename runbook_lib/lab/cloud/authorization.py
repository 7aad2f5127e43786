"""The authorization code flow (RFC 6749 section 4.1, PKCE by RFC 7636): what a browser asks for, and the codes it takes back.

As at Entra, a native application is answered at `http://localhost` with any port (Microsoft, redirect URI restrictions), and an error
about the application itself is shown on a page and sent nowhere. Stricter than Entra: PKCE with S256 is a must.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin

from runbook_lib.lab.cloud.authentication import known
from runbook_lib.lab.cloud.refusals import EntraRefusal
from runbook_lib.lab.cloud.scopes import wish
from runbook_lib.lab.cloud.state import Account, Application, Cloud, CloudTenant

# About what Microsoft says of Entra's codes (v2-oauth2-auth-code-flow).
LIFETIME = timedelta(minutes=10)

_NEEDED = ("client_id", "response_type", "redirect_uri", "scope", "code_challenge")


@dataclass(frozen=True)
class Wanted:
    """What a browser was sent to ask for. `is_posted`: the answer goes back in a form, and not in an address."""

    client: Application
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    is_posted: bool


@dataclass
class AuthorizationCode(AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib publishes no types
    """A code that stands for a signed-in user. Used twice, it is refused."""

    wanted: Wanted
    user: Account
    issued: datetime
    is_used: bool = False
    code_challenge_method: str = "S256"

    @property
    def code_challenge(self) -> str:
        return self.wanted.challenge

    def get_redirect_uri(self) -> str:
        return self.wanted.redirect_uri

    def get_scope(self) -> str:
        return self.wanted.scope


class AuthorizationCodes:
    """The codes of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._codes: dict[str, AuthorizationCode] = {}

    def issue(self, wanted: Wanted, user: Account) -> str:
        """Return a new code for a user who signed in."""
        code = secrets.token_urlsafe(48)
        self._codes[code] = AuthorizationCode(wanted, user, self._cloud.clock())
        return code

    def find(self, code: str, client: Application) -> AuthorizationCode:
        """Return what a code stands for. Raises `EntraRefusal` when it is not the client's, too old, or used."""
        found = self._codes.get(code)
        if found is None or found.wanted.client is not client:
            raise EntraRefusal(70000)
        if found.is_used:
            raise EntraRefusal(54005)
        if self._cloud.clock() >= found.issued + LIFETIME:
            raise EntraRefusal(70008)
        return found

    def nonce(self, code: str) -> str:
        """Return what the id token must repeat, so that the client knows it is the answer to its own question."""
        found = self._codes.get(code)
        return found.wanted.nonce if found else ""


def wanted(cloud: Cloud, tenant: CloudTenant, asked: Mapping[str, str]) -> Wanted:
    """Return what a request to the authorization endpoint asks for. Raises `EntraRefusal`, which is for a page."""
    for name in _NEEDED:
        if not asked.get(name):
            raise EntraRefusal(900144, name=name)
    client = known(tenant, asked["client_id"])
    if not client.public_client or not _is_loopback(asked["redirect_uri"]):
        raise EntraRefusal(50011, uri=asked["redirect_uri"], client=client.client_id)
    mode = asked.get("response_mode", "query")
    is_known = mode in ("query", "form_post") and asked["response_type"] == "code"
    if not is_known or asked.get("code_challenge_method") != "S256":
        raise EntraRefusal(9002313)
    wish(cloud, tenant, client, asked["scope"])
    return Wanted(
        client=client,
        redirect_uri=asked["redirect_uri"],
        scope=asked["scope"],
        state=asked.get("state", ""),
        nonce=asked.get("nonce", ""),
        challenge=asked["code_challenge"],
        is_posted=mode == "form_post",
    )


def account(tenant: CloudTenant, upn: str) -> Account:
    """Return the user who signs in. Raises `EntraRefusal`, which is for a page."""
    user = tenant.account(upn)
    if user is None:
        raise EntraRefusal(50034, user=upn, tenant=tenant.display_name)
    if not user.is_enabled:
        raise EntraRefusal(50057)
    return user


def _is_loopback(address: str) -> bool:
    """Return whether it is what a native application registers: Entra ignores the port then, and nothing else."""
    try:
        parts = urlsplit(address)
        return (
            (parts.scheme, parts.hostname) == ("http", "localhost")
            and parts.port != 0
            and not _more_than_a_host(address)
        )
    except ValueError:
        return False


def _more_than_a_host(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
