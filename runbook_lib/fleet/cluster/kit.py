"""What a process runs with, as far as it decides what a run does: to be the same on every machine of a fleet."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from runbook_lib import __version__
from runbook_lib.fleet.forkserver.warm import LOOK_SECONDS, fingerprint
from runbook_lib.wiring.places import project_root

PACKAGE = Path(__file__).resolve().parents[2]

# Beside the kit and Python: what executes a notebook, and what brings runs to workers.
COMPARED = ("papermill", "nbclient", "ipykernel", "jupyter-client", "distributed")

CODE, PYTHON, KIT = "code", "Python", "runbook-kit"


def described() -> dict[str, str]:
    """Return what this process runs with, by name. Code that changed on the disk since it was loaded here is nobody's."""
    return {KIT: __version__, CODE: _code_at(int(time.monotonic() / LOOK_SECONDS)), **_SURROUNDINGS}


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield what is not the same: its name, how it is here and how there."""
    for name, ours in here.items():
        if (theirs := there.get(name, "?")) != ours:
            yield name, ours, theirs


@lru_cache(maxsize=1)
def _code_at(_moment: int) -> str:
    return _LOADED if _signs() == _SEEN or (now := _code()) == _LOADED else f"{_LOADED}, {now}"


def _code() -> str:
    """Return a fingerprint of every file of the kit and every notebook, by content and name: times differ between machines."""
    whole = hashlib.sha256()
    notebooks = project_root() / "notebooks"
    for top in (PACKAGE, notebooks):
        for path in sorted(top.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts:
                whole.update(f"{path.relative_to(top).as_posix()}\n".encode())
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


def _signs() -> tuple[int, int]:
    """Return what changes when a file or an installed package does, at a tenth of the cost of reading them all."""
    return fingerprint(PACKAGE), fingerprint(project_root() / "notebooks")


_SEEN = _signs()
_LOADED = _code()
_SURROUNDINGS = {
    PYTHON: f"{sys.version_info.major}.{sys.version_info.minor}",
    **{name: _installed(name) for name in COMPARED},
}
