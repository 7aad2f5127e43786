"""Several tenants at once: what is printed, shown and told to machines while notebooks run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

from rich.text import Text

from runbook_lib.cli.events import DEVICE_CODE, REASONS, STEP, WAITING, Events
from runbook_lib.cli.live import LONGEST_NAME, SIGNS, drawn, headline, pace
from runbook_lib.cli.printing import Printing
from runbook_lib.cli.progress import Kind, Progress, Wave, kind_of
from runbook_lib.cli.reasons import reasons_of
from runbook_lib.fleet import (
    BEGUN,
    EXCEEDED,
    FLEET_PLANNED,
    ON_RECORD,
    SOAKING,
    STOPPING,
    WAVE,
    FleetOptions,
    Job,
    News,
    Outcome,
)
from runbook_lib.model import URGENCY, Json, Status
from runbook_lib.texts.progress import FLEET_KIND_WORDS, FLEET_KINDS, FLEET_LIVE
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import STATUS_WORDS, WORDS

# Why no further tenant is begun, where nobody asked to stop.
STOPS = REASONS - {STOPPING}

# So many tenants are still told step by step, and each with what comes next; of more, one line each, and what comes next for all.
FEW = 5

# So many tenants are named in a line.
MOST_NAMED = 20

# What a run that came out well may have done. One that found all in order did nothing.
DONE_NOW = (Status.VERIFIED, Status.ATTESTED, Status.ROLLED_BACK)

# Where nothing can be drawn anew, a line says how far the fleet is, at most so often.
SECONDS_BETWEEN_LINES = 30.0


class Hearing:
    """Prints the news of runs and of their fleet. `stops` are the reasons heard why no further tenant is begun, `fleet_plan` the file
    of the plans that were made together.

    `signs_in_itself` is true where nobody has to enter device codes, so that they need not be shown.
    """

    def __init__(
        self, jobs: Sequence[Job], printing: Printing, options: FleetOptions, *, signs_in_itself: bool = False
    ) -> None:
        self.stops: set[str] = set()
        self.fleet_plan: Path | None = None
        self._tenants = {each.run_id: each.tenant for each in jobs}
        self._printing = printing
        self._limit = options.max_failures
        self._signs_in_itself = signs_in_itself

    def __call__(self, news: News) -> None:
        """Print news."""
        if news["run"]:
            self._of_a_run(news)
        else:
            self._of_the_fleet(news)

    def ended(self, outcome: Outcome) -> None:
        """A tenant came to its end: say what stopped it."""
        if outcome.problem:
            self._printing.problem(f"{outcome.tenant}: {outcome.problem}")

    def _of_a_run(self, news: News) -> None:
        printing, tenant = self._printing, self._tenants.get(news["run"], "")
        if news["event"] == DEVICE_CODE and self._signs_in_itself:
            printing.notice("sign-in-lab", tenant=tenant)
        elif news["event"] == DEVICE_CODE:
            key = ("sign-in-again" if news.get("again") else "sign-in") if news["code"] else "sign-in-browser"
            until = f"{datetime.fromisoformat(news['until']):%H:%M} UTC"
            printing.notice(key, tenant=tenant, page=news["page"], code=news["code"], until=until)
        elif news["event"] == WAITING:
            printing.notice("waiting-turn", tenant=tenant, service=news["service"], seconds=int(news["seconds"]))
        elif news["event"] == STEP:
            printing.step(tenant, news["step"], news["status"], STEPS[news["step"]].title.say(printing.language))

    def _of_the_fleet(self, news: News) -> None:
        if news["event"] in STOPS:
            self.stops.add(news["event"])
        if news["event"] == ON_RECORD:
            return
        if news["event"] == FLEET_PLANNED:
            self.fleet_plan = Path(news["file"])
        if news["event"] == EXCEEDED:
            key = "too-many-failures-percent" if self._limit.is_percent else "too-many-failures"
            self._printing.notice(key, limit=self._limit.number or 0)
            return
        told = {name: text for name, text in news.items() if name not in {"run", "event"}}
        if names := told.get("tenants", "").split(", ")[MOST_NAMED:]:
            told["tenants"] = f"{', '.join(told['tenants'].split(', ')[:MOST_NAMED])} +{len(names)}"
        self._printing.notice(
            news["event"], **{name: int(text) if text.isdecimal() else text for name, text in told.items()}
        )


class Watching(Hearing):
    """Hears a fleet, and says how far it is: in the live part of a terminal or in lines, and as events. From any thread.

    `progress` is how far it is, `record` where it is on record who is planned, None for one tenant alone.
    """

    def __init__(
        self, jobs: Sequence[Job], printing: Printing, options: FleetOptions, told: Callable[[Outcome], Json]
    ) -> None:
        """Nobody runs yet. `told` makes data for machines of an outcome."""
        super().__init__(jobs, printing, options)
        self.record: Path | None = None
        self.progress = Progress(jobs, options.rollout.soak)
        self._told = told
        self.events = Events(jobs, options.at_once, printing)
        self._is_live = False
        self._lock = threading.RLock()
        self._said_at = time.monotonic()
        self._said_first: dict[str, str] = {}
        self._width = min(LONGEST_NAME, max(len(job.tenant) for job in jobs))
        if len(jobs) == 1:
            self.events.planned(None)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show how far it is, where there are several tenants and a terminal."""

        def draw(width: int, height: int, is_plain: bool) -> list[Text]:
            return drawn(self.progress, self._printing.language, width, height, is_plain=is_plain)

        with self._printing.live(draw) if self.progress.total > 1 else nullcontext(enter_result=False) as self._is_live:
            yield

    def __call__(self, news: News) -> None:
        """Take news, and say what is to be said of it."""
        with self._lock:
            self._follow(news)
            self.events.heard(news)
            if not (news["event"] in {STEP, WAITING} and self._is_compact):
                super().__call__(news)
            self._say_how_far()

    def ended(self, outcome: Outcome) -> None:
        """Say how a tenant came out."""
        with self._lock:
            kind = kind_of(outcome)
            seconds = self.progress.end(outcome.folder.name, kind)
            if self._is_compact:
                self._say_how_it_came_out(outcome, kind, seconds)
            else:
                super().ended(outcome)
            self.events.tenant_ended(outcome.folder.name, self._told(outcome), seconds)
            self._say_how_far()

    @property
    def _is_compact(self) -> bool:
        """Tell whether each tenant gets one line, when it has ended, and not one a step."""
        return self.progress.total > FEW or self._is_live

    def _follow(self, news: News) -> None:
        event, progress = news["event"], self.progress
        if event == ON_RECORD:
            self.record = Path(news["file"])
        elif event == BEGUN:
            progress.begin(news["run"])
        elif event == STEP:
            progress.ended_step(news["run"], news["step"], news["status"])
        elif event == WAITING:
            progress.wait(news["run"], news["service"], int(news["seconds"]))
        elif event == WAVE:
            progress.begin_wave(Wave(*(int(news[name]) for name in ("number", "waves", "tenants"))))
        elif event == SOAKING:
            progress.soak(int(news["seconds"]))
        elif event in REASONS:
            progress.begins_no_more = True

    def _in_words(self, outcome: Outcome, kind: Kind) -> str:
        """Return how a tenant came out: the steps of its worst state, else the verdict, else a word."""
        language = self._printing.language
        if outcome.verdict:
            return WORDS[outcome.verdict].say(language)
        states = DONE_NOW if kind is Kind.FINE else URGENCY
        worst = next((state for state in states if state in outcome.steps.values()), None)
        if worst is None or kind is Kind.STOPPED:
            return FLEET_KIND_WORDS[kind].say(language)
        steps = ", ".join(step.upper() for step, state in outcome.steps.items() if state == worst)
        return f"{STATUS_WORDS[worst].say(language)} {steps}"

    def _say_how_it_came_out(self, outcome: Outcome, kind: Kind, seconds: float | None) -> None:
        """Say in one line how a tenant came out, and below in full why not well. On a terminal a reason is said once: what many have
        in common must not scroll it away.
        """
        reasons = [str(each) for each in reasons_of(outcome, self._printing.language)]
        new = [said for said in reasons if said not in self._said_first or not self._is_live]
        words, like = self._in_words(outcome, kind), ""
        if reasons and not new:
            like = FLEET_LIVE["as"].say(self._printing.language, tenant=self._said_first[reasons[0]])
        self._printing.line_of(f"{outcome.tenant:<{self._width}}", SIGNS[kind], words, seconds, like)
        for said in new:
            self._said_first.setdefault(said, outcome.tenant)
            self._printing.reason(f"{outcome.tenant}: {said}")

    def _say_how_far(self) -> None:
        """Say how far the fleet is in a line, where nothing can be drawn anew, and not too often."""
        progress, now = self.progress, time.monotonic()
        if self._is_live or progress.total <= FEW or now - self._said_at < SECONDS_BETWEEN_LINES:
            return
        self._said_at = now
        language = self._printing.language
        counts = [FLEET_KINDS[kind].say(language, count=count) for kind in Kind if (count := progress.counts[kind])]
        self._printing.text(" · ".join([headline(progress, language), *counts, pace(progress, language)]))
