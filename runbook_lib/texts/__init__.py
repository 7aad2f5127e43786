"""Every sentence a person reads, in English and French, and nothing else. The bottom of the house: it imports nothing."""

from __future__ import annotations

from collections.abc import Mapping

from runbook_lib.texts.advice import advice_of, of_named_event
from runbook_lib.texts.facts import setting_name
from runbook_lib.texts.messages import MESSAGES
from runbook_lib.texts.text import LANGUAGES, Argument, Entry, Language, Message, Text, placeholders

__all__ = [
    "LANGUAGES",
    "MESSAGES",
    "Argument",
    "Entry",
    "Language",
    "Message",
    "Text",
    "fix_of",
    "message",
    "render",
]


def message(key: str, **arguments: Argument) -> Message:
    """Return a message of the catalogue; a wrong key or argument name is a mistake of the programmer and raises."""
    entry = MESSAGES[key]
    wanted = placeholders(entry.what.en) | (placeholders(entry.fix.en) if entry.fix else frozenset())
    if missing := wanted - arguments.keys():
        raise ValueError(f"message {key!r} needs {sorted(missing)}")
    return Message(key, arguments)


def render(said: Message, language: Language) -> str:
    """Return what is the case, in one language."""
    return MESSAGES[said.key].what.say(language, **_named(said, language))


def fix_of(said: Message, language: Language) -> str:
    """Return what to do about it, in one language; empty when nothing is to be done.

    What is known of an event that the message names is nearer to the point than what the message says of all of them.
    """
    event, advice = of_named_event(said), advice_of(said)
    fix = (event and event.fix) or MESSAGES[said.key].fix or (advice and advice.fix)
    return fix.say(language, **_named(said, language)) if fix else ""


def _named(said: Message, language: Language) -> Mapping[str, Argument]:
    """Return a message's arguments, its settings by the names they have in one language: records keep the neutral ones."""
    settings = said.arguments.get("settings")
    if not isinstance(settings, tuple):
        return said.arguments
    return {**said.arguments, "settings": tuple(setting_name(setting, language) for setting in settings)}
