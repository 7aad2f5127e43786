"""Opening the notebook over many tenants: its parameters are read, every file is checked, and nothing is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runbook_lib.cli.ordering import ordered_by
from runbook_lib.errors import RunbookError
from runbook_lib.fleet_notebook.book import FleetBook
from runbook_lib.fleet_notebook.choosing import show_problems
from runbook_lib.fleet_notebook.wishes import Wishes, wishes_of
from runbook_lib.model import Json
from runbook_lib.notebook.display import namespace
from runbook_lib.notebook.fleet_cells import DEFAULTS
from runbook_lib.notebook.stop import stopped, unforeseen_opening
from runbook_lib.parameters import InvalidParametersError
from runbook_lib.runbooks import find
from runbook_lib.texts import Language

# What IPython itself puts into a fresh namespace, and what the cell imports.
_OWN_NAMES = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open", "open_fleet"})

# Marks a kernel in which a fleet was opened: names that the operator makes later are their own business.
_OPENED = "_runbook_fleet_opened"


def open_fleet() -> FleetBook:
    """Return the fleet that the parameters of this notebook name. Raises `Stop` before anything is run, with one line a problem."""
    names = namespace()
    language: Language = "fr" if names.get("language") == "fr" else "en"
    try:
        wishes = wishes_of(_given(names))
        return _opened(wishes)
    except RunbookError as error:
        raise stopped(error, language) from None
    except Exception as error:  # noqa: BLE001  # the operator gets one line
        raise stopped(unforeseen_opening(error), language) from None


def _opened(wishes: Wishes) -> FleetBook:
    find(wishes.runbook)
    try:
        ordered, how = ordered_by(wishes.options())
    except InvalidParametersError as error:
        show_problems(error.problems, wishes)
        raise
    return FleetBook(wishes, ordered, how)


def _given(names: dict[str, Any]) -> Mapping[str, Json]:
    """Return the parameters that the notebook's cells give; in a fresh kernel any other name is one, too, and will be refused."""
    is_fresh = _OPENED not in names
    given = {
        name: value
        for name, value in names.items()
        if name in DEFAULTS or (is_fresh and not name.startswith("_") and name not in _OWN_NAMES)
    }
    names[_OPENED] = True
    return given
