"""A person's word is taken when it is complete, once, for exactly the plan that was shown; what is missing is said in plain words."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.errors import AttestationError
from runbook_lib.model import Change, Status, StepResult
from runbook_lib.notebook.guided_form import Asked, GuidedForm, steps_by_hand
from runbook_lib.notebook.guided_steps import instructions
from runbook_lib.parameters import read_attested
from runbook_lib.parameters.attestation import SeenValues
from runbook_lib.runbooks.portal_steps import UNLOCK, WRITE_BACK
from runbook_lib.texts import LANGUAGES
from runbook_lib.texts.facts import SETTING_NAMES
from runbook_lib.texts.panels.attesting import SEEN
from tests.pictures import jpeg, png
from tests.unit.notebook.markup import Markup
from tests.unit.notebook.page import Page
from tests.unit.notebook.wire import Wire

PAGE = "https://portal.example/#view/OnPremisesIntegration"
CHANGES = (
    Change("operator", "set_on_portal_page", WRITE_BACK, None, True),
    Change("operator", "set_on_portal_page", UNLOCK, None, False),
)


class Filled:
    """A form, what it handed over, and a person who fills it in."""

    def __init__(self, folder: Path, language: Any = "en", steps: tuple[str, ...] = ("p3", "p4", "p5")) -> None:
        self.handed: list[Path] = []
        self.asked = Asked("p5", steps, "3b1f" * 16, "3d9e5ca2-8d30-4b2e-9f76-2e4d9c13a003", "contoso", CHANGES, folder)
        self.form = GuidedForm(self.asked, language, PAGE, self.on_attest)

    def on_attest(self, path: Path) -> None:
        self.handed.append(path)

    def part(self, css: str) -> Any:
        def found(widget: Any) -> list[Any]:
            here = [widget] if css in getattr(widget, "_dom_classes", ()) else []
            return here + [part for child in getattr(widget, "children", ()) for part in found(child)]

        (only,) = found(self.form.widget)
        return only

    def fill(self, **values: Any) -> None:
        for name, value in {
            "rk-seen-write-back": True,
            "rk-seen-unlock": False,
            "rk-by": "Zoé Martin",
        }.items():
            self.part(name).value = values.get(name.removeprefix("rk-").replace("-", "_"), value)

    @property
    def page(self) -> Page:
        """A page that draws the button to sign now."""
        return Page(self.part("rk-buttons"))

    def sign(self, typed: str = "P5") -> None:
        self.page.press("attest", typed)

    @property
    def said(self) -> str:
        return unescape(re.sub("<[^>]+>", " ", self.part("rk-attest-status").value)).strip()

    @property
    def is_armed(self) -> bool:
        return self.page.can("attest", "p5")


def test_nothing_is_filled_in_for_the_person_and_what_is_missing_is_said(tmp_path: Path) -> None:
    filled = Filled(tmp_path)

    assert not filled.is_armed
    assert [filled.part(css).value for css in ("rk-seen-write-back", "rk-seen-unlock", "rk-by", "rk-second")] == [
        "",
        "",
        "",
        "",
    ]
    assert filled.said.startswith(
        "Still missing: what you see for “Write back passwords to your on-premises directory”; what you see for"
    )
    assert filled.said.endswith("; your name. There is no screenshot.")


def test_a_word_that_holds_a_secret_is_refused_and_nothing_of_it_is_written(tmp_path: Path) -> None:
    """Somebody pasted into the field for the name what was on the clipboard."""
    filled = Filled(tmp_path)
    pasted = "Bearer 0.AXoAyEuKmiZxOhuVh9e8Y9UUq5L2kHPWBCNQZMCCNJ8As76j17El42xHig7"
    filled.fill(by=pasted)
    filled.sign()

    assert filled.handed == []
    assert "attestation.yml" in filled.said
    assert pasted not in filled.said
    assert list(tmp_path.iterdir()) == []


def test_a_complete_word_is_written_for_exactly_that_plan_and_handed_over(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    wire = Wire(filled.form.zone)
    wire.arrives("add", png())
    wire.arrives("add", jpeg())
    filled.fill()
    filled.part("rk-second").value = " Sacha Dubois "
    before = datetime.now(UTC)
    filled.sign()

    (path,) = filled.handed
    word, (_, *pictures) = read_attested(path)
    assert (word.plan, word.tenant, word.steps) == (filled.asked.plan, filled.asked.tenant, ("p3", "p4", "p5"))
    assert (word.by, word.second_person, word.values) == (
        "Zoé Martin",
        "Sacha Dubois",
        {"write_back": True, "unlock": False},
    )
    assert timedelta() <= datetime.fromisoformat(word.at) - before < timedelta(seconds=30)
    assert [(each.name, each.content) for each in pictures] == [
        ("screenshot-1.png", png()),
        ("screenshot-2.jpg", jpeg()),
    ]
    assert path.parent == tmp_path / "attested-1"


def test_signing_disarms_the_form_so_that_a_double_click_signs_once(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    filled.fill()
    page = filled.page
    page.press("attest", "p5")
    page.press("attest", "p5")

    assert len(filled.handed) == 1


def test_every_word_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    for _ in range(3):
        filled.fill()
        filled.sign()

    assert [path.parent.name for path in filled.handed] == ["attested-1", "attested-2", "attested-3"]


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"seen_unlock": ""}, "what you see for “Allow users to unlock accounts"),
        ({"by": "  "}, "your name"),
    ],
)
def test_an_incomplete_word_is_not_taken_even_if_the_browser_clicks(tmp_path: Path, values: Any, missing: str) -> None:
    filled = Filled(tmp_path)
    filled.fill(**values)
    filled.sign()

    assert not filled.is_armed
    assert missing in filled.said
    assert (filled.handed, list(tmp_path.iterdir())) == ([], [])


def test_the_second_person_is_somebody_else(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    filled.fill()
    filled.part("rk-second").value = "ZOÉ  martin"
    filled.sign()

    assert "a second person other than you" in filled.said
    assert filled.handed == []


def test_what_differs_from_the_plan_may_be_signed_and_is_said_before(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    filled.fill(seen_write_back=False)

    assert filled.is_armed
    assert "the plan wants yes and you say no" in filled.said
    filled.sign()
    assert read_attested(filled.handed[0])[0].values["write_back"] is False


def test_a_word_without_a_screenshot_is_taken_and_that_there_is_none_is_said(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    filled.fill()

    assert filled.is_armed
    assert filled.said.endswith("There is no screenshot.")
    Wire(filled.form.zone).arrives("add", png())
    assert "screenshot" not in filled.said


def test_that_signing_has_changes_sent_is_said_before(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    assert "send" not in filled.said
    sent = Change("portal", "set_policy", WRITE_BACK, False, True)
    filled.form.ask(replace(filled.asked, changes=(*CHANGES, sent)))

    assert "Signing also has the kit send 1 change of this plan" in filled.said


def test_while_something_goes_on_nothing_is_signed(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    filled.form.busy(True)
    filled.fill()
    filled.sign()
    assert (filled.handed, filled.is_armed) == ([], False)

    filled.form.busy(False)
    assert filled.is_armed


def test_a_signature_that_comes_in_the_middle_of_something_else_is_said_to_have_come_to_nothing(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    filled.fill()
    page = filled.page
    filled.form.busy(True)
    page.press("attest", "p5")
    filled.form.busy(False)

    assert filled.handed == []
    assert filled.said.startswith("Not signed: what you confirmed came while something else was going on.")
    filled.sign()
    assert len(filled.handed) == 1
    assert "Not signed" not in filled.said


def test_another_plan_needs_another_look_and_another_signature(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    filled.fill()
    Wire(filled.form.zone).arrives("add", png())
    filled.form.ask(Asked("p5", ("p3", "p5"), "ab" * 32, filled.asked.tenant, "contoso", CHANGES[:1], tmp_path))

    assert filled.part("rk-by").value == "Zoé Martin"
    assert (filled.part("rk-seen-write-back").value, filled.form.zone.pictures) == ("", ())
    filled.fill()
    filled.sign()
    assert read_attested(filled.handed[0])[0].plan == "ab" * 32


def test_a_word_that_is_refused_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    filled.fill(by="Zoé\u202eMartin")
    filled.sign()

    assert "by:" in filled.said
    assert (filled.handed, list(tmp_path.iterdir())) == ([], [])


def test_what_the_run_says_about_the_word_is_shown(tmp_path: Path) -> None:
    class Refusing(Filled):
        def on_attest(self, path: Path) -> None:
            raise AttestationError("attestation-of-another-plan", file=path.name, plan="x")

    filled = Refusing(tmp_path, "fr")
    filled.fill()
    filled.sign()

    assert "porte sur un autre plan" in filled.said


def test_an_error_that_nobody_foresaw_is_shown_without_what_it_says(tmp_path: Path) -> None:
    class Failing(Filled):
        def on_attest(self, path: Path) -> None:
            raise ValueError("hunter2")

    filled = Failing(tmp_path)
    filled.fill()
    filled.sign()

    assert "ValueError" in filled.said
    assert "hunter2" not in filled.said


def test_a_step_that_shows_no_value_needs_a_name_and_a_signature_only(tmp_path: Path) -> None:
    filled = Filled(tmp_path, steps=("c5",))
    filled.part("rk-by").value = "Zoé Martin"
    filled.sign()

    assert read_attested(filled.handed[0])[0].values == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_of_each_label_are_shown_and_the_page_is_a_link(language: Any) -> None:
    markup = Markup(instructions("p5", ("p3", "p4", "p5"), CHANGES, language, page=PAGE, tenant="contoso"))

    for seen in (SEEN["write_back"], SEEN["unlock"]):
        assert seen.label.en in markup.text
        assert seen.label.fr.replace(" ?", "\u00a0?") in markup.text
    assert [attributes["href"] for tag, attributes in markup.elements if tag == "a"] == [PAGE]
    assert [tag for tag, _ in markup.elements].count("ol") == 1
    assert "Save" in markup.text
    assert "Enregistrer" in markup.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("letter", "enabled", "event"), [("c", True, "31005"), ("d", False, "31013")])
def test_the_wizard_is_gone_through_page_by_page_with_its_labels_in_both_languages(
    language: Any, letter: str, enabled: bool, event: str
) -> None:
    change = Change("operator", "set_in_wizard", "Password writeback", None, enabled)
    steps = tuple(f"{letter}{number}" for number in range(1, 9))
    markup = Markup(instructions(f"{letter}7", steps, (change,), language, page=PAGE, tenant="contoso"))

    for page in ("Welcome › Configure", "Bienvenue › Configurer", "Optional features › Password writeback", "Sortie"):
        assert page in markup.text
    assert event in markup.text
    assert [tag for tag, _ in markup.elements if tag == "a"] == []
    assert [tag for tag, _ in markup.elements].count("li") == 8 + len(steps)


def test_names_from_elsewhere_are_text_in_the_instructions() -> None:
    bite = "<script>alert(1)</script>"
    change = Change("operator", "x", bite, None, True)
    markup = Markup(instructions("p5", ("p3",), (change,), "en", page=f'"{bite}', tenant=bite))

    assert "script" not in [tag for tag, _ in markup.elements]
    assert markup.text.count(bite) >= 3


def test_the_steps_that_wait_for_a_word_are_those_that_need_an_operator() -> None:
    results = [
        StepResult("c4", Status.COMPLIANT),
        StepResult("c5", Status.NEEDS_OPERATOR),
        StepResult("c7", Status.PLANNED),
    ]

    assert steps_by_hand(results) == ("c5",)


def test_every_value_that_can_be_attested_has_its_question_and_its_setting_a_name() -> None:
    assert SEEN.keys() == SeenValues.model_fields.keys()
    assert {seen.setting for seen in SEEN.values() if seen.setting} <= SETTING_NAMES.keys()
