"""The approver of a run: the digest that was given, by this account, and good for one sending."""

from __future__ import annotations

import os
from pathlib import Path

from runbook_lib.engine import ApprovedDigest
from runbook_lib.errors import NotApproved
from runbook_lib.evidence import overtaken_by, used_by
from runbook_lib.model import Approval, Plan
from runbook_lib.parameters import Parameters
from runbook_lib.wiring.account import account_name
from runbook_lib.wiring.places import APPROVED_BY

# How an approval came about, as the journal says it. The command line names itself; a notebook's parameter is the rest.
_WAYS = frozenset({"parameter", "command-line", "demo"})


class OncePerPlan:
    """Asks another approver, and refuses what a run of this tenant has sent already. Implements `ports.Approver`."""

    def __init__(self, approver: ApprovedDigest, outputs: Path, tenant: str, run_id: str, since: str) -> None:
        """Keep who is asked, and where the records are. Whoever uses this holds the tenant alone.

        `run_id` is the run that asks, and `since` when it last sent something (UTC, as journals write it), empty for never.
        """
        self._approver = approver
        self._outputs = outputs
        self._tenant = tenant
        self._run_id = run_id
        self._since = since

    def approve(self, plan: Plan, digest: str) -> Approval:
        """Return the approval. Raises `NotApproved` or `PlanOutdated`, and `EvidenceError` when the records are unreadable."""
        approval = self._approver.approve(plan, digest)
        if run_id := used_by(self._outputs, self._tenant, digest, self._run_id):
            raise NotApproved("approval-used", digest=digest, run=run_id)
        if self._since and (other := overtaken_by(self._outputs, self._tenant, self._run_id, self._since)):
            raise NotApproved("run-overtaken", run=other)
        return approval


def approver_of(parameters: Parameters, outputs: Path, run_id: str, since: str) -> OncePerPlan:
    """Return the approver that the parameters and the environment call for. `run_id` and `since` are those of `OncePerPlan`."""
    how = os.environ.get(APPROVED_BY, "parameter")
    given = ApprovedDigest(parameters.approved_plan or "", by=account_name(), how=how if how in _WAYS else "parameter")
    return OncePerPlan(given, outputs, parameters.tenant.name, run_id, since)
