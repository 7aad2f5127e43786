"""The verb that goes on with a run that stopped."""

from __future__ import annotations

import argparse
from pathlib import Path

from runbook_lib.cli.printing import Printing
from runbook_lib.cli.running import advise, as_data, exit_code, notebook_of, run
from runbook_lib.fleet import Job
from runbook_lib.parameters import check_parameters
from runbook_lib.wiring import stopped_run


def resume(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook resume`: another attempt at a run that stopped, with the parameters and the approval that it has."""
    stopped = stopped_run(Path(options.run_dir))
    tenant, run_id = stopped.folder.parent.name, stopped.folder.name
    parameters = check_parameters(stopped.parameters, source=f"{tenant}/{run_id}")
    notebook = notebook_of(stopped.runbook, parameters.language)
    job = Job(notebook, tenant, run_id, stopped.outputs, stopped.parameters, goes_on=True, storage=stopped.storage)
    printing.line("goes-on", run=f"{tenant}/{run_id}", runbook=stopped.runbook)
    outcomes = run(stopped.runbook, [job], printing, approved_by="command-line")
    for outcome in outcomes:
        advise(stopped.runbook, ["apply", stopped.runbook, "-p", "FILE"], outcome, printing)
    printing.document([as_data(outcome) for outcome in outcomes])
    return exit_code(outcomes)
