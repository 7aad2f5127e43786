"""The verbs with which people sign: their approval of a plan, an attestation, and their key as an entry for the roster."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.cli.fleet_plans import show_fleet_plan
from runbook_lib.cli.plans import whole_plan
from runbook_lib.cli.printing import Printing
from runbook_lib.errors import CannotSign, ParameterError
from runbook_lib.evidence import new_file
from runbook_lib.evidence.fleet_plan import FleetPlan, is_fleet_plan, read_fleet_plan
from runbook_lib.model import Json, Plan, plan_from
from runbook_lib.parameters import read_attested, same_person
from runbook_lib.texts.steps import RUNBOOKS as RUNBOOK_TEXTS
from runbook_lib.wiring import ENDING, account_name, beside, own_key, signer_of

if TYPE_CHECKING:
    from runbook_lib.evidence.signing import Signer


def approve(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook approve`: show what a plan changes, or the plans of a fleet, and sign the approval of exactly that."""
    from runbook_lib.evidence.signing import approval_of, fleet_approval_of, sign  # noqa: PLC0415  # slow to import; so below

    file = Path(options.plan)
    asked = read_fleet_plan(file) if is_fleet_plan(file) else _plan(file)
    until = _until(options.until)
    signer = signer_of(options.key, options.pin)
    name = _name_of(signer, options, "approver", _rosters_of(asked)) or options.name
    if not name:
        raise ParameterError("approve-nobody")
    _show(asked, printing)
    _confirmed(options, printing, name)
    said = (name, datetime.now(UTC), until, options.comment)
    if isinstance(asked, Plan):
        statement = approval_of(asked, *said)
    else:
        fleet = (asked.digest, asked.runbook, asked.version)
        statement = fleet_approval_of(fleet, asked.digests.values(), *said)
    named = file.parent / f"{beside(file)}{signer.public_key.keyid[:8]}{ENDING}"
    return _written(sign(statement, [signer]), Path(options.to) if options.to else named, name, signer, printing)


