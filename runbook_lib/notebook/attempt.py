"""The runs that one open notebook makes of its runbook, one after another, over one set of connections. Touches no widget.

Looking is a run of mode plan. Applying ends it and opens a run of mode apply with the digest of that very plan, so that the engine
asks, refuses, records and verifies just as it does without a person.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from runbook_lib.errors import EvidenceError, RunbookError
from runbook_lib.model import Change, Finding, Json, Level, Status, StepResult
from runbook_lib.notebook.attaching import Attachment, close_record
from runbook_lib.notebook.attested_card import Attested, attested_in
from runbook_lib.notebook.card import SENT
from runbook_lib.notebook.guided_form import Asked, steps_by_hand
from runbook_lib.notebook.kept import keep_notebook
from runbook_lib.notebook.outgoing import keep_clean
from runbook_lib.notebook.stop import unforeseen
from runbook_lib.parameters import Parameters, can_be_attested, check_parameters
from runbook_lib.ports import Clock, Runbook
from runbook_lib.runbooks.ladder import Reached
from runbook_lib.wiring import (
    Assembly,
    Manner,
    Reach,
    Stopped,
    approvals_of_plan,
    assemble,
    outputs_root,
    unfinished_run,
)

# How the journal calls an approval that was typed and clicked under the plan it is for.
PANEL = "panel"

_READY = (Status.PLANNED, Status.NEEDS_OPERATOR)


class Attempts:
    """The runs of one notebook. One thread at a time calls what looks and applies.

    Attributes:
        results: The last word on each step, by step id, whichever run said it.
        digest: The plan that can be approved as it was last looked at; empty: none.
        attested: A person's word that the newest run was given.
        unfinished: The run that sent something and did not come to its end, if the newest did not.
        at: The step that is being carried out; empty: none.
        run_id, folder, name: The newest run: its id, where it is kept, how people call it; empty before there is one.
        is_applying: Whether a run of mode apply is going on.
        attachment: What became of the record of the last run that applied something, where it was to be attached.
    """

    def __init__(
        self, runbook: Runbook, parameters: Parameters, reach: Reach, clock: Clock, changed: Callable[[], None]
    ) -> None:
        """Keep the parts; nothing is read yet. `changed` is called after every step, also in the middle of a run."""
        self.parameters = parameters
        self.reach = reach
        self.results: dict[str, StepResult] = {}
        self.digest = ""
        self.attested: Attested | None = None
        self.unfinished: Stopped | None = None
        self.at = ""
        self.is_applying = False
        self.run_id, self.folder, self.name = "", Path(), ""
        self.verdict = ""
        self.ladder: Reached | None = None
        self.attachment: Attachment | None = None
        self._runbook = runbook
        self._clock = clock
        self._changed = changed
        self._run: Assembly | None = None
        self._find_unfinished()
        # Also when the kernel ends in the middle of a change: without its journal the run cannot send anything more.
        atexit.register(self.close)

    def look(self, step_id: str) -> None:
        """Look at one step, in the plan that is being made; begin one if none is.

        A plan that begins in the middle looks at what was seen before it too: it knows nothing of what earlier runs saw, and would
        take those steps for undone.
        """
        run = self._run or self._begin(self.parameters)
        for step in self._runbook.steps[: self._number(step_id)]:
            if step.id in self.results and step.id not in run.run.results:
                self._carry_out(run, step.id)
        self._carry_out(run, step_id)
        self._arm(run, [step_id])

    def look_at_all(self, step_ids: list[str]) -> None:
        """Look anew at these steps, in the runbook's order; what was seen before counts no longer."""
        run = self._run or self._begin(self.parameters)
        run.run.look_anew()
        self.digest = ""
        for step in self._runbook.steps:
            if step.id in step_ids:
                self._carry_out(run, step.id)
        self._arm(run, step_ids)

    def apply(self, digest: str, attestation: str = "") -> None:
        """Carry out a run that applies the plan of this digest. `attestation`: the file with a person's word for it."""
        self.end_plan()
        given: dict[str, Json] = {"mode": "apply", "approved_plan": digest, "attestation": attestation, "run_id": ""}
        if self.parameters.evidence.roster:
            given["approvals"] = self._approvals(digest)
        self._apply(self.parameters.model_copy(update=given))

    def go_on(self, run: Stopped) -> None:
        """Carry out another attempt at a run that stopped: it looks first, and sends only what is left of its plan."""
        self.end_plan()
        name = f"{run.folder.parent.name}/{run.folder.name}"
        parameters = check_parameters({**run.parameters, "run_id": run.folder.name}, source=name)
        self._apply(parameters, goes_on=True)

    def end_plan(self) -> None:
        """Finish the plan that is being made, if one is: its record is complete then."""
        if self._run is not None:
            self._finish(self._run)

    def note_error(self, error: BaseException) -> None:
        """Write an error that ends nothing to the journal of the run that is going on."""
        if self._run is not None:
            self._run.note_error(error)

    def blame(self, step_id: str, problem: RunbookError, *, broke_off: bool = False) -> None:
        """Say of a step what kept it from going on. What was sent keeps its state; the rest is blocked.

        `broke_off`: a look at it did, on the thread that asks now. Then the plan that is being made says so, too: what was seen
        there before counts no longer.
        """
        known = self.results.get(step_id) or StepResult(step_id, Status.TO_DO)
        status = known.status if known.status in SENT else Status.BLOCKED
        told = Finding(Level.BLOCKER, problem.message)
        findings = known.findings if told in known.findings else (told, *known.findings)
        result = replace(known, status=status, findings=findings)
        if broke_off and self._run is not None:
            with suppress(EvidenceError):  # why it broke off must not be hidden by that
                result = self._run.run.broke_off(result)
        self.results[step_id] = result

    def disarm(self, error: Exception) -> RunbookError:
        """Record an error that ended no run. Return what to tell the operator."""
        self.digest = ""
        self.note_error(error)
        return self._told(error)

    def failed(self, error: BaseException) -> RunbookError | None:
        """Record how a run broke off, and give back what it holds. Return what to tell the operator; None: it was stopped."""
        run, was_applying, self.is_applying, self.digest = self._run, self.is_applying, False, ""
        if run is not None:
            self._take(run)
            run.note_end(error)
            with suppress(Exception):  # what cannot be given back must not hide what went wrong
                self._let_go(run, is_over=was_applying or isinstance(error, EvidenceError))
            _keep(run.folder)
        elif not isinstance(error, RunbookError | KeyboardInterrupt):
            with suppress(Exception):  # what happened with no run open is kept by the plan that begins next
                self._begin(self.parameters).note_end(error)
        self._find_unfinished()
        if isinstance(error, KeyboardInterrupt):
            return None
        return self._told(error)

    def close(self) -> None:
        """Give back everything that is open."""
        atexit.unregister(self.close)
        try:
            if self._run is not None:
                self._let_go(self._run, is_over=True)
        finally:
            self.reach.close()

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return the changes of the plan that can be approved, in order."""
        steps = self._runbook.applying
        return tuple(change for step in steps if step.id in self.results for change in self.results[step.id].changes)

    @property
    def asked(self) -> Asked | None:
        """Return what a person has to put their name to for the plan that can be approved; None when it needs nobody's word."""
        if not (self.digest and self.is_by_hand):
            return None
        results = [self.results[step.id] for step in self._runbook.steps if step.id in self.results]
        tenant = self.parameters.tenant
        applying = self._runbook.applying[0].id
        return Asked(applying, steps_by_hand(results), self.digest, tenant.id, tenant.name, self.changes, self.folder)

    @property
    def is_by_hand(self) -> bool:
        """Tell whether a person has to do or see something for the plan, so that it needs their word."""
        return any(result.status is Status.NEEDS_OPERATOR for result in self.results.values())

    @property
    def is_looked_at_by_hand(self) -> bool:
        """Tell whether a step waits for a person who can only look: nobody puts their name to it."""
        waiting = [result.step for result in self.results.values() if result.status is Status.NEEDS_OPERATOR]
        return not all(map(can_be_attested, waiting))

    def _approvals(self, digest: str) -> tuple[str, ...]:
        """Return the approvals that people signed for the plan: beside it, whichever run made it, or where the parameters say."""
        return (*approvals_of_plan(outputs_root(), self.parameters.tenant.name, digest), *self.parameters.approvals)

    def _begin(self, parameters: Parameters, *, goes_on: bool = False) -> Assembly:
        manner = Manner(self.reach, self._clock, PANEL if parameters.mode == "apply" else "", goes_on)
        self._run = assemble(self._runbook.slug, parameters, show_code=_nobody, manner=manner)
        keep_clean(self._run.redactor, self._run.ledger)
        self.run_id, self.folder, self.name = self._run.run_id, self._run.folder, self._run.name
        self.attested = attested_in(self.folder)
        return self._run

    def _apply(self, parameters: Parameters, *, goes_on: bool = False) -> None:
        self.digest = ""
        self.is_applying, self.attachment = True, None
        run = self._begin(parameters, goes_on=goes_on)
        for step in self._runbook.steps:
            self._carry_out(run, step.id)
        self._finish(run)
        self.is_applying = False
        self._find_unfinished()
        if parameters.closes_record:
            self.attachment = close_record(run.folder, parameters, self.reach.redactor, self._clock)

    def _carry_out(self, run: Assembly, step_id: str) -> None:
        self._clock.sleep(0)  # who asked to stop while nothing waited
        self.at = step_id
        self._changed()
        result = run.run.step(step_id)
        run.after_step(result)
        self._take(run)
        self._changed()

    def _number(self, step_id: str) -> int:
        return [step.id for step in self._runbook.steps].index(step_id)

    def _finish(self, run: Assembly) -> None:
        try:
            run.finish()
        finally:
            self._take(run)
            self._let_go(run, is_over=True)
            _keep(run.folder)

    def _take(self, run: Assembly) -> None:
        self.at = ""
        self.results |= run.run.results
        self.verdict, self.ladder = run.verdict, run.ladder

    def _let_go(self, run: Assembly, *, is_over: bool) -> None:
        if is_over:
            self._run = None
            run.close()
        else:
            run.hang_up()

    def _arm(self, run: Assembly, looked_at: Sequence[str]) -> None:
        """A plan can be approved once its applying step was looked at and found nothing in the way.

        It cannot any more when another look makes it another plan, or begins one: what the applying step shows is the older one.
        """
        digest = run.run.plan.digest
        applying = {step.id: run.run.results.get(step.id) for step in self._runbook.applying}
        if applying.keys() & looked_at:
            self.digest = digest if any(known and self._is_ready(known) for known in applying.values()) else ""
        elif self.digest != digest:
            self.digest = ""

    def _is_ready(self, applying: StepResult) -> bool:
        """Tell whether there is something to apply, or where nothing is left to change, something to put a name to."""
        if applying.changes:
            return applying.status in _READY
        in_order = applying.status in (*_READY, Status.COMPLIANT)
        return in_order and self.is_by_hand and not self.is_looked_at_by_hand

    def _find_unfinished(self) -> None:
        found = unfinished_run(outputs_root(), self.parameters.tenant.name, self._runbook.slug)
        self.unfinished = found if found and self._is_reached(found) else None

    def _is_reached(self, run: Stopped) -> bool:
        """Tell whether a run was opened for what this notebook is connected to: a tenant's name is no proof of that."""
        ours, its = self.parameters.model_dump(mode="json"), run.parameters
        there = [(known.get("sync_server") or {}).get("endpoint") for known in (ours, its)]
        return ours["profile"] == its.get("profile") and ours["tenant"] == its.get("tenant") and there[0] == there[1]

    def _told(self, error: BaseException) -> RunbookError:
        return error if isinstance(error, RunbookError) else unforeseen(error, self.name)


def _keep(folder: Path) -> None:
    """Keep the cards beside the journal. They are only a view of it: that they cannot be written stops nothing."""
    with suppress(Exception):
        keep_notebook(folder)


def _nobody(*_code: object) -> None:
    """The connections are shared, and know themselves whom to show a code."""
