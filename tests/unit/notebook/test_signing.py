"""A step done by hand, from the plan to the word on its card, in a shell without a browser and over the served lab."""

from collections.abc import Iterator
from typing import Any

import pytest

from runbook_lib.evidence import read_journal
from runbook_lib.model import Status
from runbook_lib.notebook.card import MIME, bundle
from runbook_lib.parameters import read_attested
from tests.notebooks.served import CONNECT, PORTAL, VERIFY, Served
from tests.pictures import png
from tests.unit.notebook.conftest import Cells
from tests.unit.notebook.hands import OPEN, Hands, events, having_class
from tests.unit.notebook.page import Page
from tests.unit.notebook.wire import Wire

STEPS = ("p3", "p4", "p5")
STEPS_OF_THE_WIZARD = [f"c{number}" for number in range(1, 9)]


class Signing(Hands):
    """A person who also signs, at the step that carries the plan out."""

    at = "p5"

    def page_of_form(self) -> Page:
        return self.page(self.at, "rk-attest-confirm")

    def card(self, step: str) -> str:
        return str(bundle(self.session.views.result(step), self.session.views.setting)["text/html"])

    def part(self, name: str) -> Any:
        (found,) = having_class(self.session.views.steps[self.at].panel.guided, name)
        return found

    @property
    def is_asked(self) -> bool:
        return bool(self.session.views.steps[self.at].panel.guided.children)

    def fill(self, *, write_back: bool = True) -> None:
        Wire(self.part("rk-paste")).arrives("add", png())
        self.part("rk-seen-write-back").value = write_back
        self.part("rk-seen-unlock").value = True
        self.part("rk-by").value = "Zoé Martin"

    def sign(self) -> None:
        self.page_of_form().press("attest", self.at.upper())
        self.settle()


@pytest.fixture
def signing(in_the_lab: Served, cells: Cells) -> Iterator[Signing]:
    """The portal's runbook of the tenant whose server side is on, every cell run once, and nothing done yet."""
    person = Signing(cells, PORTAL, in_the_lab.data("fabrikam", language="fr", sspr={"provider": "guided"}))
    person.run_all()
    person.settle()
    yield person
    person.session.close()


def test_a_plan_that_waits_for_a_person_asks_for_their_word_and_cannot_be_applied_without(signing: Signing) -> None:
    assert [signing.status(step) for step in STEPS] == [Status.NEEDS_OPERATOR] * 3
    assert signing.is_asked
    assert not signing.can("p5", "apply")
    assert not signing.page_of_form().can("attest", "p5")


def test_a_signed_word_is_carried_out_as_an_ordinary_run_and_stands_on_the_cards(
    signing: Signing, in_the_lab: Served
) -> None:
    signing.fill()
    signing.sign()

    assert [signing.status(step) for step in STEPS] == [Status.ATTESTED] * 3
    plan, applied = in_the_lab.runs("fabrikam")
    assert events(applied)[-1] == "finished"
    assert (applied / "attestations" / "screenshot-1.png").read_bytes() == png()
    word, _ = read_attested(plan / "attested-1" / "attestation.yml")
    (kept,) = [line for line in read_journal(applied / "journal.jsonl") if line.data.get("file") == "attestation.yml"]
    assert (word.by, kept.event) == ("Zoé Martin", "attestation-kept")

    views = signing.session.views
    shown: Any = bundle(views.result("p5"), views.setting)
    assert "Attesté par" in shown["text/html"]
    assert "data:image/jpeg;base64," in shown["text/html"]
    assert shown[MIME]["attestation"]["word"]["by"] == "Zoé Martin"
    assert not signing.is_asked
    assert signing.cells.run("run.finish()").success, signing.cells.printed


def test_a_word_that_differs_from_the_plan_is_taken_and_contradicts_it(signing: Signing) -> None:
    signing.fill(write_back=False)
    signing.sign()

    assert signing.status("p3") is Status.CONTRADICTED
    assert "attested-other-value" in signing.told("p3")
    assert "P3 contredit" in signing.cells.stop("run.finish()")


