"""Runs the steps of a runbook: check, plan, approve, re-check, apply, verify."""

from __future__ import annotations

from runbook_lib.engine.approval import ApprovedDigest
from runbook_lib.engine.parts import Parts
from runbook_lib.engine.resuming import Earlier, earlier
from runbook_lib.engine.run import Run

__all__ = ["ApprovedDigest", "Earlier", "Parts", "Run", "earlier"]
