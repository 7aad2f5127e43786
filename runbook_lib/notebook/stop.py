"""How a cell stops: with one readable line instead of a traceback, in JupyterLab and under papermill alike."""

from __future__ import annotations

import traceback
from pathlib import PurePath

from runbook_lib.errors import RunbookError, UnexpectedReply
from runbook_lib.texts import Language


class Stop(Exception):
    """Stops Run All and makes papermill end with this message. The details are in the journal."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback."""
        return [str(self)]


def stopped(error: RunbookError, language: Language) -> Stop:
    """Return the stop that says what an error of the kit says."""
    return Stop(f"✖ {error.say(language)}")


def unforeseen(error: BaseException, folder: str) -> RunbookError:
    """Return what names the kind of an error that nobody foresaw, and the run whose journal has the rest."""
    return UnexpectedReply("internal-error", target=type(error).__name__, folder=folder)


def unforeseen_opening(error: Exception) -> RunbookError:
    """Return what names the kind of an error and where it arose, but not what it says: that may hold a secret.

    There may be no journal yet to hold the rest.
    """
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{PurePath(last.filename).name}:{last.lineno}"
    return UnexpectedReply("internal-error-opening", target=type(error).__name__, place=place)
