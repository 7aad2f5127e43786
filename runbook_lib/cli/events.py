"""What happens in a fleet as events for machines: one JSON object a line, on standard output, as it happens. docs/fleet.md has the shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from runbook_lib.cli.printing import Printing
from runbook_lib.fleet import (
    BEGUN,
    BELOW,
    CLOSED,
    EXCEEDED,
    FLEET_PLANNED,
    ON_RECORD,
    SOAKING,
    STOPPING,
    WAVE,
    Job,
    News,
)
from runbook_lib.model import Json

# Why no further tenant is begun.
REASONS = frozenset({BELOW, CLOSED, EXCEEDED, STOPPING})

DEVICE_CODE, STEP, WAITING = "device-code", "step", "waiting"


class Events:
    """Says what happens, where that was asked for. A code to sign in with is said, and written to no file of ours."""

    def __init__(self, jobs: Sequence[Job], at_once: int, printing: Printing) -> None:
        """Nothing happened yet."""
        self._jobs = jobs
        self._at_once = at_once
        self._names = {job.run_id: job.tenant for job in jobs}
        self._batch = ""
        self._printing = printing

    def planned(self, record: Path | None) -> None:
        """It is on record who is planned; one tenant alone has a record of its own only."""
        self._batch = record.stem if record else ""
        first = self._jobs[0]
        self._say(
            "planned",
            runbook=first.notebook.stem,
            mode=first.mode,
            jobs=self._at_once,
            record=str(record) if record else "",
            tenants=[{"tenant": job.tenant, "run": job.run_id} for job in self._jobs],
        )

    def heard(self, news: News) -> None:
        """Say what was heard of a run or of the fleet."""
        if news["run"]:
            self._of_a_run(news)
        else:
            self._of_the_fleet(news)

    def tenant_ended(self, run: str, outcome: Json, seconds: float | None) -> None:
        """A tenant came to its end."""
        took = None if seconds is None else round(seconds, 3)
        self._say("tenant-ended", run, exit_code=outcome["exit_code"], seconds=took, outcome=outcome)

    def ended(self, said: Mapping[str, Json]) -> None:
        """The fleet came to its end."""
        self._say("ended", **said)

    def _of_a_run(self, news: News) -> None:
        run, event = news["run"], news["event"]
        if event == BEGUN:
            self._say("tenant-begun", run)
        elif event == DEVICE_CODE:
            known: dict[str, Json] = {name: news[name] for name in ("page", "code", "until")}
            self._say(DEVICE_CODE, run, **known, again=bool(news.get("again")))
        elif event == WAITING:
            self._say(WAITING, run, service=news["service"], seconds=int(news["seconds"]))
        elif event == STEP:
            self._say(STEP, run, step=news["step"], status=news["status"])

    def _of_the_fleet(self, news: News) -> None:
        event = news["event"]
        if event == ON_RECORD:
            self.planned(Path(news["file"]))
        elif event == FLEET_PLANNED:
            self._say(FLEET_PLANNED, file=news["file"], tenants=int(news["count"]))
        elif event == WAVE:
            said: dict[str, Json] = {name: int(news[name]) for name in ("number", "waves", "tenants")}
            self._say(WAVE, **said)
        elif event == SOAKING:
            self._say(SOAKING, seconds=int(news["seconds"]))
        elif event in REASONS:
            below = news["tenants"].split(", ") if event == BELOW else []
            self._say("stopped", reason=event, level=news.get("level", ""), tenants=below)
        else:
            told = {name: text for name, text in news.items() if name not in {"run", "event"}}
            self._say("notice", name=event, said=told)

    def _say(self, event: str, run: str = "", **said: Json) -> None:
        self._printing.event(_event(event, self._batch, self._names.get(run, ""), run) | said)


def refused(said: Mapping[str, Json]) -> dict[str, Json]:
    """Return the event of a command that was refused, or broke off."""
    return {**_event("refused"), **said}


def _event(event: str, batch: str = "", tenant: str = "", run: str = "") -> dict[str, Json]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"event": event, "at": at, "batch": batch, "tenant": tenant, "run": run}
