"""A runbook in a person's hands, in a shell without a browser: what cells and panels do, refuse and record, over the served lab."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runbook_lib.evidence import read_journal
from runbook_lib.evidence.signing import approval_of
from runbook_lib.evidence.signing import sign as sign_statement
from runbook_lib.lab.directory.passwords import PasswordPolicy
from runbook_lib.model import Status, plan_from
from runbook_lib.notebook.panel import Controls
from runbook_lib.notebook.record import view_of
from tests.notebooks.served import CONNECT, PORTAL, Served, serve
from tests.unit.evidence.signing.conftest import somebody, written
from tests.unit.notebook.conftest import Cells
from tests.unit.notebook.hands import CLOUD, OPEN, Hands, events, guided, sent_and_waiting, sign
from tests.unit.notebook.page import Page


@pytest.fixture
def served() -> Iterator[Served]:
    """A lab of each test's own: most of them change it."""
    with serve(onboarding=3) as ready:
        yield ready


@pytest.fixture
def hands(in_the_lab: Served, cells: Cells) -> Iterator[Hands]:
    """The first runbook, every cell run once."""
    person = Hands(cells, CONNECT, in_the_lab.data(language="fr"))
    person.run_all()
    yield person
    person.session.close()


def test_run_all_plans_everything_and_applies_nothing(in_the_lab: Served, cells: Cells) -> None:
    before = in_the_lab.state()
    person = Hands(cells, CONNECT, in_the_lab.data(language="fr"))
    person.run_all()

    assert "C6 prévu, C7 prévu, C8 à faire" in cells.stop("run.finish()")
    assert in_the_lab.state() == before
    (folder,) = in_the_lab.runs()
    assert "sending" not in events(folder)
    assert events(folder)[-1] == "finished"
    person.session.close()


def test_what_is_confirmed_and_clicked_is_applied_and_verified(hands: Hands, in_the_lab: Served) -> None:
    """The plan's record is complete by then, and the approval in the journal says that it was given at a panel."""
    hands.apply("c7")

    assert [hands.status(step) for step in ("c6", "c7", "c8")] == [Status.VERIFIED] * 3
    assert hands.cells.run("run.finish()").success, hands.cells.printed
    plan, applied = in_the_lab.runs()
    assert events(plan)[-1] == events(applied)[-1] == "finished"
    (approved,) = [line for line in read_journal(applied / "journal.jsonl") if line.event == "approved"]
    assert approved.data["approval"]["how"] == "panel"
    assert in_the_lab.state()[:2] == (1, True)


def test_one_sign_in_serves_all_runs_of_a_notebook(hands: Hands) -> None:
    asked: list[str] = []
    hands.session.views.steps["c4"].sign_in.show = lambda code, *_rest: asked.append(code)
    hands.apply("c7")
    hands.click("c4", "recheck")

    assert hands.status("c4") is Status.COMPLIANT
    assert not asked


@pytest.mark.parametrize("typed", ["", "c6", "c", "c77", "yes"])
def test_apply_is_armed_by_the_steps_own_name_alone(hands: Hands, in_the_lab: Served, typed: str) -> None:
    """Whatever a browser sends: the name is judged here, too."""
    before = in_the_lab.state()
    page = hands.page("c7")
    assert not page.can("apply", typed)
    page.press("apply", typed)
    hands.settle()

    assert in_the_lab.state() == before
    assert len(in_the_lab.runs()) == 1


def test_a_double_click_applies_once(hands: Hands, in_the_lab: Served) -> None:
    hands.apply("c7", times=2)

    assert in_the_lab.state()[0] == 1
    assert len(in_the_lab.runs()) == 2


def test_two_clicks_at_the_same_time_apply_once(hands: Hands, in_the_lab: Served) -> None:
    """As two tabs of one notebook can do, or a front end that answers clicks in several threads."""
    pages = [hands.page("c7") for _ in range(4)]
    together = threading.Barrier(4)

    def click(page: Page) -> None:
        together.wait()
        page.press("apply", "c7")

    clicking = [threading.Thread(target=click, args=(page,)) for page in pages]
    for thread in clicking:
        thread.start()
    for thread in clicking:
        thread.join()
    hands.settle()

    assert in_the_lab.state()[0] == 1
    assert len(in_the_lab.runs()) == 2


def test_a_plan_that_moved_is_refused_and_apply_is_off_until_somebody_looks_again(
    hands: Hands, in_the_lab: Served
) -> None:
    (domain, *_) = in_the_lab.world.tenant("contoso").server.directory
    domain.policy = PasswordPolicy(minimum_age=timedelta(hours=5))
    hands.apply("c7")

    assert in_the_lab.state()[0] == 0
    assert hands.status("c7") is Status.BLOCKED
    assert not hands.can("c7", "apply")
    hands.click("c7", "recheck")
    assert hands.can("c7", "apply")


