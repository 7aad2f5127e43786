"""Entra's v2.0 authority for one tenant, on Authlib's framework-free authorization server.

Authlib decides the grants: client credentials and authorization code (RFC 6749), device code (RFC 8628), refresh token. What is Entra's own is
here: consent, conditional access, the shape of the answers. A refresh token is good for every resource the client may
ask for (Microsoft, refresh tokens in the identity platform).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request, grants
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DEVICE_CODE_GRANT_TYPE, DeviceAuthorizationEndpoint, DeviceCodeGrant

from runbook_lib.lab.cloud.authentication import authenticate, known
from runbook_lib.lab.cloud.authorization import AuthorizationCode, AuthorizationCodes
from runbook_lib.lab.cloud.device_code import DeviceCode, DeviceCodes, new_user_code
from runbook_lib.lab.cloud.refusals import EntraRefusal
from runbook_lib.lab.cloud.scopes import DEFAULT, consented, resource_of_application, wish
from runbook_lib.lab.cloud.state import Account, Application, Cloud, CloudTenant
from runbook_lib.lab.cloud.tokens import Claims, Mint, answered

Reply = tuple[int, Any]

# What a blocking policy asks of the next request; the value is the id of the policy. Form as in public traces.
_POLICY_CLAIMS = '{"access_token":{"capolids":{"essential":true,"values":["3f1c7e52-8a64-4d0b-9a3e-5d0c6b7a8e91"]}}}'

# Authlib's own errors, in Entra's codes.
_CODES = {
    "unsupported_grant_type": 70003,
    "authorization_pending": 70016,
    "access_denied": 65004,
    "invalid_grant": 70000,
}


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]  # Authlib publishes no types
    """An application, as Authlib wants to see it."""

    application: Application

    def get_client_id(self) -> str:
        return self.application.client_id

    def check_grant_type(self, grant_type: str) -> bool:
        is_for_people = grant_type in (DEVICE_CODE_GRANT_TYPE, "authorization_code", "refresh_token")
        return is_for_people if self.application.public_client else grant_type == "client_credentials"


@dataclass(frozen=True)
class RefreshToken:
    """Who a refresh token was given to, for whom, and for what."""

    client: Application
    user: Account
    scope: str

    def check_client(self, client: Client) -> bool:
        """Return whether it was given to this client."""
        return client.application is self.client

    def get_scope(self) -> str:
        """Return the scope of the first sign-in, taken when a refresh names none."""
        return self.scope


class _Request(OAuth2Request):  # type: ignore[misc]
    def __init__(self, url: str, headers: Mapping[str, str], form: dict[str, str]) -> None:
        super().__init__("POST", url, headers=headers)
        self.payload = BasicOAuth2Payload(form)
        self._form = form

    @property
    def form(self) -> dict[str, str]:
        return self._form


class _DeviceCodeGrant(DeviceCodeGrant):  # type: ignore[misc]
    def query_device_credential(self, device_code: str) -> DeviceCode:
        return self.server.codes.find(self.server.tenant, device_code)  # type: ignore[no-any-return]

    def query_user_grant(self, _user_code: str) -> tuple[Account | None, bool] | None:
        code = self.server.codes.find(self.server.tenant, self.request.form["device_code"])
        return code.decision  # type: ignore[no-any-return]

    def should_slow_down(self, _credential: DeviceCode) -> bool:
        return False


class _CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["none"]

    def query_authorization_code(self, code: str, client: Client) -> AuthorizationCode:
        return self.server.authorizations.find(code, client.application)  # type: ignore[no-any-return]

    def authenticate_user(self, code: AuthorizationCode) -> Account:
        return code.user

    def delete_authorization_code(self, code: AuthorizationCode) -> None:
        code.is_used = True


class _Proof(CodeChallenge):  # type: ignore[misc]
    def validate_code_verifier(self, grant: _CodeGrant, result: object) -> None:
        try:
            super().validate_code_verifier(grant, result)
        except OAuth2Error as error:
            raise EntraRefusal(501481) from error


class _RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> RefreshToken | None:
        if self.server.tenant.strikes("sign_in_revoked", 1):
            self.server.refresh_tokens.clear()
            raise EntraRefusal(50173)
        return self.server.refresh_tokens.get(refresh_token)  # type: ignore[no-any-return]

    def authenticate_user(self, refresh_token: RefreshToken) -> Account:
        return refresh_token.user

    def revoke_old_credential(self, refresh_token: RefreshToken) -> None:
        """Keep the old one: Entra's stay good until they end."""

    def _validate_token_scope(self, token: RefreshToken) -> None:
        """Leave it to consent: the new token may be for another resource."""


