"""Runs through papermill as a fleet makes them: what a tenant's trouble leaves, and that it stays that tenant's."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from runbook_lib.evidence import read_journal
from runbook_lib.fleet import NOTEBOOK, Job, Outcome, run_all, worst
from runbook_lib.model import EXIT_CODES, SEVERITY
from runbook_lib.notebook.generate import notebook
from runbook_lib.runbooks import find
from runbook_lib.wiring.places import APPROVED_BY, CHANNEL, LAB, OUTPUTS
from tests.notebooks.served import CONNECT, Served, read, serve
from tests.unit.fleet.books import jobs, said

DIES = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve() as ready:
        yield ready


@pytest.fixture(autouse=True)
def in_the_lab(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LAB, str(served.descriptors))


def written(folder: Path, name: str, *, dies_after: str) -> Path:
    """The generated notebook, with a cell that kills its kernel after the cell of an id."""
    book = notebook(find(CONNECT), "en")
    place = next(number for number, cell in enumerate(book.cells) if cell.id == dies_after)
    book.cells.insert(place + 1, v4.new_code_cell(DIES, id="dies"))
    path = folder / name
    path.write_text(nbformat.writes(book), encoding="utf-8")
    return path


def job(served: Served, run_id: str, notebook_file: Path | None = None, **changed: Any) -> Job:
    values = served.data(language="en", **changed)
    file = notebook_file or Path(__file__).resolve().parents[3] / "notebooks" / "en" / f"{CONNECT}.ipynb"
    return Job(file, "contoso", run_id, served.outputs, values)


def outcomes(*jobs: Job) -> list[Outcome]:
    return list(run_all(jobs, approved_by="command-line", hear=lambda news: None))


@pytest.fixture(scope="module")
def fleet(served: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """One after another: a kernel that dies before its run begins, one while planning, one that plans, one after sending."""
    folder = tmp_path_factory.mktemp("dying")
    before = dict(os.environ)
    os.environ[LAB] = str(served.descriptors)
    try:
        first, second, third = outcomes(
            job(served, "dies-first", written(folder, "first.ipynb", dies_after="parameters")),
            job(served, "dies-planning", written(folder, "planning.ipynb", dies_after="step-c2")),
            job(served, "plans"),
        )
        apply = {"mode": "apply", "approved_plan": third.plan}
        dying = written(folder, "applying.ipynb", dies_after="step-c7")
        (fourth,) = outcomes(job(served, "dies-applying", dying, **apply))
    finally:
        os.environ.clear()
        os.environ.update(before)
    return {outcome.folder.name: outcome for outcome in (first, second, third, fourth)}


def test_a_kernel_that_dies_before_anything_was_sent_has_failed(fleet: dict[str, Outcome]) -> None:
    for name in ("dies-first", "dies-planning"):
        assert fleet[name].exit_code == 1
        assert fleet[name].problem.startswith("✖ The notebook broke off")
        assert "\n" not in fleet[name].problem
    assert [list(fleet[name].steps) for name in ("dies-first", "dies-planning")] == [[], ["c1", "c2"]]


def test_a_kernel_that_dies_after_something_was_sent_leaves_an_unknown_outcome(
    fleet: dict[str, Outcome], served: Served
) -> None:
    assert fleet["dies-applying"].exit_code == 4
    assert "sending" in {line.event for line in read_journal(fleet["dies-applying"].folder / "journal.jsonl")}
    assert served.world.tenant("contoso").server.writeback().enabled


def test_the_next_run_is_not_touched_by_the_death_of_another(fleet: dict[str, Outcome]) -> None:
    assert fleet["plans"].exit_code == 3
    assert fleet["plans"].problem == ""
    assert fleet["plans"].plan == read(fleet["plans"].folder / "plan.json")["digest"]


def test_the_notebook_is_kept_as_far_as_it_came(fleet: dict[str, Outcome], served: Served) -> None:
    """Beside the other runs of the tenant when there is no folder of the run, for nobody else to read."""
    for name in ("dies-planning", "plans", "dies-applying"):
        assert (fleet[name].folder / NOTEBOOK).is_file()
    kept = served.outputs / "contoso" / "dies-first.ipynb"

    assert not fleet["dies-first"].folder.exists()
    assert "dies" in {cell.id for cell in nbformat.read(kept, as_version=4).cells}
    for file in (kept, fleet["plans"].folder / NOTEBOOK):
        assert file.stat().st_mode & 0o077 == 0


def test_a_notebook_that_is_not_there_is_that_tenants_trouble(served: Served, tmp_path: Path) -> None:
    (outcome,) = outcomes(job(served, "nowhere", tmp_path / "nowhere.ipynb"))

    assert outcome.exit_code == 1
    assert outcome.problem != ""


def test_records_that_cannot_be_written_are_said_in_one_line(served: Served, tmp_path: Path) -> None:
    taken = tmp_path / "outputs"
    taken.write_text("a file stands where the folder should be", encoding="utf-8")

    (outcome,) = outcomes(replace(job(served, "run-1"), outputs=taken))

    assert outcome.exit_code == 1
    assert outcome.problem.startswith("✖ ")
    assert "\n" not in outcome.problem


def test_the_folder_of_the_records_is_made_for_its_owner_alone(served: Served, tmp_path: Path) -> None:
    """Its names are those of tenants."""
    outcomes(replace(job(served, "run-1", tmp_path / "nowhere.ipynb"), outputs=tmp_path / "deep" / "outputs"))

    assert (tmp_path / "deep" / "outputs").stat().st_mode & 0o077 == 0
    assert (tmp_path / "deep" / "outputs" / "contoso").stat().st_mode & 0o077 == 0


def test_the_environment_is_as_it_was(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of a variable that had a value, after a failure, and while the next job is waited for."""
    monkeypatch.setenv(OUTPUTS, "mine")
    monkeypatch.delenv(CHANNEL, raising=False)
    monkeypatch.delenv(APPROVED_BY, raising=False)
    before = dict(os.environ)

    running = run_all(
        [job(served, f"nowhere-{n}", tmp_path / "x.ipynb") for n in range(2)],
        approved_by="demo",
        hear=lambda news: None,
    )

    for _ in running:
        assert dict(os.environ) == before
    assert dict(os.environ) == before


