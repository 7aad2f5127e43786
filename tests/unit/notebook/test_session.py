"""What cells do: one line when they stop, cards that follow the run, and parameters refused before anything is sent."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.engine import ApprovedDigest, Parts, Run
from runbook_lib.errors import TargetError
from runbook_lib.evidence import Redactor, RunDirectory, read_journal
from runbook_lib.fleet.listening import Listening, News
from runbook_lib.model import Change, Wanted
from runbook_lib.notebook.card import MIME, Setting
from runbook_lib.notebook.overview import OVERVIEW_MIME, Heading
from runbook_lib.notebook.session import Session
from runbook_lib.notebook.sign_in_card import SignInCard
from runbook_lib.notebook.stop import Stop
from runbook_lib.ports import Answer, Request
from runbook_lib.runbooks import find
from runbook_lib.wiring import Assembly
from runbook_lib.wiring.places import CHANNEL, LAB
from tests.notebooks.served import CONNECT, Served
from tests.unit.notebook.conftest import Cells

ROOT = Path(__file__).parents[3]
# The end of a code's time, given in a time zone that is not the one it is shown in.
UNTIL = (
    "from datetime import datetime, timedelta, timezone\n"
    "until = datetime(2026, 11, 22, 16, 5, tzinfo=timezone(timedelta(hours=2)))\n"
)
OPEN = f'from runbook_lib.notebook import open_runbook\nrun = open_runbook("{CONNECT}")'


def test_cells_run_one_after_another_plan_and_leave_one_card_each(in_the_lab: Served, cells: Cells) -> None:
    """Also what the overview says at the end, and that nothing is printed beside the cards."""
    before = in_the_lab.state()
    cells.given(in_the_lab.data(language="en"))
    for code in (OPEN, *(f'run.step("c{number}")' for number in range(1, 9))):
        assert cells.run(code).success, cells.printed
        assert cells.printed == ""
    cells.run("run.finish()")
    (shown,) = cells.shown

    assert in_the_lab.state() == before
    assert shown.data[OVERVIEW_MIME]["steps"]["c7"]["status"] == "planned"
    (folder,) = in_the_lab.runs()
    assert read_journal(folder / "journal.jsonl")[-1].event == "finished"


def test_a_step_that_does_not_exist_is_one_line_and_the_run_goes_on(in_the_lab: Served, cells: Cells) -> None:
    cells.given(in_the_lab.data(language="fr"))
    cells.run(OPEN)

    said = cells.stop('run.step("c99")')

    assert said.startswith("✖ La procédure enable-connect-writeback n'a pas d'étape c99.")
    assert cells.run('run.step("c1")').success
    assert cells.shown[-1].data[MIME]["result"]["status"] == "compliant"


def test_a_step_may_be_looked_at_again(in_the_lab: Served, cells: Cells) -> None:
    cells.given(in_the_lab.data())
    cells.run(OPEN)
    cells.run('run.step("c1")')
    first = cells.shown[-1].data[MIME]["sha256"]
    cells.run('run.step("c1")')

    assert cells.shown[-1].data[MIME]["sha256"] == first


def test_a_record_that_disappears_stops_the_run(in_the_lab: Served, cells: Cells) -> None:
    """Without a journal nothing may be sent, so there is no use in going on."""
    cells.given(in_the_lab.data())
    cells.run(OPEN)
    (folder,) = in_the_lab.runs()
    (folder / "journal.jsonl").unlink()

    error = cells.run('run.step("c1")').error_in_exec

    assert isinstance(error, Stop)
    assert "\n" not in str(error)


def test_a_sign_in_code_is_replaced_in_its_own_cell(cells: Cells) -> None:
    cells.run(
        "from runbook_lib.notebook.sign_in_card import SignInCard\n"
        f"{UNTIL}shown = SignInCard('en')\nshown.show('ABCD-1234', 'https://login.example/device', until)\nshown.clear()\nshown.clear()"
    )
    first, second = cells.shown

    assert "ABCD-1234" in first.data["text/html"]
    assert "counts until 14:05 UTC" in first.data["text/html"]
    assert "ABCD-1234" not in first.data["text/plain"]
    assert second.update
    assert second.transient["display_id"] == first.transient["display_id"]
    assert "ABCD-1234" not in str(second.data)


def test_a_second_code_in_a_cell_replaces_the_first_and_says_why_it_is_asked_again(cells: Cells) -> None:
    cells.run(
        "from runbook_lib.notebook.sign_in_card import SignInCard\n"
        f"{UNTIL}shown = SignInCard('fr')\nshown.show('ABCD-1234', 'https://login.example/device', until)\n"
        "shown.show('EFGH-5678', 'https://login.example/device', until, True)"
    )
    first, first_replaced, second = cells.shown

    assert first_replaced.transient["display_id"] == first.transient["display_id"]
    assert "ABCD-1234" not in str(first_replaced.data) + str(second.data)
    assert "EFGH-5678" in second.data["text/html"]
    assert "Reconnectez-vous" in second.data["text/html"]
    assert "Reconnectez-vous" not in first.data["text/html"]


def test_where_a_browser_was_opened_the_card_says_so_and_shows_no_code(cells: Cells) -> None:
    cells.run(
        "from runbook_lib.notebook.sign_in_card import SignInCard\n"
        f"{UNTIL}shown = SignInCard('fr')\nshown.show('', '', until)"
    )
    (shown,) = cells.shown

    assert "Connectez-vous dans le navigateur ouvert" in shown.data["text/html"]
    assert "14:05 UTC" in shown.data["text/html"]
    assert "<a " not in shown.data["text/html"]


def test_an_operator_may_name_things_once_a_run_is_open_but_not_before(in_the_lab: Served, cells: Cells) -> None:
    """Before, any strange name may be a misspelt parameter; afterwards it is the operator's own business."""
    cells.given({**in_the_lab.data(language="en"), "mdoe": "apply"})
    assert "mdoe" in cells.stop(OPEN)

    cells.run("del mdoe")
    cells.run(OPEN)
    cells.run("notes = 'mine'")

    assert cells.run(OPEN).success, cells.printed


