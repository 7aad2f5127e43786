"""The service bus relays as the sync server meets them: a direct connection, and what comes back to a GET without a token.

What a relay answers is known from Microsoft's troubleshooting guide for Azure Service Bus (the root lists public services) and
from a published script (an endpoint wants a token: 401 MissingToken). Names of problems are those of WebExceptionStatus.
"""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.lab.faults import Faults

# What each tenant's relays are called depends on the region; these two names are examples of the documentation.
NAMESPACES = ("ssprdedicatedsbprodncu", "ssprdedicatedsbprodscu")
RELAYS = tuple(f"{namespace}.servicebus.windows.net" for namespace in NAMESPACES)
# Where a server listens is made of two GUIDs (a published script); the words in the event are ours.
LISTENING = tuple(
    f"{namespace}, Endpoint: 6f1c2f5e-58c5-4d0b-9a50-7d7b1a3c9e04_{listener}"
    for namespace, listener in zip(
        NAMESPACES, ("0c0b1f52-1d4e-4f3a-8a57-2f9a5f3a7c11", "b84b9a8e-90a7-4c9d-8f4b-5b6f0a7d2e22"), strict=True
    )
)

MICROSOFT_ISSUER = "CN=Microsoft Azure RSA TLS Issuing CA 03, O=Microsoft Corporation, C=US"
PROXY_ISSUER = "CN=Lab Web Gateway CA, O=Lab Security"

_SERVICES = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Publicly Listed Services</title>'
    '<subtitle type="text">This is the list of publicly-listed services currently available.</subtitle></feed>'
)
_NO_TOKEN = "MissingToken: The request contains no authorization header."  # noqa: S105 - what the relay says


@dataclass(frozen=True)
class RelayReply:
    """What came back: `status`, `reason` and `body`, or a `problem`; `issuer` is of the certificate that was shown."""

    status: int | None = None
    reason: str = ""
    body: str = ""
    problem: str | None = None
    issuer: str | None = None

    @property
    def answer(self) -> str | None:
        """What the answer stands for, as the reading tells it."""
        known = {401: "missing-token", 200: "service-list"}
        return None if self.status is None else known.get(self.status, "other")


def connects(host: str, faults: Faults) -> bool:
    """Return whether port 443 takes a direct connection: only relays exist, and a fault cuts them off."""
    return host in RELAYS and not {"relays_blocked", "proxy_login"} & set(faults)


def ask(host: str, path: str, faults: Faults) -> RelayReply:
    """Return what a GET brings."""
    if host not in RELAYS:
        return RelayReply(problem="NameResolutionFailure")
    if "relays_blocked" in faults:
        return RelayReply(problem="ConnectFailure")
    if "proxy_login" in faults:
        return RelayReply(407, "Proxy Authentication Required")
    if "relay_not_trusted" in faults:
        return RelayReply(problem="TrustFailure", issuer=PROXY_ISSUER)
    issuer = PROXY_ISSUER if "tls_inspected" in faults else MICROSOFT_ISSUER
    if path:
        return RelayReply(401, _NO_TOKEN, f"<Error><Code>401</Code><Detail>{_NO_TOKEN}</Detail></Error>", issuer=issuer)
    return RelayReply(200, "OK", _SERVICES, issuer=issuer)
