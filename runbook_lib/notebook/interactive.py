"""An open runbook in the hands of a person: cells look and plan, panels apply. Run All applies nothing.

Clicks may come in any thread; they only hand work to the one thread that does it. What cells and panels show is drawn from the
results of the runs; the journal of each run is the truth.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.errors import RunbookError, RunUnfinished, UnknownRunbook, UsageProblem
from runbook_lib.notebook.attempt import Attempts
from runbook_lib.notebook.beginning import Beginning
from runbook_lib.notebook.checked_word import refuse_known_secrets
from runbook_lib.notebook.controls import Situation
from runbook_lib.notebook.drawing import Drawing
from runbook_lib.notebook.opening_panel import OpeningPanel
from runbook_lib.notebook.panel import Clicks
from runbook_lib.notebook.person import Person
from runbook_lib.notebook.stop import stopped
from runbook_lib.notebook.views import Views
from runbook_lib.notebook.work import StoppableClock, Work
from runbook_lib.parameters import Parameters, read_attestation
from runbook_lib.ports import Runbook
from runbook_lib.runbooks import require_step
from runbook_lib.texts import Language
from runbook_lib.wiring import reach

if TYPE_CHECKING:
    from pandas import DataFrame

# How often a waiting cell looks whether a person is waited for, in seconds.
POLL_SECONDS = 0.05

# How long the last cell waits for work that is about to end, in seconds.
ENDING_SECONDS = 2.0

# How long closing may take until nobody waits for it any more, in seconds: a server that hangs must not hang the notebook.
CLOSING_SECONDS = 5.0

# A notebook makes runs of its own. What its parameters say of one run alone belongs to a run without a person at it.
_NO_RUN_OF_BEFORE = {"mode": "plan", "run_id": "", "approved_plan": "", "attestation": ""}


class InteractiveSession:
    """One runbook open in one notebook. Its methods are what cells call; `views` is all that they show."""

    def __init__(self, runbook: Runbook, language: Language) -> None:
        """Show nothing yet."""
        self.runbook = runbook
        self.views = Views(runbook, language)
        self.work = Work(self._tick, self._draw)
        self._clock = StoppableClock(self.work.stopping)
        self._attempts: Attempts | None = None
        self._opened_with: Parameters | None = None
        self._began = Beginning()
        self._problem: RunbookError | None = None
        self._elapsed = 0.0
        self._drawing = Drawing(self.views, lambda: self._attempts, self._situation, self._attested)
        self._opening = threading.RLock()
        self._person = Person(self.views, self._applying_step())

    @property
    def is_applying(self) -> bool:
        """Tell whether a change is being carried out, which nothing may get in the way of."""
        return self.work.is_applying

    def open_with(self, parameters: Parameters) -> None:
        """Open the runs of a tenant, and look at what is shown already. Raises `UsageProblem`; then what was open is closed."""
        with self._opening:
            self.close()
            self._opened_with = parameters
            parameters = parameters.model_copy(update={"language": self.views.setting.language, **_NO_RUN_OF_BEFORE})
            reached = reach(parameters, self._show_code, self._clock)
            attempts = Attempts(self.runbook, parameters, reached, self._clock, self._step_changed)
            with self._drawing.turn:
                self._attempts, self._problem = attempts, None
                self.views.set_tenant(parameters, reached.portal_page)
                self._draw()
            if self.views.steps:
                self.work.submit_look(self._anew(attempts))
                self._draw()

    def close(self) -> None:
        """Give back everything that is open. Raises `UsageProblem` while a change is being carried out.

        What is being looked at is asked to stop, and given back by the thread that looks: what is closed under its hands would
        be opened again by the next reading, and stay open.
        """
        with self._opening:
            if self.is_applying:
                raise UsageProblem("panel-applying")
            attempts, self._attempts = self._attempts, None
            if attempts is not None:
                self.work.stop()
                self.work.submit(attempts.close).ended.wait(CLOSING_SECONDS)
            self._draw()

    def begin(self, begin: Beginning) -> None:
        """Show the panel to choose a tenant in, banner and overview; open what there is to begin with."""
        self._began = begin
        chosen = begin.opens or begin.entries or None
        self.views.show_top(
            OpeningPanel(
                self.runbook.slug,
                self.views.setting.language,
                chosen,
                begin.problems,
                self.open_with,
                on_error=self._drawing.note,
            )
        )
        if begin.opens is not None:
            self.open_with(begin.opens)

    def goes_on_with(self, slug: str, begin: Beginning) -> bool:
        """Tell whether a notebook that begins so is the one that is open: then nobody has to choose and to sign in again."""
        if self._attempts is None or self.runbook.slug != slug:
            return False
        if begin.own is None:
            return begin.opens is not None and begin.opens == self._opened_with
        return begin.own == self._began.own

    def show_again(self) -> None:
        """Show the top once more, for a cell that is run again. What is going on goes on; a plan that is being made is ended."""
        with self._drawing.turn:
            self.views.show_top()
        if (attempts := self._attempts) is not None:
            self._look(attempts, "", attempts.end_plan)

    def step(self, step_id: str) -> None:
        """Show a step and look at it. Nothing is ever changed by a cell."""
        self._require_step(step_id)
        attempts = self._require_open()
        with self._drawing.turn:
            self.views.show_step(step_id, self._clicks(step_id))
        self._draw()
        self._look(attempts, step_id, lambda: attempts.look(step_id))

    def finish(self) -> None:
        """Complete the record of the plan and show all steps; stop unless every step has come to its end."""
        attempts = self._require_open()
        self._look(attempts, "", attempts.end_plan)
        self._let_end()
        with self._drawing.turn:
            self.views.show_end()
        if self._person.is_awaited or self.work.is_busy:
            self._stop(UsageProblem("panel-going-on"))
        if open_steps := self.views.open_steps:
            self._stop(RunUnfinished("panel-unfinished", exit_code=1, steps=open_steps))

    def _let_end(self) -> None:
        """Give what is almost over a moment: the last card is drawn before the record is complete, and a person may have signed in."""
        until = time.monotonic() + ENDING_SECONDS
        while self.work.is_busy and time.monotonic() < until:
            time.sleep(POLL_SECONDS)

    def facts(self) -> DataFrame:
        """Return what was seen so far as a table; nothing is read for it."""
        from runbook_lib.notebook.tables import facts_table  # noqa: PLC0415  # pandas is slow to import, and few runs want it

        return facts_table(self._require_open().results.values())

    def apply(self, digest: str, attestation: Path | None = None) -> bool:
        """Apply the plan of this digest, away from the thread that asks. Return False, and do nothing, while something else is going
        on or when the plan is another one by now.
        """
        attempts, step_id = self._require_open(), self._applying_step()
        file = str(attestation) if attestation else ""
        if not digest or digest != attempts.digest:
            return False
        return self._carry_out(attempts, step_id, lambda: attempts.apply(digest, file))

    def _resume(self, run: str) -> bool:
        attempts = self._require_open()
        known = attempts.unfinished
        if known is None or known.folder.name != run:
            return False
        return self._carry_out(attempts, self._applying_step(), lambda: attempts.go_on(known))

    def _carry_out(self, attempts: Attempts, step_id: str, carry_out: Callable[[], None]) -> bool:
        is_begun = bool(self.work.submit_alone(self._guarded(attempts, step_id, carry_out), is_applying=True))
        if is_begun:
            self._draw()
        return is_begun

    def _recheck(self) -> None:
        if self.work.submit_alone(self._anew(self._require_open())):
            self._draw()

    def _anew(self, attempts: Attempts) -> Callable[[], None]:
        shown = list(self.views.steps)
        return self._guarded(attempts, shown[0] if shown else "", lambda: attempts.look_at_all(shown))

    def _clicks(self, step_id: str) -> Clicks:
        def guarded(click: Callable[..., object]) -> Callable[..., object]:
            return lambda *confirmed: self._clicked(step_id, click, *confirmed)

        return Clicks(guarded(self._recheck), guarded(self.apply), guarded(self._resume), guarded(self._stop_work))

    def _clicked(self, step_id: str, click: Callable[..., object], *confirmed: str) -> object:
        """An error in a click would be seen by nobody: it goes to the card and to the journal. What is going on goes on."""
        attempts = self._attempts
        try:
            return click(*confirmed)
        except KeyboardInterrupt:
            self._stop_work()
        except Exception as error:  # noqa: BLE001
            if attempts is not None:
                self._tell(attempts, step_id, attempts.disarm(error))
            self._draw()
        return None

    def _stop_work(self) -> None:
        self.work.stop()
        self._draw()

    def _guarded(self, attempts: Attempts, step_id: str, carry_out: Callable[[], None]) -> Callable[[], None]:
        """Return what carries it out. An error goes to the card and to the journal, and as a sentence to whoever waits."""

        def guarded() -> None:
            if attempts is not self._attempts:
                return  # closed between the click and this: nothing of it may begin any more
            self._problem, self._elapsed = None, 0.0
            try:
                carry_out()
            except BaseException as error:  # the operator gets a sentence, the journal the rest
                at = attempts.at or step_id
                problem = attempts.failed(error) or RunUnfinished("panel-stopped", exit_code=1)
                self._tell(attempts, at, problem, broke_off=True)
                raise problem from error
            finally:
                self._person.forget()

        return guarded

    def _tell(self, attempts: Attempts, step_id: str, problem: RunbookError, *, broke_off: bool = False) -> None:
        """Say at a step what is in the way; not where another tenant was opened meanwhile."""
        if step_id:
            attempts.blame(step_id, problem, broke_off=broke_off)
        if attempts is self._attempts:
            self._problem = problem
            self._draw()

    def _look(self, attempts: Attempts, step_id: str, carry_out: Callable[[], None]) -> None:
        """Have something looked at, and wait for it, but not for a person; raise what it ended with.

        Nothing is looked at while a change is carried out.
        """
        task = self.work.submit_look(self._guarded(attempts, step_id, carry_out))
        try:
            while task is not None and not task.ended.wait(POLL_SECONDS):
                if self._person.is_awaited:
                    return
        except KeyboardInterrupt:
            self.work.stop()
            raise
        if task is not None and task.error is not None:
            known = task.error if isinstance(task.error, RunbookError) else RunUnfinished("panel-stopped", exit_code=1)
            self._stop(known)

    def _stop(self, error: RunbookError) -> None:
        raise stopped(error, self.views.setting.language)

    def _require_open(self) -> Attempts:
        if self._attempts is None:
            raise stopped(UsageProblem("panel-nothing-open"), self.views.setting.language)
        return self._attempts

    def _require_step(self, step_id: str) -> None:
        try:
            require_step(self.runbook, step_id)
        except UnknownRunbook as error:
            self._stop(error)

    def _applying_step(self) -> str:
        return next((step.id for step in self.runbook.applying), "")

    def _show_code(self, user_code: str, page: str, expires_at: datetime, again: bool) -> None:  # as `ShowCode`
        """Called by the thread that does the work, which then waits for the person."""
        self._person.ask(self._attempts.at if self._attempts else "", user_code, page, expires_at, again=again)
        self._draw()

    def _step_changed(self) -> None:
        """What needed the person is over once its step is."""
        self._person.forget()
        self._draw()

    def _tick(self, elapsed: float) -> None:
        self._elapsed = elapsed
        self._drawing.panels()

    def _draw(self) -> None:
        self._drawing.all()

    def _attested(self, file: Path) -> None:
        """Carry out the plan with a person's word for it. An error of this reaches the form, which shows it."""
        refuse_known_secrets(file, self._require_open().reach.redactor)
        if not self.apply(read_attestation(file).plan, file):
            raise UsageProblem("attestation-not-taken")

    def _situation(self, attempts: Attempts) -> Situation:
        return Situation(
            at=attempts.at,
            is_busy=self.work.is_busy,
            is_applying=self.is_applying,
            is_stopping=self.work.stopping.is_set(),
            is_waiting=self._clock.is_waiting,
            awaits_person=self._person.is_awaited,
            elapsed=self._elapsed,
            problem=self._problem,
        )
