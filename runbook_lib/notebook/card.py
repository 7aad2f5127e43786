"""A step as a card: its state, what to do, the diff, and what was seen. A view of the record, made from data alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime

from runbook_lib.model import Change, Fact, Finding, Status, StepResult, as_json, digest
from runbook_lib.notebook.style import (
    AFTER,
    AMBER,
    BEFORE,
    COLOURS,
    LEVEL_COLOURS,
    LINE,
    MONO,
    box,
    cell,
    chip,
    escaped,
    folded,
    pill,
    preformatted,
    seconds,
    shown,
    table,
    word,
)
from runbook_lib.texts import LANGUAGES, Language, render
from runbook_lib.texts.facts import FACT_NAMES, SWITCHES, setting_name, value_name
from runbook_lib.texts.steps import NO, STEPS, YES
from runbook_lib.texts.telling import told
from runbook_lib.texts.words import LEVEL_WORDS, PROVENANCE_WORDS, WORDS

MIME = "application/vnd.runbook.step+json"

SENT = {Status.APPLIED, Status.VERIFIED, Status.FAILED, Status.UNKNOWN, Status.ROLLED_BACK}
NOTHING_CHANGED = {Status.TO_DO, Status.PLANNED, Status.BLOCKED, Status.NEEDS_OPERATOR}
WANTS_ATTENTION = {Status.BLOCKED, Status.FAILED, Status.UNKNOWN, Status.CONTRADICTED}


@dataclass(frozen=True)
class Setting:
    """What all cards of a run share: the language, whether it is the lab, the portal page of a guided step, and the runbook."""

    language: Language
    is_lab: bool
    portal_page: str = ""
    runbook: str = ""


def bundle(result: StepResult, setting: Setting) -> dict[str, object]:
    """Return the card as a MIME bundle: markup, plain text, and the record itself."""
    return {
        "text/html": card(result, setting),
        "text/plain": plain(result, setting.language, setting.runbook),
        MIME: record(result),
    }


def record(result: StepResult) -> dict[str, object]:
    """Return the language-neutral record and its digest, from which the card can be made again in either language."""
    data = as_json(result)
    return {"result": data, "sha256": digest(_timeless(result))}


def _timeless(result: StepResult) -> object:
    """The digest is over what was found and not over when, so that it is the same in whatever language it is read."""
    data = as_json(result)
    return {name: data[name] for name in ("step", "status", "facts", "findings", "changes")}


def plain(result: StepResult, language: Language, here: str = "") -> str:
    """Return the card as text, for terminals and viewers without markup. `here` is the runbook of the step."""
    text = STEPS[result.step]
    lines = [f"{result.step.upper()}  {result.status}  {text.title.say(language)}"]
    for finding in result.findings:
        lines.append(f"  {LEVEL_WORDS[finding.level].say(language)}: {render(finding.message, language)}")
        lines += [f"    {label}: {text}" for label, text in told(finding.message, language, here)]
    lines += [
        f"  {setting_name(change.setting, language)}: {change.before} -> {value_name(change.after, language)}"
        for change in result.changes
    ]
    return "\n".join(lines)


def card(result: StepResult, setting: Setting) -> str:
    """Return the card of a step as self-contained markup with inline styles."""
    language = setting.language
    text = STEPS[result.step]
    edge = f"6px {'dashed' if result.status in NOTHING_CHANGED else 'solid'} {COLOURS[result.status]}"
    parts = (
        _head(result, setting),
        f'<div style="font-size:15px;font-weight:600;margin:4px 0 2px 0">{escaped(text.title.say(language))}</div>',
        f'<div style="font-size:12px;opacity:0.85">{escaped(_meta(result, language))}</div>',
        "".join(_finding(finding, setting) for finding in result.findings),
        _by_hand(result, setting),
        _diff(result, language),
        _commands(result, language),
        _facts(result, language),
        _evidence(result, language),
    )
    return (
        f'<div class="rk-step rk-{escaped(result.step)}" lang="{language}" style="border:{LINE};border-left:{edge};border-radius:6px;'
        f'padding:8px 14px 10px 14px;margin:4px 0;max-width:900px;font-size:14px;line-height:1.45">{"".join(parts)}</div>'
    )


def _head(result: StepResult, setting: Setting) -> str:
    language = setting.language
    where = f"<b>{word('step', language)} {escaped(result.step.upper())}</b> · {escaped(STEPS[result.step].where.say(language))}"
    labels = [
        chip(result.status, language),
        pill(WORDS["lab" if setting.is_lab else "live"].say(language), _profile_colour(setting)),
    ]
    if any(change.unsupported for change in result.changes):
        labels.append(pill(WORDS["unsupported"].say(language), AMBER))
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:2px 10px;align-items:center;font-size:12px">'
        f"{''.join(labels)}<span>{where}</span></div>"
    )


def _profile_colour(setting: Setting) -> str:
    return COLOURS["attested"] if setting.is_lab else COLOURS["failed"]


def _meta(result: StepResult, language: Language) -> str:
    """When it was, and how long it took; for a step that was not looked at, what it would do."""
    if not result.finished_at:
        return STEPS[result.step].does.say(language)
    start, end = datetime.fromisoformat(result.started_at), datetime.fromisoformat(result.finished_at)
    at = format_datetime(end, "medium", locale=language)
    return f"{at} UTC · {seconds(start, end, language)}"


def _finding(finding: Finding, setting: Setting) -> str:
    language = setting.language
    said = f"<b>{escaped(LEVEL_WORDS[finding.level].say(language))}</b> · {escaped(render(finding.message, language))}"
    more = told(finding.message, language, setting.runbook)
    lines = "".join(f"<br><b>{escaped(label)}</b> · {escaped(text)}" for label, text in more)
    return box(LEVEL_COLOURS[finding.level], said + lines)


def _by_hand(result: StepResult, setting: Setting) -> str:
    """What a person does on the page: where it is, what it is called in both languages, what to set."""
    steps = [change for change in result.changes if change.target == "operator"]
    if not steps or result.status not in NOTHING_CHANGED:
        return ""
    language = setting.language
    link = f'<a href="{escaped(setting.portal_page)}">{escaped(setting.portal_page)}</a>'
    labels = "".join(
        f"<li><b>{' / '.join(escaped(STEPS[result.step].where.say(each)) for each in LANGUAGES)}</b> → "
        f"{' / '.join(escaped((YES if change.after else NO).say(each)) for each in LANGUAGES)}</li>"
        for change in steps
        if result.step != "p5"
    )
    return box(AMBER, f'{word("open-page", language)} · {link}<ul style="margin:4px 0;padding-left:20px">{labels}</ul>')


def _diff(result: StepResult, language: Language) -> str:
    if not result.changes:
        return ""
    sent = result.status in SENT
    names = ("before", "after") if sent else ("current", "planned")
    headings = [
        (word("setting", language), "40%"),
        (word(names[0], language), "30%"),
        (word(names[1], language), "30%"),
    ]
    return table(headings, [_diff_row(change, language) for change in result.changes])


def _diff_row(change: Change, language: Language) -> str:
    by_hand = f" · {word('by-hand', language)}" if change.target == "operator" else ""
    return (
        f"<tr>{cell(escaped(setting_name(change.setting, language)) + by_hand)}"
        f"{cell('−&nbsp;' + shown(value_name(change.before, language), language), tint=BEFORE, mono=True)}"
        f"{cell('+&nbsp;' + shown(value_name(change.after, language), language), tint=AFTER, mono=True)}</tr>"
    )


def _commands(result: StepResult, language: Language) -> str:
    sendable = [change for change in result.changes if change.target != "operator"]
    if not sendable:
        return ""
    label = WORDS["was-run" if result.status in SENT else "would-run"].say(language)
    lines = "\n".join(
        f"{change.target}  {change.action}  {json.dumps(dict(change.arguments), ensure_ascii=False)}"
        for change in sendable
    )
    cure = (
        f'<div style="font-size:12px">{word("cure", language)}</div>' if any(change.cure for change in sendable) else ""
    )
    return folded(label, preformatted(lines) + cure, is_open=result.status is not Status.VERIFIED)


def _facts(result: StepResult, language: Language) -> str:
    if not result.facts:
        return ""
    headings = [(word("fact", language), "32%"), (word("value", language), "42%"), (word("known-by", language), "26%")]
    rows = [_fact_row(fact, language) for fact in result.facts]
    return folded(WORDS["facts"].say(language), table(headings, rows), is_open=result.status in WANTS_ATTENTION)


def _fact_row(fact: Fact, language: Language) -> str:
    how = f"{escaped(PROVENANCE_WORDS[fact.provenance].say(language))}<br>{escaped(fact.source)}"
    value = shown(as_json(fact.value), language, is_question=fact.name not in SWITCHES)
    return f"<tr>{cell(escaped(FACT_NAMES[fact.name].say(language)))}{cell(value)}{cell(how)}</tr>"


def _evidence(result: StepResult, language: Language) -> str:
    if result.status is Status.TO_DO:
        return ""
    return (
        f'<div style="margin-top:8px;font-size:12px;opacity:0.85">{word("evidence", language)} '
        f'<span style="{MONO};font-size:11px;word-break:break-all">sha256:{record(result)["sha256"]}</span></div>'
    )
