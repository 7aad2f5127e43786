"""The lab, served: every endpoint of the world on the loopback interface, with certificates and secrets of its own."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from runbook_lib.errors import UsageProblem
from runbook_lib.lab import descriptor
from runbook_lib.lab.certificates import Certificates
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import CloudTenant
from runbook_lib.lab.cloud_tenants import (
    APPLICATION_ID,
    CLIENT_ID,
    PORTAL_CLIENT_ID,
    CloudSetup,
    administrator,
    cloud_of,
    unattended,
)
from runbook_lib.lab.executor import ScriptRunner
from runbook_lib.lab.sync_server import SyncServer
from runbook_lib.lab.world import LabTenant, World
from runbook_lib.lab.wsman import Acceptor, Account, Accounts, Listener, Service

SCHEMA = 1
CLOUD_PORT = 15443
FIRST_SERVER_PORT = 15986


@dataclass(frozen=True)
class LabOptions:
    """How the lab is served. A port of 0 is any free one; sync servers take consecutive ports from the first.

    `with_ntlm` adds an HTTP listener, which takes NTLM only, to each sync server; `slow_seconds` is what the fault
    `slow_server` makes every request wait; `auto_approve` lets device codes be approved by themselves.
    """

    cloud_port: int = 0
    first_server_port: int = 0
    with_ntlm: bool = False
    slow_seconds: float = 2.0
    auto_approve: bool = True


# A socket that listens, and the connections that several clients may have at once.
FILES_PER_SERVER = 4

FIXED_PORTS = LabOptions(CLOUD_PORT, FIRST_SERVER_PORT)


@dataclass(frozen=True)
class ServedTenant:
    """Where a tenant is served and who may sign in. `server_http_url` is None unless NTLM was asked for.

    `server_secret`, `application_secret` and `change_secret` are names of secrets in `Lab.secrets`; parameters refer to them as `lab:NAME`.
    """

    tenant: LabTenant
    cloud: CloudTenant
    server_url: str
    other_server_urls: tuple[str, ...]
    server_http_url: str | None

    @property
    def server_secret(self) -> str:
        """The name of the password of the sync servers' account."""
        return f"{self.tenant.name}.server-password"

    @property
    def application_secret(self) -> str:
        """The name of the client secret of the unattended application."""
        return f"{self.tenant.name}.client-secret"

    @property
    def change_secret(self) -> str:
        """The name of the credential for the tenant's change record."""
        return f"{self.tenant.name}.change-credential"

    def describe(self) -> dict[str, Any]:
        """Return what `lab.json` says of the tenant."""
        change = self.tenant.change
        return {
            "tenant_id": self.tenant.tenant_id,
            "initial_domain": self.tenant.spec.initial_domain,
            "server_url": self.server_url,
            "server_http_url": self.server_http_url,
            "other_server_urls": list(self.other_server_urls),
            "server_user": self.tenant.spec.account,
            "server_secret": self.server_secret,
            "client_id": CLIENT_ID,
            "application_id": APPLICATION_ID,
            "application_secret": self.application_secret,
            "portal_client_id": PORTAL_CLIENT_ID,
            "administrator": administrator(self.cloud).upn,
            "change_number": change.number,
            "change_key": change.key,
            "change_user": change.user,
            "change_client_id": change.client_id,
            "change_secret": self.change_secret,
        }


