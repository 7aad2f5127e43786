"""What comes in between: another tenant in the middle of a look, clicks in other threads, errors in clicks, records of before."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.evidence import alone, read_journal
from runbook_lib.evidence.lock import Holder
from runbook_lib.model import Status
from runbook_lib.notebook.panel import Clicks, Controls, StepPanel
from runbook_lib.notebook.work import Work
from runbook_lib.parameters import check_parameters, read_attestation
from runbook_lib.texts.panel import PANEL
from runbook_lib.wiring import Stopped
from tests.notebooks.served import CONNECT, PREFLIGHT, VERIFY, Served, serve
from tests.unit.notebook.conftest import Cells
from tests.unit.notebook.hands import LONGEST, OPEN, Hands, events, guided, having_class, sent_and_waiting, sign
from tests.unit.notebook.page import Page
from tests.waiting import until

DISABLE = "disable-writeback"
CLOUD = "contoso.onmicrosoft.com - AAD"


@pytest.fixture
def served() -> Iterator[Served]:
    """A lab of each test's own: most of them change it."""
    with serve(onboarding=3) as ready:
        yield ready


@pytest.fixture
def hands(in_the_lab: Served, cells: Cells) -> Iterator[Hands]:
    """The first runbook, every cell run once."""
    person = Hands(cells, CONNECT, in_the_lab.data(language="en"))
    person.run_all()
    yield person
    person.settle()
    person.session.close()


def attempts_of(person: Hands) -> Any:
    return person.session._attempts  # noqa: SLF001


def target_of(person: Hands, name: str = "sync-server") -> Any:
    return attempts_of(person).reach.targets[name]


class Held:
    """Holds the readings of a target, from the one on for which `when` holds, until they are let go."""

    def __init__(self, target: Any, when: Callable[[], bool] = lambda: True) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self._when = when
        self._read, target.read = target.read, self.read

    def read(self, requests: Any) -> Any:
        if self._when():
            self.began.set()
            assert self.go_on.wait(LONGEST)
        return self._read(requests)


def test_another_tenant_in_the_middle_of_a_look_gets_nothing_of_it(hands: Hands, in_the_lab: Served) -> None:
    """Neither a result nor an error of the look; and what the look opens after that does not stay open."""
    before, target = attempts_of(hands), target_of(hands)
    held, closed = Held(target), []
    target_close = target.close
    target.close = lambda: (closed.append(held.go_on.is_set()), target_close())
    hands.press("c1", "recheck")
    assert held.began.wait(LONGEST)

    opening = threading.Thread(target=hands.session.open_with, args=(check_parameters(in_the_lab.data("fabrikam")),))
    opening.start()
    until(lambda: hands.session._attempts is not before)  # noqa: SLF001
    held.go_on.set()
    opening.join()
    hands.settle()

    assert closed
    assert all(closed), "closed while it was being read"
    assert hands.session.views.heading.tenant == "fabrikam"
    assert hands.status("c1") is Status.COMPLIANT
    assert "panel-stopped" not in hands.told("c1")
    assert all(result.finished_at for result in hands.session.views.results)


def test_no_card_of_another_tenant_stays(hands: Hands, in_the_lab: Served) -> None:
    """Also when nothing of the new tenant can be seen: its cards say that nobody has looked."""
    shown = [view for view in hands.session.views.steps.values() if "contoso" in card_of(view)]
    assert shown
    hands.session.work.submit_look = lambda _look: None
    hands.session.open_with(check_parameters(in_the_lab.data("fabrikam")))

    assert not [view for view in hands.session.views.steps.values() if "contoso" in card_of(view)]
    assert not hands.session.views._earlier  # noqa: SLF001
    del hands.session.work.submit_look


def card_of(view: Any) -> str:
    return str(view.panel._markup)  # noqa: SLF001


def test_a_plan_that_a_later_look_makes_another_cannot_be_applied(hands: Hands, in_the_lab: Served) -> None:
    """The applying step still shows the older changes: nobody has seen there what would be sent."""
    older = attempts_of(hands).digest
    in_the_lab.world.tenant("contoso").server.set_writeback(CLOUD, enabled=True)
    attempts_of(hands)._run.run.look_anew()  # noqa: SLF001
    assert older
    assert hands.cells.run('run.step("c6")').success, hands.cells.printed

    assert attempts_of(hands).digest == ""
    assert not hands.can("c7", "apply")


