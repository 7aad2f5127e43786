"""Sealing a run: its record, the pages drawn from its journal, and a signed statement about them, in one zip file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.errors import EvidenceError, RunbookError
from runbook_lib.evidence import JOURNAL, Redactor, at_rest, refuse_leaks, scan_content
from runbook_lib.evidence.batches import read_batch
from runbook_lib.evidence.sealing.contents import files_of
from runbook_lib.evidence.sealing.keeping import Kept, Signing, sealed
from runbook_lib.evidence.sealing.rollup import NOT_BEGUN, Member, roll_up
from runbook_lib.evidence.sealing.statement import RUN
from runbook_lib.notebook.kept import NOTEBOOK, notebook_of
from runbook_lib.notebook.pdf import pdf_of
from runbook_lib.notebook.telling import DRAWN_WITH, Told, drawn_with, told_by
from runbook_lib.wiring.known_secrets import redactor_for


@dataclass(frozen=True)
class Manner:
    """How runs are sealed.

    Attributes:
        signing: Who signs, and who stamps the time.
        redactor: Knows the secrets that must be in no file. None: it knows what each run's references lead to, as far as that is at
            hand here. What looks like a secret is found by any.
        to: The folder of the bundles; None: each beside its run's folder.
        pdf: Add the reports as PDF, too. A browser dates what it prints, so such a bundle differs from one seal to the next.
    """

    signing: Signing
    redactor: Redactor | None = None
    to: Path | None = None
    pdf: bool = False


@dataclass(frozen=True)
class Sealed:
    """A bundle on the disk. `sha256` is that of the zip file, `manifest_sha256` the same for every seal of this evidence.

    `is_ended` is false for a run that stopped before its end; `was_there` is true when the same evidence had been sealed by the
    same keys before, so that nothing new was written.
    """

    bundle: Path
    name: str
    sha256: str
    manifest_sha256: str
    run_id: str
    tenant: str
    keys: tuple[str, ...]
    is_ended: bool = True
    was_there: bool = False


def seal_run(folder: Path, manner: Manner) -> Sealed:
    """Seal the run in a folder. Nothing in the folder is changed.

    Raises:
        EvidenceError: there is no run, it is still going on, its journal is damaged or of another version, a file of it cannot be
            sealed or holds a secret, or the bundle cannot be written.
        CannotSign: a signer fails.
        CannotPrint: a PDF is wanted and no browser makes one.
        TargetError: the time stamp authority cannot be reached.
    """
    with _at_rest(folder):
        told = told_by(folder)
        kept = files_of(folder.resolve())
        notebook = {} if NOTEBOOK in kept else {NOTEBOOK: notebook_of(told.view).encode()}
        files = {**kept, **notebook, **_drawn(told, manner)}
    redactor = manner.redactor or redactor_for(told.recorded[0].data["parameters"])
    leaks = [leak for name, content in files.items() for leak in scan_content(name, content, redactor)]
    refuse_leaks(leaks, folder)
    heading = told.view.heading
    done = sealed(
        files,
        RUN,
        {**told.predicate, DRAWN_WITH: drawn_with()},
        manner.signing,
        (manner.to or folder.resolve().parent, f"{heading.runbook}-{heading.tenant}-{heading.run_id}"),
    )
    return Sealed(
        done.path,
        done.path.name,
        done.bundle.sha256,
        done.bundle.manifest_sha256,
        heading.run_id,
        heading.tenant,
        done.keys,
        is_ended=told.view.is_ended,
        was_there=done.was_there,
    )


def seal_batch(record: Path, manner: Manner) -> tuple[Kept, list[Member], list[tuple[Path, RunbookError]]]:
    """Seal every run of a batch, then the roll-up. Return it, its members, and which runs could not be sealed and why.

    `record` is in the folder `_batches` of the outputs. Raises as `seal_run` when the roll-up itself cannot be made.
    """
    batch = read_batch(record)
    outputs = record.resolve().parents[1]
    members: list[Member] = []
    problems: list[tuple[Path, RunbookError]] = []
    for each in batch.planned:
        folder = outputs / each.tenant / each.run
        if not (folder / JOURNAL).is_file():
            members.append(Member(each.tenant, each.run, why=NOT_BEGUN))
            continue
        try:
            sealed_run = seal_run(folder, manner)
        except RunbookError as error:
            problems.append((folder, error))
            members.append(Member(each.tenant, each.run, why=error.message.key))
        else:
            hashes = (sealed_run.sha256, sealed_run.manifest_sha256)
            members.append(Member(each.tenant, each.run, sealed_run.name, *hashes))
    kept = roll_up(batch, record.read_bytes(), members, manner.signing, manner.to or record.resolve().parent)
    return kept, members, problems


@contextmanager
def _at_rest(folder: Path) -> Iterator[None]:
    """Refuse a run that is going on, and keep it from going on meanwhile."""
    with at_rest(folder / JOURNAL) as is_at_rest:
        if not is_at_rest:
            raise EvidenceError("seal-run-open", path=str(folder))
        yield


def _drawn(told: Told, manner: Manner) -> dict[str, bytes]:
    drawn = dict(told.pages)
    if manner.pdf:
        pages = [name for name in drawn if name.startswith("report.")]
        drawn |= {name.replace(".html", ".pdf"): pdf_of(drawn[name].decode()) for name in pages}
    return drawn
