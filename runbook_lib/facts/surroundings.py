"""What a preflight also looks at on the sync server: the ActiveDirectory module, the policy on remote SAM calls, the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable

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

# The relays that Microsoft names all begin like this; the words around them are in the language of the server.
_NAMESPACE = re.compile(r"\bssprdedicatedsb[a-z0-9-]*[a-z0-9]\b", re.IGNORECASE)


class DirectoryModule(Shape):
    """Whether the ActiveDirectory module (RSAT-AD-PowerShell) is installed."""

    available: bool


class RemoteSamPolicy(Shape):
    """The registry value `RestrictRemoteSam`: a security descriptor in SDDL, None when no policy sets it."""

    descriptor: str | None


class Relay(Shape):
    """A relay, and whether its port 443 took a connection from the sync server."""

    host: str
    reachable: bool


class ServiceBusEgress(Shape):
    """The relays that were asked for, each tried once."""

    relays: list[Relay]


DIRECTORY_MODULE = reading("directory_module", SYNC_SERVER, DirectoryModule)
REMOTE_SAM_POLICY = reading("remote_sam_policy", SYNC_SERVER, RemoteSamPolicy)
# A group of its own: a connection that a firewall swallows takes long to fail.
SERVICE_BUS_EGRESS = reading("service_bus_egress", SYNC_SERVER, ServiceBusEgress, group="network", hosts=[])


def egress_to(hosts: list[str]) -> Reading[ServiceBusEgress]:
    """Return the reading that tries these hosts: which relays a tenant has is known only from its events."""
    return reading("service_bus_egress", SYNC_SERVER, ServiceBusEgress, group="network", hosts=hosts)


def relay_hosts(messages: Iterable[str], cloud: str) -> list[str]:
    """Return the host names of the relays that event messages mention, sorted. `cloud` is a key of `RELAY_DOMAINS`."""
    names = {name.lower() for text in messages for name in _NAMESPACE.findall(text)}
    return sorted(f"{name}.{RELAY_DOMAINS[cloud]}" for name in names)
