"""Looking up advice by whatever a person has at hand, and the page of all of it.

`python -m runbook_lib.wiring.advising` writes docs/advice.md. Only here are Entra's codes and the advice seen together.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from runbook_lib.adapters.refusals import BY_CODE
from runbook_lib.errors import UsageProblem
from runbook_lib.model import Json
from runbook_lib.texts import LANGUAGES, MESSAGES, Language
from runbook_lib.texts.advice import ADVICE, PARTS, Advice
from runbook_lib.texts.telling import anchor, where_next
from runbook_lib.texts.text import Text, placeholders
from runbook_lib.texts.words import ADVICE_PARTS, WORDS
from runbook_lib.wiring.places import project_root

NEAREST = 4


def find(code: str) -> list[Advice]:
    """Return the advice known by an event id, an error code, the key of a message or its own id; most have one, some variants.

    Raises `UsageProblem`, naming the nearest known, when there is none.
    """
    wanted = _plain(code)
    found = [
        advice for advice in ADVICE.values() if wanted in map(_plain, (advice.id, *names(advice), *advice.messages))
    ]
    if not found:
        raise UsageProblem("advice-unknown-code", code=code, nearest=_nearest(wanted))
    return found


def names(advice: Advice) -> tuple[str, ...]:
    """Return what people look the advice up by: ids of events, codes of the product, codes of Entra."""
    entra = tuple(f"AADSTS{code}" for code, key in sorted(BY_CODE.items()) if key in advice.messages)
    return (*map(str, advice.events), *advice.codes, *entra)


def fixes(advice: Advice, language: Language) -> list[str]:
    """Return what to do: what the advice says, else what its messages say, each once. What a message fills in is in ‹ ›."""
    if advice.fix:
        return [advice.fix.say(language)]
    said = [_template(MESSAGES[key].fix, language) for key in advice.messages]
    return list(dict.fromkeys(filter(None, said)))


def as_data(advice: Advice, language: Language) -> Json:
    """Return advice as data for machines, its sentences in one language."""
    return {
        "id": advice.id,
        "title": advice.title,
        "codes": list(names(advice)),
        "messages": list(advice.messages),
        "cause": advice.cause.say(language),
        "fix": fixes(advice, language),
        "next_runbook": advice.next_runbook,
        "source": advice.source,
        "page": anchor(advice),
    }


def lines(advice: Advice, language: Language) -> list[tuple[str, str]]:
    """Return advice for a person, as labels and sentences."""
    return [
        (WORDS["why"].say(language), advice.cause.say(language)),
        *((WORDS["what-to-do"].say(language), fix) for fix in fixes(advice, language)),
        *where_next(advice, language),
        (WORDS["source"].say(language), advice.source),
        (WORDS["advice"].say(language), anchor(advice)),
    ]


def page() -> str:
    """Return docs/advice.md: every piece of advice, in both languages, below an anchor of its own."""
    head = [
        "# Advice",
        "",
        "Known events and errors: why they happen, what to do, and which runbook to open next. Cards, the terminal and `result.json`",
        "name an entry by its anchor; `runbook advice CODE` looks one up offline. This page is made from",
        "`runbook_lib/texts/advice/` by `python -m runbook_lib.wiring.advising`. What a message fills in stands in ‹ ›.",
    ]
    parts = [_part(ADVICE_PARTS[name], entries) for name, entries in PARTS.items()]
    return "\n".join([*head, *(line for part in parts for line in part)]) + "\n"


def _part(title: Text, entries: Iterable[Advice]) -> list[str]:
    return ["", f"## {title.en}", *(line for advice in entries for line in _entry(advice))]


def _entry(advice: Advice) -> list[str]:
    known = [f"`{name}`" for name in (*names(advice), *_live(advice))]
    told = [
        f"- **{label}** ({language}): {text}" for language in LANGUAGES for label, text in _sentences(advice, language)
    ]
    then = [f"- **{WORDS['open-next'].en}**: `{advice.next_runbook}`"] if advice.next_runbook else []
    return [
        "",
        f'<a id="{advice.id}"></a>',
        "",
        f"### {advice.title}",
        "",
        *told,
        *then,
        f"- **Known by**: {', '.join(known)}",
        f"- **{WORDS['source'].en}**: {advice.source}",
    ]


def _sentences(advice: Advice, language: Language) -> list[tuple[str, str]]:
    why = (WORDS["why"].say(language), advice.cause.say(language))
    return [why, *((WORDS["what-to-do"].say(language), _escaped(fix)) for fix in fixes(advice, language))]


def _escaped(text: str) -> str:
    """Return text in which Markdown finds no markup."""
    return re.sub(r"([\\*_<>#\[\]])", r"\\\1", text)


def _live(advice: Advice) -> tuple[str, ...]:
    """Return the keys of its messages, but for those that only the lab says."""
    return tuple(key for key in advice.messages if not key.startswith("lab-"))


def _template(text: Text | None, language: Language) -> str:
    shown: Mapping[str, str] = {name: f"‹{name}›" for name in placeholders(text.en)} if text else {}
    return text.say(language, **shown) if text else ""


def _plain(code: str) -> str:
    """Return a code without what people write around it, or leave out."""
    return re.sub(r"^(event|hr=|aadsts|0x|source:)+", "", re.sub(r"[\s_-]", "", code.casefold()))


def _nearest(wanted: str) -> tuple[str, ...]:
    known = {_plain(name): name for advice in ADVICE.values() for name in (*_live(advice), advice.id, *names(advice))}
    return tuple(known[near] for near in difflib.get_close_matches(wanted, known, NEAREST, cutoff=0.4))


def main() -> None:
    """Write the page of the project."""
    (project_root() / "docs" / "advice.md").write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