class _DeviceCodeEndpoint(DeviceAuthorizationEndpoint):  # type: ignore[misc]
    def get_verification_uri(self) -> str:
        return f"{self.server.cloud.address}/devicelogin"

    def generate_user_code(self) -> str:
        return new_user_code()

    def create_endpoint_response(self, request: _Request) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        client = self.authenticate_client(request)
        wish(self.server.cloud, self.server.tenant, client.application, request.payload.scope or "")
        tenant: CloudTenant = self.server.tenant
        self.EXPIRES_IN, self.INTERVAL = int(tenant.device_code_lifetime.total_seconds()), tenant.device_code_interval
        status, body, headers = super().create_endpoint_response(request)
        return status, body, headers

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, str]) -> None:
        self.server.codes.issue(self.server.tenant, client_id, scope, data["device_code"], data["user_code"])


class Authority(AuthorizationServer):  # type: ignore[misc]
    """The token and device code endpoints of one tenant. Called from one thread."""

    _GRANTS: ClassVar = (grants.ClientCredentialsGrant, _DeviceCodeGrant, _RefreshGrant)

    def __init__(
        self, cloud: Cloud, tenant: CloudTenant, mint: Mint, codes: DeviceCodes, authorizations: AuthorizationCodes
    ) -> None:
        super().__init__()
        self.cloud, self.tenant, self.codes, self._mint = cloud, tenant, codes, mint
        self.authorizations, self._nonce = authorizations, ""
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self._asked: Claims = {}
        self.register_token_generator("default", self._token)
        for grant in self._GRANTS:
            self.register_grant(grant)
        self.register_grant(_CodeGrant, [_Proof(required=False)])
        self.register_endpoint(_DeviceCodeEndpoint)

    def token(self, url: str, headers: Mapping[str, str], form: dict[str, str]) -> Reply:
        """Answer a token request with a status and a JSON body. Raises `EntraRefusal`."""
        self._asked = _claims(form.get("claims", "{}"))
        self._nonce = self.authorizations.nonce(form.get("code", ""))
        status, body, _ = self.create_token_response(_Request(url, headers, form))
        return status, body

    def device_code(self, url: str, headers: Mapping[str, str], form: dict[str, str]) -> Reply:
        """Answer a request for a device code with a status and a JSON body. Raises `EntraRefusal`."""
        status, body, _ = self.create_endpoint_response("device_authorization", _Request(url, headers, form))
        body.pop("verification_uri_complete")
        page, code = body["verification_uri"], body["user_code"]
        told = f"To sign in, use a web browser to open the page {page} and enter the code {code} to authenticate."
        return status, body | {"message": told}

    # What Authlib asks of the integration with a web framework.

    def query_client(self, client_id: str) -> Client:
        return Client(known(self.tenant, client_id))

    def authenticate_client(self, request: _Request, _methods: list[str], _endpoint: str = "token") -> Client:
        client = Client(authenticate(self.cloud, self.tenant, request))
        request.client = client
        return client

    def create_oauth2_request(self, request: _Request) -> _Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, Any]:
        return status, body, headers

    def handle_error_response(self, request: _Request, error: OAuth2Error) -> tuple[int, Any, Any]:
        if isinstance(error, EntraRefusal):
            raise error
        grant = request.form.get("grant_type", "")
        if not grant and error.error == "unsupported_grant_type":
            raise EntraRefusal(900144, name="grant_type") from error
        raise EntraRefusal(_CODES.get(error.error, 9002313), grant=grant, client="") from error

    def send_signal(self, *_about: Any, **_more: Any) -> None:
        """Nobody listens."""

    def save_token(self, token: dict[str, Any], request: _Request) -> None:
        if "refresh_token" in token:
            scope = request.credential.get_scope() if request.credential else request.payload.scope or token["scope"]
            self.refresh_tokens[token["refresh_token"]] = RefreshToken(request.client.application, request.user, scope)
        if request.credential:
            self.codes.redeem(request.credential)

    def _token(
        self, *, client: Client, user: Account | None = None, scope: str | None = None, **_more: Any
    ) -> dict[str, Any]:
        if "conditional_access" in self.tenant.faults:
            raise EntraRefusal(53003, claims=_POLICY_CLAIMS)
        seconds = self.tenant.token_seconds
        base = {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds}
        if user is None:
            resource = resource_of_application(self.cloud, self.tenant, client.application, scope or "")
            token = self._mint.for_application(self.tenant, client.application, resource, self._asked)
            return base | {"access_token": token}
        consent = consented(self.cloud, self.tenant, client.application, scope or "")
        scopes = tuple(permission for permission in consent.permissions if permission != DEFAULT)
        token = self._mint.for_user(
            self.tenant, client.application, user, audience=consent.resource, scopes=scopes, asked=self._asked
        )
        return base | {
            "scope": consent.scope,
            "access_token": token,
            "refresh_token": secrets.token_urlsafe(64),
            **self._mint.identity(self.tenant, client.application, user, self._nonce),
        }


def _claims(text: str) -> Claims:
    """Return what a request wants to see in its access token (OpenID Connect, claims request). Raises `EntraRefusal`."""
    try:
        asked = json.loads(text)["access_token"] if text != "{}" else {}
        answered(asked)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EntraRefusal(9002313) from error
    return dict(asked)
