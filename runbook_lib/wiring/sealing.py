"""How evidence is sealed here: whose key signs, which authority stamps the time, and which secrets must be in no file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from runbook_lib.adapters.http import Network, open_session
from runbook_lib.adapters.time_stamp import ask_for_time_stamp
from runbook_lib.evidence.sealing.keeping import Signing
from runbook_lib.evidence.sealing.stamping import answer, question
from runbook_lib.evidence.signing import open_signers
from runbook_lib.parameters import Parameters, ask_without_echo
from runbook_lib.wiring.places import own_key


def signing(keys: Sequence[str] = (), time_stamp: str = "") -> Signing:
    """Return who signs: these keys, or this user's own, made on first use. `time_stamp`: the address of an authority, if one is asked.

    Raises as `open_signers`.
    """
    signers = open_signers(keys or ("",), own_key(), ask_without_echo)
    return Signing(signers, (lambda envelope: _stamp(time_stamp, envelope)) if time_stamp else None)


def signing_of(parameters: Parameters) -> Signing:
    """Return who signs a run by itself, as its parameters say. Raises as `open_signers`."""
    evidence = parameters.evidence
    return signing([evidence.signing_key] if evidence.signing_key else [], evidence.time_stamp or "")


def _stamp(url: str, envelope: bytes) -> bytes:
    asked = question(envelope)
    # The proxy of the environment counts: an authority is outside, and its answer is worth nothing unless it is signed.
    with closing(open_session(Network(environment=True))) as session:
        return answer(ask_for_time_stamp(url, asked.as_bytes(), session), asked, envelope)
