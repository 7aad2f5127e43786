"""One run through papermill: the notebook is executed with a tenant's parameters, and its result is read from the run's folder."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import (
    JOURNAL,
    Ledger,
    Recorded,
    Redactor,
    attempts,
    cannot_write,
    read_journal,
    replace_file,
    set_aside,
    standing,
)
from runbook_lib.fleet.drafts import Draft, opened
from runbook_lib.fleet.forkserver import ForkServer
from runbook_lib.fleet.stopping import Stopping
from runbook_lib.model import Json
from runbook_lib.texts import Language, Message, fix_of, message, render
from runbook_lib.wiring.importing import IRI_GRAMMAR, without

NOTEBOOK = "notebook.ipynb"
RESULT = "result.json"
PAPERMILL_MARK = "papermill-error-cell-tag"

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600

# What a run that left no result ended with: it may have sent something, or it may not.
UNKNOWN, FAILED, USAGE, INTERRUPTED = 4, 1, 2, 130

# Ending a kernel interrupts it first; its remark about that is not for the operator's terminal. And what runs execute is in their
# records: the history of whoever sits at the machine is no place for it, and all kernels would wait for its one file.
OF_OUR_KERNELS = ["--IPKernelApp.log_level=CRITICAL", "--HistoryManager.hist_file=:memory:"]

# How the notebook names an error of the kit; any other name is one that nobody foresaw.
STOP = "Stop"


@dataclass(frozen=True)
class Job:
    """What is to be run: a notebook, the parameters it is given, and where its record goes.

    `goes_on` is true for another attempt at a run that stopped; `storage` is the address of the shared storage that the record is
    kept on as well, empty for none.
    """

    notebook: Path
    tenant: str
    run_id: str
    outputs: Path
    parameters: Mapping[str, Json]
    goes_on: bool = False
    storage: str = ""

    @property
    def language(self) -> Language:
        """Return the language of the run."""
        return "fr" if self.parameters.get("language") == "fr" else "en"

    @property
    def mode(self) -> str:
        """Return `plan` or `apply`; nothing said means `plan`, as in the notebooks."""
        return str(self.parameters.get("mode") or "plan")

    @property
    def folder(self) -> Path:
        """Return the run's folder."""
        return self.outputs / self.tenant / self.run_id


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `steps` maps step ids to states; `changes` are those of the plan and `findings` those of each step, as
    JSON; `problem` is what stopped it, in the language of the run; `verdict` is that of a runbook that only looks; `ladder` is the
    level reached and why not the next, as JSON, None when the run did not get that far.
    """

    tenant: str
    folder: Path
    exit_code: int
    steps: Mapping[str, str] = field(default_factory=dict)
    plan: str = ""
    page: str = ""
    problem: str = ""
    changes: tuple[Mapping[str, Json], ...] = ()
    verdict: str = ""
    is_interrupted: bool = False
    findings: Mapping[str, Sequence[Mapping[str, Json]]] = field(default_factory=dict)
    ladder: Json = None
    attachment: Json = None


@dataclass(frozen=True)
class _End:
    """What papermill said of a run: what stopped it, and the exit code if the run left nothing that knows better."""

    problem: str = ""
    if_not_begun: int = USAGE
    is_interrupted: bool = False


@dataclass(frozen=True)
class Means:
    """What all runs are executed with: the exit codes of runs that could not be opened, by run id, which may fill while a notebook
    runs; what forks kernels, or None where a kernel is a program that is started.
    """

    stopped: Mapping[str, int]
    fork_server: ForkServer | None = None


@dataclass(frozen=True)
class Own:
    """What a run has of its own: the environment of its kernel; what knows its secrets, and may learn more while it runs; what
    stops it from another thread; how many seconds it may take (0: any).
    """

    environment: Mapping[str, str]
    redactor: Redactor
    stopping: Stopping = field(default_factory=Stopping)
    time_limit: int = 0


def execute(job: Job, means: Means, own: Own) -> Outcome:
    """Execute the notebook and return how it ended. The executed notebook is kept in the run's folder, also after a failure.

    Every version of the notebook is cleaned before it is written.
    """
    # The run makes its folder itself and insists that it is new, so papermill writes beside it.
    draft = Draft(job.folder.parent / f"{job.run_id}.ipynb", own.redactor)
    try:
        if job.goes_on:
            _set_aside(job.folder, draft.path)
        _make(draft.path)
    except OSError as error:
        why = cannot_write(draft.path.parent, error).message
        return Outcome(job.tenant, job.folder, FAILED, problem=said(job, why))
    except EvidenceError as error:
        return Outcome(job.tenant, job.folder, FAILED, problem=said(job, error.message))
    try:
        end = _run(job, draft, means, own)
    except (KeyboardInterrupt, asyncio.CancelledError):
        # The kernel was interrupted and has ended. What it recorded decides whether anything may have been sent.
        end = _stopped(job, own)
    finally:
        unkept = _keep(draft, job.folder)
    unkept = unkept or draft.problem
    if unkept and not end.problem:
        detail = render(unkept.message, job.language)
        end = replace(end, problem=said(job, message("notebook-not-kept", detail=detail)), if_not_begun=FAILED)
    return _outcome(job, end)


def found(job: Job, problem: str) -> Outcome:
    """Return how a run ended by what its record says, for nobody else is left to tell. Its notebook is kept as far as it came."""
    _keep(Draft(job.folder.parent / f"{job.run_id}.ipynb", Redactor()), job.folder)
    return _outcome(job, _End(problem, FAILED))


def _run(job: Job, draft: Draft, means: Means, own: Own) -> _End:
    """Have papermill execute the notebook into the draft."""
    # Imported here: it takes long, and most verbs run nothing.
    with without(IRI_GRAMMAR):
        import papermill  # noqa: PLC0415
        from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    from runbook_lib.fleet import engine  # noqa: PLC0415
    from runbook_lib.fleet.kernels import is_worth_saying  # noqa: PLC0415

    logging.getLogger("asyncio").addFilter(is_worth_saying)  # adding it again changes nothing
    try:
        with opened(draft) as address:
            papermill.execute_notebook(
                str(job.notebook),
                address,
                parameters={**job.parameters, "run_id": job.run_id},
                kernel_name="python3",
                engine_name=engine.NAME,
                draft=draft,
                environment=own.environment,
                fork_server=means.fork_server,
                stopping=own.stopping,
                extra_arguments=OF_OUR_KERNELS,
            )
    except PapermillExecutionError as error:
        if error.ename != STOP:
            return _End(said(job, message("run-broke-off", detail=error.ename)), FAILED)
        return _End(error.evalue, means.stopped.get(job.run_id, USAGE))
    except Exception as error:  # noqa: BLE001  # a kernel that died, for one; the next tenant has its own
        return _End(said(job, message("run-broke-off", detail=type(error).__name__)), FAILED)
    return _End()


def _stopped(job: Job, own: Own) -> _End:
    """Return how a run ended that was stopped: by a person, or because it took too long, which is a failure of it alone."""
    if own.stopping.is_over_time:
        return _End(said(job, message("run-over-time", seconds=own.time_limit)), FAILED)
    return _End(said(job, message("run-interrupted")), INTERRUPTED, is_interrupted=True)


def _set_aside(folder: Path, draft: Path) -> None:
    """Keep the notebook of an earlier attempt; one that was killed left it where papermill was writing."""
    try:
        attempt = attempts(read_journal(folder / JOURNAL))
    except EvidenceError:
        attempt = 1  # the run itself will say what is wrong with its journal
    set_aside(folder / NOTEBOOK, attempt)
    if draft.is_file() and not draft.stat().st_size:
        draft.unlink()
    set_aside(draft, attempt, folder)


def _make(draft: Path) -> None:
    """Make the file and the folders above it, each for its owner alone: `parents` would leave them open to others."""
    for folder in (draft.parent.parent, draft.parent):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    draft.touch(mode=PRIVATE_FILE)


def said(job: Job, what: Message) -> str:
    """Return a message as the problem of a run, in its language."""
    language = job.language
    return f"✖ {render(what, language)} {fix_of(what, language)}".strip()


def _keep(draft: Draft, folder: Path) -> EvidenceError | None:
    """Move the executed notebook into the run's folder, without the English marks that papermill puts into a failed one.

    Returns why it could not be kept in full: what last fitted on the disk is kept then, as it is.
    """
    try:
        if not draft.path.stat().st_size:
            draft.path.unlink()  # papermill did not even begin
        elif folder.is_dir():
            _move(draft, folder)
    except OSError as error:
        return cannot_write(folder / NOTEBOOK, error)
    except EvidenceError as error:
        return error
    return None


def _move(draft: Draft, folder: Path) -> None:
    content = draft.path.read_bytes()
    Ledger(folder).note(NOTEBOOK, draft.found)
    if draft.is_whole and PAPERMILL_MARK.encode() not in content:
        draft.path.replace(folder / NOTEBOOK)
        return
    notebook = json.loads(content)
    cells = [each for each in notebook["cells"] if PAPERMILL_MARK not in each.get("metadata", {}).get("tags", [])]
    text = json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1)
    try:
        replace_file(folder / NOTEBOOK, f"{text}\n".encode())
    except EvidenceError:
        draft.path.replace(folder / NOTEBOOK)  # takes no room
        raise
    draft.path.unlink()


def _outcome(job: Job, end: _End) -> Outcome:
    file = job.folder / RESULT
    if not file.exists():
        return _without_result(job, end)
    result = json.loads(file.read_text(encoding="utf-8"))
    return Outcome(
        job.tenant,
        job.folder,
        _judged(job, result["exit_code"], end),
        result["steps"],
        result["plan"],
        result["page"],
        end.problem,
        tuple(result["changes"]),
        result.get("verdict", ""),
        end.is_interrupted,
        result.get("findings", {}),
        result.get("ladder"),
    )


def _judged(job: Job, code: int, end: _End) -> int:
    """Return the exit code of a run with a result. One that should not have stopped, and did, has failed after it."""
    if end.is_interrupted and code != UNKNOWN:
        return INTERRUPTED
    is_good = code == 0 or (job.parameters.get("mode") == "plan" and code not in {FAILED, UNKNOWN})
    return FAILED if end.problem and is_good else code


def _without_result(job: Job, end: _End) -> Outcome:
    """A run that never wrote its result: unknown if anything may have been sent or nobody can tell, else as it ended."""

    def ended(code: int, journal: Recorded) -> Outcome:
        steps = standing(journal)
        return Outcome(job.tenant, job.folder, code, steps, problem=end.problem, is_interrupted=end.is_interrupted)

    if not (job.folder / JOURNAL).exists():
        return ended(end.if_not_begun, Recorded())
    try:
        journal = read_journal(job.folder / JOURNAL)
    except EvidenceError:
        return ended(UNKNOWN, Recorded())
    if "sending" in {line.event for line in journal}:
        return ended(UNKNOWN, journal)
    return ended(INTERRUPTED if end.is_interrupted else FAILED, journal)
