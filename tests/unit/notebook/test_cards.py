"""Cards: what they say in every state and language, that no value becomes markup, and that the record makes them again."""

import json
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from runbook_lib.model import Change, Status, StepResult
from runbook_lib.notebook.card import MIME, Setting, bundle, card, plain, record
from runbook_lib.notebook.style import COLOURS
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import STATUS_SIGNS, STATUS_WORDS, WORDS
from tests.unit.notebook.made import FINISHED, HOSTILE, RESULTS, example
from tests.unit.notebook.markup import BITES_ARE_FOUND, Markup, declarations, refused

PAGE = "https://portal.azure.com/#view/Page"
READ: TypeAdapter[StepResult] = TypeAdapter(StepResult)

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_status = pytest.mark.parametrize("status", Status)


def drawn(result: StepResult, language: Language = "en", *, page: str = PAGE) -> Markup:
    return Markup(card(result, Setting(language, is_lab=True, portal_page=page)))


@every_language
@every_status
def test_every_state_is_said_with_its_sign_its_word_and_its_colour(status: Status, language: Language) -> None:
    markup = drawn(example(status), language)
    chip = next(
        attributes["style"]
        for tag, attributes in markup.elements
        if "border-radius:10px" in attributes.get("style", "")
    )

    assert f"{STATUS_SIGNS[status]} {STATUS_WORDS[status].say(language)}" in markup.text
    assert dict(declarations(chip))["background-color"] == COLOURS[status]


def test_no_two_states_look_alike_without_colour() -> None:
    for language in LANGUAGES:
        said = {(STATUS_SIGNS[status], STATUS_WORDS[status].say(language)) for status in Status}
        assert len({sign for sign, _ in said}) == len({word for _, word in said}) == len(Status)


@every_language
@every_status
def test_a_card_holds_only_what_an_untrusting_viewer_keeps(status: Status, language: Language) -> None:
    for step, target in product(("c7", "p3", "p5"), ("sync-server", "operator")):
        assert refused(drawn(example(status, step, target=target), language)) == []


@pytest.mark.parametrize("bite", BITES_ARE_FOUND)
def test_what_a_viewer_would_drop_is_found(bite: str) -> None:
    """The check of the other tests can fail."""
    assert refused(Markup(bite)) != []


@given(result=RESULTS, language=st.sampled_from(LANGUAGES), page=HOSTILE)
def test_no_text_of_a_system_or_a_person_becomes_markup(result: StepResult, language: Language, page: str) -> None:
    """Whatever stands in any field: the elements and attributes are ours, and a viewer keeps them."""
    markup = drawn(result, language, page=page)

    assert refused(markup) == []
    assert {attributes["href"] for tag, attributes in markup.elements if tag == "a"} <= {page}
    assert {attributes["class"] for _, attributes in markup.elements if "class" in attributes} == {
        f"rk-step rk-{result.step}"
    }


@given(result=RESULTS)
def test_the_elements_do_not_depend_on_what_the_fields_say(result: StepResult) -> None:
    """The same result with harmless names has the same elements: no text opens, closes or adds one."""
    harmless = replace(
        result,
        facts=tuple(replace(fact, source="s", value="v") for fact in result.facts),
        changes=tuple(replace(change, setting="s", before="b", after="a", arguments={}) for change in result.changes),
    )
    spiced = replace(
        harmless,
        facts=tuple(replace(fact, source='"><script>', value="</td><b onclick=x>") for fact in harmless.facts),
        changes=tuple(
            replace(change, setting="<i>", before="'\">", after="<!--", arguments={"</pre>": "<br>"})
            for change in harmless.changes
        ),
    )

    assert drawn(spiced).shape == drawn(harmless).shape


@given(text=HOSTILE)
def test_a_value_is_shown_as_it_is(text: str) -> None:
    change = Change("sync-server", "act", text, None, text)
    markup = drawn(StepResult("c6", Status.PLANNED, changes=(change,), started_at=FINISHED, finished_at=FINISHED))

    assert bare(text) in bare(markup.text)


def bare(text: str) -> str:
    """A text without what a parser of markup reads in a way of its own: line ends and the null character."""
    return "".join(text.replace("\ufffd", "").replace("\0", "").split())


