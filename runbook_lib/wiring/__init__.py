"""The composition root: the only layer that sees adapters, lab, evidence and parameters together."""

from __future__ import annotations

from runbook_lib.wiring.account import account_name
from runbook_lib.wiring.announcing import announcer
from runbook_lib.wiring.assembly import Assembly, Manner, assemble
from runbook_lib.wiring.browsers import browser_path
from runbook_lib.wiring.choices import (
    Choice,
    last_choice,
    place_for,
    remember_choice,
    save,
    shown,
    tenant_files,
)
from runbook_lib.wiring.countersigning import (
    ENDING,
    approvals_beside,
    approvals_of_plan,
    beside,
    plans_approved,
    tenant_approved,
)
from runbook_lib.wiring.places import (
    OTHER_PORTS,
    from_root,
    lab_folder,
    lab_parameters,
    name_of_outputs,
    outputs_root,
    own_key,
    project_root,
)
from runbook_lib.wiring.reaching import Reach, reach
from runbook_lib.wiring.resuming import Stopped, is_worth_resuming, stopped_run, unfinished_run
from runbook_lib.wiring.signers import signer_of
from runbook_lib.wiring.undoing import UNDONE_BY, record_of, undo_for, undo_of

__all__ = [
    "ENDING",
    "OTHER_PORTS",
    "UNDONE_BY",
    "Assembly",
    "Choice",
    "Manner",
    "Reach",
    "Stopped",
    "account_name",
    "announcer",
    "approvals_beside",
    "approvals_of_plan",
    "assemble",
    "beside",
    "browser_path",
    "from_root",
    "is_worth_resuming",
    "lab_folder",
    "lab_parameters",
    "last_choice",
    "name_of_outputs",
    "outputs_root",
    "own_key",
    "place_for",
    "plans_approved",
    "project_root",
    "reach",
    "record_of",
    "remember_choice",
    "save",
    "shown",
    "signer_of",
    "stopped_run",
    "tenant_approved",
    "tenant_files",
    "undo_for",
    "undo_of",
    "unfinished_run",
]
