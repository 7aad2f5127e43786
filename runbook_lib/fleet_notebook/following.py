"""Shows how far a fleet is while it runs: the same place is drawn again and again, so that the page goes on and the notebook stays small."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from runbook_lib.fleet import EXCEEDED, FLEET_PLANNED, FleetOptions, Job, News, Outcome
from runbook_lib.fleet.batch import STOPPING
from runbook_lib.fleet_notebook.results import outcome_of
from runbook_lib.notebook.display import Place
from runbook_lib.notebook.fleet_picture import GOING_ON, WAITING, Progress, Row, progress_bundle
from runbook_lib.texts import Argument, Language
from runbook_lib.texts.fleet import FLEET_LINES
from runbook_lib.texts.fleet_book import FLEET_BOOK

# How often it is drawn at most, and how much of the time drawing may take, for hundreds of tenants are more work than three.
EVERY_SECONDS = 0.5
MOST_OF_THE_TIME = 0.1


class Following:
    """Follows the runs of a fleet, and draws what it heard of them in a thread of its own while it is open.

    `fleet_plan` is the file of the plans that were made together, once they were.
    """

    def __init__(self, jobs: Sequence[Job], steps: Sequence[str], language: Language, options: FleetOptions) -> None:
        """Show that nobody was begun."""
        self.fleet_plan: Path | None = None
        self._jobs = jobs
        self._steps = tuple(steps)
        self._language = language
        self._limit = options.max_failures
        self._states: dict[str, dict[str, str]] = {}
        self._outcomes: dict[str, str] = {}
        self._asked: dict[str, str] = {}
        self._said: list[str] = []
        self._began = time.monotonic()
        self._changed, self._over = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._place = Place(progress_bundle(self._progress(), language))
        self._thread = threading.Thread(target=self._keep_drawing, name="following", daemon=True)

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._changed.set()
        self._thread.join()
        with self._lock:
            self._asked.clear()  # no code is kept in the notebook
        self._draw()

    def hear(self, news: News) -> None:
        """Take news of a run, or of the fleet; in any thread."""
        with self._lock:
            if news["run"]:
                self._of_a_run(news)
            elif said := self._of_the_fleet(news):
                self._said.append(said)
        self._changed.set()

    def ended(self, outcome: Outcome) -> None:
        """Take how a run ended."""
        with self._lock:
            run = outcome.folder.name
            self._states[run] = dict(outcome.steps)
            self._outcomes[run] = outcome_of(outcome)
            self._asked.pop(run, None)
        self._changed.set()

    def _of_a_run(self, news: News) -> None:
        states = self._states.setdefault(news["run"], {})
        if news["event"] == "device-code":
            self._asked[news["run"]] = self._sign_in(news)
        elif "step" in news:
            states[news["step"]] = news["status"]
            self._asked.pop(news["run"], None)

    def _sign_in(self, news: News) -> str:
        tenant = next((job.tenant for job in self._jobs if job.run_id == news["run"]), "")
        until = f"{datetime.fromisoformat(news['until']):%H:%M} UTC"
        if not news["code"]:
            return self._say("sign-in-browser", tenant=tenant, until=until)
        return self._say("sign-in", tenant=tenant, page=news["page"], code=news["code"], until=until)

    def _of_the_fleet(self, news: News) -> str:
        """Return what is said of the fleet, in the words of the command line but for how a notebook is stopped."""
        event = news["event"]
        if event == FLEET_PLANNED:
            self.fleet_plan = Path(news["file"])
            return ""  # the cell about approving says so
        if event == STOPPING:
            return self._say("stopping")
        if event == EXCEEDED:
            key = "too-many-failures-percent" if self._limit.is_percent else "too-many-failures"
            return FLEET_LINES[key].say(self._language, limit=self._limit.number or 0)
        if event not in FLEET_LINES:
            return ""
        told = {name: int(text) if text.isdecimal() else text for name, text in news.items()}
        return FLEET_LINES[event].say(self._language, **told)

    def _say(self, key: str, **arguments: Argument) -> str:
        return FLEET_BOOK[key].say(self._language, **arguments)

    def _keep_drawing(self) -> None:
        pause = EVERY_SECONDS
        while not self._over.wait(pause):
            self._changed.wait(EVERY_SECONDS * 4)  # time goes on, too, when nothing else does
            self._changed.clear()
            began = time.monotonic()
            self._draw()
            pause = max(EVERY_SECONDS, (time.monotonic() - began) / MOST_OF_THE_TIME)

    def _draw(self) -> None:
        with self._lock:
            progress = self._progress()
        self._place.replace(progress_bundle(progress, self._language))

    def _progress(self) -> Progress:
        rows = [
            Row(
                job.tenant,
                dict(self._states.get(job.run_id, {})),
                self._outcomes.get(job.run_id, GOING_ON if job.run_id in self._states else WAITING),
            )
            for job in self._jobs
        ]
        seconds = time.monotonic() - self._began
        return Progress(
            rows, self._steps, seconds, self._over.is_set(), tuple(self._said[-4:]), tuple(self._asked.values())
        )
