"""How the operator calls this program, so that the commands we print can be typed as they are."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAME = "runbook"


def program() -> str:
    """Return `runbook` where that is on the PATH, else the way it was started: from `.venv`, or as a module."""
    if shutil.which(NAME):
        return NAME
    started = Path(sys.argv[0])
    if started.stem != NAME:
        return f"{Path(sys.executable).name} -m runbook_lib"
    here = os.path.relpath(started)
    return str(started) if here.startswith("..") else here
