"""Every reading and action has one name, used by the facts, the runbooks, the scripts, the requests and the lab."""

from pathlib import Path

import pytest

from runbook_lib.adapters import graph, pilot_reset, portal, scripts
from runbook_lib.facts import ACTIONS, READINGS
from runbook_lib.facts.portal import PORTAL
from runbook_lib.facts.sync_server import SYNC_SERVER
from runbook_lib.facts.tenant import TENANT
from runbook_lib.lab import memory_answers
from runbook_lib.lab.cloud import memory as cloud_memory
from runbook_lib.model import Change
from runbook_lib.ports import Request
from runbook_lib.runbooks import RUNBOOKS
from tests.rehearsal import CONNECT, Rehearsal

STEPS = [step for runbook in RUNBOOKS.values() for step in runbook.steps]
# Composed of two requests each, so they have no line in the table of requests.
COMPOSED = {"signed_in_account", "pilot_account"}


def readings(target: str) -> set[str]:
    return {name for name, reading in READINGS.items() if reading.target == target}


def actions(target: str) -> set[str]:
    return {name for name, of in ACTIONS.items() if of == target}


def test_every_script_is_a_reading_or_an_action_of_the_sync_server_and_each_has_a_script():
    files = {file.stem for file in Path(scripts.__file__).parent.glob("*.ps1") if not file.stem.startswith("_")}

    assert files == readings(SYNC_SERVER) | actions(SYNC_SERVER)


def test_the_in_memory_server_answers_exactly_those_names():
    assert memory_answers.READINGS.keys() == readings(SYNC_SERVER)
    assert memory_answers.ACTIONS.keys() == actions(SYNC_SERVER)


def test_graph_has_a_request_for_exactly_the_readings_of_the_tenant():
    assert graph._REQUESTS.keys() | COMPOSED == readings(TENANT)  # noqa: SLF001 - the table is what is compared
    assert not COMPOSED & graph._REQUESTS.keys()  # noqa: SLF001 - the table is what is compared


def test_the_reset_of_the_pilot_is_all_that_is_changed_through_graph():
    assert actions(TENANT) == {pilot_reset.ACTION}


def test_the_in_memory_tenant_answers_exactly_the_readings_of_the_tenant():
    assert cloud_memory.MemoryTenant._READINGS.keys() == readings(TENANT)  # noqa: SLF001 - the table is what is compared


def test_the_portal_has_one_reading_and_the_same_fields_for_its_actions_here_and_in_the_lab():
    assert {portal.READING} == readings(PORTAL)
    assert portal._FIELDS.keys() == actions(PORTAL)  # noqa: SLF001 - the table is what is compared
    assert portal._FIELDS == cloud_memory._PORTAL_KEYS  # noqa: SLF001 - the table is what is compared


def test_the_adapters_call_their_targets_as_the_facts_do():
    assert (graph.TENANT, portal.PORTAL) == (TENANT, PORTAL)


def test_every_reading_is_looked_at_by_a_step_and_every_action_may_be_planned_by_one():
    assert {reading.name for step in STEPS for reading in step.readings} == READINGS.keys()
    assert {name for step in STEPS for name in step.changes} == ACTIONS.keys()


def test_a_name_is_an_identifier_in_lower_case_because_it_is_also_a_file_name():
    assert all(name.isidentifier() and name.islower() for name in READINGS.keys() | ACTIONS.keys())


@pytest.mark.parametrize("target", ["sync-server", "tenant", "portal"])
def test_the_lab_refuses_a_name_that_nobody_gave(target):
    here = Rehearsal().targets[target]

    with pytest.raises((KeyError, ValueError)):
        here.read([Request("unheard_of")])
    with pytest.raises((KeyError, ValueError)):
        here.perform(Change(target, "unheard_of", "setting", None, True, {"enabled": True}))


def test_what_a_step_says_it_may_change_is_what_its_plan_holds():
    here = Rehearsal("contoso", "missing_right")

    run = here.planned(CONNECT, grant_permissions=True, restart_service=True, start_delta_cycle=True)

    for step, change in run.plan.changes:
        assert change.action in run.runbook.step(step).changes
