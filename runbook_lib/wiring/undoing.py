"""What there is to undo of an earlier run, as that run's own record tells: its journal, once it is found to be whole and its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from runbook_lib.canonical import digest
from runbook_lib.errors import CannotRollBack, EvidenceError
from runbook_lib.evidence import JOURNAL, Line, Recorded, read_journal
from runbook_lib.model import Change, Json, Status, Undo, change_from
from runbook_lib.parameters import Parameters
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.runbooks.portal_steps import UNLOCK, WRITE_BACK

PLAN = "plan.json"

# What undoes a run of each runbook that changes something and can be undone.
UNDONE_BY: Mapping[str, str] = {
    "enable-connect-writeback": "disable-writeback",
    "enable-sspr-writeback": "enable-sspr-writeback",
}

_PAGE: Mapping[str, str] = {WRITE_BACK: "write_back", UNLOCK: "unlock"}

_RULES = "account-rules"
_GRANT = "grant_writeback_rights"
_SWITCH = "set_password_writeback"
_BY_HAND = "operator"

Results = Mapping[str, Mapping[str, Json]]
Rules = dict[str, tuple[str, ...]]


def undo_for(parameters: Parameters, slug: str, outputs: Path) -> Undo | None:
    """Return what the parameters ask to undo, None when they ask for nothing.

    Raises:
        CannotRollBack: there is no such run, it cannot be undone, or not by this runbook and for this tenant.
    """
    if not parameters.rollback_of:
        return None
    recorded = record_of(outputs / parameters.rollback_of)
    told = recorded[0].data["parameters"]["tenant"]["id"]
    if told != parameters.tenant.id:
        raise CannotRollBack(
            "rollback-other-tenant", run=parameters.rollback_of, tenant=told, wanted=parameters.tenant.id
        )
    undo = undo_of(parameters.rollback_of, recorded)
    if UNDONE_BY[undo.runbook] != slug:
        raise CannotRollBack("rollback-other-runbook", runbook=undo.runbook, undone_by=UNDONE_BY[undo.runbook])
    if slug == "disable-writeback" and parameters.sync_server.method == "guided":
        raise CannotRollBack("rollback-server-not-read", run=undo.run)
    return undo


def record_of(folder: Path) -> Recorded:
    """Return the journal of a run's folder, once its lines, its names and its plans hang together.

    Raises `CannotRollBack` when they do not. Somebody who writes a whole new journal is not found out by this: see
    docs/evidence.md.
    """
    run = f"{folder.parent.name}/{folder.name}"
    if not (folder / JOURNAL).is_file():
        raise CannotRollBack("rollback-no-run", path=run)
    try:
        recorded = read_journal(folder / JOURNAL)
    except EvidenceError as error:
        raise CannotRollBack("rollback-tampered", run=run, problem=_where(error)) from error
    try:
        _require_own(run, recorded)
        is_whole = _plans_fit(folder, recorded)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CannotRollBack("rollback-tampered", run=run, problem=JOURNAL) from error
    if not is_whole:
        raise CannotRollBack("rollback-tampered", run=run, problem=PLAN)
    return recorded


def _where(error: EvidenceError) -> str:
    """Return the first wrong line of a journal, or why it cannot be read, in no language: the message around it has one."""
    told = error.message.arguments
    return f"{JOURNAL}:{told.get('line', told['detail'])}"


def _require_own(run: str, recorded: Recorded) -> None:
    """The first line says whose journal this is; a copy in another folder would undo another tenant's run."""
    opened = recorded[0].data if recorded and recorded[0].event == "opened" else {}
    other = f"{opened['parameters']['tenant']['name']}/{opened['run']}"
    if other != run:
        raise CannotRollBack("rollback-foreign", run=run, other=other)


