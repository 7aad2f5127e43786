"""The lab as it is served: real clients over loopback reach the world, and the faults of the transport happen to them."""

import json
import os
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from runbook_lib.adapters.sync_server.connection import Connection
from runbook_lib.adapters.sync_server.target import SyncServer
from runbook_lib.errors import (
    NotPermitted,
    OutcomeUnknown,
    ScriptFailed,
    SignInFailed,
    TargetError,
    TargetTimeout,
    UsageProblem,
)
from runbook_lib.facts import READINGS, sync_server
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.lab import FIXED_PORTS, Lab, LabOptions
from runbook_lib.lab.memory import MemorySyncServer
from runbook_lib.lab.memory_lab import MemoryLab
from runbook_lib.lab.world import World
from runbook_lib.model import Change
from runbook_lib.parameters import read_parameters
from runbook_lib.ports import Answer, Target

READINGS_HERE = [reading for reading in READINGS.values() if reading.target == sync_server.SYNC_SERVER]
TURN_ON = Change(
    sync_server.SYNC_SERVER,
    "set_password_writeback",
    "setting",
    None,
    None,
    {"connector": "contoso.onmicrosoft.com - AAD", "enabled": True},
)


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, clock: ManualClock) -> Iterator[tuple[Lab, Path]]:
    """One lab for the whole module, described in a directory; each test cleans up its faults."""
    directory = tmp_path_factory.mktemp("lab") / "described"
    with Lab(World(clock), LabOptions(with_ntlm=True, slow_seconds=0.01)) as lab:
        lab.write_descriptor(directory)
        yield lab, directory


@pytest.fixture
def lab(served: tuple[Lab, Path], clock: ManualClock) -> Iterator[Lab]:
    lab = served[0]
    contoso = lab.world.tenant("contoso")
    yield lab
    for fault in contoso.faults:
        contoso.faults.discard(fault)
    clock.advance(60)
    contoso.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=False)


@pytest.fixture
def directory(served: tuple[Lab, Path]) -> Path:
    return served[1]


@pytest.fixture
def connect(lab: Lab, clock: ManualClock, directory: Path) -> Iterator[Callable[..., SyncServer]]:
    """Make targets from the description alone, as another process would; all are closed at the end."""
    opened: list[SyncServer] = []

    def make(tenant: str = "contoso", transport: str = "basic", **more: Any) -> SyncServer:
        described = json.loads((directory / "lab.json").read_text(encoding="utf-8"))
        of_tenant = described["tenants"][tenant]
        password = described["secrets"][of_tenant["server_secret"]]
        options: dict[str, Any] = {
            "endpoint": of_tenant["server_url"],
            "username": of_tenant["server_user"],
            "password": SecretStr(password),
            "ca_file": directory / described["ca_file"],
        }
        target = SyncServer(Connection(**{**options, "transport": transport, **more}), clock=clock)
        opened.append(target)
        return target

    yield make
    for target in opened:
        target.close()


def in_world_time(target: Target, readings: list[Any]) -> list[Any]:
    return [answer.body for answer in target.read([reading.request for reading in readings])]


@pytest.mark.parametrize("tenant", ["contoso", "fabrikam", "tailspin"])
def test_the_real_adapter_sees_the_world(lab: Lab, connect: Callable[..., SyncServer], tenant: str) -> None:
    """Every reading over WinRM equals the one from memory, which was computed without the scripts."""
    direct = MemorySyncServer(lab.world.tenant(tenant).server)

    assert in_world_time(connect(tenant), READINGS_HERE) == in_world_time(direct, READINGS_HERE)


def outcome(answer: object) -> tuple[Any, ...]:
    """An answer's body, or the kind of error, with its message where a script reported it."""
    if isinstance(answer, Answer):
        return (answer.body,)
    assert isinstance(answer, TargetError)
    by_script = isinstance(answer, ScriptFailed | NotPermitted)
    return (type(answer), answer.message.key) if by_script else (type(answer),)


