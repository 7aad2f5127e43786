"""A run as one page: whole, in either language, without a script or an address to fetch; and the PDF that a browser makes of it."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.errors import CannotPrint, ParameterError
from runbook_lib.model import Status
from runbook_lib.notebook.card import Setting
from runbook_lib.notebook.export import page_of, write_report
from runbook_lib.notebook.overview import Heading
from runbook_lib.notebook.pdf import pdf_of
from runbook_lib.notebook.record import RecordView
from runbook_lib.runbooks import find
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.report import REPORT
from runbook_lib.texts.steps import RUNBOOKS
from runbook_lib.wiring.browsers import BROWSER, browser_path
from tests.notebooks.served import CONNECT
from tests.unit.notebook.made import BITES, HOSTILE, RESULTS, example
from tests.unit.notebook.markup import Markup

ADDRESS = re.compile(r"""(?:src|href)\s*=\s*["']?([^"'\s>]*)|url\(([^)]*)\)|@import""")
PAGE = "https://portal.azure.com/#view/Page"


def body(page: str) -> Markup:
    """What stands in a page, without its head."""
    return Markup(page[page.index("<main>") : page.index("</main>") + len("</main>")])


def view(language: Language = "en", *, text: str = "contoso", **changed: Any) -> RecordView:
    """A record with every state in it, and a text of one's choice in every field that a person or a system fills."""
    steps = [step.id for step in find(CONNECT).steps]
    states = [*Status][: len(steps)]
    known: dict[str, Any] = {
        "heading": Heading(CONNECT, text, text, "apply", text, change=text),
        "results": tuple(example(status, step) for status, step in zip(states, steps, strict=True)),
        "setting": Setting(language, is_lab=True, portal_page=PAGE, runbook=CONNECT),
        "opened_at": "2026-11-02T09:10:00Z",
        "last_at": "2026-11-02T09:12:00Z",
        "version": text,
        "head": "ab" * 32,
        "attempts": 2,
        "is_ended": True,
        "is_torn": False,
    }
    return RecordView(**known | changed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_the_run_was_and_what_its_record_is(language: Language) -> None:
    page = page_of(view(language, is_torn=True, is_ended=False))
    text = Markup(page.replace("<!doctype html>", "")).text

    assert f'<html lang="{language}">' in page
    for said in (RUNBOOKS[CONNECT].title.say(language), "contoso", "ab" * 32):
        assert said in text
    for name in ("record", "folder", "version", "begun", "last", "attempts", "not-ended", "torn-meaning", "journal"):
        assert REPORT[name].say(language) in text
    assert {f"step-{step.id}" for step in find(CONNECT).steps} <= set(re.findall(r'id="([^"]*)"', page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_before_which_lines_the_clock_was_set_back(language: Language) -> None:
    said = REPORT["clock-meaning"].say(language, count=2, lines="7, 19")

    assert said in Markup(page_of(view(language, went_back=(7, 19))).replace("<!doctype html>", "")).text
    assert REPORT["clock"].say(language) not in Markup(page_of(view(language)).replace("<!doctype html>", "")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_runs_nothing_and_fetches_nothing(language: Language) -> None:
    """Links lead elsewhere only when somebody follows them."""
    page = page_of(view(language))
    leads = {found[1] or found[2] for found in ADDRESS.finditer(page)}

    assert all(lead.startswith("#rk-") or lead == PAGE for lead in leads)
    assert not re.search(r"<(script|link|img|iframe|object|embed)", page)
    assert "default-src 'none'" in page


def test_every_link_inside_a_page_leads_somewhere_once() -> None:
    page = page_of(view())
    ids = re.findall(r'\bid="([^"]*)"', page)

    assert {lead[1:] for lead in re.findall(r'href="(#[^"]*)"', page)} <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_page_folds_nothing_away() -> None:
    page = page_of(view())

    assert "<details open" in page
    assert not re.search(r"<details(?! open)", page)


def test_a_page_is_the_same_whenever_it_is_drawn() -> None:
    assert page_of(view()) == page_of(view())


@given(text=HOSTILE.filter(bool) | st.sampled_from(BITES))
@settings(max_examples=40)
def test_no_text_in_any_field_becomes_part_of_a_page(text: str) -> None:
    """Neither of its elements nor of its style: the same page with harmless names has the same shape and the same rules."""
    spiced, plain = (body(page_of(view(text=each))) for each in (text, "x"))

    assert spiced.shape == plain.shape
    assert spiced.strange == []
    style = re.search(r"<style>(.*?)</style>", page_of(view(text=text)), re.DOTALL)
    assert style is not None
    assert re.fullmatch(
        r'[^"]*"(?:[A-Za-z0-9]|\\[0-9a-f]{6})*".*', style[1][style[1].index("@bottom-left") :], re.DOTALL
    )


@given(results=st.lists(RESULTS, min_size=1, max_size=3, unique_by=lambda result: result.step))
@settings(max_examples=30)
def test_no_result_becomes_part_of_a_page(results: list[Any]) -> None:
    page = page_of(view(results=tuple(results)))

    assert not re.search(r"<(script|img|iframe|svg)\b", page)
    assert body(page).strange == []


def test_a_report_is_for_its_owner_alone_and_never_replaces_another(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, b"one")
    write_report(path, b"one")

    with pytest.raises(ParameterError) as refused:
        write_report(path, b"two")

    assert refused.value.message.key == "report-exists"
    assert path.read_bytes() == b"one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_browser_makes_a_pdf_with_the_words_of_the_page() -> None:
    made = pdf_of(page_of(view("fr")))

    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") >= 1 or b"/Count" in made


def test_without_a_browser_the_refusal_names_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotPrint) as refused:
        pdf_of("<p>x</p>")

    assert refused.value.message.key == "no-browser"
    assert all(name in refused.value.say("fr") for name in ("Chromium", "Edge", BROWSER))


@pytest.mark.parametrize(
    ("script", "key"),
    [
        ("#!/bin/sh\nexit 3\n", "browser-failed"),
        ("#!/bin/sh\nexec sleep 60\n", "browser-too-slow"),
        ("no program", "browser-does-not-start"),
    ],
)
def test_a_browser_that_makes_no_pdf_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, key: str
) -> None:
    browser = tmp_path / "browser"
    browser.write_text(script, encoding="utf-8")
    browser.chmod(0o700)
    monkeypatch.setenv(BROWSER, str(browser))

    with pytest.raises(CannotPrint) as refused:
        pdf_of("<p>x</p>", patience=1)

    assert refused.value.message.key == key
    assert str(browser) in refused.value.say("en")


def test_the_browsers_of_windows_are_found_where_they_are_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Here: Edge, which comes with Windows, and is on no PATH."""
    edge = tmp_path / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.write_bytes(b"MZ")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))

    assert browser_path() == edge
