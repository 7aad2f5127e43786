"""Which tenants can be chosen, where a new tenant's file goes, and which one was chosen last time."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.errors import EvidenceError, LabNotRunning, ParameterError
from runbook_lib.evidence import FOLDER_MODE, replace_file
from runbook_lib.model import Json
from runbook_lib.parameters import Examined, Parameters, Problem, examine, filled, is_file_name, write_parameters
from runbook_lib.texts import Language
from runbook_lib.texts.words import WORDS
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import OTHER_PORTS, choices_folder, lab_folder, parameters_root, project_root

# Not tenants: people's words and fleets, in files of their own shape.
_NO_TENANTS = frozenset({"attestations", "fleets"})
_ENDINGS = (".yml", ".yaml")
# One path; whatever is longer was not written by us.
_MOST_BYTES = 8192


@dataclass(frozen=True)
class Choice:
    """A tenant's file that can be chosen, also when something is wrong with it. `shown` is its path as people know it."""

    file: Path
    shown: str
    examined: Examined

    @property
    def parameters(self) -> Parameters | None:
        """Return what the file says, or None when something is wrong with it."""
        return self.examined.parameters

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the file."""
        return self.examined.problems

    @property
    def profile(self) -> str:
        """Return `lab` or `live`, or nothing when the file does not say."""
        said = self.examined.values.get("profile")
        return said if said in ("lab", "live") else ""

    @property
    def tenant(self) -> str:
        """Return the tenant's short name, or that of the file when it has none."""
        return str(filled(self.examined.values)["tenant.name"])[:64] or self.file.stem

    def name(self, language: Language) -> str:
        """Return how the choice is called: tenant, profile and file."""
        profile = WORDS[self.profile].say(language) if self.profile else "?"
        return f"{self.tenant} — {profile} — {self.shown}"


def tenant_files() -> tuple[Choice, ...]:
    """Return every tenant's file: those of a lab that serves on other ports first, then by folder and name. Never raises."""
    return tuple(Choice(file, shown(file), examine(file)) for file in (*_of_the_running_lab(), *_of_the_project()))


def shown(file: Path) -> str:
    """Return a file as people know it: from the project's root or their home when it is below one, else in full."""
    if file.is_relative_to(project_root()):
        return file.relative_to(project_root()).as_posix()
    with suppress(RuntimeError, ValueError):  # a user without a home, or a file elsewhere
        return f"~/{file.relative_to(Path.home()).as_posix()}"
    return file.as_posix()


def _of_the_running_lab() -> list[Path]:
    """A lab that was killed leaves its files behind; they lead nowhere."""
    files = _below(lab_folder() / OTHER_PORTS)
    if files:
        try:
            find_lab(lab_folder())
        except LabNotRunning:
            return []
    return files


def _of_the_project() -> list[Path]:
    order = {"lab": 0, "live": 1}
    top = parameters_root()
    return sorted(_below(top), key=lambda file: (order.get(file.relative_to(top).parts[0], 2), file.as_posix()))


def _below(top: Path) -> list[Path]:
    return sorted(file for file in _walk(top) if file.suffix.lower() in _ENDINGS)


def _walk(folder: Path) -> Iterator[Path]:
    try:
        found = list(folder.iterdir())
    except OSError:
        return
    for each in found:
        if each.name.startswith(".") or each.name in _NO_TENANTS:
            continue
        if each.is_dir() and not each.is_symlink():
            yield from _walk(each)
        else:
            yield each


def place_for(profile: str, name: str) -> Path:
    """Return where a new tenant's file goes: the folder of its profile."""
    return parameters_root() / profile / f"{name}.yml"


def save(name: str, parameters: Parameters, *, replace: bool = False) -> Path:
    """Write a tenant's file into the folder of its profile, and return it.

    Raises `ParameterError` when the name is none for a file, and as `write_parameters`.
    """
    if not is_file_name(name):
        raise ParameterError("parameters-no-file-name")
    file = place_for(parameters.profile, name)
    write_parameters(file, parameters, replace=replace)
    return file


def last_choice(slug: str, language: Language) -> Path | None:
    """Return the file that was chosen last for a runbook in a language; None when there is none, or no longer.

    What is not ours, or not what we wrote, counts as none: it only saves a click.
    """
    try:
        data: Json = json.loads(_own_text(_place_of_last(slug, language)))
        file = Path(data["file"])
        return file if file.is_absolute() and file.is_file() else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember_choice(slug: str, language: Language, file: Path) -> None:
    """Remember the file that was chosen: its path and nothing else. Where that cannot be kept, it is forgotten."""
    place = _place_of_last(slug, language)
    with suppress(OSError, EvidenceError):
        place.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        replace_file(place, json.dumps({"file": str(file.absolute())}).encode())


def _place_of_last(slug: str, language: Language) -> Path:
    return choices_folder() / f"{slug}.{language}.json"


def _own_text(file: Path) -> str:
    """Read a small file of this user. Raises `OSError` or `ValueError` when it is something else."""
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        is_ours = os.name != "posix" or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
        if not stat.S_ISREG(status.st_mode) or not is_ours or status.st_size > _MOST_BYTES:
            raise ValueError(file)
        return stream.read(_MOST_BYTES).decode()
