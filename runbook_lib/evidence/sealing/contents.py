"""What is in a bundle: the files of a record, what is drawn from it, and the manifest that names each with its hash."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runbook_lib.canonical import canonical
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.files import reason
from runbook_lib.evidence.sealing.archive import MOST_BYTES, MOST_FILES, NAME

MANIFEST = "manifest.json"
ENVELOPE = "manifest.dsse.json"
TOKEN = "manifest.tsr"  # noqa: S105  # a time stamp, no secret
RECIPES = "VERIFY.txt"
KEY = "signer-{number}.pem"

# Drawn anew for each bundle: what lies in the folder under these names is an older drawing, or somebody's own.
DRAWN = frozenset({"notebook.html", "report.en.html", "report.fr.html", "report.en.pdf", "report.fr.pdf"})

# What a delivery leaves in the folder of a run comes after the seal.
LATER = frozenset({"receipts"})

_FORMAT = 1
_MEDIA_TYPES = {
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
    ".yml": "application/yaml",
}


@dataclass(frozen=True)
class Entry:
    """A file as the manifest names it: its size in bytes, its SHA-256 in hexadecimal digits, and its media type."""

    name: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True)
class Differences:
    """How files differ from a manifest. `renamed` holds the old and the new name of what is there under another."""

    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def is_signature(name: str) -> bool:
    """Tell whether a file of a bundle is part of the signature: the manifest cannot name what is made of it."""
    return name in {MANIFEST, ENVELOPE, TOKEN} or (name.startswith("signer-") and name.endswith(".pem"))


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a record by its name below the folder, but for what is drawn anew and what came after.

    Raises `EvidenceError` when one cannot be read, is a link, or has a name that a bundle cannot hold.
    """
    found = _read(folder, _of_the_record(folder))
    if strange := next(filter(is_signature, found), ""):
        raise EvidenceError("evidence-strange-file", path=str(folder / strange))
    return found


def files_in(folder: Path) -> dict[str, bytes]:
    """Return every file below the folder in which a bundle was unpacked. Raises as `files_of`."""
    return _read(folder, (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()))


def _read(folder: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    size = 0
    try:
        for path in sorted(paths):
            name = path.relative_to(folder).as_posix()
            if not NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
                raise EvidenceError("evidence-strange-file", path=str(path))
            size += path.stat().st_size
            if size > MOST_BYTES or len(found) >= MOST_FILES:
                raise EvidenceError("seal-too-large", path=str(folder), most=MOST_BYTES // 1024 // 1024)
            found[name] = path.read_bytes()
    except OSError as error:
        raise EvidenceError("evidence-cannot-read", path=str(folder), detail=reason(error)) from error
    return found


def _of_the_record(folder: Path) -> Iterable[Path]:
    """Yield all that lies below a folder and is to be kept; links are named, not followed."""
    for above, folders, names in os.walk(folder):
        here = Path(above)
        is_top = here == folder
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if name not in links and not (is_top and name in LATER)]
        for name in (*names, *links):
            # What begins with a dot is a file of ours that was being written when the machine stopped.
            if not name.startswith(".") and not (is_top and name in DRAWN):
                yield here / name


def entries_of(files: Mapping[str, bytes]) -> tuple[Entry, ...]:
    """Return what a manifest of these files says, by name."""
    return tuple(
        Entry(name, len(files[name]), hashlib.sha256(files[name]).hexdigest(), _media_type(name))
        for name in sorted(files)
    )


def manifest_of(entries: Iterable[Entry]) -> bytes:
    """Return a manifest: canonical JSON (RFC 8785) and a newline, so that `sed` finds each file on the one line."""
    listed = [
        {"mediaType": entry.media_type, "name": entry.name, "sha256": entry.sha256, "size": entry.size}
        for entry in entries
    ]
    return canonical({"files": listed, "format": _FORMAT}) + b"\n"


def read_manifest(content: bytes) -> tuple[Entry, ...]:
    """Return what a manifest says. Raises `EvidenceError` when it is not one that we wrote, to the byte."""
    try:
        read = json.loads(content)
        entries = tuple(
            Entry(str(each["name"]), int(each["size"]), str(each["sha256"]), str(each["mediaType"]))
            for each in read["files"]
        )
        is_ours = manifest_of(entries) == content and len({entry.name for entry in entries}) == len(entries)
    except (ValueError, KeyError, TypeError, RecursionError):
        is_ours, entries = False, ()
    if not is_ours:
        raise EvidenceError("manifest-unreadable", path=MANIFEST)
    return entries


def differences(entries: Iterable[Entry], files: Mapping[str, bytes]) -> Differences:
    """Return how files differ from what a manifest says of them."""
    said = {entry.name: entry.sha256 for entry in entries}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    missing, added = sorted(said.keys() - found.keys()), sorted(found.keys() - said.keys())
    renamed: list[tuple[str, str]] = []
    for old in tuple(missing):
        new = next((name for name in added if found[name] == said[old]), "")
        if new:
            renamed.append((old, new))
            missing.remove(old)
            added.remove(new)
    changed = sorted(name for name in said.keys() & found.keys() if said[name] != found[name])
    return Differences(tuple(missing), tuple(added), tuple(changed), tuple(renamed))


def _media_type(name: str) -> str:
    return _MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
