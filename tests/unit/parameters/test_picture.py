"""A screenshot is a PNG or JPEG picture that opens, whatever it is called and whatever it says of itself."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.parameters.picture import Picture, opened
from runbook_lib.texts import LANGUAGES, Message, fix_of, render
from tests.pictures import PRETENDERS, encoded, jpeg, png, screen


@pytest.mark.parametrize(("content", "suffix"), [(png(7, 5), "png"), (jpeg(7, 5), "jpg")])
def test_a_picture_is_told_by_what_it_holds(content: bytes, suffix: str) -> None:
    picture = opened(content)

    assert isinstance(picture, Picture)
    assert (picture.suffix, picture.content, picture.image.size) == (suffix, content, (7, 5))


@pytest.mark.parametrize(("content", "key"), PRETENDERS.values(), ids=PRETENDERS)
def test_what_only_pretends_is_refused_at_once_and_says_why_in_both_languages(content: bytes, key: str) -> None:
    began = time.monotonic()
    refusal = opened(content)

    assert isinstance(refusal, Message)
    assert refusal.key == key
    assert all(render(refusal, language) and fix_of(refusal, language) for language in LANGUAGES)
    assert time.monotonic() - began < 2


@given(st.sampled_from([png(9, 9), jpeg(9, 9), encoded(screen(64, 48), "JPEG", progressive=True)]), st.data())
def test_a_damaged_picture_is_a_picture_or_refused_and_nothing_else(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)):
        damaged[at] = value
    damaged = damaged[: data.draw(st.integers(0, len(content)))]

    assert isinstance(opened(bytes(damaged)), Picture | Message)
