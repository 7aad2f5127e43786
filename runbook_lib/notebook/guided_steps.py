"""What a person does by hand, as numbered steps with both languages of each label: the portal's language is not the operator's."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.model import Change
from runbook_lib.notebook.style import escaped
from runbook_lib.texts import LANGUAGES, Language, Text
from runbook_lib.texts.facts import SETTING_NAMES, setting_name
from runbook_lib.texts.panels.attesting import ANY_WAY, FORM, SEEN, WAYS
from runbook_lib.texts.steps import NO, STEPS, YES

OPERATOR = "operator"


def name_of(value: str, language: Language) -> str:
    """Return what a value that can be seen is called: as the plan's setting, or by its own label where the plan has none."""
    seen = SEEN[value]
    return setting_name(seen.setting, language) if seen.setting else seen.label.say(language)


def instructions(
    step: str, steps: Sequence[str], changes: Sequence[Change], language: Language, *, page: str, tenant: str
) -> str:
    """Return as markup what to do, in order, and for which steps the person puts their name to it.

    `step` is the one that carries the plan out, `steps` those that need a word, `changes` the plan's.
    """
    to_set = [change for change in changes if change.target == OPERATOR]
    way = WAYS.get(step, ANY_WAY) if to_set else ANY_WAY
    lines = [_told(text, language, tenant) for text in way.first]
    lines += [_to_set(change, language) for change in to_set]
    lines += [_told(text, language, tenant) for text in way.last]
    numbered = "".join(f'<li style="margin:2px 0">{line}</li>' for line in lines)
    named = "".join(
        f"<li><b>{escaped(each.upper())}</b> · {escaped(STEPS[each].title.say(language))}</li>" for each in steps
    )
    return (
        f'<div lang="{language}" style="font-size:13px;line-height:1.5">'
        f'<div style="font-size:15px;font-weight:600">{escaped(FORM["title"].say(language))}</div>'
        f"{_link(page, language) if way.has_page and page else ''}"
        f'<ol style="margin:4px 0;padding-left:24px">{numbered}</ol>'
        f'{escaped(FORM["word-for"].say(language))}<ul style="margin:2px 0;padding-left:24px">{named}</ul></div>'
    )


def _link(page: str, language: Language) -> str:
    words = escaped(FORM["page"].say(language))
    return (
        f'<div>{words} · <a href="{escaped(page)}" target="_blank" rel="noopener noreferrer">{escaped(page)}</a></div>'
    )


def _told(text: Text, language: Language, tenant: str) -> str:
    return escaped(text.say(language, tenant=tenant))


def _to_set(change: Change, language: Language) -> str:
    """Name a setting as the page does, in the reader's language first."""
    seen = next((seen for seen in SEEN.values() if seen.setting == change.setting), None)
    own_first = sorted(LANGUAGES, key=lambda each: each != language)
    label = seen.label if seen else SETTING_NAMES.get(change.setting) or Text(en=change.setting, fr=change.setting)
    labels = " / ".join(f"<b>{escaped(label.say(each))}</b>" for each in own_first)
    value = YES if change.after else NO
    values = " / ".join(f"<b>{escaped(value.say(each))}</b>" for each in own_first)
    # The labels are markup by now, so they take the places of marks that nothing else has.
    told = escaped(FORM["set"].say(language, labels="\0", values="\1")).replace("\0", labels).replace("\1", values)
    beware = f"<br>{escaped(seen.beware.say(language))}" if seen and seen.beware else ""
    return told + beware
