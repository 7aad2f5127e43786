"""A sealed run told again from its journal: the chain, what was signed of it, who approved what was sent, and the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from runbook_lib import __version__
from runbook_lib.errors import EvidenceError, RunbookError, UnknownRunbook
from runbook_lib.evidence import JOURNAL
from runbook_lib.evidence.sealing.approved import check_approvals
from runbook_lib.evidence.sealing.points import Point, broken, not_proven, proven
from runbook_lib.evidence.sealing.statement import SEALED_AT, Statement
from runbook_lib.model import Json
from runbook_lib.notebook.telling import DRAWN_WITH, Told, drawn_with, told_by

# Made while the run went on, or by a browser, and so not drawn again.
_MADE_ELSEWHERE = ("notebook.ipynb", "report.en.pdf", "report.fr.pdf")

# What a later version of the kit may tell in another way is compared by the version that told it.
_SAME_IN_ALL_VERSIONS = ("run", "tenant", "runbook", "journal")

_LATER_VERSION = ("record-not-understood", "unknown-runbook")


@dataclass(frozen=True)
class Expected:
    """What the verifier holds in their hands: the digest of a plan, the number of a change. Empty: anything is right."""

    plan: str = ""
    change: str = ""


def check_run(files: Mapping[str, bytes], statement: Statement, expected: Expected) -> Iterable[Point]:
    """Yield what is found of a sealed run. Its files are laid out in a private folder for it, and removed."""
    yield from _asked_for(statement, expected)
    if JOURNAL not in files:
        yield broken("verify-missing", names=(JOURNAL,))
        return
    with TemporaryDirectory(prefix="runbook-verify-") as private:
        # As below the outputs: two folders above the journal.
        folder = Path(private).resolve() / "tenant" / "run"
        _lay_out(files, folder)
        try:
            told = told_by(folder)
        except (EvidenceError, UnknownRunbook) as error:
            yield _unreadable(error, statement, folder)
            return
    yield from _journal(told, statement)
    yield from check_approvals(told.recorded, files)
    yield from _attested(told, files)
    yield from _pages(told, files, statement)


def _lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _unreadable(error: RunbookError, statement: Statement, folder: Path) -> Point:
    said = error.message
    if said.key in _LATER_VERSION:
        return not_proven("verify-not-understood", version=str(statement.predicate.get("version", "–")))
    arguments = {
        name: value.replace(f"{folder}/", "").replace(str(folder), "") if isinstance(value, str) else value
        for name, value in said.arguments.items()
    }
    return replace(broken("verify-host"), message=replace(said, arguments=arguments))


def _asked_for(statement: Statement, expected: Expected) -> Iterable[Point]:
    """Compare with what the verifier holds: an older bundle is as good as a newer one, but it is not the one that is asked for."""
    said = statement.predicate
    change = said.get("change")
    found = {"plan": str(said.get("plan") or "–"), "change": str((change or {}).get("number") or "–")}
    for name, wanted in (("plan", expected.plan), ("change", expected.change)):
        if wanted and found[name] != wanted:
            yield broken(f"verify-other-{name}", found=found[name], expected=wanted)
        elif wanted:
            yield proven("verify-expected", what=wanted)


def _journal(told: Told, statement: Statement) -> Iterable[Point]:
    recorded = told.recorded
    yield proven("verify-journal", count=len(recorded), head=recorded.head)
    theirs = {name: value for name, value in statement.predicate.items() if name not in (SEALED_AT, DRAWN_WITH)}
    ours: dict[str, Json] = dict(told.predicate)
    if _kit_of(statement) != __version__:
        ours, theirs = ({name: each.get(name) for name in _SAME_IN_ALL_VERSIONS} for each in (ours, theirs))
    if wrong := tuple(sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))):
        yield broken("verify-told-otherwise", names=wrong)
    else:
        heading = told.view.heading
        yield proven("verify-told", run=heading.run_id, runbook=heading.runbook, tenant=heading.tenant)
    if not told.view.is_ended:
        yield not_proven("verify-not-ended")
    if told.view.is_torn:
        yield not_proven("verify-torn")


def _kit_of(statement: Statement) -> str:
    drawn = statement.predicate.get(DRAWN_WITH)
    return str(drawn.get("runbook-kit", "")) if isinstance(drawn, Mapping) else ""


def _attested(told: Told, files: Mapping[str, bytes]) -> Iterable[Point]:
    kept = {f"attestations/{each.name}": each.sha256 for each in told.view.attested}
    altered = [name for name, sha256 in kept.items() if hashlib.sha256(files.get(name, b"")).hexdigest() != sha256]
    if altered:
        yield broken("verify-attestation-altered", names=tuple(sorted(altered)))


def _pages(told: Told, files: Mapping[str, bytes], statement: Statement) -> Iterable[Point]:
    theirs, ours = statement.predicate.get(DRAWN_WITH), drawn_with()
    if theirs != ours:
        yield not_proven("verify-views-not-drawn", theirs=_versions(theirs), ours=_versions(ours))
    elif wrong := tuple(sorted(name for name, page in told.pages.items() if files.get(name) != page)):
        yield broken("verify-view-differs", names=wrong)
    else:
        yield proven("verify-views", names=tuple(sorted(told.pages)))
    if made := tuple(name for name in _MADE_ELSEWHERE if name in files):
        yield not_proven("verify-as-sealed", names=made)


def _versions(drawn: Json) -> str:
    return ", ".join(f"{name} {drawn[name]}" for name in sorted(drawn)) if isinstance(drawn, Mapping) else "–"