def test_looking_again_keeps_what_was_typed_while_the_plan_is_the_same(signing: Signing) -> None:
    signing.fill()
    signing.click("p5", "recheck")

    assert signing.is_asked
    assert signing.part("rk-by").value == "Zoé Martin"


def test_a_word_that_comes_while_something_else_goes_on_is_not_taken_and_says_so(
    signing: Signing, in_the_lab: Served
) -> None:
    signing.fill()
    signing.session._attempts.digest = "0" * 64  # noqa: SLF001
    signing.sign()

    assert "pas retenue" in signing.part("rk-attest-status").value
    assert len(in_the_lab.runs("fabrikam")) == 1


def test_a_word_that_holds_a_secret_of_the_run_is_refused_and_taken_away(signing: Signing, in_the_lab: Served) -> None:
    """It looks like a name, so only what the run knows can tell."""
    signing.session._attempts.reach.redactor.learn("Mot De Passe")  # noqa: SLF001
    signing.fill()
    signing.part("rk-by").value = "Mot De Passe"
    signing.sign()

    (plan,) = in_the_lab.runs("fabrikam")
    assert "attestation.yml" in signing.part("rk-attest-status").value
    assert not (plan / "attested-1").exists()
    assert signing.is_asked


def test_the_steps_of_the_wizard_are_signed_too_where_the_server_may_not_be_reached(
    in_the_lab: Served, cells: Cells
) -> None:
    """Also the last one, which comes after the step that carries the plan out; with what they saw beside the plan, if they looked.
    What to do is told until their word says that it was done.
    """
    person = Signing(cells, CONNECT, in_the_lab.data(language="fr") | {"sync_server": {"method": "guided"}})
    person.at = "c7"
    person.run_all()
    person.settle()
    assert (
        "ADSyncAdmins" in having_class(person.session.views.steps["c7"].panel.guided, "rk-guided")[0].children[2].value
    )
    assert "À la main" in person.card("c1")
    person.part("rk-seen-connect-writeback").value = True
    person.part("rk-seen-onboarded").value = True
    person.part("rk-seen-staging-mode").value = False
    person.part("rk-by").value = "Zoé Martin"
    person.sign()

    assert [person.status(step) for step in STEPS_OF_THE_WIZARD] == [Status.ATTESTED] * 8
    assert not [step for step in STEPS_OF_THE_WIZARD if "À la main" in person.card(step)]
    word, _ = read_attested(in_the_lab.runs()[0] / "attested-1" / "attestation.yml")
    assert word.values == {"connect_writeback": True, "onboarded": True, "staging_mode": False}
    assert person.cells.run("run.finish()").success, person.cells.printed
    person.session.close()


def test_what_a_person_sees_is_signed_also_where_nothing_is_left_to_change(in_the_lab: Served, cells: Cells) -> None:
    """The portal is in order, and only a person can tell of the page what the server was not asked for."""
    before = in_the_lab.state("fabrikam")
    data = in_the_lab.data("fabrikam", language="fr", sspr={"provider": "portal-api"})
    person = Signing(cells, PORTAL, data | {"sync_server": {"method": "guided"}})
    person.run_all()
    assert person.says("p5").startswith("Rien à changer sur fabrikam")
    assert "Enregistrer" not in person.part("rk-guided").children[2].value
    person.part("rk-by").value = "Zoé Martin"
    person.sign()

    assert person.status("p2") is Status.ATTESTED, person.told("p2")
    assert person.says("p5").startswith("Rien à appliquer en l'état")
    assert person.cells.run("run.finish()").success, person.cells.printed
    assert in_the_lab.state("fabrikam") == before
    person.session.close()


def test_where_a_person_can_only_look_the_panel_says_that_there_is_nothing_to_sign(
    in_the_lab: Served, cells: Cells
) -> None:
    person = Signing(cells, VERIFY, in_the_lab.data(language="en") | {"sync_server": {"method": "guided"}})
    assert cells.run(OPEN.format(slug=VERIFY)).success, cells.printed
    for number in range(1, 8):
        assert cells.run(f'run.step("v{number}")').success, cells.printed
    person.settle()

    person.at = person.session.runbook.applying[0].id
    assert person.says(person.at).startswith("Nothing to apply, and nothing to sign")
    assert not person.is_asked
    person.session.close()
