"""What is typed next: to apply the plans of several tenants, or to go on with one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from runbook_lib.cli.program import program, typed
from runbook_lib.evidence.fleet_plan import FleetPlan
from runbook_lib.fleet import Outcome
from runbook_lib.fleet_notebook.standing import is_to_attest
from runbook_lib.fleet_notebook.wishes import Wishes, shown
from runbook_lib.wiring.standings import Standing

# Windows takes command lines of 32,767 characters; a plan and a tenant take about 200 of them.
MOST_AT_ONCE = 100


def fleet_command(fleet: FleetPlan, file: Path, wishes: Wishes) -> str:
    """Return the command that approves and applies a fleet's plan, and nothing else."""
    who = wishes.chosen([each.name for each in fleet.tenants])
    plan = ("--plan", shown(file))
    return wishes.command("apply", wishes.runbook, *who, *plan, *wishes.pace(), *wishes.elsewhere())


def sign_command(plan: Path) -> str:
    """Return the command by which people sign a plan first, one tenant's or a fleet's."""
    return f"{program()} {typed('approve', shown(plan), '--roster', 'ROSTER.json')}"


def apply_commands(planned: Sequence[Outcome], wishes: Wishes, files: Mapping[str, Path]) -> Iterator[str]:
    """Yield the commands that approve exactly these plans, in parts that a command line can hold."""
    left = iter(planned)
    while part := list(islice(left, MOST_AT_ONCE)):
        plans = [word for each in part for word in ("--plan", shown(each.folder / "plan.json"))]
        who = wishes.who([each.tenant for each in part], files)
        yield f"{program()} {typed('apply', wishes.runbook, *who, *plans, *wishes.pace(), *wishes.elsewhere())}"


def next_command(each: Standing, wishes: Wishes, files: Mapping[str, Path]) -> str:
    """Return what is typed next for a run that needs a person; nothing for one whose runbook is not known."""
    folder = shown(each.run.path)
    if each.is_resumable:
        return f"{program()} {typed('resume', folder)}"
    if not each.runbook:
        return ""
    who = wishes.who([each.run.tenant], files)
    if is_to_attest(each):
        plan = shown(each.run.path / "plan.json")
        words = ["apply", each.runbook, *who, "--plan", plan, "--attestation", "FILE"]
    else:
        words = ["plan", each.runbook, *who]
    return f"{program()} {typed(*words, *wishes.elsewhere())}"
