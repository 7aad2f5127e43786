"""The composition root: the only layer that sees adapters, lab, evidence and parameters together."""

from __future__ import annotations

from runbook_lib.wiring.announcing import announcer
from runbook_lib.wiring.assembly import Assembly, assemble
from runbook_lib.wiring.places import from_root, lab_folder, name_of_outputs, outputs_root, project_root
from runbook_lib.wiring.resuming import Stopped, is_worth_resuming, stopped_run
from runbook_lib.wiring.undoing import UNDONE_BY, record_of, undo_for, undo_of

__all__ = [
    "UNDONE_BY",
    "Assembly",
    "Stopped",
    "announcer",
    "assemble",
    "from_root",
    "is_worth_resuming",
    "lab_folder",
    "name_of_outputs",
    "outputs_root",
    "project_root",
    "record_of",
    "stopped_run",
    "undo_for",
    "undo_of",
]
