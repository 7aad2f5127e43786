"""The verbs of the lab: serve it, and rehearse everything on it."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runbook_lib.cli.printing import Printing
from runbook_lib.cli.program import program, typed
from runbook_lib.cli.running import as_data, job, run, show_changes
from runbook_lib.errors import UsageProblem
from runbook_lib.fleet import Job, Outcome, worst
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.lab import FIXED_PORTS, Lab, LabOptions
from runbook_lib.lab.world import World
from runbook_lib.model import Json
from runbook_lib.parameters import Parameters, check_parameters, read_parameters
from runbook_lib.runbooks import find
from runbook_lib.wiring import lab_folder, outputs_root, project_root
from runbook_lib.wiring.places import LAB

TENANTS = ("contoso", "fabrikam", "tailspin")
# This one is made with troubles that the kit must stop at; it is no failure of the rehearsal.
TROUBLED = "tailspin"
# Parameter files for a lab on other ports, written beside its description while it runs.
OTHER_PORTS = "parameters"
# The exit code of a plan that holds changes.
PLANNED = 3
LAST_PORT = 65535
RUNBOOKS = ("enable-connect-writeback", "enable-sspr-writeback")


def serve(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook lab`: serve until Ctrl+C."""
    if options.list_faults:
        return _show_faults(printing)
    world = World()
    for named in options.faults:
        tenant, _, fault = named.rpartition(":")
        for name in [tenant] if tenant else TENANTS:
            world.tenant(name).faults.add(fault)
    ports = _ports(options.port, world)
    with Lab(world, ports) as lab:
        lab.write_descriptor(lab_folder())
        files = _ready_files(lab)
        printing.line("lab-serves")
        if options.faults:
            printing.line("lab-faults", faults=tuple(options.faults))
        printing.line("lab-files")
        for file in files:
            printing.text(f"  {file}")
        printing.document({"cloud": lab.cloud_url, "parameters": [str(file) for file in files]})
        try:
            threading.Event().wait()
        finally:
            shutil.rmtree(lab_folder() / OTHER_PORTS, ignore_errors=True)
    return 0


def _ports(first: int, world: World) -> LabOptions:
    """Return the ports from the first on, one for the cloud and one a server. Raises `UsageProblem` when there are none."""
    if not first:
        return FIXED_PORTS
    count = 1 + sum(len(tenant.servers) for tenant in world.tenants.values())
    if not 0 < first <= LAST_PORT + 1 - count:
        raise UsageProblem("port-out-of-range", port=first, count=count)
    return LabOptions(first, first + 1)


def _show_faults(printing: Printing) -> int:
    for fault in FAULTS.values():
        printing.text(f"{fault.name:<26} {fault.stands_for}")
    printing.document({fault.name: fault.stands_for for fault in FAULTS.values()})
    return 0


def _ready_files(lab: Lab) -> list[Path]:
    """Return the parameter files of the lab; on other ports than the usual ones they are written for the occasion."""
    usual = [project_root() / "parameters" / "lab" / f"{tenant}.yml" for tenant in TENANTS]
    if lab.options == FIXED_PORTS:
        return usual
    folder = lab_folder() / OTHER_PORTS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for file in usual:
        target = folder / file.name
        usual_url = read_parameters(file).sync_server.endpoint
        served_url = lab.tenants[file.stem].server_url
        target.write_text(file.read_text(encoding="utf-8").replace(usual_url, served_url), encoding="utf-8")
        written.append(target)
    return written


def demo(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook demo`: the two runbooks that turn the feature on, on three lab tenants, planned, approved by the demo itself, applied and verified."""
    outputs = Path(options.outputs).absolute() if options.outputs else outputs_root()
    printing.line("demo-begins")
    printing.line("demo-trouble")
    printing.line("demo-approves")
    final: dict[str, list[Outcome]] = {}
    with _served() as lab:
        parameters = [_parameters(lab, tenant, printing) for tenant in TENANTS]
        for slug in RUNBOOKS:
            final[slug] = _rehearse(slug, parameters, outputs, printing)
    _summary(final, outputs, printing)
    healthy = [outcome.exit_code for outcomes in final.values() for outcome in outcomes if outcome.tenant != TROUBLED]
    return worst(healthy)


@contextmanager
def _served() -> Iterator[Lab]:
    """Serve a lab of our own on free ports, so that it does not meet one that is already there."""
    before = os.environ.get(LAB)
    with tempfile.TemporaryDirectory(prefix="runbook-lab-") as folder, Lab() as lab:
        lab.write_descriptor(Path(folder))
        os.environ[LAB] = folder
        try:
            yield lab
        finally:
            if before is None:
                del os.environ[LAB]
            else:
                os.environ[LAB] = before


def _parameters(lab: Lab, tenant: str, printing: Printing) -> Parameters:
    """Return the example parameters of a tenant with the address at which it is served now."""
    data: dict[str, Json] = read_parameters(project_root() / "parameters" / "lab" / f"{tenant}.yml").model_dump(
        mode="json"
    )
    data["sync_server"]["endpoint"] = lab.tenants[tenant].server_url
    data["language"] = printing.language
    return check_parameters(data, source=tenant)


def _rehearse(slug: str, parameters: list[Parameters], outputs: Path, printing: Printing) -> list[Outcome]:
    """Plan for every tenant; approve and apply where something is planned. Return the last word on each tenant."""
    printing.text(f"{slug} · plan", "bold")
    planned = _run(slug, [job(slug, each, outputs, {"mode": "plan"}) for each in parameters], printing)
    approved = {outcome.tenant: outcome for outcome in planned if outcome.exit_code == PLANNED}
    for outcome in approved.values():
        printing.line("approving", tenant=outcome.tenant)
        show_changes(outcome, printing)
    jobs = [
        job(slug, each, outputs, {"mode": "apply", "approved_plan": approved[each.tenant.name].plan})
        for each in parameters
        if each.tenant.name in approved
    ]
    if not jobs:
        return planned
    printing.text(f"{slug} · apply", "bold")
    applied = {outcome.tenant: outcome for outcome in _run(slug, jobs, printing)}
    return [applied.get(outcome.tenant, outcome) for outcome in planned]


def _run(slug: str, jobs: list[Job], printing: Printing) -> list[Outcome]:
    outcomes = run(slug, jobs, printing, approved_by="demo", signs_in_itself=True)
    if any(outcome.is_interrupted for outcome in outcomes):
        raise KeyboardInterrupt
    return outcomes


def _summary(final: dict[str, list[Outcome]], outputs: Path, printing: Printing) -> None:
    steps = [step.id for slug in final for step in find(slug).steps]
    rows: dict[str, dict[str, str]] = {tenant: {} for tenant in TENANTS}
    for outcomes in final.values():
        for outcome in outcomes:
            rows[outcome.tenant].update(outcome.steps)
    printing.text("")
    printing.grid(steps, rows)
    printing.line("record", folder=str(outputs))
    printing.line("next")
    elsewhere = [] if outputs == outputs_root() else [str(outputs)]
    printing.text(f"  {program()} {typed('status', *elsewhere)}")
    printing.document({slug: [as_data(outcome) for outcome in outcomes] for slug, outcomes in final.items()})
