"""The lab reached as a real system is: by the adapters, over loopback, with every HTTP request to the cloud kept to be counted."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from runbook_lib.adapters.clouds import PortalEndpoint
from runbook_lib.adapters.credentials import DeviceCodeCredential
from runbook_lib.adapters.graph import Graph
from runbook_lib.adapters.http import Network, Session
from runbook_lib.adapters.portal import Portal
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.adapters.sync_server import Connection, SyncServer
from runbook_lib.lab.cloud_tenants import PORTAL_CLIENT_ID
from runbook_lib.lab.lab import Lab, LabOptions
from runbook_lib.lab.world import World
from runbook_lib.ports import Clock, Target

GRAPH_RESOURCE = "https://graph.microsoft.com"
PORTAL_RESOURCE = "74658136-14ec-4630-ad9b-26e160ff0fc6"

# What a request to the lab's cloud is for, by the start of its path. Everything else is part of signing in.
_GRAPH, _PORTAL = re.compile("/v1[.]0/"), re.compile("/api/")


class Unhurried:
    """Tells somebody else's time, and never waits: the lab counts tries, not seconds."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now

    @staticmethod
    def sleep(_seconds: float) -> None:
        """Go on at once."""


class Counted(Session):
    """A session that keeps the method and the path of every request it sends."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.sent: list[str] = []

    def send(self, request: Any, **options: Any) -> Any:
        self.sent.append(f"{request.method} {request.path_url}")
        return super().send(request, **options)


class Reached:
    """The targets of one served tenant, by name. `close` gives everything back."""

    def __init__(self, lab: Lab, tenant: str, clock: Clock, folder: Path, **connection: Any) -> None:
        self.served = lab.tenants[tenant]
        self.session = Counted(Network(ca_file=str(folder / "ca.pem")))
        self._lab, self._clock, self._folder = lab, clock, folder
        self._connection = connection
        sign_in = SignIn(
            tenant_id=self.served.tenant.tenant_id,
            authority_host=lab.cloud_url,
            client_id=PORTAL_CLIENT_ID,
            credential=DeviceCodeCredential(),
            http_session=self.session,
            show=lambda _code: None,
        )
        shared = {"session": self.session, "sign_in": sign_in, "clock": clock}
        servers = (self.served.server_url, *self.served.other_server_urls)
        names = ("sync-server", *(f"other-server-{number}" for number in range(1, len(servers))))
        self.targets: dict[str, Target] = {
            **{name: self._server(name, url) for name, url in zip(names, servers, strict=True)},
            "tenant": Graph(root=lab.cloud_url, resource=GRAPH_RESOURCE, wait_seconds=9, learn=str, **shared),
            "portal": Portal(endpoint=PortalEndpoint(lab.cloud_url, PORTAL_RESOURCE), **shared),
        }

    @property
    def exchanges(self) -> list[str]:
        """The actions of every WS-Man request to the active server so far, of anybody."""
        return [exchange.action for exchange in self._lab.service(self.served.tenant.server).exchanges]

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests went to Graph, to the portal, and to sign in."""
        paths = [line.partition(" ")[2] for line in self.session.sent]
        graph, portal = (sum(bool(kind.match(path)) for path in paths) for kind in (_GRAPH, _PORTAL))
        return {"graph": graph, "portal": portal, "sign-in": len(paths) - graph - portal}

    def close(self) -> None:
        for target in self.targets.values():
            target.close()

    def _server(self, name: str, url: str) -> SyncServer:
        options = {
            "username": self.served.tenant.spec.account,
            "password": SecretStr(self._lab.secrets[self.served.server_secret]),
            "ca_file": self._folder / "ca.pem",
            **self._connection,
        }
        return SyncServer(Connection(url, "basic", **options), clock=self._clock, name=name)


@contextmanager
def served(world: World, folder: Path) -> Iterator[Lab]:
    """Serve a world; `ca.pem` in the folder is whom to trust. A slow server is slow by a hundredth of a second."""
    with Lab(world, LabOptions(slow_seconds=0.01)) as lab:
        (folder / "ca.pem").write_bytes(lab.certificates.authority_pem)
        yield lab
