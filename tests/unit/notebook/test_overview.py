"""The banner and the overview: what is done, what comes next, and that neither lets a value become markup."""

import json
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from runbook_lib.model import DONE, URGENCY, Status, StepResult
from runbook_lib.notebook.card import Setting, record
from runbook_lib.notebook.overview import (
    Heading,
    banner,
    next_action,
    overview,
    overview_record,
    plain_overview,
)
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.runbooks.ladder import LEVELS, NONE, Reached
from runbook_lib.runbooks.readiness import Readiness
from runbook_lib.texts import LANGUAGES, Language, message, render
from runbook_lib.texts.steps import RUNBOOKS as RUNBOOK_TEXTS
from runbook_lib.texts.words import LADDER_WORDS, STATUS_SIGNS, STATUS_WORDS, WORDS
from tests.unit.notebook.made import HOSTILE, RESULTS, example
from tests.unit.notebook.markup import Markup, refused

READ: TypeAdapter[list[StepResult]] = TypeAdapter(list[StepResult])
HEADING = Heading(
    "enable-connect-writeback", "contoso", "run-1", "plan", "outputs/contoso/run-1", plan_digest="ab" * 32
)

headings = st.builds(
    Heading,
    st.sampled_from(sorted(RUNBOOKS)),
    HOSTILE,
    HOSTILE,
    st.sampled_from(["plan", "apply"]),
    HOSTILE,
    HOSTILE,
    HOSTILE,
)
settings_of_cards = st.builds(Setting, st.sampled_from(LANGUAGES), st.booleans(), HOSTILE)


@given(heading=headings, results=st.lists(RESULTS, max_size=4), setting=settings_of_cards)
def test_no_text_becomes_markup(heading: Heading, results: list[StepResult], setting: Setting) -> None:
    for markup in (banner(heading, setting), overview(heading, results, setting)):
        assert refused(Markup(markup)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_counted_and_said(language: Language) -> None:
    results = [example(status) for status in Status]
    markup = Markup(overview(HEADING, results, Setting(language, is_lab=True)))

    for status in Status:
        assert markup.text.count(f"{STATUS_SIGNS[status]} {STATUS_WORDS[status].say(language)}") == 2
    assert f"{len(DONE)} " in markup.text
    assert refused(markup) == []


def test_the_most_urgent_step_comes_next() -> None:
    for first, second in permutations(URGENCY, 2):
        chosen = next_action([example(first, "c1"), example(second, "c2")])
        assert chosen is not None
        assert chosen.status is min(first, second, key=URGENCY.index)


def test_every_state_is_either_done_or_calls_for_action() -> None:
    assert set(URGENCY) | DONE == set(Status)
    assert set(URGENCY) & DONE == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_comes_next_when_all_is_done(language: Language) -> None:
    results = [example(Status.VERIFIED, step) for step in ("c1", "c2")]
    text = Markup(overview(HEADING, results, Setting(language, is_lab=True))).text

    assert next_action(results) is None
    assert WORDS["done"].say(language) in text
    assert WORDS["next-action"].say(language) not in text


@given(results=st.lists(RESULTS, min_size=1, max_size=4, unique_by=lambda result: result.step))
def test_the_records_in_a_notebook_make_the_overview_again_in_the_other_language(results: list[StepResult]) -> None:
    """The overview's own record holds the digests of the cards, and the cards' records hold the rest."""
    kept = json.loads(json.dumps(overview_record(HEADING, results)))
    again = READ.validate_json(json.dumps([record(result)["result"] for result in results]))
    heading = Heading(kept["runbook"], kept["tenant"], kept["run_id"], "", "", plan_digest=kept["plan_digest"])

    for language in LANGUAGES:
        setting = Setting(language, is_lab=True)
        assert overview(heading, again, setting) == overview(HEADING, results, setting)
    assert {result.step: record(result)["sha256"] for result in again} == {
        step: said["sha256"] for step, said in kept["steps"].items()
    }


def test_the_record_of_the_overview_is_the_same_in_every_language() -> None:
    assert "language" not in json.dumps(overview_record(HEADING, [example(Status.PLANNED)]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", ["plan", "apply"])
@pytest.mark.parametrize("is_lab", [True, False])
def test_the_banner_says_where_and_in_which_mode_before_anything_is_read(
    language: Language, mode: str, is_lab: bool
) -> None:
    heading = Heading(HEADING.runbook, "contoso", "run-1", mode, "outputs/contoso/run-1", change="CHG0030042")
    text = Markup(banner(heading, Setting(language, is_lab))).text

    profile = "lab" if is_lab else "live"
    said = [WORDS[name].say(language) for name in (profile, f"{profile}-banner", f"mode-{mode}")]
    for piece in (*said, RUNBOOK_TEXTS[heading.runbook].title.say(language), "contoso", "run-1", "CHG0030042"):
        assert piece in text


VERDICTS = {
    Readiness.READY: Status.COMPLIANT,
    Readiness.WARNINGS: Status.COMPLIANT,
    Readiness.UNDECIDED: Status.NEEDS_OPERATOR,
    Readiness.BLOCKED: Status.BLOCKED,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", Readiness)
def test_a_verdict_is_said_in_words_with_what_is_open_below_it(verdict: Readiness, language: Language) -> None:
    heading = Heading("preflight", "contoso", "run-1", "plan", "outputs/contoso/run-1", verdict=verdict)
    results = [example(VERDICTS[verdict], "f1")]
    text = Markup(overview(heading, results, Setting(language, is_lab=True))).text

    assert f"{WORDS['verdict'].say(language)} · {WORDS[verdict].say(language)}" in text
    assert (WORDS["next-action"].say(language) in text) == (next_action(results) is not None)
    assert WORDS["done"].say(language) not in text
    assert overview_record(heading, results)["verdict"] == verdict


def test_a_runbook_that_changes_something_has_no_verdict() -> None:
    assert WORDS["verdict"].say("en") not in Markup(overview(HEADING, [], Setting("en", is_lab=True))).text


def test_a_plan_without_changes_asks_for_no_approval() -> None:
    nothing = Heading("enable-connect-writeback", "contoso", "run-1", "plan", "outputs/contoso/run-1")
    setting = Setting("en", is_lab=True)

    assert WORDS["plan-digest"].say("en") not in Markup(overview(nothing, [], setting)).text
    assert HEADING.plan_digest in Markup(overview(HEADING, [], setting)).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", ["", NONE, *LEVELS])
def test_the_level_is_said_with_what_keeps_it_from_the_next(level: str, language: Language) -> None:
    why = None if level == LEVELS[-1] else message("ladder-blocked", step="V4")
    heading = Heading("preflight", "contoso", "run-1", "plan", "outputs/contoso/run-1", ladder=Reached(level, why))

    shown = Markup(overview(heading, [], Setting(language, is_lab=True)))
    texts = (" ".join(shown.text.split()), plain_overview(heading, [], language))
    assert all(LADDER_WORDS[level].say(language) in text for text in texts)
    assert all((WORDS["not-higher"].say(language) in text) is (why is not None) for text in texts)
    assert why is None or render(why, language) in texts[1]
    assert overview_record(heading, [])["ladder"]["level"] == level


def test_a_run_that_has_not_ended_has_no_level() -> None:
    assert WORDS["ladder"].say("en") not in Markup(overview(HEADING, [], Setting("en", is_lab=True))).text
    assert plain_overview(HEADING, [], "en") == ""
