"""The notebooks of the repository are what the generator makes of the runbooks and their texts, and nothing else is in them."""

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from runbook_lib.notebook.fleet_cells import CALLS, DEFAULTS, OPENING
from runbook_lib.notebook.fleet_cells import NAME as FLEET
from runbook_lib.notebook.generate import notebooks
from runbook_lib.parameters import parameter_names
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import LANGUAGES

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
# JupyterLab keeps copies in hidden folders, which are not part of the repository.
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("[!.]*/*.ipynb"))
# The notebook over many tenants has cells and parameters of its own.
FLEETS = [f"{language}/{FLEET}.ipynb" for language in LANGUAGES]
BOOKS = [name for name in FILES if name not in FLEETS]


def book(name: str) -> Any:
    return nbformat.reads((FOLDER / name).read_text(encoding="utf-8"), as_version=4)


def code(name: str) -> list[Any]:
    return [cell for cell in book(name).cells if cell.cell_type == "code"]


def test_there_is_a_notebook_for_every_runbook_and_for_fleets_in_every_language_and_no_other() -> None:
    assert sorted(f"{language}/{slug}.ipynb" for language in LANGUAGES for slug in (*RUNBOOKS, FLEET)) == FILES


def test_the_generator_makes_every_notebook_again_to_the_byte() -> None:
    made = {name: text.encode() for name, text in notebooks().items()}

    assert {name: (FOLDER / name).read_bytes() == text for name, text in made.items()} == dict.fromkeys(FILES, True)


@pytest.mark.parametrize("name", FILES)
def test_a_notebook_is_valid_and_was_never_run(name: str) -> None:
    read = book(name)
    nbformat.validate(read)

    assert (read.nbformat, read.nbformat_minor) >= (4, 5)
    assert [cell.id for cell in code(name) if cell.outputs or cell.execution_count is not None] == []


@pytest.mark.parametrize("name", FILES)
def test_a_notebook_names_its_kernel_and_holds_nothing_of_a_tool_or_a_run(name: str) -> None:
    metadata = book(name).metadata

    assert set(metadata) == {"kernelspec", "language_info"}
    assert metadata.kernelspec.name == "python3"
    assert metadata.language_info == {"name": "python"}
    assert {key for cell in book(name).cells for key in cell.metadata} <= {"tags", "editable", "deletable", "jupyter"}


@pytest.mark.parametrize("name", BOOKS)
def test_the_cells_have_the_fixed_ids_that_evidence_and_docs_point_at(name: str) -> None:
    steps = [f"step-{step.id}" for step in RUNBOOKS[Path(name).stem].steps]

    assert [cell.id for cell in code(name)] == ["parameters", "open", *steps, "finish"]
    ids = [cell.id for cell in book(name).cells]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", BOOKS)
def test_one_cell_is_tagged_parameters_and_assigns_every_parameter_once(name: str) -> None:
    (tagged,) = [cell for cell in book(name).cells if "parameters" in cell.metadata.get("tags", [])]
    assigned = [node for node in ast.parse(tagged.source).body if isinstance(node, ast.Assign)]

    assert tagged.id == "parameters"
    assert [ast.unparse(node.targets[0]) for node in assigned] == list(parameter_names())
    assert len(assigned) == len(ast.parse(tagged.source).body)
    assert all(isinstance(ast.literal_eval(node.value), str | dict | list | bool | None) for node in assigned)


@pytest.mark.parametrize("name", BOOKS)
def test_the_defaults_only_look_and_name_the_lab_and_the_language_of_the_folder(name: str) -> None:
    values: dict[str, Any] = {}
    exec(code(name)[0].source, values)

    assert (values["mode"], values["approved_plan"], values["profile"]) == ("plan", "", "lab")
    assert values["language"] == Path(name).parent.name


@pytest.mark.parametrize("name", BOOKS)
def test_every_other_cell_is_one_call_and_cannot_be_edited(name: str) -> None:
    _, opening, *rest = code(name)
    calls = [ast.parse(cell.source).body for cell in rest]

    assert all(len(body) == 1 and isinstance(body[0], ast.Expr) for body in calls)
    assert [ast.unparse(body[0]) for body in calls] == [
        *(f"run.step('{step.id}')" for step in RUNBOOKS[Path(name).stem].steps),
        "run.finish()",
    ]
    imported, call = ast.parse(opening.source).body
    assert ast.unparse(imported) == "from runbook_lib.notebook import open_runbook"
    assert ast.unparse(call) == f"run = open_runbook('{Path(name).stem}')"
    assert all(cell.metadata == {"editable": False, "deletable": False} for cell in (opening, *rest))


@pytest.mark.parametrize("name", FLEETS)
def test_the_notebook_of_fleets_has_its_parameters_once_and_leads_to_nobody_real(name: str) -> None:
    values: dict[str, Any] = {}
    exec(code(name)[0].source, values)

    assert {key: value for key, value in values.items() if key in DEFAULTS} == DEFAULTS | {
        "language": Path(name).parent.name
    }
    assert len(ast.parse(code(name)[0].source).body) == len(DEFAULTS)
    assert code(name)[0].metadata == {"tags": ["parameters"]}


@pytest.mark.parametrize("name", FLEETS)
def test_every_other_cell_of_the_notebook_of_fleets_is_one_call_and_cannot_be_edited(name: str) -> None:
    _, opening, *rest = code(name)

    assert opening.source == OPENING
    assert [(cell.id, cell.source) for cell in rest] == [(call, f"book.{call}()") for call, _ in CALLS]
    assert all(cell.metadata == {"editable": False, "deletable": False} for cell in (opening, *rest))


@pytest.mark.parametrize("slug", [*RUNBOOKS, FLEET])
def test_the_languages_differ_in_texts_only(slug: str) -> None:
    """The same cells with the same ids, kinds and metadata; code differs in comments and in the language it names."""

    def bare(language: str) -> list[Any]:
        cells = book(f"{language}/{slug}.ipynb").cells
        return [
            (cell.id, cell.cell_type, json.dumps(cell.metadata, sort_keys=True), statements(cell, language))
            for cell in cells
        ]

    def statements(cell: Any, language: str) -> str:
        if cell.cell_type == "markdown":
            return ""
        return ast.unparse(ast.parse(cell.source)).replace(f"language = '{language}'", "language = ...")

    assert bare("fr") == bare("en")
