"""A tenant's parameters, secrets by reference, and attestations: read strictly, with every problem said at once."""

from __future__ import annotations

from runbook_lib.parameters.asking import ask_without_echo, system_keyring
from runbook_lib.parameters.attestation import AttestedFile, read_attestation, read_attested
from runbook_lib.parameters.keys import (
    ChangeRecord,
    Connect,
    Parameters,
    SignIn,
    Sspr,
    SyncServer,
    Tenant,
)
from runbook_lib.parameters.problem import InvalidAttestationError, InvalidParametersError, Problem
from runbook_lib.parameters.reading import (
    check_parameters,
    defaults,
    for_plan,
    parameter_names,
    read_parameters,
    unknown_names,
    wanted,
)
from runbook_lib.parameters.secret import Keyring, Secret, SecretReference, resolve

__all__ = [
    "AttestedFile",
    "ChangeRecord",
    "Connect",
    "InvalidAttestationError",
    "InvalidParametersError",
    "Keyring",
    "Parameters",
    "Problem",
    "Secret",
    "SecretReference",
    "SignIn",
    "Sspr",
    "SyncServer",
    "Tenant",
    "ask_without_echo",
    "check_parameters",
    "defaults",
    "for_plan",
    "parameter_names",
    "read_attestation",
    "read_attested",
    "read_parameters",
    "resolve",
    "system_keyring",
    "unknown_names",
    "wanted",
]
