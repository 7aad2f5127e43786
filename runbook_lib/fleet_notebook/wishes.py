"""What the cell of parameters asks for, and the command line that asks for the same: one is made of the other, so both are refused alike."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.adapters.storage import is_url
from runbook_lib.cli.ordering import FAILED
from runbook_lib.cli.parser import parse
from runbook_lib.cli.program import program, typed
from runbook_lib.errors import ParameterError
from runbook_lib.model import Json
from runbook_lib.notebook.fleet_cells import DEFAULTS
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.wiring import lab_parameters, outputs_root, project_root
from runbook_lib.wiring.places import from_root

_ENDINGS = frozenset({".yml", ".yaml"})

# What each parameter may be; papermill's `-p` gives a text where a list of one is meant.
_KINDS: Mapping[str, tuple[type, ...]] = {
    "language": (str,),
    "fleet": (str,),
    "runbook": (str,),
    "limit": (str, list, tuple),
    "exclude": (str, list, tuple),
    "jobs": (int, type(None)),
    "max_failures": (str, int),
    "scheduler": (str,),
    "outputs": (str,),
    "live_tenants": (int,),
}


@dataclass(frozen=True)
class Wishes:
    """What is to be planned for whom. `files` are the tenants' own, empty where `fleet` is a fleet's file."""

    language: Language
    runbook: str
    fleet: Path | None
    files: tuple[Path, ...]
    limit: tuple[str, ...]
    exclude: tuple[str, ...]
    jobs: int | None
    max_failures: str
    scheduler: str
    outputs: str
    live_tenants: int

    def options(self) -> argparse.Namespace:
        """Return what the command line would be told. Raises `ParameterError` where that would be refused."""
        elsewhere = ["--outputs", self.outputs] if self.outputs else []
        return parse(self._words([str(file) for file in self.files], str(self.fleet or ""), elsewhere), self.language)

    def words(self) -> list[str]:
        """Return the command that does the same, typed in the project's folder."""
        fleet = shown(self.fleet) if self.fleet else ""
        return self._words([shown(file) for file in self.files], fleet, self.elsewhere())

    def command(self, *words: str) -> str:
        """Return words as they are typed in the project's folder. Of many files, the pattern that names them all."""
        files = [shown(file) for file in self.files]
        together = typed(*files)
        if os.name == "nt" or len(files) <= _FEW or len({file.suffix for file in self.files}) > 1:
            return f"{program()} {typed(*words)}"
        pattern = f"{typed(shown(self.files[0].parent))}/*{self.files[0].suffix}"
        return f"{program()} {typed(*words)}".replace(together, pattern)

    def chosen(self, names: Sequence[str]) -> list[str]:
        """Return the words that name the fleet as it was chosen here; `names` are its tenants, for who failed last is somebody else by now."""
        who = ["--fleet", shown(self.fleet)] if self.fleet else ["-p", *(shown(file) for file in self.files)]
        if FAILED in (*self.limit, *self.exclude):
            return [*who, "--limit", *names]
        return [*who, *_given("--limit", self.limit), *_given("--exclude", self.exclude)]

    def who(self, names: Sequence[str], files: Mapping[str, Path]) -> list[str]:
        """Return the words that name these tenants of the fleet alone."""
        if self.fleet:
            return ["--fleet", shown(self.fleet), "--limit", *names]
        return ["-p", *(shown(files[name]) for name in names)]

    def elsewhere(self) -> list[str]:
        """Return the words that name the folder of records, unless it is the usual one of the project.

        A kernel may have been told of another one that is usual for it, and a terminal knows nothing of that.
        """
        if self.outputs:
            return ["--outputs", self.outputs if is_url(self.outputs) else shown(Path(self.outputs))]
        usual = outputs_root()
        return [] if usual == project_root() / "outputs" else ["--outputs", shown(usual)]

    def pace(self) -> list[str]:
        """Return the words that say how many tenants are run at once, and how many may fail."""
        jobs = [] if self.jobs is None else ["--jobs", str(self.jobs)]
        limit = ["--max-failures", self.max_failures] if self.max_failures else []
        return [*jobs, *limit, *(["--scheduler", self.scheduler] if self.scheduler else [])]

    def _words(self, files: Sequence[str], fleet: str, elsewhere: Sequence[str]) -> list[str]:
        who = ["--fleet", fleet] if fleet else ["-p", *files]
        limit, exclude = _given("--limit", self.limit), _given("--exclude", self.exclude)
        return ["plan", self.runbook, *who, *limit, *exclude, *self.pace(), *elsewhere]


# Of more files, the command names what they have in common.
_FEW = 5


def _given(name: str, words: Sequence[str]) -> list[str]:
    return [name, *words] if words else []


def wishes_of(given: Mapping[str, Json]) -> Wishes:
    """Return what parameters ask for. Raises `ParameterError` for one that is none, or is not of its kind."""
    if unknown := tuple(sorted(given.keys() - DEFAULTS.keys())):
        raise ParameterError("fleet-book-unknown", names=unknown, known=tuple(DEFAULTS))
    said = {**DEFAULTS, **given}
    for name, kinds in _KINDS.items():
        if not isinstance(said[name], kinds) or isinstance(said[name], bool):
            raise ParameterError("fleet-book-kind", name=name, given=str(said[name]), kinds=tuple(_named(kinds)))
    if said["language"] not in LANGUAGES:
        raise ParameterError("fleet-book-kind", name="language", given=said["language"], kinds=LANGUAGES)
    fleet, files = _named_by(said["fleet"])
    return Wishes(
        said["language"],
        said["runbook"],
        fleet,
        files,
        _words(said["limit"]),
        _words(said["exclude"]),
        said["jobs"],
        str(said["max_failures"]),
        said["scheduler"],
        _outputs(said["outputs"]),
        said["live_tenants"],
    )


def shown(path: Path) -> str:
    """Return a path as it is typed in the project's folder, with the separators of this system."""
    root = project_root()
    return os.fspath(path.relative_to(root)) if path.is_relative_to(root) else os.fspath(path)


def _named_by(fleet: str) -> tuple[Path | None, tuple[Path, ...]]:
    """Return the fleet's file, or the tenants' files in a folder. Raises `ParameterError` when there are none."""
    place = from_root(fleet) if fleet else lab_parameters()
    if not place.is_dir():
        return place, ()
    files = tuple(sorted(each for each in place.iterdir() if each.suffix.lower() in _ENDINGS and each.is_file()))
    if not files:
        raise ParameterError("fleet-book-no-files", folder=str(place))
    return None, files


def _outputs(said: str) -> str:
    return said if not said or is_url(said) else str(from_root(said))


def _words(said: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(said.replace(",", " ").split()) if isinstance(said, str) else tuple(map(str, said))


def _named(kinds: Sequence[type]) -> list[str]:
    return ["None" if kind is type(None) else kind.__name__ for kind in kinds]
