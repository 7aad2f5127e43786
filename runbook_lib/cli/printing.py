"""What the command line prints: lines and tables for people, one JSON document for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from runbook_lib.model import Json, as_json
from runbook_lib.texts import Argument, Language, Message, fix_of, render
from runbook_lib.texts.commands import LINES
from runbook_lib.texts.facts import LABELLED, setting_name, value_name
from runbook_lib.texts.words import LADDER_WORDS, STATUS_SIGNS, STATUS_WORDS, WORDS

# rich's names for the colours of the cards.
COLOURS = {
    "to-do": "dim",
    "compliant": "green",
    "planned": "magenta",
    "blocked": "red",
    "applied": "yellow",
    "verified": "green",
    "needs-operator": "yellow",
    "attested": "blue",
    "contradicted": "red",
    "failed": "red",
    "unknown": "yellow",
    "rolled-back": "dim",
}


def of_record(said: Json) -> Message:
    """Return a message from the form in which a record holds it."""
    arguments = {name: tuple(value) if isinstance(value, list) else value for name, value in said["arguments"].items()}
    return Message(said["key"], arguments)


class _Console(Console):
    """rich ends the process itself when nobody reads on, from whichever thread; that is for `main` to decide."""

    def on_broken_pipe(self) -> None:
        """Pass the error on."""
        raise BrokenPipeError


class Printing:
    """Prints in one language. With `as_json` people's lines go nowhere, so that standard output is one document."""

    def __init__(self, language: Language, *, as_json: bool) -> None:
        """Choose where lines go."""
        self.language = language
        self.is_json = as_json
        self._console = _Console(highlight=False, emoji=False, soft_wrap=True, quiet=as_json)
        self._errors = _Console(highlight=False, emoji=False, soft_wrap=True, stderr=True)

    def line(self, key: str, **arguments: Argument) -> None:
        """Print a line of the catalogue."""
        self.text(LINES[key].say(self.language, **arguments))

    def text(self, text: str, style: str = "") -> None:
        """Print text as it is; nothing in it is taken for markup."""
        self._console.print(text, style=style or None, markup=False)

    def problem(self, text: str) -> None:
        """Print what went wrong, to standard error."""
        self._errors.print(text, style="red" if self._errors.is_terminal else None, markup=False)

    def notice(self, key: str, **arguments: Argument) -> None:
        """Print what a person has to know or do meanwhile: to standard error, where it is seen whatever else is asked for."""
        self._errors.print(LINES[key].say(self.language, **arguments), markup=False)

    def document(self, data: Json) -> None:
        """Print the one JSON document, if that was asked for."""
        if self.is_json:
            # A stream that cannot hold every character would put others in their place, and the data would be wrong.
            holds_all = (sys.stdout.encoding or "").lower().startswith("utf")
            json.dump(as_json(data), sys.stdout, ensure_ascii=not holds_all, indent=2)
            sys.stdout.write("\n")

    def status(self, status: str) -> str:
        """Return a state as sign and word, in its colour, as markup."""
        return f"[{COLOURS[status]}]{STATUS_SIGNS[status]} {STATUS_WORDS[status].say(self.language)}[/]"

    def step(self, tenant: str, step: str, status: str, title: str) -> None:
        """Print that a step ended."""
        self._console.print(f"  {escape(tenant):<12} {step.upper():<3} {self.status(status)}  [dim]{escape(title)}[/]")

    def change(self, step: str, setting: str, before: Json, after: Json) -> None:
        """Print one planned change: what, from, to."""
        was, will = (self.value(value_name(value, self.language)) for value in (before, after))
        label = escape(setting_name(setting, self.language))
        said = LABELLED.say(self.language, label=label, text=f"[red]{was}[/] → [green]{will}[/]")
        self._console.print(f"  {step.upper():<3} {said}")

    def value(self, value: Json) -> str:
        """Return a value as a person reads it, as markup."""
        if value is None or isinstance(value, bool):
            return WORDS["absent" if value is None else "on" if value else "off"].say(self.language)
        return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    def message(self, said: Json) -> str:
        """Return a message, as a record holds it, with what to do."""
        told = of_record(said)
        return f"{render(told, self.language)} {fix_of(told, self.language)}".rstrip()

    def ladder(self, reached: Json) -> None:
        """Print the level that was reached, and why it is not the next, as a record holds them."""
        self.text(f"{WORDS['ladder'].say(self.language)} {LADDER_WORDS[reached['level']].say(self.language)}", "bold")
        if reached["why"]:
            self.text(f"  {WORDS['not-higher'].say(self.language)} · {self.message(reached['why'])}")

    def grid(self, steps: Sequence[str], rows: Mapping[str, Mapping[str, str]]) -> None:
        """Print tenants by steps: a sign a step, and what the signs mean."""
        table = Table(show_edge=False, pad_edge=False)
        table.add_column(WORDS["tenant"].say(self.language))
        for step in steps:
            table.add_column(step.upper(), justify="center")
        used: dict[str, None] = {}
        for tenant, states in rows.items():
            cells = [states.get(step, "") for step in steps]
            used |= dict.fromkeys(filter(None, cells))
            table.add_row(
                Text(tenant), *(f"[{COLOURS[cell]}]{STATUS_SIGNS[cell]}[/]" if cell else "–" for cell in cells)
            )
        self._console.print(table)
        self._console.print("  ".join(self.status(status) for status in used))