def test_a_plan_that_has_only_begun_cannot_be_applied(hands: Hands) -> None:
    """The cells run again from the top: what the applying step shows is of the plan before."""
    assert hands.cells.run(OPEN.format(slug=CONNECT)).success
    assert hands.cells.run('run.step("c1")').success

    assert attempts_of(hands).digest == ""
    for step in ("c2", "c3", "c4", "c5", "c6", "c7"):
        assert hands.cells.run(f'run.step("{step}")').success
    assert attempts_of(hands).digest


def test_an_error_in_a_click_is_told_and_leaves_the_change_alone(in_the_lab: Served, cells: Cells) -> None:
    """It is on the card and in the journal of the run, which keeps its journal, its lock and its connections."""
    person = sent_and_waiting(in_the_lab, cells)

    def strange() -> None:
        raise KeyError("sesame")

    person.session.work.stop = strange
    person.press("c7", "stop")
    assert "internal-error" in [f.message.key for f in attempts_of(person).results["c7"].findings]
    del person.session.work.stop
    person.settle()

    assert person.status("c7") is Status.VERIFIED
    applied = in_the_lab.runs()[-1]
    assert events(applied)[-1] == "finished"
    assert [line for line in read_journal(applied / "journal.jsonl") if line.event == "error"]
    person.session.close()


@pytest.mark.parametrize("at", ["c1", "c7"])
def test_nothing_is_sent_once_somebody_asked_to_stop(hands: Hands, in_the_lab: Served, at: str) -> None:
    """Also when no wait comes before it: neither between the steps, nor before the first change."""
    before = in_the_lab.state()
    held = Held(target_of(hands), lambda: attempts_of(hands).at == at)
    hands.press("c7", "apply")
    assert held.began.wait(LONGEST)
    hands.press("c7", "stop")
    held.go_on.set()
    hands.settle()

    assert in_the_lab.state() == before
    assert "sending" not in events(in_the_lab.runs()[-1])
    assert events(in_the_lab.runs()[-1])[-1] == "interrupted"
    assert "panel-stopped" in hands.told("c7")
    assert not hands.can("c7", "apply")


def test_a_cell_that_is_run_again_gives_back_the_widgets_it_had(hands: Hands) -> None:
    older = hands.session.views.steps["c7"].panel.widget
    assert older.comm is not None
    assert hands.cells.run('run.step("c7")').success
    assert older.comm is None
    assert hands.session.views.steps["c7"].panel.widget.comm is not None


def test_a_tenant_that_was_closed_has_nothing_begun(hands: Hands, in_the_lab: Served) -> None:
    """A click that was on its way when it was closed comes too late."""
    attempts = attempts_of(hands)
    apply = hands.session._guarded(attempts, "c7", lambda: attempts.apply(attempts.digest))  # noqa: SLF001
    hands.session.close()
    hands.session.work.submit(apply)
    hands.settle()

    assert len(in_the_lab.runs()) == 1


def test_an_error_in_the_form_of_a_word_is_in_the_journal(in_the_lab: Served, cells: Cells) -> None:
    person = guided(in_the_lab, cells)

    def strange(*_given: object) -> None:
        raise KeyError("sesame")

    person.session.apply = strange
    sign(person, write_back=True, unlock=True)

    assert "KeyError" in person.widget("p5", "attest-status").value
    (line,) = [line for line in read_journal(in_the_lab.runs()[0] / "journal.jsonl") if line.event == "error"]
    assert "strange" in str(line.data["traceback"])
    person.session.close()


