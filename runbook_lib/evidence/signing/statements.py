"""What people sign: in-toto Statements about a plan or about an attestation, written and read in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from runbook_lib.model import Json, Plan

STATEMENT = "https://in-toto.io/Statement/v1"
# The subject of an approval is the plan in canonical form (RFC 8785), that of an attestation the bytes of its file.
APPROVES = "urn:runbook-kit:plan-approval:v1"
ATTESTS = "urn:runbook-kit:attestation:v1"

_APPROVAL = ("tenant", "runbook", "version", "by", "at", "until", "comment")
_ATTESTATION = ("plan", "tenant", "by", "at")


def approval_of(plan: Plan, by: str, at: datetime, until: datetime | None = None, comment: str = "") -> Json:
    """Return the statement in which a person approves a plan. Times are written in UTC."""
    said = {"tenant": plan.tenant, "runbook": plan.runbook, "version": plan.version, "by": by, "at": at.isoformat()}
    rest = {"until": until.isoformat() if until else "", "comment": comment}
    return _statement(APPROVES, "plan", plan.digest, {**said, **rest})


def attestation_of(plan: str, tenant: str, by: str, at: datetime, sha256: str) -> Json:
    """Return the statement in which a person puts their name to an attestation: `sha256` is that of its file."""
    return _statement(
        ATTESTS, "attestation.yml", sha256, {"plan": plan, "tenant": tenant, "by": by, "at": at.isoformat()}
    )


def approved_in(statement: Json) -> Mapping[str, str] | None:
    """Return what an approval says, with the `digest` of its plan; None when the statement is none."""
    return _said(statement, APPROVES, _APPROVAL, ("at", "until"))


def attested_in(statement: Json) -> Mapping[str, str] | None:
    """Return what a signed attestation says, with the `digest` of its file; None when the statement is none."""
    return _said(statement, ATTESTS, _ATTESTATION, ("at",))


def _statement(kind: str, name: str, sha256: str, said: Mapping[str, str]) -> Json:
    subject = [{"name": name, "digest": {"sha256": sha256}}]
    return {"_type": STATEMENT, "subject": subject, "predicateType": kind, "predicate": dict(said)}


def _said(statement: Json, kind: str, names: tuple[str, ...], times: tuple[str, ...]) -> Mapping[str, str] | None:
    """Read a statement strictly: what we did not write so, nobody of ours signed."""
    try:
        said = dict(statement["predicate"])
        (subject,) = statement["subject"]
        digest = subject["digest"]["sha256"]
        if statement != _statement(kind, subject["name"], digest, said) or set(said) != set(names):
            return None
        if not all(isinstance(text, str) for text in (digest, *said.values())):
            return None
        if any(said[name] and datetime.fromisoformat(said[name]).tzinfo is None for name in times):
            return None
        datetime.fromisoformat(said["at"])
    except (KeyError, TypeError, ValueError):
        return None
    return {**said, "digest": digest}
