"""Bilingual text: both languages stand side by side, so a missing translation cannot be constructed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Literal

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")

# What a message may carry. Nested values are shown as they are, so keep them short.
Argument = str | int | float | bool | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages, with `{placeholders}` in the style of `str.format`.

    What depends on a number has both forms, `{count} {count:step|steps}`: singular, then plural.
    """

    en: str
    fr: str

    def __post_init__(self) -> None:
        if not self.en or not self.fr:
            raise ValueError(f"text without a translation: {self!r}")
        if placeholders(self.en) != placeholders(self.fr):
            raise ValueError(f"the placeholders differ between the languages: {self.en!r}")

    def say(self, language: Language, **arguments: Argument) -> str:
        """Return the text in one language, with its placeholders filled in."""
        template = _spaced(self.fr) if language == "fr" else self.en
        return template.format(**{name: _Said(value, language) for name, value in arguments.items()})


class _Said:
    """An argument on its way into a text: itself, or the word that goes with it as a number."""

    def __init__(self, value: Argument, language: Language) -> None:
        self._value, self._language = value, language

    def __format__(self, forms: str) -> str:
        """Return the argument, or one of two `|`-separated forms. French counts 0 and 1 as one, English only 1 (CLDR)."""
        if not forms:
            return shown(self._value, self._language)
        one, many = forms.split("|")
        number = abs(self._value) if isinstance(self._value, int | float) else 2
        is_one = number < 2 if self._language == "fr" else number == 1
        return one if is_one else many


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as the catalogue holds it: what is the case, and what to do about it."""

    what: Text
    fix: Text | None = None


@dataclass(frozen=True)
class Message:
    """A language-neutral message: a key of the catalogue and its arguments.

    Evidence keeps this form, so one record can be read in either language and has one digest.
    """

    key: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)


def _spaced(french: str) -> str:
    """Return French text with the no-break spaces that its punctuation wants, so that no author has to type them."""
    return re.sub(r" ([:;!?»])|(«) ", lambda found: f"\u00a0{found[1]}" if found[1] else f"{found[2]}\u00a0", french)


def placeholders(template: str) -> frozenset[str]:
    """Return the names of the placeholders of a template."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def shown(value: Argument, language: Language) -> str:
    """Return an argument as a person reads it: lists joined, truth values as words, absence as a dash."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        words = {"en": ("no", "yes"), "fr": ("non", "oui")}
        return words[language][value]
    if isinstance(value, tuple):
        return ", ".join(value) or "–"
    return str(value)
