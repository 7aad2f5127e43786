"""What a run's record says there is to undo: what was sent and seen made, and a refusal wherever the record leaves a doubt."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.canonical import digest
from runbook_lib.errors import CannotRollBack
from runbook_lib.evidence import Recorded, Redactor, RunDirectory
from runbook_lib.lab.directory import LOCKOUT_TIME
from runbook_lib.model import Status
from runbook_lib.parameters import Parameters, check_parameters, read_parameters
from runbook_lib.runbooks.portal_steps import UNLOCK, WRITE_BACK
from runbook_lib.texts import LANGUAGES, render
from runbook_lib.wiring import project_root, record_of, undo_for, undo_of
from runbook_lib.wiring.undoing import as_undone
from tests.rehearsal import CONNECT, DISABLE, PORTAL, PREFLIGHT, Rehearsal
from tests.rehearsal import record_of as recorded_of

RUN = "contoso/r1"
ROOT = "DC=contoso,DC=example"
Lines = list[tuple[str, dict[str, Any]]]


def enabled(*faults: str, **asked: Any) -> Rehearsal:
    """A run that granted a right and turned the feature on; faults strike while it does."""
    here = Rehearsal()
    root = here.tenant.directory.domains[0]
    root.rules = [rule for rule in root.rules if rule.object_type != LOCKOUT_TIME]
    plan = here.planned(CONNECT, grant_permissions=True, **asked).plan
    for fault in faults:
        here.faults.add(fault)
    run = here.run(CONNECT, approved=plan.digest, grant_permissions=True, **asked)
    for step in run.runbook.steps:
        run.step(step.id)
    return here


def refusal(recorded: Recorded) -> str:
    with pytest.raises(CannotRollBack) as refused:
        undo_of(RUN, recorded)
    assert refused.value.exit_code == 2
    return refused.value.message.key


def changed(here: Rehearsal, change: Callable[[Lines], object]) -> Recorded:
    """The record with its lines changed in place."""
    here.journal.lines = json.loads(json.dumps(here.journal.lines))
    here.journal.lines = [(event, data) for event, data in here.journal.lines]
    change(here.journal.lines)
    return recorded_of(here.journal, CONNECT)


def test_everything_that_was_made_is_undone_with_what_was_there_before():
    undo = undo_of(RUN, recorded_of(enabled(restart_service=True).journal, CONNECT))

    assert [change.action for change in undo.changes] == [
        "grant_writeback_rights",
        "set_password_writeback",
        "restart_sync_service",
    ]
    assert undo.has("Password writeback")
    assert not undo.has(UNLOCK)
    assert undo.modified
    assert [len(rules) for rules in (undo.rules[ROOT], undo.rules_after[ROOT])] == [1, 4]
    assert LOCKOUT_TIME in undo.rules[ROOT][0]


def test_what_a_later_look_of_that_run_saw_is_not_taken_for_its_work():
    """A cell carried out again, or the run going on, when somebody else had changed the state meanwhile."""
    here = enabled()
    before = undo_of(RUN, recorded_of(here.journal, CONNECT))

    def look_again(lines: Lines) -> None:
        for step, name in (("c5", "account-rules"), ("c6", "modified")):
            seen = json.loads(
                json.dumps([data for event, data in lines if event == "step-result" and data["step"] == step][-1])
            )
            (fact,) = [fact for fact in seen["facts"] if fact["name"] == name]
            fact["value"] = "later" if step == "c6" else {ROOT: [*fact["value"][ROOT], "S-1 Allow 16 x All y"]}
            lines.append(("step-result", seen))

    after = undo_of(RUN, changed(here, look_again))

    assert (after.modified, after.rules, after.rules_after) == (before.modified, before.rules, before.rules_after)


def test_a_run_that_sent_nothing_changed_nothing():
    here = Rehearsal()
    here.planned(CONNECT)

    assert refusal(recorded_of(here.journal, CONNECT)) == "rollback-nothing-changed"


def test_a_change_that_was_refused_was_not_made_and_the_one_before_it_was():
    undo = undo_of(RUN, recorded_of(enabled("credential_prompt").journal, CONNECT))

    assert [change.action for change in undo.changes] == ["grant_writeback_rights"]
    assert undo.modified is None


def sending(action: str) -> Callable[[Lines], object]:
    """The journal ends with the line that says that this is being sent, as after a power cut."""

    def cut(lines: Lines) -> None:
        at = [event == "sending" and data["change"]["action"] == action for event, data in lines].index(True)
        del lines[at + 1 :]

    return cut


@pytest.mark.parametrize("action", ["grant_writeback_rights", "set_password_writeback"])
def test_what_was_being_sent_when_the_record_ends_is_not_known(action):
    assert refusal(changed(enabled(), sending(action))) == "rollback-outcome-unknown"


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.APPLIED])
def test_what_nobody_could_see_is_not_known(status):
    def lose(lines: Lines) -> None:
        [data for event, data in lines if event == "step-result" and data["step"] == "c6"][-1]["status"] = status

    assert refusal(changed(enabled(), lose)) == "rollback-outcome-unknown"


def statuses(**by_step: Status) -> Callable[[Lines], object]:
    def set_them(lines: Lines) -> None:
        for step, status in by_step.items():
            [data for event, data in lines if event == "step-result" and data["step"] == step][-1]["status"] = status

    return set_them


def test_a_grant_that_was_made_in_part_is_undone_in_that_part():
    """The step has failed, for another account was not granted anything; the rules tell what the first one got."""
    undo = undo_of(RUN, changed(enabled(), statuses(c5=Status.FAILED)))

    assert [change.action for change in undo.changes] == ["grant_writeback_rights", "set_password_writeback"]


def test_acts_alone_cannot_be_undone():
    def only_acts(lines: Lines) -> None:
        statuses(c5=Status.FAILED, c6=Status.FAILED)(lines)
        rules(lambda then, now: (now, now))(lines)

    assert refusal(changed(enabled(restart_service=True), only_acts)) == "rollback-not-undoable"


def rules(change: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[[Lines], object]:
    """Other rules before and after than those that were recorded."""

    def set_them(lines: Lines) -> None:
        found = [
            known
            for event, data in lines
            if event == "step-result" and data["step"] == "c5"
            for known in data["facts"]
            if known["name"] == "account-rules"
        ]
        then, now = change(found[-2]["value"], found[-1]["value"])
        for known in found[:-1]:
            known["value"] = then
        found[-1]["value"] = now

    return set_them


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda then, now: (None, now), "rollback-rules-not-kept"),
        (lambda then, now: (then, None), "rollback-rules-not-kept"),
        (lambda then, now: (then, {**now, "DC=b": []}), "rollback-rules-not-kept"),
        (lambda then, now: ({ROOT: [*then[ROOT], "S-1 Allow 16 x All y"]}, now), "rollback-rules-merged"),
    ],
)
def test_rules_that_cannot_be_told_apart_are_not_taken_off(change, key):
    assert refusal(changed(enabled(), rules(change))) == key


def test_what_a_person_did_is_undone_by_a_person():
    here = Rehearsal("fabrikam")
    plan = here.planned(PORTAL).plan
    run = here.run(PORTAL, approved=plan.digest, attestation=here.attestation(plan, "p1", "p3", "p4", "p5"))
    for step in run.runbook.steps:
        run.step(step.id)

    assert refusal(recorded_of(here.journal, PORTAL)) == "rollback-by-hand"


@pytest.mark.parametrize(
    ("slug", "page", "seen", "key"),
    [(CONNECT, "c", True, "rollback-wizard"), (DISABLE, "d", False, "rollback-of-turning-off")],
)
def test_what_a_person_did_in_the_wizard_is_not_undone_by_the_kit(slug, page, seen, key):
    here = Rehearsal()
    del here.targets["sync-server"]
    plan = here.planned(slug, server_by_hand=True).plan
    steps = [f"{page}{number}" for number in range(1, 9)]
    word = here.attestation(plan, *steps, values={"connect_writeback": seen})
    run = here.run(slug, approved=plan.digest, attestation=word, server_by_hand=True)
    for step in run.runbook.steps:
        run.step(step.id)

    assert refusal(recorded_of(here.journal, slug)) == key


@pytest.mark.parametrize(
    ("slug", "parameters", "key"),
    [
        (PREFLIGHT, {}, "rollback-read-only"),
        (DISABLE, {}, "rollback-of-turning-off"),
        (PORTAL, {"rollback_of": RUN}, "rollback-of-turning-off"),
        ("unheard-of", {}, "rollback-not-undoable"),
    ],
)
def test_some_runs_are_never_undone(slug, parameters, key):
    assert refusal(recorded_of(enabled().journal, slug, **parameters)) == key


@pytest.mark.parametrize(("slug", "parameters"), [(DISABLE, {}), (PORTAL, {"rollback_of": RUN})])
def test_an_undoing_that_was_only_planned_is_not_said_to_have_undone_anything(slug, parameters):
    here = Rehearsal()
    here.planned(CONNECT)

    assert refusal(recorded_of(here.journal, slug, **parameters)) == "rollback-nothing-changed"


def example(**changed: Any) -> Parameters:
    read = read_parameters(project_root() / "parameters" / "lab" / "contoso.yml")
    return check_parameters({**read.model_dump(mode="json", exclude_unset=True), **changed})


def written(outputs: Path, *lines: tuple[str, dict[str, Any]], plan: Any = None) -> Path:
    """The folder of a run whose journal holds these lines."""
    directory = RunDirectory.create(outputs, "contoso", "r1", Redactor())
    with directory.journal(SystemClock()) as journal:
        for event, data in lines:
            journal.record(event, **data)
    if plan is not None:
        directory.write_json("plan.json", plan)
    return directory.path


def opened(tenant: str = "contoso", run: str = "r1") -> tuple[str, dict[str, Any]]:
    told = {"tenant": {"name": tenant, "id": example().tenant.id}}
    return "opened", {"runbook": CONNECT, "run": run, "parameters": told}


PLAN = {"changes": []}
KEPT = {"digest": digest(PLAN), "plan": PLAN}
FINISHED = ("finished", {"exit_code": 0, "plan": digest(PLAN)})


@pytest.mark.parametrize(
    ("lines", "plan", "key"),
    [
        ([], None, "rollback-tampered"),
        ([("read", {})], None, "rollback-tampered"),
        ([("opened", {"runbook": CONNECT})], None, "rollback-tampered"),
        ([opened("fabrikam")], None, "rollback-foreign"),
        ([opened(run="r2")], None, "rollback-foreign"),
        ([opened(), ("approved", {"plan": PLAN, "approval": {"digest": "0" * 64}})], None, "rollback-tampered"),
        ([opened(), FINISHED], None, "rollback-tampered"),
        ([opened(), FINISHED], {"digest": "0" * 64, "plan": PLAN}, "rollback-tampered"),
        ([opened(), FINISHED], {"digest": digest({}), "plan": {}}, "rollback-tampered"),
        ([opened(), FINISHED], [], "rollback-tampered"),
    ],
)
def test_a_record_that_does_not_hang_together_is_refused(tmp_path, lines, plan, key):
    with pytest.raises(CannotRollBack) as refused:
        record_of(written(tmp_path, *lines, plan=plan))

    assert refused.value.message.key == key


def test_a_changed_journal_is_named_by_its_line_in_either_language(tmp_path):
    folder = written(tmp_path, opened(), ("read", {}), ("read", {}))
    journal = folder / "journal.jsonl"
    journal.write_text(journal.read_text(encoding="utf-8").replace('"n":2', '"n":5'), encoding="utf-8")

    with pytest.raises(CannotRollBack) as refused:
        record_of(folder)

    for language in LANGUAGES:
        assert "journal.jsonl:2." in render(refused.value.message, language)


def test_a_record_that_hangs_together_is_read(tmp_path):
    """One that was finished, with or without something to approve, and one that broke off before its plan was written."""
    assert len(record_of(written(tmp_path / "1", opened(), FINISHED, plan=KEPT))) == 2
    assert len(record_of(written(tmp_path / "2", opened(), ("finished", {"plan": ""}), plan=KEPT))) == 2
    assert len(record_of(written(tmp_path / "3", opened()))) == 1


def test_parameters_that_undo_nothing_need_no_record(tmp_path):
    assert undo_for(example(), DISABLE, tmp_path) is None


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({}, "rollback-nothing-changed"),
        ({"tenant": {"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "name": "contoso"}}, "rollback-other-tenant"),
        ({"rollback_of": "contoso/r2"}, "rollback-no-run"),
    ],
)
def test_parameters_are_held_against_the_record(tmp_path, changed, key):
    written(tmp_path, opened())

    with pytest.raises(CannotRollBack) as refused:
        undo_for(example(**{"rollback_of": RUN, **changed}), DISABLE, tmp_path)

    assert refused.value.message.key == key


def test_a_rollback_needs_to_read_the_server(tmp_path):
    """The time of the last change and the access rules of today decide whether there is anything to take back."""
    parameters = example().model_dump(mode="json")
    lines = [(event, json.loads(json.dumps(data))) for event, data in enabled().journal.lines]
    event, data = opened()
    written(tmp_path, (event, {**data, "runbook": CONNECT, "parameters": parameters}), *lines)
    by_hand = example(rollback_of=RUN, sync_server={"method": "guided"})

    assert undo_for(example(rollback_of=RUN), DISABLE, tmp_path) is not None
    with pytest.raises(CannotRollBack) as refused:
        undo_for(by_hand, DISABLE, tmp_path)

    assert refused.value.message.key == "rollback-server-not-read"


def test_a_rollback_wants_what_was_there_before_and_nothing_beside_it():
    here = enabled()
    undo = undo_of(RUN, recorded_of(here.journal, CONNECT))
    portal = replace(undo, changes=(replace(undo.changes[1], setting=WRITE_BACK, before=False),))
    asked = example(grant_permissions=True, connect={"restart_service": True, "start_delta_cycle": True})

    wanted = as_undone(asked, portal)

    assert (wanted.sspr.write_back, wanted.sspr.unlock) == (False, True)
    assert (wanted.connect.restart_service, wanted.connect.start_delta_cycle) == (False, False)
    assert not wanted.grant_permissions
