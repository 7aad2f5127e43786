"""A run drawn again from its journal: the same cards in either language, no sentence of the other one, no guess where it is damaged."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from runbook_lib.errors import EvidenceError, UnknownRunbook
from runbook_lib.evidence import JOURNAL, Redactor, RunDirectory, read_journal
from runbook_lib.lab.clock import ManualClock
from runbook_lib.model import Json, Status, StepResult
from runbook_lib.notebook.card import MIME, bundle, record
from runbook_lib.notebook.kept import keep_notebook, notebook_of
from runbook_lib.notebook.overview import OVERVIEW_MIME, overview_record
from runbook_lib.notebook.record import view_of
from runbook_lib.runbooks.ladder import reached
from runbook_lib.texts import LANGUAGES, Language
from tests.matrix.cases import BY_NAME, CASES, Case, carried
from tests.notebooks.served import CONNECT, Served
from tests.sentences import fragments, other_than
from tests.unit.notebook.conftest import Cells
from tests.unit.notebook.markup import Markup

PAGE = "https://portal.azure.com/#view/Page"
FINISHED = ("finished", {"exit_code": 0, "plan": "ab" * 32})


def written(outputs: Path, slug: str, lines: list[tuple[str, dict[str, Json]]], **asked: Any) -> Path:
    """A run's folder with a journal of these lines. Returns its path."""
    run = asked.pop("run", "run-1")
    parameters = {"tenant": {"name": "contoso"}, "profile": "lab", "mode": "apply", "language": "fr"}
    directory = RunDirectory.create(outputs, "contoso", run, Redactor())
    with directory.journal(ManualClock()) as journal:
        said = {**parameters, "change": {"number": None}, **asked}
        journal.record("opened", runbook=slug, version="1", run=run, page=PAGE, parameters=said)
        for event, data in lines:
            journal.record(event, **data)
    return directory.path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_run_is_drawn_from_its_journal_as_it_was_drawn_while_it_ran(case: Case, tmp_path: Path) -> None:
    seen = carried(case, "")
    folder = written(tmp_path, case.slug, [*seen.journal.lines, FINISHED])

    view = view_of(folder)

    was = [seen.run.results.get(step.id, StepResult(step.id, Status.TO_DO)) for step in seen.run.runbook.steps]
    assert [bundle(result, view.setting) for result in view.results] == [bundle(result, view.setting) for result in was]
    assert view.heading.ladder == reached(seen.run.runbook, seen.run.results)
    assert view.setting.portal_page == PAGE
    assert [each.approval.digest for each in view.approved] == [
        data["approval"]["digest"] for event, data in seen.journal.lines if event == "approved"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "fault"), [("preflight.writeback-off.plan", "no_rsat"), ("enable-connect-writeback.apply", "")]
)
def test_a_record_drawn_in_one_language_has_no_sentence_of_the_other(
    tmp_path: Path, language: Language, name: str, fault: str
) -> None:
    seen = carried(BY_NAME[name], fault)
    view = view_of(
        written(tmp_path, BY_NAME[name].slug, [*seen.journal.lines, FINISHED], language=other_than(language))
    )

    drawn = notebook_of(view.said_in(language))
    cells = nbformat.reads(drawn, as_version=4).cells
    text = "\n".join(
        [cell.source for cell in cells]
        + [said for cell in cells for output in cell.get("outputs", []) for said in (output.data["text/plain"], Markup(output.data["text/html"]).text)]
    )  # fmt: skip

    assert [part for part in fragments(other_than(language)) if part in text] == []
    assert any(part in text for part in fragments(language))


def test_a_state_taken_in_french_and_in_english_has_the_same_digests(in_the_lab: Served, cells: Cells) -> None:
    """The plan's, and that of each card."""
    for language in LANGUAGES:
        cells.given(in_the_lab.data(language=language, run_id=f"in-{language}"))
        cells.run(f'from runbook_lib.notebook import open_runbook\nrun = open_runbook("{CONNECT}")')
        for number in range(1, 9):
            assert cells.run(f'run.step("c{number}")').success
        assert cells.run("run.finish()").success
    french, english = (view_of(in_the_lab.outputs / "contoso" / f"in-{language}") for language in ("fr", "en"))

    assert (french.setting.language, english.setting.language) == ("fr", "en")
    assert french.heading.plan_digest == english.heading.plan_digest != ""
    digests = [overview_record(view.heading, view.results)["steps"] for view in (french, english)]
    assert digests[0] == digests[1]


def test_what_was_sent_and_never_judged_is_unknown_and_shows_what_was_approved(tmp_path: Path) -> None:
    seen = carried(BY_NAME["enable-connect-writeback.apply"], "")
    events = [event for event, _ in seen.journal.lines]
    view = view_of(written(tmp_path, CONNECT, seen.journal.lines[: events.index("sending") + 1]))

    states = {result.step: result for result in view.results}
    assert states["c7"].status is Status.UNKNOWN
    assert states["c7"].changes
    assert states["c8"].status is Status.TO_DO
    assert not view.is_ended
    assert view.heading.ladder is None


