"""Plan files as the command line is given them: whole, or refused."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from runbook_lib.canonical import digest
from runbook_lib.errors import ParameterError
from runbook_lib.evidence.fleet_plan import is_fleet_plan
from runbook_lib.model import Json
from runbook_lib.parameters import Parameters
from runbook_lib.wiring import approvals_beside, plans_approved, tenant_approved


def whole_plan(file: Path) -> tuple[str, Json]:
    """Return the digest and the plan of a plan file. Raises `ParameterError` when it cannot be read, or was changed."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        found, plan = str(data["digest"]), data["plan"]
        is_whole = digest(plan) == found
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ParameterError("plan-unreadable", file=str(file)) from error
    if not is_whole:
        raise ParameterError("plan-damaged", file=str(file))
    return found, plan


def read_plan(file: Path, slug: str) -> tuple[str, str]:
    """Return the tenant and the digest of a plan file, which must be whole and of this runbook."""
    found, plan = whole_plan(file)
    try:
        tenant, runbook = str(plan["tenant"]), str(plan["runbook"])
    except (KeyError, TypeError) as error:
        raise ParameterError("plan-unreadable", file=str(file)) from error
    if runbook != slug:
        raise ParameterError("plan-of-other-runbook", file=str(file), runbook=runbook)
    return tenant, found


def approvals_of(
    options: argparse.Namespace, ordered: Sequence[Parameters], plans: Sequence[str], approved: Mapping[str, str]
) -> dict[str, dict[str, Json]]:
    """Return, by tenant id, the signed approvals that a run is given: those named, else those beside its plan, else its file's.
    `approved` is the digest of each tenant's plan. An approval of a fleet's plan is given to every tenant whose plan it lists.

    Raises `ParameterError` for an approval that no tenant, or none with a roster, can use.
    """
    known = {each.tenant.id: each for each in ordered}
    named: dict[str, list[str]] = {}
    for file in options.approvals:
        for tenant in _approved_by(file, approved, known):
            if tenant not in known:
                raise ParameterError("approval-of-other-tenant", file=file, tenant=tenant)
            if known[tenant].evidence.roster is None:
                raise ParameterError("approval-without-roster", tenant=known[tenant].tenant.name)
            named.setdefault(tenant, []).append(str(Path(file).absolute()))
    beside = _beside(plans, known)
    found = {tenant: named.get(tenant) or beside.get(tenant) for tenant in known}
    return {
        tenant: {"approvals": files} if (files := found[tenant]) and known[tenant].evidence.roster else {}
        for tenant in known
    }


def _approved_by(file: str, approved: Mapping[str, str], known: Mapping[str, Parameters]) -> Iterable[str]:
    """Return the ids of the tenants for whom an approval is: the one that it names, else those with a roster whose plans it lists."""
    if tenant := tenant_approved(Path(file)):
        return (tenant,)
    plans = plans_approved(Path(file))
    found = tuple(tenant for tenant, each in known.items() if approved[tenant] in plans and each.evidence.roster)
    if not found:
        raise ParameterError("approval-of-other-fleet", file=file)
    return found


def _beside(plans: Sequence[str], known: Iterable[str]) -> dict[str, list[str]]:
    """Return the approvals beside the plans, by tenant id; those beside a fleet's plan are for all its tenants."""
    if len(plans) == 1 and is_fleet_plan(Path(plans[0])):
        return dict.fromkeys(known, approvals_beside(Path(plans[0])))
    return {str(whole_plan(Path(plan))[1]["tenant"]): approvals_beside(Path(plan)) for plan in plans}
