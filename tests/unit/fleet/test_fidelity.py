"""An executed notebook is the one that plain papermill leaves, but for times and ids: in ordinary kernels and in forked ones."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError
from papermill.exceptions import PapermillExecutionError

from runbook_lib.fleet.forkserver import ForkServer
from runbook_lib.fleet.forkserver.warm import OF_THE_KIT
from tests.unit.fleet.books import execute, without_times_and_ids, written

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="

CELLS: tuple[str | tuple[str, str], ...] = (
    ("mode = 'apply'\nnumbers = []", "parameters"),
    "for n in range(3): print('line', n, mode, numbers)",
    "import sys\nprint('to the other stream', file=sys.stderr)",
    "import os; os.system('echo from below'); None",
    "import ipywidgets, pandas as pd, base64, warnings\nfrom IPython.display import *",
    "pd.DataFrame({'tenant': [f'tenant {n}' for n in range(80)], **{f'c{n}': [n] * 80 for n in range(30)}})",
    "print(pd.DataFrame({f'column {n}': range(3) for n in range(40)}))",
    "pd.get_option('display.max_columns'), pd.get_option('display.width'), pd.get_option('display.max_rows')",
    f"display(HTML('<b>rich</b>'), Markdown('*text*'), Image(base64.b64decode('{PIXEL}'))); Latex('$x$')",
    "handle = display(HTML('first'), display_id='told')",
    "handle.update(HTML('second')); update_display(HTML('<i>third</i>'), display_id='told')",
    "display('gone'); clear_output(); print('stays')",
    "clear_output(wait=True); print('waits')",
    "ipywidgets.VBox([ipywidgets.IntSlider(value=3), ipywidgets.HTML('<b>x</b>')])",
    "out = ipywidgets.Output()\nwith out: print('into the widget')\nout",
    "warnings.warn('mind this')",
    ("def deep(n): return 1 / n\ndeep(0)", "raises-exception"),
    ("this is no Python", "raises-exception"),
    "%pwd",
    "__name__, sys.modules['__main__'].__name__, type(get_ipython()).__name__, sys.argv[0].endswith('.py'), sys.path[0]",
    "import logging; logging.getLogger('some').warning('logged')",
    "6 * 7",
    "raise LookupError('the last word')",
)

LONGEST_CELL = 20  # seconds; it takes one

Executed = Callable[[Path, Path], Any]


def plain(book: Path, left: Path) -> Any:
    """As papermill does it; again, where it has missed the end of a cell that had a widget answered, and would wait for ever."""
    for _attempt in range(5):
        with suppress(CellTimeoutError):
            return papermill.execute_notebook(
                str(book),
                str(left),
                {"numbers": [1, 2]},
                kernel_name="python3",
                progress_bar=False,
                execution_timeout=LONGEST_CELL,
            )
    raise TimeoutError("papermill has missed the end of a cell every time")


def ours(server: ForkServer | None) -> Executed:
    return lambda book, left: execute(book, left, {"numbers": [1, 2]}, fork_server=server)


def left_by(executed_by: Executed, folder: Path) -> tuple[Any, list[str]]:
    """What is left of the executed notebook, and of the states of its widgets, which are kept under their ids."""
    source, left = written(folder / "book.ipynb", *CELLS), folder / "left.ipynb"
    with pytest.raises(PapermillExecutionError, match="the last word"):
        executed_by(source, left)
    text = left.read_text(encoding="utf-8")
    book = nbformat.reads(text, as_version=4)  # lines of a text may be written together or apart
    nbformat.validate(book)
    states = book["metadata"].pop("widgets")["application/vnd.jupyter.widget-state+json"]["state"].values()
    return (
        json.loads(without_times_and_ids(json.dumps(book))),
        sorted(without_times_and_ids(json.dumps(state, sort_keys=True)) for state in states),
    )


@pytest.fixture(scope="module")
def forking() -> Iterator[ForkServer]:
    """With what the kit's notebooks import, and widgets, imported beforehand."""
    with ForkServer((*OF_THE_KIT, "ipywidgets")) as server:
        yield server


@pytest.fixture(scope="module")
def by_papermill(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return left_by(plain, tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("kind", ["ordinary", "forked"])
def test_a_notebook_is_left_as_plain_papermill_leaves_it(
    kind: str, by_papermill: Any, forking: ForkServer, tmp_path: Path
) -> None:
    """Streams, rich output, updates, tables, widgets, warnings and errors, cell by cell, and everything else in the file."""
    left, widgets = left_by(ours(forking if kind == "forked" else None), tmp_path)
    expected, expected_widgets = by_papermill

    for cell, expected_cell in zip(left["cells"], expected["cells"], strict=True):
        assert cell == expected_cell
    assert left == expected
    assert len(widgets) > 5
    assert widgets == expected_widgets
