"""A fleet's file: which tenants, what holds for all of them, what differs for some, by which tags they are called, how they are run.

defaults:                       # for every tenant, where its own file says nothing
  language: fr
tenants:
  - file: tenants/contoso.yml   # from this file's folder on; * stands for any name
    tags: [eu, pilot]
  - file: tenants/us-*.yml
    tags: [us]
    overrides:                  # over what their own files say
      connect:
        wait_seconds: 600
run:
  waves: 1, 5, 25%, rest
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from runbook_lib.model import Json
from runbook_lib.parameters.check import check
from runbook_lib.parameters.document import Document, Location, dotted, read_document
from runbook_lib.parameters.keys import Parameters, Section
from runbook_lib.parameters.overriding import NOTHING, SAYS_NO_TENANT, Over, merged, once, placed
from runbook_lib.parameters.problem import InvalidParametersError, Problem, problem
from runbook_lib.parameters.rules import Breach, broken_rules
from runbook_lib.parameters.shapes import ITEMS, SECTION, File, Tag

# A tenant takes about a dozen of YAML's events and a hundred bytes: enough for ten thousand.
_MOST_EVENTS, _MOST_BYTES = 200_000, 4 * 1024 * 1024


class FleetRun(Section):
    """How the fleet is run, as the options of the same names say it on the command line, which go before these."""

    jobs: Annotated[int, Field(ge=1, le=256)] = 1
    waves: Annotated[str, Field(max_length=200)] = ""
    soak: Annotated[int, Field(ge=0, le=7 * 86_400)] = 0
    require_level: Annotated[str, Field(max_length=2)] = ""
    max_failures: Annotated[str, Field(max_length=10)] = ""
    window: Annotated[str, Field(max_length=100)] = ""
    freeze: Annotated[tuple[Annotated[str, Field(max_length=30)], ...], ITEMS, Field(max_length=50)] = ()
    limit_rate: Annotated[str, Field(max_length=100)] = ""
    time_limit: Annotated[int, Field(ge=0, le=86_400)] = 0


class FleetEntry(Section):
    """One tenant, or several whose files are named alike."""

    file: File
    tags: Annotated[tuple[Tag, ...], ITEMS, Field(max_length=20)] = ()
    overrides: dict[str, Any] = Field(default_factory=dict)


class FleetFile(Section):
    """What a fleet's file says."""

    tenants: Annotated[tuple[FleetEntry, ...], ITEMS, Field(max_length=10_000)]
    defaults: dict[str, Any] = Field(default_factory=dict)
    run: Annotated[FleetRun, SECTION] = FleetRun()


@dataclass(frozen=True)
class FleetTenant:
    """A tenant of a fleet: its file, its parameters with defaults and overrides, and its tags."""

    file: Path
    parameters: Parameters
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fleet:
    """The tenants of a fleet in the order of its file, and how they are run."""

    tenants: tuple[FleetTenant, ...]
    run: FleetRun


def read_fleet(path: Path, over: Over = NOTHING) -> Fleet:
    """Read a fleet's file and the file of each of its tenants; `over` lies over all of them.

    Raises:
        InvalidParametersError: with every problem of every file. What a default or an override got wrong is told with its line in
            the fleet's file.
    """
    document = read_document(path, most_bytes=_MOST_BYTES, most_events=_MOST_EVENTS)
    read, problems = check(FleetFile, document, _rules)
    if read is None:
        raise InvalidParametersError(problems)
    reading = _Reading(path, document, read, over)
    tenants = tuple(reading.tenants())
    if reading.problems:
        raise InvalidParametersError(once(reading.problems))
    return Fleet(tenants, read.run)


def _rules(given: Mapping[str, Json]) -> Iterator[Breach]:
    """What is said of all tenants, or over a tenant's own file, cannot be what makes a tenant or a run that one."""
    for at, values in _layers(given):
        for name in sorted(SAYS_NO_TENANT & values.keys() if isinstance(values, dict) else ()):
            yield Breach((*at, name), "fleet-not-here", {})
    defaults = given.get("defaults")
    if isinstance(defaults, dict) and "tenant" in defaults:
        yield Breach(("defaults", "tenant"), "fleet-not-here", {})
    if given.get("tenants") == []:
        yield Breach(("tenants",), "fleet-without-tenants", {})


def _layers(given: Mapping[str, Json]) -> Iterator[tuple[Location, Json]]:
    yield ("defaults",), given.get("defaults")
    entries = given.get("tenants")
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield ("tenants", number, "overrides"), entry.get("overrides")


class _Reading:
    """Reads the tenants of a fleet's file, and notes every problem."""

    def __init__(self, path: Path, document: Document, read: FleetFile, over: Over) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._document = document
        self._read = read
        self._over = over
        self._seen: dict[Path, int] = {}
        # The lines below each layer, by the dotted name that a problem with it has.
        self._lines: dict[Location, dict[str, int]] = defaultdict(dict)
        for at, line in document.lines.items():
            above = at[:1] if at[:1] == ("defaults",) else at[:3]
            self._lines[above][dotted(at[len(above) :])] = line

    def tenants(self) -> Iterator[FleetTenant]:
        for number, entry in enumerate(self._read.tenants):
            for file in self._files(number, entry):
                if parameters := self._parameters(number, entry, file):
                    yield FleetTenant(file, parameters, frozenset(entry.tags))

    def _files(self, number: int, entry: FleetEntry) -> Iterator[Path]:
        """Yield the files that an entry names, each of which may be named once."""
        folder = self._path.parent
        if any(sign in entry.file for sign in "*?["):
            found = _called(folder, entry.file)
            if not found:
                self._note(("tenants", number, "file"), "fleet-no-files")
        else:
            found = [folder / Path(entry.file).expanduser()]
        for file in found:
            if (first := self._seen.setdefault(file.resolve(), number)) != number:
                line = self._document.lines.get(("tenants", first), 0)
                self._note(("tenants", number, "file"), "fleet-file-twice", again=str(file), first=line)
            else:
                yield file

    def _parameters(self, number: int, entry: FleetEntry, file: Path) -> Parameters | None:
        own = read_document(file)
        values = merged(merged(merged(self._read.defaults, own.values), entry.overrides), self._over.values)
        parameters, problems = check(Parameters, replace(own, values=values), broken_rules)
        self.problems += [self._placed(each, own, number) for each in problems]
        return parameters

    def _placed(self, found: Problem, own: Document, number: int) -> Problem:
        """Return a problem at the place of what caused it: what the command said, else the override, else the tenant's own file, else
        the default.
        """
        if found.field in self._over.places:
            return placed(found, self._over)
        own_lines = {dotted(at): line for at, line in own.lines.items() if at}
        layers = (
            (self._document.file, self._lines["tenants", number, "overrides"]),
            (own.file, own_lines),
            (self._document.file, self._lines["defaults",]),
        )
        for file, lines in layers:
            if found.field in lines:
                return Problem(file, lines[found.field], found.field, found.message)
        return found

    def _note(self, at: Location, key: str, **arguments: str | int) -> None:
        self.problems.append(problem(self._document.file, self._document.lines.get(at), dotted(at), key, **arguments))


def _called(folder: Path, pattern: str) -> list[Path]:
    """Return the files below a folder whose names fit, in order; none for a pattern that does not begin in it."""
    try:
        return sorted(file for file in folder.glob(pattern) if file.is_file())
    except (NotImplementedError, ValueError):
        return []