def test_a_word_is_never_given_for_a_plan_that_comes_in_the_middle_of_the_click(
    in_the_lab: Served, cells: Cells
) -> None:
    """Another plan is asked about in another thread while the click for this one is being answered."""
    person = guided(in_the_lab, cells)
    form = person.session.views.steps["p5"]._form  # noqa: SLF001
    shown, word = form._asked, form._word  # noqa: SLF001
    asking = threading.Thread(target=form.ask, args=(replace(shown, plan="f" * 64),))

    def meanwhile() -> Any:
        asking.start()
        asking.join(0.3)
        return word()

    form._word = meanwhile  # noqa: SLF001
    signed: list[str] = []
    form._on_attest = lambda path: signed.append(read_attestation(path).plan)  # noqa: SLF001
    for name in ("write-back", "unlock"):
        person.widget("p5", f"seen-{name}").value = True
    person.widget("p5", "by").value = "Camille Martin"
    person.page("p5", "rk-attest-confirm").press("attest", "p5")
    asking.join()

    assert signed == [shown.plan]
    person.session.close()


def test_a_run_elsewhere_on_the_tenant_keeps_this_one_out(hands: Hands, in_the_lab: Served) -> None:
    """Another kernel that applies holds the tenant; afterwards somebody looks again here, and applies."""
    with alone(in_the_lab.outputs, "contoso", Holder("camille", "JUMP01", 4242, "run", "2026-11-30 08:00:00 UTC")):
        hands.apply("c7")
        assert in_the_lab.state()[0] == 0
        assert hands.status("c7") is Status.BLOCKED
        assert not hands.can("c7", "apply")
    hands.click("c7", "recheck")
    hands.apply("c7")

    assert in_the_lab.state()[0] == 1
    assert hands.status("c7") is Status.VERIFIED


def test_a_stop_is_for_what_is_done_and_not_for_what_comes_after() -> None:
    """Also when it comes between two tasks: the one that waits is dropped, the next one is not stopped."""
    between, go_on = threading.Event(), threading.Event()

    def ended() -> None:
        between.set()
        go_on.wait(LONGEST)

    work = Work(lambda _seconds: None, ended)
    work.submit(lambda: None)
    dropped = work.submit(lambda: None)
    assert between.wait(LONGEST)
    work.stop()
    stopped = []
    last = work.submit(lambda: stopped.append(work.stopping.is_set()))
    go_on.set()
    assert last.ended.wait(LONGEST)

    assert isinstance(dropped.error, KeyboardInterrupt)
    assert stopped == [False]


def test_work_keeps_no_thread_when_there_is_nothing_to_do() -> None:
    work = Work(lambda _seconds: None, lambda: None)
    for _ in range(3):
        assert work.submit(lambda: None).ended.wait(LONGEST)
        until(lambda: work._thread is None)  # noqa: SLF001


def test_a_confirmation_counts_for_what_its_page_showed_and_for_nothing_else() -> None:
    """The plan becomes another one while a click, with its typed name, is on its way; then the page catches up."""
    applied: list[str] = []
    panel = StepPanel("c7", "en", Clicks(lambda: None, applied.append, lambda _run: None, lambda: None), applies=True)
    panel.show(Controls(armed="a" * 64))
    (page,) = [Page(each) for each in having_class(panel.widget, "rk-buttons")]
    panel.show(Controls(said="One change.", armed="b" * 64))
    page.press("apply", "c7")

    assert applied == []
    (status,) = having_class(panel.widget, "rk-status")
    assert (
        status.said
        == "Nothing was done: what you confirmed on that page is no longer what is planned here. Read it again. One change."
    )
    page.draw().press("apply", "c7")
    page.press("apply", "c7")
    assert applied == ["b" * 64]
    panel.show(Controls(said="No change."))
    assert status.said == "No change."


def test_a_confirmation_that_comes_in_the_middle_of_something_else_is_said_to_have_come_to_nothing(
    hands: Hands, in_the_lab: Served
) -> None:
    """Somebody looks again at another panel in the moment of the click. It is said until the panel shows something else."""
    page = hands.page("c7")
    held = Held(target_of(hands))
    hands.press("c1", "recheck")
    assert held.began.wait(LONGEST)
    page.press("apply", "c7")
    missed = PANEL["missed"].en
    assert hands.says("c7").startswith(f"{missed} Looking")
    held.go_on.set()
    hands.settle()

    assert len(in_the_lab.runs()) == 1, "the plan, nothing else"
    assert hands.says("c7").startswith(f"{missed} 1 change")
    assert in_the_lab.state()[0] == 0
    hands.apply("c7")
    assert missed not in hands.says("c7")
    assert in_the_lab.state()[0] == 1


