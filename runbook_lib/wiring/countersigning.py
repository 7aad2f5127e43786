"""Whose signatures a run asks for: the roster, the approvals that were handed in, and what of them is kept in the record.

What signs and checks is slow to import, so it is imported only where the parameters name a roster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.engine import Terms
from runbook_lib.engine.gate import CLOCKS_DIFFER
from runbook_lib.errors import AttestationError, EvidenceError, ParameterError
from runbook_lib.evidence import Journal, RunDirectory
from runbook_lib.evidence.batches import BATCHES
from runbook_lib.evidence.fleet_plan import is_fleet_plan
from runbook_lib.model import Attestation, Json, SignedApproval, one_person
from runbook_lib.parameters import AttestedFile, Evidence, Parameters
from runbook_lib.texts import Message, message
from runbook_lib.wiring.places import from_root

if TYPE_CHECKING:
    from runbook_lib.evidence.signing import Roster

# What `runbook approve` calls an approval that it writes beside a plan, before the first digits of the key.
BESIDE = "plan.approval-"
ENDING = ".dsse.json"
# Where a run keeps the approvals it was given, and the roster that it judged them by.
APPROVALS = "approvals"
_ROSTER = "roster.json"


@dataclass(frozen=True)
class Countersigning:
    """What the signatures of a run rest on: the roster and what is asked for, the approvals as they were handed in, and for which
    tenant and plan: its id and the digest.
    """

    roster: Roster
    asked: Evidence
    approvals: tuple[AttestedFile, ...]
    tenant: str
    plan: str

    @property
    def of_the_plan(self) -> Json:
        """Return what a plan says of it: with another roster, or fewer signatures asked for, it is another plan."""
        asked = self.asked
        needed, attested = asked.approvals_needed, asked.attestations_signed
        return {"roster": self.roster.sha256, "approvals_needed": needed, "attestations_signed": attested}

    def terms(self, account: str, since: str) -> Terms:
        """Return what the gate wants; `since` is when this very plan was last sent by another run."""
        return Terms(self._signatures, self.asked.approvals_needed, self.roster.four_eyes, account, since)

    def keep(self, directory: RunDirectory, journal: Journal) -> None:
        """Keep the roster and the approvals, byte for byte. Raises `EvidenceError`."""
        for file in (AttestedFile(_ROSTER, Path(self.asked.roster or "").name, self.roster.content), *self.approvals):
            directory.keep_approval(file.name, file.content)
            journal.record("approval-kept", file=file.name, original=file.original, sha256=file.sha256)

    def attested(self, path: Path, word: Attestation, sha256: str, now: datetime) -> tuple[AttestedFile, ...]:
        """Return the signatures beside an attestation, once all whom it names have signed exactly it.

        None are asked for unless the parameters say so. Raises `AttestationError` with what is missing, and why what is there does not
        count; `EvidenceError` when a file beside it is no envelope.
        """
        if not self.asked.attestations_signed:
            return ()
        files = tuple(_signature(beside) for beside in sorted(path.parent.glob(f"{path.name}.*{ENDING}")))
        reasons: list[Message] = []
        signed: set[str] = set()
        for file in files:
            for each, why in _words(file, self.roster, word, sha256, now):
                reasons += [why] if why else []
                signed |= set() if why else {one_person(each)}
        named = [name for name in (word.by, word.second_person) if name]
        if missing := tuple(name for name in named if one_person(name) not in signed):
            raise AttestationError("attestation-unsigned", file=path.name, names=missing).because(*reasons)
        return files

    def _signatures(self, at: datetime) -> tuple[SignedApproval, ...]:
        return tuple(each for file in self.approvals for each in self._signed(file, at))

    def _signed(self, file: AttestedFile, at: datetime) -> Iterator[SignedApproval]:
        from runbook_lib.evidence.signing import check  # noqa: PLC0415

        said, plans = _statement_in(file)
        if not said["tenant"] and self.plan in plans:  # a fleet's: the digest of a plan is also one of its tenant
            said = {**said, "digest": self.plan, "tenant": self.tenant}
        for each in check(file.content, self.roster, at, file.original).signatures:
            yield SignedApproval(
                file=file.name,
                sha256=file.sha256,
                key_id=each.key_id,
                name=each.name,
                roles=each.roles,
                account=each.account,
                standing=each.standing.value,
                digest=said["digest"],
                tenant=said["tenant"],
                runbook=said["runbook"],
                version=said["version"],
                by=said["by"],
                at=said["at"],
                until=said["until"],
                comment=said["comment"],
            )


def countersigning_of(parameters: Parameters, kept: Path | None = None) -> Countersigning | None:
    """Return what the signatures of a run rest on; None when no roster is named. `kept` is the folder of a run that goes on: there, the
    approvals that it was given count, wherever the files are now.

    Raises:
        ParameterError: the roster or a file cannot be read, or more approvals are asked for than there are approvers.
        EvidenceError: a file is no signed approval.
    """
    asked = parameters.evidence
    if asked.roster is None:
        return None
    from runbook_lib.evidence.signing import read_roster  # noqa: PLC0415

    roster = read_roster(from_root(asked.roster))
    needed, approvers = asked.approvals_needed, len(roster.people("approver"))
    if approvers < needed:
        raise ParameterError("approvals-more-than-approvers", needed=needed, file=asked.roster, count=approvers)
    if parameters.mode == "plan":
        return Countersigning(roster, asked, (), parameters.tenant.id, "")
    places = sorted((kept / APPROVALS).glob(f"*{ENDING}")) if kept else map(from_root, parameters.approvals)
    files = tuple(_read(path, number) for number, path in enumerate(places, 1))
    for file in files:
        _statement_in(file)
    return Countersigning(roster, asked, files, parameters.tenant.id, parameters.approved_plan or "")


def approvals_beside(plan: Path) -> list[str]:
    """Return the files that `runbook approve` wrote beside a plan, be it of a tenant or of a fleet."""
    return sorted(str(path.absolute()) for path in plan.parent.glob(f"{escape(beside(plan))}*{ENDING}"))


def beside(plan: Path) -> str:
    """Return how the approvals beside a plan are called, before the first digits of the key: a fleet's plans lie beside one another."""
    return f"{plan.stem}.approval-" if is_fleet_plan(plan) else BESIDE


