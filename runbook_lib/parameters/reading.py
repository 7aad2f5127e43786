"""Parameters from a tenant's file or from a notebook, and what the other parts of the kit need of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from runbook_lib.model import Json, Wanted, as_json
from runbook_lib.parameters.check import check, names_at, plain, unknown
from runbook_lib.parameters.document import Document, read_document
from runbook_lib.parameters.keys import Parameters
from runbook_lib.parameters.overriding import NOTHING, Over, merged, placed
from runbook_lib.parameters.problem import InvalidParametersError, Problem
from runbook_lib.parameters.rules import broken_rules

# What a tenant is reached with: it has no default.
REQUIRED = frozenset({"tenant", "sync_server", "sign_in"})

# What may differ between planning and applying the same plan: it decides nothing about the change. What `evidence` says of who may
# approve is added where the roster is read: a plan names its content, not its place.
_NOT_OF_THE_PLAN = frozenset({"language", "evidence", "mode", "approved_plan", "approvals", "attestation", "run_id"})

# Of the change record, only what says which record it is and whether it decides who may approve. `address` belongs to that: with
# another one, another system would be asked. Who signs in there, with what, and whether something is attached, decides nothing.
_OF_THE_CHANGE_RECORD = frozenset({"system", "number", "address", "gate"})


@dataclass(frozen=True)
class Examined:
    """A tenant's file as it stands: its data, the parameters it makes when nothing is wrong, and every problem."""

    values: Mapping[str, Json]
    parameters: Parameters | None
    problems: tuple[Problem, ...]


def examine(path: Path) -> Examined:
    """Read a tenant's file that may be wrong. Never raises."""
    document = read_document(path)
    return Examined(document.values, *check(Parameters, document, broken_rules))


def read_parameters(path: Path, over: Over = NOTHING) -> Parameters:
    """Read a tenant's file, and what lies over it.

    Raises:
        InvalidParametersError: with every problem of the file, each with its line, and of what lies over it, where that was said.
    """
    document = read_document(path)
    values = merged(document.values, over.values)
    parameters, problems = check(Parameters, replace(document, values=values), broken_rules)
    if parameters is None:
        raise InvalidParametersError([placed(each, over) for each in problems])
    return parameters


def check_parameters(values: Mapping[str, Any], source: str = "notebook") -> Parameters:
    """Check parameters that did not come from a file of their own. `source` stands where the file name would.

    Raises:
        InvalidParametersError: with every problem.
    """
    return _checked(Document(source, plain(values)))


def _checked(document: Document) -> Parameters:
    parameters, problems = check(Parameters, document, broken_rules)
    if parameters is None:
        raise InvalidParametersError(problems)
    return parameters


def parameter_names() -> tuple[str, ...]:
    """Return the name of every parameter of a notebook, in the order of the file."""
    return names_at(Parameters, ())


def defaults() -> dict[str, Json]:
    """Return the default of every parameter that has one, as JSON data."""
    fields = {name: field for name, field in Parameters.model_fields.items() if not field.is_required()}
    values = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    return {
        name: value.model_dump(mode="json") if isinstance(value, BaseModel) else as_json(value)
        for name, value in values.items()
    }


def unknown_names(names: Iterable[str], source: str = "notebook") -> tuple[Problem, ...]:
    """Return a problem for every name that is no parameter: papermill runs on with only a warning."""
    known = parameter_names()
    return tuple(unknown(Document(source), (name,), known) for name in names if name not in known)


def wanted(parameters: Parameters) -> Wanted:
    """Return what the runbooks are asked to bring about."""
    return Wanted(
        tenant_id=parameters.tenant.id,
        tenant_name=parameters.tenant.name,
        cloud=parameters.tenant.cloud,
        provider=parameters.sspr.provider,
        write_back=parameters.sspr.write_back,
        unlock=parameters.sspr.unlock,
        grant_permissions=parameters.grant_permissions,
        restart_service=parameters.connect.restart_service,
        start_delta_cycle=parameters.connect.start_delta_cycle,
        wait_seconds=parameters.connect.wait_seconds,
        other_servers=parameters.sync_server.other_endpoints,
        pilot_user=parameters.pilot_user or "",
        tokens_kept=parameters.sign_in.token_cache,
        server_by_hand=parameters.sync_server.method == "guided",
    )


def for_plan(parameters: Parameters) -> dict[str, Json]:
    """Return the parameters as they stand in a plan: normalised JSON data, with references where secrets are meant."""
    said = parameters.model_dump(mode="json", exclude=set(_NOT_OF_THE_PLAN))
    said["change"] = {name: value for name, value in said["change"].items() if name in _OF_THE_CHANGE_RECORD}
    return said
