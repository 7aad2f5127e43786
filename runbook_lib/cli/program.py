"""How the operator calls this program, so that the commands we print can be typed as they are."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
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
    return typed(str(started) if here.startswith("..") else here)


def typed(*words: str) -> str:
    """Return words as they are typed in the shell of this system, quoted where one of them needs it."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
