"""Bundles on the disk: sealed once, found again, and written as whole files for their owner alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from securesystemslib.signer import Signer

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import FOLDER_MODE, cannot_write, replace_file
from runbook_lib.evidence.sealing.bundle import (
    Bundle,
    Stamping,
    digits_of,
    keys_of,
    read_bundle,
    seal,
    with_manifest,
)
from runbook_lib.evidence.sealing.contents import MANIFEST, TOKEN
from runbook_lib.model import Json


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Signing:
    """Who signs (at least one), who is asked for a time stamp (None: nobody), and the time as this machine knows it."""

    signers: Sequence[Signer]
    stamping: Stamping | None = None
    now: Callable[[], datetime] = _now

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names of the keys that sign, in order."""
        return tuple(signer.public_key.keyid for signer in self.signers)


@dataclass(frozen=True)
class Kept:
    """A bundle on the disk. `was_there`: the same evidence had been sealed by the same keys before; nothing new was written."""

    path: Path
    bundle: Bundle
    keys: tuple[str, ...]
    was_there: bool


def sealed(
    files: Mapping[str, bytes], kind: str, predicate: Mapping[str, Json], signing: Signing, place: tuple[Path, str]
) -> Kept:
    """Seal files, and write the bundle. `place` is its folder, and what its name begins with.

    The same evidence is not sealed twice by the same keys: whoever holds the first seal would have to ask which one counts.

    Raises as `seal`, and `EvidenceError` when the bundle cannot be written.
    """
    to, what = place
    evidence = with_manifest(files)
    for path in bundles_in(to, what):
        if known := _same(path, evidence, signing):
            return Kept(path, known, signing.keys, was_there=True)
    bundle = seal(evidence, kind, predicate, signing.signers, signing.now(), signing.stamping)
    try:
        to.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(to, error) from error
    path = to / bundle.name(what)
    replace_file(path, bundle.content)
    return Kept(path, bundle, signing.keys, was_there=False)


def bundles_in(folder: Path, what: str) -> list[Path]:
    """Return the bundles in a folder whose name begins so and ends as ours do, by name."""
    return sorted(
        path
        for path in folder.glob(f"{what}-*.zip")
        if digits_of(path.name) and path.name[: -len("-0123456789ab.zip")] == what
    )


def _same(path: Path, evidence: Mapping[str, bytes], signing: Signing) -> Bundle | None:
    """Return the bundle that lies there, if it is whole, and a seal of this evidence by these keys, stamped if that is wanted."""
    try:
        known = read_bundle(path)
    except EvidenceError:
        return None  # verifying says what is wrong with it
    ours = {MANIFEST: evidence[MANIFEST], **keys_of(signing.signers)}
    theirs = {name: known.files[name] for name in known.files if name == MANIFEST or name.startswith("signer-")}
    is_whole = known.sha256.startswith(digits_of(path.name))
    is_stamped = TOKEN in known.files or signing.stamping is None
    return known if theirs == ours and is_whole and is_stamped else None
