"""Runs the steps of a runbook: check, plan, approve, re-check, apply, verify."""

from __future__ import annotations

from runbook_lib.engine.approval import ApprovedDigest
from runbook_lib.engine.change_gate import WithinChange
from runbook_lib.engine.countersigned import Countersigned, Terms
from runbook_lib.engine.parts import Parts
from runbook_lib.engine.resuming import Earlier, earlier
from runbook_lib.engine.run import Run

__all__ = ["ApprovedDigest", "Countersigned", "Earlier", "Parts", "Run", "Terms", "WithinChange", "earlier"]
