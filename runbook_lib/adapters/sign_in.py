"""Signing in with msal: one identity, tokens for several resources, kept in memory unless told otherwise."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msal
import requests

from runbook_lib.adapters.asking import DeviceCode, Question, Result, ask_browser, ask_elsewhere
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.clouds import CLOUDS
from runbook_lib.adapters.credentials import (
    CertificateCredential,
    Credential,
    DeviceCodeCredential,
    InteractiveCredential,
    ManagedIdentityCredential,
    SecretCredential,
    certificate_proof,
)
from runbook_lib.adapters.http import COME_BACK_LATER, Session, reading_failed
from runbook_lib.adapters.refusals import SIGN_IN, refusal
from runbook_lib.errors import ParameterError, SignInFailed, TargetError, Throttled, UnexpectedReply
from runbook_lib.ports import Clock

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# These loggers of msal write out what its others mask: device codes, authorization codes, raw replies of the token endpoint.
_TALKATIVE = ("msal.token_cache", "msal.oauth2cli.authcode", "msal.oauth2cli.oauth2", "msal.managed_identity")

# Refusals that a person can overcome by signing in again (Microsoft, authentication error codes, "Client action"); the last
# two are OpenID Connect's. Any other would only come back after one more device code.
_ASK_AGAIN = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})

# Says that we answer claims challenges: then a revoked session is refused within minutes, not when its token ends (Microsoft,
# "Claims challenges, claims requests, and client capabilities").
_CAPABILITIES = ["CP1"]

# msal takes the shape of an answer for granted, so a strange one ends in any of the first four.
_MSAL_RAISES = (AttributeError, KeyError, TypeError, ValueError, RuntimeError, msal.exceptions.MsalError)


@dataclass(frozen=True)
class Identity:
    """Who signs in: `kind` is `user` or `application`; `name` a user's name once known; `client_id` the application's id."""

    kind: str
    client_id: str
    name: str = ""


@dataclass(frozen=True)
class _Wish:
    """What kind of token: with which claims, newer than the one in memory or not, and whether a person may be asked for it."""

    claims: str | None = None
    fresh: bool = False
    ask: bool = True


class SignIn:
    """One identity in one tenant. Nothing is sent before the first `token`."""

    def __init__(  # noqa: PLR0913  # each is a choice of the operator's or a part
        self,
        *,
        tenant_id: str,
        authority_host: str,
        client_id: str,
        credential: Credential,
        http_session: Session,
        show: Callable[[DeviceCode], None],
        instance_discovery: bool | None = None,
        token_cache: msal.TokenCache | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Prepare a sign-in; the session stays the caller's.

        Args:
            tenant_id: The tenant's GUID: a name could be somebody else's.
            authority_host: `https://` and the host of the cloud's sign-in service.
            client_id: The application (client) id; of the managed identity itself for that credential.
            credential: How to prove it.
            http_session: What msal sends its requests with.
            show: Called with a device code, or with none when a browser is opened; it must reach the person and no log.
            token_cache: Where a person's tokens are kept, and may be from earlier runs; None: in memory, as an application's are.
            clock: What the wait for a person goes by; its `sleep` may end it. None: this machine's.
            instance_discovery: Whether msal asks Microsoft about a host it does not know; None: only for hosts of `CLOUDS`.

        Raises:
            ParameterError: the tenant is no GUID, the host not https, or the key and certificate cannot be used.
        """
        self._authority = _authority(tenant_id, authority_host)
        self._client_id = client_id
        self._credential = credential
        self._proof = _proof(credential)
        self._session = http_session
        self._show = show
        self._discovery = _is_known(authority_host) if instance_discovery is None else instance_discovery
        self._token_cache = token_cache
        self._clock = clock or SystemClock()
        self._application: Any = None
        self._name = ""

    @property
    def account(self) -> Identity:
        """Return who signs in; the name of a user is known after the first token."""
        person = isinstance(self._credential, DeviceCodeCredential | InteractiveCredential)
        return Identity("user" if person else "application", self._client_id, self._name)

    def token(self, resource: str, *, ask: bool = True) -> str:
        """Return an access token for a resource: its root URL or id, alone or as `<resource>/.default`.

        From memory while it is valid, then from the earlier sign-in while that is good; otherwise the person is asked, but
        with `ask` false not a second time.

        Raises:
            SignInFailed, NotPermitted: Entra refuses; the message holds its code and correlation id.
            CannotConnect, TargetTimeout, Throttled, UnexpectedReply: Entra could not be asked.
        """
        return self._granted(resource, _Wish(ask=ask))

    def refresh(self, resource: str, claims: str = "", *, ask: bool = True) -> str:
        """Return a new token, even when the one in memory looks valid. `claims`: what the resource asked for, as JSON text.

        Raises as `token` does.
        """
        return self._granted(resource, _Wish(claims or None, fresh=True, ask=ask))

    def __repr__(self) -> str:
        return f"SignIn({self._authority!r}, {self._client_id!r}, {type(self._credential).__name__})"

    def _granted(self, resource: str, wish: _Wish) -> str:
        failure: TargetError | None
        try:
            result = self._ask(resource.removesuffix("/.default"), wish)
        except requests.RequestException as error:
            failure = reading_failed(error, target=SIGN_IN, session=self._session)
        except _MSAL_RAISES as error:
            failure = _unusual(error)
        else:
            token = result.get("access_token")
            if isinstance(token, str) and token:
                if not (failure := self._other_person(result)):
                    return token
            else:
                failure = refusal(result)
        # Not chained: what msal and requests raise holds secrets and codes.
        raise failure from None

    def _ask(self, resource: str, wish: _Wish) -> Result:
        if isinstance(self._credential, ManagedIdentityCredential):
            return self._ask_machine(resource, wish)
        if self._application is None:
            self._application = self._build()
        if isinstance(self._credential, DeviceCodeCredential | InteractiveCredential):
            return self._ask_person([f"{resource}/.default"], wish)
        if wish.fresh and not wish.claims:
            self._application.remove_tokens_for_client()
        scopes = [f"{resource}/.default"]
        result: Result = self._application.acquire_token_for_client(scopes, claims_challenge=wish.claims)
        return result

    def _ask_machine(self, resource: str, wish: _Wish) -> Result:
        if self._application is None or (wish.fresh and not wish.claims):
            identity = msal.SystemAssignedManagedIdentity()
            if isinstance(self._credential, ManagedIdentityCredential) and self._credential.client_id:
                identity = msal.UserAssignedManagedIdentity(client_id=self._credential.client_id)
            _quieten()
            self._application = msal.ManagedIdentityClient(identity, http_client=self._session)
        result: Result = self._application.acquire_token_for_client(resource=resource, claims_challenge=wish.claims)
        return result

    def _ask_person(self, scopes: list[str], wish: _Wish) -> Result:
        """Try without the person first: what they signed in to before is good for other resources too."""
        user = self._user()
        result: Result | None = self._application.acquire_token_silent_with_error(
            scopes, user, force_refresh=wish.fresh, claims_challenge=wish.claims
        )
        if result and ("access_token" in result or result.get("error") not in _ASK_AGAIN):
            self._name = self._name or (user or {}).get("username") or ""
            return result
        again = bool(user or self._name)
        if again and not wish.ask:
            correlation = refusal(result or {}).request_id
            raise SignInFailed("sign-in-before-change", target=SIGN_IN, request_id=correlation)
        if not self._name:
            self._forget_everybody()
        question = Question(self._application, scopes, wish.claims, self._name, again, self._show, self._clock)
        if isinstance(self._credential, InteractiveCredential):
            return ask_browser(question, self._credential.seconds)
        return ask_elsewhere(question)

    def _user(self) -> Mapping[str, Any] | None:
        """Return who signed in: in this run, else in an earlier one if it can only be one person."""
        accounts: list[Mapping[str, Any]] = self._application.get_accounts(self._name or None)
        return accounts[0] if accounts and (self._name or len(accounts) == 1) else None

    def _forget_everybody(self) -> None:
        """Empty the cache before the first sign-in of a run, so that the next run finds one person there and not several."""
        for account in self._application.get_accounts():
            self._application.remove_account(account)

    def _other_person(self, result: Result) -> TargetError | None:
        """Refuse who signs in as somebody else than before: one run is one person's, from plan to proof."""
        name = (result.get("id_token_claims") or {}).get("preferred_username") or self._name
        if not self._name or name.lower() == self._name.lower():
            self._name = name
            return None
        for account in self._application.get_accounts(name):
            self._application.remove_account(account)
        return SignInFailed("sign-in-other-person", target=SIGN_IN, first=self._name, name=name)

    def _build(self) -> Any:
        _quieten()
        settings = {
            "authority": self._authority,
            "http_client": self._session,
            "instance_discovery": None if self._discovery else False,
            "client_capabilities": _CAPABILITIES,
        }
        if self._proof is None:
            return msal.PublicClientApplication(self._client_id, token_cache=self._token_cache, **settings)
        return msal.ConfidentialClientApplication(self._client_id, client_credential=self._proof, **settings)


