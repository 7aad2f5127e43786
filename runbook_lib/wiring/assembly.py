"""Puts a run together: parameters to targets, folder, journal, approver and engine; and takes it apart again."""

from __future__ import annotations

import atexit
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import replace

from runbook_lib import __version__
from runbook_lib.adapters import pilot_reset, portal, scripts
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.engine import Parts, Run
from runbook_lib.errors import EvidenceError, NotApproved, UnknownRunbook, UsageProblem
from runbook_lib.evidence import Journal, Redactor, RunDirectory, alone, new_run_id
from runbook_lib.facts import ACTIONS
from runbook_lib.model import Json, Status, StepResult, Undo, Wanted, as_json
from runbook_lib.parameters import AttestedFile, Parameters, for_plan, read_attested, wanted
from runbook_lib.ports import Target
from runbook_lib.runbooks import find
from runbook_lib.runbooks.ladder import Reached, reached
from runbook_lib.runbooks.readiness import readiness
from runbook_lib.texts.advice import advice_of
from runbook_lib.wiring.announcing import announcer
from runbook_lib.wiring.approving import approver_of
from runbook_lib.wiring.connecting import Connecting, ShowCode, trust_of
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import from_root, is_resumed, lab_folder, outputs_root
from runbook_lib.wiring.recording import Recording
from runbook_lib.wiring.resuming import TakenUp, take_up
from runbook_lib.wiring.undoing import as_undone, undo_for

# What is sent for each action, as its SHA-256: it is approved with the plan.
_FINGERPRINT = {"sync-server": scripts.fingerprint, "tenant": pilot_reset.fingerprint, "portal": portal.fingerprint}


class Assembly:
    """An open run with all its parts."""

    def __init__(
        self,
        run: Run,
        directory: RunDirectory,
        journal: Journal,
        targets: dict[str, Target],
        opened: ExitStack | None = None,
    ) -> None:
        """Hold the parts; `assemble` makes them. What else is open, such as the tenant's lock, is closed with `opened`."""
        self.run = run
        self.run_id = directory.path.name
        self.portal_page = ""
        self.plan_digest = ""
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

    def require_step(self, step_id: str) -> None:
        """Raise `UnknownRunbook` when the runbook has no such step."""
        known = tuple(step.id for step in self.run.runbook.steps)
        if step_id not in known:
            raise UnknownRunbook("unknown-step", runbook=self.run.runbook.slug, step=step_id, known=known)

    def after_step(self, result: StepResult) -> None:
        """Write the plan once it is complete, and pass on the news."""
        if self.run.runbook.step(result.step).kind == "apply":
            self._write_plan()
        self._announce({"event": "step", "step": result.step, "status": result.status})

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
        self.plan_digest = plan.digest if plan.changes else ""
        self._directory.write_json("before.json", as_json(plan.before))
        self._directory.write_json("plan.json", {"digest": plan.digest, "plan": as_json(plan)})

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
    slug: str, parameters: Parameters, *, show_code: ShowCode, records: type[RunDirectory] = RunDirectory
) -> Assembly:
    """Open a run, or another attempt at one: its folder and journal, its connections prepared. Nothing is sent.

    `show_code` gets the code and page of a device sign-in, and whether an earlier one no longer counts; `records` keeps the run.

    Raises:
        UsageProblem: something in the parameters cannot be carried out, or no lab answers.
        NotApproved: mode apply without an approved plan.
        EvidenceError: the run's folder cannot be made, or is not one to go on with.
    """
    runbook = find(slug)
    if parameters.mode == "apply" and not parameters.approved_plan:
        raise NotApproved("apply-without-approval")
    trust = trust_of(parameters, find_lab(lab_folder()) if parameters.profile == "lab" else None)
    if undo := undo_for(parameters, slug, outputs_root()):
        parameters = as_undone(parameters, undo)
    desired, attested = _wanted(parameters, undo)
    clock, redactor = SystemClock(), Redactor()
    run_id = parameters.run_id or new_run_id(slug, clock.now())
    with ExitStack() as opened:
        targets = Connecting(parameters, trust, redactor, _telling(show_code, run_id), opened).targets()
        opened.enter_context(_alone(parameters))
        directory = _directory(records, parameters.tenant.name, run_id, redactor)
        journal = opened.enter_context(directory.journal(clock))
        taken_up = _begun(journal, directory, slug, parameters, attested, undo)
        recorded: dict[str, Target] = {name: Recording(target, directory) for name, target in targets.items()}
        approver = approver_of(parameters, outputs_root(), run_id, taken_up.since)
        run = Run(
            runbook,
            desired,
            Parts(recorded, clock, journal, approver, _means(), taken_up.earlier),
            version=f"{__version__}/{runbook.version}",
            parameters=_of_the_plan(parameters, undo),
            apply=parameters.mode == "apply",
        )
        assembly = Assembly(run, directory, journal, recorded, opened.pop_all())
    assembly.portal_page = trust.cloud.page or trust.cloud.portal
    return assembly


def _alone(parameters: Parameters) -> AbstractContextManager[None]:
    """Keep out every other run that applies something to the tenant; who only plans, keeps nobody out."""
    return alone(outputs_root(), parameters.tenant.name) if parameters.mode == "apply" else nullcontext()


def _directory(records: type[RunDirectory], tenant: str, run_id: str, redactor: Redactor) -> RunDirectory:
    """Make the folder of a new run, or find that of one that goes on."""
    found = records.resume if is_resumed(run_id) else records.create
    return found(outputs_root(), tenant, run_id, redactor)


def _begun(
    journal: Journal,
    directory: RunDirectory,
    slug: str,
    parameters: Parameters,
    attested: tuple[AttestedFile, ...],
    undo: Undo | None,
) -> TakenUp:
    """Write the first lines of this attempt, and keep the files of an attestation just as they were read and judged."""
    taken_up = TakenUp()
    if is_resumed(directory.path.name):
        taken_up, attested = take_up(directory, journal, slug, attested)
    else:
        run = {"run": directory.path.name, "parameters": parameters.model_dump(mode="json")}
        journal.record("opened", runbook=slug, version=__version__, **run)
        if undo:
            journal.record("undoing", **as_json(undo))
    for file in attested:
        directory.keep_attestation(file.name, file.content)
        journal.record("attestation-kept", file=file.name, original=file.original, sha256=file.sha256)
    return taken_up


def _of_the_plan(parameters: Parameters, undo: Undo | None) -> dict[str, Json]:
    """Return what the plan says of the parameters. A rollback is approved for one journal as it ends today."""
    said = for_plan(parameters)
    return {**said, "rollback_of": {"run": undo.run, "journal": undo.journal}} if undo else said


def _wanted(parameters: Parameters, undo: Undo | None) -> tuple[Wanted, tuple[AttestedFile, ...]]:
    desired = replace(wanted(parameters), undo=undo)
    if not parameters.attestation:
        return desired, ()
    attestation, files = read_attested(from_root(parameters.attestation))
    return replace(desired, attestation=attestation), files


def _means() -> dict[str, str]:
    return {action: _FINGERPRINT[target](action) for action, target in ACTIONS.items()}


def _telling(show_code: ShowCode, run_id: str) -> ShowCode:
    """Show a device code where the run is, and also to whoever started it."""
    announce = announcer(run_id)

    def show(user_code: str, page: str, again: bool) -> None:
        announce({"event": "device-code", "code": user_code, "page": page, "again": "yes" if again else ""})
        show_code(user_code, page, again)

    return show