def test_a_page_that_has_not_heard_of_an_attempt_begins_no_other_and_is_told(hands: Hands, in_the_lab: Served) -> None:
    page = hands.page("c7")
    page.press("apply", "c7")
    hands.settle()
    page.press("apply", "c7")
    hands.settle()

    assert in_the_lab.state()[0] == 1
    assert len(in_the_lab.runs()) == 2
    assert hands.says("c7").startswith("Rien n'a été fait")


def test_a_change_that_waits_can_be_stopped_and_gone_on_with(in_the_lab: Served, cells: Cells) -> None:
    """Stopped while it waits for the onboarding: what was sent is unknown until somebody looks, and going on sends nothing twice."""
    person = sent_and_waiting(in_the_lab, cells)
    person.click("c7", "stop")

    assert person.status("c7") is Status.UNKNOWN
    assert "panel-stopped" in person.told("c7")
    assert not person.can("c7", "apply")
    person.click("c7", "resume")
    assert person.status("c7") is Status.VERIFIED
    assert in_the_lab.state()[0] == 1
    assert cells.run("run.finish()").success
    person.session.close()


def test_another_notebook_finds_the_run_that_stopped(in_the_lab: Served, cells: Cells) -> None:
    """As after a restart of the kernel: Run All sends nothing, and offers to go on."""
    in_the_lab.world.tenant("contoso").faults.add("slow_onboarding")
    person = Hands(cells, CONNECT, in_the_lab.data(language="fr", connect={"wait_seconds": 0}))
    person.run_all()
    person.apply("c7")
    person.session.close()
    again = Hands(cells, CONNECT, {})
    again.run_all()

    assert in_the_lab.state()[0] == 1
    again.click("c7", "resume")
    assert again.status("c7") in (Status.VERIFIED, Status.APPLIED)
    assert in_the_lab.state()[0] == 1
    again.session.close()


def test_cells_that_are_run_while_something_is_applied_begin_nothing(in_the_lab: Served, cells: Cells) -> None:
    in_the_lab.world.tenant("contoso").faults.add("slow_onboarding")
    person = Hands(cells, CONNECT, in_the_lab.data(language="en"))
    person.run_all()
    first = person.session
    person.press("c7", "apply")
    for code in (OPEN.format(slug=CONNECT), 'run.step("c1")', 'run.step("c7")'):
        assert cells.run(code).success, cells.printed

    assert person.session is first
    assert "still going on" in cells.stop("run.finish()")
    assert "A change is being carried out" in cells.stop(OPEN.format(slug=PORTAL))
    person.settle()
    assert person.status("c7") is Status.VERIFIED
    assert len(in_the_lab.runs()) == 2
    person.session.close()


def test_an_error_that_nobody_foresaw_is_on_the_card_and_in_the_journal(hands: Hands, in_the_lab: Served) -> None:
    class Strange(Exception):
        pass

    def break_off(_panel: object, _controls: Controls) -> None:
        raise Strange("sesame")

    (target,) = [one for one in hands.session._attempts.reach.targets.values() if one.name == "sync-server"]  # noqa: SLF001
    read, target.read = target.read, lambda _requests: break_off(None, Controls())
    hands.click("c7", "recheck")
    target.read = read

    assert hands.told("c1")[0] == "internal-error"
    (line,) = [line for line in read_journal(in_the_lab.runs()[0] / "journal.jsonl") if line.event == "error"]
    assert "Strange" in str(line.data["traceback"])
    assert not hands.can("c7", "apply")


def test_a_look_that_breaks_off_is_no_pass_in_the_record_either(hands: Hands, in_the_lab: Served) -> None:
    """Card, journal and result say the same, also once the plan is finished without another look."""
    (target,) = [one for one in hands.session._attempts.reach.targets.values() if one.name == "sync-server"]  # noqa: SLF001
    read, target.read = target.read, lambda _requests: {}["what nobody foresaw"]
    hands.click("c7", "recheck")
    target.read = read
    assert hands.status("c1") is Status.BLOCKED

    assert "C1 bloqué" in hands.cells.stop("run.finish()")
    assert hands.status("c1") is Status.BLOCKED
    (folder,) = in_the_lab.runs()
    assert json.loads((folder / "result.json").read_text(encoding="utf-8"))["steps"]["c1"] == "blocked"
    assert next(iter(view_of(folder).results)).status is Status.BLOCKED


