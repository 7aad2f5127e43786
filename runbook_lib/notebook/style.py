"""How cards look: inline styles that JupyterLab keeps in a notebook from somebody else, and nothing else.

An executed notebook opens untrusted at the auditor's: style sheets, scripts, classes that need one, `var()` and data attributes
are dropped there. Every value is escaped, because in a trusted notebook markup in a name would run.
"""

from __future__ import annotations

import html
import json
import re

from runbook_lib.model import Json
from runbook_lib.notebook.times import moment
from runbook_lib.texts import Language, Text
from runbook_lib.texts.steps import NO, YES
from runbook_lib.texts.words import STATUS_SIGNS, STATUS_WORDS, WORDS

# A time as systems write it, in UTC.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

MONO = "font-family:Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:12px"
LINE = "1px solid rgba(128,128,128,0.35)"
TINT = "rgba(128,128,128,0.12)"
BEFORE, AFTER = "rgba(207,34,46,0.14)", "rgba(26,127,55,0.16)"

GREY, GREEN, PURPLE, BLUE = "#6e7781", "#1a7f37", "#8250df", "#0969da"
AMBER, ORANGE, RED = "#9a6700", "#bc4c00", "#cf222e"
COLOURS: dict[str, str] = {
    "to-do": GREY,
    "compliant": GREEN,
    "planned": PURPLE,
    "blocked": ORANGE,
    "applied": AMBER,
    "verified": GREEN,
    "needs-operator": AMBER,
    "attested": BLUE,
    "contradicted": RED,
    "failed": RED,
    "unknown": AMBER,
    "rolled-back": GREY,
}
LEVEL_COLOURS = {"blocker": ORANGE, "contradiction": RED, "warning": AMBER, "note": GREY}


def escaped(value: object) -> str:
    """Return a value as text that is safe inside markup and attributes."""
    return html.escape(str(value), quote=True)


def word(key: str, language: Language) -> str:
    """Return a word of the cards, escaped."""
    return escaped(WORDS[key].say(language))


def chip(status: str, language: Language) -> str:
    """Return the state as sign, word and colour."""
    return pill(f"{STATUS_SIGNS[status]} {STATUS_WORDS[status].say(language)}", COLOURS[status])


def step_link(step: str, text: str) -> str:
    """Return a link to the card of a step. JupyterLab follows it to the card's id also where it takes ids away."""
    return f'<a href="#rk-{escaped(step)}" style="font-weight:600">{escaped(text)}</a>'


def pill(text: str, colour: str) -> str:
    """Return a small coloured label with white text."""
    return (
        f'<span style="display:inline-block;background-color:{colour};color:#ffffff;border-radius:10px;padding:1px 9px;'
        f'font-size:12px;font-weight:600;white-space:nowrap">{escaped(text)}</span>'
    )


def shown(value: Json, language: Language, *, is_question: bool = False, absent: Text = WORDS["absent"]) -> str:
    """Return a value as a person reads it, escaped: on and off, or yes and no; lists a line each, absence in words.

    Names stand in order, as in the journal, from which the same card is drawn again.
    """
    if value is None:
        return f"<i>{escaped(absent.say(language))}</i>"
    if isinstance(value, bool):
        if is_question:
            return escaped((YES if value else NO).say(language))
        return word("on" if value else "off", language)
    if isinstance(value, list | tuple):
        return "<br>".join(shown(item, language, is_question=is_question, absent=absent) for item in value) or "–"
    if isinstance(value, dict):
        return (
            "<br>".join(
                f"{escaped(name)}: {_inner(item, language, is_question, absent)}"
                for name, item in sorted(value.items())
            )
            or "–"
        )
    return escaped(_read(value, language))


def _read(value: Json, language: Language) -> Json:
    """Return a text that is a time as people write times; the record keeps it to the last digit."""
    if not (isinstance(value, str) and _TIME.fullmatch(value)):
        return value
    try:
        return moment(value, language)
    except ValueError:  # such as the 99th of a month
        return value


def _inner(value: Json, language: Language, is_question: bool, absent: Text) -> str:
    if isinstance(value, dict):
        return escaped(json.dumps(value, ensure_ascii=False, sort_keys=True))
    if isinstance(value, list | tuple):
        return ", ".join(shown(item, language, absent=absent) for item in value) or "–"
    return shown(value, language, is_question=is_question, absent=absent)


def box(colour: str, inside: str) -> str:
    """Return a note with a coloured edge."""
    return f'<div style="margin:6px 0 0 0;padding:6px 10px;border-left:4px solid {colour};background-color:{TINT}">{inside}</div>'


def folded(label: str, inside: str, *, is_open: bool) -> str:
    """Return something that opens on a click; the label is escaped, the inside is markup."""
    state = " open" if is_open else ""
    return (
        f'<details{state} style="margin:8px 0 0 0"><summary style="cursor:pointer;font-size:12px;font-weight:600">'
        f"{escaped(label)}</summary>{inside}</details>"
    )


def preformatted(text: str) -> str:
    """Return text as it is, in a fixed-width box that wraps."""
    return (
        f'<pre style="{MONO};line-height:1.45;white-space:pre-wrap;overflow-wrap:break-word;word-break:break-all;'
        f'background-color:{TINT};border-radius:4px;padding:6px 8px;margin:4px 0">{escaped(text)}</pre>'
    )


def table(headings: list[tuple[str, str]], rows: list[str]) -> str:
    """Return a table. `headings` are escaped texts with a width; `rows` are ready `<tr>` elements."""
    cells = "".join(
        f'<th scope="col" style="text-align:left;padding:3px 8px;border:{LINE};font-weight:600;font-size:12px;overflow-wrap:break-word;width:{width}">'
        f"{text}</th>"
        for text, width in headings
    )
    return (
        '<table style="border-collapse:collapse;table-layout:fixed;width:100%;margin:6px 0;font-size:13px">'
        f"<thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def cell(inside: str, *, tint: str = "transparent", mono: bool = False) -> str:
    """Return a table cell; the inside is markup."""
    font = f"{MONO};" if mono else ""
    return (
        f'<td style="text-align:left;vertical-align:top;padding:3px 8px;border:{LINE};overflow-wrap:break-word;'
        f'{font}background-color:{tint}">{inside}</td>'
    )
