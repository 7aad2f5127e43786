"""What a journal says of its plan: that what was sent was approved before, by whom, and that `plan.json` is that plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from runbook_lib.canonical import digest
from runbook_lib.evidence.journal import Line, Recorded
from runbook_lib.evidence.sealing.countersigned import check_signed
from runbook_lib.evidence.sealing.points import Point, broken, not_proven, proven
from runbook_lib.model import Json

_PLAN = "plan.json"


def check_approvals(recorded: Recorded, files: Mapping[str, bytes]) -> Iterable[Point]:
    """Yield what the journal shows of approvals, for a journal that this version understands."""
    approvals = [line for line in recorded if line.event == "approved"]
    wrong = [line.n for line in approvals if digest(line.data["plan"]) != line.data["approval"]["digest"]]
    if wrong:
        yield broken("verify-approval-other-plan", lines=_numbers(wrong))
    unapproved = [line.n for line in recorded if line.event == "sending" and not _is_approved(line, approvals)]
    if unapproved:
        yield broken("verify-sent-unapproved", lines=_numbers(unapproved))
    if not wrong and not unapproved:
        yield from _told(recorded, approvals, files)
    yield from _plan_file(files, approvals)


def approved_digest(recorded: Recorded) -> str:
    """Return the digest of the plan that was approved last, else of the one that the run ended with; empty when it had none."""
    approvals = [line.data["approval"]["digest"] for line in recorded if line.event == "approved"]
    finished = [line.data["plan"] for line in recorded if line.event == "finished"]
    return str((approvals or finished or [""])[-1])


def _told(recorded: Recorded, approvals: list[Line], files: Mapping[str, bytes]) -> Iterable[Point]:
    sent = sum(line.event == "sending" for line in recorded)
    if not approvals:
        yield proven("verify-nothing-sent")
        return
    for line in approvals:
        said = line.data["approval"]
        yield proven(
            "verify-approved", digest=said["digest"], by=said["by"], how=said["how"], at=line.at[:19], sent=sent
        )
    if approvals[-1].data["approval"].get("signatures"):
        yield from check_signed(approvals[-1], files)
        return
    yield not_proven("verify-approval-unsigned", by=str(approvals[-1].data["approval"]["by"]))


def _is_approved(sending: Line, approvals: Iterable[Line]) -> bool:
    """Tell whether a change stands in a plan that was approved before it was sent, as one of its changes or of their cures."""
    sent = digest(sending.data["change"])
    return any(
        sent == digest(change)
        for line in approvals
        if line.n < sending.n
        for _, planned in line.data["plan"]["changes"]
        for change in (planned, *planned["cure"])
    )


def _plan_file(files: Mapping[str, bytes], approvals: list[Line]) -> Iterable[Point]:
    """Yield what is wrong with `plan.json`, which is a copy for people: the journal has the plan that counts."""
    if _PLAN not in files:
        return
    try:
        read: Json = json.loads(files[_PLAN])
        found = digest(read["plan"])
        is_whole = found == read["digest"]
    except (ValueError, KeyError, TypeError, RecursionError):
        found, is_whole = "", False
    known = [line.data["approval"]["digest"] for line in approvals]
    if not is_whole or (known and found not in known):
        yield broken("verify-other-plan-file", path=_PLAN)


def _numbers(lines: Iterable[int]) -> tuple[str, ...]:
    return tuple(map(str, lines))
