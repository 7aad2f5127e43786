"""The verb that undoes a run: from that run's record it plans, and then applies, what takes back what the run changed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from runbook_lib.cli.ordering import check_together, read_all
from runbook_lib.cli.plans import approvals_of, read_plan
from runbook_lib.cli.printing import Printing
from runbook_lib.cli.running import advise, as_data, exit_code, job, run
from runbook_lib.errors import ParameterError
from runbook_lib.evidence import Recorded
from runbook_lib.model import Json
from runbook_lib.parameters import Parameters, check_parameters
from runbook_lib.wiring import UNDONE_BY, record_of, undo_for, undo_of

# What belongs to one run and not to the next.
_OF_THE_RUN = frozenset({"mode", "approved_plan", "approvals", "attestation", "run_id", "rollback_of"})


def rollback(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook rollback`: plan undoing a run, or apply the approved plan of it."""
    folder = Path(options.run_dir).resolve()
    name, outputs = f"{folder.parent.name}/{folder.name}", folder.parent.parent
    recorded = record_of(folder)
    slug = UNDONE_BY[undo_of(name, recorded).runbook]
    parameters = _parameters(options, recorded, name)
    undo_for(parameters, slug, outputs)
    how = _how(options, slug, parameters)
    storage = str(recorded[0].data.get("storage") or "")  # where the run is kept that is undone
    printing.line("rolls-back", run=name, runbook=slug)
    outcomes = run(slug, [job(slug, parameters, outputs, how, storage)], printing, approved_by="command-line")
    words = ["rollback", options.run_dir, *(["-p", options.files] if options.files else [])]
    for outcome in outcomes:
        advise(slug, words, outcome, printing)
    printing.document([as_data(outcome) for outcome in outcomes])
    return exit_code(outcomes)


def _parameters(options: argparse.Namespace, recorded: Recorded, name: str) -> Parameters:
    """Return the parameters of the run that is undone, or those of the file given; secrets are references in both."""
    if options.files:
        ordered = read_all([options.files])
        check_together(ordered)
        values = ordered[0].parameters.model_dump(mode="json", exclude_unset=True)
    else:
        values = recorded[0].data["parameters"]
    kept = {key: value for key, value in values.items() if key not in _OF_THE_RUN}
    return check_parameters({**kept, "rollback_of": name}, source=options.files or name)


def _how(options: argparse.Namespace, slug: str, parameters: Parameters) -> Mapping[str, Json]:
    """Return what the options say on mode, approval and attestation. Raises `ParameterError` when they do not fit."""
    if not options.approved and not options.plan:
        return {"mode": "plan", "approved_plan": ""}
    if options.approved and options.plan:
        raise ParameterError("approved-and-plan")
    approved = options.approved
    if options.plan:
        tenant, approved = read_plan(Path(options.plan), slug)
        if tenant != parameters.tenant.id:
            raise ParameterError("plan-of-other-tenant", tenants=(tenant,))
    attestation = str(Path(options.attestation).absolute()) if options.attestation else ""
    plans = [options.plan] if options.plan else []
    signed = approvals_of(options, [parameters], plans, {parameters.tenant.id: approved})
    return {"mode": "apply", "approved_plan": approved, "attestation": attestation, **signed[parameters.tenant.id]}
