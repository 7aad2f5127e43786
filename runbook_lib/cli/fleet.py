"""Several tenants at once: what the options say, and what is printed while notebooks run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from runbook_lib.cli.printing import Printing
from runbook_lib.fleet import BELOW, CLOSED, EXCEEDED, FLEET_PLANNED, FleetOptions, Job, News
from runbook_lib.texts.steps import STEPS

# Why no further tenant is begun, where nobody asked to stop.
STOPS = frozenset({EXCEEDED, BELOW, CLOSED})


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

    def _of_a_run(self, news: News) -> None:
        printing, tenant = self._printing, self._tenants.get(news["run"], "")
        if news["event"] == "device-code" and self._signs_in_itself:
            printing.notice("sign-in-lab", tenant=tenant)
        elif news["event"] == "device-code":
            key = ("sign-in-again" if news.get("again") else "sign-in") if news["code"] else "sign-in-browser"
            until = f"{datetime.fromisoformat(news['until']):%H:%M} UTC"
            printing.notice(key, tenant=tenant, page=news["page"], code=news["code"], until=until)
        else:
            printing.step(tenant, news["step"], news["status"], STEPS[news["step"]].title.say(printing.language))

    def _of_the_fleet(self, news: News) -> None:
        if news["event"] in STOPS:
            self.stops.add(news["event"])
        if news["event"] == FLEET_PLANNED:
            self.fleet_plan = Path(news["file"])
        if news["event"] == EXCEEDED:
            key = "too-many-failures-percent" if self._limit.is_percent else "too-many-failures"
            self._printing.notice(key, limit=self._limit.number or 0)
            return
        told = {name: text for name, text in news.items() if name not in {"run", "event"}}
        self._printing.notice(
            news["event"], **{name: int(text) if text.isdecimal() else text for name, text in told.items()}
        )
