"""From parameters to targets. The same adapters serve lab and live: only addresses and trust differ."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from runbook_lib.adapters.asking import DeviceCode
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.clouds import ON_PREMISES_PAGE, Cloud, cloud_named
from runbook_lib.adapters.credentials import (
    CertificateCredential,
    Credential,
    DeviceCodeCredential,
    InteractiveCredential,
    ManagedIdentityCredential,
    SecretCredential,
)
from runbook_lib.adapters.graph import Graph
from runbook_lib.adapters.http import Network, Session, open_session
from runbook_lib.adapters.key_vault import vault_secret
from runbook_lib.adapters.portal import Portal
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.adapters.sync_server import Connection, SyncServer
from runbook_lib.adapters.token_cache import KeptTokens, open_token_cache
from runbook_lib.adapters.turns import GRAPH, PORTAL, OneAtATime
from runbook_lib.adapters.turns import TOKEN as TOKEN_ENDPOINT
from runbook_lib.errors import ParameterError
from runbook_lib.evidence import DEVICE_CODE, PASSWORD, TOKEN, Redactor
from runbook_lib.parameters import Parameters, SecretReference, ask_without_echo, resolve, system_keyring
from runbook_lib.parameters.keys import Transport
from runbook_lib.ports import Clock, Target
from runbook_lib.wiring.lab_descriptor import LabDescriptor
from runbook_lib.wiring.limits import turns_here
from runbook_lib.wiring.places import from_root, servers_folder, tokens_folder

# The code, the page to enter it at, until when it counts, and whether somebody signed in before and that no longer counts.
# Without code and page a browser was opened where this runs.
ShowCode = Callable[[str, str, datetime, bool], None]


@dataclass(frozen=True)
class Trust:
    """Where a profile leads: the cloud's addresses, the authorities to trust, and the lab's secrets if it is the lab."""

    cloud: Cloud
    ca_file: Path | None
    lab_secrets: dict[str, str] | None


def trust_of(parameters: Parameters, lab: LabDescriptor | None) -> Trust:
    """Return the addresses of the tenant's cloud, or those of the lab in its place."""
    real = cloud_named(parameters.tenant.cloud)
    if lab is None:
        return Trust(real, None, None)
    cloud = Cloud(
        name="lab",
        login=lab.cloud_url,
        graph=lab.cloud_url,
        portal=lab.cloud_url,
        page=f"{lab.cloud_url}/{ON_PREMISES_PAGE}",
        portal_host=lab.cloud_url,
        portal_resource=real.portal_resource,
        graph_resource=real.graph,
    )
    return Trust(cloud, lab.ca_file, lab.secrets)


