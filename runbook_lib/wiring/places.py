"""Where things are on this machine. The only place that reads the environment and the working directory."""

from __future__ import annotations

import locale
import os
from pathlib import Path

import platformdirs

from runbook_lib.errors import ParameterError
from runbook_lib.texts import Language

# Set by the command line for the kernels it starts, and by operators who keep records elsewhere.
OUTPUTS = "RUNBOOK_OUTPUTS"
LAB = "RUNBOOK_LAB"
CHANNEL = "RUNBOOK_CHANNEL"
APPROVED_BY = "RUNBOOK_APPROVED_BY"
# The run that a kernel goes on with. Only the command line sets it: it has looked at the record first.
RESUMED = "RUNBOOK_RESUMED"


def project_root() -> Path:
    """Return the folder with notebooks, parameters and outputs: the clone this package is in, else the working directory."""
    clone = Path(__file__).resolve().parents[2]
    return clone if (clone / "notebooks").is_dir() else Path.cwd()


def outputs_root() -> Path:
    """Return the folder that runs are recorded in."""
    return Path(os.environ.get(OUTPUTS) or project_root() / "outputs")


def name_of_outputs() -> str:
    """Return how the outputs folder is called in what is kept: its name, for a path tells about the machine."""
    return outputs_root().name


def is_resumed(run_id: str) -> bool:
    """Return whether this process is to go on with a run rather than to begin it."""
    return bool(run_id) and os.environ.get(RESUMED) == run_id


def lab_folder() -> Path:
    """Return the folder in which a running lab describes itself, private to this user."""
    return Path(os.environ.get(LAB) or platformdirs.user_state_path("runbook-kit") / "lab")


def tokens_folder() -> Path:
    """Return the folder of what the token caches keep, private to this user and outside of every record."""
    return platformdirs.user_state_path("runbook-kit") / "tokens"


def from_root(file: str | Path) -> Path:
    """Return a file named in parameters: relative names start at the project's root, wherever a kernel happens to run.

    Raises `ParameterError` when it starts at the home of a user whom this machine does not know.
    """
    try:
        return project_root() / Path(file).expanduser()
    except RuntimeError as error:
        raise ParameterError("no-such-home", file=str(file)) from error


def preferred_language() -> Language:
    """Return French when the environment asks for it, else English."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    chosen = next((name for name in names if name), locale.getlocale()[0] or "")
    return "fr" if chosen.lower().startswith("fr") else "en"
