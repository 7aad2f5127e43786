"""Whether a person is waited for, to sign in, and where they are asked to. No cell waits for that."""

from __future__ import annotations

import threading
from datetime import datetime

from runbook_lib.notebook.views import StepView, Views


class Person:
    """The person at the panels of one notebook, as far as the work needs them."""

    def __init__(self, views: Views, applying_step: str) -> None:
        """Wait for nobody yet."""
        self._views = views
        self._applying_step = applying_step
        self._awaited = threading.Event()

    @property
    def is_awaited(self) -> bool:
        """Tell whether a person is to sign in before anything goes on."""
        return self._awaited.is_set()

    def ask(self, step_id: str, user_code: str, page: str, expires_at: datetime, *, again: bool) -> None:
        """Show a code where the step is that needs it."""
        view = self._view_at(step_id)
        if view is not None:
            view.sign_in.show(user_code, page, expires_at, again)
        self._awaited.set()

    def forget(self) -> None:
        """Take away what was asked, used or void."""
        if self._awaited.is_set():
            self._awaited.clear()
            for view in list(self._views.steps.values()):
                view.sign_in.clear()

    def _view_at(self, step_id: str) -> StepView | None:
        """Return where a step is shown; where the applying step is, or any, when no cell was run for it: somebody has to see it."""
        steps = self._views.steps
        return steps.get(step_id) or steps.get(self._applying_step) or next(iter(steps.values()), None)
