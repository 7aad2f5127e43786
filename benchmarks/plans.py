"""Plans of the runbooks: how often they go over the wire, how much they send, and what that costs beside answers from memory."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.measuring import Row, ratio, taking_turns
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.scripts import bootstrap_arguments, load_script
from runbook_lib.adapters.sync_server.envelope import Batch, Item
from runbook_lib.engine import ApprovedDigest, Parts, Run
from runbook_lib.lab.lab import Lab
from runbook_lib.lab.memory_lab import MemoryLab
from runbook_lib.lab.world import World
from runbook_lib.model import Wanted
from runbook_lib.ports import Target
from runbook_lib.runbooks import RUNBOOKS, find
from tests.contract.loopback import Reached, served
from tests.rehearsal import MemoryJournal, carried_out

# A tenant on which every step of the runbook looks at all it can: the portal's page is empty while writeback is off.
TENANTS = {
    "preflight": "fabrikam",
    "enable-connect-writeback": "contoso",
    "enable-sspr-writeback": "fabrikam",
    "verify-writeback": "fabrikam",
    "disable-writeback": "fabrikam",
}
TIMES = 15


def measure() -> Iterator[Row]:
    """Yield counts first, then durations."""
    with tempfile.TemporaryDirectory() as folder, served(World(), Path(folder)) as lab:
        for slug in RUNBOOKS:
            yield from _counted(lab, slug, Path(folder))
        yield from _sent()
        for slug in RUNBOOKS:
            yield from _timed(lab, slug, Path(folder))


def _counted(lab: Lab, slug: str, folder: Path) -> Iterator[Row]:
    plans: list[Counter[str]] = []
    for _ in range(TIMES):
        reached = Reached(lab, TENANTS[slug], SystemClock(), folder)
        earlier = Counter(reached.exchanges)
        _plan(slug, reached.targets, lab.world)
        plans.append(Counter(reached.exchanges) - earlier)
        requests = reached.requests
        reached.close()
    opened = {plan.pop("Create") for plan in plans}
    listed = ", ".join(f"{_range(plan[action] for plan in plans)} {action}" for action in plans[0])
    total = _range(plan.total() for plan in plans)
    yield Row(f"{slug}: WS-Man exchanges of a plan, after {_range(opened)} to open the shell", f"{total} ({listed})")
    cloud = f"{requests['graph']} Graph, {requests['portal']} portal, {requests['sign-in']} sign-in"
    yield Row(f"{slug}: HTTP requests to the cloud of a plan", cloud)


def _range(numbers: Iterable[int]) -> str:
    found = sorted(set(numbers))
    return str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"


def _sent() -> Iterator[Row]:
    groups: dict[str, list[Item]] = {}
    for step in find("enable-connect-writeback").steps:
        for reading in step.readings:
            if reading.target == "sync-server":
                item = Item(reading.name, load_script(reading.name), reading.arguments)
                group = groups.setdefault(reading.group or "server", [])
                group += [] if item in group else [item]
    for name, items in groups.items():
        yield Row(
            f"standard input of one look, group {name} ({len(items)} scripts)", f"{len(Batch(items).stdin):,} bytes"
        )
    yield Row("command line of powershell.exe", f"{len(' '.join(bootstrap_arguments())):,} characters")


def _timed(lab: Lab, slug: str, folder: Path) -> Iterator[Row]:
    tenant = TENANTS[slug]
    memory = MemoryLab(lab.world)

    def over_loopback() -> None:
        reached = Reached(lab, tenant, SystemClock(), folder)
        _plan(slug, reached.targets, lab.world)
        reached.close()

    def from_memory() -> None:
        _plan(slug, memory.targets(tenant), lab.world)

    wire, direct = taking_turns(TIMES, over_loopback, from_memory)
    yield Row(f"{slug}: plan from memory", direct)
    yield Row(f"{slug}: plan over loopback, sign-in and shell included", wire, ratio(wire, direct))


def _plan(slug: str, targets: Mapping[str, Target], world: World) -> Run:
    spec = world.tenant(TENANTS[slug]).spec
    wanted = Wanted(spec.tenant_id, spec.display_name, provider="portal-api", wait_seconds=0)
    parts = Parts(targets, SystemClock(), MemoryJournal(), ApprovedDigest("", by="benchmark"))
    run = carried_out(Run(find(slug), wanted, parts, version="1", parameters={}, apply=False))
    if set(run.results) != {step.id for step in run.runbook.steps} or run.exit_code not in (0, 3):
        raise SystemExit(f"{slug}: the plan did not work out: {run.results}")
    return run
