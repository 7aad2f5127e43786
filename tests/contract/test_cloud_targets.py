"""The tenant and the portal answered from memory are the same as through the real adapters and the lab's endpoints.

Both were written without looking at each other's results, so this checks the adapters, the endpoints and the memory at
once.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.adapters.clouds import PortalEndpoint
from runbook_lib.adapters.credentials import DeviceCodeCredential, SecretCredential
from runbook_lib.adapters.graph import Graph
from runbook_lib.adapters.http import Network, open_session
from runbook_lib.adapters.portal import Portal
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.errors import NotPermitted, OutcomeUnknown, SignInFailed, TargetError, Throttled, UnexpectedReply
from runbook_lib.facts import READINGS
from runbook_lib.lab.clock import real_time
from runbook_lib.lab.cloud.memory import MemoryPortal, MemoryTenant
from runbook_lib.lab.cloud.roles import HYBRID_IDENTITY_ADMINISTRATOR
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import (
    PREMIUM_P2,
    WRITEBACK_DISABLED,
    WRITEBACK_ENABLED,
    Account,
    Application,
    AuditRecord,
    AutoApproval,
    Cloud,
    CloudTenant,
    Domain,
    Registration,
    Secret,
)
from runbook_lib.lab.faults import FAULTS, Faults
from runbook_lib.model import Change, Wanted
from runbook_lib.ports import Answer, Target

PERMISSIONS = ("Organization.Read.All", "LicenseAssignment.Read.All", "AuditLog.Read.All", "Directory.Read.All")
PILOT = Wanted("", "", pilot_user="ADA@contoso.example")
TENANT_READINGS = [known.asked(PILOT).request for known in READINGS.values() if known.target == "tenant"]
PORTAL_READINGS = [known.request for known in READINGS.values() if known.target == "portal"]
PORTAL_RESOURCE = "74658136-14ec-4630-ad9b-26e160ff0fc6"

# What each fault is seen as, by reading or action; everything else is answered as without it.
SEEN: dict[str, dict[str, type[TargetError]]] = {
    "conditional_access": dict.fromkeys([r.reading for r in TENANT_READINGS + PORTAL_READINGS], NotPermitted),
    "unavailable": dict.fromkeys([r.reading for r in TENANT_READINGS], Throttled),
    "no_role": dict.fromkeys(["sspr_registrations", "directory_audits", "on_premises_policy"], NotPermitted),
    "no_licence": {"sspr_registrations": NotPermitted},
    "portal_refuses": {"on_premises_policy": NotPermitted},
    "": {},
    "audit_contradicts": {},
    "federated_admin": {},
    "portal_changed_shape": {},
    "portal_disagrees": {},
    "throttled": {},
    "token_expired": {},
    "short_tokens": {},
    "sign_in_revoked": {},
    "claims_challenge": {},
    "wrong_tenant": {},
}


class Impatient:
    """Real time, but for waiting: the lab counts tries, not seconds."""

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    @staticmethod
    def sleep(_seconds: float) -> None:
        """Go on at once."""


@dataclass
class Lab:
    """A served tenant and the targets that look at it, each way."""

    address: str
    tenant: CloudTenant
    network: Network

    def adapters(self, who: str) -> tuple[Target, Target]:
        session = open_session(self.network)
        kit = self.tenant.applications[0 if who == "application" else 1]
        sign_in = SignIn(
            tenant_id=self.tenant.id,
            authority_host=self.address,
            client_id=kit.client_id,
            credential=SecretCredential("right") if who == "application" else DeviceCodeCredential(),
            http_session=session,
            show=lambda _code: None,
        )
        endpoint = PortalEndpoint(self.address, PORTAL_RESOURCE)
        clock = Impatient()
        return (
            Graph(root=self.address, session=session, sign_in=sign_in, clock=clock, wait_seconds=9, learn=str),
            Portal(endpoint=endpoint, session=session, sign_in=sign_in, clock=clock),
        )

    def memory(self, who: str) -> tuple[Target, Target]:
        account = self.tenant.applications[0] if who == "application" else self.tenant.accounts[0]
        return MemoryTenant(self.tenant, account), MemoryPortal(self.tenant, account)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Cloud, CloudServer]]:
    cloud = Cloud()
    with CloudServer(cloud) as running:
        yield cloud, running


@pytest.fixture
def lab(server: tuple[Cloud, CloudServer], tmp_path: Path) -> Lab:
    cloud, running = server
    tenant = CloudTenant(
        str(uuid.uuid4()),
        "Contoso",
        (Domain("contoso.example", is_default=True), Domain("contoso.onmicrosoft.com", is_initial=True)),
        accounts=[Account("ada@contoso.example", "Ada", (HYBRID_IDENTITY_ADMINISTRATOR,))],
        applications=[
            Application(
                str(uuid.uuid4()),
                "Kit",
                Secret("right"),
                app_roles=PERMISSIONS,
                roles=(HYBRID_IDENTITY_ADMINISTRATOR,),
            ),
            Application(
                str(uuid.uuid4()), "Kit for people", delegated_scopes=PERMISSIONS, public_client=True, portal=True
            ),
        ],
        skus=(PREMIUM_P2,),
        last_sync=datetime(2026, 11, 2, 9, tzinfo=UTC),
        registrations=[Registration(f"u{n}@contoso.example", f"U {n}", registered=n > 0) for n in range(5)],
        auto_approval=AutoApproval("ada@contoso.example"),
        page_size=2,
    )
    now = real_time()
    for days in (30, 3, 2):
        tenant.record_audit(WRITEBACK_ENABLED if days != 3 else WRITEBACK_DISABLED, now - timedelta(days=days))
    tenant.audits.append(AuditRecord("Update device", now - timedelta(days=1), "Core Directory", "Device"))
    cloud.add(tenant)
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(running.ca_pem)
    return Lab(running.address, tenant, Network(ca_file=str(ca_file)))


@pytest.fixture
def both(lab: Lab) -> Iterator[Callable[[str], list[tuple[Target, Target]]]]:
    """The targets through the adapters, then from memory; closed at the end."""
    opened: list[Target] = []

    def open_both(who: str) -> list[tuple[Target, Target]]:
        pairs = [lab.adapters(who), lab.memory(who)]
        opened.extend(target for pair in pairs for target in pair)
        return pairs

    yield open_both
    for target in opened:
        target.close()


def seen(answers: Sequence[Answer | TargetError]) -> list[Any]:
    """Return bodies, or the classes of errors."""
    return [answer.body if isinstance(answer, Answer) else type(answer) for answer in answers]


def without_moment(bodies: list[Any]) -> list[Any]:
    """Leave out what is made anew at every look: the contradicting entry has the time and the id of the moment."""
    drop = {"id", "correlationId", "activityDateTime"}
    return [
        {"value": [{k: v for k, v in item.items() if k not in drop} for item in body["value"]]}
        if isinstance(body, dict) and "value" in body
        else body
        for body in bodies
    ]


@pytest.mark.parametrize("who", ["user", "application"])
def test_every_reading_of_the_tenant_is_the_same(both: Callable[[str], Any], who: str) -> None:
    (real, _), (memory, _) = both(who)

    answers = real.read(TENANT_READINGS)

    assert seen(answers) == seen(memory.read(TENANT_READINGS))
    assert all(isinstance(READINGS[a.name].parse(a), object) for a in answers if isinstance(a, Answer))
    assert not [answer for answer in answers if isinstance(answer, TargetError)]


def test_every_fault_of_the_cloud_is_compared() -> None:
    # Seen by one kind of account, or only by whoever resets a password: in tests of their own.
    elsewhere = {"consent_missing", "expired_secret", "reset_slow", "reset_never_ends"}

    assert {name for name, fault in FAULTS.items() if fault.side == "cloud"} == (SEEN.keys() | elsewhere) - {""}


@pytest.mark.parametrize("fault", sorted(SEEN))
def test_every_fault_is_seen_the_same(lab: Lab, both: Callable[[str], Any], fault: str) -> None:
    lab.tenant.faults = Faults([fault] if fault else [])
    (real, real_portal), (memory, memory_portal) = both("user")
    found = [
        dict(
            zip(
                [request.reading for request in TENANT_READINGS + PORTAL_READINGS],
                without_moment(seen([*tenant.read(TENANT_READINGS), *portal.read(PORTAL_READINGS)])),
                strict=True,
            )
        )
        for tenant, portal in ((real, real_portal), (memory, memory_portal))
    ]

    assert found[0] == found[1]
    errors = {name: body for name, body in found[0].items() if isinstance(body, type)}
    assert errors == SEEN[fault]


@pytest.mark.parametrize(
    ("who", "fault", "error"),
    [("user", "consent_missing", NotPermitted), ("application", "expired_secret", SignInFailed)],
)
def test_who_gets_no_token_reads_nothing(
    lab: Lab, both: Callable[[str], Any], who: str, fault: str, error: type[TargetError]
) -> None:
    lab.tenant.faults = {fault}
    (real, _), (memory, _) = both(who)

    assert set(seen(real.read(TENANT_READINGS))) == set(seen(memory.read(TENANT_READINGS))) == {error}


def test_an_application_without_consent_may_read_nothing(lab: Lab, both: Callable[[str], Any]) -> None:
    lab.tenant.faults = {"consent_missing"}
    (real, _), (memory, _) = both("application")

    assert set(seen(real.read(TENANT_READINGS))) == set(seen(memory.read(TENANT_READINGS))) == {NotPermitted}


def change(action: str, *, enabled: bool) -> Change:
    return Change("portal", action, "lab", None, enabled, {"enabled": enabled})


@pytest.mark.parametrize("way", [0, 1], ids=["adapter", "memory"])
@pytest.mark.parametrize(
    ("action", "key"),
    [("set_portal_write_back", "passwordWritebackSupported"), ("set_portal_unlock", "accountUnlockEnabled")],
)
def test_each_setting_of_the_portal_is_saved(
    lab: Lab, both: Callable[[str], Any], way: int, action: str, key: str
) -> None:
    before = vars(lab.tenant.policy).copy()
    _, portal = both("user")[way]

    answer = portal.perform(change(action, enabled=True))

    assert (answer.name, answer.body) == (action, None)
    assert vars(lab.tenant.policy) == before | {key: True}


@pytest.mark.parametrize("way", [0, 1], ids=["adapter", "memory"])
def test_a_lost_reply_leaves_the_outcome_unknown_and_the_change_made(
    lab: Lab, both: Callable[[str], Any], way: int
) -> None:
    lab.tenant.faults = {"lost_reply"}
    _, portal = both("user")[way]

    with pytest.raises(OutcomeUnknown):
        portal.perform(change("set_portal_unlock", enabled=True))

    assert lab.tenant.policy.accountUnlockEnabled


@pytest.mark.parametrize("way", [0, 1], ids=["adapter", "memory"])
@pytest.mark.parametrize("who", ["user", "application"])
def test_what_the_portal_refuses_is_not_saved(lab: Lab, both: Callable[[str], Any], way: int, who: str) -> None:
    """A page that is not there yet, and a caller that is no person."""
    lab.tenant.page_available = lambda: False
    _, portal = both(who)[way]

    with pytest.raises(UnexpectedReply if who == "user" else NotPermitted):
        portal.perform(change("set_portal_unlock", enabled=True))

    assert not lab.tenant.policy.accountUnlockEnabled
