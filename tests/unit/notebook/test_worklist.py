"""The worklist of a fleet: the same in both languages, nothing that runs or is fetched, whatever a tenant or a record is called."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.notebook.worklist import Task, Work, Worklist, csv_of_work, page_of
from runbook_lib.texts import LANGUAGES, Language
from tests.fleet import NOW
from tests.notebooks.served import PORTAL
from tests.unit.notebook.made import BITES, HOSTILE
from tests.unit.notebook.test_export import body

PAGE = "https://portal.azure.com/#view/Page"


def work(text: str = "contoso", page: str = PAGE, **changed: bool) -> Work:
    """A tenant with a text of one's choice in every field that a person or a system fills."""
    tasks = [
        Task("p3", {"en": f"Write back {text}", "fr": f"Réécrire {text}"}, is_label=True),
        Task("p5", {"en": f"Save {text}", "fr": f"Enregistrer {text}"}, is_label=False),
    ]
    folder = Path("outputs") / text.replace("/", "∕").replace("\0", "") / "run"
    return Work(
        text, folder, tasks, page, changed.get("is_wizard", False), f"runbook apply -p {text}", f"digest {text}"
    )


def worklist(*works: Work) -> Worklist:
    return Worklist(PORTAL, "20261130T120000Z-plan", 40, works, NOW)


def drawn(*works: Work, language: Language = "en") -> str:
    return page_of(worklist(*works), language, Path("outputs/_batches"), Path("outputs/status.html"))


def table(*works: Work) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(csv_of_work(worklist(*works)).decode("utf-8-sig"), newline="")))


def test_the_page_has_labels_in_both_languages_and_sentences_in_its_own() -> None:
    """The portal's language is not the operator's."""
    english, french = (body(drawn(work(), language=language)).text for language in LANGUAGES)

    for text in ("Write back contoso", "Réécrire contoso"):
        assert text in english
        assert text in french
    assert ("Save contoso" in english, "Enregistrer contoso" in english) == (True, False)
    assert ("Save contoso" in french, "Enregistrer contoso" in french) == (False, True)
    assert "1 of 40 tenants needs a person" in english
    assert "1 locataire requiert une personne, sur 40" in french


def test_both_languages_lead_to_the_same() -> None:
    english, french = (
        [seen["href"] for tag, seen in body(drawn(work(), work("fabrikam"), language=language)).elements if tag == "a"]
        for language in LANGUAGES
    )

    assert english == french
    assert english == ["../status.html", PAGE, "../contoso/run", PAGE, "../fabrikam/run"]


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "data:text/html,x", "http://portal.example", "//elsewhere", ""]
)
def test_only_an_address_of_the_web_that_is_encrypted_becomes_a_link(page: str) -> None:
    links = [seen["href"] for tag, seen in body(drawn(work(page=page))).elements if tag == "a"]

    assert links == ["../status.html", "../contoso/run"]


def test_what_is_done_in_the_wizard_says_so_in_place_of_a_page() -> None:
    assert "In the wizard, on the sync server" in body(drawn(work(page="", is_wizard=True))).text


@given(st.one_of(st.sampled_from(BITES), HOSTILE), st.sampled_from(LANGUAGES))
def test_no_text_of_a_record_becomes_part_of_the_page(text: str, language: Language) -> None:
    plain, bitten = (body(drawn(work(name), language=language)) for name in ("contoso", text))

    assert bitten.shape == plain.shape
    assert bitten.strange == []


def test_the_page_runs_nothing_and_fetches_nothing() -> None:
    page = drawn(*map(work, BITES))

    assert not re.search(r"<(script|link|img|image|iframe|object|embed|use|form)\b", page)
    assert "default-src 'none'" in page


def test_the_table_has_a_row_a_step_with_both_languages() -> None:
    rows = table(work(), work("fabrikam"))

    assert [(row["tenant"], row["step"]) for row in rows] == [
        (tenant, step) for tenant in ("contoso", "fabrikam") for step in ("P3", "P5")
    ]
    assert (rows[0]["to_do_en"], rows[0]["to_do_fr"]) == ("Write back contoso", "Réécrire contoso")
    assert (rows[0]["title_en"], rows[0]["title_fr"]) == ("Write back passwords", "Réécrire les mots de passe")
    assert (rows[0]["run"], rows[0]["page"], rows[0]["runbook"]) == ("run", PAGE, PORTAL)


@pytest.mark.parametrize("name", ["=1+1", "@sum", "-2", "+3", "\tx", "=HYPERLINK(1)"])
def test_no_name_becomes_a_formula_of_a_spreadsheet(name: str) -> None:
    for row in table(work(name)):
        assert row["tenant"] == f"'{name}"
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())


def test_a_name_that_is_no_text_is_written_all_the_same() -> None:
    """Such as one that an old system wrote in its own code page."""
    named = work("caf\udce9")

    assert {row["tenant"] for row in table(named)} == {"caf?"}
    assert "caf?" in body(drawn(named)).text