def attest(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook attest`: sign an attestation that names the one who signs."""
    from runbook_lib.evidence.signing import attestation_of, sign  # noqa: PLC0415

    file = Path(options.attestation)
    word, (kept, *_) = read_attested(file)
    signer = signer_of(options.key, options.pin)
    name = _name_of(signer, options, "attester", frozenset()) or options.name or word.by
    if not any(same_person(name, named) for named in (word.by, word.second_person)):
        raise ParameterError("attest-somebody-else", file=str(file), name=name)
    printing.line("attest-what", plan=word.plan, steps=tuple(step.upper() for step in word.steps), by=word.by)
    _confirmed(options, printing, name)
    envelope = sign(attestation_of(word.plan, word.tenant, name, datetime.now(UTC), kept.sha256), [signer])
    beside = file.with_name(f"{file.name}.{signer.public_key.keyid[:8]}{ENDING}")
    return _written(envelope, Path(options.to) if options.to else beside, name, signer, printing)


def key(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook key`: print the entry of a key for the roster. A file that is named and not there is made."""
    from runbook_lib.evidence.signing import make_key_file, new_entry  # noqa: PLC0415

    named = Path(options.key.removeprefix("file:")).expanduser() if options.key.startswith("file:") else None
    place = named or own_key()
    if (named or not options.key) and make_key_file(place):
        printing.line("key-made", file=str(place))
    public = signer_of(options.key, options.pin).public_key
    account = options.account or account_name()
    name = options.name or account
    entry = new_entry(public, name, options.roles or ["approver"], datetime.now(UTC), account)  # type: ignore[arg-type]
    printing.line("key-entry", key_id=public.keyid)
    printing.text(json.dumps(entry, indent=2, ensure_ascii=False))
    if not options.name:
        printing.line("key-name", name=name)
    printing.document({"key_id": public.keyid, "entry": entry})
    return 0


def _plan(file: Path) -> Plan:
    """Return the plan of a file that is whole. Raises `ParameterError` when it is not, or has nothing to approve."""
    _, data = whole_plan(file)
    try:
        plan = plan_from(data)
    except (KeyError, TypeError, ValueError) as error:
        raise ParameterError("plan-unreadable", file=str(file)) from error
    if not plan.changes:
        raise ParameterError("approve-nothing", file=str(file))
    return plan


def _roster_of(plan: Plan) -> str:
    """Return the SHA-256 of the roster that a plan names; empty when it names none."""
    return str((plan.parameters.get("evidence") or {}).get("roster", ""))


def _rosters_of(asked: Plan | FleetPlan) -> frozenset[str]:
    """Return the SHA-256 of every roster that a plan, or the plans of a fleet, name."""
    plans = [asked] if isinstance(asked, Plan) else map(asked.plan, asked.tenants)
    return frozenset(filter(None, map(_roster_of, plans)))


def _until(text: str) -> datetime | None:
    if not text:
        return None
    try:
        until = datetime.fromisoformat(text)
    except ValueError as error:
        raise ParameterError("approve-until-not-a-time", given=text) from error
    if until.tzinfo is None:
        raise ParameterError("approve-until-not-a-time", given=text)
    if until <= datetime.now(UTC):
        raise ParameterError("approve-until-over", given=text)
    return until.astimezone(UTC)


def _name_of(signer: Signer, options: argparse.Namespace, role: str, asked: frozenset[str]) -> str:
    """Return the name that the roster has for a key, empty without one. Raises when the signature would not count."""
    if not options.roster:
        return ""
    from runbook_lib.evidence.signing import read_roster  # noqa: PLC0415

    roster = read_roster(Path(options.roster))
    known, now = roster.key(signer.public_key.keyid), datetime.now(UTC)
    if asked - {roster.sha256}:
        raise ParameterError("approve-other-roster", file=options.roster)
    if known is None:
        raise CannotSign("sign-unknown-key", key_id=signer.public_key.keyid, file=options.roster)
    if role not in known.roles:
        raise CannotSign("sign-without-role", name=known.name, role=role, file=options.roster)
    if not known.valid_from <= now < known.valid_until:
        raise CannotSign("sign-not-valid-now", name=known.name, file=options.roster)
    return known.name


def _show(asked: Plan | FleetPlan, printing: Printing) -> None:
    """Show what is about to be approved: the changes, and what they need beside this signature."""
    printing.text(RUNBOOK_TEXTS[asked.runbook].title.say(printing.language), "bold")
    if isinstance(asked, Plan):
        _show_plan(asked, printing)
    else:
        show_fleet_plan(asked, printing, in_full=True)
        printing.line("approve-fleet", count=sum(bool(_roster_of(asked.plan(each))) for each in asked.tenants))


def _show_plan(plan: Plan, printing: Printing) -> None:
    printing.line("approve-what", tenant=plan.parameters["tenant"]["name"], id=plan.tenant, version=plan.version)
    for step, change in plan.changes:
        printing.change(step, change.setting, change.before, change.after)
    printing.line("plan-digest", digest=plan.digest)
    if roster := _roster_of(plan):
        printing.line("approve-roster", needed=plan.parameters["evidence"]["approvals_needed"], roster=roster)
    else:
        printing.line("approve-no-roster")


def _confirmed(options: argparse.Namespace, printing: Printing, name: str) -> None:
    """Ask once more, unless told not to. Raises `ParameterError` when nobody can answer, or the answer is not yes."""
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise ParameterError("sign-nobody-there")
    printing.line("sign-now", name=name)
    if input().strip().casefold() not in ("yes", "oui"):
        raise ParameterError("sign-not-confirmed")


def _written(envelope: bytes, path: Path, name: str, signer: Signer, printing: Printing) -> int:
    if not new_file(path, envelope):
        raise ParameterError("signed-file-exists", file=str(path))
    sha256 = hashlib.sha256(envelope).hexdigest()
    printing.line("signed", name=name, key_id=signer.public_key.keyid)
    printing.line("signed-file", file=str(path))
    said: Json = {"file": str(path), "sha256": sha256, "name": name, "key_id": signer.public_key.keyid}
    printing.document(said)
    return 0
