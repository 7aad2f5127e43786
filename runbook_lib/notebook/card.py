"""A step as a card: its state, what to do, the diff, and what was seen. A view of the record, made from data alone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from runbook_lib.model import Fact, Finding, Level, Provenance, Status, StepResult, as_json
from runbook_lib.notebook.attested_card import Attested, attested_markup, attested_plain, attested_record
from runbook_lib.notebook.diff import diff, is_wizard
from runbook_lib.notebook.history import EarlierChange
from runbook_lib.notebook.identity import identity_line
from runbook_lib.notebook.style import (
    AMBER,
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
    shown,
    table,
    word,
)
from runbook_lib.notebook.times import duration, moment
from runbook_lib.texts import LANGUAGES, Language, Text, render
from runbook_lib.texts.facts import ABSENT_FACTS, FACT_NAMES, NONE_SEEN, NOT_SAID, SWITCHES, setting_name, value_name
from runbook_lib.texts.messages.by_hand import INSTRUCTIONS
from runbook_lib.texts.steps import NO, STEPS, YES
from runbook_lib.texts.telling import told
from runbook_lib.texts.words import CHANGED_EARLIER, LEVEL_WORDS, PROVENANCE_WORDS, STATUS_SIGNS, STATUS_WORDS, WORDS

MIME = "application/vnd.runbook.step+json"

SENT = {Status.APPLIED, Status.VERIFIED, Status.FAILED, Status.UNKNOWN, Status.ROLLED_BACK}
# What is done by hand was told at the steps before; here it is saved.
APPLYING_BY_HAND = frozenset({"c7", "d7", "p5"})
NOTHING_CHANGED = {Status.TO_DO, Status.PLANNED, Status.BLOCKED, Status.NEEDS_OPERATOR}
WANTS_ATTENTION = {Status.BLOCKED, Status.FAILED, Status.UNKNOWN, Status.CONTRADICTED}


@dataclass(frozen=True)
class Setting:
    """What all cards of a run share: the language, whether it is the lab, the portal page of a guided step, the runbook, and a
    person's word for the run, as `attested_of` reads it from its record.
    """

    language: Language
    is_lab: bool
    portal_page: str = ""
    runbook: str = ""
    attested: Attested | None = None


def bundle(result: StepResult, setting: Setting, earlier: EarlierChange | None = None) -> dict[str, object]:
    """Return the card as a MIME bundle: markup, plain text, and the record itself. `earlier` is what an earlier run changed."""
    text = plain(result, setting.language, setting.runbook)
    word = attested_record(setting.attested, result)
    return {
        "text/html": card(result, setting, earlier),
        "text/plain": "\n".join([text, *attested_plain(setting.attested, result, setting.language)]),
        MIME: record(result) | ({"attestation": word} if word else {}),
    }


def record(result: StepResult) -> dict[str, object]:
    """Return the language-neutral record and its digest, from which the card can be made again in either language."""
    return {"result": as_json(result), "sha256": result.digest}


def _told(result: StepResult) -> list[Finding]:
    """Return what a card tells of the findings: what to do by hand, until somebody's word says that it was done."""
    is_done = result.status is Status.ATTESTED
    return [finding for finding in result.findings if not (is_done and finding.message.key in INSTRUCTIONS)]


def plain(result: StepResult, language: Language, here: str = "") -> str:
    """Return the card as text, for terminals and viewers without markup. `here` is the runbook of the step."""
    text = STEPS[result.step]
    lines = [f"{result.step.upper()}  {result.status}  {text.title.say(language)}"]
    for finding in _told(result):
        lines.append(f"  {LEVEL_WORDS[finding.level].say(language)}: {render(finding.message, language)}")
        lines += [f"    {label}: {text}" for label, text in told(finding.message, language, here)]
    lines += [
        f"  {setting_name(change.setting, language)}: {change.before} -> {value_name(change.after, language)}"
        for change in result.changes
    ]
    return "\n".join(lines)