@pytest.mark.parametrize("asked", ["en", "fr"])
def test_a_notebook_without_values_of_its_own_rehearses_on_the_lab(
    in_the_lab: Served, cells: Cells, asked: str
) -> None:
    cells.given({"profile": "lab", "language": asked, "tenant": None, "sync_server": None, "sign_in": None})

    assert cells.run(OPEN).success, cells.printed
    assert in_the_lab.runs("contoso") != []
    assert f'lang="{asked}"' in cells.shown[0].data["text/html"]


def test_a_notebook_with_some_values_gets_none_of_another_tenant(in_the_lab: Served, cells: Cells) -> None:
    """What is missing from a file is missed; it is not taken from an example."""
    data = in_the_lab.data(language="en")
    cells.given({**data, "sign_in": None})

    assert "sign_in" in cells.stop(OPEN)
    assert not in_the_lab.outputs.exists()


def test_a_live_notebook_never_takes_the_tenant_of_the_lab(in_the_lab: Served, cells: Cells) -> None:
    cells.given({"profile": "live", "language": "en"})

    said = cells.stop(OPEN)

    assert all(name in said for name in ("tenant", "sync_server", "sign_in"))
    assert not in_the_lab.outputs.exists()


def test_a_run_that_is_finished_says_so_and_may_be_opened_again(in_the_lab: Served, cells: Cells) -> None:
    cells.given(in_the_lab.data(language="en"))
    cells.run(OPEN)
    cells.run('run.step("c1")')
    cells.run("run.finish()")

    for code in ("run.finish()", 'run.step("c1")'):
        assert cells.stop(code).endswith("is over. Run the cell with open_runbook again: it starts a new run.")
    assert cells.run(OPEN).success
    assert cells.run('run.step("c1")').success


def test_opening_again_gives_back_what_the_run_before_holds(in_the_lab: Served, cells: Cells) -> None:
    """Its shell at the server, and the tenant: else a second look at mode apply would be refused."""
    server = in_the_lab.lab.service(in_the_lab.world.tenant("contoso").server)
    before = server.open_shells
    cells.given(in_the_lab.data(mode="apply", approved_plan="0" * 64))
    cells.run(OPEN)
    cells.run('run.step("c1")')
    assert server.open_shells == before + 1

    assert cells.run(OPEN).success, cells.printed

    assert server.open_shells == before


