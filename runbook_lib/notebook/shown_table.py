"""A pandas table that a notebook shows in the operator's language: every value escaped, with inline styles alone.

What pandas draws itself has a style sheet that a notebook from somebody else loses, and heads in the language of the code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from runbook_lib.notebook.fleet_picture import OUTCOME_SIGNS, outcome_pill, wrapping_pill
from runbook_lib.notebook.style import COLOURS, MONO, cell, escaped, table
from runbook_lib.texts import Language
from runbook_lib.texts.fleet_book import FLEET_BOOK
from runbook_lib.texts.words import STATUS_SIGNS, STATUS_WORDS

# More rows than anybody reads are not drawn; they are in the table all the same. What each calls for a person's care may be more.
MOST_ROWS, MANY_ROWS = 20, 300

Kind = Literal["text", "code", "state", "outcome", "link"]


@dataclass(frozen=True)
class Column:
    """A column: its name in pandas, how its values are shown, and how wide it is. Its head is a word of the same name."""

    name: str
    width: str = "auto"
    kind: Kind = "text"


class ShownTable(pd.DataFrame):
    """A table that shows itself. What is made of it by filtering or sorting is one, too."""

    shown_as: tuple[Column, ...] | None
    language: Language
    if_empty: str
    most: int

    _metadata = ["shown_as", "language", "if_empty", "most"]  # noqa: RUF012  # as pandas wants it

    @property
    def _constructor(self) -> type[ShownTable]:
        return ShownTable

    def _repr_html_(self) -> str:
        columns: Sequence[Column] | None = getattr(self, "shown_as", None)
        language: Language = getattr(self, "language", "en")
        if columns is None or not isinstance(self.index, pd.Index):
            return f"<pre>{escaped(self.to_string())}</pre>"
        if self.empty:
            return _framed(escaped(FLEET_BOOK[getattr(self, "if_empty", "nothing")].say(language)), language)
        shown = [column for column in columns if column.name in self.columns]
        heads = [(escaped(FLEET_BOOK[f"col-{column.name}"].say(language)), column.width) for column in shown]
        rows = [_row(row, shown, language) for row in self.head(self._most).to_dict("records")]
        return _framed(table(heads, rows) + self._more(language), language)

    @property
    def _most(self) -> int:
        return int(getattr(self, "most", MOST_ROWS))

    def _more(self, language: Language) -> str:
        more = len(self) - self._most
        if more <= 0:
            return ""
        return f'<div style="font-size:12px">{escaped(FLEET_BOOK["more-rows"].say(language, count=more))}</div>'


def shown_table(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    language: Language,
    *,
    if_empty: str = "nothing",
    most: int = MOST_ROWS,
) -> ShownTable:
    """Return rows as a table that shows these columns and so many rows at most; the word `if_empty` when there are none."""
    names = list(rows[0]) if rows else [column.name for column in columns]
    made = ShownTable(list(rows), columns=names)
    made.shown_as, made.language, made.if_empty, made.most = tuple(columns), language, if_empty, most
    return made


def _framed(inside: str, language: Language) -> str:
    return (
        f'<div class="rk-table" lang="{language}" style="max-width:980px;font-size:13px;line-height:1.4">{inside}</div>'
    )


def _row(row: Mapping[Any, Any], columns: Sequence[Column], language: Language) -> str:
    return f"<tr>{''.join(_value(row[column.name], column.kind, language) for column in columns)}</tr>"


def _value(value: object, kind: Kind, language: Language) -> str:
    text = "" if value is None or value is pd.NA or value is pd.NaT else str(value)
    if not text:
        return cell("–")
    if kind == "state" and text in STATUS_SIGNS:
        return cell(wrapping_pill(f"{STATUS_SIGNS[text]} {STATUS_WORDS[text].say(language)}", COLOURS[text]))
    if kind == "outcome" and text in OUTCOME_SIGNS:
        return cell(outcome_pill(text, language))
    if kind == "link" and text.startswith("https://"):
        return cell(
            f'<a href="{escaped(text)}" rel="noopener" target="_blank">{escaped(FLEET_BOOK["open"].say(language))}</a>'
        )
    lines = "<br>".join(escaped(line) for line in text.split("\n"))
    if kind == "code":
        return cell(f'<span style="{MONO};word-break:break-all">{lines}</span>')
    return cell(lines)
