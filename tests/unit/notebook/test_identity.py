"""Who is signed in, as the banner, the overview, a panel and the cards of C4 and P1 say it."""

import pytest
from hypothesis import given

from runbook_lib.facts.tenant import ADMIN_ROLES
from runbook_lib.model import Fact, Json, Status, StepResult
from runbook_lib.notebook.card import Setting, card
from runbook_lib.notebook.identity import Identity, identity_line, signed_in
from runbook_lib.texts import LANGUAGES
from runbook_lib.texts.panels.sign_in import ROLE_NAMES
from tests.unit.notebook.made import HOSTILE, VALUES
from tests.unit.notebook.markup import Markup, refused

ADMIN = "admin@contoso.example"


def seen(step: str, **values: Json) -> StepResult:
    facts = tuple(Fact(name.replace("_", "-"), value, "signed_in_account") for name, value in values.items())
    return StepResult(step, Status.COMPLIANT, facts=facts)


def person(step: str = "c4", name: str = ADMIN, roles: Json = ("Hybrid Identity Administrator",)) -> StepResult:
    return seen(step, account=name, account_kind="user", roles=roles)


def test_a_person_is_named_with_the_roles_in_the_language_of_the_operator() -> None:
    results = {"c4": person(roles=["Global Administrator", "Hybrid Identity Administrator"])}

    assert identity_line(results, "en") == (
        f"Signed in as {ADMIN} — Global Administrator, Hybrid Identity Administrator"
    )
    assert identity_line(results, "fr") == (
        f"Connecté en tant que {ADMIN} — Administrateur général, Administrateur d'identité hybride"
    )


def test_a_person_without_a_role_is_said_to_have_none() -> None:
    assert identity_line({"p1": person("p1", roles=[])}, "en") == (
        f"Signed in as {ADMIN} — no administrator role held directly"
    )


def test_an_application_is_called_one_and_its_lack_of_roles_is_not_held_against_it() -> None:
    results = {"c4": seen("c4", account="Runbooks", account_kind="application", roles=[])}

    assert identity_line(results, "en") == "Signed in as the application Runbooks"
    assert identity_line(results, "fr") == "Connecté en tant qu'application Runbooks"


def test_nothing_is_said_before_somebody_looked() -> None:
    for results in ({}, {"c1": StepResult("c1", Status.COMPLIANT)}, {"c4": StepResult("c4", Status.TO_DO)}):
        assert signed_in(results) is None
        assert identity_line(results, "fr") == ""


def test_the_account_of_the_sync_server_is_nobody_who_signed_in_to_the_tenant() -> None:
    """C1 sees it too, under the same name."""
    assert signed_in({"c1": seen("c1", account="CONTOSO\\svc-runbook", computer="CONTOSO-SYNC01")}) is None


def test_who_was_seen_last_counts() -> None:
    results = {"c4": person(), "p1": person("p1", name="other@contoso.example"), "p2": StepResult("p2", Status.FAILED)}

    assert signed_in(results) == Identity("other@contoso.example", "user", ("Hybrid Identity Administrator",))


def test_every_role_that_may_do_this_has_a_name_in_both_languages() -> None:
    assert ROLE_NAMES.keys() == set(ADMIN_ROLES.values())


@pytest.mark.parametrize("step", ["c4", "p1"])
def test_the_card_of_the_step_that_looked_says_who_acts_without_being_unfolded(step: str) -> None:
    markup = card(person(step), Setting("fr", is_lab=True))

    assert f"Connecté en tant que {ADMIN} — Administrateur d&#x27;identité hybride" in markup.partition("<details")[0]
    assert "Connecté" not in card(StepResult("c1", Status.COMPLIANT), Setting("fr", is_lab=True))


@given(name=HOSTILE, roles=VALUES)
def test_no_name_and_no_role_becomes_markup(name: str, roles: Json) -> None:
    for language in LANGUAGES:
        assert refused(Markup(card(person(name=name, roles=roles), Setting(language, is_lab=False)))) == []
