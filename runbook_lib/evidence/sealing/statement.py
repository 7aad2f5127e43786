"""The statement that is signed: an in-toto Statement v1 about every file of a bundle, with what the evidence is evidence of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence.sealing.contents import ENVELOPE, MANIFEST, Entry
from runbook_lib.model import Json

TYPE = "https://in-toto.io/Statement/v1"

# What the predicate is, as in-toto wants it: a URI that names a kind and its version. `example` is a domain that nobody can own.
RUN = "https://runbook-kit.example/sealed-run/v1"
BATCH = "https://runbook-kit.example/sealed-batch/v1"

# When it was sealed, as the machine that did it says: the only part of a statement that differs from one seal to the next.
SEALED_AT = "sealedAt"


@dataclass(frozen=True)
class Statement:
    """What was signed: the SHA-256 of each file by name, and the predicate with its kind."""

    subjects: Mapping[str, str]
    kind: str
    predicate: Mapping[str, Json]


def statement(entries: Iterable[Entry], manifest: bytes, kind: str, predicate: Mapping[str, Json]) -> Json:
    """Return the statement about the files of a manifest and the manifest itself."""
    subjects = {entry.name: entry.sha256 for entry in entries} | {MANIFEST: hashlib.sha256(manifest).hexdigest()}
    return {
        "_type": TYPE,
        "subject": [{"name": name, "digest": {"sha256": subjects[name]}} for name in sorted(subjects)],
        "predicateType": kind,
        "predicate": dict(predicate),
    }


def read_statement(payload: Json) -> Statement:
    """Return what a payload states. Raises `EvidenceError` when it is no statement of ours."""
    try:
        subjects = {str(each["name"]): str(each["digest"]["sha256"]) for each in payload["subject"]}
        read = Statement(subjects, str(payload["predicateType"]), dict(payload["predicate"]))
        is_ours = payload["_type"] == TYPE and read.kind in (RUN, BATCH) and len(subjects) == len(payload["subject"])
    except (KeyError, TypeError, ValueError) as error:
        raise EvidenceError("statement-unreadable", path=ENVELOPE) from error
    if not is_ours:
        raise EvidenceError("statement-unreadable", path=ENVELOPE)
    return read
