"""No run is begun twice, and one whose worker was lost is judged by its record alone.

Dask runs a task again elsewhere when it loses the worker. So whoever begins a run first makes a file that only one can make. Who
finds it made looks into the record: where something was sent, the outcome is unknown and stays so until somebody looks again; where
nothing was, one more attempt may go on with the run, with a file of its own.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL, Recorded, at_rest, cannot_write, is_held, make_folder, new_file, read_journal
from runbook_lib.fleet.executing import FAILED, UNKNOWN, Job, Outcome, found, said
from runbook_lib.texts import message

# No tenant can be called so: names begin with a letter or a digit.
CLAIMS = "_claims"

# The attempts that workers make at a run: the first, and one more when the worker of the first was lost before it sent anything.
ATTEMPTS = (1, 2)

# How long a lost worker's kernel may take to end. The journal is locked until then.
PATIENCE_SECONDS = 30.0

# What only a run records that sent something, or came to its end.
_SENT, _ENDED = "sending", "finished"


def is_claimed(job: Job, attempt: int, by: str) -> bool:
    """Take an attempt at a run for whoever is named. False: somebody has taken it before. Raises `EvidenceError`."""
    folder = job.outputs / CLAIMS
    try:
        job.outputs.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_folder(folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    at = datetime.now(UTC).isoformat(timespec="seconds")
    claim = {"run": job.run_id, "attempt": attempt, "by": by, "host": platform.node(), "process": os.getpid(), "at": at}
    return new_file(_claim(job, attempt), (json.dumps(claim, sort_keys=True) + "\n").encode())


@contextmanager
def at_work(job: Job, attempt: int) -> Iterator[None]:
    """Keep what was claimed locked while it is worked at: whoever wonders later whether we are lost can tell."""
    with at_rest(_claim(job, attempt)):
        yield


def next_attempt(job: Job, by: str, lost: Callable[[Job], Outcome]) -> tuple[Job, int] | Outcome:
    """Take the next attempt that is left at a run, and return it; else how the run ended, whose worker was `lost`.

    Raises `EvidenceError` when nothing can be taken.
    """
    outcome = Outcome(job.tenant, job.folder, FAILED)
    for attempt in ATTEMPTS:
        if is_claimed(job, attempt, by):
            return (replace(job, goes_on=bool(_recorded(job))) if attempt > 1 else job), attempt
        outcome = lost(job)
        if outcome.exit_code == UNKNOWN or not may_go_on(job):
            break
    return outcome


def closed(job: Job, by: str) -> Outcome:
    """Let nobody begin the run any more, and return how it ended. Raises `EvidenceError` when that cannot be."""
    taken = [is_claimed(job, attempt, by) for attempt in ATTEMPTS]
    if taken[0]:
        return Outcome(job.tenant, job.folder, FAILED, problem=said(job, message("worker-none-began")))
    return judged(job)


def judged(job: Job, patience: float = PATIENCE_SECONDS) -> Outcome:
    """Return how a run ended whose worker is lost, by its record. While somebody may still write it, nobody can tell."""
    until = time.monotonic() + patience
    while any(map(is_held, (*(_claim(job, attempt) for attempt in ATTEMPTS), job.folder / JOURNAL))):
        if time.monotonic() > until:
            return Outcome(job.tenant, job.folder, UNKNOWN, problem=said(job, message("worker-lost-at-work")))
        time.sleep(0.1)
    is_ended = _has(job, _ENDED)
    return found(job, "" if is_ended else said(job, message("worker-lost")))


def may_go_on(job: Job) -> bool:
    """Tell whether a run may be gone on with without asking anybody: it sent nothing, and did not come to its end."""
    return not _has(job, _SENT, _ENDED)


def _has(job: Job, *events: str) -> bool:
    """Tell whether an event is on record. A journal that cannot be read may hold anything."""
    try:
        return any(line.event in events for line in _recorded(job))
    except EvidenceError:
        return True


def _recorded(job: Job) -> Recorded:
    path = job.folder / JOURNAL
    return read_journal(path) if path.is_file() else Recorded()


def _claim(job: Job, attempt: int) -> Path:
    return job.outputs / CLAIMS / f"{job.tenant}~{job.run_id}-{attempt}.json"