def test_a_run_that_went_on_tells_of_all_its_attempts_and_of_its_last_word(tmp_path: Path) -> None:
    seen = carried(BY_NAME["enable-connect-writeback.apply"], "")
    resumed = ("resumed", {"attempt": 2, "version": "1", "by": "tester"})
    view = view_of(written(tmp_path, CONNECT, [*seen.journal.lines, resumed]))

    assert view.attempts == 2
    assert {result.status for result in view.results} == {result.status for result in seen.run.results.values()}


def a_run(tmp_path: Path) -> Path:
    seen = carried(BY_NAME["enable-connect-writeback.plan"], "")
    return written(tmp_path, CONNECT, [*seen.journal.lines, FINISHED], mode="plan")


def test_half_a_line_at_the_end_is_told_and_hides_nothing(tmp_path: Path) -> None:
    folder = a_run(tmp_path)
    whole = view_of(folder)
    with (folder / JOURNAL).open("ab") as journal:
        journal.write(b'{"at":"2026')

    torn = view_of(folder)

    assert (whole.is_torn, torn.is_torn) == (False, True)
    assert (torn.results, torn.head) == (whole.results, whole.head)


@pytest.mark.parametrize("content", [b"", b'{"at":"2026'])
def test_a_journal_without_a_whole_line_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / JOURNAL).write_bytes(content)

    with pytest.raises(EvidenceError) as refused:
        view_of(tmp_path)

    assert refused.value.message.key == "record-empty"


def test_a_folder_without_a_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError) as refused:
        view_of(tmp_path)

    assert refused.value.message.key == "evidence-no-run"


def test_a_journal_that_was_changed_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = a_run(tmp_path)
    journal = folder / JOURNAL
    journal.write_bytes(journal.read_bytes().replace(b'"compliant"', b'"verified"', 1))

    with pytest.raises(EvidenceError) as refused:
        view_of(folder)

    assert refused.value.message.key == "journal-damaged"


STRANGE = (
    ("step-result", {"step": "zz", "status": "verified"}),
    ("step-result", {"step": "c1", "status": "splendid"}),
    ("step-result", {"step": "c1", "status": "verified", "started_at": "soon", "finished_at": "later"}),
    ("step-result", {"step": "c1", "status": "blocked", "findings": [{"level": "blocker", "message": {"key": "?"}}]}),
    ("step-result", {"step": "c1", "status": "verified", "facts": [{"name": "?", "value": 1, "source": "x"}]}),
    ("approved", {"approval": {"digest": 1}, "plan": {"changes": []}}),
    ("approved", {}),
    ("finished", {}),
    ("attestation-kept", {}),
)


@pytest.mark.parametrize("line", STRANGE, ids=lambda line: json.dumps(line)[:60])
def test_a_journal_of_another_version_is_refused_and_named(tmp_path: Path, line: tuple[str, dict[str, Json]]) -> None:
    with pytest.raises(EvidenceError) as refused:
        view_of(written(tmp_path, CONNECT, [line]))

    assert refused.value.message.key == "record-not-understood"
    assert refused.value.message.arguments["version"] == "1"


@pytest.mark.parametrize("changed", [{"tenant": {}}, {"change": None}, {"mode": "guess"}])
def test_parameters_that_no_run_has_are_refused(tmp_path: Path, changed: dict[str, Json]) -> None:
    folder = written(tmp_path, CONNECT, [], **changed)

    with pytest.raises(EvidenceError, match="version 1"):
        view_of(folder)


def test_a_run_of_a_runbook_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownRunbook):
        view_of(written(tmp_path, "enable-teleport", []))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [case for case in CASES if case.mode == "apply"], ids=lambda case: case.name)
def test_the_notebook_that_is_kept_holds_every_card_and_nothing_that_needs_a_kernel(
    tmp_path: Path, case: Case, language: Language
) -> None:
    seen = carried(case, "")
    folder = written(tmp_path, case.slug, [*seen.journal.lines, FINISHED], language=language)

    kept = keep_notebook(folder)

    book = nbformat.reads(kept.read_text(encoding="utf-8"), as_version=4)
    nbformat.validate(book)
    view = view_of(folder)
    cells = {cell.id: cell for cell in book.cells}
    for result in view.results:
        (output,) = cells[f"step-{result.step}"].outputs
        assert output.data[MIME] == json.loads(json.dumps(record(result)))
        assert output.data["text/html"] == bundle(result, view.setting)["text/html"]
    assert cells["overview"].outputs[0].data[OVERVIEW_MIME]["run_id"] == "run-1"
    assert "widget" not in kept.read_text(encoding="utf-8")
    assert f'lang="{language}"' in cells["open"].outputs[0].data["text/html"]
    assert kept.stat().st_mode & 0o077 == 0


def test_the_notebook_that_is_kept_is_the_same_whenever_it_is_drawn(tmp_path: Path) -> None:
    folder = a_run(tmp_path)

    first = keep_notebook(folder).read_bytes()

    assert keep_notebook(folder).read_bytes() == first
    assert read_journal(folder / JOURNAL)[-1].event == "finished"
