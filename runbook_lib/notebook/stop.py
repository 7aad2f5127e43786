"""How a cell stops: with one readable line instead of a traceback, in JupyterLab and under papermill alike."""

from __future__ import annotations

from runbook_lib.errors import RunbookError
from runbook_lib.texts import Language


class Stop(Exception):
    """Stops Run All and makes papermill end with this message. The details are in the journal."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback."""
        return [str(self)]


def stopped(error: RunbookError, language: Language) -> Stop:
    """Return the stop that says what an error of the kit says."""
    return Stop(f"✖ {error.say(language)}")