@pytest.mark.parametrize("mode", ["aply", "apply"])
def test_whoever_started_a_run_learns_why_it_did_not_open(
    in_the_lab: Served, cells: Cells, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """By the exit code: there is no record yet to read it from."""
    news: list[News] = []
    cells.given(in_the_lab.data(language="en", mode=mode, run_id="asked-1"))
    with Listening(news.append) as listening:
        monkeypatch.setenv(CHANNEL, listening.address)
        cells.stop(OPEN)

    assert news == [{"run": "asked-1", "event": "stopped", "exit_code": {"aply": "2", "apply": "1"}[mode]}]


def test_what_nobody_foresaw_while_opening_is_one_line(
    in_the_lab: Served, cells: Cells, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Here: a description of the lab that is nested deeper than Python reads."""
    (tmp_path / "lab.json").write_text("[" * 100_000, encoding="utf-8")
    monkeypatch.setenv(LAB, str(tmp_path))
    cells.given(in_the_lab.data(language="en"))

    said = cells.stop(OPEN)

    assert "RecursionError" in said
    assert "\n" not in said


class Troubled:
    """A target with a mistake in it: what it raises is not an error of the kit."""

    name = "sync-server"

    def __init__(self, trouble: BaseException) -> None:
        self._trouble = trouble
        self.closed = 0

    def read(self, requests: Sequence[Request]) -> list[Answer | TargetError]:
        raise self._trouble

    def perform(self, change: Change) -> Answer:
        raise self._trouble

    def close(self) -> None:
        self.closed += 1


def session(folder: Path, trouble: BaseException) -> tuple[Any, Path, Troubled]:
    """A session on a target that raises, its journal, and the target."""
    directory = RunDirectory.create(folder, "contoso", "run-1", Redactor())
    clock = SystemClock()
    journal = directory.journal(clock)
    target = Troubled(trouble)
    targets = {"sync-server": target}
    parts = Parts(targets, clock, journal, ApprovedDigest("", by="tester"))
    wanted = Wanted("1f3c5a70-6b1e-4f0e-9d54-0c2b7a91e001", "contoso")
    run = Run(find(CONNECT), wanted, parts, version="1", parameters={}, apply=False)
    assembly = Assembly(run, directory, journal, dict(targets))
    heading = Heading(CONNECT, "contoso", "run-1", "plan", "outputs/contoso/run-1")
    return Session(assembly, SignInCard("en"), Setting("en", is_lab=True), heading), directory.journal_path, target


def test_what_nobody_foresaw_is_one_line_and_its_traceback_is_in_the_journal(cells: Cells, tmp_path: Path) -> None:
    opened, journal, target = session(tmp_path, ZeroDivisionError("a secret may stand here"))

    with pytest.raises(Stop) as stop:
        opened.step("c1")

    assert "ZeroDivisionError" in str(stop.value)
    assert "a secret may stand here" not in str(stop.value)
    assert "\n" not in str(stop.value)
    (line,) = [line for line in read_journal(journal) if line.event == "error"]
    assert "ZeroDivisionError" in line.data["traceback"]
    assert target.closed == 1


def test_an_interrupt_is_recorded_and_passed_on(cells: Cells, tmp_path: Path) -> None:
    opened, journal, target = session(tmp_path, KeyboardInterrupt())

    with pytest.raises(KeyboardInterrupt):
        opened.step("c1")

    assert read_journal(journal)[-1].event == "interrupted"
    assert target.closed == 1


def test_a_kernel_that_ends_gives_back_what_an_open_run_holds(tmp_path: Path) -> None:
    """Restarted, or shut down after a cell stopped."""
    code = f"""
import pathlib
from tests.unit.notebook import test_session
opened, _, target = test_session.session(pathlib.Path({str(tmp_path)!r}), ValueError())
target.close = lambda: print("closed")
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert ended.stdout.splitlines()[-1] == "closed"


def test_a_record_that_fails_ends_the_run_and_gives_back_what_it_holds(cells: Cells, tmp_path: Path) -> None:
    opened, journal, target = session(tmp_path, ValueError())
    journal.unlink()

    with pytest.raises(Stop):
        opened.step("c1")

    assert target.closed == 1
    with pytest.raises(Stop, match="is over"):
        opened.step("c1")


def test_a_stop_shows_itself_and_no_traceback() -> None:
    assert Stop("✖ one line")._render_traceback_() == ["✖ one line"]
    assert "runbook_lib.notebook" in sys.modules