@given(result=RESULTS, language=st.sampled_from(LANGUAGES))
def test_the_record_makes_the_same_card_again_in_either_language(result: StepResult, language: Language) -> None:
    """What an auditor finds in the notebook is enough, and its digest is of what the card says."""
    kept = json.loads(json.dumps(bundle(result, Setting("fr", is_lab=True))[MIME]))
    again = READ.validate_json(json.dumps(kept["result"]))

    assert card(again, Setting(language, is_lab=True)) == card(result, Setting(language, is_lab=True))
    assert plain(again, language) == plain(result, language)
    assert record(again)["sha256"] == kept["sha256"]


@given(result=RESULTS)
def test_the_digest_moves_with_what_was_found_and_not_with_when(result: StepResult) -> None:
    later = replace(result, started_at="2027-01-01T00:00:00+00:00", finished_at="2027-01-01T00:00:01+00:00")
    other = replace(result, status=next(status for status in Status if status is not result.status))

    assert record(later)["sha256"] == record(result)["sha256"]
    assert record(other)["sha256"] != record(result)["sha256"]


@every_language
@every_status
def test_a_bundle_says_the_state_in_every_form(status: Status, language: Language) -> None:
    made = bundle(example(status), Setting(language, is_lab=False))

    assert set(made) == {"text/html", "text/plain", MIME}
    assert STATUS_SIGNS[status] in str(made["text/html"])
    assert str(record(example(status))["sha256"]) in str(made["text/html"]) or status is Status.TO_DO
    assert "<" not in str(made["text/plain"])


@every_language
@every_status
def test_only_what_was_sent_is_called_sent(status: Status, language: Language) -> None:
    """A card that says *sent* of a plan would be a lie in the evidence."""
    text = drawn(example(status), language).text
    sent = status in {Status.APPLIED, Status.VERIFIED, Status.FAILED, Status.UNKNOWN, Status.ROLLED_BACK}

    assert (WORDS["was-run"].say(language) in text) is sent
    assert (WORDS["would-run"].say(language) in text) is not sent


@pytest.mark.parametrize("is_lab", [True, False])
@every_language
def test_every_card_says_whether_it_is_the_lab(is_lab: bool, language: Language) -> None:
    text = Markup(card(example(Status.PLANNED), Setting(language, is_lab))).text

    assert (WORDS["lab"].say(language) in text, WORDS["live"].say(language) in text) == (is_lab, not is_lab)


def test_a_way_that_microsoft_does_not_support_is_labelled() -> None:
    result = example(Status.PLANNED)
    unsupported = replace(result, changes=(replace(result.changes[0], unsupported=True),))

    assert WORDS["unsupported"].say("en") in drawn(unsupported).text
    assert WORDS["unsupported"].say("en") not in drawn(result).text


@every_language
def test_what_is_done_in_the_wizard_leads_to_no_page_of_the_portal(language: Language) -> None:
    change = Change("operator", "set_in_wizard", "Password writeback", None, True)
    result = replace(example(Status.NEEDS_OPERATOR, "c6", target="operator"), changes=(change,))

    markup = drawn(result, language)

    assert "a" not in {tag for tag, _ in markup.elements}
    for label in ("Optional features › Password writeback", "Fonctionnalités facultatives › Écriture différée"):
        assert label in markup.text
    assert WORDS["by-hand-wizard"].say(language) in markup.text


@every_language
@pytest.mark.parametrize("step", ["p3", "p4"])
def test_what_is_done_by_hand_names_the_page_and_its_labels_in_both_languages(step: str, language: Language) -> None:
    """The portal speaks the administrator's language, which need not be the operator's."""
    markup = drawn(example(Status.NEEDS_OPERATOR, step, target="operator"), language)

    assert ("a", {"href": PAGE}) in [(tag, {"href": seen.get("href", "")}) for tag, seen in markup.elements]
    for each in LANGUAGES:
        assert STEPS[step].where.say(each) in markup.text


@every_status
def test_what_needs_attention_is_open(status: Status) -> None:
    """Facts are unfolded where something is wrong, so that nobody has to look for why."""
    folded = [attributes for tag, attributes in drawn(example(status)).elements if tag == "details"]
    wants = status in {Status.BLOCKED, Status.FAILED, Status.UNKNOWN, Status.CONTRADICTED}

    assert ("open" in folded[-1]) is wants


def test_a_step_not_looked_at_claims_no_time_and_no_evidence() -> None:
    markup = drawn(StepResult("c8", Status.TO_DO))

    assert STEPS["c8"].does.say("en") in markup.text
    assert "sha256" not in markup.text


@every_language
def test_the_language_of_a_card_is_marked(language: Language) -> None:
    _, attributes = drawn(example(Status.VERIFIED), language).elements[0]

    assert attributes["lang"] == language
