"""With which tenant an interactive notebook begins: the one that its cells name, or the one that was chosen last, or one of the lab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runbook_lib.model import Json
from runbook_lib.parameters import (
    REQUIRED,
    InvalidParametersError,
    Parameters,
    Problem,
    check_parameters,
    defaults,
)
from runbook_lib.texts import Language
from runbook_lib.wiring import Choice, last_choice, tenant_files


@dataclass(frozen=True)
class Beginning:
    """How a notebook begins.

    Attributes:
        opens: The parameters to open with at once; None: a person opens first.
        entries: What the form begins with, when it cannot be opened with; empty: what was chosen last.
        problems: What is wrong with them.
        own: What the cells say of parameters other than the tenant; None: they name the tenant, too.
    """

    opens: Parameters | None = None
    entries: Mapping[str, Json] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    own: Mapping[str, Json] | None = None


def beginning(slug: str, given: Mapping[str, Any], language: Language) -> Beginning:
    """Return how a notebook begins that is given these parameters. A real tenant that no cell names is opened by a click only."""
    if REQUIRED & given.keys():
        try:
            return Beginning(check_parameters(given))
        except InvalidParametersError as error:
            return Beginning(entries=dict(given), problems=tuple(error.problems))
    own = {name: value for name, value in given.items() if value != _UNTOUCHED.get(name)}
    chosen = _chosen(slug, language)
    if chosen is None or chosen.parameters is None or chosen.profile != "lab":
        return Beginning(own=own)
    values = {**chosen.parameters.model_dump(mode="json", exclude_unset=True), **own}
    return Beginning(check_parameters(values), own=own)


# What the notebook's own cell of parameters says before anybody changes it; `profile` and `language` differ by notebook.
_UNTOUCHED: Mapping[str, Json] = {**defaults(), "profile": "lab"}


def _chosen(slug: str, language: Language) -> Choice | None:
    """Return what was chosen last; before that the first tenant of the lab."""
    files, last = tenant_files(), last_choice(slug, language)
    of_the_lab = [choice for choice in files if choice.profile == "lab"]
    known = next((choice for choice in files if choice.file == last), None)
    return known or next(iter(of_the_lab), None)
