"""Bringing records from shared storage to this machine, also those of runs that were killed; and letting others in after one."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.storage import Storage
from runbook_lib.canonical import canonical
from runbook_lib.errors import EvidenceError, UsageProblem
from runbook_lib.evidence import (
    FOLDER_MODE,
    JOURNAL,
    Holder,
    Journal,
    Recorded,
    Redactor,
    Run,
    at_rest,
    cannot_write,
    journal_from,
    make_folder,
    replace_file,
)
from runbook_lib.evidence.batches import BATCHES
from runbook_lib.model import Json
from runbook_lib.wiring.account import account_name
from runbook_lib.wiring.storing import LINES, LOCK_FILE, StoredRun, holder_in, is_beside, line_after

# Where it is on record who let others in.
UNLOCKED_FOLDER, UNLOCKED = "_unlocked", "unlocked"

# The line by which a run is given up whose worker was lost: should that one live on, it can write no other.
GIVEN_UP = "given-up"

# Whoever may write to the storage chose the names: none may lead out of the folder that they are brought to.
_PART = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-])){0,199}")
_MOST_PARTS = 5
_LINE = re.compile(r"[0-9]{6}\.json")


@dataclass(frozen=True)
class Fetched:
    """A run that was brought to a folder; `is_ahead` when the folder knew more already, and was left as it is."""

    run: str
    folder: Path
    is_ahead: bool = False


def fetch(storage: Storage, to: Path, runs: Sequence[str] = ()) -> Iterator[Fetched]:
    """Bring runs, `TENANT` or `TENANT/RUN`, or all of them and the records of batches, and yield each.

    Raises:
        UsageProblem: what is asked for is not there.
        EvidenceError: something cannot be read or written, a record is damaged, or it and the one that is here disagree.
    """
    for asked in runs or ("",):
        names = [name for name in storage.names(_checked(asked) if asked else "") if _is_ours(name)]
        found = sorted({"/".join(name.split("/")[:2]) for name in names if name.count("/") > 1})
        if asked and not any(run == asked or run.startswith(f"{asked}/") for run in found):
            raise UsageProblem("fetch-no-run", url=storage.url, run=asked)
        for run in found:
            yield from _fetched(storage, run, [name for name in names if name.startswith(f"{run}/")], to)
    if not runs:
        _bring(storage, [name for name in storage.names(BATCHES) if _is_safe(name)], to)


def recorded_on(storage: Storage, run: str) -> Recorded:
    """Return the lines that a storage has of a run, also when they only say that it is not to begin.

    Raises `EvidenceError` when they cannot be read, or are damaged.
    """
    return journal_from(_lines_of(storage, run, storage.names(_checked(run))), Path(run) / JOURNAL)


def runs_elsewhere(url: str, outputs: Path, tenant: str) -> list[Run]:
    """Return the runs of a tenant of which a storage has more lines than the outputs, or none are there. Raises `EvidenceError`."""
    storage = Storage(url)
    names = [name for name in storage.names(tenant) if _is_ours(name)]
    found: list[Run] = []
    for run in sorted({"/".join(name.split("/")[:2]) for name in names if f"/{LINES}/" in name}):
        journal, lines = outputs / run / JOURNAL, [name for name in names if name.startswith(f"{run}/{LINES}/")]
        if not journal.is_file() or journal.read_bytes().count(b"\n") < len(lines):
            recorded = journal_from(_lines_of(storage, run, lines), Path(run) / JOURNAL)
            found.append(Run(tenant, run.partition("/")[2], outputs / run, recorded))
    return found


def held_by(storage: Storage, tenant: str) -> Holder | None:
    """Return which run keeps others from applying to a tenant, None when none does. Raises `EvidenceError`."""
    found = storage.read(f"{_checked(tenant)}/{LOCK_FILE}")
    return None if found is None else holder_in(found)


def give_up(storage: Storage, run: str, recorded: Recorded) -> bool:
    """Write the line that follows what is recorded of a run: whoever has it is refused at its next line, before anything is sent.

    False: somebody has written it, or may be writing half a line. Raises `EvidenceError`.
    """
    if recorded and recorded.end.event == GIVEN_UP:
        return True
    tenant, _, run_id = _checked(run).partition("/")
    who: dict[str, Json] = {"by": account_name(), "host": platform.node()}
    stored = StoredRun(storage, tenant, run_id)
    return not recorded.torn and stored.record("given-up", recorded, SystemClock().now(), who)


def unlock(storage: Storage, to: Path, run: str) -> Holder:
    """Let others apply to the tenant of a run, which was fetched to a folder, and return whom it was held by.

    The run can never go on then: its journal gets the line that it would have to write next. Raises:
        UsageProblem: it holds no tenant, or it sent something and nobody has looked since.
        EvidenceError: something cannot be read or written, or the run has gone on meanwhile.
    """
    tenant, _, run_id = _checked(run).partition("/")
    holder = held_by(storage, tenant)
    if holder is None or holder.run != run_id:
        raise UsageProblem("unlock-not-held", url=storage.url, run=run, holder=holder.run if holder else "-")
    _refuse_going_on(storage, to / run, run)
    now = SystemClock().now()
    said = {"by": account_name(), "host": platform.node(), "at": now.isoformat(timespec="seconds")}
    name = f"{tenant}/{UNLOCKED_FOLDER}/{now:%Y%m%dT%H%M%SZ}-{run_id}.json"
    storage.put(name, canonical({**said, "held": asdict(holder)}) + b"\n")
    storage.remove(f"{tenant}/{LOCK_FILE}")
    return holder


def _refuse_going_on(storage: Storage, folder: Path, run: str) -> None:
    """See that a run whose tenant is let go cannot go on: it came to its end, or the line after its last is taken."""
    tenant, _, run_id = run.partition("/")
    stored = StoredRun(storage, tenant, run_id)
    if not (folder / JOURNAL).is_file():
        recorded = recorded_on(storage, run)
        if not recorded or recorded.end.event not in {GIVEN_UP, UNLOCKED}:
            stored.keep(1, line_after(Recorded(), UNLOCKED, SystemClock().now(), {}))
        return
    recorded = journal_from((folder / JOURNAL).read_bytes(), folder / JOURNAL)
    if recorded.end.event == "finished":
        return
    if recorded.has("sending"):
        raise UsageProblem("unlock-has-sent", run=run)
    with Journal(folder / JOURNAL, SystemClock(), Redactor(), stored) as journal:
        journal.record("unlocked", by=account_name(), host=platform.node())


def _fetched(storage: Storage, run: str, names: Sequence[str], to: Path) -> Iterator[Fetched]:
    folder = to / run
    journal = _journal_of(storage, run, names)
    if journal is None:
        return
    content, is_here = journal, folder / JOURNAL
    with at_rest(is_here) as is_ours:
        if not is_ours:
            raise EvidenceError("resume-going-on", run=run)
        known = is_here.read_bytes() if is_here.is_file() else b""
        if known.startswith(content) and len(known) > len(content):
            yield Fetched(run, folder, is_ahead=True)
            return
        if not content.startswith(known):
            raise EvidenceError("fetch-disagrees", run=run, folder=str(folder))
        bundles = [name for name in storage.names(run.partition("/")[0]) if _is_bundle_of(name, run)]
        _bring(storage, [*(name for name in names if not _is_journal(name, run)), *bundles], to)
        _folders(to, folder)
        replace_file(is_here, content)
    yield Fetched(run, folder)


def _journal_of(storage: Storage, run: str, names: Sequence[str]) -> bytes | None:
    """Return a run's journal, put together from its lines; None when the run was killed before its first. Raises as `_lines_of`."""
    content = _lines_of(storage, run, names)
    recorded = journal_from(content, Path(run) / JOURNAL)
    return content if recorded and recorded[0].event not in {UNLOCKED, GIVEN_UP} else None