def performed(target: Target) -> tuple[Any, ...]:
    try:
        return outcome(target.perform(TURN_ON))
    except TargetError as error:
        return outcome(error)


@pytest.mark.parametrize("fault", [fault.name for fault in FAULTS.values() if fault.side in ("server", "transport")])
def test_the_real_adapter_and_memory_agree_under_every_fault(
    lab: Lab, connect: Callable[..., SyncServer], fault: str
) -> None:
    """Readings and a change end in the same answers, or in the same kinds of error."""
    contoso = lab.world.tenant("contoso")
    contoso.faults.add(fault)
    direct = MemorySyncServer(contoso.server)
    asked = [reading.request for reading in READINGS_HERE]
    expected = [outcome(answer) for answer in direct.read(asked)]
    patience = 1.2 if (TargetTimeout,) in expected else 60  # a busy machine is no silent server
    target = connect(deadline_seconds=patience, operation_timeout_seconds=1)

    contoso.faults.add(fault)  # some faults are over once they have struck
    assert [outcome(answer) for answer in target.read(asked)] == expected
    over_the_wire = performed(target)
    contoso.faults.add(fault)
    assert over_the_wire == performed(direct)


def test_a_client_certificate_signs_in(connect: Callable[..., SyncServer], directory: Path) -> None:
    target = connect(
        transport="certificate", certificate_file=directory / "client.pem", key_file=directory / "client.key"
    )

    (body,) = in_world_time(target, [sync_server.HOST])
    assert body["account"] == "CONTOSO\\svc-runbook"


def test_ntlm_signs_in_over_https(connect: Callable[..., SyncServer]) -> None:
    """As the example parameters of the lab do."""
    (body,) = in_world_time(connect(transport="ntlm"), [sync_server.HOST])
    assert body["account"] == "CONTOSO\\svc-runbook"


def test_ntlm_signs_in_over_plain_http(lab: Lab, connect: Callable[..., SyncServer]) -> None:
    url = lab.tenants["contoso"].server_http_url
    assert url is not None
    assert url.startswith("http://")

    (body,) = in_world_time(connect(transport="ntlm", endpoint=url, ca_file=None), [sync_server.HOST])
    assert body["account"] == "CONTOSO\\svc-runbook"


def test_the_standby_is_served_too(lab: Lab, connect: Callable[..., SyncServer]) -> None:
    (url,) = lab.tenants["contoso"].other_server_urls
    standby = connect(endpoint=url)

    before = in_world_time(standby, [sync_server.SCHEDULER])[0]["staging_mode"]
    lab.world.tenant("contoso").faults.add("second_server_active")
    after = in_world_time(standby, [sync_server.SCHEDULER])[0]["staging_mode"]

    assert (before, after) == (True, False)


def test_a_change_over_winrm_is_made_in_the_world(lab: Lab, connect: Callable[..., SyncServer]) -> None:
    connect().perform(TURN_ON)

    assert lab.world.tenant("contoso").server.writeback().service_status == "Started"


@pytest.mark.parametrize(("fault", "is_done"), [("lost_reply", True), ("lost_reply_not_done", False)])
def test_a_client_cannot_tell_a_lost_answer_from_a_lost_change(
    lab: Lab, connect: Callable[..., SyncServer], fault: str, is_done: bool
) -> None:
    """Both are unknown to it; only looking again tells."""
    contoso = lab.world.tenant("contoso")
    contoso.faults.add(fault)

    with pytest.raises(OutcomeUnknown):
        connect().perform(TURN_ON)

    (body,) = in_world_time(connect(), [sync_server.PASSWORD_WRITEBACK])
    assert body["enabled"] is contoso.server.writeback().enabled is is_done


def test_a_slow_server_still_answers(lab: Lab, connect: Callable[..., SyncServer]) -> None:
    lab.world.tenant("contoso").faults.add("slow_server")

    assert isinstance(connect().read([sync_server.HOST.request])[0], Answer)


