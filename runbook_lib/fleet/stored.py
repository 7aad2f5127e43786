"""What becomes of a run's record on shared storage once the run has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from runbook_lib.errors import EvidenceError, RunbookError
from runbook_lib.evidence.batches import BATCHES
from runbook_lib.fleet.executing import FAILED, UNKNOWN, Job, Outcome, said
from runbook_lib.texts import message, render
from runbook_lib.wiring.storing import StoredRun, storage_at


def kept(job: Job, outcome: Outcome) -> Outcome:
    """Keep all that a run left on its storage, if it has one, and let others apply to its tenant unless something is not known of it.

    Where the storage refuses, a run that ended well has failed after it: its record is on this machine alone.
    """
    refusals = list(_refusals(job, outcome))
    if not refusals:
        return outcome
    detail = render(refusals[0].message, job.language)
    problem = said(job, message("storage-record-not-whole", detail=detail))
    code = FAILED if outcome.exit_code in {0, 3, 5} else outcome.exit_code
    return replace(outcome, exit_code=code, problem="\n".join(filter(None, (outcome.problem, problem))))


def keep_batch(url: str, *files: Path) -> None:
    """Keep the record of a batch, and what lies beside it, on the storage as far as they are there.

    Raises `EvidenceError`, and as `Storage`.
    """
    storage = storage_at(url)
    for file in files if storage else ():
        if storage and file.is_file():
            storage.put(f"{BATCHES}/{file.name}", file.read_bytes())


def _refusals(job: Job, outcome: Outcome) -> Iterator[RunbookError]:
    """Do what is to be done at the end of a run, and yield what was refused of it."""
    try:
        storage = storage_at(job.storage)
    except RunbookError as error:
        yield error
        return
    if storage is None:
        return
    stored = StoredRun(storage, job.tenant, job.run_id)
    ending: list[Callable[[], None]] = [lambda: stored.keep_all(job.folder)]
    if job.mode == "apply" and outcome.exit_code != UNKNOWN:
        ending.append(lambda: stored.release(job.folder))
    for each in ending:
        try:
            each()
        except EvidenceError as error:
            yield error
