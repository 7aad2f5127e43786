"""At the end of a run that applied something, its record goes to the change record: said in plain words, and never at the run's expense."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from runbook_lib.cli import main
from runbook_lib.parameters import check_parameters
from tests.notebooks.served import CONNECT, Served, read, serve
from tests.unit.notebook.conftest import Cells
from tests.unit.notebook.hands import Hands

ATTACH = {"change": {"attach": True}}


@pytest.fixture
def served() -> Iterator[Served]:
    """A lab of each test's own: runs change it."""
    with serve() as ready:
        yield ready


def ended(cells: Cells) -> str:
    """What the last cell shows below the overview, as text."""
    assert cells.run("run.finish()").success, cells.printed
    return str(cells.shown[-1].data["text/plain"])


def result(served: Served) -> Any:
    return read(served.runs()[-1] / "result.json")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_in_jupyterlab_the_last_cell_shows_the_receipt(in_the_lab: Served, cells: Cells, language: str) -> None:
    person = Hands(cells, CONNECT, in_the_lab.data(language=language, **ATTACH))
    person.run_all()
    person.apply("c7")

    said = ended(cells)

    change = in_the_lab.world.tenant("contoso").change
    (file,) = change.files["servicenow"]
    expected = {"en": "The record is attached to", "fr": "Le dossier est joint à"}[language]
    assert said.startswith(f"{expected} servicenow:CHG0030001")
    assert file.name in said
    assert (in_the_lab.outputs / "contoso" / file.name).read_bytes() == file.content
    assert len(list((in_the_lab.outputs / "contoso").glob("receipt-servicenow-CHG0030001-*.dsse.json"))) == 1
    person.session.close()


def test_in_jupyterlab_a_failure_is_said_with_what_to_do_and_the_run_stays_what_it_was(
    in_the_lab: Served, cells: Cells
) -> None:
    person = Hands(cells, CONNECT, in_the_lab.data(language="fr", **ATTACH))
    person.run_all()
    in_the_lab.world.tenant("contoso").faults.add("change_not_permitted")
    person.apply("c7")

    said = ended(cells)

    assert said.startswith("Le dossier n'est pas joint à servicenow:CHG0030001. Ce que l'exécution a fait reste acquis")
    assert "runbook attach outputs/contoso/" in said
    assert "--to servicenow:CHG0030001" in said
    assert result(in_the_lab)["exit_code"] == 0
    person.session.close()


def test_planning_alone_attaches_nothing(in_the_lab: Served, cells: Cells) -> None:
    person = Hands(cells, CONNECT, in_the_lab.data(**ATTACH))
    person.run_all()
    cells.stop("run.finish()")

    assert in_the_lab.world.tenant("contoso").change.files["servicenow"] == []
    assert list((in_the_lab.outputs / "contoso").glob("*.zip")) == []
    person.session.close()


def test_only_a_run_that_applies_and_was_told_to_attaches(in_the_lab: Served) -> None:
    def asked(*, attach: bool, mode: str) -> bool:
        data = in_the_lab.data(change={"attach": attach}, mode=mode, approved_plan="ab" * 32)
        return check_parameters(data).closes_record

    assert [asked(attach=a, mode=m) for a in (True, False) for m in ("apply", "plan")] == [True, False, False, False]


SEAL = {"evidence": {"seal": True}}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_in_jupyterlab_a_run_that_is_to_be_sealed_only_is_sealed_at_its_end(
    in_the_lab: Served, cells: Cells, language: str
) -> None:
    person = Hands(cells, CONNECT, in_the_lab.data(language=language, **SEAL))
    person.run_all()
    person.apply("c7")

    said = ended(cells)

    (bundle,) = (in_the_lab.outputs / "contoso").glob("*.zip")
    expected = {"en": "The run is sealed: ", "fr": "L'exécution est scellée\u00a0: "}[language]
    assert said.startswith(f"{expected}{bundle.name}")
    assert in_the_lab.world.tenant("contoso").change.files["servicenow"] == []
    person.session.close()


