"""The approver of a run: the digest that was given, by this account, and good for one sending."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.engine import ApprovedDigest, Countersigned, WithinChange
from runbook_lib.errors import NotApproved
from runbook_lib.evidence import Redactor, Run, last_sent, overtaken_by, used_by
from runbook_lib.model import Approval, Plan
from runbook_lib.parameters import Parameters
from runbook_lib.ports import Approver, Clock
from runbook_lib.wiring.account import account_name
from runbook_lib.wiring.change_records import read_change
from runbook_lib.wiring.countersigning import Countersigning
from runbook_lib.wiring.places import APPROVED_BY

# How an approval came about, as the journal says it. The command line and a notebook's panel name themselves; a notebook's parameter is the rest.
_WAYS = frozenset({"parameter", "command-line", "demo", "panel"})


def _nowhere_else() -> Sequence[Run]:
    return ()


@dataclass(frozen=True)
class Asking:
    """The run that asks for an approval: where its record is, its id, when it last sent something (UTC, as journals write it; empty:
    never), how the approval came about, where the environment cannot know it: a notebook's panel; and what tells of the tenant's runs
    that are not in the outputs.
    """

    outputs: Path
    run_id: str
    since: str
    way: str = ""
    elsewhere: Callable[[], Sequence[Run]] = _nowhere_else


class OncePerPlan:
    """Asks another approver, and refuses what a run of this tenant has sent already. Implements `ports.Approver`."""

    def __init__(self, approver: Approver, tenant: str, asking: Asking, clock: Clock) -> None:
        """Keep who is asked, and the run that asks. Whoever uses this holds the tenant alone."""
        self._approver = approver
        self._tenant = tenant
        self._asking = asking
        self._clock = clock

    def approve(self, plan: Plan, digest: str) -> Approval:
        """Return the approval. Raises `NotApproved` or `PlanOutdated`, and `EvidenceError` when the records are unreadable."""
        approval = self._approver.approve(plan, digest)
        asking, elsewhere = self._asking, self._asking.elsewhere()
        if run_id := used_by(asking.outputs, self._tenant, digest, asking.run_id, elsewhere):
            raise NotApproved("approval-used", digest=digest, run=run_id)
        if asking.since and (
            other := overtaken_by(asking.outputs, self._tenant, asking.run_id, asking.since, elsewhere)
        ):
            raise NotApproved("run-overtaken", run=other)
        # No wait may come before the first change is sent: who asked to stop meanwhile must not see it sent after that.
        self._clock.sleep(0)
        return approval


def approver_of(
    parameters: Parameters, asking: Asking, clock: Clock, signing: Countersigning | None, redactor: Redactor
) -> OncePerPlan:
    """Return the approver that the parameters, the environment, the roster and the change record call for.

    The secret with which the change record is read is made known to the redactor.
    """
    how = asking.way or os.environ.get(APPROVED_BY, "parameter")
    approved, tenant, account = parameters.approved_plan or "", parameters.tenant.name, account_name()
    approver: Approver = ApprovedDigest(approved, by=account, how=how if how in _WAYS else "parameter")
    if signing:
        sent = last_sent(asking.outputs, tenant, approved, asking.run_id, asking.elsewhere())
        approver = Countersigned(approver, signing.terms(account, sent), clock)
    if parameters.change.gate:
        approver = WithinChange(approver, lambda: read_change(parameters, redactor, clock), clock)
    return OncePerPlan(approver, tenant, asking, clock)
