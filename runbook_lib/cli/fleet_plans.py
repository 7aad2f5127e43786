"""A fleet's plan on the command line: shown by what will change, approved as one, and compared with who is ordered."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from runbook_lib.cli.ordering import FAILED, Ordered, outputs_words, over_words, who_typed
from runbook_lib.cli.printing import Printing
from runbook_lib.cli.program import program, typed
from runbook_lib.errors import ParameterError
from runbook_lib.evidence.fleet_plan import FleetPlan, is_fleet_plan, read_fleet_plan

# So many names are printed where nobody approves anything yet.
_MOST_NAMES = 12


def fleet_plan_in(options: argparse.Namespace) -> FleetPlan | None:
    """Return the fleet's plan that `--plan` names; None when it names plans of single tenants, or nothing.

    Raises `ParameterError` when it is not whole, of another runbook, or not the only thing that is approved.
    """
    found = [Path(file) for file in options.plans if is_fleet_plan(Path(file))]
    if not found:
        return None
    if len(options.plans) > 1 or options.approved:
        raise ParameterError("fleet-plan-alone", file=str(found[0]))
    fleet = read_fleet_plan(found[0])
    if fleet.runbook != options.runbook:
        raise ParameterError("plan-of-other-runbook", file=str(found[0]), runbook=fleet.runbook)
    return fleet


def those_listed(
    fleet: FleetPlan, ordered: Sequence[Ordered], printing: Printing, *, is_narrowed: bool
) -> list[Ordered]:
    """Return those who are ordered and listed, and say who else there is.

    `is_narrowed` is true when somebody chose among the fleet's tenants (`--limit`, `--exclude`); else it must be the fleet that was planned.

    Raises `ParameterError` when a tenant was not among those that were planned, or one of the list is not ordered, or nobody is left.
    """
    ids = {each.parameters.tenant.id for each in ordered}
    planned, approved = frozenset(fleet.planned), fleet.digests
    if added := tuple(each.name for each in ordered if each.parameters.tenant.id not in planned):
        raise ParameterError("fleet-plan-tenant-added", tenants=added)
    missing = tuple(each.name for each in fleet.tenants if each.tenant not in ids)
    if missing and not is_narrowed:
        raise ParameterError("fleet-plan-of-others", tenants=missing)
    if missing:
        printing.notice("fleet-plan-not-now", tenants=_some(missing), count=len(missing))
    if unplanned := tuple(each.name for each in fleet.left_out if each.tenant in ids):
        printing.notice("fleet-plan-without", tenants=_some(unplanned), count=len(unplanned))
    listed = [each for each in ordered if each.parameters.tenant.id in approved]
    if not listed:
        raise ParameterError("fleet-plan-of-nobody")
    printing.notice("fleet-plan-approved", digest=fleet.digest, count=len(listed))
    return listed


def show_fleet_plan(fleet: FleetPlan, printing: Printing, *, in_full: bool) -> None:
    """Print what will change, once for all tenants for which it is the same; who is left out; and the digest of the list."""
    for changes, names in fleet.alike():
        told = names if in_full else _some(names)
        printing.line("fleet-plan-same", count=len(names), tenants=told)
        for step, change in changes:
            printing.change(step, change.setting, change.before, change.after)
    if fleet.left_out:
        out = tuple(each.name for each in fleet.left_out)
        printing.line("fleet-plan-left-out", count=len(out), tenants=out if in_full else _some(out))
    printing.line("fleet-plan-digest", digest=fleet.digest, count=len(fleet.tenants))


def offer(file: Path, options: argparse.Namespace, printing: Printing) -> None:
    """Show the plan that a fleet has just been given, and the commands that sign and apply it."""
    fleet = read_fleet_plan(file)
    show_fleet_plan(fleet, printing, in_full=False)
    needed = [
        int(asked["approvals_needed"]) for plan in fleet.plans.values() if (asked := plan["parameters"].get("evidence"))
    ]
    if needed:
        printing.line("sign-with", needed=max(needed))
        printing.text(f"  {program()} {typed('approve', str(file), '--roster', 'ROSTER.json')}")
    chosen = [*_given("--limit", options.limit), *_given("--exclude", options.exclude)]
    if FAILED in chosen:  # who is meant by that is somebody else by now
        chosen = ["--limit", *(each.name for each in fleet.tenants)]
    printing.line("approve-all-with")
    words = typed(*over_words(options), *chosen, "--plan", str(file), *outputs_words(options))
    printing.text(f"  {program()} apply {typed(options.runbook)} {who_typed(options)} {words}")


def _given(name: str, words: Sequence[str]) -> list[str]:
    return [name, *words] if words else []


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    return (*names[: _MOST_NAMES - 1], "…") if len(names) > _MOST_NAMES else names