@pytest.mark.parametrize("fault", ["shell_expired", "connection_drops"])
def test_what_is_lost_on_the_way_costs_a_reading_one_more_try(
    lab: Lab, connect: Callable[..., SyncServer], fault: str
) -> None:
    lab.world.tenant("contoso").faults.add(fault)

    (first,) = connect().read([sync_server.HOST.request])

    assert isinstance(first, Answer)
    assert len(first.asked_again) == 1
    assert fault not in lab.world.tenant("contoso").faults


def test_french_windows_keeps_its_accents_on_the_way(lab: Lab, connect: Callable[..., SyncServer]) -> None:
    lab.world.tenant("contoso").faults.add("french_windows")

    (body,) = in_world_time(connect(), [sync_server.HOST])
    assert body["os_caption"].endswith("(Évaluation)")


def test_a_wrong_password_is_refused(connect: Callable[..., SyncServer]) -> None:
    (answer,) = connect(password=SecretStr("wrong")).read([sync_server.HOST.request])

    assert isinstance(answer, SignInFailed)


def test_one_tenants_password_opens_no_other(lab: Lab, connect: Callable[..., SyncServer]) -> None:
    other = lab.tenants["fabrikam"].server_url

    assert isinstance(connect(endpoint=other).read([sync_server.HOST.request])[0], SignInFailed)


def test_no_shell_is_left_open(lab: Lab, connect: Callable[..., SyncServer]) -> None:
    target = connect()
    target.read([sync_server.HOST.request])
    target.close()

    assert lab.service(lab.world.tenant("contoso").server).open_shells == 0


def token(lab: Lab, tenant: str, directory: Path) -> str:
    served = lab.tenants[tenant]
    answer = requests.post(
        f"{lab.cloud_url}/{served.tenant.tenant_id}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": served.describe()["application_id"],
            "client_secret": lab.secrets[served.application_secret],
            "scope": "https://graph.microsoft.com/.default",
        },
        verify=directory / "ca.pem",
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def test_graph_names_each_tenant_as_the_world_does(lab: Lab, directory: Path) -> None:
    for name, served in lab.tenants.items():
        headers = {"Authorization": f"Bearer {token(lab, name, directory)}"}
        url = f"{lab.cloud_url}/v1.0/organization"
        answer = requests.get(url, headers=headers, verify=directory / "ca.pem", timeout=10)
        assert [found["id"] for found in answer.json()["value"]] == [served.tenant.tenant_id]


def test_what_a_sync_server_does_shows_in_the_audit_log_of_the_cloud(lab: Lab) -> None:
    contoso = lab.tenants["contoso"]
    before = len(contoso.cloud.audits)

    contoso.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=True)

    assert [record.activity for record in contoso.cloud.audits[before:]] == ["Enable password writeback for directory"]


def test_the_portal_page_has_something_to_show_once_the_server_is_configured(lab: Lab) -> None:
    contoso = lab.tenants["contoso"]
    assert not contoso.cloud.page_available()

    contoso.tenant.server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=True)

    assert contoso.cloud.page_available()


def test_faults_are_shared_between_servers_and_cloud(lab: Lab) -> None:
    contoso = lab.tenants["contoso"]
    contoso.tenant.faults.add("no_role")

    assert contoso.cloud.roles_of(contoso.cloud.accounts[0]) == ()


def test_the_description_is_for_its_owner_only(directory: Path) -> None:
    """Directory 0700, files 0600: they hold passwords and a key."""
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()}
    assert files == dict.fromkeys(("ca.pem", "client.pem", "client.key", "lab.json"), 0o600)


