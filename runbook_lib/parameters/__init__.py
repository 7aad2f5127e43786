"""A tenant's parameters, secrets by reference, and attestations: read strictly, with every problem said at once."""

from __future__ import annotations

from runbook_lib.parameters.asking import ask_without_echo, system_keyring
from runbook_lib.parameters.attestation import (
    AttestedFile,
    can_be_attested,
    read_attestation,
    read_attested,
    read_word,
    same_person,
    values_asked,
    values_welcome,
)
from runbook_lib.parameters.attesting import write_attestation
from runbook_lib.parameters.fleet_file import Fleet, FleetRun, FleetTenant, read_fleet
from runbook_lib.parameters.form import (
    Entry,
    Field,
    FormSection,
    filled,
    form,
    is_reference,
    literal_secrets,
    nested,
)
from runbook_lib.parameters.keys import (
    ChangeAccess,
    Connect,
    Evidence,
    Parameters,
    SignIn,
    Sspr,
    SyncServer,
    Tenant,
)
from runbook_lib.parameters.overriding import NOTHING, Over, once, read_over
from runbook_lib.parameters.picture import MOST_PICTURES, Picture, opened
from runbook_lib.parameters.problem import InvalidAttestationError, InvalidParametersError, Problem
from runbook_lib.parameters.reading import (
    REQUIRED,
    Examined,
    check_parameters,
    defaults,
    examine,
    for_plan,
    parameter_names,
    read_parameters,
    unknown_names,
    wanted,
)
from runbook_lib.parameters.rules import Use, uses
from runbook_lib.parameters.secret import Keyring, Secret, SecretReference, parse_reference, resolve
from runbook_lib.parameters.writing import is_file_name, write_parameters

__all__ = [
    "MOST_PICTURES",
    "NOTHING",
    "REQUIRED",
    "AttestedFile",
    "ChangeAccess",
    "Connect",
    "Entry",
    "Evidence",
    "Examined",
    "Field",
    "Fleet",
    "FleetRun",
    "FleetTenant",
    "FormSection",
    "InvalidAttestationError",
    "InvalidParametersError",
    "Keyring",
    "Over",
    "Parameters",
    "Picture",
    "Problem",
    "Secret",
    "SecretReference",
    "SignIn",
    "Sspr",
    "SyncServer",
    "Tenant",
    "Use",
    "ask_without_echo",
    "can_be_attested",
    "check_parameters",
    "defaults",
    "examine",
    "filled",
    "for_plan",
    "form",
    "is_file_name",
    "is_reference",
    "literal_secrets",
    "nested",
    "once",
    "opened",
    "parameter_names",
    "parse_reference",
    "read_attestation",
    "read_attested",
    "read_fleet",
    "read_over",
    "read_parameters",
    "read_word",
    "resolve",
    "same_person",
    "system_keyring",
    "unknown_names",
    "uses",
    "values_asked",
    "values_welcome",
    "wanted",
    "write_attestation",
    "write_parameters",
]
