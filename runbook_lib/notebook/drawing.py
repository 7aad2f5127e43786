"""Draws what an interactive notebook shows whenever its runs have something new to say, one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from runbook_lib.notebook.attempt import Attempts
from runbook_lib.notebook.controls import Situation, controls_of
from runbook_lib.notebook.panel import Controls
from runbook_lib.notebook.views import StepView, Views
from runbook_lib.texts.panel import PANEL


class Drawing:
    """Draws cards, overview, panels and forms from what `attempts` and `situation` tell.

    `turn` is held while something is drawn; whoever changes what is drawn from holds it, too.
    """

    def __init__(
        self,
        views: Views,
        attempts: Callable[[], Attempts | None],
        situation: Callable[[Attempts], Situation],
        attested: Callable[[Path], None],
    ) -> None:
        """Draw nothing yet. `attested` takes the file with a person's word; its errors are shown in the form."""
        self.turn = threading.RLock()
        self._views = views
        self._attempts = attempts
        self._situation = situation
        self._attested = attested

    def all(self) -> None:
        """Draw what changed."""
        with self._in_turn():
            if (attempts := self._attempts()) is not None:
                self._views.setting = replace(self._views.setting, attested=attempts.attested)
                self._views.draw(
                    attempts.results,
                    run_id=attempts.run_id,
                    folder=attempts.name,
                    verdict=attempts.verdict,
                    ladder=attempts.ladder,
                    plan_digest=attempts.digest,
                )
                self._views.tell(attempts.attachment)
            self._draw_panels()

    def panels(self) -> None:
        """Draw the panels alone, as for another second that something takes."""
        with self._in_turn():
            self._draw_panels()

    def note(self, error: Exception) -> None:
        """Keep an error that has been shown, or that kept something from being drawn, in the journal."""
        if (attempts := self._attempts()) is not None:
            attempts.note_error(error)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let one thread draw at a time. What cannot be drawn must not end the work, nor go unnoticed: the journal has it."""
        with self.turn:
            try:
                yield
            except Exception as error:  # noqa: BLE001
                self.note(error)

    def _draw_panels(self) -> None:
        attempts = self._attempts()
        for step_id, view in self._views.steps.items():
            view.panel.show(self._controls(step_id, attempts))
            if self._views.is_applying_step(step_id):
                self._draw_form(view, attempts)

    def _draw_form(self, view: StepView, attempts: Attempts | None) -> None:
        is_busy = attempts is not None and self._situation(attempts).is_busy
        asked = attempts.asked if attempts else None
        view.guide(asked, self._views.setting, self._attested, self.note, is_busy=is_busy)

    def _controls(self, step_id: str, attempts: Attempts | None) -> Controls:
        if attempts is None:
            return Controls(PANEL["nothing-open"].say(self._views.setting.language), is_busy=True)
        return controls_of(step_id, self._views, attempts, self._situation(attempts))
