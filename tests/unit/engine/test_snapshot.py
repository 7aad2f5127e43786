"""One look: readings of a group together, each at most once, errors kept in place."""

from dataclasses import replace

import pytest

from runbook_lib.engine.snapshot import Snapshot
from runbook_lib.errors import CannotConnect, NotPermitted, ScriptFailed
from runbook_lib.facts.portal import ON_PREMISES_POLICY
from runbook_lib.facts.sync_server import (
    DIRECTORY_RIGHTS,
    DOMAIN_POLICIES,
    HOST,
    SCHEDULER,
    WRITEBACK_EVENTS,
    other_scheduler,
)
from tests.rehearsal import MemoryJournal, Rehearsal

READINGS = (HOST, SCHEDULER, DIRECTORY_RIGHTS, DOMAIN_POLICIES)


@pytest.fixture
def here() -> Rehearsal:
    return Rehearsal()


def look(here: Rehearsal, *without: str) -> Snapshot:
    targets = {name: target for name, target in here.targets.items() if name not in without}
    return Snapshot(targets, READINGS, here.journal)


def test_the_first_look_at_a_reading_asks_for_its_group_and_for_no_other(here):
    view = look(here)
    assert here.server.asked == []

    view.see(HOST)
    view.see(SCHEDULER)

    assert here.server.asked == [["host", "scheduler"]]


def test_a_reading_that_failed_fails_each_time_with_the_same_error_and_hides_no_other(here):
    here.faults.add("double_hop")
    view = look(here)
    errors = []
    for _ in range(2):
        with pytest.raises(NotPermitted) as failed:
            view.see(DIRECTORY_RIGHTS)
        errors.append(failed.value)

    assert errors[0] is errors[1]
    assert here.server.asked == [["directory_rights", "domain_policies"]]
    assert view.see(HOST).computer_name == "CONTOSO-SYNC01"


def test_a_reading_that_no_step_listed_is_asked_for_with_its_target(here):
    assert look(here).see(other_scheduler(1)).staging_mode is True
    assert here.targets["other-server-1"].asked == [["scheduler"]]


def test_a_target_that_the_run_has_not_is_an_error_that_names_it(here):
    with pytest.raises(CannotConnect) as missing:
        look(here, "portal").see(ON_PREMISES_POLICY)

    assert missing.value.message.key == "no-such-target"
    assert missing.value.target == "portal"


def test_a_frozen_view_tells_what_it_has_seen_and_reads_nothing_more(here):
    view = look(here)
    view.see(HOST)

    frozen = view.frozen()

    assert frozen.see(SCHEDULER).staging_mode is False
    with pytest.raises(CannotConnect) as late:
        frozen.see(DIRECTORY_RIGHTS)
    assert late.value.message.key == "not-in-baseline"
    assert here.server.asked == [["host", "scheduler"]]


def test_the_journal_tells_what_was_read_and_what_could_not_be(here):
    here.faults.add("no_rsat")
    here.journal = MemoryJournal()
    view = look(here)
    view.see(HOST)
    with pytest.raises(ScriptFailed):
        view.see(DIRECTORY_RIGHTS)

    told = {line["reading"]: line for line in here.journal.of("read")}
    assert told["host"]["ok"] is True
    assert told["directory_rights"]["ok"] is False
    problem = told["directory_rights"]["problem"]
    assert problem["key"] == "script-module-missing"
    assert problem["arguments"]["target"] == "sync-server"
    assert told["directory_rights"]["request_id"] == ""


def test_a_reading_about_what_is_wanted_is_asked_with_those_arguments_whoever_looks_first(here):
    about = replace(WRITEBACK_EVENTS, about=lambda wanted: {"minutes": wanted.wait_seconds})
    view = Snapshot(here.targets, [about.asked(here.wanted(wait_seconds=1))], here.journal)
    here.tenant.server.set_writeback(here.tenant.server.connectors[0].name, enabled=True)
    here.clock.advance(120)

    assert view.see(about).events == []
    assert Snapshot(here.targets, [], here.journal).see(about).events
    assert WRITEBACK_EVENTS.asked(here.wanted()) is WRITEBACK_EVENTS