def test_the_second_click_of_a_double_click_is_nothing_to_speak_of(in_the_lab: Served, cells: Cells) -> None:
    """It comes while the first one is being carried out."""
    in_the_lab.world.tenant("contoso").faults.add("slow_onboarding")
    person = Hands(cells, CONNECT, in_the_lab.data(language="en"))
    person.run_all()
    page = person.page("c7")
    for _ in range(2):
        page.press("apply", "c7")
    until(lambda: in_the_lab.state()[0] > 0)

    assert PANEL["missed"].en not in person.says("c7")
    person.settle()
    assert PANEL["missed"].en not in person.says("c7")
    assert len(in_the_lab.runs()) == 2
    person.session.close()


def test_parameters_of_one_run_count_for_none_that_a_notebook_makes(in_the_lab: Served, cells: Cells) -> None:
    """A notebook makes several runs: an id, an approval and a word of before belong to another."""
    given = {"run_id": "20260101-000000-of-before", "approved_plan": "a" * 64, "attestation": "nowhere.yml"}
    person = Hands(cells, CONNECT, in_the_lab.data(language="en", **given))
    person.run_all()
    person.run_all()

    assert len(in_the_lab.runs()) == 2
    person.apply("c7")
    assert person.status("c7") is Status.VERIFIED
    person.session.close()


def stopped_while_it_waits(in_the_lab: Served, cells: Cells) -> Hands:
    person = sent_and_waiting(in_the_lab, cells)
    person.click("c7", "stop")
    return person


@pytest.mark.parametrize("changed", ["profile", "tenant", "sync_server"])
def test_a_run_of_another_place_is_not_gone_on_with_from_here(in_the_lab: Served, cells: Cells, changed: str) -> None:
    """A tenant of the lab may have the name of a real one: the connections of one must not serve the run of the other."""
    person = stopped_while_it_waits(in_the_lab, cells)
    attempts = attempts_of(person)
    found = attempts.unfinished
    assert found is not None
    others = {
        "profile": "live",
        "tenant": {**found.parameters["tenant"], "id": "0" * 8},
        "sync_server": {**found.parameters["sync_server"], "endpoint": "https://elsewhere.example:5986/wsman"},
    }
    other = replace(found, parameters={**found.parameters, changed: others[changed]})

    assert attempts._is_reached(found)  # noqa: SLF001
    assert isinstance(other, Stopped)
    assert not attempts._is_reached(other)  # noqa: SLF001
    person.session.close()


def test_a_refused_attempt_after_it_does_not_hide_a_run_that_stopped(in_the_lab: Served, cells: Cells) -> None:
    person = stopped_while_it_waits(in_the_lab, cells)
    stopped = attempts_of(person).unfinished.folder
    attempts = attempts_of(person)
    attempts.apply("f" * 64)  # nobody's plan: refused before anything is sent

    assert attempts.unfinished is not None
    assert attempts.unfinished.folder == stopped
    person.session.close()


def test_a_sign_in_is_shown_also_where_no_cell_was_run_for_its_step(hands: Hands) -> None:
    """As when a run is gone on with after a restart: a code that nobody sees would be waited for in vain."""
    shown: list[str] = []
    del hands.session.views.steps["c4"]
    hands.session.views.steps["c7"].sign_in.show = lambda code, *_rest: shown.append(code)
    attempts_of(hands).at = "c4"
    hands.session._show_code("ABC", "https://page.example", datetime.now(UTC) + timedelta(minutes=1), False)  # noqa: SLF001
    hands.session._step_changed()  # noqa: SLF001

    assert shown == ["ABC"]
    assert not hands.session._person.is_awaited, "the step that needed the person is over"  # noqa: SLF001


def test_a_notebook_that_cannot_be_kept_spoils_no_change(hands: Hands, in_the_lab: Served) -> None:
    """What lies beside the journal is only a view of it."""
    begin = attempts_of(hands)._begin  # noqa: SLF001

    def blocked(*given: Any, **named: Any) -> Any:
        run = begin(*given, **named)
        (run.folder / "notebook.ipynb").mkdir()
        return run

    attempts_of(hands)._begin = blocked  # noqa: SLF001
    hands.apply("c7")

    assert hands.status("c7") is Status.VERIFIED
    assert events(in_the_lab.runs()[-1])[-1] == "finished"


