"""The signed approvals in a bundle: that those whom the journal names signed exactly the plan that was sent, by the roster kept with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from runbook_lib.errors import EvidenceError, ParameterError
from runbook_lib.evidence.journal import Line
from runbook_lib.evidence.sealing.points import Point, broken, not_proven, proven
from runbook_lib.evidence.signing import Roster, Standing, check, plans_approved_in
from runbook_lib.evidence.signing.roster import roster_from
from runbook_lib.model import Json

_FOLDER = "approvals/"
_ROSTER = f"{_FOLDER}roster.json"


def check_signed(approved: Line, files: Mapping[str, bytes]) -> Iterable[Point]:
    """Yield what is shown of the signatures that a line `approved` names."""
    asked = approved.data["plan"]["parameters"]["evidence"]
    try:
        roster = roster_from(files.get(_ROSTER, b""), _ROSTER)
    except ParameterError:
        roster = Roster()
    if roster.sha256 != asked["roster"]:
        yield broken("verify-roster-other", path=_ROSTER)
        return
    signatures = approved.data["approval"]["signatures"]
    wrong = [each["file"] for each in signatures if not _is_signed(each, approved, files, roster)]
    people = {each["name"] for each in signatures}
    if wrong or len(people) < asked["approvals_needed"]:
        yield broken("verify-approval-signature", names=tuple(wrong) or (f"{len(people)}/{asked['approvals_needed']}",))
        return
    yield proven("verify-approval-signed", names=tuple(sorted(people)), digest=approved.data["approval"]["digest"])
    yield not_proven("verify-roster-right", sha256=roster.sha256)


def _is_signed(said: Mapping[str, Json], approved: Line, files: Mapping[str, bytes], roster: Roster) -> bool:
    """Tell whether an envelope is the one that was judged, and holds a good signature of that key over the approved plan."""
    content = files.get(f"{_FOLDER}{said['file']}", b"")
    if hashlib.sha256(content).hexdigest() != said["sha256"]:
        return False
    try:
        checked = check(content, roster, datetime.fromisoformat(approved.at), said["file"])
    except EvidenceError:
        return False
    good = {each.key_id: each.name for each in checked.by("approver") if each.standing is Standing.VALID}
    is_the_plan = approved.data["approval"]["digest"] in plans_approved_in(checked.payload)
    return is_the_plan and good.get(said["key_id"]) == said["name"]