def card(result: StepResult, setting: Setting, earlier: EarlierChange | None = None) -> str:
    """Return the card of a step as self-contained markup with inline styles."""
    language = setting.language
    text = STEPS[result.step]
    edge = f"6px {'dashed' if result.status in NOTHING_CHANGED else 'solid'} {COLOURS[result.status]}"
    parts = (
        _head(result, setting),
        f'<div style="font-size:15px;font-weight:600;margin:4px 0 2px 0">{escaped(text.title.say(language))}</div>',
        f'<div style="font-size:12px;opacity:0.85">{escaped(_meta(result, language))}</div>',
        _identity(result, language),
        "".join(_finding(finding, result, setting) for finding in _told(result)),
        _by_hand(result, setting),
        attested_markup(setting.attested, result, language),
        diff(result.changes, language, is_sent=result.status in SENT),
        _history(result, earlier, language),
        _commands(result, language),
        _facts(result, language),
        _evidence(result, language),
    )
    return (
        f'<div id="rk-{escaped(result.step)}" class="rk-step rk-{escaped(result.step)}" lang="{language}" style="border:{LINE};border-left:{edge};border-radius:6px;'
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
    took = duration(result.started_at, result.finished_at, language)
    return f"{moment(result.finished_at, language)} · {took}"


def _identity(result: StepResult, language: Language) -> str:
    """As whom the operator acts, on the card of the step that saw it."""
    said = identity_line({result.step: result}, language)
    return f'<div style="margin:4px 0 0 0;font-weight:600">{escaped(said)}</div>' if said else ""


def _finding(finding: Finding, result: StepResult, setting: Setting) -> str:
    language = setting.language
    level, colour = _weight(finding, result.status, language)
    said = f"<b>{escaped(level)}</b> · {escaped(render(finding.message, language))}"
    more = told(finding.message, language, setting.runbook)
    lines = "".join(f"<br><b>{escaped(label)}</b> · {escaped(text)}" for label, text in more)
    return box(colour, said + lines)


def _weight(finding: Finding, status: Status, language: Language) -> tuple[str, str]:
    """Return the word and the colour of a finding. What stopped a step before anything was sent is not called a failure, nor
    the other way round.
    """
    if finding.level is Level.BLOCKER and status in (Status.FAILED, Status.UNKNOWN):
        return WORDS["went-wrong"].say(language), COLOURS[status]
    return LEVEL_WORDS[finding.level].say(language), LEVEL_COLOURS[finding.level]


def _by_hand(result: StepResult, setting: Setting) -> str:
    """What a person does on the page: where it is, what it is called in both languages, what to set."""
    steps = [change for change in result.changes if change.target == "operator"]
    if not steps or result.status not in NOTHING_CHANGED:
        return ""
    language = setting.language
    page = f'<a href="{escaped(setting.portal_page)}">{escaped(setting.portal_page)}</a>'
    place = word("open-wizard", language) if is_wizard(steps[0]) else f"{word('open-page', language)} · {page}"
    labels = "".join(
        f"<li><b>{' / '.join(escaped(STEPS[result.step].where.say(each)) for each in LANGUAGES)}</b> → "
        f"{' / '.join(escaped((YES if change.after else NO).say(each)) for each in LANGUAGES)}</li>"
        for change in steps
        if result.step not in APPLYING_BY_HAND
    )
    return box(AMBER, f'{place}<ul style="margin:4px 0;padding-left:20px">{labels}</ul>')


def _history(result: StepResult, earlier: EarlierChange | None, language: Language) -> str:
    """What an earlier run changed here. A card that shows a change of its own run says enough with that."""
    if earlier is None or result.changes:
        return ""
    said = CHANGED_EARLIER.say(language, run=earlier.run_id, at=moment(earlier.at, language), by=earlier.by)
    state = f"{STATUS_SIGNS[earlier.status]} {STATUS_WORDS[earlier.status].say(language)}"
    told = f'<div style="font-size:12px">{escaped(said)} · {escaped(state)}</div>'
    return folded(WORDS["earlier"].say(language), told + diff(earlier.changes, language, is_sent=True), is_open=True)


def _commands(result: StepResult, language: Language) -> str:
    sendable = [change for change in result.changes if change.target != "operator"]
    if not sendable:
        return ""
    label = WORDS["was-run" if result.status in SENT else "would-run"].say(language)
    lines = "\n".join(
        f"{change.target}  {change.action}  {json.dumps(dict(change.arguments), ensure_ascii=False, sort_keys=True)}"
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
    value = shown(as_json(fact.value), language, is_question=fact.name not in SWITCHES, absent=_absent(fact))
    return f"<tr>{cell(escaped(FACT_NAMES[fact.name].say(language)))}{cell(value)}{cell(how)}</tr>"


def _absent(fact: Fact) -> Text:
    """What no value means depends on how we know: a look that found none has seen something."""
    if fact.provenance is Provenance.OBSERVED:
        return ABSENT_FACTS.get(fact.name, NONE_SEEN)
    return NOT_SAID if fact.provenance is Provenance.ATTESTED else WORDS["absent"]


def _evidence(result: StepResult, language: Language) -> str:
    if result.status is Status.TO_DO:
        return ""
    return (
        f'<div style="margin-top:8px;font-size:12px;opacity:0.85">{word("evidence", language)} '
        f'<span style="{MONO};font-size:11px;word-break:break-all">sha256:{result.digest}</span></div>'
    )
