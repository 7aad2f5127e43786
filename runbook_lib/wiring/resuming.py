"""Going on with a run that stopped: whether its record allows it, and what this attempt takes from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runbook_lib import __version__
from runbook_lib.engine import Earlier, earlier
from runbook_lib.errors import AttestationError, EvidenceError, UsageProblem
from runbook_lib.evidence import (
    JOURNAL,
    Line,
    Recorded,
    RunDirectory,
    attempts,
    is_held,
    read_journal,
    runs_of,
    set_aside,
)
from runbook_lib.model import Json
from runbook_lib.parameters import AttestedFile
from runbook_lib.ports import Journal
from runbook_lib.runbooks import find
from runbook_lib.wiring.account import account_name
from runbook_lib.wiring.places import storage_url

# What belongs to one attempt alone. What was approved, and what was seen then, stays.
_OF_AN_ATTEMPT = ("after.json", "result.json", "notebook.ipynb")


@dataclass(frozen=True)
class Stopped:
    """A run that can go on, as the first line of its journal says: where it is kept, on which shared storage, too (empty: on
    none), and what it was opened with.
    """

    folder: Path
    runbook: str
    parameters: Mapping[str, Json]
    storage: str = ""

    @property
    def outputs(self) -> Path:
        """Return the folder of all records."""
        return self.folder.parents[1]


@dataclass(frozen=True)
class TakenUp:
    """What an attempt has from those before it: what they sent, and when they last did (UTC, as journals write it), if ever."""

    earlier: Earlier | None = None
    since: str = ""


def stopped_run(folder: Path) -> Stopped:
    """Return the run in a folder, once its record is found to be whole, its own, and not at its end.

    Raises:
        UsageProblem: it is no run, or there is nothing to go on with.
        UnknownRunbook: it is of a runbook that this version does not have.
        EvidenceError: its record is damaged or another run's, or the run is still going on.
    """
    path = folder.resolve()
    if not (path / JOURNAL).is_file():
        raise UsageProblem("resume-no-run", path=str(folder))
    return _not_held(path, read_journal(path / JOURNAL))


def is_worth_resuming(folder: Path, recorded: Recorded | None = None) -> bool:
    """Tell whether a run stopped before its end, or sent something and is not done. A run that is going on is neither.

    `recorded` is its journal for who has read it already.
    """
    path = folder.resolve()
    try:
        known = read_journal(path / JOURNAL) if recorded is None else recorded
        _not_held(path, known)
    except (UsageProblem, EvidenceError):
        return False
    return known[-1].event != "finished" or _has_sent(known)


def unfinished_run(outputs: Path, tenant: str, runbook: str) -> Stopped | None:
    """Return the newest run of a runbook that sent something to a tenant, if it is not done; None when it is, or there is none.

    A damaged record is no reason not to open another run: `runbook status` tells of it.
    """
    try:
        runs = runs_of(outputs, tenant) if (outputs / tenant).is_dir() else []
    except EvidenceError:
        return None
    sent = [run for run in runs if _applies(run.journal, runbook) and _has_sent(run.journal)]
    newest = max(sent, key=lambda run: run.last_at, default=None)
    return stopped_run(newest.path) if newest and is_worth_resuming(newest.path) else None


def _applies(recorded: Recorded, runbook: str) -> bool:
    if not recorded or recorded[0].event != "opened" or recorded[0].data.get("runbook") != runbook:
        return False
    return bool(recorded[0].data["parameters"]["mode"] == "apply")


def _has_sent(recorded: Recorded) -> bool:
    return recorded.has("sending")


def take_up(
    directory: RunDirectory, journal: Journal, slug: str, attested: Sequence[AttestedFile]
) -> tuple[TakenUp, tuple[AttestedFile, ...]]:
    """Begin another attempt at a run: read what came before, set its results aside, and record that this one begins.

    Also returns the files of an attestation that no attempt has kept yet. The journal is open, so nobody else goes on with the
    run meanwhile. Raises as `stopped_run`, and `AttestationError` when an attestation is not the one that was judged before.
    """
    recorded = read_journal(directory.journal_path)
    if _checked(directory.path, recorded).runbook != slug:
        raise EvidenceError("resume-foreign", run=_name(directory.path))
    if (storage := str(recorded[0].data.get("storage") or "")) and storage_url() != storage:
        raise UsageProblem("resume-on-storage", run=_name(directory.path), url=storage)
    new = _not_kept(recorded, attested)
    known = earlier(recorded)
    attempt = attempts(recorded)
    for name in _OF_AN_ATTEMPT:
        set_aside(directory.path / name, attempt)
    journal.record("resumed", attempt=attempt + 1, version=__version__, by=account_name())
    sent = [line.at for line in recorded if line.event == "sending"]
    return TakenUp(known, max(sent, default="")), new


def _not_held(folder: Path, recorded: Recorded) -> Stopped:
    if is_held(folder / JOURNAL):
        raise EvidenceError("resume-going-on", run=_name(folder))
    return _checked(folder, recorded)


def _checked(folder: Path, recorded: Recorded) -> Stopped:
    if not recorded.lines:
        raise UsageProblem("resume-nothing-recorded", run=_name(folder))
    try:
        opened = recorded[0].data if recorded[0].event == "opened" else {}
        runbook, parameters = opened["runbook"], opened["parameters"]
        own = f"{parameters['tenant']['name']}/{opened['run']}"
        mode = parameters["mode"]
    except (KeyError, TypeError) as error:
        raise EvidenceError("resume-foreign", run=_name(folder)) from error
    if own != _name(folder):
        raise EvidenceError("resume-foreign", run=_name(folder))
    find(runbook)
    _refuse_ended(recorded.end, mode, folder)
    return Stopped(folder, runbook, parameters, str(opened.get("storage") or ""))


def _refuse_ended(last: Line, mode: str, folder: Path) -> None:
    """A plan that ended, whatever it says, and a run that did all it should: nothing is left to go on with."""
    if last.event != "finished":
        return
    if mode == "plan":
        raise UsageProblem("resume-plan-ended", run=_name(folder))
    if last.data.get("exit_code") == 0:
        raise UsageProblem("resume-run-done", run=_name(folder))


def _not_kept(recorded: Recorded, attested: Sequence[AttestedFile]) -> tuple[AttestedFile, ...]:
    """Compare an attestation with what was kept of it: a person's word must be the same to the byte."""
    kept = {line.data["file"]: line.data["sha256"] for line in recorded if line.event == "attestation-kept"}
    for file in attested:
        if kept.get(file.name, file.sha256) != file.sha256:
            raise AttestationError("attestation-changed", file=file.original)
    return tuple(file for file in attested if file.name not in kept)


def _name(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"
