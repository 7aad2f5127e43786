"""Delivering a sealed bundle: where a target leads, what is told there, and the signed receipt that is kept beside the bundle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.adapters.change_records import Folder, Mail, deliver
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.errors import EvidenceError, ParameterError
from runbook_lib.evidence import Redactor
from runbook_lib.evidence.receipts import keep_receipt
from runbook_lib.evidence.sealing.bundle import Bundle, digits_of, read_bundle
from runbook_lib.evidence.sealing.contents import ENVELOPE
from runbook_lib.evidence.signing import Roster, check, open_signers
from runbook_lib.parameters import Parameters, ask_without_echo
from runbook_lib.ports import Clock, Parcel, Place, Receipt
from runbook_lib.texts import Language
from runbook_lib.texts.words import WORDS
from runbook_lib.wiring.change_records import change_record
from runbook_lib.wiring.places import own_key

KINDS = ("folder", "eml", "servicenow", "jira")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._#/-]{0,63}")
_SHOWN = 12


@dataclass(frozen=True)
class Delivered:
    """What became of a delivery, and the file of its signed receipt."""

    receipt: Receipt
    file: Path


def own_target(parameters: Parameters) -> str:
    """Return the target that the parameters name: their change record; empty when they name none."""
    change = parameters.change
    if change.system == "none":
        return ""
    return f"{'servicenow' if change.system == 'servicenow' else 'jira'}:{change.number}"


def deliver_bundle(  # noqa: PLR0913  # what is delivered, where, and in whose name
    bundle: Path,
    target: str,
    parameters: Parameters | None,
    language: Language,
    *,
    redactor: Redactor | None = None,
    clock: Clock | None = None,
    keys: Sequence[str] = (),
) -> Delivered:
    """Bring a bundle to a target, unless it is there, and keep a signed receipt beside it. Safe to call again.

    `parameters` say how a change system is reached; `keys` sign the receipt, this user's own when there are none.

    Raises:
        ParameterError: the target is none, or the parameters do not say how it is reached.
        EvidenceError: it is no sealed bundle, was altered, or the receipt cannot be written.
        CannotSign: a signer fails.
        TargetError: as `deliver`.
    """
    clock = clock or SystemClock()
    parcel = _parcel(bundle, language)
    signers = open_signers(keys or ("",), own_key(), ask_without_echo)
    with _place(target, parameters, parcel, redactor or Redactor(), clock) as place:
        receipt = deliver(place, parcel, clock)
    return Delivered(receipt, keep_receipt(bundle, receipt, signers, clock.now()))


@contextmanager
def _place(
    target: str, parameters: Parameters | None, parcel: Parcel, redactor: Redactor, clock: Clock
) -> Iterator[Place]:
    kind, colon, name = target.partition(":")
    if kind not in KINDS or not colon or not name:
        raise ParameterError("attach-no-target", target=target, known=tuple(f"{each}:…" for each in KINDS))
    if kind == "folder":
        yield Folder(Path(name).expanduser().absolute())
    elif kind == "eml":
        yield Mail(Path(name).expanduser().absolute(), parcel.name, clock)
    else:
        system = _checked(kind, name, parameters)
        with change_record(system, name, redactor, clock, what=target) as record:
            yield record


def _checked(kind: str, number: str, parameters: Parameters | None) -> Parameters:
    """Return the parameters that say how a change system is reached, if they are about one of this kind."""
    if not _NUMBER.fullmatch(number):
        raise ParameterError("attach-not-a-number", target=f"{kind}:{number}")
    if parameters is None:
        raise ParameterError("attach-needs-parameters", target=f"{kind}:{number}")
    system = parameters.change.system
    if system != "none" and not system.startswith(kind):
        raise ParameterError("attach-other-system", target=f"{kind}:{number}", system=system)
    return parameters


def _parcel(path: Path, language: Language) -> Parcel:
    """Return a bundle as it is sent. Only what was sealed, and so searched for secrets, leaves the machine."""
    bundle = read_bundle(path)
    digits = digits_of(path.name)
    if digits and not bundle.sha256.startswith(digits):
        raise EvidenceError("attach-altered", path=str(path))
    name = path.name if digits else f"{_plain(path.stem)}-{bundle.sha256[:_SHOWN]}.zip"
    note = WORDS["record-attached"].say(language, name=name, sha256=bundle.sha256)
    return Parcel(name, bundle.content, bundle.sha256, note, _labels(bundle))


def _plain(name: str) -> str:
    """Return a name of characters that mean nothing in a query, a path or a header."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.") or "record"


def _labels(bundle: Bundle) -> dict[str, str]:
    payload = check(bundle.files[ENVELOPE], Roster(), None, ENVELOPE).payload
    told = payload.get("predicate") if isinstance(payload, dict) else None
    run = told.get("run") if isinstance(told, dict) else None
    return {"sha256": bundle.sha256, **({"run_id": run} if isinstance(run, str) and run else {})}
