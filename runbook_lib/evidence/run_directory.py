"""The folder of one run, `outputs/<tenant>/<run id>/`: private, written whole files at a time, without secrets."""

from __future__ import annotations

import json
import re
import secrets
import threading
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import FOLDER_MODE, cannot_write, make_folder, replace_file, replace_files
from runbook_lib.evidence.journal import Beyond, Journal, read_journal
from runbook_lib.evidence.ledger import LEDGER, Ledger
from runbook_lib.evidence.lock import Holder, held
from runbook_lib.evidence.record import recordable
from runbook_lib.evidence.redact import Found, Redactor
from runbook_lib.model import Json, as_json
from runbook_lib.ports import Answer, Clock

JOURNAL = "journal.jsonl"
LOCK = ".lock"

_TENANT = re.compile(r"[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9-])){0,62}")
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_FILE = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-])){0,127}")


def new_run_id(slug: str, now: datetime) -> str:
    """Return an id for a new run, such as `20261122T151143Z-preflight-3f09ac`: ids sort by time. `slug` is the runbook's."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{slug[:40]}-{secrets.token_hex(3)}"


def alone(outputs: Path, tenant: str, holder: Holder) -> AbstractContextManager[None]:
    """Return what keeps every other run that applies something to the tenant out, while it is entered.

    Who was killed while it was sending something keeps others out until somebody goes on with it: what it sent may still be on its way.

    Raises `EvidenceError`: here when the tenant's folder cannot be made, on entering when another run is inside; it is named.
    """
    folder = outputs / _checked(_TENANT, tenant)
    _make(outputs, folder)

    def after(left: Holder) -> None:
        run = str(left.run)  # as the file says: anybody may have written it
        if run != holder.run and _RUN.fullmatch(run) and _was_sending(folder / run / JOURNAL):
            raise EvidenceError("evidence-left-sending", tenant=tenant, run=run, path=str(folder / run))

    return held(folder / LOCK, holder, after)


class RunDirectory:
    """Where everything about one run is kept. Made by `create` for a new run and by `resume` for one that goes on."""

    def __init__(self, path: Path, redactor: Redactor) -> None:
        self.path = path
        self.redactor = redactor
        self.ledger = Ledger(path)
        self._lock = threading.Lock()

    @classmethod
    def create(cls, outputs: Path, tenant: str, run_id: str, redactor: Redactor) -> Self:
        """Make the folder of a new run.

        Raises:
            EvidenceError: the names lead elsewhere, the run exists already, or the folder cannot be made.
        """
        path = _place(outputs, tenant, run_id)
        _make(outputs, path.parent, path)
        try:
            if any(path.iterdir()):
                raise EvidenceError("evidence-run-exists", path=str(path))
            path.chmod(FOLDER_MODE)  # an empty folder may have been there before
        except OSError as error:
            raise cannot_write(path, error) from error
        return cls(path, redactor)

    @classmethod
    def resume(cls, outputs: Path, tenant: str, run_id: str, redactor: Redactor) -> Self:
        """Return the folder of a run that has begun. Raises `EvidenceError` when it has not."""
        path = _place(outputs, tenant, run_id)
        if not (path / JOURNAL).is_file():
            raise EvidenceError("evidence-no-run", path=str(path))
        _refuse_outside(path, outputs)
        return cls(path, redactor)

    @property
    def journal_path(self) -> Path:
        """Return where the journal is."""
        return self.path / JOURNAL

    def journal(self, clock: Clock, beyond: Beyond | None = None) -> Journal:
        """Open the journal of the run for writing; see `Journal` for what it raises, and for `beyond`."""
        return Journal(self.journal_path, clock, self.redactor, beyond)

    def write_json(self, name: str, data: Json) -> Path:
        """Write JSON data as a file that people can read, too: indented, names in order. Returns its path.

        Raises `EvidenceError` when it cannot be written; then a former file of that name is still there.
        """
        path = self._file(name)
        replace_file(path, self._readable(data, path))
        return path

    def write_text(self, name: str, text: str) -> Path:
        """Write a text, such as a report, as a file. Returns its path; raises as `write_json`."""
        path = self._file(name)
        found = Found()
        clean = self.redactor.text(text, found).encode("utf-8", "replace")
        self.ledger.note(name, found)
        replace_file(path, clean)
        return path

    def keep_answers(self, target: str, *answers: Answer) -> None:
        """Keep what a target answered, under `raw/`, numbered in the order received."""
        with self._lock:
            folder = self._folder("raw")
            numbered = enumerate(answers, _last_number(folder) + 1)
            replace_files(folder, (self._answer(folder, f"{n:04d}-{target}", target, answer) for n, answer in numbered))

    def _answer(self, folder: Path, begin: str, target: str, answer: Answer) -> tuple[str, bytes]:
        """Return the name and the content of the file of an answer."""
        name = _checked(_FILE, f"{begin}-{answer.name}.json")
        kept = {
            "target": target,
            "name": answer.name,
            "at": answer.at,
            "request_id": answer.request_id,
            "body": as_json(answer.body),
        }
        return name, self._readable(kept, folder / name)

    def keep_attestation(self, name: str, content: bytes) -> Path:
        """Keep an attestation or its screenshot, byte for byte, under `attestations/`. Returns its path.

        `name` is ours: a person may call a file anything. The content is theirs and its hash may be known elsewhere, so
        nothing in it is replaced.
        """
        return self._keep("attestations", name, content)

    def keep_approval(self, name: str, content: bytes) -> Path:
        """Keep a signed approval, or the roster it is judged by, byte for byte, under `approvals/`. `name` is ours."""
        return self._keep("approvals", name, content)

    def _keep(self, folder: str, name: str, content: bytes) -> Path:
        path = self._folder(folder) / _checked(_FILE, name)
        replace_file(path, content)
        return path

    def _file(self, name: str) -> Path:
        if name in {JOURNAL, LEDGER}:
            raise EvidenceError("evidence-bad-name", name=name)
        return self.path / _checked(_FILE, name)

    def _folder(self, name: str) -> Path:
        path = self.path / name
        try:
            make_folder(path)
        except OSError as error:
            raise cannot_write(path, error) from error
        _refuse_outside(path, self.path)
        return path

    def _readable(self, data: Json, path: Path) -> bytes:
        found = Found()
        try:
            clean = recordable(data, self.redactor, found)
        except (TypeError, RecursionError) as error:
            raise EvidenceError("evidence-not-json", path=str(path), detail=str(error)) from error
        self.ledger.note(path.relative_to(self.path).as_posix(), found)
        return (json.dumps(clean, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _was_sending(path: Path) -> bool:
    """Tell whether a run sent something and did not come to its end. Of a record that cannot be read, `runbook status` tells."""
    try:
        recorded = read_journal(path)
    except EvidenceError:
        return False
    return recorded.has("sending") and recorded.end.event != "finished"


def _make(outputs: Path, *folders: Path) -> None:
    try:
        outputs.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for folder in folders:
            make_folder(folder)
            _refuse_outside(folder, outputs)
    except OSError as error:
        raise cannot_write(folders[-1], error) from error


def _checked(shape: re.Pattern[str], name: str) -> str:
    if not shape.fullmatch(name):
        raise EvidenceError("evidence-bad-name", name=repr(name))
    return name


def _place(outputs: Path, tenant: str, run_id: str) -> Path:
    return outputs / _checked(_TENANT, tenant) / _checked(_RUN, run_id)


def _refuse_outside(path: Path, top: Path) -> None:
    """Refuse a folder that is a link to elsewhere: evidence must be where the operator looks for it."""
    if not path.resolve().is_relative_to(top.resolve()):
        raise EvidenceError("evidence-outside", path=str(path))


def _last_number(folder: Path) -> int:
    numbers = [path.name.partition("-")[0] for path in folder.iterdir()]
    return max((int(number) for number in numbers if number.isascii() and number.isdigit()), default=0)