class Connecting:
    """Makes the targets of one run. Every secret it fetches is made known to the redactor first."""

    def __init__(
        self,
        parameters: Parameters,
        trust: Trust,
        redactor: Redactor,
        show_code: ShowCode,
        opened: ExitStack,
        clock: Clock | None = None,
    ) -> None:
        """Keep what decides; nothing is fetched or sent yet. What belongs to no target alone is closed with `opened`.

        All waits go by `clock`, whose `sleep` may end them; None: this machine's.
        """
        self._parameters = parameters
        self._trust = trust
        self._redactor = redactor
        self._show_code = show_code
        self._opened = opened
        self._clock = clock or SystemClock()
        self.turns = turns_here(self._clock)

    def targets(self) -> dict[str, Target]:
        """Return the targets by name. Secrets are fetched here; nothing is sent. Raises `UsageProblem`."""
        server = self._parameters.sync_server
        targets: list[Target] = []
        if server.endpoint and server.transport:  # not there where a person does the steps on the server
            targets += [
                self._server(name, endpoint, server.transport)
                for name, endpoint in _named(server.endpoint, server.other_endpoints)
            ]
        return {target.name: target for target in (*targets, *self._cloud_targets())}

    def _server(self, name: str, endpoint: str, transport: Transport) -> OneAtATime:
        server = self._parameters.sync_server
        connection = Connection(
            endpoint=endpoint,
            transport=transport,
            username=server.username or "",
            password=SecretStr(self._secret(server.password)),
            certificate_file=_file(server.certificate_file),
            key_file=_file(server.key_file),
            ca_file=_file(server.ca_file) or self._trust.ca_file,
            deadline_seconds=server.deadline_seconds,
            use_environment_proxy=server.use_environment_proxy,
            kerberos_hostname=(server.kerberos_hostname or "") if endpoint == server.endpoint else "",
            kerberos_delegation=server.kerberos_delegation,
        )
        target = SyncServer(connection, clock=self._clock, name=name)
        return OneAtATime(target, endpoint, servers_folder(), self._clock, server.deadline_seconds)

    def _cloud_targets(self) -> list[Target]:
        cloud = self._trust.cloud
        network = Network(ca_file=str(self._trust.ca_file or ""), environment=self._trust.ca_file is None)
        learn = partial(self._redactor.learn, rule=TOKEN)

        def opened(api: str) -> Session:
            turn = self.turns.at(api, self._parameters.tenant.id) if self.turns else None
            return open_session(network, learn, turn)

        sign_in = SignIn(
            tenant_id=self._parameters.tenant.id,
            authority_host=cloud.login,
            client_id=self._parameters.sign_in.client_id or "",
            credential=self._credential(),
            http_session=self._opened.enter_context(opened(TOKEN_ENDPOINT)),
            show=self._show,
            token_cache=self._token_cache(),
            clock=self._clock,
        )
        graph = Graph(
            root=cloud.graph,
            resource=cloud.graph_resource or cloud.graph,
            session=opened(GRAPH),
            sign_in=sign_in,
            clock=self._clock,
            not_offered=cloud.not_offered,
            learn=partial(self._redactor.learn, rule=PASSWORD),
        )
        if self._parameters.sspr.provider != "portal-api":
            return [graph]
        endpoint = cloud.portal_endpoint
        return [graph, Portal(endpoint=endpoint, session=opened(PORTAL), sign_in=sign_in, clock=self._clock)]

    def _credential(self) -> Credential:
        chosen = self._parameters.sign_in
        if chosen.method == "device-code":
            return DeviceCodeCredential()
        if chosen.method == "interactive":
            return InteractiveCredential()
        if chosen.method == "secret":
            return SecretCredential(self._secret(chosen.secret))
        if chosen.method == "managed-identity":
            return ManagedIdentityCredential(chosen.client_id or "")
        certificate = from_root(chosen.certificate_file or "")
        return CertificateCredential(
            _file(chosen.key_file) or certificate, certificate, self._secret(chosen.key_password)
        )

    def _token_cache(self) -> KeptTokens | None:
        chosen = self._parameters.sign_in
        kind = chosen.token_cache
        if kind == "memory":
            return None
        tenant_id, client_id = self._parameters.tenant.id, chosen.client_id or ""
        return open_token_cache(kind, tokens_folder(), tenant_id=tenant_id, client_id=client_id)

    def _show(self, code: DeviceCode) -> None:
        if code.user_code:
            self._redactor.learn(code.user_code, rule=DEVICE_CODE)
        self._show_code(code.user_code, code.verification_uri, code.expires_at, code.again)

    def _secret(self, reference: SecretReference | None) -> str:
        return fetch_secret(reference, self._trust, self._redactor)


def fetch_secret(reference: SecretReference | None, trust: Trust, redactor: Redactor) -> str:
    """Return a secret, made known to the redactor first; an empty text for no reference. Raises `ParameterError`."""
    if reference is None:
        return ""
    if reference.kind == "file":
        reference = replace(reference, name=str(from_root(reference.name)))
    secret = resolve(
        reference,
        environ=os.environ,
        lab_secrets=trust.lab_secrets,
        prompt=ask_without_echo,
        keyring=system_keyring() if reference.kind == "keyring" else None,
        vault=lambda name: _from_vault(name, trust),
    ).reveal()
    redactor.learn(secret)
    return secret


def _from_vault(name: str, trust: Trust) -> str:
    if not trust.cloud.vault_suffix:
        raise ParameterError("vault-not-in-lab", reference=f"keyvault:{name}")
    return vault_secret(name, trust.cloud, os.environ)


def _named(endpoint: str, others: Sequence[str]) -> list[tuple[str, str]]:
    """Return the name and the endpoint of each sync server, the one that is changed first."""
    standing_by = [(f"other-server-{number}", other) for number, other in enumerate(others, start=1)]
    return [("sync-server", endpoint), *standing_by]


def _file(name: str | None) -> Path | None:
    return from_root(name) if name else None