def _plans_fit(folder: Path, recorded: Recorded) -> bool:
    """Tell whether every plan is the one that its digest is of, in the journal and in the file."""
    approved = [line.data for line in recorded if line.event == "approved"]
    if any(digest(data["plan"]) != data["approval"]["digest"] for data in approved):
        return False
    ended = [line.data["plan"] for line in recorded if line.event == "finished"]
    if not ended:
        return True
    try:
        kept = json.loads((folder / PLAN).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return bool(kept["digest"] == digest(kept["plan"]) and ended[-1] in ("", kept["digest"]))


def undo_of(run: str, recorded: Recorded) -> Undo:
    """Return what a run changed and can be put back. `run` is `<tenant>/<run id>`; the record is one of `record_of`.

    Raises `CannotRollBack`, which says why there is nothing to undo or why it cannot be.
    """
    opened = recorded[0].data
    runbook = opened["runbook"]
    if runbook in RUNBOOKS and RUNBOOKS[runbook].only_reads:
        raise CannotRollBack("rollback-read-only", run=run, runbook=runbook)
    is_undoing = runbook in set(UNDONE_BY.values()) - set(UNDONE_BY) or opened["parameters"].get("rollback_of")
    if is_undoing and recorded.has("sending"):
        raise CannotRollBack("rollback-of-turning-off", run=run)
    made = _made(run, recorded)
    if is_undoing:  # by hand: nothing was sent
        raise CannotRollBack("rollback-of-turning-off", run=run)
    _require_undoable(run, runbook, [change for _, change in made])
    granting = [step for step, change in made if change.action == _GRANT]
    switching = [step for step, change in made if change.action == _SWITCH]
    modified = _fact(_once_made(recorded, _SWITCH, switching[0]), "modified") if switching else None
    rules, left = _rules(run, granting[0], recorded) if granting else ({}, {})
    return Undo(run, runbook, recorded.head, tuple(change for _, change in made), modified, rules, left)


def _made(run: str, recorded: Recorded) -> list[tuple[str, Change]]:
    """Return what was approved, sent or done by hand, and then seen made, by step. An act is made when it was sent."""
    approved = [line.data["plan"] for line in recorded if line.event == "approved"]
    planned = {
        digest([step, change]): (step, change_from(change)) for plan in approved for step, change in plan["changes"]
    }
    made = [(step, change) for step, change in planned.values() if _is_made(run, step, change, recorded)]
    if not made:
        raise CannotRollBack("rollback-nothing-changed", run=run)
    return made


def _is_made(run: str, step: str, change: Change, recorded: Recorded) -> bool:
    if change.target == _BY_HAND:
        return _status(_results(recorded), step) in (Status.ATTESTED, Status.CONTRADICTED)
    sent = {line.data["change"]["action"] for line in recorded if line.event == "sending"}
    if change.once or change.action not in sent:
        return change.action in sent
    status = _status(_results(_since(recorded, change.action)), step)
    if status in _NOT_KNOWN:
        raise CannotRollBack("rollback-outcome-unknown", run=run, steps=(step.upper(),))
    # A step with grants for two accounts has failed when one of them was not made. What the other added is seen all the same.
    is_partly = change.action == _GRANT and bool(_rules(run, step, recorded)[0])
    return status == Status.VERIFIED or is_partly


# Sent, and nobody has said since what became of it.
_NOT_KNOWN = (None, Status.UNKNOWN, Status.APPLIED)


def _require_undoable(run: str, runbook: str, changes: Sequence[Change]) -> None:
    if by_hand := tuple(change.setting for change in changes if change.target == _BY_HAND):
        key = "rollback-wizard" if runbook == "enable-connect-writeback" else "rollback-by-hand"
        raise CannotRollBack(key, run=run, settings=by_hand)
    if runbook not in UNDONE_BY or all(change.once for change in changes):
        raise CannotRollBack("rollback-not-undoable", run=run, settings=tuple(change.setting for change in changes))


def _since(recorded: Sequence[Line], action: str) -> Sequence[Line]:
    """Return the lines after the last one that says that this action is being sent."""
    sent = [line.event == "sending" and line.data["change"]["action"] == action for line in recorded]
    return recorded[len(sent) - sent[::-1].index(True) :]


def _once_made(recorded: Sequence[Line], action: str, step: str) -> Mapping[str, Json]:
    """Return the first look that saw the change made: a later one may show what somebody else did. Else the last word."""
    lines = [line for line in _since(recorded, action) if line.event == "step-result" and line.data["step"] == step]
    return next((line.data for line in lines if line.data["status"] == Status.VERIFIED), lines[-1].data)


def _before_sending(recorded: Sequence[Line]) -> Sequence[Line]:
    return recorded[: [line.event for line in recorded].index("sending")]


def _results(lines: Iterable[Line]) -> Results:
    """Return the last word on each step among some lines."""
    return {line.data["step"]: line.data for line in lines if line.event == "step-result"}


def _status(results: Results, step: str) -> Json:
    return results[step]["status"] if step in results else None


def _fact(result: Mapping[str, Json], name: str) -> Json:
    return next((fact["value"] for fact in result["facts"] if fact["name"] == name), None)


def _rules(run: str, step: str, recorded: Recorded) -> tuple[Rules, Rules]:
    """Return the rules that a grant added, and all that it left, by domain root.

    A rule that vanished while others were added may have been merged with one of them, and taking that off would take away
    more than the run gave.
    """
    before, after = _results(_before_sending(recorded))[step], _once_made(recorded, _GRANT, step)
    then, now = _fact(before, _RULES), _fact(after, _RULES)
    if not then or not now or then.keys() != now.keys():
        raise CannotRollBack("rollback-rules-not-kept", run=run, dns=tuple(sorted({*(then or {}), *(now or {})})))
    for dn in then:
        if set(then[dn]) - set(now[dn]):
            raise CannotRollBack("rollback-rules-merged", run=run, dn=dn)
    added = {dn: tuple(rule for rule in now[dn] if rule not in then[dn]) for dn in now}
    return {dn: rules for dn, rules in added.items() if rules}, {dn: tuple(now[dn]) for dn in now}


def as_undone(parameters: Parameters, undo: Undo) -> Parameters:
    """Return the parameters of a rollback: what is wanted is what was there before, and nothing beside it."""
    wanted = {_PAGE[change.setting]: change.before for change in undo.changes if change.setting in _PAGE}
    quiet = parameters.connect.model_copy(update={"restart_service": False, "start_delta_cycle": False})
    return parameters.model_copy(
        update={
            "sspr": parameters.sspr.model_copy(update=wanted),
            "connect": quiet,
            "grant_permissions": False,
        }
    )
