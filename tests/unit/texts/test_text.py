"""Bilingual text: both languages or none, the same placeholders, and French typography without typing it."""

import re

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.texts import LANGUAGES, MESSAGES, Message, Text, fix_of, message, placeholders, render
from runbook_lib.texts.advice import advice_of

NAMES = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
# What is between placeholders: anything but braces, and not the spaces that French typography changes.
PLAIN = st.text(st.characters(exclude_characters="{} :;!?«»\u00a0", exclude_categories=("Cs",)), min_size=1)


@pytest.mark.parametrize(("en", "fr"), [("", "x"), ("x", ""), ("", "")])
def test_a_text_without_a_translation_cannot_be_made(en, fr):
    with pytest.raises(ValueError, match="translation"):
        Text(en=en, fr=fr)


@given(st.frozensets(NAMES), st.frozensets(NAMES))
def test_a_text_can_be_made_only_with_the_same_placeholders_in_both_languages(english, french):
    en, fr = ("x" + "".join(f"{{{name}}}" for name in sorted(names)) for names in (english, french))
    if english == french:
        assert placeholders(Text(en=en, fr=fr).fr) == english
    else:
        with pytest.raises(ValueError, match="placeholders"):
            Text(en=en, fr=fr)


@given(PLAIN, PLAIN, st.text())
def test_what_is_filled_in_stands_in_the_text_as_it_is(before, after, value):
    text = Text(en=f"{before}{{x}}{after}", fr=f"{after}{{x}}{before}")

    assert text.say("en", x=value) == f"{before}{value}{after}"
    assert text.say("fr", x=value) == f"{after}{value}{before}"


@given(st.text())
def test_french_typography_never_touches_what_is_filled_in(value):
    assert Text(en="{x}", fr="« {x} »").say("fr", x=value) == f"«\u00a0{value}\u00a0»"


@pytest.mark.parametrize("mark", [":", ";", "!", "?"])
def test_french_has_a_no_break_space_before_high_punctuation_and_english_has_none(mark):
    text = Text(en=f"a {mark}", fr=f"a {mark}")

    assert text.say("fr") == f"a\u00a0{mark}"
    assert text.say("en") == f"a {mark}"


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (True, "yes", "oui"),
        (False, "no", "non"),
        (None, "–", "–"),
        ((), "–", "–"),
        (("a", "b"), "a, b", "a, b"),
        (3, "3", "3"),
    ],
)
def test_values_are_shown_as_people_write_them(value, en, fr):
    text = Text(en="{x}", fr="{x}")

    assert (text.say("en", x=value), text.say("fr", x=value)) == (en, fr)


@pytest.mark.parametrize("language", LANGUAGES)
@given(count=st.integers(-999_999, 999_999) | st.floats(-5, 5).map(lambda number: round(number, 1)))
def test_what_goes_with_a_number_has_the_form_that_unicode_gives_it(language, count):
    """Below a million, from which on French puts another word between."""
    text = Text(en="{count:one|other}", fr="{count:one|other}")

    assert text.say(language, count=count) == Locale(language).plural_form(count)


def test_nothing_is_plural_in_english_and_singular_in_french():
    text = Text(en="{count} {count:step|steps}", fr="{count} {count:étape|étapes}")

    assert [text.say("en", count=count) for count in range(3)] == ["0 steps", "1 step", "2 steps"]
    assert [text.say("fr", count=count) for count in range(3)] == ["0 étape", "1 étape", "2 étapes"]


def test_no_text_leaves_the_choice_of_a_plural_to_its_reader():
    said = [each for entry in MESSAGES.values() for each in (entry.what, entry.fix) if each]

    assert [text.en for text in said if re.search(r"\w\(s\)", f"{text.en} {text.fr}")] == []


def test_a_message_of_no_catalogue_or_without_its_arguments_cannot_be_made():
    with pytest.raises(KeyError):
        message("no-such-message")
    with pytest.raises(ValueError, match="steps"):
        message("waits-for")


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_every_message_can_be_said_in_both_languages(key):
    entry = MESSAGES[key]
    wanted = placeholders(entry.what.en) | (placeholders(entry.fix.en) if entry.fix else frozenset())
    said = message(key, **dict.fromkeys(wanted, "§"))

    for language in LANGUAGES:
        text = render(said, language) + fix_of(said, language)
        assert text.count("§") >= len(wanted)
        assert "{" not in text
    assert bool(fix_of(said, "en")) == bool(entry.fix or ((advice := advice_of(said)) and advice.fix))


def test_a_message_is_data_and_no_sentence():
    assert message("waits-for", steps=("C1",)) == Message("waits-for", {"steps": ("C1",)})


def test_a_message_names_settings_as_they_are_called_in_its_language():
    said = message("rollback-by-hand", run="contoso/r1", settings=("Password writeback",))

    assert "Password writeback" in render(said, "en")
    assert "Écriture différée de mot de passe" in render(said, "fr")
    assert "Password writeback" not in render(said, "fr")
