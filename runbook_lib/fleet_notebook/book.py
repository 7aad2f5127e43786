"""A fleet that is open in a notebook: its methods are what cells call. They look, plan and show; none of them changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.cli.ordering import Ordered, outputs_of, storage_named
from runbook_lib.cli.running import job
from runbook_lib.errors import RunbookError, RunUnfinished, UsageProblem
from runbook_lib.fleet import FleetOptions, Job, News, Outcome, recorded, roll_out, run_all, worst
from runbook_lib.fleet.cluster import on_cluster
from runbook_lib.fleet_notebook.approving import show_fleet_plan, show_plans
from runbook_lib.fleet_notebook.choosing import LIVE, show_heading, tenants_table
from runbook_lib.fleet_notebook.following import Following
from runbook_lib.fleet_notebook.next_commands import next_command
from runbook_lib.fleet_notebook.results import changes_table, findings_table, outcome_of, outcomes_table, runs_table
from runbook_lib.fleet_notebook.standing import of_fleet, standings_table, worklist_table
from runbook_lib.fleet_notebook.wishes import Wishes
from runbook_lib.notebook.fleet_picture import some
from runbook_lib.notebook.shown_table import ShownTable
from runbook_lib.notebook.stop import Stop, stopped
from runbook_lib.runbooks import find

# What automation has to notice of a plan, as a single run in mode plan: it failed or is blocked, or nobody knows.
_BAD = frozenset({"unknown", "failed", "not-opened", "stopped", "blocked"})


class FleetBook:
    """The tenants that were chosen, and what planning them came to."""

    def __init__(self, wishes: Wishes, ordered: Sequence[Ordered], how: FleetOptions) -> None:
        """Show what the notebook is about."""
        self._wishes = wishes
        self._ordered = ordered
        self._how = how
        self._options = wishes.options()
        self._outputs = outputs_of(self._options)
        self._outcomes: list[Outcome] | None = None
        self._fleet_plan: Path | None = None
        show_heading(wishes, ordered, how)

    def tenants(self) -> ShownTable:
        """Return who is chosen."""
        return tenants_table(self._ordered, self._wishes.language)

    def plan(self) -> None:
        """Look at every tenant and plan, showing how far that is. Raises `Stop` when not all of them were run."""
        self._require_confirmed()
        slug, language = self._wishes.runbook, self._wishes.language
        override = {"mode": "plan", "approved_plan": ""}
        try:
            storage = storage_named(self._options)
            jobs = [job(slug, each.parameters, self._outputs, override, storage) for each in self._ordered]
            ended = self._run(jobs)
        except RunbookError as error:
            raise stopped(error, language) from None
        self._outcomes = [ended[each.folder] for each in jobs if each.folder in ended]
        if left := tuple(each.tenant for each in jobs if each.folder not in ended):
            said = some(left, language)
            raise stopped(RunUnfinished("fleet-book-not-run", exit_code=1, tenants=said, count=len(left)), language)

    def outcomes(self) -> ShownTable:
        """Return how the tenants ended, those that ended alike in one row."""
        return outcomes_table(self._planned(), self._wishes.language)

    def runs(self) -> ShownTable:
        """Return a row a tenant: how it ended, its digest, and where its record is."""
        return runs_table(self._planned(), self._wishes.language)

    def changes(self) -> ShownTable:
        """Return what would change, and for whom."""
        return changes_table(self._planned(), self._wishes.language)

    def findings(self) -> ShownTable:
        """Return what stops whom, and what to do about it."""
        return findings_table(self._planned(), self._wishes.runbook, self._wishes.language)

    def approve(self) -> None:
        """Show the command that approves and applies exactly what was planned here."""
        planned = self._planned()
        try:
            if self._fleet_plan:
                show_fleet_plan(self._fleet_plan, self._wishes)
            else:
                show_plans(planned, self._ordered, self._wishes)
        except RunbookError as error:
            raise self._stop(error) from None

    def standings(self) -> ShownTable:
        """Return where every tenant stands, from the records as they are now."""
        at = SystemClock().now()
        return self._looked(
            lambda: standings_table(of_fleet(self._names, self._outputs, at), at, self._wishes.language)
        )

    def worklist(self) -> ShownTable:
        """Return the tenants that need a person, with what to do and what to type."""
        files = {each.name: each.file for each in self._ordered}
        return self._looked(
            lambda: worklist_table(
                of_fleet(self._names, self._outputs, SystemClock().now()),
                lambda each: next_command(each, self._wishes, files),
                self._wishes.language,
            )
        )

    def finish(self) -> None:
        """End well only when every tenant did: what is planned or waits for a person is no failure."""
        bad = [each for each in self._planned() if outcome_of(each) in _BAD]
        missing = len(self._ordered) - len(self._planned())
        if bad or missing:
            code = worst([each.exit_code for each in bad] or [1])
            raise stopped(
                RunUnfinished("fleet-book-bad", exit_code=code, count=len(bad) + missing, total=len(self._ordered)),
                self._wishes.language,
            )

    @property
    def _names(self) -> list[str]:
        return [each.name for each in self._ordered]

    def _require_confirmed(self) -> None:
        """Raises `Stop` unless the operator said how many real tenants they mean: one cell must not reach a customer unasked."""
        live = sum(each.parameters.profile == LIVE for each in self._ordered)
        if live != self._wishes.live_tenants:
            error = UsageProblem("fleet-book-live", count=live, given=self._wishes.live_tenants)
            raise stopped(error, self._wishes.language)

    def _run(self, jobs: Sequence[Job]) -> dict[Path, Outcome]:
        """Run all of them, and return how they ended, as far as they were begun. A notebook that is interrupted keeps what it knows."""

        def of_wave(wave: Sequence[Job], options: FleetOptions, hear: Callable[[News], None]) -> Iterator[Outcome]:
            return run_all(wave, approved_by="notebook", hear=hear, options=options)

        ended: dict[Path, Outcome] = {}
        steps = [step.id for step in find(self._wishes.runbook).steps]
        with (
            Following(jobs, steps, self._wishes.language, self._how) as following,
            on_cluster(self._wishes.scheduler, self._how, self._outputs, following.hear, jobs[0].storage) as how,
        ):
            try:
                for outcome in recorded(
                    jobs, roll_out(jobs, how, of_wave, SystemClock(), following.hear), following.hear
                ):
                    ended[outcome.folder] = outcome
                    following.ended(outcome)
            except KeyboardInterrupt:
                pass  # between two tenants; who was not run is named
        self._fleet_plan = following.fleet_plan
        return ended

    def _planned(self) -> list[Outcome]:
        if self._outcomes is None:
            raise stopped(UsageProblem("fleet-book-not-planned"), self._wishes.language)
        return self._outcomes

    def _looked(self, look: Callable[[], ShownTable]) -> ShownTable:
        try:
            return look()
        except RunbookError as error:
            raise self._stop(error) from None

    def _stop(self, error: RunbookError) -> Stop:
        return stopped(error, self._wishes.language)