def approvals_of_plan(outputs: Path, tenant: str, digest: str) -> list[str]:
    """Return the approvals beside any plan of a tenant, or of a fleet, that are of this plan. The same state makes the same plan again, in another run."""
    own = sorted((outputs / tenant).glob(f"*/{BESIDE}*{ENDING}"))
    of_fleets = sorted((outputs / BATCHES).glob(f"*.approval-*{ENDING}"))
    return [str(path.absolute()) for path in (*own, *of_fleets) if _is_of(path, digest)]


def _is_of(path: Path, digest: str) -> bool:
    try:
        return digest in plans_approved(path)
    except (EvidenceError, ParameterError):
        return False


def tenant_approved(path: Path) -> str:
    """Return the id of the tenant whose plan an approval says it is for, whoever signed it; empty for a fleet's, which lists plans.

    Raises as `countersigning_of`.
    """
    return _statement_in(_read(path, 1))[0]["tenant"]


def plans_approved(path: Path) -> frozenset[str]:
    """Return the digests of the plans that an approval says it is for, whoever signed it. Raises as `countersigning_of`."""
    return _statement_in(_read(path, 1))[1]


def _statement_in(file: AttestedFile) -> tuple[Mapping[str, str], frozenset[str]]:
    """Return what an approval says and the plans it is for, whoever signed it; a fleet's has no tenant, and the digest of its list.

    Raises `EvidenceError` when it is none.
    """
    from runbook_lib.evidence.signing import Roster, approved_in, check, fleet_approved_in  # noqa: PLC0415

    payload = check(file.content, Roster(), None, file.original).payload
    if said := approved_in(payload):
        return said, frozenset({said["digest"]})
    if of_fleet := fleet_approved_in(payload):
        return {**of_fleet[0], "tenant": ""}, of_fleet[1]
    raise EvidenceError("approval-not-one", file=file.original)


def _read(path: Path, number: int) -> AttestedFile:
    try:
        return AttestedFile(f"approval-{number}{ENDING}", path.name, path.read_bytes())
    except (OSError, ValueError) as error:
        detail = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise ParameterError("approval-unreadable", file=str(path), detail=detail) from error


def _signature(path: Path) -> AttestedFile:
    """Return a signature beside an attestation, under a name that another signature does not change: that of its key."""
    return AttestedFile(f"attestation-{path.name.split('.')[-3]}{ENDING}", path.name, path.read_bytes())


def _words(
    file: AttestedFile, roster: Roster, word: Attestation, sha256: str, now: datetime
) -> Iterator[tuple[str, Message | None]]:
    """Yield who signed an attestation, and why that does not count; None when it does."""
    from runbook_lib.evidence.signing import attested_in, check  # noqa: PLC0415

    checked = check(file.content, roster, now, file.original)
    said = attested_in(checked.payload)
    about = said and (said["digest"], said["plan"], said["tenant"])
    for each in checked.signatures:
        known = {"file": file.original, "name": each.name}
        if each.standing != "valid":
            yield each.name, message(f"approval-{each.standing.value}", key_id=each.key_id, **known)
        elif "attester" not in each.roles:
            yield each.name, message("attestation-signature-without-role", **known)
        elif said is None or about != (sha256, word.plan, word.tenant) or not _is_by(said, each.name, now):
            yield each.name, message("attestation-signature-of-another", **known)
        else:
            yield each.name, None


def _is_by(said: Mapping[str, str], name: str, now: datetime) -> bool:
    """Tell whether a signed word is under its signer's name, and not from the future."""
    return one_person(said["by"]) == one_person(name) and datetime.fromisoformat(said["at"]) <= now + CLOCKS_DIFFER
