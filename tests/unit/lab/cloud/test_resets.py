"""Resetting somebody's password through the lab's Graph: who may, what runs when, and how it is told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from runbook_lib.errors import NotPermitted, OutcomeUnknown, UnexpectedReply
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.cloud.memory import MemoryTenant
from runbook_lib.lab.cloud.resets import PASSWORD_METHOD
from runbook_lib.lab.cloud.roles import GLOBAL_ADMINISTRATOR
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import CloudTenant
from runbook_lib.lab.cloud_tenants import PORTAL_CLIENT_ID, administrator, cloud_of
from runbook_lib.lab.memory_lab import MemoryLab
from runbook_lib.lab.world import LabTenant, World
from runbook_lib.model import Change

GOOD = {"newPassword": "Correct horse 9 battery"}
OFFICE, SIDE = "fabrikam.example", "fabrikam.onmicrosoft.com"


class Caller:
    """The administrator of fabrikam, signed in over TLS."""

    def __init__(self, world: World, server: CloudServer, cloud: CloudTenant, session: requests.Session) -> None:
        self.home: LabTenant = world.tenant("fabrikam")
        self.cloud, self.session, self.root = cloud, session, f"{server.address}/v1.0"
        token = f"{server.address}/{cloud.id}/oauth2/v2.0/token"
        public = {"client_id": PORTAL_CLIENT_ID, "scope": "https://graph.microsoft.com/.default"}
        code = session.post(token.replace("/token", "/devicecode"), data=public).json()["device_code"]
        form = public | {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": code}
        session.headers["Authorization"] = f"Bearer {session.post(token, data=form).json()['access_token']}"

    def reset(self, name: str, body: Any = GOOD, method: str = PASSWORD_METHOD) -> requests.Response:
        return self.session.post(f"{self.root}/users/{name}/authentication/methods/{method}/resetPassword", json=body)

    def status(self, begun: requests.Response) -> tuple[str, str | None]:
        body = self.session.get(begun.headers["Location"]).json()
        return body["status"], body["statusDetail"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def caller(clock: ManualClock, tmp_path: Any) -> Iterator[Caller]:
    world = World(clock)
    cloud = cloud_of(world)
    tenant = cloud.tenant(OFFICE)
    assert tenant is not None
    with CloudServer(cloud) as server, requests.Session() as session:
        (tmp_path / "ca.pem").write_bytes(server.ca_pem)
        session.trust_env, session.verify = False, str(tmp_path / "ca.pem")
        yield Caller(world, server, tenant, session)


def test_a_reset_is_taken_on_and_told_where_to_look(caller: Caller) -> None:
    begun = caller.reset(f"adele@{OFFICE}")

    assert (begun.status_code, begun.json(), begun.headers["Retry-After"]) == (202, {}, "1")
    assert begun.headers["Location"].startswith(f"{caller.root}/users/")
    assert caller.status(begun) == ("succeeded", None)
    assert caller.home.directory.domains[0].user("adele").pwd_last_set is None


def test_an_operation_goes_from_not_started_to_running_to_its_end(caller: Caller, clock: ManualClock) -> None:
    caller.cloud.reset_delay = timedelta(seconds=4)
    begun = caller.reset(f"adele@{OFFICE}")
    seen = []
    for _ in range(3):
        seen.append(caller.status(begun)[0])
        clock.advance(2)

    assert begun.headers["Retry-After"] == "4"
    assert seen == ["notStarted", "running", "succeeded"]


def test_a_reset_that_the_directory_refuses_fails_and_says_by_which_error(caller: Caller) -> None:
    assert caller.status(caller.reset(f"nestor@{OFFICE}")) == ("failed", "ADUserAccountDisabled")


def test_the_audit_log_tells_of_the_reset_its_result_and_who_wrote_it_back(caller: Caller) -> None:
    for name in (f"adele@{OFFICE}", f"nestor@{OFFICE}", f"isaiah@{SIDE}"):
        caller.reset(name)

    told = [(known.activity, known.category, known.result, known.agent) for known in caller.cloud.audits[-3:]]
    reset, connect = ("Reset password (by admin)", "UserManagement"), "Microsoft Entra Connect"
    assert told == [(*reset, "success", connect), (*reset, "failure", connect), (*reset, "success", "None")]


def test_a_user_of_the_cloud_only_is_reset_without_any_writeback(caller: Caller) -> None:
    before = len(caller.home.server.events())

    assert caller.status(caller.reset(f"isaiah@{SIDE}")) == ("succeeded", None)
    assert len(caller.home.server.events()) == before


@pytest.mark.parametrize(
    ("name", "body", "method", "status"),
    [
        (f"nobody@{OFFICE}", GOOD, PASSWORD_METHOD, 404),
        (f"adele@{OFFICE}", GOOD, "00000000-0000-0000-0000-000000000000", 404),
        (f"adele@{OFFICE}", {}, PASSWORD_METHOD, 400),
        (f"adele@{OFFICE}", {"newPassword": 7}, PASSWORD_METHOD, 400),
        (f"adele@{OFFICE}", [], PASSWORD_METHOD, 400),
        (f"admin@{SIDE}", GOOD, PASSWORD_METHOD, 403),  # the caller's own
        (f"pradeep@{OFFICE}", GOOD, PASSWORD_METHOD, 403),  # somebody with a role
    ],
)
def test_what_may_not_be_is_refused_and_begins_nothing(
    caller: Caller, name: str, body: Any, method: str, status: int
) -> None:
    assert caller.reset(name, body, method).status_code == status
    assert caller.cloud.operations == {}


def test_who_may_reset_anybody_may_reset_an_administrator(caller: Caller) -> None:
    """And the directory still says no, for AdminSDHolder guards the account there."""
    administrator(caller.cloud).roles = (GLOBAL_ADMINISTRATOR,)

    assert caller.status(caller.reset(f"pradeep@{OFFICE}")) == ("failed", "ADPermissionsError")


def test_without_a_role_nobody_is_reset(caller: Caller) -> None:
    caller.cloud.faults.add("no_role")  # type: ignore[attr-defined]
    assert caller.reset(f"adele@{OFFICE}").status_code == 403


def test_an_operation_of_somebody_else_is_not_found(caller: Caller) -> None:
    place = caller.reset(f"adele@{OFFICE}").headers["Location"]
    ids = {account.display_name: account.id for account in caller.cloud.accounts}
    elsewhere = place.replace(ids["Adele Vance"], ids["Lynne Robbins"])

    assert caller.session.get(elsewhere).status_code == 404


def test_a_lost_reply_leaves_a_reset_that_was_made(caller: Caller) -> None:
    caller.home.faults.add("lost_reply")

    with pytest.raises(requests.ConnectionError):
        caller.reset(f"adele@{OFFICE}")
    assert caller.home.directory.domains[0].user("adele").pwd_last_set is None


@pytest.mark.parametrize(("fault", "last"), [("reset_slow", "succeeded"), ("reset_never_ends", "running")])
def test_a_reset_may_take_long_or_for_ever(caller: Caller, clock: ManualClock, fault: str, last: str) -> None:
    caller.home.faults.add(fault)
    begun = caller.reset(f"adele@{OFFICE}")
    clock.advance(299)
    early = caller.status(begun)[0]
    clock.advance(1)

    assert (early, caller.status(begun)[0]) == ("running", last)


# The same without any network.


def in_memory(*faults: str, as_application: bool = False) -> MemoryTenant:
    world = World(ManualClock())
    lab = MemoryLab(world)
    cloud = lab.cloud_tenant("fabrikam")
    for fault in faults:
        world.tenant("fabrikam").faults.add(fault)
    return MemoryTenant(cloud, cloud.applications[1] if as_application else administrator(cloud), world.clock)


def pilot(name: str = f"adele@{OFFICE}") -> Change:
    return Change("tenant", "reset_pilot_password", "setting", None, True, {"user": name}, once=True)


def test_in_memory_a_reset_ends_at_once() -> None:
    body = in_memory().perform(pilot()).body

    assert body["status"] == "succeeded"
    assert body.keys() == {"operation", "status"}


@pytest.mark.parametrize(
    ("faults", "name", "error", "key"),
    [
        ((), f"nobody@{OFFICE}", UnexpectedReply, "lab-cloud-reset-refused"),
        ((), f"nestor@{OFFICE}", UnexpectedReply, "lab-cloud-reset-failed"),
        ((), f"pradeep@{OFFICE}", NotPermitted, "lab-cloud-not-permitted"),
        (("no_role",), f"adele@{OFFICE}", NotPermitted, "lab-cloud-not-permitted"),
        (("conditional_access",), f"adele@{OFFICE}", NotPermitted, "lab-cloud-token-withheld"),
        (("unavailable",), f"adele@{OFFICE}", OutcomeUnknown, "lab-cloud-outcome-unknown"),
        (("lost_reply",), f"adele@{OFFICE}", OutcomeUnknown, "lab-cloud-outcome-unknown"),
        (("reset_slow",), f"adele@{OFFICE}", OutcomeUnknown, "lab-cloud-outcome-unknown"),
        (("reset_never_ends",), f"adele@{OFFICE}", OutcomeUnknown, "lab-cloud-outcome-unknown"),
    ],
)
def test_in_memory_what_goes_wrong_is_a_typed_error(
    faults: tuple[str, ...], name: str, error: type[Exception], key: str
) -> None:
    with pytest.raises(error) as raised:
        in_memory(*faults).perform(pilot(name))

    assert raised.value.message.key == key  # type: ignore[attr-defined]


def test_in_memory_an_application_resets_nobody() -> None:
    with pytest.raises(NotPermitted):
        in_memory(as_application=True).perform(pilot())
