"""Tenants by steps as a picture, and tables that show themselves: readable without colour, small, and no markup of a name's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.model import Status
from runbook_lib.notebook.fleet_picture import MOST_ROWS, OUTCOMES, Progress, Row, drawn, plain
from runbook_lib.notebook.shown_table import MOST_ROWS as MOST_SHOWN
from runbook_lib.notebook.shown_table import Column, shown_table
from runbook_lib.runbooks import find
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.fleet_book import FLEET_OUTCOMES
from runbook_lib.texts.words import STATUS_SIGNS, STATUS_WORDS
from tests.notebooks.served import CONNECT
from tests.unit.notebook.markup import Markup

STEPS = [step.id for step in find(CONNECT).steps]


def progress(count: int, name: str = "tenant", **how: object) -> Progress:
    """A fleet in which every state and every outcome is met."""
    states = list(Status)
    rows = [
        Row(
            f"{name}-{n}",
            {step: states[(n // 7 + k) % len(states)].value for k, step in enumerate(STEPS)},
            OUTCOMES[n // 3 % len(OUTCOMES)],
        )
        for n in range(count)
    ]
    return Progress(rows, STEPS, 60.0, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [MOST_ROWS, MOST_ROWS + 200])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_outcome_stands_there_as_a_sign_and_a_word(language: Language, count: int) -> None:
    shown = Markup(drawn(progress(count), language)).text

    assert [each for each in Status if STATUS_SIGNS[each] not in shown] == []
    assert [each for each in Status if STATUS_WORDS[each].say(language) not in shown] == []
    assert [each for each in OUTCOMES if FLEET_OUTCOMES[each].say(language) not in shown] == []


@pytest.mark.parametrize("count", [2, MOST_ROWS + 1])
@settings(max_examples=30)
@given(name=st.text(min_size=1, max_size=30))
def test_no_name_becomes_markup(count: int, name: str) -> None:
    hostile = f"<img src=x onerror=1>'\"&{name}"
    picture = drawn(progress(count, hostile, said=(hostile,), asked=(hostile,)), "en")
    table = shown_table([{"tenant": hostile, "page": "javascript:1"}], COLUMNS, "en")._repr_html_()

    for markup in (picture, table):
        assert {tag for tag, _ in Markup(markup).elements} <= DRAWN
        assert "onerror" not in {key for _, seen in Markup(markup).elements for key in seen}


DRAWN = frozenset({"b", "br", "div", "span", "table", "tbody", "td", "th", "thead", "tr"})
COLUMNS = (Column("tenant"), Column("page", kind="link"))


def test_a_thousand_tenants_are_a_picture_that_can_be_sent_again_and_again() -> None:
    rows = [
        Row(f"tenant-{n}", dict.fromkeys(STEPS, "planned" if n % 30 else "blocked"), "to-approve") for n in range(1000)
    ]

    assert len(drawn(Progress(rows, STEPS, 60.0), "en")) < 100_000


def test_it_says_how_many_ended_at_which_rate_and_how_long_the_rest_takes() -> None:
    rows = [Row(f"tenant-{n}", {}, "in-order" if n < 30 else "waiting") for n in range(90)]

    assert plain(Progress(rows, STEPS, 60.0), "en").startswith(
        "30 of 90 tenants planned · 30 a minute · about 2 minutes left"
    )
    assert "en 1 minute" in plain(Progress(rows, STEPS, 60.0, is_over=True), "fr")


def test_a_table_has_heads_in_its_language_and_what_is_filtered_from_it_too() -> None:
    table = shown_table([{"tenant": "a", "page": "https://x.example/"}, {"tenant": "b", "page": ""}], COLUMNS, "fr")
    chosen = table[table["tenant"] == "a"]

    shown = Markup(chosen._repr_html_())
    assert "Locataire" in shown.text
    assert ("a", "https://x.example/") in {(tag, seen.get("href")) for tag, seen in shown.elements}
    assert "b" not in shown.text.split()
    assert "Personne" in shown_table([], COLUMNS, "fr", if_empty="nobody")._repr_html_()


def test_a_long_table_says_how_many_rows_it_does_not_show() -> None:
    table = shown_table([{"tenant": f"t{n}", "page": ""} for n in range(MOST_SHOWN + 5)], COLUMNS, "en")

    assert "5 more rows" in table._repr_html_()
