"""The verb `runbook notebook`, and JupyterLab beside the lab: start it, say where it is, open the browser, wait."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Literal

from runbook_lib.cli.jupyter import JupyterServer, Options, WorkingCopy, working_copy
from runbook_lib.cli.printing import Printing
from runbook_lib.model import Json
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.wiring import lab_folder, outputs_root, project_root
from runbook_lib.wiring.places import LAB, OUTPUTS, PARAMETERS, ROOT, notebooks_folder, parameters_root

# What is rehearsed and what is done live are worked on in copies of their own.
Use = Literal["lab", "live"]
# The runbook that changes nothing is what a person meets first.
FIRST = next(iter(RUNBOOKS))


def serve(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook notebook`: JupyterLab until Ctrl+C, or until it is shut down in the browser."""
    with starting(options, printing, "live") as (server, copy):
        return work(options, printing, server, copy, {})


@contextmanager
def starting(options: argparse.Namespace, printing: Printing, use: Use) -> Iterator[tuple[JupyterServer, WorkingCopy]]:
    """Have JupyterLab start, over a copy of the notebooks in the operator's language. It takes a few seconds to be there."""
    language = printing.language
    state = notebooks_folder() / use
    originals = project_root() / "notebooks" / language
    printing.line("notebook-starts")
    with ExitStack() as stack:
        copy = stack.enter_context(working_copy(originals, state / language, language))
        settings = Options(
            copy.folder, f"{FIRST}.ipynb", state, language, options.notebook_port, environment=_for_kernels()
        )
        yield stack.enter_context(JupyterServer(settings)), copy


def work(
    options: argparse.Namespace, printing: Printing, server: JupyterServer, copy: WorkingCopy, said: Mapping[str, Json]
) -> int:
    """Open the browser and wait until it is over. `said` is what the document for machines also holds."""
    server.ready()
    _say(printing, server, copy, opened=not options.no_browser and _opened(server))
    printing.document({**said, "notebook": server.url, "folder": str(copy.folder), "set_aside": copy.set_aside})
    sys.stdout.flush()
    server.wait()
    printing.line("notebook-ended")
    return 0


def _for_kernels() -> dict[str, str]:
    """Return where things are: kernels run in the working copy, from where they would look elsewhere."""
    places = {LAB: lab_folder(), OUTPUTS: outputs_root(), PARAMETERS: parameters_root(), ROOT: project_root()}
    return {name: str(place.absolute()) for name, place in places.items()}


def _say(printing: Printing, server: JupyterServer, copy: WorkingCopy, *, opened: bool) -> None:
    printing.line("notebook-folder", folder=str(copy.folder))
    if copy.set_aside:
        printing.line("notebook-set-aside")
        for name in copy.set_aside:
            printing.text(f"  {name}")
    printing.line("notebook-opened" if opened else "notebook-open")
    printing.text(f"  {server.url}")
    printing.line("notebook-serves")


def _opened(server: JupyterServer) -> bool:
    """Open the browser. Return false where there is none to open."""
    has_screen = os.name == "nt" or sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    # Without a screen Python would start a browser for terminals, in this terminal.
    return (has_screen or "BROWSER" in os.environ) and webbrowser.open(server.page.as_uri())
