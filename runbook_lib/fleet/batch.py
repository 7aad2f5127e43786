"""Runs over several tenants, one after another or several at once. One tenant's trouble does not touch the next."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from runbook_lib.errors import RunbookError
from runbook_lib.evidence import DEVICE_CODE, Redactor
from runbook_lib.evidence.batches import BatchRecord, Planned
from runbook_lib.evidence.fleet_plan import ENDING, FleetPlan, LeftOut, Listed, fleet_plan_of
from runbook_lib.fleet.executing import FAILED, INTERRUPTED, UNKNOWN, USAGE, Job, Means, Outcome, Own, execute
from runbook_lib.fleet.forking import fork_server
from runbook_lib.fleet.forkserver import ForkServer
from runbook_lib.fleet.limits import TimeLimit
from runbook_lib.fleet.listening import Listening, News
from runbook_lib.fleet.options import FleetOptions
from runbook_lib.fleet.preparing import meanwhile_prepared
from runbook_lib.fleet.stopping import Stopping
from runbook_lib.fleet.stored import keep_batch, kept
from runbook_lib.fleet.together import Together
from runbook_lib.wiring.known_secrets import redactor_for
from runbook_lib.wiring.limits import limits_for
from runbook_lib.wiring.places import APPROVED_BY, CHANNEL, LIMITS, OUTPUTS, RESUMED, STORAGE

# What is not known of a system outside weighs most; that somebody mistyped must not hide it. Then 5, 3 and 0.
WORST_FIRST = (UNKNOWN, INTERRUPTED, USAGE, FAILED, 5, 3, 0)

ONE_AFTER_ANOTHER = FleetOptions()

# What is heard of a run when it begins: its kernel may take a while to say more.
BEGUN = "begun"

# What is heard of the fleet itself, beside the news of its runs.
STOPPING, EXCEEDED = "stopping", "max-failures"
ON_RECORD, FLEET_PLANNED = "on-record", "fleet-planned"

# How a run of mode plan ends that leaves something to approve: planned, or for a person to do once it is approved.
_TO_APPROVE = frozenset({3, 5})


def run_all(
    jobs: Sequence[Job],
    *,
    approved_by: str,
    hear: Callable[[News], None],
    options: FleetOptions = ONE_AFTER_ANOTHER,
) -> Iterator[Outcome]:
    """Run the jobs, begun in order, and yield how each ended, as they end. Here, or where the options say.

    One after another, none is begun after one that was interrupted. Several at once, the first Ctrl+C lets those that run come to
    their end. Nor is one begun once more have failed than may.

    `approved_by` says how approvals were given: `command-line`, `demo`. `hear` gets the news of runs that begin, of steps and sign-ins, and of the
    fleet: that no further tenant is begun, and why; that kernels cannot be forked.
    """
    if options.elsewhere:
        yield from _at_once(jobs, options, options.elsewhere(approved_by, hear), hear)
        return
    with ExitStack() as stack:
        with meanwhile_prepared():
            forks = fork_server(options.kernels, jobs[0].storage, hear, pays=len(jobs) > 1)
        running = Running(approved_by, hear, forks, options.time_limit)
        if options.rates:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="runbook-turns-")))
            running.limits = limits_for(folder, options.rates)
        running.channel = stack.enter_context(Listening(running.take)).address
        # In a notebook a loop runs already, and papermill brings its own: that one needs a thread to itself.
        carried_out = _at_once if options.at_once > 1 or _runs_in_a_loop() else _in_order
        yield from carried_out(jobs, options, running.execute, hear)


def recorded(
    jobs: Sequence[Job],
    outcomes: Iterator[Outcome],
    hear: Callable[[News], None] = lambda _news: None,
    fleet_plan: str = "",
) -> Iterator[Outcome]:
    """Yield outcomes. Of several jobs it is recorded before the first begins who is planned, so that who is missing later is missed,
    and by which fleet's plan they were approved; `fleet_plan` is its digest. Plans that are made together are listed at the end in a
    fleet's plan beside the record. `hear` is told the files of both.

    Raises `EvidenceError` when that cannot be.
    """
    if len(jobs) == 1:
        yield from outcomes
        return
    ended: dict[str, Outcome] = {}
    with closing(_record(jobs, fleet_plan)) as record:
        hear({**_of_the_fleet(ON_RECORD), "file": str(record.path)})
        keep_batch(jobs[0].storage, record.path)
        for outcome in outcomes:
            ended[outcome.folder.name] = outcome
            record.note(outcome.folder.name, outcome.exit_code)
            yield outcome
    path = record.path.with_name(f"{record.path.stem}{ENDING}")
    if listed := _listed(jobs, ended):
        listed.write(path)
    with suppress(RunbookError):  # a storage that refuses now has failed the runs before; their results are to be seen
        keep_batch(jobs[0].storage, record.path, path)
    if listed:
        hear({**_of_the_fleet(FLEET_PLANNED), "file": str(path), "count": str(len(listed.tenants))})


class Running:
    """What the runs of a fleet say, and what each is executed with."""

    def __init__(
        self, approved_by: str, hear: Callable[[News], None], fork_server: ForkServer | None, time_limit: int = 0
    ) -> None:
        self.channel = self.limits = ""
        self._time_limit = time_limit
        self._approved_by = approved_by
        self._hear = hear
        self._stopped: dict[str, int] = {}
        self._means = Means(self._stopped, fork_server)
        self._redactors: dict[str, Redactor] = {}
        self._limits: dict[str, TimeLimit] = {}

    def take(self, news: News) -> None:
        """Take news of a run: what is to be kept from its notebook, and how one ended that could not be opened."""
        if limit := self._limits.get(news["run"]):
            limit.hears(news)
        known = self._redactors.get(news["run"])
        if known and news["event"] == "device-code":
            known.learn(news["code"], rule=DEVICE_CODE)
        if news["event"] == "stopped":
            self._stopped[news["run"]] = int(news["exit_code"])
        else:
            self._hear(news)

    def execute(self, job: Job, stopping: Stopping | None = None) -> Outcome:
        """Execute a job, in any thread."""
        redactor = self._redactors[job.run_id] = redactor_for(job.parameters)
        environment = _environment(job, self._approved_by, {CHANNEL: self.channel, LIMITS: self.limits})
        stopping = stopping or Stopping()
        limit = self._limits[job.run_id] = TimeLimit(self._time_limit, partial(stopping.stop, is_over_time=True))
        self._hear({"run": job.run_id, "event": BEGUN})
        try:
            outcome = execute(job, self._means, Own(environment, redactor, stopping, self._time_limit))
            return kept(job, outcome)
        finally:
            limit.end()
            del self._redactors[job.run_id], self._limits[job.run_id]


def _record(jobs: Sequence[Job], fleet_plan: str) -> BatchRecord:
    planned = [Planned(job.tenant, job.run_id, str(job.parameters.get("approved_plan") or "")) for job in jobs]
    return BatchRecord(jobs[0].outputs, jobs[0].notebook.stem, jobs[0].mode, planned, fleet_plan)


def _listed(jobs: Sequence[Job], ended: Mapping[str, Outcome]) -> FleetPlan | None:
    """Return the list of what jobs have planned together; None when that is nothing, or they were to apply."""
    if jobs[0].mode != "plan":
        return None
    planned: list[tuple[Listed, Path]] = []
    left_out: list[LeftOut] = []
    for job in jobs:
        tenant, outcome = str((job.parameters.get("tenant") or {}).get("id", "")), ended.get(job.run_id)
        if outcome and outcome.exit_code in _TO_APPROVE and outcome.changes:
            planned.append((Listed(tenant, job.tenant, job.run_id, outcome.plan), job.folder / "plan.json"))
        else:
            left_out.append(LeftOut(tenant, job.tenant, job.run_id, outcome.exit_code if outcome else None))
    return fleet_plan_of(planned, left_out)


def worst(codes: Sequence[int]) -> int:
    """Return the exit code of a fleet: that of the tenant that ended worst."""
    return next((code for code in WORST_FIRST if code in codes), 0)


def _runs_in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_order(
    jobs: Sequence[Job], options: FleetOptions, run: Callable[[Job], Outcome], hear: Callable[[News], None]
) -> Iterator[Outcome]:
    ended: list[Outcome] = []
    for job in jobs:
        if not options.may_begin():
            return
        ended.append(run(job))
        yield ended[-1]
        if ended[-1].is_interrupted:
            return
        if len(ended) < len(jobs) and options.max_failures.are_exceeded(ended, len(jobs)):
            hear(_of_the_fleet(EXCEEDED))
            return


def _at_once(
    jobs: Sequence[Job],
    options: FleetOptions,
    run: Callable[[Job, Stopping], Outcome],
    hear: Callable[[News], None],
) -> Iterator[Outcome]:
    together = Together(jobs, options.at_once, run, lambda: hear(_of_the_fleet(STOPPING)), options.may_begin)
    ended: list[Outcome] = []
    is_exceeded = False
    for outcome in together.outcomes():
        ended.append(outcome)
        yield outcome
        if not is_exceeded and options.max_failures.are_exceeded(ended, len(jobs)):
            is_exceeded = True
            together.begin_no_more()
            hear(_of_the_fleet(EXCEEDED))


def _of_the_fleet(event: str) -> News:
    return {"run": "", "event": event}


def _environment(job: Job, approved_by: str, shared: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a job's kernel, with what all of them share. Ours stays as it is: other kernels are started meanwhile."""
    ours = {**shared, OUTPUTS: str(job.outputs), APPROVED_BY: approved_by, STORAGE: job.storage}
    return {**os.environ, **ours, RESUMED: job.run_id if job.goes_on else ""}
