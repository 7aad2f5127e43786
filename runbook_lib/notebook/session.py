"""What a notebook holds: opened once, one call a step, finished once. It shows cards; the journal is the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from runbook_lib.errors import EvidenceError, RunbookError, RunUnfinished
from runbook_lib.model import StepResult
from runbook_lib.notebook.attaching import Attachment, attachment_bundle
from runbook_lib.notebook.card import Setting, bundle
from runbook_lib.notebook.display import Place
from runbook_lib.notebook.history import changed_earlier
from runbook_lib.notebook.overview import Heading, banner_bundle, open_steps, overview_bundle
from runbook_lib.notebook.sign_in_card import SignInCard
from runbook_lib.notebook.stop import stopped, unforeseen
from runbook_lib.runbooks import require_step
from runbook_lib.wiring import Assembly, outputs_root

if TYPE_CHECKING:
    from pandas import DataFrame

R = TypeVar("R")

# Exit codes that stop a notebook. A plan with changes, or one that waits for a person, is a good plan.
_STOPS_A_PLAN = frozenset({1, 4})


class Session:
    """An open run of a runbook."""

    def __init__(
        self,
        assembly: Assembly,
        sign_in: SignInCard,
        setting: Setting,
        heading: Heading,
        attach: Callable[[], Attachment] | None = None,
    ) -> None:
        """Show the banner; nothing is read yet. `attach` brings the record to where it belongs, once the run has ended."""
        self._assembly = assembly
        self._sign_in = sign_in
        self._setting = setting
        self._heading = heading
        self._attach = attach
        self._handles: dict[str, Place] = {}
        self._shown: dict[str, StepResult] = {}
        self._earlier = changed_earlier(outputs_root(), heading.tenant, heading.runbook, heading.run_id)
        Place(banner_bundle(heading, setting))

    def step(self, step_id: str) -> None:
        """Carry out one step and show its card."""
        self._guarded(lambda: self._step(step_id))

    def finish(self) -> None:
        """Write plan and result, close what is open, show all steps; stop if the run is not what its mode promises."""
        self._guarded(self._finish)

    def facts(self) -> DataFrame:
        """Return what was seen so far as a table; nothing is read for it."""
        from runbook_lib.notebook.tables import facts_table  # noqa: PLC0415  # pandas is slow to import, and few runs want it

        return facts_table(self._assembly.run.results.values())

    def _step(self, step_id: str) -> None:
        self._assembly.require_open()
        require_step(self._assembly.run.runbook, step_id)
        try:
            result = self._assembly.run.step(step_id)
        finally:
            self._sign_in.clear()
        self._handles[step_id] = Place(self._bundle(result))
        self._shown[step_id] = result
        self._refresh()
        self._assembly.after_step(result)

    def _refresh(self) -> None:
        """Draw again the cards of earlier steps that this one settled."""
        for step_id, result in self._assembly.run.results.items():
            if step_id in self._handles and self._shown[step_id] is not result:
                self._handles[step_id].replace(self._bundle(result))
                self._shown[step_id] = result

    def _bundle(self, result: StepResult) -> dict[str, object]:
        return bundle(result, self._setting, self._earlier.get(result.step))

    def _finish(self) -> None:
        self._assembly.require_open()
        results = self._assembly.finish()
        heading = replace(
            self._heading, plan_digest=self._approvable(), verdict=self._assembly.verdict, ladder=self._assembly.ladder
        )
        Place(overview_bundle(heading, results, self._setting))
        if self._attach:
            Place(attachment_bundle(self._attach(), self._setting.language))
        if error := self._unfinished(results):
            raise error

    def _approvable(self) -> str:
        """Return the digest of a plan that can be approved as it is, or nothing."""
        is_open = self._heading.mode == "plan" and self._assembly.run.exit_code not in _STOPS_A_PLAN
        return self._assembly.plan_digest if is_open else ""

    def _unfinished(self, results: list[StepResult]) -> RunbookError | None:
        run = self._assembly.run
        if run.error is not None:
            return run.error
        if run.exit_code == 0 or (self._heading.mode == "plan" and run.exit_code not in _STOPS_A_PLAN):
            return None
        left = open_steps(results, self._setting.language)
        return RunUnfinished("run-unfinished", exit_code=run.exit_code, steps=left, folder=self._heading.folder)

    def _guarded(self, work: Callable[[], R]) -> R:
        """Turn every error into one line for the operator; the journal keeps the rest."""
        try:
            return work()
        except RunbookError as error:
            self._assembly.note_end(error)
            if isinstance(error, EvidenceError):
                self._assembly.close()  # without a record nothing may be done any more
            raise stopped(error, self._setting.language) from None
        except KeyboardInterrupt as error:
            self._assembly.note_end(error)
            self._assembly.hang_up()
            raise
        except Exception as error:  # noqa: BLE001  # the operator gets one line, the journal the traceback
            self._assembly.note_end(error)
            self._assembly.hang_up()
            raise stopped(unforeseen(error, self._heading.folder), self._setting.language) from None