def _lines_of(storage: Storage, run: str, names: Sequence[str]) -> bytes:
    """Return the lines of a run, one after another. What follows the last newline is a line that was being written.

    Raises `EvidenceError` when a line is missing, or they and the whole journal do not tell the same.
    """
    objects = [name for name in names if name.startswith(f"{run}/{LINES}/")]
    for number, name in enumerate(objects, 1):
        if name != f"{run}/{LINES}/{number:06d}.json":
            raise EvidenceError("fetch-line-missing", run=run, line=number)
    lines = b"".join(storage.read(name) or b"" for name in objects)
    whole = storage.read(f"{run}/{JOURNAL}") or b""
    if not (lines.startswith(whole) or whole.startswith(lines)):
        raise EvidenceError("fetch-disagrees", run=run, folder=storage.url)
    return max(lines, whole, key=len)


def _bring(storage: Storage, names: Sequence[str], to: Path) -> None:
    for name in names:
        content = storage.read(name)
        if content is not None:
            _folders(to, (to / name).parent)
            replace_file(to / name, content)


def _folders(to: Path, folder: Path) -> None:
    """Make the folders down to one of ours, each for its owner alone."""
    try:
        to.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for each in reversed([folder, *folder.parents]):
            if each != to and each.is_relative_to(to):
                make_folder(each)
                if not each.resolve().is_relative_to(to.resolve()):
                    raise EvidenceError("evidence-outside", path=str(each))
    except OSError as error:
        raise cannot_write(folder, error) from error


def _checked(asked: str) -> str:
    if not _is_safe(asked) or asked.count("/") > 1:
        raise EvidenceError("evidence-bad-name", name=repr(asked))
    return asked


def _is_safe(name: str) -> bool:
    parts = name.split("/")
    return len(parts) <= _MOST_PARTS and all(map(_PART.fullmatch, parts))


def _is_ours(name: str) -> bool:
    """Tell whether a name is that of something in a run's folder: no tenant and no run begins with an underline."""
    parts = name.split("/")
    return _is_safe(name) and not parts[0].startswith("_") and not parts[1 if len(parts) > 1 else 0].startswith("_")


def _is_journal(name: str, run: str) -> bool:
    return name == f"{run}/{JOURNAL}" or name.startswith(f"{run}/{LINES}/")


def _is_bundle_of(name: str, run: str) -> bool:
    return _is_safe(name) and name.count("/") == 1 and is_beside(name.partition("/")[2], run.partition("/")[2])