def test_what_runs_execute_is_in_no_history_of_who_sits_at_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    (only,) = jobs(tmp_path, ["contoso"], "print(len(In))")

    outcomes(only)

    assert said(only) == "3\n"
    assert (tmp_path / "ipython").is_dir()
    assert list((tmp_path / "ipython").rglob("history.sqlite*")) == []


def test_a_damaged_journal_leaves_an_unknown_outcome(served: Served, tmp_path: Path) -> None:
    """Not being able to look is never a pass."""
    damaged = job(served, "damaged", tmp_path / "nowhere.ipynb")
    damaged.folder.mkdir(parents=True)
    (damaged.folder / "journal.jsonl").write_text("no journal\n", encoding="utf-8")

    (outcome,) = outcomes(damaged)

    assert outcome.exit_code == 4


# Notebooks of one cell each: one stops while it is opened, one fails without a word of ours, one stops after a good result.
STOPS = """from runbook_lib.notebook.stop import Stop
from runbook_lib.wiring.announcing import announcer
announcer(run_id)({"event": "stopped", "exit_code": "1"})
raise Stop("✖ said")"""
FAILS = "raise LookupError('nobody foresaw this')"
STOPS_LATE = """import json, os, pathlib
from runbook_lib.notebook.stop import Stop
folder = pathlib.Path(os.environ["RUNBOOK_OUTPUTS"]) / "contoso" / run_id
folder.mkdir()
result = {"exit_code": 3, "steps": {"c6": "planned"}, "plan": "", "page": "", "changes": [], "verdict": ""}
(folder / "result.json").write_text(json.dumps(result))
raise Stop("✖ said late")"""


def test_a_run_that_stops_ends_with_the_code_of_what_stopped_it(served: Served, tmp_path: Path) -> None:
    """Not as a mistake of the caller when a disk refused, and never as good when the notebook broke off."""
    jobs = []
    for number, code in enumerate((STOPS, FAILS, STOPS_LATE)):
        file = tmp_path / f"{number}.ipynb"
        book = v4.new_notebook(cells=[v4.new_code_cell(code)], metadata=notebook(find(CONNECT), "en").metadata)
        file.write_text(nbformat.writes(book), encoding="utf-8")
        jobs.append(replace(job(served, f"stops-{number}", file), parameters={"mode": "plan"}))

    early, unforeseen, late = outcomes(*jobs)

    assert (early.exit_code, early.problem) == (1, "✖ said")
    assert unforeseen.exit_code == 1
    assert "LookupError" in unforeseen.problem
    assert "nobody foresaw" not in unforeseen.problem
    assert (late.exit_code, late.problem, late.steps) == (1, "✖ said late", {"c6": "planned"})


def test_a_fleet_ends_with_its_worst_code() -> None:
    """What is unknown is not hidden by an interruption, and neither by a mistake of the caller."""
    assert worst([]) == 0
    assert [worst([0, code]) for code in (*SEVERITY, 2, 130)] == [*SEVERITY, 2, 130]
    assert [worst([*SEVERITY[place:]]) for place in range(len(SEVERITY))] == list(SEVERITY)
    assert (worst([2, 4]), worst([130, 4]), worst([1, 2]), worst([2, 130])) == (4, 4, 2, 130)
    assert set(EXIT_CODES.values()) == set(SEVERITY)
