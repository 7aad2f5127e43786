"""How a client proves who it is at the token endpoint: by secret, by a signed assertion, or not at all.

Assertions (RFC 7523) are checked against the certificates registered for the application, which Entra finds by the
thumbprint in the header: `x5t` (SHA-1) or `x5t#S256` (Microsoft, certificate credentials).
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc7523.client import ASSERTION_TYPE
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from runbook_lib.lab.cloud.refusals import EntraRefusal
from runbook_lib.lab.cloud.state import Application, Cloud, CloudTenant

ALGORITHMS = ["RS256", "PS256"]
LEEWAY = 300  # seconds that the clocks of client and service may differ

# joserfc allows neither PS256 nor a header of more than 512 bytes by default; msal sends PS256 and the certificate.
_REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS)
_REGISTRY.max_header_length = 16384


def authenticate(cloud: Cloud, tenant: CloudTenant, request: OAuth2Request) -> Application:
    """Return the application that sent the request. Raises `EntraRefusal`."""
    form = request.form
    if form.get("client_assertion"):
        return _by_assertion(cloud, tenant, form)
    client_id, secret = _basic(request.headers.get("authorization", ""))
    client_id, secret = client_id or form.get("client_id", ""), secret or form.get("client_secret", "")
    if not client_id:
        raise EntraRefusal(900144, name="client_id")
    client = known(tenant, client_id)
    if not secret:
        return _without_secret(client)
    if client.public_client:
        raise EntraRefusal(700025)
    if client.secret is None or not secrets.compare_digest(client.secret.value.encode(), secret.encode()):
        raise EntraRefusal(7000215, client=client.client_id)
    expires = client.secret.expires
    if "expired_secret" in tenant.faults or (expires is not None and expires <= cloud.clock()):
        raise EntraRefusal(7000222, client=client.client_id)
    return client


def known(tenant: CloudTenant, client_id: str) -> Application:
    """Return the application of that id. Raises `EntraRefusal` when the tenant does not know it."""
    client = tenant.application(client_id)
    if client is None:
        raise EntraRefusal(700016, client=client_id, tenant=tenant.display_name)
    return client


def _without_secret(client: Application) -> Application:
    if not client.public_client:
        raise EntraRefusal(7000218)
    return client


def _by_assertion(cloud: Cloud, tenant: CloudTenant, form: Mapping[str, str]) -> Application:
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise EntraRefusal(900144, name="client_assertion_type")
    assertion = form["client_assertion"]
    try:
        signed = jws.extract_compact(assertion.encode(), registry=_REGISTRY)
        client = known(tenant, str(json.loads(signed.payload or b"")["sub"]))
        claims = jwt.decode(assertion, _key(client, signed.headers()), algorithms=ALGORITHMS, registry=_REGISTRY).claims
        _check(cloud, tenant, client, claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise EntraRefusal(700027, reason="The signature or a claim does not hold") from error
    if client.public_client:
        raise EntraRefusal(700025)
    if "expired_secret" in tenant.faults:
        raise EntraRefusal(700027, reason="The key used is expired")
    return client


def _check(cloud: Cloud, tenant: CloudTenant, client: Application, claims: dict[str, Any]) -> None:
    """Check what RFC 7523 asks for, but not that an assertion is new: msal sends one again until it ends."""
    base = f"{cloud.address}/{tenant.id}"
    own: jwt.ClaimsOption = {"essential": True, "value": client.client_id}
    here: jwt.ClaimsOption = {"essential": True, "values": [f"{base}/oauth2/v2.0/token", f"{base}/v2.0"]}
    now = int(cloud.clock().timestamp())
    jwt.JWTClaimsRegistry(now=now, leeway=LEEWAY, iss=own, sub=own, aud=here, exp={"essential": True}).validate(claims)


def _basic(header: str) -> tuple[str, str]:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise EntraRefusal(9002313) from error
    return client_id, secret


def _key(client: Application, header: dict[str, Any]) -> jwk.RSAKey:
    thumbprints = {"x5t": hashes.SHA1(), "x5t#S256": hashes.SHA256()}  # noqa: S303 - what Entra takes, beside SHA-256
    wanted = {name: str(header[name]).rstrip("=") for name in thumbprints if name in header}
    for certificate in map(x509.load_pem_x509_certificate, client.certificates):
        if any(_encoded(certificate.fingerprint(thumbprints[name])) == value for name, value in wanted.items()):
            public = certificate.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return jwk.RSAKey.import_key(public)
    raise EntraRefusal(700027, reason="The key was not found")


def _encoded(fingerprint: bytes) -> str:
    return base64.urlsafe_b64encode(fingerprint).rstrip(b"=").decode()
