"""What a run leaves behind: the journal, the run's folder, and the promise that no known secret is in either."""

from __future__ import annotations

from runbook_lib.evidence.approvals import overtaken_by, used_by
from runbook_lib.evidence.attempts import attempts, set_aside
from runbook_lib.evidence.journal import Journal, Line, Recorded, read_journal
from runbook_lib.evidence.lock import is_held
from runbook_lib.evidence.record import canonical, recordable
from runbook_lib.evidence.redact import REDACTED, Redactor
from runbook_lib.evidence.run_directory import JOURNAL, RunDirectory, alone, new_run_id
from runbook_lib.evidence.runs import Run, list_runs

__all__ = [
    "JOURNAL",
    "REDACTED",
    "Journal",
    "Line",
    "Recorded",
    "Redactor",
    "Run",
    "RunDirectory",
    "alone",
    "attempts",
    "canonical",
    "is_held",
    "list_runs",
    "new_run_id",
    "overtaken_by",
    "read_journal",
    "recordable",
    "set_aside",
    "used_by",
]
