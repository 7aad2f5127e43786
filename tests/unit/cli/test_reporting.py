"""The verb `runbook report`: a page or a PDF of a run, in the language asked for, and no other file touched."""

import json
from pathlib import Path

import pytest

from runbook_lib.cli import main
from runbook_lib.evidence import JOURNAL
from tests.matrix.cases import BY_NAME, carried
from tests.notebooks.served import CONNECT
from tests.unit.notebook.test_record import FINISHED, written


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a French run."""
    seen = carried(BY_NAME["enable-connect-writeback.apply"], "")
    return written(tmp_path / "outputs", CONNECT, [*seen.journal.lines, FINISHED])


def test_a_report_is_in_the_language_of_the_run_and_beside_its_journal(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run / JOURNAL).read_bytes()

    assert main(["report", str(run)]) == 0

    page = (run / "report.fr.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert str(run / "report.fr.html") in capsys.readouterr().out.replace("\n", "")
    assert (run / JOURNAL).read_bytes() == before


def test_a_report_in_another_language_stands_beside_the_first(run: Path) -> None:
    assert main(["report", str(run)]) == 0
    assert main(["--language", "en", "report", str(run)]) == 0

    assert '<html lang="en">' in (run / "report.en.html").read_text(encoding="utf-8")
    assert main(["report", str(run), "--language", "fr"]) == 0  # the same again is no trouble


def test_a_report_as_pdf_is_told_to_machines(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "report.PDF"

    assert main(["report", str(run), "--to", str(to), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert to.read_bytes().startswith(b"%PDF")
    assert (told["report"], told["language"], told["run_id"]) == (str(to), "fr", "run-1")


def test_what_is_there_already_is_left(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "report.fr.html").write_text("mine", encoding="utf-8")

    assert main(["report", str(run)]) == 2

    assert (run / "report.fr.html").read_text(encoding="utf-8") == "mine"
    assert "--to" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["report.docx", "report"])
def test_another_kind_of_file_is_refused_before_anything_is_read(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path / "nothing"), "--to", str(tmp_path / name)]) == 2

    assert ".pdf" in capsys.readouterr().err


def test_a_damaged_record_is_refused_and_nothing_is_written(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = run / JOURNAL
    journal.write_bytes(journal.read_bytes().replace(b"verified", b"VERIFIED", 1))

    assert main(["report", str(run)]) == 1

    assert JOURNAL in capsys.readouterr().err
    assert not list(run.glob("report*"))
