"""Tokens that are really signed, and really checked: RS256 with a key id, as Entra's.

Claim names are those of Entra's access and id tokens (Microsoft, access-token-claims-reference). Their `iss` is an
address of the lab, since the lab is what signed them.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from joserfc import jwk, jwt
from joserfc.errors import ExpiredTokenError, JoseError

from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    Cloud,
    CloudTenant,
)

SIGN_IN_SCOPES = frozenset({"openid", "profile", "offline_access", "email"})

GRAPH = "https://graph.microsoft.com"
PORTAL = "74658136-14ec-4630-ad9b-26e160ff0fc6"

Claims = dict[str, Any]

_PRESENT: jwt.ClaimsOption = {"essential": True}


class TokenRefused(Exception):
    """A bearer token that does not hold. `reason` is what Graph says about it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Mint:
    """Makes and checks the tokens of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._key = jwk.RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})
        self._key.ensure_kid()

    @property
    def public_keys(self) -> dict[str, Any]:
        """Return the key set that clients check signatures with."""
        return {"keys": [self._key.as_dict(private=False)]}

    def issuer(self, tenant: CloudTenant) -> str:
        """Return what `iss` says in the tokens of a tenant."""
        return f"{self._cloud.address}/{tenant.id}/v2.0"

    def for_application(self, tenant: CloudTenant, client: Application, audience: str, asked: Claims) -> str:
        """Return an access token of the application itself; without consent it carries no `roles`.

        `asked` are the claims that the request asked for, see `answered`.
        """
        roles = [] if "consent_missing" in tenant.faults else list(client.app_roles)
        claims = {"oid": client.object_id, "sub": client.object_id, "idtyp": "app"} | answered(asked)
        return self._access(tenant, client, audience, claims | ({"roles": roles} if roles else {}))

    def for_user(
        self,
        tenant: CloudTenant,
        client: Application,
        user: Account,
        *,
        audience: str,
        scopes: tuple[str, ...],
        asked: Claims,
    ) -> str:
        """Return an access token of a signed-in user. `asked` are the claims that the request asked for, see `answered`."""
        claims: Claims = {"oid": user.id, "sub": user.id, "upn": user.upn, "name": user.display_name, "idtyp": "user"}
        claims |= {"scp": " ".join(scopes), "wids": [role.template_id for role in tenant.roles_of(user)]}
        claims |= answered(asked)
        return self._access(tenant, client, audience, claims)

    def identity(self, tenant: CloudTenant, client: Application, user: Account, nonce: str) -> dict[str, str]:
        """Return the id token, with the nonce of its request if any, and `client_info`: msal learns from them who signed in."""
        claims = {"aud": client.client_id, "sub": user.id, "oid": user.id, "ver": "2.0"}
        claims |= {"preferred_username": user.upn, "name": user.display_name} | ({"nonce": nonce} if nonce else {})
        info = json.dumps({"uid": user.id, "utid": tenant.presented[0]}).encode()
        client_info = base64.urlsafe_b64encode(info).rstrip(b"=").decode()
        return {"id_token": self._sign(tenant, claims), "client_info": client_info}

    def check(self, token: str, audience: str) -> tuple[CloudTenant, Claims]:
        """Return whose token it is, and its claims. Raises `TokenRefused` unless every check passes."""
        now = int(self._cloud.clock().timestamp())
        try:
            claims = jwt.decode(token, self._key, algorithms=["RS256"]).claims
            here: jwt.ClaimsOption = {"essential": True, "value": audience}
            rules = jwt.JWTClaimsRegistry(now=now, aud=here, iss=_PRESENT, exp=_PRESENT, nbf=_PRESENT)
            rules.validate(claims)
        except ExpiredTokenError as error:
            raise TokenRefused("Lifetime validation failed, the token is expired.") from error
        except (JoseError, ValueError) as error:
            raise TokenRefused(_reason(error)) from error
        tenant = self._cloud.tenant(str(claims["iss"]).rpartition("/v2.0")[0].rpartition("/")[2])
        if tenant is None or claims["iss"] != self.issuer(tenant):
            raise TokenRefused("Access token validation failure. Invalid issuer.")
        return tenant, claims

    def _access(self, tenant: CloudTenant, client: Application, audience: str, claims: Claims) -> str:
        return self._sign(tenant, {"aud": audience, "appid": client.client_id, "ver": "1.0", **claims})

    def _sign(self, tenant: CloudTenant, claims: Claims) -> str:
        now = int(self._cloud.clock().timestamp())
        times = {"iat": now, "nbf": now, "exp": now + tenant.token_seconds}
        issued = {"iss": self.issuer(tenant), "tid": tenant.presented[0], "uti": secrets.token_urlsafe(16)}
        header = {"alg": "RS256", "typ": "JWT", "kid": self._key.kid}
        return jwt.encode(header, issued | times | claims, self._key, algorithms=["RS256"])


def answered(asked: Claims) -> Claims:
    """Return what a claims request leaves in the token: what the client can do (`xms_cc`), and the challenge it answers.

    Entra's tokens do not name the challenge; here it stands for a sign-in that was judged again.
    """
    can = asked.get("xms_cc", {}).get("values", [])
    challenge = asked.get("nbf", {}).get("value", "")
    return ({"xms_cc": can} if can else {}) | ({"challenge": challenge} if challenge else {})


def _reason(error: Exception) -> str:
    if getattr(error, "claim", "") == "aud":
        return "Access token validation failure. Invalid audience."
    return "Access token validation failure."
