"""What the machines of a fleet have in common: where a run is claimed, and what is on record of one whose worker was lost.

That is a folder of outputs that all of them see, whose locks tell who is still at work. Or it is a storage: then each machine has
outputs of its own, and nobody can tell who lives. There the next line of a run's journal decides, which only one can write.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from runbook_lib.adapters.storage import Storage
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL, Recorded, at_rest, cannot_write, is_held, make_folder, new_file, read_journal
from runbook_lib.fleet.executing import RESULT, Job
from runbook_lib.wiring.fetching import fetch, give_up, recorded_on
from runbook_lib.wiring.places import outputs_root
from runbook_lib.wiring.storing import StoredRun

# No tenant can be called so: names begin with a letter or a digit.
CLAIMS = "_claims"

# The attempts that workers make at a run: the first, and one more when the worker of the first was lost before it sent anything.
ATTEMPTS = (1, 2)

_MARK = b"{}\n"


class Common(Protocol):
    """Where runs are claimed and their records looked up, on every machine in the same way. All raise `EvidenceError`."""

    def marked(self) -> AbstractContextManager[str]:
        """Leave a mark while it is entered, and return its name: who sees it has the same in common."""
        ...

    def sees(self, mark: str) -> bool:
        """Tell whether a mark is seen from here."""
        ...

    def here(self, job: Job) -> Job:
        """Return a job with the outputs that it has on this machine when a worker carries it out."""
        ...

    def take(self, job: Job, attempt: int, claim: bytes) -> bool:
        """Claim an attempt at a run, in one step. False: somebody has claimed it before."""
        ...

    def at_work(self, job: Job, attempt: int) -> AbstractContextManager[object]:
        """Let others see, as far as they can, that somebody is at work at an attempt."""
        ...

    def is_held(self, job: Job) -> bool:
        """Tell whether somebody is seen to be at work at a run."""
        ...

    def recorded(self, job: Job) -> Recorded:
        """Return what is on record of a run."""
        ...

    def close(self, job: Job, recorded: Recorded) -> bool:
        """See that whoever has a run adds nothing to what is recorded. False: somebody has."""
        ...

    def bring(self, job: Job) -> None:
        """See that what is on record of a run is in its folder here."""
        ...

    def has_say(self, job: Job, before: int) -> bool:
        """Tell whether an attempt that was made here can say how the run ended. Not so when somebody else went on with it, or when it
        recorded nothing beside so many lines of an attempt before it, which may live on. `before` is -1 for a first attempt.
        """
        ...


def common_of(outputs: Path, storage: str) -> Common:
    """Return what machines have in common that keep their records on a storage, or, where none is named, in one folder.

    Raises as `Storage`.
    """
    return OnStorage(Storage(storage)) if storage else InFolder(outputs)


class InFolder:
    """A folder of outputs that all machines see. Who works at something keeps it locked."""

    def __init__(self, outputs: Path) -> None:
        """Keep the folder; it is made when it is needed."""
        self._outputs = outputs

    @contextmanager
    def marked(self) -> Iterator[str]:
        """Put a file into the outputs for a moment."""
        name = f".seen-{secrets.token_hex(8)}"
        try:
            self._outputs.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(self._outputs, error) from error
        new_file(self._outputs / name, _MARK)
        try:
            yield name
        finally:
            with suppress(OSError):
                (self._outputs / name).unlink()

    def sees(self, mark: str) -> bool:
        """Tell whether the file is there."""
        return (self._outputs / mark).is_file()

    def here(self, job: Job) -> Job:
        """Return the job: the folder is at the same place everywhere."""
        return job

    def take(self, job: Job, attempt: int, claim: bytes) -> bool:
        """Make a file that only one can make."""
        try:
            self._outputs.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_folder(self._outputs / CLAIMS)
        except OSError as error:
            raise cannot_write(self._outputs / CLAIMS, error) from error
        return new_file(self._claim(job, attempt), claim)

    def at_work(self, job: Job, attempt: int) -> AbstractContextManager[object]:
        """Keep the claim locked."""
        return at_rest(self._claim(job, attempt))

    def is_held(self, job: Job) -> bool:
        """Tell whether a claim or the journal is locked."""
        return any(map(is_held, (*(self._claim(job, each) for each in ATTEMPTS), job.folder / JOURNAL)))

    def recorded(self, job: Job) -> Recorded:
        """Read the journal."""
        return read_journal(job.folder / JOURNAL) if (job.folder / JOURNAL).is_file() else Recorded()

    def close(self, job: Job, recorded: Recorded) -> bool:  # noqa: ARG002  # as `Common` says
        """Nothing is to be done: who writes holds a lock, and nobody does."""
        return True

    def bring(self, job: Job) -> None:
        """Nothing is to be brought."""

    def has_say(self, job: Job, before: int) -> bool:  # noqa: ARG002
        """It has: nobody else goes on with what is locked."""
        return True

    def _claim(self, job: Job, attempt: int) -> Path:
        return self._outputs / CLAIMS / claim_name(job, attempt)


class OnStorage:
    """A storage. Each machine has outputs of its own, and who is lost may live on: only lines of the journal are certain."""

    def __init__(self, storage: Storage) -> None:
        """Keep the storage."""
        self._storage = storage

    @contextmanager
    def marked(self) -> Iterator[str]:
        """Create an object for a moment."""
        name = f"{CLAIMS}/seen-{secrets.token_hex(8)}.json"
        self._storage.create(name, _MARK)
        try:
            yield name
        finally:
            with suppress(EvidenceError):
                self._storage.remove(name)

    def sees(self, mark: str) -> bool:
        """Tell whether the object is there."""
        return self._storage.read(mark) is not None

    def here(self, job: Job) -> Job:
        """Return the job with this machine's usual folder of outputs: that of the command may be nowhere here."""
        return replace(job, outputs=outputs_root().absolute())

    def take(self, job: Job, attempt: int, claim: bytes) -> bool:
        """Create an object that only one can create."""
        return self._storage.create(f"{CLAIMS}/{claim_name(job, attempt)}", claim)

    def at_work(self, job: Job, attempt: int) -> AbstractContextManager[object]:  # noqa: ARG002
        """Nothing is to be done: what this machine holds, others do not see."""
        return nullcontext()

    def is_held(self, job: Job) -> bool:
        """Tell whether somebody on this machine writes the journal; who does so on another one is found out by `close`."""
        return is_held(job.folder / JOURNAL)

    def recorded(self, job: Job) -> Recorded:
        """Read the lines on the storage. One that a process of this machine died over is brought to it first."""
        journal = job.folder / JOURNAL
        if journal.is_file():
            with suppress(EvidenceError):  # what is here is behind, or somebody else has gone on
                self._stored(job).catch_up(_lines(journal))
        return recorded_on(self._storage, _run(job))

    def close(self, job: Job, recorded: Recorded) -> bool:
        """Write the next line."""
        return give_up(self._storage, _run(job), recorded)

    def bring(self, job: Job) -> None:
        """Fetch the run, if there is anything of it; what is here is completed, and never shortened.

        Raises `EvidenceError` also when it ended, and the storage has its lines alone.
        """
        if not self._storage.names(_run(job)):
            return
        for _ in fetch(self._storage, job.outputs, [_run(job)]):
            is_ended = read_journal(job.folder / JOURNAL).end.event == "finished"
            if is_ended and not (job.folder / RESULT).is_file():
                raise EvidenceError("fetch-not-whole", url=self._storage.url, run=_run(job))

    def has_say(self, job: Job, before: int) -> bool:
        """Compare the lines here with those on the storage. Who cannot knows of nobody else, unless there was one before."""
        try:
            if self._stored(job).is_overtaken(job.folder / JOURNAL):
                return False
            return before < 0 or len(recorded_on(self._storage, _run(job))) > before
        except EvidenceError:
            return before < 0

    def _stored(self, job: Job) -> StoredRun:
        return StoredRun(self._storage, job.tenant, job.run_id)


def claim_name(job: Job, attempt: int) -> str:
    """Return the name of the file, or the end of the name of the object, by which an attempt is claimed."""
    return f"{job.tenant}~{job.run_id}-{attempt}.json"


def _run(job: Job) -> str:
    return f"{job.tenant}/{job.run_id}"


def _lines(journal: Path) -> list[bytes]:
    """Return the whole lines of a journal on this machine."""
    return [line for line in journal.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
