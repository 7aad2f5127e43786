"""The notebook that is kept beside a run's journal: cards and overview drawn from the record, and nothing that needs a kernel.

Widgets leave broken remains without a kernel, and a card on the screen may be older than the state; the journal is neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runbook_lib.evidence import replace_file
from runbook_lib.notebook.card import bundle
from runbook_lib.notebook.generate import step_text, title_text
from runbook_lib.notebook.overview import banner_bundle, overview_bundle
from runbook_lib.notebook.record import RecordView, view_of
from runbook_lib.runbooks import find
from runbook_lib.texts.words import WORDS
from runbook_lib.wiring.importing import IRI_GRAMMAR, without

NOTEBOOK = "notebook.ipynb"

with without(IRI_GRAMMAR):
    import nbformat
    from nbformat import v4

# nbformat has no types.
_WRITE: Any = nbformat.writes
_NEW: Any = v4

# What holds a card is no code to edit or to look at.
_FIXED = {"editable": False, "deletable": False, "jupyter": {"source_hidden": True}}


def keep_notebook(folder: Path) -> Path:
    """Write `notebook.ipynb` into a run's folder, drawn from its journal in the language of the run. Returns its path.

    Only its owner can read it; a former one is replaced as a whole. Raises as `view_of`, and `EvidenceError` when it cannot be
    written.
    """
    path = folder / NOTEBOOK
    replace_file(path, notebook_of(view_of(folder)).encode())
    return path


def notebook_of(view: RecordView) -> str:
    """Return a record as the text of a notebook: title, banner, overview, and a card a step; the same text every time."""
    runbook, setting = find(view.heading.runbook), view.setting
    earlier = dict(view.earlier)
    cells = [
        _NEW.new_markdown_cell(title_text(runbook, setting.language), id="title"),
        _shown("open", banner_bundle(view.heading, setting), view),
        _shown("overview", overview_bundle(view.heading, view.results, setting), view),
    ]
    for step, result in zip(runbook.steps, view.results, strict=True):
        cells += [
            _NEW.new_markdown_cell(step_text(step, setting.language), id=f"step-{step.id}-text"),
            _shown(f"step-{step.id}", bundle(result, setting, earlier.get(step.id)), view),
        ]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": f"{view.heading.tenant} · {view.heading.run_id}",
    }
    return str(_WRITE(_NEW.new_notebook(cells=cells, metadata=metadata))) + "\n"


def _shown(cell_id: str, content: Mapping[str, object], view: RecordView) -> Any:
    comment = f"# {WORDS['kept-cell'].say(view.setting.language)}"
    output = _NEW.new_output("display_data", data=dict(content))
    return _NEW.new_code_cell(comment, id=cell_id, metadata=dict(_FIXED), outputs=[output])
