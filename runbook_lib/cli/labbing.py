"""The verbs of the lab: serve it, and rehearse everything on it."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from runbook_lib.cli import notebooks
from runbook_lib.cli.fleet import Hearing
from runbook_lib.cli.lab_files import write_files
from runbook_lib.cli.printing import Printing
from runbook_lib.cli.program import program, typed
from runbook_lib.cli.running import ONE_AFTER_ANOTHER, as_data, job, run, show_changes
from runbook_lib.errors import LabNotRunning, UsageProblem
from runbook_lib.fleet import Job, Outcome, worst
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.lab import FIXED_PORTS, Lab, LabOptions
from runbook_lib.lab.made_up import MOST, made_up
from runbook_lib.lab.world import World
from runbook_lib.model import Json
from runbook_lib.parameters import Parameters, check_parameters, read_parameters
from runbook_lib.runbooks import find
from runbook_lib.wiring import lab_folder, lab_parameters, outputs_root, project_root
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import LAB, OTHER_PORTS

TENANTS = ("contoso", "fabrikam", "tailspin")
# This one is made with troubles that the kit must stop at; it is no failure of the rehearsal.
TROUBLED = "tailspin"
# The exit code of a plan that holds changes.
PLANNED = 3
LAST_PORT = 65535
# A list of files that fits a terminal; of more, the folder is named.
MOST_SHOWN = 5
RUNBOOKS = ("enable-connect-writeback", "enable-sspr-writeback")


def serve(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook lab`: serve until Ctrl+C, with JupyterLab beside when it is asked for."""
    if options.list_faults:
        return _show_faults(printing)
    with ExitStack() as stack:
        # JupyterLab takes longer to be there, so it is started first.
        server = stack.enter_context(notebooks.starting(options, printing, "lab")) if options.notebook else None
        url = _found(options, printing) or stack.enter_context(_serving(options, printing))
        files = sorted(lab_parameters().glob("*.yml"))
        _show_files(files, printing)
        document: dict[str, Json] = {"cloud": url, "parameters": [str(file) for file in files]}
        if server:
            return notebooks.work(options, printing, *server, document)
        printing.document(document)
        threading.Event().wait()
    return 0


def _show_files(files: Sequence[Path], printing: Printing) -> None:
    printing.line("lab-files")
    for file in files[:MOST_SHOWN]:
        printing.text(f"  {file}")
    if len(files) > MOST_SHOWN:
        printing.line("lab-more-files", count=len(files) - MOST_SHOWN, folder=str(files[0].parent))


def _found(options: argparse.Namespace, printing: Printing) -> str:
    """Return the address of a lab that runs already, when JupyterLab may use it as it is; else nothing."""
    if not options.notebook or options.faults or options.port or options.tenants:
        return ""
    try:
        url = find_lab(lab_folder()).cloud_url
    except LabNotRunning:
        return ""
    printing.line("lab-found", url=url)
    return url


@contextmanager
def _serving(options: argparse.Namespace, printing: Printing) -> Iterator[str]:
    """Serve the lab with its troubles switched on. Its address."""
    world = _world(options)
    for named in options.faults:
        tenant, _, fault = named.rpartition(":")
        for name in [tenant] if tenant else list(world.tenants):
            world.tenant(name).faults.add(fault)
    with _listening(options, printing, world) as lab:
        lab.write_descriptor(lab_folder())
        try:
            write_files(lab, printing.language)
            printing.line("lab-serves")
            if options.tenants:
                printing.line("lab-fleet", count=options.tenants, seed=options.seed)
            if options.faults:
                printing.line("lab-faults", faults=tuple(options.faults))
            yield lab.cloud_url
        finally:
            shutil.rmtree(lab_folder() / OTHER_PORTS, ignore_errors=True)


def _world(options: argparse.Namespace) -> World:
    """Return the usual world, or one of made-up tenants. Raises `UsageProblem` when there cannot be so many."""
    if options.tenants is None:
        return World()
    if not 1 <= options.tenants <= MOST:
        raise UsageProblem("lab-too-many-tenants", count=options.tenants, most=MOST)
    return World(tenants=made_up(options.tenants, options.seed))


@contextmanager
def _listening(options: argparse.Namespace, printing: Printing, world: World) -> Iterator[Lab]:
    """Serve a world on the ports that were asked for. Beside JupyterLab nobody types them, so free ones are as good."""
    with ExitStack() as stack:
        try:
            lab = stack.enter_context(Lab(world, _ports(options.port, world)))
        except UsageProblem:
            if options.port or not options.notebook:
                raise
            printing.line("lab-free-ports")
            lab = stack.enter_context(Lab(world))
        yield lab


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
        _attach(final[RUNBOOKS[-1]][0].folder, parameters[0], printing)
        sealed = _seal([outcome.folder for outcomes in final.values() for outcome in outcomes], printing)
    _summary(final, outputs, printing)
    healthy = [outcome.exit_code for outcomes in final.values() for outcome in outcomes if outcome.tenant != TROUBLED]
    return worst([*healthy, sealed])


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
    data["change"]["address"] = lab.cloud_url
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


def _attach(folder: Path, parameters: Parameters, printing: Printing) -> None:
    """Seal a run and attach it to the lab's change record; say in one line what is there then. The rehearsal is done either way."""
    from runbook_lib.notebook.attaching import attach_record, lines_of  # noqa: PLC0415  # what signs is slow to import

    attachment = attach_record(folder, parameters)
    said = lines_of(attachment, printing.language)
    printing.text(" ".join(said[:2]) if attachment.is_left else said[0])


def _seal(folders: list[Path], printing: Printing) -> int:
    """Seal the last run of each runbook and tenant, verify the bundles, and say in one line what came of it. The exit code."""
    from runbook_lib.cli.sealing import manner_of  # noqa: PLC0415  # what signs is slow to import
    from runbook_lib.evidence.sealing.checking import Trust  # noqa: PLC0415
    from runbook_lib.notebook.retelling import Expected  # noqa: PLC0415
    from runbook_lib.notebook.sealing import seal_run  # noqa: PLC0415
    from runbook_lib.notebook.verifying import verify  # noqa: PLC0415

    manner = manner_of([], "", None)
    bundles = [seal_run(folder, manner).bundle for folder in folders]
    broken = [bundle.name for bundle in bundles if not verify(bundle, Trust(), Expected()).is_proven]
    if broken:
        printing.line("verdict-broken", name=", ".join(broken))
        return 1
    printing.line("demo-sealed", count=len(bundles))
    printing.text(f"  {program()} {typed('verify', str(bundles[0]))}")
    return 0


def _run(slug: str, jobs: list[Job], printing: Printing) -> list[Outcome]:
    hear = Hearing(jobs, printing, ONE_AFTER_ANOTHER, signs_in_itself=True)
    outcomes = run(slug, jobs, printing, approved_by="demo", hear=hear)
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
