"""One run through papermill: the notebook is executed with a tenant's parameters, and its result is read from the run's folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL, Recorded, attempts, read_journal, set_aside
from runbook_lib.fleet.standing import standing
from runbook_lib.model import Json
from runbook_lib.texts import Language, Message, fix_of, message, render

NOTEBOOK = "notebook.ipynb"
PAPERMILL_MARK = "papermill-error-cell-tag"

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600

# What a run that left no result ended with: it may have sent something, or it may not.
UNKNOWN, FAILED, USAGE, INTERRUPTED = 4, 1, 2, 130

# How the notebook names an error of the kit; any other name is one that nobody foresaw.
STOP = "Stop"


@dataclass(frozen=True)
class Job:
    """What is to be run: a notebook, the parameters it is given, and where its record goes.

    `goes_on` is true for another attempt at a run that stopped.
    """

    notebook: Path
    tenant: str
    run_id: str
    outputs: Path
    parameters: Mapping[str, Json]
    goes_on: bool = False

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


@dataclass(frozen=True)
class _End:
    """What papermill said of a run: what stopped it, and the exit code if the run left nothing that knows better."""

    problem: str = ""
    if_not_begun: int = USAGE
    is_interrupted: bool = False


def execute(job: Job, stopped: Mapping[str, int]) -> Outcome:
    """Execute the notebook and return how it ended. The executed notebook is kept in the run's folder, also after a failure.

    `stopped` has the exit codes of runs that could not be opened, by run id; it may fill while the notebook runs.
    """
    # The run makes its folder itself and insists that it is new, so papermill writes beside it.
    draft = job.folder.parent / f"{job.run_id}.ipynb"
    try:
        if job.goes_on:
            _set_aside(job.folder, draft)
        _make(draft)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        said = message("evidence-cannot-write", path=str(draft.parent), detail=detail)
        return Outcome(job.tenant, job.folder, FAILED, problem=_said(job, said))
    except EvidenceError as error:
        return Outcome(job.tenant, job.folder, FAILED, problem=_said(job, error.message))
    try:
        end = _run(job, draft, stopped)
    except KeyboardInterrupt:
        # The kernel was interrupted and has ended. What it recorded decides whether anything may have been sent.
        end = _End(_said(job, message("run-interrupted")), INTERRUPTED, is_interrupted=True)
    finally:
        _keep(draft, job.folder)
    return _outcome(job, end)


def _run(job: Job, draft: Path, stopped: Mapping[str, int]) -> _End:
    """Have papermill execute the notebook into the draft."""
    # Imported here: it takes seconds, most of them for a grammar deep below nbformat, and most verbs run nothing.
    import papermill  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    from runbook_lib.fleet.kernels import is_worth_saying  # noqa: PLC0415

    logging.getLogger("asyncio").addFilter(is_worth_saying)  # adding it again changes nothing
    try:
        papermill.execute_notebook(
            str(job.notebook),
            str(draft),
            parameters={**job.parameters, "run_id": job.run_id},
            kernel_name="python3",
            progress_bar=False,
            # A cell that waits for a sign-in shows its code; only ended cells are saved.
            autosave_cell_every=0,
            # Ending a kernel interrupts it first; its remark about that is not for the operator's terminal.
            extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            kernel_manager_class="runbook_lib.fleet.kernels.PrivateKernelManager",
        )
    except PapermillExecutionError as error:
        if error.ename != STOP:
            return _End(_said(job, message("run-broke-off", detail=error.ename)), FAILED)
        return _End(error.evalue, stopped.get(job.run_id, USAGE))
    except Exception as error:  # noqa: BLE001  # a kernel that died, for one; the next tenant has its own
        return _End(_said(job, message("run-broke-off", detail=type(error).__name__)), FAILED)
    return _End()


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


def _said(job: Job, said: Message) -> str:
    language: Language = "fr" if job.parameters.get("language") == "fr" else "en"
    return f"✖ {render(said, language)} {fix_of(said, language)}".strip()


def _keep(draft: Path, folder: Path) -> None:
    """Move the executed notebook into the run's folder, without the English marks that papermill puts into a failed one."""
    if not draft.stat().st_size:
        draft.unlink()  # papermill did not even begin
        return
    if not folder.is_dir():
        return
    import nbformat  # noqa: PLC0415  # as in `execute`

    untyped: Any = nbformat
    notebook = untyped.read(draft, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if PAPERMILL_MARK not in cell.metadata.get("tags", [])]
    untyped.write(notebook, draft)
    draft.replace(folder / NOTEBOOK)


def _outcome(job: Job, end: _End) -> Outcome:
    file = job.folder / "result.json"
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
