"""Verifying a bundle, offline: what is proven of it, what is not, and what is broken. Nothing it holds is believed before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL
from runbook_lib.evidence.sealing.bundle import digits_of, read_bundle
from runbook_lib.evidence.sealing.checking import Trust, check_files, with_roster
from runbook_lib.evidence.sealing.contents import MANIFEST, files_in
from runbook_lib.evidence.sealing.points import Point, Verdict, broken, not_proven
from runbook_lib.evidence.sealing.rollup import compare
from runbook_lib.evidence.sealing.statement import BATCH, RUN, Statement
from runbook_lib.notebook.retelling import Expected, check_run

# How many digits of a SHA-256 the name of a bundle holds.
_DIGITS = 12


def verify(path: Path, trust: Trust, expected: Expected) -> Verdict:
    """Verify a bundle or a roll-up with the bundles beside it, or the folder in which one was unpacked.

    Raises `EvidenceError` when there is neither.
    """
    try:
        files, named = opened(path)
    except EvidenceError as error:
        if error.message.key in ("verify-nothing-there", "verify-not-sealed"):
            raise
        return Verdict(path.name, (broken(error.message.key, **error.message.arguments),))
    verdict = verdict_of(path.name, files, named, trust, expected)
    if verdict.statement is None or verdict.statement.kind != BATCH:
        return verdict
    compared = compare(files, verdict.statement, path.parent)
    # Only the bundles that the roll-up names are looked into: what else lies there is not of this batch.
    members = tuple(verify(bundle, trust, Expected()) for bundle in compared.bundles)
    return replace(verdict, points=(*verdict.points, *compared.points), members=members)


def verdict_of(
    name: str, files: Mapping[str, bytes], named: Iterable[Point], trust: Trust, expected: Expected
) -> Verdict:
    """Return what is found of the files of a bundle; `named` is what was found of its name."""
    checked = check_files(files, trust)
    points = [*named, *checked.points]
    statement = checked.statement
    if statement is None:
        return Verdict(name, tuple(points))
    if statement.kind == RUN:
        points += [*_called(name, statement), *with_roster(check_run(files, statement, expected), trust)]
    return Verdict(name, (*points, not_proven("verify-host")), statement)


def _called(name: str, statement: Statement) -> Iterable[Point]:
    """Yield that the file has the name of another run, if it has the name of any."""
    said = statement.predicate
    tenant = said["tenant"]["name"] if isinstance(said.get("tenant"), Mapping) else ""
    if digits_of(name) and not name.startswith(f"{said.get('runbook')}-{tenant}-{said.get('run')}-"):
        yield broken("verify-called-otherwise", name=name, run=str(said.get("run")), tenant=str(tenant))


def opened(path: Path) -> tuple[dict[str, bytes], list[Point]]:
    """Return the files of a bundle, and what is wrong with its name. Raises `EvidenceError` when it cannot be opened."""
    if path.is_dir():
        if not (path / MANIFEST).is_file():
            key = "verify-not-sealed" if (path / JOURNAL).is_file() else "verify-nothing-there"
            raise EvidenceError(key, path=str(path))
        return files_in(path), []
    if not path.is_file():
        raise EvidenceError("verify-nothing-there", path=str(path))
    bundle = read_bundle(path)
    digits = digits_of(path.name)
    if digits and not bundle.sha256.startswith(digits):
        return dict(bundle.files), [broken("verify-name", name=path.name, digits=digits, found=bundle.sha256[:_DIGITS])]
    return dict(bundle.files), []