def test_a_lab_that_went_away_is_told_and_the_cell_stops(in_the_lab: Served, cells: Cells) -> None:
    person = Hands(cells, CONNECT, in_the_lab.data(sync_server={"endpoint": "https://localhost:9/wsman"}))
    cells.run(OPEN.format(slug=CONNECT))
    assert cells.run('run.step("c1")').success
    assert person.status("c1") is Status.BLOCKED
    person.session.close()


def test_a_cell_that_is_run_again_after_the_change_does_not_take_earlier_steps_for_undone(hands: Hands) -> None:
    """It begins a plan of its own, in which nobody has looked at them yet."""
    hands.apply("c7")

    assert hands.cells.run('run.step("c7")').success, hands.cells.printed
    assert hands.status("c7") is Status.COMPLIANT


def test_an_unknown_step_is_refused_in_one_line(hands: Hands) -> None:
    assert hands.cells.stop('run.step("c99")').startswith(
        "✖ La procédure enable-connect-writeback n'a pas d'étape c99."
    )


def test_plans_are_read_anew_when_asked(hands: Hands, in_the_lab: Served) -> None:
    """What another administrator did meanwhile shows, and there is nothing left to apply."""
    in_the_lab.world.tenant("contoso").server.set_writeback(CLOUD, enabled=True)
    hands.click("c1", "recheck")

    assert not hands.can("c7", "apply")
    assert hands.status("c6") is not Status.PLANNED


def test_what_is_done_by_hand_is_attested_at_the_panel(in_the_lab: Served, cells: Cells) -> None:
    """There is no button to apply: a person's word takes its place, and is bound to the plan that was shown."""
    person = guided(in_the_lab, cells)
    assert not person.can("p5", "apply")

    sign(person, write_back=True, unlock=True)

    assert [person.status(step) for step in ("p3", "p4", "p5")] == [Status.ATTESTED] * 3, person.told("p5")
    assert cells.run("run.finish()").success, cells.printed
    assert (in_the_lab.runs()[-1] / "attestations" / "attestation.yml").is_file()
    person.session.close()


def test_a_word_that_contradicts_the_plan_is_contradicted(in_the_lab: Served, cells: Cells) -> None:
    person = guided(in_the_lab, cells)
    sign(person, write_back=False, unlock=True)

    assert person.status("p3") is Status.CONTRADICTED
    assert "P3 contradicted" in cells.stop("run.finish()")
    person.session.close()


def test_cells_that_are_run_again_keep_the_sign_in_and_begin_a_new_plan(in_the_lab: Served, cells: Cells) -> None:
    person = Hands(cells, CONNECT, in_the_lab.data(language="en"))
    person.run_all()
    first = person.session
    person.run_all()

    assert person.session is first
    assert person.status("c7") is Status.PLANNED
    assert len(in_the_lab.runs()) == 2
    cells.given(in_the_lab.data("fabrikam"))
    person.run_all()
    assert person.session is not first
    person.session.close()


def test_the_panel_says_what_would_be_applied_to_whom_and_as_whom(hands: Hands) -> None:
    said = hands.says("c7")

    assert "1 changement sur contoso — LABO" in said
    assert "admin@contoso" in said


def test_with_a_roster_a_click_sends_nothing_until_people_have_signed_the_plan(
    in_the_lab: Served, cells: Cells, tmp_path: Path
) -> None:
    """The card says what is missing; an approval beside the plan, whichever look made it, is found."""
    ana = somebody("Ana Lima")
    roster = tmp_path / "roster.json"
    roster.write_bytes(written(ana.entry(valid_from="2026-01-01", valid_until="2100-01-01")))
    person = Hands(cells, CONNECT, in_the_lab.data(language="en", evidence={"roster": str(roster)}))
    person.run_all()
    before = in_the_lab.state()
    (planned,) = in_the_lab.runs()

    person.click("c7", "apply")
    assert (person.told("c7"), in_the_lab.state()) == (["approvals-missing"], before)

    data = json.loads((planned / "plan.json").read_text())
    statement = approval_of(plan_from(data["plan"]), "Ana Lima", datetime.now(UTC))
    (planned / "plan.approval-1.dsse.json").write_bytes(sign_statement(statement, [ana.signer]))
    (planned / "plan.approval-2.dsse.json").write_bytes(b"{}")
    person.click("c7", "recheck")
    person.apply("c7")

    assert person.status("c7") is Status.VERIFIED
    assert in_the_lab.state()[:2] == (1, True)
    person.session.close()
