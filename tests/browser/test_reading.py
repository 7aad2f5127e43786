"""What is kept of a run as a page, read in a real browser: light and dark, on a narrow screen, and with markup in every field."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from runbook_lib.notebook.export import page_of
from runbook_lib.texts import LANGUAGES, Language
from tests.unit.notebook.made import BITES
from tests.unit.notebook.test_export import view


def page_at(browser: Browser, tmp_path: Path, html: str, **options: Any) -> Page:
    file = tmp_path / "report.html"
    file.write_text(html, encoding="utf-8")
    page = browser.new_context(**options).new_page()
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_breaks_no_rule_of_accessibility_and_fits_a_narrow_screen(
    browser: Browser, tmp_path: Path, language: Language, scheme: str
) -> None:
    page = page_at(
        browser,
        tmp_path,
        page_of(view(language, is_torn=True)),
        color_scheme=scheme,
        viewport={"width": 700, "height": 900},
    )

    found = Axe().run(page)

    assert [each["id"] for each in found.response["violations"]] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    page.context.close()


@pytest.mark.parametrize("bite", BITES)
def test_markup_in_a_value_never_runs_in_a_report(browser: Browser, tmp_path: Path, bite: str) -> None:
    page = page_at(browser, tmp_path, page_of(view(text=bite)))

    assert page.evaluate("document.scripts.length + document.images.length") == 0
    page.context.close()