class Lab:
    """A context manager that serves a world. Leaving it stops every listener and removes what it wrote.

    Raises `UsageProblem` on entering when a port is taken.
    """

    def __init__(self, world: World | None = None, options: LabOptions | None = None) -> None:
        self.world = world or World()
        self.options = options or LabOptions()
        self.certificates = Certificates()
        self._tls = self.certificates.server_context()
        self._acceptor = Acceptor()
        setup = CloudSetup(self.certificates.client_pem, self.options.auto_approve)
        self.cloud = cloud_of(self.world, setup)
        self.tenants: dict[str, ServedTenant] = {}
        self.secrets: dict[str, str] = {}
        self._services: dict[SyncServer, Service] = {}
        self._stack = ExitStack()

    @property
    def cloud_url(self) -> str:
        """Where Entra, Graph, the portal and the change records are served."""
        return self.cloud.address

    def service(self, server: SyncServer) -> Service:
        """Return the WS-Man service of a server: its exchanges and open shells."""
        return self._services[server]

    def __enter__(self) -> Self:
        _allow_open_files(sum(len(tenant.servers) for tenant in self.world.tenants.values()) * FILES_PER_SERVER)
        with ExitStack() as stack:
            changes = [tenant.change for tenant in self.world.tenants.values()]
            port = self.options.cloud_port
            stack.enter_context(CloudServer(self.cloud, self.certificates.authority, port, changes))
            first = self.options.first_server_port
            ports = count(first) if first else repeat(0)
            for tenant in self.world.tenants.values():
                self.tenants[tenant.name] = self._serve(tenant, ports, stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def describe(self) -> dict[str, Any]:
        """Return what `lab.json` says, secrets included."""
        return {
            "schema": SCHEMA,
            "pid": os.getpid(),
            "cloud_url": self.cloud_url,
            "ca_file": descriptor.CA_FILE,
            "certificate_file": descriptor.CERTIFICATE_FILE,
            "key_file": descriptor.KEY_FILE,
            "tenants": {name: served.describe() for name, served in self.tenants.items()},
            "secrets": self.secrets,
        }

    def write_descriptor(self, directory: Path) -> Path:
        """Write certificates and `lab.json` for other processes of the same user, and return the path of `lab.json`.

        The description is written last, so whoever finds it finds the rest. All of it is removed when the lab stops.

        Raises `UsageProblem` when another lab that is running describes itself there.
        """
        if url := descriptor.other_lab(directory, self.cloud_url):
            raise UsageProblem("lab-already-runs", url=url)
        described = json.dumps(self.describe(), indent=2, sort_keys=True).encode() + b"\n"
        files = {
            descriptor.CA_FILE: self.certificates.authority_pem,
            descriptor.CERTIFICATE_FILE: self.certificates.client_pem,
            descriptor.KEY_FILE: self.certificates.client_key_pem,
            descriptor.DESCRIPTION_FILE: described,
        }
        self._stack.callback(descriptor.remove, directory, described)
        descriptor.write_private(directory, files)
        return directory / descriptor.DESCRIPTION_FILE

    def _serve(self, tenant: LabTenant, ports: Iterator[int], stack: ExitStack) -> ServedTenant:
        cloud = self.cloud.tenant(tenant.tenant_id)
        secret = unattended(cloud).secret if cloud else None
        if cloud is None or secret is None:
            raise LookupError(f"the cloud lacks the tenant {tenant.name}, or its application")
        password = secrets.token_urlsafe()
        accounts = self._accounts(tenant, password)
        urls = [self._listen(self._service(server, stack), accounts, ports, stack) for server in tenant.servers]
        http = None
        if self.options.with_ntlm:
            http = self._listen(self._services[tenant.server], accounts, ports, stack, tls=False)
        served = ServedTenant(tenant, cloud, urls[0], tuple(urls[1:]), http)
        self.secrets |= {
            served.server_secret: password,
            served.application_secret: secret.value,
            served.change_secret: tenant.change.credential,
        }
        return served

    def _accounts(self, tenant: LabTenant, password: str) -> Accounts:
        """The one account. It is a domain account in name, and still may use Basic, so that no Kerberos is needed."""
        domain, _, name = tenant.spec.account.partition("\\")
        upn = f"{name}@{tenant.spec.verified_domain}"
        return Accounts([Account(name, password, domain, upn, self.certificates.client_der)])

    def _service(self, server: SyncServer, stack: ExitStack) -> Service:
        runner = ScriptRunner(server, slow_seconds=self.options.slow_seconds)
        code_page = 850 if server.language == "fr" else 437
        name = server.installation.computer_name
        service = Service(
            runner, disturbance=runner, code_page=code_page, machine=name, clock=lambda: server.clock().timestamp()
        )
        stack.callback(service.close)
        self._services[server] = service
        return service

    def _listen(
        self, service: Service, accounts: Accounts, ports: Iterator[int], stack: ExitStack, *, tls: bool = True
    ) -> str:
        port = next(ports)
        context, certificate = (self._tls, self.certificates.server_der) if tls else (None, None)
        try:
            listener = Listener(
                service, accounts, tls=context, certificate=certificate, port=port, acceptor=self._acceptor
            )
        except OSError as error:
            raise UsageProblem("lab-port-taken", port=port) from error
        return stack.enter_context(listener).url


def _allow_open_files(count: int) -> None:
    """Ask the system for as many open files as it lets us have, up to this and what everything else needs.

    Many systems begin with 1,024. On Windows there is no such limit.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not there on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = soft + count
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
