"""What the command line prints: lines and tables for people, one JSON document or a line for each event for machines."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from runbook_lib.cli.live import Screen, can_be_drawn_on
from runbook_lib.cli.progress import clock
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


def _dumped(data: Json, indent: int | None = None) -> str:
    # A stream that cannot hold every character would put others in their place, and the data would be wrong.
    holds_all = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(as_json(data), ensure_ascii=not holds_all, indent=indent) + "\n"


class _Console(Console):
    """rich ends the process itself when nobody reads on, from whichever thread; that is for `main` to decide."""

    def on_broken_pipe(self) -> None:
        """Pass the error on."""
        raise BrokenPipeError


class Printing:
    """Prints in one language. With `as_json` people's lines go nowhere, so that standard output is one document; with `as_events` it is
    one JSON object a line.
    """

    def __init__(self, language: Language, *, as_json: bool, as_events: bool = False) -> None:
        """Choose where lines go."""
        self.language = language
        self.is_json = as_json
        self.has_events = as_events
        self._console = _Console(highlight=False, emoji=False, soft_wrap=True, quiet=as_json or as_events)
        self._errors = _Console(highlight=False, emoji=False, soft_wrap=True, stderr=True)
        self._screen: Screen | None = None
        self._writing = threading.Lock()

    @contextmanager
    def live(self, draw: Callable[[int, int, bool], Sequence[Text]]) -> Iterator[bool]:
        """Show what `draw` returns below what is printed meanwhile, where there is a terminal for that; tell whether there is.

        `draw` is given columns, lines, and whether the terminal has but plain characters.
        """
        console = next(
            (each for each in (self._errors, self._console) if can_be_drawn_on(each) and not each.quiet), None
        )
        if console is None:
            yield False
            return
        is_plain = not console.encoding.lower().startswith("utf")
        self._screen = Screen(console, lambda width, height: draw(width, height, is_plain))
        try:
            with self._screen.shown():
                yield True
        finally:
            self._screen = None

    def _print(
        self, console: Console, printed: RenderableType, style: str | None = None, *, markup: bool = False
    ) -> None:
        """Print, above the live part when it is on this terminal."""
        if self._screen and console.is_interactive and not console.quiet:
            self._screen.print(printed, style, markup=markup)
        else:
            console.print(printed, style=style, markup=markup, soft_wrap=isinstance(printed, str))

    def line(self, key: str, **arguments: Argument) -> None:
        """Print a line of the catalogue."""
        self.text(LINES[key].say(self.language, **arguments))

    def text(self, text: str, style: str = "") -> None:
        """Print text as it is; nothing in it is taken for markup."""
        self._print(self._console, text, style or None)

    def problem(self, text: str) -> None:
        """Print what went wrong, to standard error."""
        self._print(self._errors, text, "red" if self._errors.is_terminal else None)

    def reason(self, text: str) -> None:
        """Print why a tenant did not come out well, to standard error; on a terminal between words and indented."""
        if self._errors.is_interactive:
            self._print(self._errors, Padding(Text(text, style="red", no_wrap=False, overflow="fold"), (0, 0, 0, 4)))
        else:
            self.problem(text)

    def notice(self, key: str, **arguments: Argument) -> None:
        """Print what a person has to know or do meanwhile: to standard error, where it is seen whatever else is asked for."""
        self._print(self._errors, LINES[key].say(self.language, **arguments))

    def overview(self, text: str) -> None:
        """Print what is going to be done, to standard error."""
        self._print(self._errors, text)

    def document(self, data: Json) -> None:
        """Print the one JSON document, if that was asked for."""
        if self.is_json:
            sys.stdout.write(_dumped(data, indent=2))

    def event(self, data: Json) -> None:
        """Print one event as one line, if events were asked for. Whoever reads them has it at once."""
        if self.has_events:
            with self._writing:
                sys.stdout.write(_dumped(data))
                sys.stdout.flush()

    def status(self, status: str) -> str:
        """Return a state as sign and word, in its colour, as markup."""
        return f"[{COLOURS[status]}]{STATUS_SIGNS[status]} {STATUS_WORDS[status].say(self.language)}[/]"

    def step(self, tenant: str, step: str, status: str, title: str) -> None:
        """Print that a step ended."""
        said = f"  {escape(tenant):<12} {step.upper():<3} {self.status(status)}  [dim]{escape(title)}[/]"
        self._print(self._console, said, markup=True)

    def line_of(self, tenant: str, mark: tuple[str, str], words: str, seconds: float | None, note: str) -> None:
        """Print how a tenant came out, in one line: a sign in its colour, words, how long it took, and a note."""
        sign, colour = mark
        rest = "  ".join(filter(None, ("" if seconds is None else clock(seconds), escape(note))))
        said = f"[{colour}]{sign}[/] {escape(tenant)}  [{colour}]{escape(words)}[/]" + (
            f"  [dim]{rest}[/]" if rest else ""
        )
        self._print(self._console, said, markup=True)

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

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Print a table as wide as the terminal; each cell is a text and its style."""
        table = Table(show_edge=False, pad_edge=False)
        for place, head in enumerate(heads):
            table.add_column(head, no_wrap=not place, overflow="fold")
        for row in rows:
            table.add_row(*(Text(text, style=style) for text, style in row))
        self._console.print(table, soft_wrap=False)

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
