"""What a bundle proves by itself: that its files are those that were signed, by whom, and when. No network, and no file but those given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.x509 import Certificate

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.sealing.bundle import keys_in
from runbook_lib.evidence.sealing.contents import (
    ENVELOPE,
    MANIFEST,
    TOKEN,
    Differences,
    differences,
    is_signature,
    read_manifest,
)
from runbook_lib.evidence.sealing.points import Point, broken, not_proven, proven
from runbook_lib.evidence.sealing.stamping import Stamp, stamp_of, why_not_vouched
from runbook_lib.evidence.sealing.statement import SEALED_AT, Statement, read_statement
from runbook_lib.evidence.signing import Roster, RosterKey, Signed, Standing, check
from runbook_lib.texts import Message

SEALER = "sealer"

_ANY_TIME = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Trust:
    """Whom the verifier believes. `roster` None: nobody is known. `roots`: of authorities for time stamps; empty: none is trusted."""

    roster: Roster | None = None
    roster_name: str = ""
    roots: Sequence[Certificate] = ()


@dataclass(frozen=True)
class Checked:
    """What was found of a bundle's files, and the statement when there is one that can be read."""

    points: tuple[Point, ...]
    statement: Statement | None = None


def check_files(files: Mapping[str, bytes], trust: Trust) -> Checked:
    """Check the files of a bundle against its manifest, the manifest against the statement, and who signed that and when."""
    points = [*_files(files)]
    if ENVELOPE not in files:
        return Checked((*points, broken("verify-missing", names=(ENVELOPE,))))
    statement: Statement | None = None
    try:
        statement = _statement(files)
        at = _sealed_at(statement)
        stamp, stamped = _stamped(files, trust, at)
        points += [*_subjects(files, statement), *_signatures(files, trust, stamp.at if stamp else at), *stamped]
    except EvidenceError as error:
        points.append(_as_point(error))
    return Checked(tuple(points), statement)


def with_roster(points: Iterable[Point], trust: Trust) -> Iterable[Point]:
    """Yield points; that the roster kept with the approvals is the right one is proven where the verifier's own is the same."""
    for point in points:
        is_known = trust.roster is not None and point.message.arguments.get("sha256") == trust.roster.sha256
        if point.message.key == "verify-roster-right" and is_known:
            yield proven("verify-roster-same", roster=trust.roster_name)
        else:
            yield point


def _as_point(error: EvidenceError) -> Point:
    said: Message = error.message
    return broken(said.key, **said.arguments)


def _files(files: Mapping[str, bytes]) -> Iterable[Point]:
    if MANIFEST not in files:
        return [broken("verify-missing", names=(MANIFEST,))]
    try:
        entries = read_manifest(files[MANIFEST])
    except EvidenceError as error:
        return [_as_point(error)]
    found = differences(entries, {name: content for name, content in files.items() if not is_signature(name)})
    return [*_told(found)] or [proven("verify-files", count=len(entries))]


def _told(found: Differences) -> Iterable[Point]:
    if found.missing:
        yield broken("verify-missing", names=found.missing)
    if found.added:
        yield broken("verify-added", names=found.added)
    if found.changed:
        yield broken("verify-changed", names=found.changed)
    for old, new in found.renamed:
        yield broken("verify-renamed", old=old, new=new)


def _statement(files: Mapping[str, bytes]) -> Statement:
    return read_statement(check(files[ENVELOPE], Roster(), None, ENVELOPE).payload)


def _subjects(files: Mapping[str, bytes], statement: Statement) -> Iterable[Point]:
    """Compare what was signed with the manifest: one of them alone may have been put in the other's place."""
    signed = dict(statement.subjects)
    if signed.pop(MANIFEST, "") != hashlib.sha256(files.get(MANIFEST, b"")).hexdigest():
        return [broken("verify-other-manifest")]
    try:
        listed = {entry.name: entry.sha256 for entry in read_manifest(files[MANIFEST])}
    except EvidenceError:
        return []
    return [] if listed == signed else [broken("verify-other-manifest")]


def _signatures(files: Mapping[str, bytes], trust: Trust, at: datetime) -> Iterable[Point]:
    """Judge every signature: by the keys in the bundle, which shows that nothing was changed since, and by the roster, which says who."""
    keys = {key.keyid: RosterKey(key, "", (), *_ANY_TIME) for key in keys_in(files)}
    shipped = check(files[ENVELOPE], Roster(keys), None, ENVELOPE).signatures
    if not shipped:
        return [broken("verify-not-signed")]
    if strangers := [each.key_id for each in shipped if each.standing is Standing.UNKNOWN_KEY]:
        return [broken("verify-no-key", key_id=_short(key)) for key in strangers]
    if unused := keys.keys() - {each.key_id for each in shipped}:
        return [broken("verify-key-unused", key_id=_short(key)) for key in sorted(unused)]
    if bad := [each.key_id for each in shipped if each.standing is Standing.BAD]:
        return [broken("verify-signature-bad", key_id=_short(key)) for key in bad]
    if trust.roster is None:
        return [not_proven("verify-no-roster", key_id=_short(each.key_id)) for each in shipped]
    known = check(files[ENVELOPE], trust.roster, at, ENVELOPE).signatures
    return [_judged(each, trust, at) for each in known]


def _sealed_at(statement: Statement) -> datetime:
    try:
        return datetime.fromisoformat(str(statement.predicate[SEALED_AT])).astimezone(UTC)
    except (KeyError, ValueError) as error:
        raise EvidenceError("statement-unreadable", path=ENVELOPE) from error


def _judged(signed: Signed, trust: Trust, at: datetime) -> Point:
    known = trust.roster.key(signed.key_id) if trust.roster else None
    if known is None:
        return broken("verify-unknown-key", key_id=_short(signed.key_id), roster=trust.roster_name)
    told = {"name": known.name, "key_id": _short(signed.key_id), "at": _said(at)}
    if signed.standing is Standing.EXPIRED:
        return broken("verify-key-expired", **told, until=_said(known.valid_until))
    if signed.standing is Standing.NOT_YET_VALID:
        return broken("verify-key-not-yet", **told, since=_said(known.valid_from))
    if signed.standing is not Standing.VALID:
        return broken("verify-signature-bad", key_id=_short(signed.key_id))
    if SEALER not in signed.roles:
        return broken("verify-no-sealer", **told, roster=trust.roster_name)
    return proven("verify-signed", name=known.name, key_id=_short(signed.key_id), roster=trust.roster_name)


def _stamped(files: Mapping[str, bytes], trust: Trust, claimed: datetime) -> tuple[Stamp | None, list[Point]]:
    """Return the time stamp when an authority that is trusted stands for it, and what is to be said of it in any case."""
    if TOKEN not in files:
        return None, [not_proven("verify-no-stamp", at=_said(claimed))]
    try:
        stamp = stamp_of(files[TOKEN], files[ENVELOPE])
    except EvidenceError as error:
        return None, [_as_point(error)]
    if not trust.roots:
        return None, [not_proven("verify-no-roots", at=_said(stamp.at))]
    if why := why_not_vouched(files[TOKEN], files[ENVELOPE], trust.roots):
        return None, [broken("verify-stamp-bad", at=_said(stamp.at), detail=why)]
    return stamp, [proven("verify-stamped", at=_said(stamp.at), serial=str(stamp.serial))]


def _short(key_id: str) -> str:
    return key_id[:16]


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
