"""The sentences of ours in each language, to be looked for where they must not stand."""

from collections.abc import Iterator
from functools import cache
from string import Formatter

from runbook_lib.model import Json
from runbook_lib.texts import LANGUAGES, MESSAGES, Language, Text
from runbook_lib.texts.advice import ADVICE
from runbook_lib.texts.messages import lab
from runbook_lib.texts.steps import STEPS

# What people read, but for labels of the portal, which stand in both languages, and what the lab's systems say of themselves.
SPOKEN = [
    *(text for key, entry in MESSAGES.items() if key not in lab.MESSAGES for text in (entry.what, entry.fix) if text),
    *(text for advice in ADVICE.values() for text in (advice.cause, advice.fix) if text),
    *(step.does for step in STEPS.values()),
]


@cache
def fragments(language: Language) -> frozenset[str]:
    """What is said in one language alone: the parts of sentences between what is filled in, if they have several words."""
    parts = {each: {part for text in SPOKEN for part in _parts_of(text, each)} for each in LANGUAGES}
    return frozenset(
        part for part in parts[language] if not any(part in other for other in parts[other_than(language)])
    )


def _parts_of(text: Text, language: Language) -> Iterator[str]:
    template = getattr(text, language)
    return (part.strip() for part, *_ in Formatter().parse(template) if len(part.strip()) > 12 and " " in part.strip())


def other_than(language: Language) -> Language:
    """The language that something is not read in."""
    return "en" if language == "fr" else "fr"


@cache
def is_said(text: str) -> bool:
    """Tell whether a text holds a part of a sentence of ours, in either language."""
    return any(part in text for language in LANGUAGES for part in fragments(language))


def filled_in(value: Json) -> Iterator[str]:
    """Every text in some data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (text for each in value for text in filled_in(each))
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in filled_in(each))
