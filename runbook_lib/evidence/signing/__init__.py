"""Signatures: who holds a key, what they signed, and whom we believe. Slow to import, so imported where it is needed."""

from __future__ import annotations

from securesystemslib.signer import Signer

from runbook_lib.evidence.signing.envelope import PAYLOAD_TYPE, Checked, Signed, Standing, check, sign
from runbook_lib.evidence.signing.keys import Ask, key_id_of, make_key_file, public_text
from runbook_lib.evidence.signing.roster import InvalidRosterError, Roster, RosterKey, new_entry, read_roster
from runbook_lib.evidence.signing.signers import open_signer, open_signers
from runbook_lib.evidence.signing.statements import (
    approval_of,
    approved_in,
    attestation_of,
    attested_in,
    fleet_approval_of,
    fleet_approved_in,
    plans_approved_in,
)

__all__ = [
    "PAYLOAD_TYPE",
    "Ask",
    "Checked",
    "InvalidRosterError",
    "Roster",
    "RosterKey",
    "Signed",
    "Signer",
    "Standing",
    "approval_of",
    "approved_in",
    "attestation_of",
    "attested_in",
    "check",
    "fleet_approval_of",
    "fleet_approved_in",
    "key_id_of",
    "make_key_file",
    "new_entry",
    "open_signer",
    "open_signers",
    "plans_approved_in",
    "public_text",
    "read_roster",
    "sign",
]
