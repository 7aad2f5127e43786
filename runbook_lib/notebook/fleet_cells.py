"""What the notebook over many tenants is made of, as data: its cells and its parameters. The generator makes notebooks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from runbook_lib.model import Json
from runbook_lib.texts import Language
from runbook_lib.texts.fleet_book import FLEET_NOTEBOOK_TEXT, FLEET_PARAMETER_HELP

NAME = "fleet"

# What the parameters say before anybody changes them: the lab's tenants, and nobody real.
DEFAULTS: Mapping[str, Json] = {
    "language": "en",
    "fleet": "",
    "runbook": "enable-connect-writeback",
    "limit": [],
    "exclude": [],
    "jobs": 4,
    "max_failures": "",
    "scheduler": "",
    "outputs": "",
    "live_tenants": 0,
}

OPENING = "from runbook_lib.fleet_notebook import open_fleet\n\nbook = open_fleet()"

# The cells behind the opening, in order: an id, the method it calls, and whether a text of the same name stands above.
CALLS = (
    ("tenants", False),
    ("plan", True),
    ("outcomes", True),
    ("changes", True),
    ("findings", True),
    ("approve", True),
    ("standings", True),
    ("worklist", True),
    ("finish", True),
)


@dataclass(frozen=True)
class Cell:
    """A cell: text or code. `is_open` is true for the one that the operator writes into."""

    id: str
    source: str
    is_code: bool = False
    is_open: bool = False


def fleet_cells(language: Language) -> Iterator[Cell]:
    """Yield the cells of the notebook in one language."""
    said = {name: text.say(language) for name, text in FLEET_NOTEBOOK_TEXT.items()}
    yield Cell("title", said["title"])
    yield Cell("parameters-text", said["parameters"])
    yield Cell("parameters", _parameters(language), is_code=True, is_open=True)
    yield Cell("choose-text", said["choose"])
    yield Cell("choose", OPENING, is_code=True)
    for name, has_text in CALLS:
        if has_text:
            yield Cell(f"{name}-text", said[name])
        yield Cell(name, f"book.{name}()", is_code=True)


def _parameters(language: Language) -> str:
    lines: list[str] = []
    for name, value in {**DEFAULTS, "language": language}.items():
        lines += [f"# {FLEET_PARAMETER_HELP[name].say(language)}", f"{name} = {value!r}"]
    return "\n".join(lines)
