"""What planning came to, as tables: how each tenant ended, what would change for whom, and what stops whom."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runbook_lib.cli.printing import of_record
from runbook_lib.fleet import FAILED, INTERRUPTED, Outcome
from runbook_lib.fleet_notebook.wishes import shown
from runbook_lib.model import Json, Status
from runbook_lib.notebook.fleet_picture import OUTCOMES, some
from runbook_lib.notebook.shown_table import MANY_ROWS, Column, ShownTable, shown_table
from runbook_lib.texts import Language, Message, render
from runbook_lib.texts.facts import LABELLED, setting_name, value_name
from runbook_lib.texts.fleet_book import FLEET_BOOK
from runbook_lib.texts.telling import told
from runbook_lib.texts.words import LEVEL_WORDS, WORDS

_BY_CODE = {0: "in-order", 2: "not-opened", 3: "to-approve", 4: "unknown", 5: "person", INTERRUPTED: "stopped"}

_OUTCOMES = (Column("outcome", "20%", "outcome"), Column("count", "9%"), Column("stands_out"), Column("tenants", "34%"))
_RUNS = (
    Column("tenant", "15%"),
    Column("outcome", "18%", "outcome"),
    Column("changes", "11%"),
    Column("stands_out"),
    Column("run", "24%", "code"),
)
_CHANGES = (Column("count", "10%"), Column("changes"), Column("tenants", "30%"))
_FINDINGS = (
    Column("severity", "10%"),
    Column("step", "6%"),
    Column("finding"),
    Column("advice", "34%"),
    Column("count", "10%"),
    Column("tenants", "14%"),
)
_WEIGHTS = tuple(LEVEL_WORDS)

_WELL = frozenset({"to-approve", "person", "in-order"})

# What is planned of others is not on the list that is approved.
_APPROVABLE = frozenset({"to-approve", "person"})

# That a step waits for one before it says nothing new: the one before says why.
_CONSEQUENCE = "waits-for"


def outcome_of(outcome: Outcome) -> str:
    """Return how a tenant ended, as one of `OUTCOMES`: what is blocked did not fail."""
    if outcome.exit_code == FAILED:
        states = set(outcome.steps.values())
        return "blocked" if Status.BLOCKED in states and Status.FAILED not in states else "failed"
    return _BY_CODE.get(outcome.exit_code, "failed")


def outcomes_table(outcomes: Sequence[Outcome], language: Language) -> ShownTable:
    """Return a row for all tenants that ended alike, what calls for action first. Of those that ended well, warnings make no difference."""
    alike: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for each in outcomes:
        ended = outcome_of(each)
        said = _verdict(each, language) if ended in _WELL else _stands_out(each, language)
        alike[ended, said].append(each)
    rows = [
        {
            "outcome": ended,
            "count": len(same),
            "stands_out": "\n".join(filter(None, (said, _warnings(same, language) if ended in _WELL else ""))),
            "tenants": some([each.tenant for each in same], language),
        }
        for (ended, said), same in sorted(
            alike.items(), key=lambda each: (OUTCOMES.index(each[0][0]), -len(each[1]), each[0][1])
        )
    ]
    return shown_table(rows, _OUTCOMES, language, if_empty="nobody", most=MANY_ROWS)


def runs_table(outcomes: Sequence[Outcome], language: Language) -> ShownTable:
    """Return a row a tenant that ended, what calls for action first, with its digest and where its record is."""
    rows = [
        {
            "tenant": each.tenant,
            "outcome": outcome_of(each),
            "changes": len(each.changes),
            "stands_out": _stands_out(each, language),
            "run": shown(each.folder),
            "digest": each.plan,
            "exit_code": each.exit_code,
        }
        for each in outcomes
    ]
    rows.sort(key=lambda row: OUTCOMES.index(str(row["outcome"])))
    return shown_table(rows, _RUNS, language, if_empty="nobody")


def changes_table(outcomes: Sequence[Outcome], language: Language) -> ShownTable:
    """Return a row a set of equal changes that can be approved, that of most tenants first."""
    alike: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        if each.changes and outcome_of(each) in _APPROVABLE:
            alike[json.dumps([_gist(change) for change in each.changes], sort_keys=True)].append(each)
    rows = [
        {
            "count": len(same),
            "changes": "\n".join(_change(change, language) for change in same[0].changes),
            "tenants": some([each.tenant for each in same], language),
        }
        for same in sorted(alike.values(), key=len, reverse=True)
    ]
    return shown_table(rows, _CHANGES, language, most=MANY_ROWS)


def findings_table(outcomes: Sequence[Outcome], here: str, language: Language) -> ShownTable:
    """Return a row a finding that tenants share, what stops them first. `here` is the runbook."""
    shared: dict[tuple[int, str, str], tuple[Message, list[str]]] = {}
    for tenant, step, level, said in _found(outcomes):
        key = (_WEIGHTS.index(level), step, json.dumps([said.key, dict(said.arguments)], sort_keys=True, default=str))
        names = shared.setdefault(key, (said, []))[1]
        if tenant not in names:
            names.append(tenant)
    ordered = sorted(shared.items(), key=lambda each: (each[0][0], -len(each[1][1]), each[0][1]))
    rows: list[dict[str, Any]] = [
        {
            "severity": LEVEL_WORDS[_WEIGHTS[weight]].say(language),
            "step": step.upper(),
            "finding": render(said, language),
            "advice": advice_on(said, language, here),
            "count": len(names),
            "tenants": some(names, language),
        }
        for (weight, step, _), (said, names) in ordered
    ]
    return shown_table(rows + _troubles(outcomes, language), _FINDINGS, language, most=MANY_ROWS)


def advice_on(said: Message, language: Language, here: str) -> str:
    """Return what to do about a finding, a line each: why, what to do, which runbook to open next, where the docs say more."""
    return "\n".join(LABELLED.say(language, label=label, text=text) for label, text in told(said, language, here))


def _troubles(outcomes: Sequence[Outcome], language: Language) -> list[dict[str, Any]]:
    """Runs that broke off, without a finding of a step that would say why."""
    said: dict[str, list[str]] = defaultdict(list)
    for each in outcomes:
        if each.problem and not each.findings:
            said[each.problem.removeprefix("✖ ")].append(each.tenant)
    return [
        {
            "severity": WORDS["went-wrong"].say(language),
            "step": "",
            "finding": problem,
            "advice": "",
            "count": len(names),
            "tenants": some(names, language),
        }
        for problem, names in said.items()
    ]


def _found(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str, str, Message]]:
    for each in outcomes:
        for step, found in each.findings.items():
            for finding in found:
                if finding["message"]["key"] != _CONSEQUENCE:
                    yield each.tenant, step, str(finding["level"]), of_record(finding["message"])


def _stands_out(outcome: Outcome, language: Language) -> str:
    """Return in a line what there is to know of a tenant: the verdict, what stopped it, or its weightiest finding."""
    found = sorted(_found([outcome]), key=lambda each: _WEIGHTS.index(each[2]))
    if found and not outcome.verdict:
        return LABELLED.say(language, label=found[0][1].upper(), text=render(found[0][3], language))
    return _verdict(outcome, language) or outcome.problem.removeprefix("✖ ")


def _verdict(outcome: Outcome, language: Language) -> str:
    return WORDS[outcome.verdict].say(language) if outcome.verdict else ""


def _warnings(outcomes: Sequence[Outcome], language: Language) -> str:
    warned = len({tenant for tenant, _, level, _ in _found(outcomes) if level != "note"})
    return FLEET_BOOK["with-warnings"].say(language, count=warned) if warned else ""


def _gist(change: Mapping[str, Json]) -> list[Json]:
    return [change[name] for name in ("step", "target", "action", "setting", "before", "after")]


def _change(change: Mapping[str, Json], language: Language) -> str:
    before, after = change["before"], change["after"]
    if isinstance(before, dict) and isinstance(after, dict):
        said = "; ".join(_differences(before, after, language))
    else:
        said = " → ".join(_value(value_name(each, language), language) for each in (before, after))
    label = setting_name(change["setting"], language)
    return f"{str(change['step']).upper()} {LABELLED.say(language, label=label, text=said)}"


def _differences(before: Mapping[str, Json], after: Mapping[str, Json], language: Language) -> Iterator[str]:
    """Yield what two values of many parts differ in: what is alike would hide it."""
    for name in sorted({*before, *after}):
        was, will = before.get(name), after.get(name)
        if was == will:
            continue
        if isinstance(was or [], list) and isinstance(will or [], list):
            added = [f"+ {each}" for each in will or [] if each not in (was or [])]
            gone = [f"− {each}" for each in was or [] if each not in (will or [])]
            yield f"{name} {', '.join([*added, *gone])}"
        else:
            yield f"{name} {_value(was, language)} → {_value(will, language)}"


def _value(value: Json, language: Language) -> str:
    if value is None or isinstance(value, bool):
        return WORDS["absent" if value is None else "on" if value else "off"].say(language)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
