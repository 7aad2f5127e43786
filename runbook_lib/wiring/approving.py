"""The approver of a run: the digest that was given, by this account, and good for one sending."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.engine import ApprovedDigest, Countersigned, WithinChange
from runbook_lib.errors import NotApproved
from runbook_lib.evidence import Redactor, last_sent, overtaken_by, used_by
from runbook_lib.model import Approval, Plan
from runbook_lib.parameters import Parameters
from runbook_lib.ports import Approver, Clock
from runbook_lib.wiring.account import account_name
from runbook_lib.wiring.change_records import read_change
from runbook_lib.wiring.countersigning import Countersigning
from runbook_lib.wiring.places import APPROVED_BY

# How an approval came about, as the journal says it. The command line and a notebook's panel name themselves; a notebook's parameter is the rest.
_WAYS = frozenset({"parameter", "command-line", "demo", "panel"})


class OncePerPlan:
    """Asks another approver, and refuses what a run of this tenant has sent already. Implements `ports.Approver`."""

    def __init__(self, approver: Approver, outputs: Path, tenant: str, run_id: str, since: str, clock: Clock) -> None:
        """Keep who is asked, and where the records are. Whoever uses this holds the tenant alone.

        `run_id` is the run that asks, and `since` when it last sent something (UTC, as journals write it), empty for never.
        """
        self._approver = approver
        self._outputs = outputs
        self._tenant = tenant
        self._run_id = run_id
        self._since = since
        self._clock = clock

    def approve(self, plan: Plan, digest: str) -> Approval:
        """Return the approval. Raises `NotApproved` or `PlanOutdated`, and `EvidenceError` when the records are unreadable."""
        approval = self._approver.approve(plan, digest)
        if run_id := used_by(self._outputs, self._tenant, digest, self._run_id):
            raise NotApproved("approval-used", digest=digest, run=run_id)
        if self._since and (other := overtaken_by(self._outputs, self._tenant, self._run_id, self._since)):
            raise NotApproved("run-overtaken", run=other)
        # No wait may come before the first change is sent: who asked to stop meanwhile must not see it sent after that.
        self._clock.sleep(0)
        return approval


@dataclass(frozen=True)
class Asking:
    """The run that asks for an approval: where its record is, its id, when it last sent something (UTC; empty: never), and how the
    approval came about, where the environment cannot know it: a notebook's panel.
    """

    outputs: Path
    run_id: str
    since: str
    way: str = ""


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
        sent = last_sent(asking.outputs, tenant, approved, asking.run_id)
        approver = Countersigned(approver, signing.terms(account, sent), clock)
    if parameters.change.gate:
        approver = WithinChange(approver, lambda: read_change(parameters, redactor, clock), clock)
    return OncePerPlan(approver, asking.outputs, tenant, asking.run_id, asking.since, clock)
