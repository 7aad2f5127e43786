"""All tenants on one page that stands alone: no script, nothing fetched, light or dark, and made to be printed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from runbook_lib import __version__
from runbook_lib.evidence.seals import SealState
from runbook_lib.model import Status
from runbook_lib.notebook.export import environment
from runbook_lib.notebook.status_chart import drawn_levels
from runbook_lib.notebook.status_tables import as_text, is_unsealed, table_of, tenants_table
from runbook_lib.notebook.status_view import View, evidence, links
from runbook_lib.notebook.style import AMBER, COLOURS, GREEN, GREY, ORANGE, RED
from runbook_lib.notebook.times import moment
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import fix_of, render
from runbook_lib.texts.steps import RUNBOOKS as RUNBOOK_TEXTS
from runbook_lib.texts.words import LADDER_WORDS, STATUS_SIGNS, STATUS_WORDS, WORDS
from runbook_lib.wiring.standings import Attention, Standing, moment_of

TEMPLATE = "status.html.j2"

# A longer table is folded: what is in order of a large fleet must not hide the rest.
LONGEST_OPEN = 50

_AGES = (("age-day", 1), ("age-week", 7), ("age-month", 30))


def page_of(found: Sequence[Standing], view: View) -> str:
    """Return the page over all runs that were found; the same page for the same records at the same moment."""
    runs = table_of(found, view.seals)
    tenants = tenants_table(runs, view.at)
    page = environment().get_template(TEMPLATE).render(
        view=view,
        language=view.language,
        colours=COLOURS,
        signs=STATUS_SIGNS,
        states={state.value: STATUS_WORDS[state].say(view.language) for state in Status},
        drawn=view.say("drawn", folder=view.outputs, at=moment(view.at.isoformat(), view.language), version=__version__),
        profiles=[(name, count) for name in ("live", "lab") if (count := int((tenants["profile"] == name).sum()))],
        fleet=view.say("fleet", tenants=len(tenants), runs=len(runs)),
        asked=[(each.value, int((tenants["attention"] == each.value).sum())) for each in Attention],
        remarks=list(_remarks(runs, view)),
        ages=_ages(tenants, view),
        troubles=[_stopped(found, view), _damaged(found, view), _future(found, view)],
        chart=drawn_levels(runs, view),
        groups=list(_groups(found, tenants, view)),
        grids=list(_grids(found, view)),
        longest_open=LONGEST_OPEN,
        word={name: text.say(view.language) for name, text in WORDS.items() if not text.en.count("{")},
    )  # fmt: skip
    return as_text(page)


def _remarks(runs: pd.DataFrame, view: View) -> Iterator[tuple[str, str]]:
    """Yield what is to be said of the records as a whole, each with its colour."""
    is_damaged = runs["problems"] != ""
    if len(runs) and not is_damaged.any():
        yield GREEN, view.say("sound")
    ended = int(runs["exit_code"].notna().sum())
    for colour, name, which in (
        (RED, "damaged-count", is_damaged),
        (RED, "broken-count", runs["seal"] == SealState.BROKEN),
        (RED, "untrusted-count", runs["seal"] == SealState.UNTRUSTED),
        (RED, "future-count", runs["future"]),
        (AMBER, "stopped-count", runs["resumable"]),
        (ORANGE, "no-runbook-count", ~runs["runbook"].isin(list(RUNBOOKS)) & ~is_damaged),
        (GREY, "unsealed-count", is_unsealed(runs)),
    ):
        if count := int(which.sum()):
            yield colour, view.say(name, count=count, total=ended)


def _ages(tenants: pd.DataFrame, view: View) -> list[tuple[str, int]]:
    """Return how many tenants' newest evidence is how old."""
    old = tenants["age"]
    is_future = tenants["future"] > 0
    known = old[old.notna() & ~is_future]
    counts, before = [], 0
    for name, days in _AGES:
        upto = int((known <= timedelta(days=days)).sum())
        counts.append((name, upto - before))
        before = upto
    counts += [("age-older", len(known) - before), ("age-future", int(is_future.sum()))]
    counts.append(("age-none", int((old.isna() & ~is_future).sum())))
    return [(view.say(name), count) for name, count in counts if count]


def _stopped(found: Sequence[Standing], view: View) -> dict[str, Any]:
    rows = [
        (each, [("code", view.resume(each.run.path))]) for each in sorted(found, key=_by_order) if each.is_resumable
    ]
    return _trouble("stopped", "go-on", rows, view)


