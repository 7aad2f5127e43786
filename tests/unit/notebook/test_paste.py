"""Screenshots from the browser: taken when they are pictures, shown reduced, taken back; and whatever else it sends harms nothing."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.notebook.paste import MOST_PASTED_BYTES, PasteZone
from runbook_lib.texts import LANGUAGES
from tests.pictures import PRETENDERS, encoded, jpeg, png, screen
from tests.unit.notebook.wire import Wire


def zone(language: Any = "en") -> tuple[PasteZone, Wire, list[int]]:
    """A zone, its wire, and how many pictures were there each time that something changed."""
    counts: list[int] = []
    made = PasteZone(language, lambda: counts.append(len(made.pictures)))
    return made, Wire(made), counts


def test_pictures_are_taken_in_order_and_shown_reduced_under_the_names_they_will_have() -> None:
    here, wire, counts = zone()
    first, second = encoded(screen()), jpeg(50, 40)
    wire.arrives("add", first)
    shown = wire.arrives("add", second)

    assert [picture.content for picture in here.pictures] == [first, second]
    assert counts == [1, 2]
    assert [each["about"] for each in shown["pictures"]] == [
        f"screenshot-1.png: PNG, 1920 × 1080 pixels, {round(len(first) / 1000)} kB",
        "screenshot-2.jpg: JPEG, 50 × 40 pixels, 1 kB",
    ]
    assert shown["said"] == "screenshot-2.jpg is here. Look whether it shows the right page."
    assert all(each["preview"].startswith("data:image/jpeg;base64,") for each in shown["pictures"])
    assert all(len(each["preview"]) < 20_000 for each in shown["pictures"])


def test_a_picture_can_be_taken_back_and_the_others_move_up() -> None:
    here, wire, counts = zone()
    for content in (png(3), jpeg(4), png(5)):
        wire.arrives("add", content)
    shown = wire.arrives({"remove": 1})

    assert [picture.content for picture in here.pictures] == [jpeg(4), png(5)]
    assert shown["said"] == "screenshot-1.png is removed."
    assert [(each["number"], each["about"].partition(":")[0]) for each in shown["pictures"]] == [
        (2, "screenshot-1.jpg"),
        (3, "screenshot-2.png"),
    ]
    assert counts == [1, 2, 3, 2]


def test_a_view_that_asks_is_shown_what_is_there_and_nothing_changes() -> None:
    _, wire, counts = zone()
    told = wire.arrives("add", png())

    assert wire.arrives("ask") == {**told, "asked": True}
    assert counts == [1]


def test_the_same_picture_twice_is_one() -> None:
    here, wire, _ = zone()
    wire.arrives("add", png())

    assert wire.arrives("add", png())["said"] == "This picture is already here."
    assert len(here.pictures) == 1


def test_there_is_a_most() -> None:
    here, wire, _ = zone("fr")
    for width in range(1, 8):
        shown = wire.arrives("add", png(width))

    assert len(here.pictures) == 6
    assert shown["said"] == "6 images au maximum. Retirez-en d'abord une."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("content", [content for content, _ in PRETENDERS.values()], ids=PRETENDERS)
def test_what_only_pretends_to_be_a_picture_is_not_taken_whatever_the_browser_let_through(
    content: bytes, language: Any
) -> None:
    here, wire, counts = zone(language)

    assert wire.arrives("add", content)["said"]
    assert (here.pictures, counts) == ((), [])


def test_more_bytes_than_the_connection_carries_are_refused_before_they_are_looked_at() -> None:
    here, wire, _ = zone()
    large = png() + bytes(MOST_PASTED_BYTES)

    assert "more than 8 MB" in wire.arrives("add", large)["said"]
    assert here.pictures == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=5,
)
MESSAGES = JSON | st.sampled_from(
    ["add", "ask", "remove", {"remove": True}, {"remove": "1"}, {"remove": 1, "add": 1}, {"add": 1}]
)


@settings(max_examples=200)
@given(st.lists(st.tuples(MESSAGES, st.lists(st.binary(max_size=40), max_size=3)), max_size=5))
def test_whatever_a_browser_sends_no_error_arises_and_what_was_handed_in_stays(hostile: list[Any]) -> None:
    here, wire, _ = zone()
    wire.arrives("add", png())
    for content, buffers in hostile:
        wire.arrives(content, *buffers)

    assert [picture.content for picture in here.pictures] == [png()]


def test_a_message_that_is_not_understood_says_so_and_does_nothing() -> None:
    _, wire, counts = zone()
    said = {
        wire.arrives(content, *buffers)["said"]
        for content, buffers in (("add", ()), ("add", (b"", b"")), (7, (png(),)))
    }

    assert said == {"What the browser sent was not understood, and nothing was taken."}
    assert counts == []


def test_what_the_browser_writes_into_the_state_changes_neither_limit_nor_pictures() -> None:
    here, wire, _ = zone()
    here.set_state({"most_bytes": 10**12, "words": {"how": "<script>alert(1)</script>"}})

    assert "more than 8 MB" in wire.arrives("add", png() + bytes(MOST_PASTED_BYTES))["said"]


def test_no_picture_is_part_of_the_state_that_a_notebook_may_be_saved_with() -> None:
    here, wire, _ = zone()
    (shown,) = wire.arrives("add", png())["pictures"]

    assert shown["preview"] not in repr(here.get_state())


def test_the_zone_can_be_emptied() -> None:
    here, wire, counts = zone()
    wire.arrives("add", png())
    here.clear()

    assert (here.pictures, wire.sent[-1]) == ((), {"asked": False, "said": "", "pictures": []})
    assert counts == [1, 0]
