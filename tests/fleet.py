"""Outputs of a fleet: runs as journals of one's own making, and real runs under other names, in other places and at other times."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from runbook_lib.canonical import canonical
from runbook_lib.evidence import JOURNAL, Redactor, RunDirectory
from runbook_lib.runbooks import find
from tests.notebooks.served import CONNECT

# When the fleet is looked at.
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)

Event = tuple[str, dict[str, Any]]


class At:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits here")


def opened(tenant: str, run_id: str, runbook: str = CONNECT, mode: str = "apply", profile: str = "live") -> Event:
    """The first line of a journal."""
    parameters = {"tenant": {"name": tenant}, "mode": mode, "profile": profile, "language": "en"}
    return "opened", {"runbook": runbook, "run": run_id, "version": "0.1.0", "parameters": parameters}


def judged(**states: str) -> list[Event]:
    """The last words on some steps."""
    return [("step-result", {"step": step, "status": status}) for step, status in states.items()]


def all_steps(status: str, runbook: str = CONNECT) -> list[Event]:
    return judged(**{step.id: status for step in find(runbook).steps})


def finished(code: int = 0) -> Event:
    return "finished", {"exit_code": code, "plan": ""}


def run_of(
    outputs: Path,
    tenant: str,
    *events: Event,
    runbook: str = CONNECT,
    ago: timedelta = timedelta(hours=1),
    level: str | None = None,
    **how: str,
) -> Path:
    """Record a run that began and ended at one moment, and return its folder. `level` is what its result tells."""
    at = NOW - ago
    run_id = f"{at:%Y%m%dT%H%M%S}-{runbook}"
    directory = RunDirectory.create(outputs, tenant, run_id, Redactor())
    with directory.journal(At(at)) as journal:
        for event, data in (opened(tenant, run_id, runbook, **how), *events):
            journal.record(event, **data)
    if level is not None:
        directory.write_json("result.json", {"ladder": {"level": level, "why": None}, "exit_code": 0})
    return directory.path


def copied(run: Path, outputs: Path, tenant: str, run_id: str, ago: timedelta = timedelta()) -> Path:
    """Copy a real run under another tenant's name and its own id, so that it ended that long ago, with a journal whose chain holds."""
    folder = outputs / tenant / run_id
    shutil.copytree(run, folder)
    lines = [json.loads(line) for line in (run / JOURNAL).read_bytes().splitlines()]
    lines[0]["data"]["parameters"]["tenant"]["name"] = tenant
    lines[0]["data"]["run"] = run_id
    earlier = datetime.fromisoformat(lines[-1]["at"]) - (NOW - ago)
    (folder / JOURNAL).write_bytes(b"".join(_chained(lines, earlier)))
    return folder


def grown(outputs: Path, runs: Sequence[Path], tenants: Sequence[str], days: int = 200) -> None:
    """Make a fleet of copies of real runs, one to three a tenant, of the last days: the same for the same arguments."""
    for place, tenant in enumerate(tenants):
        for number in range(1 + place % 3):
            run = runs[(place * 5 + number * 3) % len(runs)]
            ago = timedelta(days=(place * 37 + number * 61) % days, hours=1 + place % 20)
            copied(run, outputs, tenant, f"{NOW - ago:%Y%m%dT%H%M%SZ}-{number}", ago)


def cut_off(run: Path) -> None:
    """Let a run have stopped in the middle of its first change, as when the machine goes down."""
    kept, found, _ = (run / JOURNAL).read_bytes().partition(b'"event":"sending"')
    if not found:
        raise ValueError(f"{run} sent nothing")
    whole = (run / JOURNAL).read_bytes()
    (run / JOURNAL).write_bytes(whole[: whole.index(b"\n", len(kept)) + 1])
    (run / "result.json").unlink()


def damage(run: Path) -> None:
    """Let somebody have written another result into the journal of a run."""
    whole = (run / JOURNAL).read_bytes()
    (run / JOURNAL).write_bytes(whole.replace(b'"status":"compliant"', b'"status":"verified"', 1))


def _chained(lines: list[dict[str, Any]], earlier: timedelta) -> Iterator[bytes]:
    previous = "0" * 64
    for line in lines:
        at = datetime.fromisoformat(line["at"]) - earlier
        written = canonical(line | {"previous": previous, "at": at.isoformat().replace("+00:00", "Z")})
        yield written + b"\n"
        previous = hashlib.sha256(written).hexdigest()
