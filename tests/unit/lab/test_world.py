"""The lab's world behaves as the documentation says the product does."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import UsageProblem
from runbook_lib.lab import event_log, relays, writeback
from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.directory import LOCKOUT_TIME, PWD_LAST_SET, RESET_PASSWORD, UNEXPIRE_PASSWORD
from runbook_lib.lab.faults import FAULTS, Faults
from runbook_lib.lab.refusal import Refusal
from runbook_lib.lab.sync_server import CYCLE, SyncServer
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.lab.world import LabTenant, World

CONNECTOR = "contoso.onmicrosoft.com - AAD"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def world(clock: ManualClock) -> World:
    return World(clock)


@pytest.fixture
def contoso(world: World) -> LabTenant:
    return world.tenant("contoso")


def ids(server: SyncServer, after: int = 0) -> list[int]:
    return [event.id for event in server.events() if event.record > after]


def turn_on(tenant: LabTenant) -> str:
    return tenant.server.set_writeback(CONNECTOR, enabled=True)


def test_turning_on_onboards_and_starts_the_service(contoso: LabTenant) -> None:
    """The events come in the documented order and the configuration is that of a healthy server."""
    output = turn_on(contoso)

    assert "updated" in output
    assert ids(contoso.server) == [31004, 31017, 31018, 31005, 31015, 31019, 31019]
    configuration = contoso.server.writeback()
    assert (configuration.enabled, configuration.service_status, configuration.onboarding_status) == (
        True,
        "Started",
        "NotRequired",
    )


def test_the_two_heartbeats_are_of_two_relays(contoso: LabTenant) -> None:
    turn_on(contoso)

    assert {event.subject for event in contoso.server.events() if event.id == event_log.HEARTBEAT} == set(
        relays.LISTENING
    )


def test_a_heartbeat_comes_every_five_minutes(contoso: LabTenant, clock: ManualClock) -> None:
    turn_on(contoso)
    newest = contoso.server.events()[-1].record

    clock.advance(15 * 60)

    assert ids(contoso.server, newest) == [31019] * 6


def test_turning_off_offboards_and_stops_the_service(contoso: LabTenant, clock: ManualClock) -> None:
    """After it no heartbeat comes any more."""
    turn_on(contoso)
    newest = contoso.server.events()[-1].record

    contoso.server.set_writeback(CONNECTOR, enabled=False)
    clock.advance(3600)

    assert ids(contoso.server, newest) == [31012, 31013, 31016]
    assert not contoso.server.writeback().enabled
    assert contoso.server.writeback().service_status != "Started"


def test_the_cloud_is_told_of_turning_on_and_off(contoso: LabTenant, clock: ManualClock) -> None:
    """Also a listener that comes later learns what happened before."""
    seen, later = [], []
    contoso.on_audit(lambda activity, at: seen.append((activity, at)))
    turn_on(contoso)
    contoso.server.set_writeback(CONNECTOR, enabled=False)
    contoso.on_audit(lambda activity, at: later.append((activity, at)))

    assert seen == later == [(writeback.ENABLED_AUDIT, clock()), (writeback.DISABLED_AUDIT, clock())]


def test_a_change_is_refused_while_a_connector_runs(contoso: LabTenant, clock: ManualClock) -> None:
    contoso.server.start_cycle()

    with pytest.raises(Refusal, match="is busy"):
        turn_on(contoso)
    assert not contoso.server.writeback().enabled

    clock.advance(CYCLE.total_seconds())
    turn_on(contoso)
    assert contoso.server.writeback().enabled


def test_a_refused_change_does_not_count_as_one(contoso: LabTenant) -> None:
    contoso.faults.add("cycle_running")

    with pytest.raises(Refusal):
        turn_on(contoso)

    assert contoso.server.changes == 0


def test_on_a_staging_server_the_setting_can_be_made_and_the_service_does_not_run(contoso: LabTenant) -> None:
    contoso.faults.add("staging_mode")
    turn_on(contoso)

    assert contoso.server.writeback().enabled
    assert contoso.server.writeback().service_status != "Started"
    assert 31005 not in ids(contoso.server)


def test_a_restart_stops_and_starts_the_service(contoso: LabTenant, clock: ManualClock) -> None:
    """Heartbeats go on at their own pace: one round every five minutes, not two."""
    turn_on(contoso)
    newest = contoso.server.events()[-1].record

    contoso.server.restart_service()
    clock.advance(5 * 60)

    assert ids(contoso.server, newest) == [31016, 31015, 31019, 31019, 31019, 31019]


def test_a_restart_after_staging_mode_onboards(contoso: LabTenant) -> None:
    contoso.faults.add("staging_mode")
    turn_on(contoso)
    contoso.faults.discard("staging_mode")

    contoso.server.restart_service()

    assert contoso.server.writeback().onboarding_status == "NotRequired"


def test_an_unknown_connector_is_refused(contoso: LabTenant) -> None:
    with pytest.raises(Refusal, match="does not exist"):
        contoso.server.set_writeback("nobody.onmicrosoft.com - AAD", enabled=True)


def test_granting_adds_what_is_missing_on_every_domain(world: World) -> None:
    tailspin = world.tenant("tailspin")
    sid = tailspin.directory.account("MSOL_b71e08c35fd4", "tailspin.example").sid
    root = tailspin.directory.domains[0]
    assert LOCKOUT_TIME not in {rule.object_type for rule in tailspin.server.rules(root)}

    tailspin.server.grant_writeback_rights("MSOL_b71e08c35fd4", "tailspin.example")

    for domain in tailspin.directory:
        kinds = {rule.object_type for rule in tailspin.server.rules(domain) if rule.sid == sid}
        assert {RESET_PASSWORD, LOCKOUT_TIME, UNEXPIRE_PASSWORD} <= kinds


def test_granting_leaves_what_is_there(world: World) -> None:
    """It adds one rule to the domain that lacks one, and none to the other."""
    tailspin = world.tenant("tailspin")
    before = [len(domain.rules) for domain in tailspin.directory]

    tailspin.server.grant_writeback_rights("MSOL_b71e08c35fd4", "tailspin.example")

    added = [len(domain.rules) - count for domain, count in zip(tailspin.directory, before, strict=True)]
    assert added == [1, 0]


def test_an_old_build_does_not_grant_unexpire_password(world: World) -> None:
    """Builds before 2.1.15.0 leave it out; where rights come through a group, all others are added for the account."""
    fabrikam = world.tenant("fabrikam")
    fabrikam.faults.add("old_connect")

    fabrikam.server.grant_writeback_rights("svc-aadconnect", "fabrikam.example")

    sid = fabrikam.directory.account("svc-aadconnect", "fabrikam.example").sid
    rules = fabrikam.server.rules(fabrikam.directory.domains[0])
    assert {rule.object_type for rule in rules if rule.sid == sid} == {RESET_PASSWORD, LOCKOUT_TIME, PWD_LAST_SET}


def test_granting_twice_changes_nothing_more(contoso: LabTenant) -> None:
    domain = contoso.directory.domains[0]
    contoso.server.grant_writeback_rights("MSOL_4c6f1d2a90be", "contoso.example")
    once = contoso.server.rules(domain)

    contoso.server.grant_writeback_rights("MSOL_4c6f1d2a90be", "CONTOSO")

    assert contoso.server.rules(domain) == once


def test_granting_to_nobody_is_refused(contoso: LabTenant) -> None:
    with pytest.raises(Refusal, match="nobody"):
        contoso.server.grant_writeback_rights("nobody", "contoso.example")


def test_unexpire_password_is_everybodys_by_default(contoso: LabTenant) -> None:
    """Authenticated Users have it on every domain root, so its absence for the account alone is no finding."""
    rules = contoso.server.rules(contoso.directory.domains[0])

    assert next(rule.sid for rule in rules if rule.object_type == UNEXPIRE_PASSWORD) == "S-1-5-11"


def test_records_grow_by_one_and_times_never_go_back(contoso: LabTenant, clock: ManualClock) -> None:
    turn_on(contoso)
    clock.advance(3600)
    contoso.server.set_writeback(CONNECTOR, enabled=False)
    events = contoso.server.events()

    assert [event.record for event in events] == list(range(events[0].record, events[0].record + len(events)))
    assert [event.at for event in events] == sorted(event.at for event in events)


@given(st.lists(st.sampled_from(["on", "off", "restart", "wait"]), max_size=12))
def test_service_and_setting_always_agree(steps: list[str]) -> None:
    """Whatever was done in whatever order: off is never started, and heartbeats come only while it is started."""
    clock = ManualClock()
    server = World(clock).tenant("contoso").server
    for step in steps:
        if step in ("on", "off"):
            server.set_writeback(CONNECTOR, enabled=step == "on")
        elif step == "restart":
            server.restart_service()
        else:
            clock.advance(600)
    newest = max((event.record for event in server.events()), default=0)
    state = server.writeback()
    clock.advance(601)

    assert state.service_status == ("Started" if state.enabled else "Stopped")
    assert (31019 in ids(server, newest)) == state.enabled


def test_the_next_cycle_is_at_the_next_half_hour(contoso: LabTenant, clock: ManualClock) -> None:
    wait = contoso.server.scheduler().next_start - clock()

    assert timedelta(0) < wait <= timedelta(minutes=30)
    assert contoso.server.scheduler().next_start.minute in (0, 30)


def test_each_tenant_begins_as_documented(world: World) -> None:
    """Contoso is off, fabrikam on and healthy, tailspin on and silent for three hours after a listener error."""
    contoso, fabrikam, tailspin = (world.tenant(name).server for name in ("contoso", "fabrikam", "tailspin"))

    assert contoso.events() == ()
    assert not contoso.writeback().enabled
    assert fabrikam.writeback().service_status == "Started"
    assert fabrikam.clock() - fabrikam.events()[-1].at < writeback.HEARTBEAT_EVERY
    heartbeats = [event for event in tailspin.events() if event.id == 31019]
    assert tailspin.clock() - heartbeats[-1].at >= writeback.SILENT_FOR
    assert tailspin.events()[-1].id == 31034
    assert heartbeats[-1].record < tailspin.events()[-1].record


def test_tailspin_has_a_broken_inheritance_and_a_minimum_password_age(world: World) -> None:
    root = world.tenant("tailspin").directory.domains[0]

    assert [unit.dn for unit in root.units if unit.is_protected] == ["OU=Contractors,OU=Staff,DC=tailspin,DC=example"]
    assert root.policy.minimum_age == timedelta(days=1)


def test_the_standby_is_in_staging_mode(contoso: LabTenant) -> None:
    assert contoso.standby.scheduler().is_staging
    assert not contoso.server.scheduler().is_staging


def test_tenants_are_found_by_name_and_by_identifier(world: World) -> None:
    for spec in TENANTS:
        assert world.tenant(spec.tenant_id) is world.tenant(spec.name)
    with pytest.raises(UsageProblem, match="no tenant named woodgrove"):
        world.tenant("woodgrove")


def test_two_worlds_share_nothing(clock: ManualClock) -> None:
    """Neither state nor the protected passwords of the connectors, which are drawn anew each time."""
    one, other = World(clock).tenant("contoso"), World(clock).tenant("contoso")
    turn_on(one)

    assert not other.server.writeback().enabled
    passwords = {tenant.server.connectors[0].parameters["Password"] for tenant in (one, other)}
    assert len(passwords) == 2


def test_an_unknown_fault_is_an_error_that_names_the_known_ones(contoso: LabTenant) -> None:
    for use in (contoso.faults.add, contoso.faults.discard, contoso.faults.take, contoso.faults.__contains__):
        with pytest.raises(UsageProblem) as caught:
            use("lost_replay")
        assert "lost_reply" in caught.value.say("fr")


def test_faults_can_be_listed_and_taken_once() -> None:
    faults = Faults(["throttled", "no_rsat"])

    assert list(faults) == ["no_rsat", "throttled"]
    assert faults.take("throttled")
    assert not faults.take("throttled")


def test_every_fault_says_what_it_stands_for_and_where_that_is_from() -> None:
    assert [fault.name for fault in FAULTS.values() if not fault.stands_for.endswith(".") or not fault.source] == []
