"""What a preflight also looks at on the sync server: the ActiveDirectory module, the policy on remote SAM calls, the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from runbook_lib.facts.shape import Shape, reading
from runbook_lib.facts.sync_server import SYNC_SERVER
from runbook_lib.ports import Reading

# Where the relays of each cloud are (Microsoft, prerequisites of writeback: outbound network access).
RELAY_DOMAINS = {
    "global": "servicebus.windows.net",
    "us-gov-l4": "servicebus.usgovcloudapi.net",
    "us-gov-l5": "servicebus.usgovcloudapi.net",
    "china": "servicebus.chinacloudapi.cn",
}

# What a firewall must let out on port 443 (Microsoft, same page); the relays of China are named, those of the others are not.
HOSTS = {
    "global": ("*.passwordreset.microsoftonline.com", "*.servicebus.windows.net"),
    "us-gov-l4": ("*.passwordreset.microsoftonline.us", "*.servicebus.usgovcloudapi.net"),
    "us-gov-l5": ("*.passwordreset.microsoftonline.us", "*.servicebus.usgovcloudapi.net"),
    "china": tuple(f"ssprdedicatedsbmcprod{place}.servicebus.chinacloudapi.cn" for place in ("cne", "cnn")),
}

# A name to try by hand before events tell the tenant's own: Microsoft's example, or the documented one. For US government clouds
# none is documented.
EXAMPLES = {
    "global": "ssprdedicatedsbprodscu.servicebus.windows.net",
    "us-gov-l4": "<relay>.servicebus.usgovcloudapi.net",
    "us-gov-l5": "<relay>.servicebus.usgovcloudapi.net",
    "china": HOSTS["china"][0],
}

# The relays that Microsoft names all begin like this; the words around them are in the language of the server.
_NAMESPACE = re.compile(r"\bssprdedicatedsb[a-z0-9-]*[a-z0-9]\b", re.IGNORECASE)
# Where the server listens on a relay: two GUIDs, as a published script shows them. Asked without a token, it wants one.
_GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ENDPOINT = re.compile(rf"\b{_GUID}_{_GUID}\b", re.IGNORECASE)
# Who issues the certificates of Azure (Microsoft, Azure Certificate Authority details).
_ISSUERS = re.compile(r"\bO=\"?(Microsoft Corporation|DigiCert)\b", re.IGNORECASE)


class DirectoryModule(Shape):
    """Whether the ActiveDirectory module (RSAT-AD-PowerShell) is installed."""

    available: bool


class RemoteSamPolicy(Shape):
    """The registry value `RestrictRemoteSam`: a security descriptor in SDDL, None when no policy sets it."""

    descriptor: str | None


class Relay(Shape):
    """A relay as the sync server met it.

    `connected`: port 443 took a direct connection. `answer` is what came back to a GET without a token, through the proxy of
    Windows if there is one: `missing-token` or `service-list` is the relay itself (401, as a published script shows; 200, as
    Microsoft's troubleshooting guide for Service Bus shows for the root), `other` with its HTTP `status` is something else.
    Without an answer `problem` is the name of a WebExceptionStatus of .NET, such as `TrustFailure`. `issuer` is of the
    certificate that was shown, None when none was seen.
    """

    host: str
    connected: bool
    answer: Literal["missing-token", "service-list", "other"] | None
    status: int | None
    problem: str | None
    issuer: str | None

    @property
    def answers(self) -> bool:
        """Return whether it was the relay that answered."""
        return self.answer in ("missing-token", "service-list")

    @property
    def has_strange_certificate(self) -> bool:
        """Return whether somebody else than those who issue for Azure issued the certificate."""
        return self.issuer is not None and not _ISSUERS.search(self.issuer)


class ServiceBusEgress(Shape):
    """The relays that were asked for, each tried once in both ways."""

    relays: list[Relay]


DIRECTORY_MODULE = reading("directory_module", SYNC_SERVER, DirectoryModule)
REMOTE_SAM_POLICY = reading("remote_sam_policy", SYNC_SERVER, RemoteSamPolicy)
# A group of its own: a connection that a firewall swallows takes long to fail.
SERVICE_BUS_EGRESS = reading("service_bus_egress", SYNC_SERVER, ServiceBusEgress, group="network", relays=[])


def egress_to(addresses: Mapping[str, str]) -> Reading[ServiceBusEgress]:
    """Return the reading that tries these hosts with their paths: which relays a tenant has is known only from its events."""
    relays = [{"host": host, "path": path} for host, path in addresses.items()]
    return reading("service_bus_egress", SYNC_SERVER, ServiceBusEgress, group="network", relays=relays)


def relay_addresses(messages: Iterable[str], cloud: str) -> dict[str, str]:
    """Return the relays that event messages mention, host to path, in the order of their names.

    The path is the place where the server listens, of the last message that tells it, or empty: the root. `cloud` is a key of
    `RELAY_DOMAINS`.
    """
    paths: dict[str, str] = {}
    for text in messages:
        hosts = {f"{name.lower()}.{RELAY_DOMAINS[cloud]}" for name in _NAMESPACE.findall(text)}
        places = _ENDPOINT.findall(text) if len(hosts) == 1 else []
        for host in hosts:
            paths[host] = places[0].lower() if places else paths.get(host, "")
    return dict(sorted(paths.items()))
