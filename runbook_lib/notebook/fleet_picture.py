"""Tenants by steps as a picture that fills while a fleet is planned: markup with inline styles alone, as all that notebooks show.

A few dozen tenants have a row each. Of more, each step has a row, in which all tenants stand side by side: so it stays as high as
the runbook is long, and what is alike and adjacent is one bar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from runbook_lib.model import URGENCY, Status
from runbook_lib.notebook.style import (
    AMBER,
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    LINE,
    MONO,
    ORANGE,
    PURPLE,
    RED,
    TINT,
    box,
    escaped,
)
from runbook_lib.notebook.times import age
from runbook_lib.texts import Language
from runbook_lib.texts.fleet_book import FLEET_BOOK, FLEET_OUTCOMES
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import STATUS_SIGNS, STATUS_WORDS

# A tenant has a row of its own as long as the picture fits a screen.
MOST_ROWS = 40

WAITING, GOING_ON = "waiting", "going-on"
OUTCOME_SIGNS = {
    WAITING: "·",
    GOING_ON: "…",
    "in-order": "=",
    "to-approve": "◇",
    "person": "☞",
    "blocked": "■",
    "failed": "✖",
    "not-opened": "✖",
    "unknown": "?",
    "stopped": "■",
}
OUTCOME_COLOURS = {
    WAITING: GREY,
    GOING_ON: BLUE,
    "in-order": GREEN,
    "to-approve": PURPLE,
    "person": AMBER,
    "blocked": ORANGE,
    "failed": RED,
    "not-opened": RED,
    "unknown": AMBER,
    "stopped": GREY,
}
# The worst first, as everywhere.
OUTCOMES = (
    "unknown",
    "failed",
    "not-opened",
    "stopped",
    "blocked",
    "person",
    "to-approve",
    "in-order",
    GOING_ON,
    WAITING,
)

_STATES = (*URGENCY, Status.VERIFIED, Status.ATTESTED, Status.COMPLIANT, Status.ROLLED_BACK)
_CELL = f"text-align:center;padding:1px 2px;border:{LINE};font-size:13px;line-height:1.35"


@dataclass(frozen=True)
class Row:
    """A tenant: the states of its steps so far, and how it ended."""

    tenant: str
    states: Mapping[str, str] = field(default_factory=dict)
    outcome: str = WAITING


@dataclass(frozen=True)
class Progress:
    """How far a fleet is. `said` is what a person has to know or do meanwhile, the newest last; `asked` are sign-ins."""

    rows: Sequence[Row]
    steps: Sequence[str]
    seconds: float
    is_over: bool = False
    said: Sequence[str] = ()
    asked: Sequence[str] = ()

    @property
    def ended(self) -> int:
        """Return how many tenants ended."""
        return sum(row.outcome not in (WAITING, GOING_ON) for row in self.rows)


def progress_bundle(progress: Progress, language: Language) -> dict[str, object]:
    """Return how far a fleet is as a MIME bundle."""
    return {"text/html": drawn(progress, language), "text/plain": plain(progress, language)}


def plain(progress: Progress, language: Language) -> str:
    """Return how far a fleet is as text: a line of counts, and a line a tenant that ended otherwise than well."""
    lines = [" · ".join([*_figures(progress, language), *_counts(progress, language)])]
    lines += [*progress.said, *progress.asked]
    lines += [
        f"{row.tenant}: {FLEET_OUTCOMES[row.outcome].say(language)}"
        for row in progress.rows
        if row.outcome in OUTCOMES[:6]
    ]
    return "\n".join(lines)


def drawn(progress: Progress, language: Language) -> str:
    """Return the picture."""
    figures = _figures(progress, language)
    picture = _by_tenant if len(progress.rows) <= MOST_ROWS else _by_step
    asked = "".join(box(COLOURS["needs-operator"], f"<b>{escaped(each)}</b>") for each in progress.asked)
    said = "".join(box(COLOURS["applied"], escaped(each)) for each in progress.said)
    over = f'<div style="font-size:12px;margin:6px 0">{_word("read-only", language)}</div>' if progress.is_over else ""
    return (
        f'<div class="rk-fleet" lang="{language}" style="max-width:980px;font-size:14px;line-height:1.4">'
        f'<div style="margin:2px 0"><b>{escaped(figures[0])}</b>{"".join(f" · {escaped(each)}" for each in figures[1:])}</div>'
        f"{_bar(progress)}{_pills(progress, language)}{asked}{said}{picture(progress, language)}{_legend(progress, language)}{over}</div>"
    )


def outcome_pill(outcome: str, language: Language, count: int | None = None) -> str:
    """Return how tenants ended as sign, word and colour, with how many they are."""
    said = f"{OUTCOME_SIGNS[outcome]} {FLEET_OUTCOMES[outcome].say(language)}{'' if count is None else f' × {count}'}"
    return wrapping_pill(said, OUTCOME_COLOURS[outcome])


def wrapping_pill(said: str, colour: str) -> str:
    """Return a small coloured label that takes two lines where a column is narrow."""
    return (
        f'<span style="display:inline-block;background-color:{colour};color:#ffffff;border-radius:10px;padding:1px 9px;'
        f'font-size:12px;font-weight:600">{escaped(said)}</span>'
    )


def _figures(progress: Progress, language: Language) -> list[str]:
    ended, total = progress.ended, len(progress.rows)
    figures = [FLEET_BOOK["done"].say(language, ended=ended, total=total)]
    if progress.is_over:
        return [*figures, FLEET_BOOK["took"].say(language, time=_time(progress.seconds, language))]
    if under_way := sum(row.outcome == GOING_ON for row in progress.rows):
        figures.append(FLEET_BOOK["under-way"].say(language, count=under_way))
    if ended and progress.seconds > 0:
        figures.append(FLEET_BOOK["rate"].say(language, rate=_rate(ended / progress.seconds * 60)))
        left = (total - ended) * progress.seconds / ended
        figures.append(FLEET_BOOK["left"].say(language, time=_time(left, language)))
    return figures


def _rate(a_minute: float) -> str:
    return str(round(a_minute)) if a_minute >= 10 else str(round(a_minute, 1) or 0.1)


def _time(seconds: float, language: Language) -> str:
    return age(timedelta(seconds=max(1, round(seconds))), language)


def _counts(progress: Progress, language: Language) -> list[str]:
    counted = Counter(row.outcome for row in progress.rows)
    return [f"{FLEET_OUTCOMES[each].say(language)} × {counted[each]}" for each in OUTCOMES if counted[each]]


def _pills(progress: Progress, language: Language) -> str:
    counted = Counter(row.outcome for row in progress.rows)
    pills = "".join(outcome_pill(each, language, counted[each]) for each in OUTCOMES if counted[each])
    return f'<div style="display:flex;flex-wrap:wrap;gap:4px 8px;margin:6px 0">{pills}</div>'


def _bar(progress: Progress) -> str:
    """How many tenants ended, as a bar, for a glance."""
    share = round(100 * progress.ended / max(1, len(progress.rows)), 1)
    return (
        f'<div style="height:8px;border-radius:4px;background-color:{TINT};overflow:hidden;margin:4px 0">'
        f'<div style="width:{share}%;height:8px;background-color:{GREEN if progress.is_over else BLUE}"></div></div>'
    )


def _by_tenant(progress: Progress, language: Language) -> str:
    """A row a tenant, a column a step."""
    plain_head = f"{_CELL};font-weight:600;font-size:12px;background-color:transparent"
    heads = "".join(
        f'<th scope="col" title="{escaped(STEPS[step].title.say(language))}" style="{plain_head}">{escaped(step.upper())}</th>'
        for step in progress.steps
    )
    left = f"{plain_head};text-align:left;padding:1px 8px;width:22%"
    right = f"{plain_head};text-align:left;padding:1px 8px;width:20%"
    rows = "".join(_tenant(row, progress.steps, language) for row in progress.rows)
    return (
        '<table style="border-collapse:collapse;table-layout:fixed;width:100%;margin:6px 0">'
        f'<thead><tr><th scope="col" style="{left}">{_word("col-tenant", language)}</th>{heads}'
        f'<th scope="col" style="{right}">{_word("col-outcome", language)}</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _tenant(row: Row, steps: Sequence[str], language: Language) -> str:
    name = (
        f'<th scope="row" title="{escaped(row.tenant)}" style="{_CELL};text-align:left;padding:1px 8px;font-weight:600;overflow:hidden;'
        f'text-overflow:ellipsis;white-space:nowrap;background-color:transparent">{escaped(row.tenant)}</th>'
    )
    end = f"{OUTCOME_SIGNS[row.outcome]} {FLEET_OUTCOMES[row.outcome].say(language)}"
    cells = "".join(_state(row.states.get(step, ""), language) for step in steps)
    return f'<tr>{name}{cells}<td style="{_CELL};text-align:left;padding:1px 8px;background-color:transparent">{escaped(end)}</td></tr>'


def _state(state: str, language: Language) -> str:
    if not state:
        return f'<td title="{_word("no-state", language)}" style="{_CELL};background-color:transparent"></td>'
    return (
        f'<td title="{escaped(STATUS_WORDS[state].say(language))}" style="{_CELL};background-color:{COLOURS[state]};color:#ffffff;'
        f'font-weight:600">{STATUS_SIGNS[state]}</td>'
    )


def _by_step(progress: Progress, language: Language) -> str:
    """A row a step, with the tenants side by side, and how many have which state."""
    rows = "".join(_step(step, progress.rows, language) for step in progress.steps)
    return (
        f'<div style="font-size:12px;margin:8px 0 2px 0">{_word("steps-and-tenants", language)}</div>'
        f'<table style="border-collapse:collapse;table-layout:fixed;width:100%;margin:2px 0"><tbody>{rows}</tbody></table>'
        f"{_names(progress, language)}"
    )


def _step(step: str, rows: Sequence[Row], language: Language) -> str:
    states = [row.states.get(step, "") for row in rows]
    counted = Counter(states)
    counts = " ".join(f"{STATUS_SIGNS[state]}&nbsp;{counted[state]}" for state in _STATES if counted[state])
    side = "padding:2px 4px;font-size:12px;background-color:transparent;vertical-align:middle"
    return (
        f'<tr><th scope="row" title="{escaped(STEPS[step].title.say(language))}" style="{side};width:8%;text-align:left;font-weight:600">'
        f'{escaped(step.upper())}</th><td style="{side};text-align:left"><div style="display:flex;height:18px;border:{LINE};'
        f'overflow:hidden">{"".join(_bars(states, language))}</div></td>'
        f'<td style="{side};width:26%;text-align:left;{MONO}">{counts or "–"}</td></tr>'
    )


def _bars(states: Sequence[str], language: Language) -> Iterator[str]:
    """Yield a bar for each run of equal states. What calls for action stays wide enough to be seen among hundreds."""
    for state, alike in groupby(states):
        count = len(list(alike))
        if not state:
            yield f'<div style="flex:{count} 1 0"></div>'
            continue
        said = escaped(f"{STATUS_WORDS[state].say(language)} × {count}")
        least = ";min-width:3px" if state in _NOTABLE else ""
        style = f"flex:{count} 1 0{least};background-color:{COLOURS[state]}"
        if count * 25 >= len(states):  # wide enough for its sign
            yield f'<div title="{said}" style="{style};{_SIGN}">{STATUS_SIGNS[state]}</div>'
        else:
            yield f'<div title="{said}" style="{style}"></div>'


_SIGN = "color:#ffffff;font-size:12px;line-height:18px;font-weight:600;text-align:center;overflow:hidden"
_NOTABLE = frozenset(URGENCY[:6])


def _names(progress: Progress, language: Language) -> str:
    """Name those that call for action, for a row of hundreds shows only that they are there."""
    lines = []
    for outcome in OUTCOMES[:6]:
        if names := [row.tenant for row in progress.rows if row.outcome == outcome]:
            said = some(names, language)
            lines.append(f'<div style="margin:3px 0">{outcome_pill(outcome, language)} {escaped(said)}</div>')
    return f'<div style="margin:6px 0;font-size:13px">{"".join(lines)}</div>' if lines else ""


def some(names: Sequence[str], language: Language, most: int = 12) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - most
    listed = ", ".join(names[:most])
    return f"{listed} {FLEET_BOOK['and-more'].say(language, count=more)}" if more > 0 else listed


def _legend(progress: Progress, language: Language) -> str:
    """Say what the signs mean that are shown."""
    used = _used(row.states.values() for row in progress.rows)
    signs = "".join(
        f'<span style="white-space:nowrap">{STATUS_SIGNS[state]} {escaped(STATUS_WORDS[state].say(language))}</span>'
        for state in _STATES
        if state in used
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12px">{signs}</div>' if signs else ""


def _used(states: Iterable[Iterable[str]]) -> set[str]:
    return {state for of_a_tenant in states for state in of_a_tenant}


def _word(key: str, language: Language) -> str:
    return escaped(FLEET_BOOK[key].say(language))
