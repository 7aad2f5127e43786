"""No run is begun twice, and one whose worker was lost is judged by its record alone.

Dask runs a task again elsewhere when it loses the worker. So whoever begins a run first claims it, which only one can. Who finds it
claimed looks into the record: where something was sent, the outcome is unknown and stays so until somebody looks again; where
nothing was, one more attempt may go on with the run, with a claim of its own.
"""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from runbook_lib.errors import EvidenceError, RunbookError
from runbook_lib.evidence import JOURNAL, Recorded, read_journal, standing
from runbook_lib.fleet.cluster.in_common import ATTEMPTS, Common
from runbook_lib.fleet.executing import FAILED, UNKNOWN, Job, Outcome, found, said
from runbook_lib.texts import message, render

# How long a lost worker's kernel may take to end, and how long it is tried to have it write nothing more.
PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.1

# What only a run records that sent something, or came to its end.
_SENT, _ENDED = "sending", "finished"

# How a run ended that left no more to do than what it said. Whose record is not whole says less.
_WELL = frozenset({0, 3, 5})


@dataclass(frozen=True)
class Attempt:
    """An attempt at a run: what is to be carried out, which one it is, and how many lines were on record before it (-1: it is the
    first, and nobody was there before).
    """

    job: Job
    number: int = 1
    before: int = -1


def is_claimed(common: Common, job: Job, attempt: int, by: str) -> bool:
    """Take an attempt at a run for whoever is named. False: somebody has taken it before. Raises `EvidenceError`."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    claim = {"run": job.run_id, "attempt": attempt, "by": by, "host": platform.node(), "process": os.getpid(), "at": at}
    return common.take(job, attempt, (json.dumps(claim, sort_keys=True) + "\n").encode())


def next_attempt(common: Common, job: Job, by: str, patience: float = PATIENCE_SECONDS) -> Attempt | Outcome:
    """Take the next attempt that is left at a run, and return it; else how the run ended, whose worker was lost.

    Raises `EvidenceError` when nothing can be taken.
    """
    for attempt in ATTEMPTS:
        if not is_claimed(common, job, attempt, by):
            if _may_go_on(common, job, patience):
                continue
        elif attempt == 1:
            return Attempt(job)
        elif going_on := _going_on(common, job, attempt):
            return going_on
        break
    return judged(common, job, patience)


def closed(common: Common, job: Job, by: str) -> Outcome:
    """Let nobody begin the run any more, and return how it ended. Raises `EvidenceError` when that cannot be."""
    taken = [is_claimed(common, job, attempt, by) for attempt in ATTEMPTS]
    if taken[0]:
        return Outcome(job.tenant, job.folder, FAILED, problem=said(job, message("worker-none-began")))
    return judged(common, job)


def judged(common: Common, job: Job, patience: float = PATIENCE_SECONDS) -> Outcome:
    """Return how a run ended whose worker is lost, by its record. While somebody may still write it, nobody can tell."""
    try:
        recorded = _settled(common, job, patience)
    except EvidenceError as error:  # what cannot be read may hold anything
        return Outcome(job.tenant, job.folder, UNKNOWN, problem=said(job, error.message))
    if recorded is None:
        return Outcome(job.tenant, job.folder, UNKNOWN, problem=said(job, message("worker-lost-at-work")))
    return _ended(common, job, recorded)


def own(common: Common, attempt: Attempt, outcome: Outcome) -> Outcome:
    """Return how an attempt ended that was made here; how its run did, where the attempt has no say (see `Common.has_say`)."""
    if common.has_say(attempt.job, attempt.before):
        return outcome
    judgement = judged(common, attempt.job)
    return replace(judgement, problem=judgement.problem or outcome.problem)


def brought(common: Common, job: Job, outcome: Outcome) -> Outcome:
    """Bring the record of a run that ended elsewhere, for all that reads it here, and believe it more than who told how it ended.

    Where it cannot be brought, the run ended as it did, and that is said. What is not here cannot be listed for approval.
    """
    if not job.storage:
        return outcome
    try:
        common.bring(job)
        journal = job.folder / JOURNAL
        recorded = read_journal(journal) if journal.is_file() else Recorded()
    except RunbookError as error:
        run, detail = f"{job.tenant}/{job.run_id}", render(error.message, job.language)
        problem = said(job, message("record-not-brought", url=job.storage, run=run, detail=detail))
        return replace(outcome, changes=(), problem="\n".join(filter(None, (outcome.problem, problem))))
    is_open = recorded.has(_SENT) and not recorded.has(_ENDED)
    return replace(outcome, exit_code=UNKNOWN) if is_open else outcome


def _may_go_on(common: Common, job: Job, patience: float) -> bool:
    """Tell whether a run may be gone on with without asking anybody: nobody is at it, it sent nothing, and did not end."""
    until = time.monotonic() + patience
    while common.is_held(job):
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_SECONDS)
    try:
        return not common.recorded(job).has(_SENT, _ENDED)
    except EvidenceError:
        return False


def _going_on(common: Common, job: Job, number: int) -> Attempt | None:
    """Return the attempt by which a run is gone on with on this machine; None where its record cannot be brought here."""
    try:
        common.bring(job)
        before = len(common.recorded(job))
    except EvidenceError:
        return None
    return Attempt(replace(job, goes_on=before > 0), number, before)


def _settled(common: Common, job: Job, patience: float) -> Recorded | None:
    """Return what is on record of a run, once it decides what became of it; None when somebody goes on writing all the time.

    What was sent decides at once. That nothing was decides only when nobody can send something any more.
    """
    until = time.monotonic() + patience
    while True:
        if not common.is_held(job):
            recorded = common.recorded(job)
            if recorded.has(_SENT, _ENDED) or common.close(job, recorded):
                return recorded
        if time.monotonic() > until:
            return None
        time.sleep(_LOOK_SECONDS)


def _ended(common: Common, job: Job, recorded: Recorded) -> Outcome:
    problem = "" if recorded.has(_ENDED) else said(job, message("worker-lost"))
    if job.storage and problem:  # there is no more than the lines, and who only looks keeps no copy
        return _as_recorded(job, recorded, problem)
    try:
        common.bring(job)
    except EvidenceError as error:
        return _as_recorded(job, recorded, problem or said(job, error.message))
    return found(job, problem)


def _as_recorded(job: Job, recorded: Recorded, problem: str) -> Outcome:
    """Return what the lines alone say: the files of the run are not here."""
    code = UNKNOWN if recorded.has(_SENT) else FAILED
    if recorded.has(_ENDED):
        says = recorded.end.data.get("exit_code")
        code = says if isinstance(says, int) and says not in _WELL else FAILED
    return Outcome(job.tenant, job.folder, code, standing(recorded), problem=problem)
