"""What happens to a run whose sign-in ends in the middle: the real msal, the adapters and the lab's cloud over loopback."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runbook_lib.adapters.asking import DeviceCode
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.clouds import PortalEndpoint
from runbook_lib.adapters.credentials import DeviceCodeCredential, SecretCredential
from runbook_lib.adapters.graph import Graph
from runbook_lib.adapters.http import Network, open_session
from runbook_lib.adapters.portal import Portal
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.errors import SignInFailed
from runbook_lib.facts.portal import ON_PREMISES_POLICY
from runbook_lib.facts.tenant import ORGANIZATION
from runbook_lib.lab.cloud.roles import HYBRID_IDENTITY_ADMINISTRATOR
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    AutoApproval,
    Cloud,
    CloudTenant,
    Domain,
    Secret,
)
from runbook_lib.lab.faults import Faults
from runbook_lib.model import Change
from runbook_lib.ports import Answer

TENANT = "3d2c1b0a-6b1e-4f0e-9d54-0c2b7a91e003"
KIT, PUBLIC = (f"cccccccc-0000-4000-8000-00000000000{number}" for number in (1, 2))
PORTAL_RESOURCE = "74658136-14ec-4630-ad9b-26e160ff0fc6"
UNLOCK = Change("portal", "set_portal_unlock", "unlock", None, True, {"enabled": True}, unsupported=True)


@dataclass
class Lab:
    """A served tenant, its clock, and the device codes that were shown."""

    cloud: Cloud
    tenant: CloudTenant
    network: Network
    shown: list[DeviceCode] = field(default_factory=list)

    def pause(self, hours: int) -> None:
        """Let time pass at Microsoft, as between two cells."""
        self.cloud.clock = lambda: datetime.now(UTC) + timedelta(hours=hours)

    def targets(self, who: str = "person") -> tuple[Graph, Portal]:
        session, clock = open_session(self.network), SystemClock()
        sign_in = SignIn(
            tenant_id=TENANT,
            authority_host=self.cloud.address,
            client_id=PUBLIC if who == "person" else KIT,
            credential=DeviceCodeCredential() if who == "person" else SecretCredential("right"),
            http_session=session,
            show=self.shown.append,
        )
        endpoint = PortalEndpoint(self.cloud.address, PORTAL_RESOURCE)
        return (
            Graph(root=self.cloud.address, session=session, sign_in=sign_in, clock=clock, learn=str),
            Portal(endpoint=endpoint, session=session, sign_in=sign_in, clock=clock),
        )


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    tenant = CloudTenant(
        TENANT,
        "Contoso",
        (Domain("contoso.example", is_default=True),),
        accounts=[Account("ada@contoso.example", "Ada", (HYBRID_IDENTITY_ADMINISTRATOR,))],
        applications=[
            Application(KIT, "Kit", Secret("right"), app_roles=("Organization.Read.All",)),
            Application(
                PUBLIC,
                "Kit for people",
                delegated_scopes=("User.Read", "Organization.Read.All"),
                public_client=True,
                portal=True,
            ),
        ],
        auto_approval=AutoApproval("ada@contoso.example"),
    )
    cloud = Cloud([tenant])
    with CloudServer(cloud) as server:
        (tmp_path / "ca.pem").write_bytes(server.ca_pem)
        yield Lab(cloud, tenant, Network(ca_file=str(tmp_path / "ca.pem")))


@pytest.fixture
def opened(lab: Lab) -> Iterator[Callable[..., tuple[Graph, Portal]]]:
    """Make targets that are closed at the end."""
    made: list[Graph | Portal] = []

    def make(who: str = "person") -> tuple[Graph, Portal]:
        made.extend(targets := lab.targets(who))
        return targets

    yield make
    for target in made:
        target.close()


def works(answers: Sequence[object]) -> bool:
    return all(isinstance(answer, Answer) for answer in answers)


@pytest.mark.parametrize("who", ["person", "application"])
def test_a_run_that_pauses_over_the_life_of_its_token_goes_on(
    lab: Lab, opened: Callable[..., object], who: str
) -> None:
    graph, _ = opened(who)
    assert works(graph.read([ORGANIZATION.request]))

    lab.pause(hours=3)

    assert works(graph.read([ORGANIZATION.request]))
    assert len(lab.shown) == (who == "person")


@pytest.mark.parametrize("who", ["person", "application"])
def test_tokens_that_end_all_the_time_are_renewed_without_asking(
    lab: Lab, opened: Callable[..., object], who: str
) -> None:
    lab.tenant.faults = Faults(["short_tokens"])
    graph, _ = opened(who)

    assert works([answer for _ in range(3) for answer in graph.read([ORGANIZATION.request])])
    assert len(lab.shown) == (who == "person")


@pytest.mark.parametrize("who", ["person", "application"])
def test_a_claims_challenge_is_answered_once_and_reading_goes_on(
    lab: Lab, opened: Callable[..., object], who: str
) -> None:
    graph, _ = opened(who)
    assert works(graph.read([ORGANIZATION.request]))

    lab.tenant.faults = Faults(["claims_challenge"])

    assert works(graph.read([ORGANIZATION.request]) + graph.read([ORGANIZATION.request]))
    assert len(lab.shown) == (who == "person")


def test_a_person_whose_sign_in_was_revoked_is_asked_again_with_a_new_code(
    lab: Lab, opened: Callable[..., object]
) -> None:
    """As after a password change: Graph takes the token no longer, and Entra takes the refresh token no longer."""
    graph, _ = opened()
    graph.read([ORGANIZATION.request])

    lab.tenant.faults = Faults(["claims_challenge", "sign_in_revoked"])

    assert works(graph.read([ORGANIZATION.request]))
    assert [code.again for code in lab.shown] == [False, True]


def test_a_change_whose_token_ended_is_sent_with_a_new_one(lab: Lab, opened: Callable[..., object]) -> None:
    _, portal = opened()
    portal.read([ON_PREMISES_POLICY.request])

    lab.pause(hours=3)
    portal.perform(UNLOCK)

    assert lab.tenant.policy.accountUnlockEnabled
    assert len(lab.shown) == 1


def test_a_change_for_which_somebody_would_have_to_sign_in_again_is_not_carried_out(
    lab: Lab, opened: Callable[..., object]
) -> None:
    """And the next look asks, so that the plan can be made anew."""
    _, portal = opened()
    portal.read([ON_PREMISES_POLICY.request])
    lab.tenant.faults = Faults(["sign_in_revoked"])
    lab.pause(hours=3)

    with pytest.raises(SignInFailed) as refused:
        portal.perform(UNLOCK)

    assert refused.value.message.key == "sign-in-before-change"
    assert not lab.tenant.policy.accountUnlockEnabled
    assert len(lab.shown) == 1
    assert works(portal.read([ON_PREMISES_POLICY.request]))
    assert [code.again for code in lab.shown] == [False, True]


def test_a_refused_reading_keeps_the_ids_that_graph_logged(lab: Lab, opened: Callable[..., object]) -> None:
    lab.tenant.applications[0].app_roles = ()
    graph, _ = opened("application")

    (refused,) = graph.read([ORGANIZATION.request])

    theirs, ours = refused.request_id.split("/")
    assert len(theirs) == len(ours) == 36
