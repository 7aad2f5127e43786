"""Puts a run together: parameters to targets, folder, journal, approver and engine; and takes it apart again."""

from __future__ import annotations

import atexit
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from runbook_lib import __version__
from runbook_lib.adapters import pilot_reset, portal, scripts
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.engine import Parts, Run
from runbook_lib.errors import AttestationError, EvidenceError, NotApproved, RunbookError, UsageProblem
from runbook_lib.evidence import Journal, Redactor, RunDirectory, new_run_id, places_in
from runbook_lib.facts import ACTIONS
from runbook_lib.model import Json, Plan, Status, StepResult, Undo, Wanted, as_json
from runbook_lib.parameters import AttestedFile, Parameters, for_plan, read_attested, wanted
from runbook_lib.ports import Clock, Target
from runbook_lib.runbooks import find
from runbook_lib.runbooks.ladder import Reached, reached
from runbook_lib.runbooks.readiness import readiness
from runbook_lib.texts.advice import advice_of
from runbook_lib.wiring.announcing import announcer
from runbook_lib.wiring.approving import Asking, approver_of
from runbook_lib.wiring.connecting import ShowCode
from runbook_lib.wiring.countersigning import Countersigning, countersigning_of
from runbook_lib.wiring.holding import keeping_others_out, others
from runbook_lib.wiring.places import from_root, is_resumed, name_of_outputs, outputs_root
from runbook_lib.wiring.reaching import Reach, reach
from runbook_lib.wiring.recording import Recording
from runbook_lib.wiring.resuming import TakenUp, take_up
from runbook_lib.wiring.storing import StoredRun, stored_run
from runbook_lib.wiring.undoing import as_undone, undo_for

# What is sent for each action, as its SHA-256: it is approved with the plan.
_FINGERPRINT = {"sync-server": scripts.fingerprint, "tenant": pilot_reset.fingerprint, "portal": portal.fingerprint}


@dataclass(frozen=True)
class Manner:
    """How a run is carried out, where that is not by itself in a process of its own.

    Attributes:
        reach: Connections that other runs use, too, and that stay open; None: the run has its own.
        clock: The time it goes by; its `sleep` may stop the run.
        approved_by: How the approval came about, as the journal says it; empty: as the environment says.
        goes_on: Whether this is another attempt at the run that the parameters name.
    """

    reach: Reach | None = None
    clock: Clock = field(default_factory=SystemClock)
    approved_by: str = ""
    goes_on: bool = False


