"""How Entra says no: the error object of its token endpoint, with documented AADSTS codes.

Codes and their meaning are from Microsoft, Entra authentication and authorization error codes; 70020, 501481 and the form
of 53003 are not on that page, but in Microsoft's own issue threads and in public traces. Clients may use `error`, not
the text.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oauth2 import OAuth2Error


@dataclass(frozen=True)
class Kind:
    """One refusal: its OAuth error, HTTP status and text, and the sub-error that msal hands on, if any."""

    error: str
    text: str
    status: int = 400
    suberror: str = ""


REFUSALS: dict[int, Kind] = {
    7000215: Kind("invalid_client", "Invalid client secret provided for app '{client}'.", 401),
    7000222: Kind("invalid_client", "The provided client secret keys for app '{client}' are expired.", 401),
    7000218: Kind(
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        401,
    ),
    700025: Kind(
        "invalid_client", "Client is public so neither 'client_assertion' nor 'client_secret' is allowed.", 401
    ),
    700027: Kind(
        "invalid_client",
        "The certificate with identifier used to sign the client assertion is not registered on application, or the "
        "assertion is not valid. [Reason - {reason}]",
        401,
    ),
    700016: Kind(
        "unauthorized_client", "Application with identifier '{client}' was not found in the directory '{tenant}'."
    ),
    70003: Kind("unsupported_grant_type", "The app requested an unsupported grant type '{grant}'."),
    900144: Kind("invalid_request", "The request body must contain the following parameter: '{name}'."),
    9002313: Kind("invalid_request", "Invalid request. Request is malformed or invalid."),
    70011: Kind("invalid_scope", "The provided value for the input parameter 'scope' is not valid: '{scope}'."),
    700022: Kind(
        "invalid_scope", "The provided value for 'scope' is not valid because it contains more than one resource."
    ),
    500011: Kind(
        "invalid_resource", "The resource principal named {resource} was not found in the tenant named {tenant}."
    ),
    650057: Kind(
        "invalid_resource",
        "Invalid resource. The client has requested access to a resource which is not listed in the requested "
        "permissions in the client's application registration. Client app ID: {client}. Resource value from "
        "request: {resource}.",
    ),
    65001: Kind(
        "invalid_grant",
        "The user or administrator has not consented to use the application with ID '{client}'. Send an interactive "
        "authorization request for this user and resource.",
        suberror="consent_required",
    ),
    65004: Kind("authorization_declined", "User declined to consent to access the app."),
    53003: Kind(
        "invalid_grant",
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
        suberror="message_only",
    ),
    50173: Kind(
        "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have "
        "changed or reset their password.",
        suberror="bad_token",
    ),
    50011: Kind(
        "invalid_request",
        "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the "
        "application '{client}'.",
    ),
    50034: Kind("invalid_grant", "The user account {user} does not exist in the {tenant} directory."),
    50057: Kind("invalid_grant", "The user account is disabled."),
    54005: Kind("invalid_grant", "OAuth2 Authorization code was already redeemed, please retry with a new valid code."),
    501481: Kind(
        "invalid_grant", "The Code_Verifier does not match the code_challenge supplied in the authorization request."
    ),
    70008: Kind("invalid_grant", "The provided authorization code or refresh token has expired due to inactivity."),
    90094: Kind("access_denied", "An administrator of {tenant} must consent to use the application '{client}'."),
    70000: Kind("invalid_grant", "Provided grant is invalid or malformed."),
    70016: Kind("authorization_pending", "OAuth 2.0 device flow error. Authorization is pending. Continue polling."),
    70018: Kind("bad_verification_code", "Invalid verification code."),
    70019: Kind("expired_token", "Verification code expired. Have the user retry the sign-in."),
    70020: Kind(
        "expired_token",
        "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
    ),
    90119: Kind("invalid_request", "The user code is null or empty."),
    90120: Kind("invalid_request", "The request was already authorized or declined."),
    90002: Kind(
        "invalid_tenant",
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud.",
    ),
}


class EntraRefusal(OAuth2Error):  # type: ignore[misc]  # Authlib publishes no types
    """A "no" of the sign-in endpoints. Also what Authlib's own errors are turned into."""

    def __init__(self, code: int, *, claims: str = "", **words: str) -> None:
        """Create the refusal of that code; `claims` is what a policy asks for next, `words` fill the text."""
        self.code = code
        self.kind = REFUSALS[code]
        self.claims = claims
        self.text = self.kind.text.format(**words)
        super().__init__(error=self.kind.error, status_code=self.kind.status)

    def body(self, now: datetime, address: str, correlation: str = "") -> dict[str, Any]:
        """Return the error object; `correlation` is the client's own id of the request."""
        trace, correlation = str(uuid.uuid4()), correlation or str(uuid.uuid4())
        stamp = f"{now:%Y-%m-%d %H:%M:%SZ}"
        marks = f"Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
        return {
            "error": self.kind.error,
            "error_description": f"AADSTS{self.code}: {self.text} {marks}",
            "error_codes": [self.code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"{address}/error?code={self.code}",
            **({"suberror": self.kind.suberror} if self.kind.suberror else {}),
            **({"claims": self.claims} if self.claims else {}),
        }