def test_under_plain_papermill_the_notebook_seals_and_a_key_that_is_missing_is_said(
    in_the_lab: Served, cells: Cells, tmp_path: Path
) -> None:
    """The result of the run stays what it is."""
    missing = {"evidence": {"seal": True, "signing_key": f"file:{tmp_path / 'none.pem'}"}}
    cells.given(in_the_lab.data(language="en", **missing))
    run_all(cells)
    digest = read(in_the_lab.runs()[-1] / "plan.json")["digest"]
    cells.given({"mode": "apply", "approved_plan": digest})
    run_all(cells)

    said = str(cells.shown[-1].data["text/plain"])
    assert said.startswith("The run is not sealed. What it did stands")
    assert "none.pem" in said
    assert f"runbook seal outputs/contoso/{in_the_lab.runs()[-1].name}" in said
    assert result(in_the_lab)["exit_code"] == 0


def test_the_command_line_seals_with_the_executed_notebook(
    in_the_lab: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    file = in_the_lab.file(language="en", **SEAL)
    main(["plan", CONNECT, "-p", str(file)])
    plan = in_the_lab.runs()[-1] / "plan.json"
    assert list((in_the_lab.outputs / "contoso").glob("*.zip")) == []

    assert main(["apply", CONNECT, "-p", str(file), "--plan", str(plan)]) == 0

    (bundle,) = (in_the_lab.outputs / "contoso").glob("*.zip")
    assert f"The run is sealed: {bundle.name}" in capsys.readouterr().out
    assert ZipFile(bundle).read("notebook.ipynb") == (in_the_lab.runs()[-1] / "notebook.ipynb").read_bytes()


def test_under_plain_papermill_the_notebook_itself_attaches_the_record(in_the_lab: Served, cells: Cells) -> None:
    """Nobody comes after it who could."""
    cells.given(in_the_lab.data(language="en", **ATTACH))
    run_all(cells)
    digest = read(in_the_lab.runs()[-1] / "plan.json")["digest"]
    cells.given({"mode": "apply", "approved_plan": digest})
    run_all(cells)

    assert str(cells.shown[-1].data["text/plain"]).startswith("The record is attached to servicenow:CHG0030001")
    assert len(in_the_lab.world.tenant("contoso").change.files["servicenow"]) == 1


def run_all(cells: Cells) -> None:
    """Every cell of the notebook, as papermill runs them: without panels."""
    steps = [f'run.step("c{number}")' for number in range(1, 9)]
    opening = f'from runbook_lib.notebook import open_runbook\nrun = open_runbook("{CONNECT}", panels=False)'
    for code in (opening, *steps, "run.finish()"):
        assert cells.run(code).success, cells.printed


def test_the_command_line_ends_with_5_when_a_record_is_left_to_be_attached(
    in_the_lab: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run's own result says 0 all the same, and the record waits, sealed with the executed notebook, until it is attached."""
    file, tenant = in_the_lab.file(language="en", **ATTACH), in_the_lab.world.tenant("contoso")
    main(["plan", CONNECT, "-p", str(file)])
    plan = in_the_lab.runs()[-1] / "plan.json"
    tenant.faults.add("change_throttled_long")
    capsys.readouterr()

    assert main(["apply", CONNECT, "-p", str(file), "--plan", str(plan)]) == 5

    said = capsys.readouterr()
    (bundle,) = (in_the_lab.outputs / "contoso").glob("*.zip")
    assert result(in_the_lab)["exit_code"] == 0
    assert "The record is not attached to servicenow:CHG0030001." in said.err
    assert f"runbook attach outputs/contoso/{bundle.name} --to servicenow:CHG0030001" in said.err
    assert "Nothing is left to do." not in said.out
    assert {Path(name).name for name in ZipFile(bundle).namelist()} >= {"journal.jsonl", "notebook.ipynb"}
    tenant.faults.discard("change_throttled_long")
    assert main(["attach", str(bundle), "-p", str(file)]) == 0
    assert [each.content for each in tenant.change.files["servicenow"]] == [bundle.read_bytes()]