def _is_known(authority_host: str) -> bool:
    return any(cloud.login == authority_host.rstrip("/") for cloud in CLOUDS.values())


def _authority(tenant_id: str, authority_host: str) -> str:
    if not GUID.fullmatch(tenant_id):
        raise ParameterError("sign-in-tenant-not-a-guid", tenant=tenant_id[:80])
    parts = urlsplit(authority_host)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.path.strip("/") or parts.query:
        raise ParameterError("sign-in-host-not-https", host=parts.hostname or "–")
    return f"https://{parts.netloc}/{tenant_id.lower()}"


def _proof(credential: Credential) -> str | dict[str, str] | None:
    if isinstance(credential, SecretCredential):
        return credential.secret
    return certificate_proof(credential) if isinstance(credential, CertificateCredential) else None


def _unusual(error: Exception) -> TargetError:
    """Return what an exception of msal means. It raises some refusals as text, and an unknown tenant while it looks it up."""
    said = f"{error} {error.__context__ or ''}"
    if "AADSTS" in said:
        return refusal({"error_description": said})
    status = re.search(r"HTTP (?:Error|status): (\d{3})", said)
    if status and int(status[1]) in COME_BACK_LATER:
        return Throttled("sign-in-busy", target=SIGN_IN, status=int(status[1]))
    return UnexpectedReply(
        "sign-in-unexpected", target=SIGN_IN, detail=f"HTTP {status[1]}" if status else type(error).__name__
    )


def _quieten() -> None:
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False
