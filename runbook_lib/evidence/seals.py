"""How each run is sealed: by which of the bundles beside it, whether that is whole, signed by whom we believe, and of the record as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.run_directory import JOURNAL

if TYPE_CHECKING:
    from runbook_lib.evidence.sealing.checking import Trust

# A bundle is called after what it seals, and ends with the beginning of its own SHA-256.
_ENDS = re.compile(r"-(?P<sha256>[0-9a-f]{12})\.zip$")


class SealState(StrEnum):
    """What is found of a run's seal. The best comes first; only the first two hold.

    verified: signed by a key of the roster, for sealing and at its time, and of the record as it is. sealed: the same, but nobody
    said whom to believe. outdated: good, but the record went on or was changed since. untrusted: signed by a key that the roster
    does not hold, or not for this. broken: the bundle is not what was sealed, or is no bundle. Empty: there is none.
    """

    VERIFIED = "verified"
    SEALED = "sealed"
    OUTDATED = "outdated"
    UNTRUSTED = "untrusted"
    BROKEN = "broken"
    NONE = ""


HOLDS = frozenset({SealState.VERIFIED, SealState.SEALED})


@dataclass(frozen=True)
class Seal:
    """How a run is sealed, by which bundle (None without), and how many receipts of deliveries of that bundle lie beside it."""

    state: SealState
    bundle: Path | None = None
    receipts: int = 0


def seal_of(folder: Path, trust: Trust | None = None) -> Seal:
    """Return the best seal of the run in a folder among the bundles beside it. `trust` None: nobody said whom to believe."""
    found = [Seal(_state(path, folder, trust), path, _receipts(path)) for path in _bundles(folder)]
    return min(found, key=lambda seal: [*SealState].index(seal.state), default=Seal(SealState.NONE))


def _bundles(folder: Path) -> list[Path]:
    """Return the files beside a run's folder that are called as its bundles are."""
    ending = f"-{folder.parent.name}-{folder.name}"
    beside = (path for path in folder.parent.iterdir() if _ENDS.search(path.name))
    return sorted(path for path in beside if _ENDS.sub("", path.name).endswith(ending) and path.is_file())


def _receipts(bundle: Path) -> int:
    named = _ENDS.search(bundle.name)
    return sum(1 for _ in bundle.parent.glob(f"receipt-*-{named['sha256']}*.dsse.json")) if named else 0


def _state(bundle: Path, folder: Path, trust: Trust | None) -> SealState:
    # Imported here: what checks signatures is slow to import, and most folders hold no bundle.
    from runbook_lib.evidence.sealing.bundle import digits_of, read_bundle  # noqa: PLC0415
    from runbook_lib.evidence.sealing.checking import Trust, check_files  # noqa: PLC0415
    from runbook_lib.evidence.sealing.points import is_whole  # noqa: PLC0415

    try:
        read = read_bundle(bundle)
    except EvidenceError:
        return SealState.BROKEN
    is_named = read.sha256.startswith(digits_of(bundle.name))
    if not is_named or not is_whole(check_files(read.files, Trust()).points):
        return SealState.BROKEN
    if trust and not is_whole(check_files(read.files, trust).points):
        return SealState.UNTRUSTED
    if not _is_of(folder, read.files):
        return SealState.OUTDATED
    return SealState.VERIFIED if trust else SealState.SEALED


def _is_of(folder: Path, sealed: Mapping[str, bytes]) -> bool:
    """Tell whether everything that lies in a run's folder is what was sealed."""
    from runbook_lib.evidence.sealing.contents import files_of  # noqa: PLC0415

    try:
        record = files_of(folder)
    except EvidenceError:
        return False
    return JOURNAL in record and all(sealed.get(name) == content for name, content in record.items())
