"""The gate with a roster: a plan wants the signatures of enough people, each over exactly this plan, and each good at this moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from runbook_lib.engine.gate import CLOCKS_DIFFER
from runbook_lib.errors import NotApproved
from runbook_lib.model import Approval, Plan, SignedApproval, one_person
from runbook_lib.ports import Approver, Clock
from runbook_lib.texts import Message, message

APPROVER = "approver"


@dataclass(frozen=True)
class Terms:
    """What a plan needs beside its digest.

    Attributes:
        signatures: Returns every signature that was handed in, judged at a time.
        needed: How many people must have signed.
        four_eyes: Whether who runs the plan cannot be the only one of them.
        account: Who runs it, as the operating system knows them.
        since: When another run last sent this very plan (UTC, as journals write it), empty for never: what was signed before was for that.
    """

    signatures: Callable[[datetime], Sequence[SignedApproval]]
    needed: int = 1
    four_eyes: bool = False
    account: str = ""
    since: str = ""


class Countersigned:
    """Asks an approver that knows the digest, then wants the signatures. Implements `ports.Approver`."""

    def __init__(self, approver: Approver, terms: Terms, clock: Clock) -> None:
        """Keep who is asked, what is needed, and the time it goes by."""
        self._approver = approver
        self._terms = terms
        self._clock = clock

    def approve(self, plan: Plan, digest: str) -> Approval:
        """Return the approval with its signatures. Raises `NotApproved` with what is missing, and `PlanOutdated`."""
        approval = self._approver.approve(plan, digest)
        now, terms = self._clock.now(), self._terms
        refused: list[Message] = []
        counted: dict[str, SignedApproval] = {}
        for each in terms.signatures(now):
            if said := next(self._why_not(each, plan, now), None):
                refused.append(said)
            elif each.person in counted:
                refused.append(message("approval-same-person", file=each.file, name=each.name))
            else:
                counted[each.person] = each
        if terms.four_eyes and counted and all(self._runs_it(each) for each in counted.values()):
            refused.append(message("approval-by-who-runs-it", account=terms.account))
            counted = {}
        if len(counted) < terms.needed:
            found = len(counted)
            missing = NotApproved("approvals-missing", digest=digest, needed=terms.needed, found=found)
            raise missing.because(*refused)
        return replace(approval, signatures=tuple(map(_recorded, counted.values())))

    def _why_not(self, each: SignedApproval, plan: Plan, now: datetime) -> Iterator[Message]:
        """Yield why a signature does not count; nothing when it does."""
        if each.standing != "valid":
            yield message(f"approval-{each.standing}", file=each.file, name=each.name, key_id=each.key_id)
        if APPROVER not in each.roles:
            yield message("approval-without-role", file=each.file, name=each.name)
        if one_person(each.by) != each.person:
            yield message("approval-other-name", file=each.file, name=each.name, by=each.by)
        said = (each.digest, each.tenant, each.runbook, each.version)
        if said != (plan.digest, plan.tenant, plan.runbook, plan.version):
            yield message("approval-of-another-plan", file=each.file, name=each.name, approved=each.digest)
        yield from self._times(each, now)

    def _times(self, each: SignedApproval, now: datetime) -> Iterator[Message]:
        signed_at = datetime.fromisoformat(each.at)
        if signed_at > now + CLOCKS_DIFFER:
            yield message("approval-of-the-future", file=each.file, name=each.name, at=each.at)
        if each.until and datetime.fromisoformat(each.until) <= now:
            yield message("approval-over", file=each.file, name=each.name, until=each.until)
        if self._terms.since and signed_at <= datetime.fromisoformat(self._terms.since):
            yield message("approval-before-sending", file=each.file, name=each.name, sent=self._terms.since)

    def _runs_it(self, each: SignedApproval) -> bool:
        return each.account.casefold() == self._terms.account.casefold()


def _recorded(each: SignedApproval) -> dict[str, str]:
    return {"name": each.name, "key_id": each.key_id, "at": each.at, "file": each.file, "sha256": each.sha256}
