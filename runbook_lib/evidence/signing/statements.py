"""What people sign: in-toto Statements about a plan or about an attestation, written and read in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from runbook_lib.model import Json, Plan

STATEMENT = "https://in-toto.io/Statement/v1"
# The subject of an approval is the plan in canonical form (RFC 8785), that of an attestation the bytes of its file.
APPROVES = "urn:runbook-kit:plan-approval:v1"
ATTESTS = "urn:runbook-kit:attestation:v1"
# The subjects of a fleet's approval are its plans, by their digests alone: each tenant's record keeps it, and names no other tenant.
APPROVES_FLEET = "urn:runbook-kit:fleet-approval:v1"

_APPROVAL = ("tenant", "runbook", "version", "by", "at", "until", "comment")
_FLEET_APPROVAL = ("list", *_APPROVAL[1:])
_ATTESTATION = ("plan", "tenant", "by", "at")


def approval_of(plan: Plan, by: str, at: datetime, until: datetime | None = None, comment: str = "") -> Json:
    """Return the statement in which a person approves a plan. Times are written in UTC."""
    said = {"tenant": plan.tenant, "runbook": plan.runbook, "version": plan.version, "by": by, "at": at.isoformat()}
    rest = {"until": until.isoformat() if until else "", "comment": comment}
    return _statement(APPROVES, "plan", plan.digest, {**said, **rest})


def fleet_approval_of(
    fleet: tuple[str, str, str],
    plans: Iterable[str],
    by: str,
    at: datetime,
    until: datetime | None = None,
    comment: str = "",
) -> Json:
    """Return the statement in which a person approves the plans of a fleet, each by its digest. `fleet` is the digest of the list,
    its runbook and version.
    """
    said = dict(zip(("list", "runbook", "version"), fleet, strict=True))
    rest = {"by": by, "at": at.isoformat(), "until": until.isoformat() if until else "", "comment": comment}
    return _of_fleet(sorted(plans), {**said, **rest})


def attestation_of(plan: str, tenant: str, by: str, at: datetime, sha256: str) -> Json:
    """Return the statement in which a person puts their name to an attestation: `sha256` is that of its file."""
    return _statement(
        ATTESTS, "attestation.yml", sha256, {"plan": plan, "tenant": tenant, "by": by, "at": at.isoformat()}
    )


def approved_in(statement: Json) -> Mapping[str, str] | None:
    """Return what an approval says, with the `digest` of its plan; None when the statement is none."""
    return _said(statement, APPROVES, _APPROVAL, ("at", "until"))


def fleet_approved_in(statement: Json) -> tuple[Mapping[str, str], frozenset[str]] | None:
    """Return what a fleet's approval says, with the `digest` of its list, and the digests of its plans; None when the statement is none."""
    try:
        plans = [subject["digest"]["sha256"] for subject in statement["subject"]]
        said = dict(statement["predicate"])
        if statement != _of_fleet(plans, said) or not plans or not all(isinstance(plan, str) for plan in plans):
            return None
    except (KeyError, TypeError, ValueError):
        return None
    read = _read(said, _FLEET_APPROVAL, ("at", "until"))
    return None if read is None else ({**read, "digest": read["list"]}, frozenset(plans))


def plans_approved_in(statement: Json) -> frozenset[str]:
    """Return the digests of the plans that an approval is of, be it of one plan or of a fleet's; empty when the statement is none."""
    if one := approved_in(statement):
        return frozenset({one["digest"]})
    of_fleet = fleet_approved_in(statement)
    return of_fleet[1] if of_fleet else frozenset()


def attested_in(statement: Json) -> Mapping[str, str] | None:
    """Return what a signed attestation says, with the `digest` of its file; None when the statement is none."""
    return _said(statement, ATTESTS, _ATTESTATION, ("at",))


def _statement(kind: str, name: str, sha256: str, said: Mapping[str, str]) -> Json:
    subject = [{"name": name, "digest": {"sha256": sha256}}]
    return {"_type": STATEMENT, "subject": subject, "predicateType": kind, "predicate": dict(said)}


def _of_fleet(plans: Sequence[str], said: Mapping[str, str]) -> Json:
    subject = [{"name": f"plan-{number}", "digest": {"sha256": plan}} for number, plan in enumerate(plans, 1)]
    return {"_type": STATEMENT, "subject": subject, "predicateType": APPROVES_FLEET, "predicate": dict(said)}


def _said(statement: Json, kind: str, names: tuple[str, ...], times: tuple[str, ...]) -> Mapping[str, str] | None:
    """Read a statement strictly: what we did not write so, nobody of ours signed."""
    try:
        said = dict(statement["predicate"])
        (subject,) = statement["subject"]
        digest = subject["digest"]["sha256"]
        if statement != _statement(kind, subject["name"], digest, said) or not isinstance(digest, str):
            return None
    except (KeyError, TypeError, ValueError):
        return None
    read = _read(said, names, times)
    return None if read is None else {**read, "digest": digest}


def _read(said: Mapping[str, Json], names: tuple[str, ...], times: tuple[str, ...]) -> Mapping[str, str] | None:
    """Return a predicate that has exactly these names, and times with a zone; None when it has not."""
    try:
        if set(said) != set(names) or not all(isinstance(text, str) for text in said.values()):
            return None
        if any(said[name] and datetime.fromisoformat(said[name]).tzinfo is None for name in times):
            return None
        datetime.fromisoformat(said["at"])
    except ValueError:
        return None
    return said
