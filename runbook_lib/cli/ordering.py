"""Which tenants a run is ordered for, and how: their files or a fleet's file, who of them, in which waves and when."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from runbook_lib.adapters.storage import Storage, is_url
from runbook_lib.cli.program import typed
from runbook_lib.errors import ParameterError
from runbook_lib.evidence import runbook_of, runs_of
from runbook_lib.fleet import FAILURES, FleetOptions, MaxFailures, Rollout, parse_rates, parse_waves, parse_window
from runbook_lib.parameters import (
    NOTHING,
    FleetRun,
    InvalidParametersError,
    Over,
    Parameters,
    Problem,
    once,
    read_fleet,
    read_over,
    read_parameters,
)
from runbook_lib.wiring import outputs_root
from runbook_lib.wiring.standings import exit_code_of

# More files are named by a pattern, where exactly these are meant by it.
MOST_FILES, PATTERN = 5, "*.yml"

# Each takes memory and files of this machine, and sends to the same cloud.
MOST_JOBS = 256

# Who is meant by these: tenants by a tag, and those whose newest run of the same runbook did not come out well.
TAG, FAILED = "tag:", "@failed"


@dataclass(frozen=True)
class Ordered:
    """A tenant that is to be run: its file, its parameters, its tags, and the words that name it on a command line."""

    file: Path
    parameters: Parameters
    tags: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the tenant."""
        return self.parameters.tenant.name


def ordered_by(options: argparse.Namespace) -> tuple[list[Ordered], FleetOptions]:
    """Return the tenants that a command line orders, and how they are run.

    Raises:
        InvalidParametersError: with the problems of every file.
        ParameterError: two runs would be of one tenant or one sync server, nobody is left, or the rollout makes no sense.
    """
    if bool(options.files) == bool(options.fleet):
        raise ParameterError("files-or-fleet")
    over = read_over(options.overrides, options.sets)
    fleet = _of_fleet(Path(options.fleet), over) if options.fleet else (read_all(options.files, over), FleetRun())
    ordered, said = [replace(each, words=(*each.words, *over_words(options))) for each in fleet[0]], fleet[1]
    check_together(ordered)
    chosen = _chosen(ordered, options)
    how = _options(options, said, len(chosen))
    how.rollout.sizes(len(chosen))  # refused here, before anything is on record
    return chosen, how


def over_words(options: argparse.Namespace) -> list[str]:
    """Return the words of a command line that lie over the files: what they say belongs to the plan."""
    words = ["--overrides", options.overrides] if options.overrides else []
    return [*words, *(word for each in options.sets for word in ("--set", each))]


def outputs_words(options: argparse.Namespace) -> list[str]:
    """Return the words of a command line that say where records go."""
    return ["--outputs", options.outputs] if options.outputs else []


def read_all(files: Sequence[str], over: Over = NOTHING) -> list[Ordered]:
    """Read every file before anything is run; `over` lies over all of them. Raises `InvalidParametersError` with the problems of all of them."""
    ordered: list[Ordered] = []
    problems: list[Problem] = []
    for file in map(Path, files):
        try:
            ordered.append(Ordered(file, read_parameters(file, over), words=("-p", str(file))))
        except InvalidParametersError as error:
            problems += error.problems
    if problems:
        raise InvalidParametersError(once(problems))
    return ordered


def _of_fleet(file: Path, over: Over) -> tuple[list[Ordered], FleetRun]:
    fleet = read_fleet(file, over)
    return [
        Ordered(each.file, each.parameters, each.tags, ("--fleet", str(file), "--limit", each.parameters.tenant.name))
        for each in fleet.tenants
    ], fleet.run


def check_together(ordered: Sequence[Ordered]) -> None:
    """Raise `ParameterError` when two runs would be of one tenant or one sync server, or share a folder, or a file names its run."""
    ids: dict[str, Path] = {}
    names: dict[str, Path] = {}
    servers: dict[str, Path] = {}
    for each in ordered:
        tenant, server, file = each.parameters.tenant, each.parameters.sync_server.endpoint, str(each.file)
        if each.parameters.run_id:
            raise ParameterError("run-id-in-file", file=file)
        if first := ids.get(tenant.id):
            raise ParameterError("tenant-twice", first=str(first), second=file)
        if first := names.get(tenant.name):
            raise ParameterError("tenant-name-twice", first=str(first), second=file, name=tenant.name)
        if server and (first := servers.get(server.casefold())):
            raise ParameterError("server-twice", first=str(first), second=file, server=server)
        ids[tenant.id] = names[tenant.name] = each.file
        if server:
            servers[server.casefold()] = each.file


