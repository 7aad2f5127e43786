"""The in-memory sync server answers in the shapes of `facts`, and every fault of the server shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from runbook_lib.errors import (
    NotPermitted,
    OutcomeUnknown,
    ScriptFailed,
    SignInFailed,
    TargetError,
    TargetTimeout,
    Throttled,
    UnexpectedReply,
)
from runbook_lib.facts import ACTIONS, READINGS, sync_server
from runbook_lib.facts.surroundings import Relay, egress_to
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.memory import MemorySyncServer
from runbook_lib.lab.relays import RELAYS
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.lab.world import LabTenant, World
from runbook_lib.model import Change, Json
from runbook_lib.ports import Answer, Reading

READINGS_HERE = [reading for reading in READINGS.values() if reading.target == sync_server.SYNC_SERVER]
SERVER_FAULTS = [fault.name for fault in FAULTS.values() if fault.side == "server"]
TENANT_NAMES = [spec.name for spec in TENANTS]


def change(action: str, **arguments: Json) -> Change:
    return Change(sync_server.SYNC_SERVER, action, "setting", None, None, arguments)


TURN_ON = change("set_password_writeback", connector="contoso.onmicrosoft.com - AAD", enabled=True)
RESTART = change("restart_sync_service")
CYCLE = change("start_delta_cycle")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def world(clock: ManualClock) -> World:
    return World(clock)


@pytest.fixture
def contoso(world: World) -> LabTenant:
    return world.tenant("contoso")


def seen(tenant: LabTenant, reading: Reading[Json]) -> Json:
    """A fact as the engine gets it. Raises the error that stands in its place."""
    (answer,) = MemorySyncServer(tenant.server).read([reading.request])
    if not isinstance(answer, Answer):
        raise answer
    return reading.parse(answer)


def shown(tenant: LabTenant, reading: Reading[Json]) -> Json:
    """The fact, or in French what the typed error says."""
    try:
        return seen(tenant, reading)
    except TargetError as error:
        return error.say("fr")


@pytest.mark.parametrize("tenant", TENANT_NAMES)
@pytest.mark.parametrize("reading", READINGS_HERE, ids=lambda reading: reading.name)
def test_every_answer_has_the_shape_of_its_fact(world: World, tenant: str, reading: Reading[Json]) -> None:
    assert seen(world.tenant(tenant), reading) is not None


@pytest.mark.parametrize("fault", SERVER_FAULTS)
@pytest.mark.parametrize("tenant", TENANT_NAMES)
def test_under_every_fault_each_answer_is_a_fact_or_a_typed_error(world: World, tenant: str, fault: str) -> None:
    world.tenant(tenant).faults.add(fault)

    for reading in READINGS_HERE:
        assert shown(world.tenant(tenant), reading)


def host(t: LabTenant) -> Json:
    return seen(t, sync_server.HOST)


def scheduler(t: LabTenant) -> Json:
    return seen(t, sync_server.SCHEDULER)


def events(t: LabTenant) -> list[int]:
    return [event.id for event in seen(t, sync_server.WRITEBACK_EVENTS).events]


def after_turning_on(look: Callable[[LabTenant], Json]) -> Callable[[LabTenant], Json]:
    def looked(tenant: LabTenant) -> Json:
        try:
            MemorySyncServer(tenant.server).perform(TURN_ON)
        except TargetError as error:
            return error.message.key
        return look(tenant)

    return looked


def version(t: LabTenant) -> Json:
    return seen(t, sync_server.CONNECT_INSTALLATION).file_version


def configured_version(t: LabTenant) -> Json:
    return seen(t, sync_server.GLOBAL_SETTINGS).value("Microsoft.Synchronize.ServerConfigurationVersion")


def lockout_rules(t: LabTenant) -> int:
    domains = seen(t, sync_server.DIRECTORY_RIGHTS).domains
    return sum(rule.object_type.startswith("28630ebf") for domain in domains for rule in domain.rules)


def egress(look: Callable[[Relay], Json]) -> Callable[[LabTenant], Json]:
    """What a look at the first relay shows, asked where the server listens."""
    return lambda tenant: [look(relay) for relay in seen(tenant, egress_to({RELAYS[0]: "endpoint"})).relays]


def refused(reading: Reading[Json]) -> Callable[[LabTenant], Json]:
    def looked(tenant: LabTenant) -> Json:
        try:
            return seen(tenant, reading)
        except TargetError as error:
            return error.message.key

    return looked


def after_reset(look: Callable[[LabTenant], Json]) -> Callable[[LabTenant], Json]:
    """What is seen a minute after a password was reset."""

    def looked(tenant: LabTenant) -> Json:
        MemorySyncServer(tenant.server).perform(TURN_ON)
        tenant.server.write_back("adele@contoso.example", "Aa1-some password", timedelta(0), lambda _trouble, _at: None)
        assert isinstance(tenant.clock, ManualClock)
        tenant.clock.advance(60)
        return look(tenant)

    return looked


def set_elsewhere(tenant: LabTenant) -> bool:
    """Whether the reset has come to a domain controller that is not the PDC emulator."""
    return tenant.server.reach_domain("contoso.example").user("adele").pwd_last_set is None


def standby_is_staging(t: LabTenant) -> bool:
    (answer,) = MemorySyncServer(t.standby, "other-server-1").read([sync_server.SCHEDULER.request])
    assert isinstance(answer, Answer)
    return bool(answer.body["staging_mode"])


def status(t: LabTenant) -> Json:
    return seen(t, sync_server.PASSWORD_WRITEBACK).service_status


# What shows that a fault is on: a look at a tenant that is different without it.
SHOWS: dict[str, tuple[Callable[[LabTenant], Json], Json]] = {
    "staging_mode": (lambda t: scheduler(t).staging_mode, True),
    "wizard_open": (
        lambda t: (seen(t, sync_server.CONNECT_INSTALLATION).wizard_open, scheduler(t).suspended),
        (True, True),
    ),
    "cycle_running": (lambda t: len(scheduler(t).running_connectors), 1),
    "cycle_starts_during_apply": (after_turning_on(events), "writeback-cycle-runs"),
    "scheduler_suspended": (lambda t: scheduler(t).suspended, True),
    "missing_right": (lockout_rules, 0),
    "second_server_active": (standby_is_staging, False),
    "slow_onboarding": (after_turning_on(events), [31004]),
    "onboarding_fails": (after_turning_on(events), [31004, 32011]),
    "invalid_state": (after_turning_on(events), "writeback-invalid-state"),
    "credential_prompt": (lambda t: seen(t, sync_server.PASSWORD_WRITEBACK).asks_credential, True),
    "stale_heartbeat": (after_turning_on(events), [31004, 31017, 31018, 31005, 31015]),
    "french_windows": (lambda t: host(t).os_caption, "Microsoft Windows Server 2022 Standard (Évaluation)"),
    "no_rsat": (refused(sync_server.DOMAIN_POLICIES), "script-module-missing"),
    "double_hop": (refused(sync_server.DIRECTORY_RIGHTS), "directory-access-denied"),
    "not_sync_admin": (lambda t: host(t).is_sync_admin, False),
    "old_connect": (version, "1.6.16.0"),
    "version_mismatch": (lambda t: version(t) == configured_version(t), False),
    "two_cloud_connectors": (lambda t: len(seen(t, sync_server.CONNECTORS).cloud), 2),
    "hash_resync": (after_turning_on(lambda t: events(t)[-2:]), [656, 657]),
    "reset_refused_by_policy": (after_reset(lambda t: events(t)[-4:]), [31009, 6329, 33008, 31011]),
    "replication_delay": (after_reset(set_elsewhere), False),
    "relays_blocked": (egress(lambda relay: (relay.connected, relay.problem)), [(False, "ConnectFailure")]),
    "proxy_login": (egress(lambda relay: (relay.connected, relay.answer, relay.status)), [(False, "other", 407)]),
    "tls_inspected": (egress(lambda relay: (relay.answers, relay.has_strange_certificate)), [(True, True)]),
    "relay_not_trusted": (egress(lambda relay: (relay.answers, relay.problem)), [(False, "TrustFailure")]),
    "wrong_shape": (refused(sync_server.HOST), "unexpected-shape"),
}


@pytest.mark.parametrize("fault", SERVER_FAULTS)
def test_every_fault_of_the_server_shows(world: World, fault: str) -> None:
    """And what shows it is not there without it."""
    look, expected = SHOWS[fault]
    clean = World(world.clock).tenant("contoso")
    faulty = world.tenant("contoso")
    faulty.faults.add(fault)

    assert look(faulty) == expected
    assert look(clean) != expected


def perform(tenant: LabTenant) -> TargetError | None:
    try:
        MemorySyncServer(tenant.server).perform(TURN_ON)
    except TargetError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("fault", "kind", "is_done"),
    [
        ("lost_reply", OutcomeUnknown, True),
        ("lost_reply_not_done", OutcomeUnknown, False),
        ("noisy_reply", OutcomeUnknown, True),
        ("truncated_reply", OutcomeUnknown, True),
        ("hanging_script", OutcomeUnknown, False),
        ("access_denied", SignInFailed, False),
        ("shell_quota", Throttled, False),
    ],
)
def test_a_change_under_a_fault_of_the_transport_is_never_a_success(
    contoso: LabTenant, fault: str, kind: type[TargetError], is_done: bool
) -> None:
    """An answer that was lost is unknown, whether the change was made or not."""
    contoso.faults.add(fault)

    assert type(perform(contoso)) is kind
    assert contoso.server.writeback().enabled is is_done


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("access_denied", SignInFailed),
        ("shell_quota", Throttled),
        ("hanging_script", TargetTimeout),
        ("noisy_reply", UnexpectedReply),
        ("truncated_reply", UnexpectedReply),
    ],
)
def test_a_read_under_a_fault_of_the_transport_has_the_error_in_every_place(
    contoso: LabTenant, fault: str, kind: type[TargetError]
) -> None:
    contoso.faults.add(fault)

    answers = MemorySyncServer(contoso.server).read([reading.request for reading in READINGS_HERE])

    assert {type(answer) for answer in answers} == {kind}


@pytest.mark.parametrize("fault", ["lost_reply", "lost_reply_not_done"])
def test_reads_go_through_where_only_the_answers_to_changes_are_lost(contoso: LabTenant, fault: str) -> None:
    contoso.faults.add(fault)

    assert host(contoso).computer_name == "CONTOSO-SYNC01"


def test_one_reading_that_fails_does_not_hide_the_others(contoso: LabTenant) -> None:
    contoso.faults.add("no_rsat")

    answers = MemorySyncServer(contoso.server).read([sync_server.DIRECTORY_RIGHTS.request, sync_server.HOST.request])

    assert isinstance(answers[0], ScriptFailed)
    assert isinstance(answers[1], Answer)


def test_slow_onboarding_ends_when_its_time_has_come(contoso: LabTenant, clock: ManualClock) -> None:
    contoso.faults.add("slow_onboarding")
    perform(contoso)
    assert seen(contoso, sync_server.PASSWORD_WRITEBACK).onboarding_status == "Required"

    clock.advance(20)

    assert 31005 in events(contoso)
    assert seen(contoso, sync_server.PASSWORD_WRITEBACK).onboarding_status == "NotRequired"


def test_an_invalid_state_is_cured_by_turning_off_and_on(contoso: LabTenant) -> None:
    contoso.faults.add("invalid_state")
    target = MemorySyncServer(contoso.server)
    off = change("set_password_writeback", connector="contoso.onmicrosoft.com - AAD", enabled=False)
    with pytest.raises(ScriptFailed, match="E_FAIL"):
        target.perform(TURN_ON)

    target.perform(off)
    target.perform(TURN_ON)

    assert status(contoso) == "Started"


def test_a_cycle_that_got_in_between_ends_by_itself(contoso: LabTenant, clock: ManualClock) -> None:
    contoso.faults.add("cycle_starts_during_apply")
    assert isinstance(perform(contoso), ScriptFailed)

    clock.advance(20)

    assert perform(contoso) is None


def test_a_restart_cures_a_stale_heartbeat(world: World) -> None:
    tailspin = world.tenant("tailspin")

    MemorySyncServer(tailspin.server).perform(RESTART)

    assert events(tailspin)[-4:] == [31016, 31015, 31019, 31019]


def test_a_cycle_cannot_be_started_while_the_scheduler_is_suspended(contoso: LabTenant) -> None:
    contoso.faults.add("scheduler_suspended")

    with pytest.raises(ScriptFailed, match="already suspended"):
        MemorySyncServer(contoso.server).perform(CYCLE)


def test_a_started_cycle_shows_as_running_and_ends(contoso: LabTenant, clock: ManualClock) -> None:
    answer = MemorySyncServer(contoso.server).perform(CYCLE)
    assert answer.body == {"output": ["Success"]}
    assert scheduler(contoso).running_connectors

    clock.advance(20)

    assert scheduler(contoso).running_connectors == []


def test_without_membership_changes_are_refused(contoso: LabTenant) -> None:
    contoso.faults.add("not_sync_admin")

    error = perform(contoso)

    assert isinstance(error, NotPermitted)
    assert "Access is denied" in str(error)


def test_french_windows_translates_texts_and_not_error_ids(contoso: LabTenant) -> None:
    contoso.faults.add("no_rsat")
    english = MemorySyncServer(contoso.server).read([sync_server.DOMAIN_POLICIES.request])[0]
    contoso.faults.add("french_windows")
    french = MemorySyncServer(contoso.server).read([sync_server.DOMAIN_POLICIES.request])[0]

    assert isinstance(english, ScriptFailed)
    assert isinstance(french, ScriptFailed)
    assert english.detail != french.detail
    assert english.error_id == french.error_id


def test_french_windows_translates_events(world: World) -> None:
    fabrikam = world.tenant("fabrikam")
    fabrikam.faults.add("french_windows")

    assert "Pulsation" in seen(fabrikam, sync_server.WRITEBACK_EVENTS).events[-1].message


def test_protected_passwords_never_leave_the_server(contoso: LabTenant) -> None:
    secrets = {
        value
        for connector in contoso.server.connectors
        for name, value in connector.parameters.items()
        if "password" in name.lower()
    }
    (answer,) = MemorySyncServer(contoso.server).read([sync_server.CONNECTORS.request])

    assert len(secrets) == 2
    assert isinstance(answer, Answer)
    assert not any(secret in str(answer.body) for secret in secrets)


def test_rights_that_come_through_a_group_are_answered(world: World) -> None:
    """And rules that name somebody else are not."""
    fabrikam = world.tenant("fabrikam")
    (domain,) = seen(fabrikam, sync_server.DIRECTORY_RIGHTS).domains

    assert {rule.sid for rule in domain.rules} == {"S-1-5-11", "S-1-5-21-2127521184-1604012920-1887927527-1131"}


def test_every_action_of_the_server_can_be_performed(contoso: LabTenant) -> None:
    grant = change("grant_writeback_rights", account_name="MSOL_4c6f1d2a90be", account_domain="contoso.example")
    revoke = change("revoke_writeback_rights", domains=[{"dn": "DC=contoso,DC=example", "rules": []}])
    changes = {item.action: item for item in (TURN_ON, RESTART, grant, revoke, CYCLE)}
    wanted = {action for action, target in ACTIONS.items() if target == sync_server.SYNC_SERVER}

    assert changes.keys() == wanted
    for item in changes.values():
        assert MemorySyncServer(contoso.server).perform(item).name == item.action


def test_faults_of_the_active_server_are_not_those_of_the_standby(contoso: LabTenant) -> None:
    contoso.faults.add("access_denied")

    assert isinstance(
        MemorySyncServer(contoso.standby, "other-server-1").read([sync_server.SCHEDULER.request])[0], Answer
    )
