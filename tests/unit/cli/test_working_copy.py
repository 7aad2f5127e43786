"""What becomes of the operator's copy of the notebooks when JupyterLab starts again."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.cli.jupyter import working_copy
from runbook_lib.errors import UsageProblem
from runbook_lib.wiring import project_root

ORIGINALS = project_root() / "notebooks" / "en"
NAME = "preflight.ipynb"
ORIGINAL = (ORIGINALS / NAME).read_bytes()


def refreshed(folder: Path) -> tuple[str, ...]:
    """What is set aside when the copy is made again."""
    with working_copy(ORIGINALS, folder, "en") as copy:
        assert (folder / NAME).read_bytes() == ORIGINAL
        return copy.set_aside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy that was made and left."""
    folder = tmp_path / "copies" / "en"
    assert refreshed(folder) == ()
    return folder


def rewrite(folder: Path, key: str, value: object, cell: int | None = None) -> None:
    book: dict[str, Any] = json.loads(ORIGINAL)
    (book if cell is None else book["cells"][cell])[key] = value
    (folder / NAME).write_text(json.dumps(book), encoding="utf-8")


def test_every_notebook_is_there_and_only_its_owner_can_look(folder: Path) -> None:
    assert {path.name for path in folder.glob("*.ipynb")} == {path.name for path in ORIGINALS.iterdir()}
    assert folder.stat().st_mode & 0o077 == 0


def test_a_notebook_that_was_only_opened_is_taken_anew_without_a_word(folder: Path) -> None:
    """JupyterLab then has written what kernel it was opened with."""
    rewrite(folder, "metadata", {"language_info": {"name": "python", "version": "3.13"}})

    assert refreshed(folder) == ()
    assert not (folder / "earlier").exists()


@pytest.mark.parametrize("key", ["source", "outputs"])
def test_a_notebook_somebody_worked_in_is_set_aside_under_its_date(folder: Path, key: str) -> None:
    rewrite(folder, key, [{"output_type": "stream", "name": "stdout", "text": "x"}] if key == "outputs" else "x = 1", 2)
    worked = (folder / NAME).read_bytes()

    (name,) = refreshed(folder)

    assert re.fullmatch(r"earlier/preflight \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.ipynb", name)
    assert (folder / name).read_bytes() == worked
    assert refreshed(folder) == ()


def test_two_of_the_same_second_are_both_kept(folder: Path) -> None:
    kept = []
    for text in ("one", "two"):
        (folder / NAME).write_text(text, encoding="utf-8")
        os.utime(folder / NAME, (1, 1))
        kept += refreshed(folder)

    assert [(folder / name).read_text(encoding="utf-8") for name in kept] == ["one", "two"]
    assert len(list((folder / "earlier").iterdir())) == 2


def test_a_checkpoint_of_what_was_set_aside_does_not_come_back_under_its_name(folder: Path) -> None:
    (folder / ".ipynb_checkpoints").mkdir()

    refreshed(folder)

    assert not (folder / ".ipynb_checkpoints").exists()


def test_what_the_operator_put_there_stays_as_it_is(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")

    refreshed(folder)

    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_copy_in_use_is_not_made_anew(folder: Path) -> None:
    with working_copy(ORIGINALS, folder, "en"):
        (folder / NAME).write_text("being worked in", encoding="utf-8")
        with pytest.raises(UsageProblem) as refused, working_copy(ORIGINALS, folder, "en"):
            pass

    assert refused.value.message.key == "notebook-already-runs"
    assert (folder / NAME).read_text(encoding="utf-8") == "being worked in"


def test_a_kit_without_notebooks_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem) as refused, working_copy(tmp_path / "none", tmp_path / "copies", "en"):
        pass

    assert refused.value.message.key == "notebooks-missing"
    assert list(tmp_path.iterdir()) == []