def _chosen(ordered: Sequence[Ordered], options: argparse.Namespace) -> list[Ordered]:
    """Return those who are meant by `--limit`, all when it is not given, but for those who are meant by `--exclude`."""
    meant = _meant(options.limit, ordered, options) if options.limit else {each.name for each in ordered}
    meant -= _meant(options.exclude, ordered, options)
    if not meant:
        raise ParameterError("nobody-chosen", count=len(ordered))
    return [each for each in ordered if each.name in meant]


def _meant(patterns: Sequence[str], ordered: Sequence[Ordered], options: argparse.Namespace) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        names = set(_fitting(pattern, ordered, options))
        if not names and pattern != FAILED:  # a word that means nobody is mistyped; that nobody failed is good news
            raise ParameterError("nobody-meant", pattern=pattern)
        found |= names
    return found


def _fitting(pattern: str, ordered: Sequence[Ordered], options: argparse.Namespace) -> Iterator[str]:
    if pattern.startswith(TAG):
        yield from (each.name for each in ordered if pattern.removeprefix(TAG) in each.tags)
    elif pattern == FAILED:
        outputs = outputs_of(options)
        yield from (each.name for each in ordered if _has_failed(outputs, each.name, options.runbook))
    else:
        yield from (each.name for each in ordered if fnmatchcase(each.name, pattern))


def _has_failed(outputs: Path, tenant: str, runbook: str) -> bool:
    """Tell whether the newest run of the runbook for a tenant failed, is of unknown outcome, or never came to an end."""
    if not (outputs / tenant).is_dir():
        return False
    runs = [run for run in runs_of(outputs, tenant) if run.problems or runbook_of(run.journal) == runbook]
    newest = max(runs, key=lambda run: (run.started_at, run.run_id), default=None)
    return newest is not None and exit_code_of(newest) in {None, *FAILURES}


def outputs_of(options: argparse.Namespace) -> Path:
    """Return the folder of records that a command line names, else the usual one, also where it names a storage: a run writes its
    record on its own machine first.
    """
    named = options.outputs and not is_url(options.outputs)
    return Path(options.outputs).absolute() if named else outputs_root()


def storage_named(options: argparse.Namespace) -> str:
    """Return the address of the storage that a command line names for its records, empty for none. Raises as `Storage`."""
    if not options.outputs or not is_url(options.outputs):
        return ""
    return Storage(options.outputs).url  # refused here, before anything is on record


def who_typed(options: argparse.Namespace) -> str:
    """Return the words that name the tenants of a command line, as they are typed again: many files as the pattern that stands for them."""
    if options.fleet:
        return typed("--fleet", options.fleet)
    files = [Path(file) for file in options.files]
    folder = files[0].parent
    if len(files) > MOST_FILES and os.name == "posix" and sorted(folder.glob(PATTERN)) == sorted(files):
        return f"-p {typed(str(folder))}/{PATTERN}"
    return typed("-p", *options.files)


def _options(options: argparse.Namespace, said: FleetRun, tenants: int) -> FleetOptions:
    """Return how so many tenants are run: by the command line, else by the fleet's file. Raises `ParameterError`."""
    jobs = said.jobs if options.jobs is None else options.jobs
    if not 1 <= jobs <= MOST_JOBS:
        raise ParameterError("jobs-out-of-range", given=jobs, most=MOST_JOBS)
    limit = MaxFailures.read(options.max_failures or said.max_failures)
    rates = options.limit_rate or said.limit_rate
    time_limit = said.time_limit if options.time_limit is None else options.time_limit
    if time_limit < 0:
        raise ParameterError("time-limit-negative", seconds=time_limit)
    return FleetOptions(
        jobs,
        limit,
        options.kernels,
        rollout=_rollout(options, said),
        rates=parse_rates(rates) if rates or tenants > 1 else {},
        time_limit=time_limit,
    )


def _rollout(options: argparse.Namespace, said: FleetRun) -> Rollout:
    """Return how the tenants are rolled out: by the command line, else by the fleet's file. Raises `ParameterError`."""
    waves = options.waves or said.waves
    soak = said.soak if options.soak is None else options.soak
    if soak < 0:
        raise ParameterError("soak-negative", seconds=soak)
    return Rollout(
        parse_waves(waves) if waves else (),
        soak,
        options.require_level or said.require_level,
        parse_window(options.window or said.window, options.freeze or said.freeze),
    )
