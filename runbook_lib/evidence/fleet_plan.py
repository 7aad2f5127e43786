"""The plan of a fleet: one list of the plans that were made together, with a digest of its own, so that it can be approved as one.

It holds the plans themselves: whoever approves it elsewhere sees what will change, and that each plan is the one that the list names.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from runbook_lib.canonical import canonical, digest
from runbook_lib.errors import ParameterError
from runbook_lib.evidence.files import replace_file
from runbook_lib.model import Change, Json, Plan, plan_from

_FORMAT = 1
ENDING = ".plan.json"


@dataclass(frozen=True)
class Listed:
    """A tenant of the list: its id and name, the run that made its plan, and the digest of that."""

    tenant: str
    name: str
    run: str
    digest: str


@dataclass(frozen=True)
class LeftOut:
    """A tenant that was planned with the others and has nothing to approve: how its run ended; None: it was not begun."""

    tenant: str
    name: str
    run: str
    exit_code: int | None


@dataclass(frozen=True)
class FleetPlan:
    """The plans of a fleet for one runbook, made by one version of the kit. `plans` holds each by its digest."""

    runbook: str
    version: str
    tenants: tuple[Listed, ...]
    left_out: tuple[LeftOut, ...] = ()
    plans: Mapping[str, Json] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the list in canonical form; the digests in it stand for the plans."""
        return digest(self._listed)

    @property
    def digests(self) -> dict[str, str]:
        """Return the digest of each tenant's plan, by tenant id."""
        return {each.tenant: each.digest for each in self.tenants}

    @property
    def planned(self) -> tuple[str, ...]:
        """Return the ids of all tenants that were planned together."""
        return (*(each.tenant for each in self.tenants), *(each.tenant for each in self.left_out))

    @property
    def _listed(self) -> Json:
        """Return the list as data."""
        listed = {
            "tenants": [asdict(each) for each in self.tenants],
            "left_out": [asdict(each) for each in self.left_out],
        }
        return {"runbook": self.runbook, "version": self.version, **listed}

    def plan(self, listed: Listed) -> Plan:
        """Return the plan of a tenant of the list."""
        return plan_from(self.plans[listed.digest])

    def alike(self) -> list[tuple[tuple[tuple[str, Change], ...], tuple[str, ...]]]:
        """Return the sets of changes that a person sees as the same, each with the names of its tenants; most tenants first."""
        sets: dict[bytes, list[str]] = defaultdict(list)
        changes: dict[bytes, tuple[tuple[str, Change], ...]] = {}
        for each in self.tenants:
            planned = self.plan(each).changes
            key = canonical([[step, *_shown(change)] for step, change in planned])
            sets[key].append(each.name)
            changes.setdefault(key, planned)
        return [(changes[key], tuple(sets[key])) for key in sorted(sets, key=lambda key: -len(sets[key]))]

    def write(self, path: Path) -> None:
        """Write it as a whole. Raises `EvidenceError`."""
        data = {"format": _FORMAT, "digest": self.digest, "fleet": self._listed, "plans": dict(self.plans)}
        replace_file(path, (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())


def _shown(change: Change) -> Sequence[Json]:
    return change.target, change.action, change.setting, change.before, change.after


def fleet_plan_of(planned: Iterable[tuple[Listed, Path]], left_out: Sequence[LeftOut]) -> FleetPlan | None:
    """Return the list of plans that were written just now, each with its `plan.json`; None when there is none.

    Raises `ParameterError` when a plan is not whole.
    """
    tenants: list[Listed] = []
    plans: dict[str, Json] = {}
    for listed, file in planned:
        plans[listed.digest] = _read(file)["plan"]
        tenants.append(listed)
    if not tenants:
        return None
    first = plans[tenants[0].digest]
    return _checked(FleetPlan(first["runbook"], first["version"], tuple(tenants), tuple(left_out), plans), "plan.json")


def is_fleet_plan(path: Path) -> bool:
    """Tell whether a file is the plan of a fleet rather than that of one tenant, damaged or not."""
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(read, dict) and "fleet" in read


def read_fleet_plan(path: Path) -> FleetPlan:
    """Return the plan of a fleet. Raises `ParameterError` when it cannot be read, or anything of it was changed."""
    read = _read(path)
    try:
        said = read["fleet"]
        fleet = FleetPlan(
            said["runbook"],
            said["version"],
            tuple(Listed(**each) for each in said["tenants"]),
            tuple(LeftOut(**each) for each in said["left_out"]),
            read["plans"],
        )
        is_whole = read["format"] == _FORMAT and fleet.digest == read["digest"] and said == fleet._listed  # noqa: SLF001
    except (KeyError, TypeError, ValueError) as error:
        raise ParameterError("fleet-plan-unreadable", file=str(path)) from error
    if not is_whole:
        raise ParameterError("fleet-plan-damaged", file=str(path))
    return _checked(fleet, str(path))


def _read(path: Path) -> Json:
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ParameterError("fleet-plan-unreadable", file=str(path)) from error
    if not isinstance(read, dict):
        raise ParameterError("fleet-plan-unreadable", file=str(path))
    return read


def _checked(fleet: FleetPlan, file: str) -> FleetPlan:
    """Return a list whose every plan is there, is the one that its digest names, and is of the tenant and runbook of its line."""
    ids = fleet.planned
    if len(set(ids)) != len(ids) or not fleet.tenants or set(fleet.plans) != set(fleet.digests.values()):
        raise ParameterError("fleet-plan-damaged", file=file)
    for each in fleet.tenants:
        try:
            plan = fleet.plan(each)
            found, about = digest(fleet.plans[each.digest]), (plan.tenant, plan.runbook, plan.version)
        except (KeyError, TypeError, ValueError) as error:
            raise ParameterError("fleet-plan-unreadable", file=file) from error
        if found != each.digest or about != (each.tenant, fleet.runbook, fleet.version) or not plan.changes:
            raise ParameterError("fleet-plan-damaged", file=file)
    return fleet
