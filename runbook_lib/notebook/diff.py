"""A step's changes as a diff: before and after in a table, texts of several lines line by line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import unified_diff

from runbook_lib.model import Change, Json
from runbook_lib.notebook.style import AFTER, BEFORE, LINE, MONO, cell, escaped, shown, table, word
from runbook_lib.texts import Language
from runbook_lib.texts.facts import setting_name, value_name

# How a line of a unified diff begins, and its tint. The sign stands in the text, too, so colour is never alone.
_TINTS = {"-": BEFORE, "+": AFTER}


def diff(changes: Iterable[Change], language: Language, *, is_sent: bool) -> str:
    """Return changes as markup; `is_sent` tells whether they were sent, so that a plan is not shown as done."""
    known = list(changes)
    single = [change for change in known if not _has_lines(change)]
    return _table(single, language, is_sent=is_sent) + "".join(
        _lines(change, language) for change in known if _has_lines(change)
    )


def _has_lines(change: Change) -> bool:
    return any(isinstance(value, str) and "\n" in value for value in (change.before, change.after))


def _table(changes: list[Change], language: Language, *, is_sent: bool) -> str:
    if not changes:
        return ""
    names = ("before", "after") if is_sent else ("current", "planned")
    headings = [
        (word("setting", language), "40%"),
        (word(names[0], language), "30%"),
        (word(names[1], language), "30%"),
    ]
    return table(headings, [_row(change, language) for change in changes])


def _row(change: Change, language: Language) -> str:
    return (
        f"<tr>{cell(_name(change, language))}"
        f"{cell('−&nbsp;' + shown(value_name(change.before, language), language), tint=BEFORE, mono=True)}"
        f"{cell('+&nbsp;' + shown(value_name(change.after, language), language), tint=AFTER, mono=True)}</tr>"
    )


def _name(change: Change, language: Language) -> str:
    name = escaped(setting_name(change.setting, language))
    if change.target != "operator":
        return name
    return f"{name} · {word('by-hand-wizard' if is_wizard(change) else 'by-hand', language)}"


def is_wizard(change: Change) -> bool:
    """Tell whether a person makes this change in the wizard on the server, and not on the page of the portal."""
    return change.action == "set_in_wizard"


def _lines(change: Change, language: Language) -> str:
    before, after = (_text(value).splitlines() for value in (change.before, change.after))
    # The first two lines would name files.
    lines = list(unified_diff(before, after, lineterm="", n=2))[2:]
    return (
        f'<div style="font-size:13px;margin-top:6px">{_name(change, language)}</div>'
        f'<div style="{MONO};line-height:1.5;border:{LINE};border-radius:4px;white-space:pre-wrap;overflow-wrap:break-word">'
        f"{''.join(map(_line, lines))}</div>"
    )


def _line(text: str) -> str:
    tint = _TINTS.get(text[:1], "transparent")
    return f'<div style="padding:0 8px;background-color:{tint}">{escaped(text)}</div>'


def _text(value: Json) -> str:
    return "" if value is None else str(value)