def test_panels_of_a_closed_notebook_take_no_click(hands: Hands, in_the_lab: Served) -> None:
    hands.session.close()
    assert hands.says("c7") == "No tenant is open."
    assert not hands.can("c7", "apply")
    hands.press("c7", "apply")
    hands.press("c1", "recheck")
    hands.settle()

    assert len(in_the_lab.runs()) == 1


@pytest.mark.parametrize("slug", [PREFLIGHT, VERIFY])
def test_a_runbook_that_only_looks_has_panels_that_only_look(in_the_lab: Served, cells: Cells, slug: str) -> None:
    before = in_the_lab.state()
    cells.given(in_the_lab.data(language="en"))
    assert cells.run(OPEN.format(slug=slug)).success, cells.printed
    session = cells.shell.user_ns["run"]
    steps = [step.id for step in session.runbook.steps]
    for step in steps:
        assert cells.run(f'run.step("{step}")').success, cells.printed
    cells.run("run.finish()")

    assert in_the_lab.state() == before
    assert [result.step for result in session.views.results if result.status is Status.TO_DO] == []
    assert events(in_the_lab.runs()[0])[-1] == "finished"
    session.close()


def test_a_journal_of_each_run_reads_whole(hands: Hands, in_the_lab: Served) -> None:
    """After looks, an applied plan and looks again: every run has one first and one last line."""
    hands.apply("c7")
    hands.click("c1", "recheck")
    hands.cells.run("run.finish()")

    for folder in in_the_lab.runs():
        seen = events(Path(folder))
        assert (seen.count("opened"), seen.count("finished")) == (1, 1)


def test_a_run_made_at_a_panel_is_undone_at_a_panel(in_the_lab: Served, cells: Cells) -> None:
    person = Hands(cells, CONNECT, in_the_lab.data(language="en"))
    person.run_all()
    person.apply("c7")
    made = in_the_lab.runs()[-1]
    cells.given({"rollback_of": f"contoso/{made.name}"})
    assert cells.run(OPEN.format(slug=DISABLE)).success, cells.printed
    session = person.session
    applying = next(step.id for step in session.runbook.steps if step.kind == "apply")
    for step in session.runbook.steps:
        assert cells.run(f'run.step("{step.id}")').success, cells.printed
    person.apply(applying)

    assert person.status(applying) is Status.ROLLED_BACK, person.told(applying)
    assert in_the_lab.state()[:2] == (2, False)
    assert session.finish() is None
    session.close()


def test_a_kernel_that_ends_in_the_middle_of_a_change_leaves_a_run_to_go_on_with(
    in_the_lab: Served, cells: Cells
) -> None:
    """Without its journal the run sends nothing more; the record is whole and says how far it came."""
    person = sent_and_waiting(in_the_lab, cells)
    attempts_of(person).close()  # what the end of the process calls
    person.session.work.stop()
    person.settle()

    applied = in_the_lab.runs()[-1]
    assert "finished" not in events(applied)
    assert attempts_of(person).unfinished.folder == applied.resolve()
    assert in_the_lab.state()[0] == 1
    person.session.close()


def test_an_error_with_no_run_open_is_in_the_journal_of_the_plan_that_begins_next(
    hands: Hands, in_the_lab: Served
) -> None:
    """After the last cell no run is open, and a click begins one: what nobody foresaw there must not be lost."""
    hands.cells.run("run.finish()")
    clock = hands.session._clock  # noqa: SLF001
    now = clock.now

    def fail_once() -> None:
        clock.now = now
        raise ZeroDivisionError

    clock.now = fail_once
    hands.apply("c7")

    lines = read_journal(in_the_lab.runs()[-1] / "journal.jsonl")
    assert [line.event for line in lines] == ["opened", "error", "step-result"]
    assert "ZeroDivisionError" in str(lines[1].data["traceback"])
    assert lines[2].data["status"] == "blocked"
    assert in_the_lab.state()[0] == 0