def _damaged(found: Sequence[Standing], view: View) -> dict[str, Any]:
    rows = [
        (
            each,
            [
                ("p", _without_place(f"{render(said, view.language)} {fix_of(said, view.language)}", each))
                for said in each.run.problems
            ],
        )
        for each in sorted(found, key=_by_order)
        if each.run.problems
    ]
    return _trouble("damaged", "problem", rows, view)


def _without_place(said: str, each: Standing) -> str:
    """Return what is said of a run with its path below the outputs: where those lie tells about the machine."""
    return said.replace(f"{each.run.path.parents[1]}{os.sep}", "")


def _future(found: Sequence[Standing], view: View) -> dict[str, Any]:
    rows = [
        (each, [("p", moment(each.run.last_at, view.language))])
        for each in sorted(found, key=_by_order)
        if each.is_from_the_future
    ]
    return _trouble("future", "dated", rows, view)


def _trouble(name: str, column: str, rows: list[tuple[Standing, list[tuple[str, str]]]], view: View) -> dict[str, Any]:
    listed = [
        {"tenant": each.run.tenant, "run": each.run.run_id, "said": said, "links": links(each, view)}
        for each, said in rows
    ]
    return {"name": name, "column": view.say(column), "rows": listed}


def _by_order(each: Standing) -> tuple[int, int, str, str]:
    return each.order


def _groups(found: Sequence[Standing], tenants: pd.DataFrame, view: View) -> Iterator[dict[str, Any]]:
    """Yield the tenants by what they ask for, the worst first."""
    of_note: dict[str, list[Standing]] = {}
    for each in sorted(found, key=_by_order):
        if each.attention is not Attention.FINE:
            of_note.setdefault(as_text(each.run.tenant), []).append(each)
    is_mixed = len(set(tenants["profile"])) > 1
    for asked in Attention:
        rows = [
            {
                "tenant": row["tenant"],
                "is_lab": is_mixed and row["profile"] == "lab",
                "level": LADDER_WORDS[row["level"]].say(view.language),
                "evidence": evidence(None if pd.isna(row["last_at"]) else row["last_at"].to_pydatetime(), view),
                "runs": row["runs"],
                "unsealed": row["unsealed"],
                "stands_out": [_standing_out(each, view) for each in of_note.get(row["tenant"], [])],
            }
            for row in tenants[tenants["attention"] == asked.value].to_dict("records")
        ]
        if rows:
            yield {"name": view.say("group", name=view.say(asked), count=len(rows)), "id": asked.value, "rows": rows}


def _standing_out(each: Standing, view: View) -> dict[str, Any]:
    """Return what a run asks for: its pills, the runbook and the steps of its worst state."""
    pills = [
        (name, colour)
        for name, colour, is_so in (
            ("pill-damaged", "failed", bool(each.run.problems)),
            ("pill-future", "contradicted", each.is_from_the_future),
            ("pill-stopped", "applied", each.is_resumable),
            ("pill-going-on", "attested", each.is_going_on),
            ("pill-no-runbook", "to-do", not each.states and not each.run.problems),
        )
        if is_so
    ]
    worst = each.worst if each.is_newest else None
    return {
        "pills": [(view.say(name), colour) for name, colour in pills],
        "worst": worst.value if worst else "",
        "runbook": each.runbook,
        "steps": ", ".join(step.upper() for step, state in each.states.items() if state is worst),
    }


def _grids(found: Sequence[Standing], view: View) -> Iterator[dict[str, Any]]:
    """Yield each runbook with the steps of its newest run for each tenant, the worst first."""
    for runbook in RUNBOOKS.values():
        of_it = sorted((each for each in found if each.is_newest and each.runbook == runbook.slug), key=_by_order)
        if not of_it:
            continue
        worst = [each.worst.value if each.worst else "" for each in of_it]
        yield {
            "slug": runbook.slug,
            "title": RUNBOOK_TEXTS[runbook.slug].title.say(view.language),
            "steps": [step.id.upper() for step in runbook.steps],
            "counts": [(state, worst.count(state)) for state in dict.fromkeys(worst) if state],
            "fine": worst.count(""),
            "rows": [_grid_row(each, view) for each in of_it],
        }


def _grid_row(each: Standing, view: View) -> dict[str, Any]:
    seal = view.seals[each.run.path]
    return {
        "tenant": each.run.tenant,
        "states": [state.value for state in each.states.values()],
        "evidence": evidence(moment_of(each.run.last_at), view),
        "seal": view.say(f"seal-{seal.state or 'none'}"),
        "receipts": view.say("receipts", count=seal.receipts) if seal.receipts else "",
        "links": links(each, view),
    }
