"""Plan files as the command line is given them: whole, or refused."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from runbook_lib.errors import ParameterError
from runbook_lib.model import Json, digest
from runbook_lib.parameters import Parameters
from runbook_lib.wiring import approvals_beside, tenant_approved


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
    options: argparse.Namespace, ordered: Sequence[Parameters], plans: Sequence[str]
) -> dict[str, dict[str, Json]]:
    """Return, by tenant id, the signed approvals that a run is given: those named, else those beside its plan, else its file's.

    Raises `ParameterError` for an approval that no tenant, or none with a roster, can use.
    """
    known = {each.tenant.id: each for each in ordered}
    named: dict[str, list[str]] = {}
    for file in options.approvals:
        tenant = tenant_approved(Path(file))
        if tenant not in known:
            raise ParameterError("approval-of-other-tenant", file=file, tenant=tenant)
        if known[tenant].evidence.roster is None:
            raise ParameterError("approval-without-roster", tenant=known[tenant].tenant.name)
        named.setdefault(tenant, []).append(str(Path(file).absolute()))
    beside = {str(whole_plan(Path(plan))[1]["tenant"]): approvals_beside(Path(plan)) for plan in plans}
    found = {tenant: named.get(tenant) or beside.get(tenant) for tenant in known}
    return {
        tenant: {"approvals": files} if (files := found[tenant]) and known[tenant].evidence.roster else {}
        for tenant in known
    }