def test_the_description_names_every_tenant_and_secret(lab: Lab, directory: Path) -> None:
    described = json.loads((directory / "lab.json").read_text(encoding="utf-8"))

    assert described["schema"] == 1
    assert described["pid"] == os.getpid()
    assert described["cloud_url"] == lab.cloud_url
    assert set(described["tenants"]) == {"contoso", "fabrikam", "tailspin"}
    for tenant in described["tenants"].values():
        assert described["secrets"][tenant["server_secret"]]
        assert described["secrets"][tenant["application_secret"]]


def test_leaving_removes_the_description_and_stops_every_listener(tmp_path: Path) -> None:
    """Also when something went wrong inside."""

    def served_and_broken() -> None:
        with Lab(World(ManualClock())) as lab:
            lab.write_descriptor(tmp_path)
            urls.extend([lab.cloud_url, *(tenant.server_url for tenant in lab.tenants.values())])
            raise InterruptedError

    urls: list[str] = []
    with pytest.raises(InterruptedError):
        served_and_broken()

    assert list(tmp_path.iterdir()) == []
    for url in urls:
        port = int(url.split(":")[2].split("/")[0])
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_second_lab_in_the_same_place_is_refused_and_leaves_the_description_of_the_first(tmp_path: Path) -> None:
    with Lab(World(ManualClock())) as first:
        described = first.write_descriptor(tmp_path).read_bytes()
        with Lab(World(ManualClock())) as second, pytest.raises(UsageProblem, match=first.cloud_url):
            second.write_descriptor(tmp_path)

        assert (tmp_path / "lab.json").read_bytes() == described


def test_a_lab_that_was_replaced_leaves_the_description_of_its_successor(tmp_path: Path) -> None:
    with Lab(World(ManualClock())) as first:
        first.write_descriptor(tmp_path)
        (tmp_path / "lab.json").write_text("{}")

    assert (tmp_path / "lab.json").read_text() == "{}"


def test_the_secrets_of_two_labs_differ(lab: Lab) -> None:
    with Lab(World(ManualClock())) as other:
        assert not set(lab.secrets.values()) & set(other.secrets.values())
        assert lab.certificates.authority_pem != other.certificates.authority_pem


@pytest.mark.parametrize("option", ["cloud_port", "first_server_port"])
def test_a_taken_port_is_named(option: str) -> None:
    """And nothing that was already started goes on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageProblem, match=str(port)), Lab(World(ManualClock()), LabOptions(**{option: port})):
            raise AssertionError


def test_the_fixed_ports_are_those_that_are_documented() -> None:
    assert (FIXED_PORTS.cloud_port, FIXED_PORTS.first_server_port) == (15443, 15986)


def test_the_whole_lab_can_be_had_without_a_network() -> None:
    """Every reading of every target of every tenant is answered in the shape of its fact."""
    memory = MemoryLab(World(ManualClock()))
    for name in memory.world.tenants:
        targets = memory.targets(name)
        for reading in READINGS.values():
            (answer,) = targets[reading.target].read([reading.request])
            assert isinstance(answer, Answer), answer
            reading.parse(answer)


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[3] / "parameters" / "lab").glob("*.yml")), ids=lambda f: f.stem
)
def test_the_example_parameters_name_what_the_lab_serves(lab: Lab, file: Path) -> None:
    """Tenant, user, secrets and client of each example exist; the port is the fixed one of that tenant's server."""
    example = read_parameters(file)
    number = list(lab.tenants).index(file.stem)
    described = lab.tenants[file.stem].describe()
    known_clients = {described["client_id"], described["application_id"], described["portal_client_id"]}

    assert example.tenant.id == described["tenant_id"]
    assert example.sync_server.username == described["server_user"]
    assert example.sync_server.endpoint == f"https://localhost:{FIXED_PORTS.first_server_port + 2 * number}/wsman"
    assert str(example.sync_server.password) == f"lab:{described['server_secret']}"
    assert example.sign_in.client_id in known_clients
    assert example.sign_in.secret is None or str(example.sign_in.secret) == f"lab:{described['application_secret']}"
