"""A message as it is told to a person: beside what is the case also why, what to do, and where to go on."""

from __future__ import annotations

from collections.abc import Iterator

from runbook_lib.texts import Language, Message, fix_of
from runbook_lib.texts.advice import Advice, advice_of
from runbook_lib.texts.steps import RUNBOOKS
from runbook_lib.texts.words import WORDS

PAGE = "docs/advice.md"


def told(said: Message, language: Language, here: str = "") -> Iterator[tuple[str, str]]:
    """Yield what goes with a message, as label and sentence, in the order in which it is read.

    `here` is the runbook that the person is in: being sent to it means to run it again.
    """
    advice = advice_of(said)
    if advice:
        yield WORDS["why"].say(language), advice.cause.say(language)
    if fix := fix_of(said, language):
        yield WORDS["what-to-do"].say(language), fix
    if advice:
        yield from where_next(advice, language, here)
        yield WORDS["advice"].say(language), anchor(advice)


def where_next(advice: Advice, language: Language, here: str = "") -> Iterator[tuple[str, str]]:
    """Yield the runbook to open next, when one helps."""
    if not advice.next_runbook:
        return
    if advice.next_runbook == here:
        yield WORDS["open-next"].say(language), WORDS["this-again"].say(language)
    else:
        title = RUNBOOKS[advice.next_runbook].title.say(language)
        yield WORDS["open-next"].say(language), f"{advice.next_runbook} — {title}"


def anchor(advice: Advice) -> str:
    """Return where the advice stands in the docs."""
    return f"{PAGE}#{advice.id}"
