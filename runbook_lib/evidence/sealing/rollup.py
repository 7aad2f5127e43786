"""The roll-up of a batch: one signed statement that names every tenant that was planned, with its bundle or why there is none.

A bundle that is taken away is missed, and an older or another one in its place is found out: the roll-up holds the hash of each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.batches import Batch, batch_from
from runbook_lib.evidence.sealing.keeping import Kept, Signing, sealed
from runbook_lib.evidence.sealing.points import Point, broken, not_proven, proven
from runbook_lib.evidence.sealing.statement import BATCH, Statement
from runbook_lib.model import Json

RECORD = "batch.json"
MEMBERS = "members"

# Why there is no bundle of a run: it was never begun. Anything else is the key of the message that said it.
NOT_BEGUN = "not-begun"


@dataclass(frozen=True)
class Member:
    """A tenant of a roll-up and its run: the name of its bundle with the SHA-256 of that and of its manifest, or why it has none."""

    tenant: str
    run: str
    bundle: str = ""
    sha256: str = ""
    manifest: str = ""
    why: str = ""

    def as_json(self) -> Json:
        """Return it as it is signed."""
        told = (
            {"why": self.why} if self.why else {name: getattr(self, name) for name in ("bundle", "sha256", "manifest")}
        )
        return {"tenant": self.tenant, "run": self.run, **told}


@dataclass(frozen=True)
class Compared:
    """What a roll-up shows of the bundles beside it: points, and those bundles that are the ones it names."""

    points: tuple[Point, ...]
    bundles: tuple[Path, ...] = field(default=())


def roll_up(batch: Batch, record: bytes, members: Sequence[Member], signing: Signing, to: Path) -> Kept:
    """Seal a batch: its record, and what became of every tenant in it. Raises as `sealed`."""
    predicate = {
        "batch": batch.id,
        "runbook": batch.runbook,
        "mode": batch.mode,
        "begun": batch.begun_at,
        "ended": batch.ended_at,
        MEMBERS: [member.as_json() for member in members],
    }
    return sealed({RECORD: record}, BATCH, predicate, signing, (to, f"rollup-{batch.id}"))


def compare(files: Mapping[str, bytes], statement: Statement, folder: Path) -> Compared:
    """Compare a roll-up, which lies in a folder, with the record of its batch and with the bundles beside it."""
    try:
        batch = batch_from(files.get(RECORD, b""), RECORD)
        members = [Member(**each) for each in statement.predicate[MEMBERS]]
    except (KeyError, TypeError, EvidenceError):
        return Compared((broken("rollup-unreadable", path=RECORD),))
    points = [*_planned(batch, members)]
    bundles: list[Path] = []
    for member in (member for member in members if not member.why):
        found = _beside(folder, member)
        if found is None:
            points.append(broken("rollup-bundle-missing", tenant=member.tenant, name=member.bundle))
        elif hashlib.sha256(found.read_bytes()).hexdigest() != member.sha256:
            points.append(broken("rollup-bundle-other", tenant=member.tenant, name=member.bundle))
        else:
            bundles.append(found)
    return Compared(tuple(points), tuple(bundles))


def _planned(batch: Batch, members: Sequence[Member]) -> Iterator[Point]:
    """Yield whether those that were planned are those that are listed, and of whom there is no bundle."""
    planned, listed = ([(each.tenant, each.run) for each in group] for group in (batch.planned, members))
    missing = tuple(f"{tenant} ({run})" for tenant, run in planned if (tenant, run) not in listed)
    added = tuple(f"{tenant} ({run})" for tenant, run in listed if (tenant, run) not in planned)
    if missing:
        yield broken("rollup-tenant-missing", names=missing)
    if added or len(set(listed)) != len(listed):
        yield broken("rollup-tenant-added", names=added or tuple(tenant for tenant, _ in listed))
    if not missing and not added:
        yield proven("rollup-complete", count=len(planned), names=tuple(each.tenant for each in batch.planned))
    yield from _without(members)


def _without(members: Iterable[Member]) -> Iterator[Point]:
    for member in members:
        if member.why == NOT_BEGUN:
            yield not_proven("rollup-not-begun", tenant=member.tenant)
        elif member.why:
            yield not_proven("rollup-not-sealed", tenant=member.tenant, why=member.why)


def _beside(folder: Path, member: Member) -> Path | None:
    """Return a bundle where sealing puts it: in the folder of the roll-up, or in that of its tenant below the outputs."""
    places = (folder / member.bundle, folder.parent / member.tenant / member.bundle)
    return next((place for place in places if place.name == member.bundle and place.is_file()), None)
