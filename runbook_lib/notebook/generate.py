"""Builds the notebooks from the runbooks and their texts. `python -m runbook_lib.notebook.generate` writes them.

Cell ids are fixed, so evidence and docs can point at a cell; there are no outputs and no random values, so the result is
the same every time and a test can compare.
"""

from __future__ import annotations

from pprint import pformat
from typing import Any

from runbook_lib.notebook.fleet_cells import NAME as FLEET
from runbook_lib.notebook.fleet_cells import fleet_cells
from runbook_lib.parameters import defaults, parameter_names
from runbook_lib.ports import Runbook, Step
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.parameters import NOTEBOOK_TEXT, PARAMETER_HELP
from runbook_lib.texts.steps import RUNBOOKS as RUNBOOK_TEXTS
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import WORDS
from runbook_lib.wiring import project_root
from runbook_lib.wiring.importing import IRI_GRAMMAR, without

with without(IRI_GRAMMAR):
    import nbformat
    from nbformat import v4

# nbformat has no types.
_WRITE: Any = nbformat.writes
_NEW: Any = v4

# Step cells are calls, not code to edit.
_FIXED = {"editable": False, "deletable": False}

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebooks() -> dict[str, str]:
    """Return the text of every notebook by its path below the notebooks folder."""
    made = {
        f"{language}/{runbook.slug}.ipynb": notebook(runbook, language)
        for language in LANGUAGES
        for runbook in RUNBOOKS.values()
    }
    made |= {f"{language}/{FLEET}.ipynb": fleet_notebook(language) for language in LANGUAGES}
    return {name: _WRITE(book) + "\n" for name, book in made.items()}


def notebook(runbook: Runbook, language: Language) -> Any:
    """Return one notebook: title, parameters, opening, a text and a call a step, finish."""
    cells = [
        _text("title", title_text(runbook, language)),
        _text("parameters-text", NOTEBOOK_TEXT["parameters"].say(language)),
        _code("parameters", _parameters_cell(language), tags=["parameters"]),
        _text("open-text", NOTEBOOK_TEXT["open"].say(language)),
        _code("open", f'from runbook_lib.notebook import open_runbook\n\nrun = open_runbook("{runbook.slug}")'),
    ]
    for step in runbook.steps:
        cells += [
            _text(f"step-{step.id}-text", step_text(step, language)),
            _code(f"step-{step.id}", f'run.step("{step.id}")'),
        ]
    cells += [_text("finish-text", NOTEBOOK_TEXT["finish"].say(language)), _code("finish", "run.finish()")]
    return _NEW.new_notebook(cells=cells, metadata=_METADATA)


def fleet_notebook(language: Language) -> Any:
    """Return the notebook over many tenants. Its parameters are not folded away: there is no form for them."""
    cells = [
        _NEW.new_code_cell(cell.source, id=cell.id, metadata={"tags": ["parameters"]})
        if cell.is_open
        else _code(cell.id, cell.source)
        if cell.is_code
        else _text(cell.id, cell.source)
        for cell in fleet_cells(language)
    ]
    return _NEW.new_notebook(cells=cells, metadata=_METADATA)


def title_text(runbook: Runbook, language: Language) -> str:
    """Return what a notebook of a runbook begins with."""
    text = RUNBOOK_TEXTS[runbook.slug]
    parts = (("needs", text.needs), ("takes", text.takes), ("undo", text.undo))
    lines = [f"# {text.title.say(language)}", "", text.purpose.say(language), ""]
    lines += [f"- **{WORDS[name].say(language)}** — {said.say(language)}" for name, said in parts]
    return "\n".join(lines)


def step_text(step: Step, language: Language) -> str:
    """Return what stands above the cell of a step. Its heading is where the overview leads to."""
    text = STEPS[step.id]
    return (
        f"## {step.id.upper()} · {text.title.say(language)}\n*{text.where.say(language)}*\n\n{text.does.say(language)}"
    )


def _parameters_cell(language: Language) -> str:
    """Every parameter with its default. What has none is None, so that a value missing from a file is missed, not inherited."""
    values = {**defaults(), "profile": "lab", "language": language}
    lines: list[str] = []
    for name in parameter_names():
        lines += [f"# {PARAMETER_HELP[name].say(language)}", f"{name} = {pformat(values.get(name), sort_dicts=False)}"]
    return "\n".join(lines)


def _text(cell_id: str, source: str) -> Any:
    return _NEW.new_markdown_cell(source, id=cell_id)


def _code(cell_id: str, source: str, tags: list[str] | None = None) -> Any:
    # The parameters' cell is long, and there is a form for what it says; JupyterLab shows it on a click.
    metadata: dict[str, object] = {"tags": tags, "jupyter": {"source_hidden": True}} if tags else dict(_FIXED)
    return _NEW.new_code_cell(source, id=cell_id, metadata=metadata)


def main() -> None:
    """Write all notebooks of the project."""
    for name, text in notebooks().items():
        path = project_root() / "notebooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