class Assembly:
    """An open run with all its parts."""

    def __init__(
        self,
        run: Run,
        directory: RunDirectory,
        journal: Journal,
        targets: dict[str, Target],
        opened: ExitStack | None = None,
        portal_page: str = "",
    ) -> None:
        """Hold the parts; `assemble` makes them. What else is open, such as the tenant's lock, is closed with `opened`."""
        self.run = run
        self.run_id = directory.path.name
        self.folder = directory.path
        # How people call the run: below the outputs, for a whole path tells about the machine.
        self.name = f"{name_of_outputs()}/{directory.path.parent.name}/{self.run_id}"
        self.portal_page = portal_page
        # What must not be shown either, and where it is written down that it was not.
        self.redactor, self.ledger = directory.redactor, directory.ledger
        self.plan_digest = ""
        self._written: Plan | None = None
        self._directory = directory
        self._journal = journal
        self._targets = targets
        self._announce = announcer(self.run_id)
        self._opened = opened or ExitStack()
        self._is_closed = False
        # A kernel may end in the middle of a run; the server would keep our shell until it times out.
        atexit.register(self.close)

    def require_open(self) -> None:
        """Raise `UsageProblem` when the run is over: its journal has its last line."""
        if self._is_closed:
            raise UsageProblem("run-is-over", run=self.run_id)

    def after_step(self, result: StepResult) -> None:
        """Write the plan once it is complete, and pass on the news."""
        if self.run.runbook.step(result.step).kind == "apply":
            self._write_plan()
        self._announce({"event": "step", "step": result.step, "status": result.status})

    def note_end(self, error: BaseException) -> None:
        """Write to the journal what a run broke off with: an error of the kit, an interrupt, or what nobody foresaw."""
        if isinstance(error, RunbookError):
            self.note("stopped", problem=as_json(error.message))
        elif isinstance(error, KeyboardInterrupt):
            self.note("interrupted")
        else:
            self.note_error(error)

    def note_error(self, error: BaseException) -> None:
        """Write to the journal all that is known of an error: the operator gets one line of it."""
        self.note("error", traceback="".join(traceback.format_exception(error)))

    def note(self, event: str, **data: Json) -> None:
        """Write to the journal something that is not the engine's to say; once the run is finished there is nothing to add.

        Whoever notes something stops for a reason of its own, which a journal that failed must not hide.
        """
        if not self._is_closed:
            with suppress(EvidenceError):
                self._journal.record(event, **data)

    def finish(self) -> list[StepResult]:
        """Write plan, facts and result; close connections and journal; return the result of every step.

        Raises `EvidenceError` when something cannot be written; connections are closed also then.
        """
        results = self._results()
        try:
            self._write_plan()
            self._directory.write_json("after.json", {result.step: as_json(result.facts) for result in results})
            self._directory.write_json("result.json", self._result(results))
            self._journal.record("finished", exit_code=self.run.exit_code, plan=self.plan_digest)
        finally:
            self.hang_up()
        self.close()
        return results

    @property
    def verdict(self) -> str:
        """Return the verdict of a runbook that only looks, see `Readiness`; empty for one that changes something."""
        return readiness(self._results()) if self.run.runbook.only_reads else ""

    @property
    def ladder(self) -> Reached:
        """Return how far up the verification ladder the results lead."""
        return reached(self.run.runbook, self.run.results)

    def _results(self) -> list[StepResult]:
        return [self.run.results.get(step.id, StepResult(step.id, Status.TO_DO)) for step in self.run.runbook.steps]

    def hang_up(self) -> None:
        """Give back shells and connections. The run may go on: a target that is asked again connects again."""
        for target in self._targets.values():
            target.close()

    def close(self) -> None:
        """Give back all that is open, also after an error. A second call does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        atexit.unregister(self.close)
        try:
            self.hang_up()
        finally:
            self._journal.close()
            self._opened.close()

    def _write_plan(self) -> None:
        plan = self.run.plan
        if plan == self._written:
            return  # the files say it already
        self.plan_digest = plan.digest if plan.changes else ""
        self._directory.write_json("before.json", as_json(plan.before))
        self._directory.write_json("plan.json", {"digest": plan.digest, "plan": as_json(plan)})
        self._written = plan

    def _result(self, results: list[StepResult]) -> Json:
        error = self.run.error
        return {
            "runbook": self.run.runbook.slug,
            "run_id": self.run_id,
            "exit_code": self.run.exit_code,
            "verdict": self.verdict,
            "ladder": as_json(self.ladder),
            "plan": self.run.plan.digest,
            "steps": {result.step: result.status for result in results},
            "findings": {result.step: _with_advice(result) for result in results if result.findings},
            "page": self.portal_page,
            "changes": [{"step": step_id, **as_json(change)} for step_id, change in self.run.plan.changes],
            "error": as_json(error.message) if error else None,
        }


def _with_advice(result: StepResult) -> Json:
    """Return the findings of a step, each with the id of the advice for it, which is its anchor in docs/advice.md."""
    known = [(finding, advice_of(finding.message)) for finding in result.findings]
    return [{**as_json(finding), "advice": advice.id if advice else ""} for finding, advice in known]


def assemble(
    slug: str,
    parameters: Parameters,
    *,
    show_code: ShowCode,
    records: type[RunDirectory] = RunDirectory,
    manner: Manner | None = None,
) -> Assembly:
    """Open a run, or another attempt at one: its folder and journal, its connections prepared. Nothing is sent. `show_code` is called
    for a device sign-in, with what `ShowCode` says; `records` keeps the run.

    Raises:
        UsageProblem: something in the parameters cannot be carried out, no lab answers, or a person's word holds a secret.
        NotApproved: mode apply without an approved plan.
        EvidenceError: the run's folder cannot be made, or is not one to go on with.
    """
    runbook, manner = find(slug), manner or Manner()
    parameters, undo = _asked(parameters, slug)
    run_id = parameters.run_id or new_run_id(slug, manner.clock.now())
    goes_on = manner.goes_on or is_resumed(run_id)
    stored = stored_run(parameters.tenant.name, run_id)
    signing = countersigning_of(parameters, outputs_root() / parameters.tenant.name / run_id if goes_on else None)
    desired, attested = _wanted(parameters, undo, signing, manner.clock.now())
    with ExitStack() as opened:
        showing = _telling(show_code, run_id)
        reached_by = manner.reach or opened.enter_context(closing(reach(parameters, showing, manner.clock)))
        _refuse_secrets(attested, signing.approvals if signing else (), reached_by.redactor)
        opened.enter_context(keeping_others_out(parameters, run_id, manner.clock, stored))
        directory = _directory(records, parameters.tenant.name, run_id, reached_by.redactor, goes_on=goes_on)
        journal = opened.enter_context(directory.journal(manner.clock, stored))
        opening = _opening(slug, run_id, parameters, page := reached_by.portal_page, stored)
        taken_up = _begun(journal, directory, opening, attested, undo, goes_on=goes_on)
        targets = _recorded(reached_by, directory, journal)
        _keep(None if goes_on or parameters.mode == "plan" else signing, attested, directory, journal, stored)
        asking = Asking(outputs_root(), run_id, taken_up.since, manner.approved_by, lambda: others(stored))
        approver = approver_of(parameters, asking, manner.clock, signing, reached_by.redactor)
        parts = Parts(targets, manner.clock, journal, approver, _means(), taken_up.earlier)
        version, said = f"{__version__}/{runbook.version}", _of_the_plan(parameters, undo, signing)
        run = Run(runbook, desired, parts, version=version, parameters=said, apply=parameters.mode == "apply")
        return Assembly(run, directory, journal, targets, opened.pop_all(), page)


def _asked(parameters: Parameters, slug: str) -> tuple[Parameters, Undo | None]:
    """Return the parameters as the run is to have them, and what it takes back, if it undoes another."""
    if parameters.mode == "apply" and not parameters.approved_plan:
        raise NotApproved("apply-without-approval")
    undo = undo_for(parameters, slug, outputs_root())
    return (as_undone(parameters, undo) if undo else parameters), undo


def _recorded(reached_by: Reach, directory: RunDirectory, journal: Journal) -> dict[str, Target]:
    """Return the targets, whose answers are kept; long waits for a turn at a service go to the journal, and to whoever listens."""
    announce = announcer(directory.path.name)

    def tell(api: str, seconds: float, is_told: bool) -> None:  # as `turns.Tell` says
        journal.record("waiting", service=api, seconds=round(seconds), told=is_told)
        announce({"event": "waiting", "service": api, "seconds": str(round(seconds))})

    if reached_by.turns:
        reached_by.turns.tell = tell
    return {name: Recording(target, directory) for name, target in reached_by.targets.items()}


def _directory(
    records: type[RunDirectory], tenant: str, run_id: str, redactor: Redactor, *, goes_on: bool
) -> RunDirectory:
    """Make the folder of a new run, or find that of one that goes on."""
    found = records.resume if goes_on else records.create
    return found(outputs_root(), tenant, run_id, redactor)


def _begun(
    journal: Journal,
    directory: RunDirectory,
    opening: dict[str, Json],
    attested: tuple[AttestedFile, ...],
    undo: Undo | None,
    *,
    goes_on: bool,
) -> TakenUp:
    """Write the first lines of this attempt, and keep the files of an attestation just as they were read and judged."""
    taken_up = TakenUp()
    if goes_on:
        taken_up, attested = take_up(directory, journal, opening["runbook"], attested)
    else:
        journal.record("opened", **opening)
        if undo:
            journal.record("undoing", **as_json(undo))
    for file in attested:
        directory.keep_attestation(file.name, file.content)
        journal.record("attestation-kept", file=file.name, original=file.original, sha256=file.sha256)
    return taken_up


def _keep(
    signing: Countersigning | None,
    attested: Sequence[AttestedFile],
    directory: RunDirectory,
    journal: Journal,
    stored: StoredRun | None,
) -> None:
    """Keep the approvals of a run that begins to apply something; one that goes on has them. What people signed is in no line of the
    journal, and must outlive this machine as the lines do.
    """
    if signing:
        signing.keep(directory, journal)
    if stored and (signing or attested):
        stored.keep_all(directory.path)


def _opening(slug: str, run_id: str, parameters: Parameters, page: str, stored: StoredRun | None) -> dict[str, Json]:
    """Return the first line of a journal: from it and those after it, all that a run shows can be drawn again."""
    said = parameters.model_dump(mode="json")
    where: dict[str, Json] = {"storage": stored.url} if stored else {}
    return {"runbook": slug, "version": __version__, "run": run_id, "page": page, "parameters": said, **where}


def _of_the_plan(parameters: Parameters, undo: Undo | None, signing: Countersigning | None) -> dict[str, Json]:
    """Return what the plan says of the parameters, and of whose signatures it needs. A rollback is approved for one journal as it
    ends today.
    """
    said = {**for_plan(parameters), **({"evidence": signing.of_the_plan} if signing else {})}
    return {**said, "rollback_of": {"run": undo.run, "journal": undo.journal}} if undo else said


def _wanted(
    parameters: Parameters, undo: Undo | None, signing: Countersigning | None, now: datetime
) -> tuple[Wanted, tuple[AttestedFile, ...]]:
    desired = replace(wanted(parameters), undo=undo)
    if not parameters.attestation:
        return desired, ()
    path = from_root(parameters.attestation)
    attestation, files = read_attested(path)
    signed = signing.attested(path, attestation, files[0].sha256, now) if signing else ()
    return replace(desired, attestation=attestation), (*files, *signed)


def _refuse_secrets(
    attested: tuple[AttestedFile, ...], approvals: tuple[AttestedFile, ...], redactor: Redactor
) -> None:
    """Refuse a person's word that holds a secret: it is kept byte for byte, as its hash may be known elsewhere, or not at all."""
    if places := places_in(_contents(attested), redactor):
        raise AttestationError("attestation-holds-secret", places=places)
    if places := places_in(_contents(approvals), redactor):
        raise NotApproved("approval-holds-secret", places=places)


def _contents(files: tuple[AttestedFile, ...]) -> Iterator[tuple[str, bytes]]:
    return ((file.original, file.content) for file in files)


def _means() -> dict[str, str]:
    return {action: _FINGERPRINT[target](action) for action, target in ACTIONS.items()}


def _telling(show_code: ShowCode, run_id: str) -> ShowCode:
    """Show a device code where the run is, and also to whoever started it."""
    announce = announcer(run_id)

    def show(user_code: str, page: str, expires_at: datetime, again: bool) -> None:
        until = expires_at.astimezone(UTC).isoformat(timespec="seconds")
        announce(
            {"event": "device-code", "code": user_code, "page": page, "until": until, "again": "yes" if again else ""}
        )
        show_code(user_code, page, expires_at, again)

    return show
