"""An approval is for one sending: what was sent by it before needs a plan made since, even when the plan is the same again.

A run that goes on sends what is left under the approval it has, unless another run has sent something since it stopped.

`elsewhere` are runs of the tenant whose records are not under the outputs, or not up to their end: those on a shared storage.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from runbook_lib.evidence.run_directory import JOURNAL
from runbook_lib.evidence.runs import Run, runs_of


def used_by(outputs: Path, tenant: str, digest: str, besides: str = "", elsewhere: Sequence[Run] = ()) -> str:
    """Return the id of the last run of the tenant that sent the plan of this digest, or nothing when it may be sent.

    `besides` is the id of the run that asks: what an earlier attempt at it sent does not count.

    It may when no run sent it, and again when a run of mode plan that began after that was finished with the same digest. A
    journal that cannot be read may hide anything, so its run counts as one that sent every plan when it was last written.

    Raises `EvidenceError` when the tenant's folder cannot be read.
    """
    runs = _others(outputs, tenant, besides, elsewhere)
    sent = max(((_sent_at(run, digest), run.run_id) for run in runs), default=("", ""))
    planned = max((run.started_at for run in runs if _is_plan(run, digest)), default="")
    return sent[1] if sent[0] and sent[0] >= planned else ""


def last_sent(outputs: Path, tenant: str, digest: str, besides: str, elsewhere: Sequence[Run] = ()) -> str:
    """Return when another run last sent the plan of this digest (UTC, as journals write it), or nothing.

    `besides` is the id of the run that asks. A journal that cannot be read may hide anything, as above.
    """
    runs = _others(outputs, tenant, besides, elsewhere)
    return max((_sent_at(run, digest) for run in runs), default="")


def overtaken_by(outputs: Path, tenant: str, run_id: str, since: str, elsewhere: Sequence[Run] = ()) -> str:
    """Return the id of another run that sent something to the tenant after a time (UTC, as journals write it), or nothing.

    A journal that cannot be read may hide anything, as above. Raises `EvidenceError` when the tenant's folder cannot be read.
    """
    others = _others(outputs, tenant, run_id, elsewhere)
    return next((run.run_id for run in others if _sent_at(run) > since), "")


def _others(outputs: Path, tenant: str, besides: str, elsewhere: Sequence[Run]) -> list[Run]:
    return [run for run in (*runs_of(outputs, tenant), *elsewhere) if run.run_id != besides]


def _sent_at(run: Run, digest: str = "") -> str:
    """Return when the last change, of the plan if one is named, was sent; empty when none was."""
    if run.problems and not run.journal:
        file = run.path / JOURNAL
        written = datetime.fromtimestamp((file if file.exists() else run.path).stat().st_mtime, UTC)
        return f"{written:%Y-%m-%dT%H:%M:%S.%fZ}"
    approved = any(line.event == "approved" and digest in ("", line.data["approval"]["digest"]) for line in run.journal)
    times = [line.at for line in run.journal if line.event == "sending"]
    return max(times) if approved and times else ""


def _is_plan(run: Run, digest: str) -> bool:
    """Tell whether a run was one of mode plan, and ended with this plan."""
    if not run.journal or run.journal[-1].event != "finished":
        return False
    mode, planned = run.journal[0].data["parameters"]["mode"], run.journal[-1].data["plan"]
    return bool(mode == "plan" and planned == digest)
