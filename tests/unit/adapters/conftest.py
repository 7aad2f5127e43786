"""The scripted cloud server of `cloud_stand_in`, served once, its script empty for each test; sign-ins; and the lab's cloud."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from runbook_lib.adapters.credentials import DeviceCodeCredential, SecretCredential
from runbook_lib.adapters.http import Network, Session, open_session
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.roles import GLOBAL_ADMINISTRATOR, HYBRID_IDENTITY_ADMINISTRATOR
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    AutoApproval,
    Cloud,
    CloudTenant,
    Domain,
    Registration,
    Secret,
)
from tests.unit.adapters.cloud_stand_in import CLIENT_ID, SECRET, TENANT_ID, StandIn, served

PUBLIC_CLIENT_ID = "7c1d2b3a-0000-4000-8000-00000000abcd"


@pytest.fixture(scope="session")
def one_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with served(tmp_path_factory.mktemp("cloud")) as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(one_stand_in: StandIn) -> StandIn:
    one_stand_in.reset()
    return one_stand_in


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def session(stand_in: StandIn) -> Iterator[Session]:
    with open_session(Network(ca_file=stand_in.ca_file)) as opened:
        yield opened


@pytest.fixture
def impatient(stand_in: StandIn, session: Session) -> None:
    """The session waits for a second only: less than silence lasts, more than an answer takes on a busy machine."""
    adapter: Any = session.get_adapter(stand_in.root)
    adapter.network = replace(adapter.network, read_seconds=1)


@pytest.fixture
def signing_in(stand_in: StandIn, session: Session) -> Callable[..., SignIn]:
    """Make a sign-in to the stand-in; as the application unless told otherwise."""

    def make(**chosen: object) -> SignIn:
        usual = {
            "tenant_id": TENANT_ID,
            "authority_host": stand_in.root,
            "client_id": CLIENT_ID,
            "credential": SecretCredential(SECRET),
            "http_session": session,
            "show": lambda _code: None,
        }
        return SignIn(**(usual | chosen))

    return make


@pytest.fixture
def application(signing_in: Callable[..., SignIn]) -> SignIn:
    return signing_in()


@pytest.fixture
def person(signing_in: Callable[..., SignIn]) -> SignIn:
    return signing_in(credential=DeviceCodeCredential())


@dataclass
class Lab:
    """The lab's cloud with one tenant, and sessions and sign-ins that reach it."""

    root: str
    tenant: CloudTenant
    session: Session

    def signs_in(self, credential: object, client_id: str = CLIENT_ID) -> SignIn:
        return SignIn(
            tenant_id=TENANT_ID,
            authority_host=self.root,
            client_id=client_id,
            credential=credential,
            http_session=self.session,
            show=lambda _code: None,
        )

    @property
    def person(self) -> SignIn:
        return self.signs_in(DeviceCodeCredential(), PUBLIC_CLIENT_ID)

    @property
    def application(self) -> SignIn:
        return self.signs_in(SecretCredential(SECRET))


@pytest.fixture(scope="session")
def lab_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cloud, str]]:
    cloud, ca_file = Cloud(), tmp_path_factory.mktemp("lab") / "ca.pem"
    with CloudServer(cloud) as server:
        ca_file.write_bytes(server.ca_pem)
        yield cloud, str(ca_file)


@pytest.fixture
def lab(lab_cloud: tuple[Cloud, str]) -> Iterator[Lab]:
    """A fresh tenant with an administrator who approves device codes at once, and an application with enough permissions."""
    cloud, ca_file = lab_cloud
    permissions = ("Organization.Read.All", "LicenseAssignment.Read.All", "AuditLog.Read.All")
    permissions += ("RoleManagement.Read.Directory",)
    tenant = CloudTenant(
        TENANT_ID,
        "Contoso (lab)",
        (Domain("contoso.example", is_default=True),),
        accounts=[Account("ada@contoso.example", "Ada", (HYBRID_IDENTITY_ADMINISTRATOR,))],
        applications=[
            Application(
                CLIENT_ID,
                "Runbooks (lab)",
                secret=Secret(SECRET),
                app_roles=("Application.Read.All", "User.Read.All", *permissions),
                roles=(GLOBAL_ADMINISTRATOR,),
            ),
            Application(
                PUBLIC_CLIENT_ID,
                "Runbooks for people (lab)",
                delegated_scopes=("User.Read", "User.Read.All", *permissions),
                public_client=True,
                portal=True,
            ),
        ],
        registrations=[Registration(f"user{number}@contoso.example", f"User {number}") for number in range(5)],
        auto_approval=AutoApproval("ada@contoso.example"),
        page_size=2,
    )
    cloud.add(tenant)
    with open_session(Network(ca_file=ca_file, read_seconds=5)) as session:
        yield Lab(cloud.address, tenant, session)
