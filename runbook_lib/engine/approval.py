"""The gate of a run without a person at it: it opens for exactly the plan whose digest was approved."""

from __future__ import annotations

from runbook_lib.errors import NotApproved, PlanOutdated
from runbook_lib.model import Approval, Plan


class ApprovedDigest:
    """An approver that was given a digest beforehand. Implements `ports.Approver`."""

    def __init__(self, approved: str, *, by: str, how: str = "parameter") -> None:
        """Keep the approved digest (64 hexadecimal digits, or empty for none) and who gave it."""
        self._approved = approved
        self._by = by
        self._how = how

    def approve(self, plan: Plan, digest: str) -> Approval:
        """Return the approval if this is the plan. Raises `NotApproved` or `PlanOutdated`."""
        if not self._approved:
            raise NotApproved("not-approved", digest=digest)
        if self._approved != digest:
            raise PlanOutdated("plan-outdated", approved=self._approved, now=digest)
        return Approval(digest, self._by, self._how)
