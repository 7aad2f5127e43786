"""What a run leaves behind: the journal, the run's folder, and the promise that no known secret is in either."""

from __future__ import annotations

from runbook_lib.evidence.approvals import last_sent, overtaken_by, used_by
from runbook_lib.evidence.attempts import attempts, set_aside
from runbook_lib.evidence.files import FOLDER_MODE, cannot_write, make_folder, new_file, reason, replace_file
from runbook_lib.evidence.journal import Beyond, Journal, Line, Recorded, journal_from, read_journal
from runbook_lib.evidence.ledger import LEDGER, Ledger
from runbook_lib.evidence.lock import Holder, at_rest, is_held
from runbook_lib.evidence.record import recordable
from runbook_lib.evidence.redact import DEVICE_CODE, PASSWORD, REDACTED, SECRET, TOKEN, Found, Hit, Redactor
from runbook_lib.evidence.redact_notebook import NotebookRedactor
from runbook_lib.evidence.run_directory import JOURNAL, RunDirectory, alone, new_run_id
from runbook_lib.evidence.runs import Run, each_run, runs_of
from runbook_lib.evidence.scan import Leak, places_in, refuse_leaks, scan_content, scan_folder
from runbook_lib.evidence.standing import runbook_of, standing

__all__ = [
    "DEVICE_CODE",
    "FOLDER_MODE",
    "JOURNAL",
    "LEDGER",
    "PASSWORD",
    "REDACTED",
    "SECRET",
    "TOKEN",
    "Beyond",
    "Found",
    "Hit",
    "Holder",
    "Journal",
    "Leak",
    "Ledger",
    "Line",
    "NotebookRedactor",
    "Recorded",
    "Redactor",
    "Run",
    "RunDirectory",
    "alone",
    "at_rest",
    "attempts",
    "cannot_write",
    "each_run",
    "is_held",
    "journal_from",
    "last_sent",
    "make_folder",
    "new_file",
    "new_run_id",
    "overtaken_by",
    "places_in",
    "read_journal",
    "reason",
    "recordable",
    "refuse_leaks",
    "replace_file",
    "runbook_of",
    "runs_of",
    "scan_content",
    "scan_folder",
    "set_aside",
    "standing",
    "used_by",
]
