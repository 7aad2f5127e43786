"""A served tenant, and a client that can sign in to it and ask."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.roles import HYBRID_IDENTITY_ADMINISTRATOR
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    Cloud,
    CloudTenant,
    Domain,
    Registration,
    Secret,
)

APPLICATION_PERMISSIONS = (
    "Organization.Read.All",
    "LicenseAssignment.Read.All",
    "AuditLog.Read.All",
    "Directory.Read.All",
)
USER_PERMISSIONS = ("User.Read", *APPLICATION_PERMISSIONS)
GRAPH_SCOPE = "https://graph.microsoft.com/.default"
PORTAL_SCOPE = "74658136-14ec-4630-ad9b-26e160ff0fc6/.default"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
PORTAL_PATH = "/api/PasswordReset/OnPremisesPasswordResetPolicies"


@dataclass
class Client:
    """One tenant of the lab as seen from outside, over TLS."""

    cloud: Cloud
    tenant: CloudTenant
    clock: ManualClock
    session: requests.Session
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def kit(self) -> Application:
        return self.tenant.applications[0]

    @property
    def people(self) -> Application:
        return self.tenant.applications[1]

    @property
    def admin(self) -> Account:
        return self.tenant.accounts[0]

    def url(self, path: str) -> str:
        return f"{self.cloud.address}/{path.lstrip('/')}"

    def token_request(self, **form: str) -> requests.Response:
        return self.session.post(self.url(f"{self.tenant.id}/oauth2/v2.0/token"), data=form)

    def sign_in_application(self, scope: str = GRAPH_SCOPE) -> requests.Response:
        return self.token_request(
            client_id=self.kit.client_id, client_secret="right", grant_type="client_credentials", scope=scope
        )

    def device_code(self, scope: str = GRAPH_SCOPE) -> dict[str, Any]:
        form = {"client_id": self.people.client_id, "scope": scope}
        return self.session.post(self.url(f"{self.tenant.id}/oauth2/v2.0/devicecode"), data=form).json()

    def decide(self, user_code: str, decision: str = "approve", upn: str = "") -> requests.Response:
        form = {"user_code": user_code, "upn": upn or self.admin.upn, "decision": decision}
        return self.session.post(self.url("devicelogin"), data=form)

    def redeem(self, code: dict[str, Any]) -> requests.Response:
        return self.token_request(
            client_id=self.people.client_id, grant_type=DEVICE_CODE, device_code=code["device_code"]
        )

    def sign_in_person(self, scope: str = GRAPH_SCOPE) -> requests.Response:
        code = self.device_code(scope)
        self.decide(code["user_code"])
        return self.redeem(code)

    def token(self, who: str, scope: str = GRAPH_SCOPE) -> str:
        signed_in = self.sign_in_application(scope) if who == "application" else self.sign_in_person(scope)
        return signed_in.json()["access_token"]

    def get(self, path: str, who: str = "user", **headers: str) -> requests.Response:
        """Ask Graph, signed in once for each kind of account."""
        if who not in self.tokens:
            self.tokens[who] = self.token(who)
        return self.session.get(
            self.url(f"v1.0/{path}"), headers={"Authorization": f"Bearer {self.tokens[who]}", **headers}
        )

    def portal(self, body: object = None, headers: dict[str, str] | None = None) -> requests.Response:
        """Ask the portal, or tell it something."""
        if "portal" not in self.tokens:
            self.tokens["portal"] = self.token("user", PORTAL_SCOPE)
        usual = {
            "Authorization": f"Bearer {self.tokens['portal']}",
            "X-Requested-With": "XMLHttpRequest",
            "x-ms-client-request-id": str(uuid.uuid4()),
            "x-ms-correlation-id": str(uuid.uuid4()),
        }
        sent = {name: value for name, value in (usual | (headers or {})).items() if value}
        if body is None:
            return self.session.get(self.url(PORTAL_PATH), headers=sent)
        return self.session.put(self.url(PORTAL_PATH), headers=sent, json=body)


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Cloud, CloudServer]]:
    cloud = Cloud()
    with CloudServer(cloud) as server:
        yield cloud, server


@pytest.fixture
def tenant() -> CloudTenant:
    """A tenant of its own for every test."""
    return CloudTenant(
        str(uuid.uuid4()),
        "Contoso",
        (Domain("contoso.example", is_default=True), Domain("contoso.onmicrosoft.com", is_initial=True)),
        accounts=[
            Account("ada@contoso.example", "Ada", (HYBRID_IDENTITY_ADMINISTRATOR,)),
            Account("bob@contoso.example", "Bob"),
        ],
        applications=[
            Application(str(uuid.uuid4()), "Kit", Secret("right"), app_roles=APPLICATION_PERMISSIONS),
            Application(
                str(uuid.uuid4()), "Kit for people", delegated_scopes=USER_PERMISSIONS, public_client=True, portal=True
            ),
        ],
        last_sync=datetime(2026, 11, 2, 9, tzinfo=UTC),
        registrations=[Registration(f"u{n}@contoso.example", f"U {n}", registered=n > 1) for n in range(5)],
    )


@pytest.fixture
def client(served: tuple[Cloud, CloudServer], tenant: CloudTenant, tmp_path: Path) -> Iterator[Client]:
    cloud, server = served
    cloud.clock = clock = ManualClock()
    cloud.add(tenant)
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(server.ca_pem)
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(ca_file)
        yield Client(cloud, tenant, clock, session)
