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
PARAMETERS = "RUNBOOK_PARAMETERS"
CHANNEL = "RUNBOOK_CHANNEL"
APPROVED_BY = "RUNBOOK_APPROVED_BY"
# Parameter files for a lab on other ports than usual, written beside its description while it runs.
OTHER_PORTS = "parameters"
# Where notebooks and parameters are, for kernels that run elsewhere.
ROOT = "RUNBOOK_ROOT"
# The storage on which the command line has its kernels keep their records, too.
STORAGE = "RUNBOOK_STORAGE"
# The run that a kernel goes on with. Only the command line sets it: it has looked at the record first.
RESUMED = "RUNBOOK_RESUMED"
# How fast all runs of a command ask the services that they share: a folder, and requests a second by service, as JSON.
LIMITS = "RUNBOOK_LIMITS"


def project_root() -> Path:
    """Return the folder with notebooks, parameters and outputs: the clone this package is in, else the working directory."""
    if named := os.environ.get(ROOT):
        return Path(named)
    clone = Path(__file__).resolve().parents[2]
    return clone if (clone / "notebooks").is_dir() else Path.cwd()


def outputs_root() -> Path:
    """Return the folder that runs are recorded in."""
    return Path(os.environ.get(OUTPUTS) or project_root() / "outputs")


def storage_url() -> str:
    """Return the address of the shared storage on which runs are kept beside their folders; empty when on none."""
    return os.environ.get(STORAGE, "")


def parameters_root() -> Path:
    """Return the folder of the tenants' files."""
    return Path(os.environ.get(PARAMETERS) or project_root() / "parameters")


def name_of_outputs() -> str:
    """Return how the outputs folder is called in what is kept: its name, for a path tells about the machine."""
    return outputs_root().name


def is_resumed(run_id: str) -> bool:
    """Return whether this process is to go on with a run rather than to begin it."""
    return bool(run_id) and os.environ.get(RESUMED) == run_id


def is_started_by_command_line() -> bool:
    """Return whether the command line started this kernel, and listens to it."""
    return bool(os.environ.get(CHANNEL))


def lab_folder() -> Path:
    """Return the folder in which a running lab describes itself, private to this user."""
    return Path(os.environ.get(LAB) or platformdirs.user_state_path("runbook-kit") / "lab")


def lab_parameters() -> Path:
    """Return the folder with the parameter files of the lab: its own while it serves on other ports than the usual ones."""
    own = lab_folder() / OTHER_PORTS
    return own if own.is_dir() else project_root() / "parameters" / "lab"


def notebooks_folder() -> Path:
    """Return the folder of the working copies of the notebooks, private to this user."""
    return platformdirs.user_state_path("runbook-kit") / "notebooks"


def tokens_folder() -> Path:
    """Return the folder of what the token caches keep, private to this user and outside of every record."""
    return platformdirs.user_state_path("runbook-kit") / "tokens"


def own_key() -> Path:
    """Return the file of this user's key, private to them and outside of every record. Whoever signs first makes it."""
    return platformdirs.user_state_path("runbook-kit") / "keys" / "own.pem"


def servers_folder() -> Path:
    """Return the folder of the locks by which runs of this user talk to a sync server one at a time."""
    return platformdirs.user_state_path("runbook-kit") / "servers"


def turns_folder() -> Path:
    """Return the folder in which the workers of a cluster share their turns on this machine, a folder for each command."""
    return platformdirs.user_state_path("runbook-kit") / "turns"


def choices_folder() -> Path:
    """Return the folder that remembers which tenant was chosen last, private to this user."""
    return platformdirs.user_state_path("runbook-kit") / "choices"


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
