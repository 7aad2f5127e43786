"""The page over all tenants in a real browser: nothing against the rules of accessibility, light or dark, on a narrow screen, and alone."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from runbook_lib.model import Status
from runbook_lib.notebook.status_page import page_of
from runbook_lib.notebook.status_tables import seals_of
from runbook_lib.notebook.status_view import View
from runbook_lib.notebook.worklist import page_of as worklist_page
from runbook_lib.runbooks import find
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.wiring.standings import standings
from tests.browser.driver import Theme
from tests.fleet import NOW, all_steps, finished, judged, run_of
from tests.notebooks.served import CONNECT, PORTAL
from tests.unit.notebook.made import BITES
from tests.unit.notebook.test_worklist import work, worklist

NARROW = 700


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every state, every level, a name that fits no column, one of each trouble, and names that bite."""
    outputs = tmp_path_factory.mktemp("fleet")
    steps = [step.id for step in find(CONNECT).steps]
    for place, level in enumerate(("L0", "L1", "L2", "L3", "L4", "none", "")):
        states = [*Status][place:] + [*Status][:place]
        said = judged(**dict(zip(steps, (state.value for state in states), strict=False)))
        run_of(outputs, f"tenant-{place}", *said, finished(), level=level, ago=timedelta(days=20 * place))
    run = run_of(outputs, "n" * 63, *all_steps("verified", PORTAL), finished(), runbook=PORTAL, profile="lab")
    for name in ("report.fr.html", "notebook.ipynb"):
        (run / name).write_text("x", encoding="utf-8")
    run_of(outputs, "stopped", *judged(c1="compliant", c6="planned"), ("sending", {"change": {}}))
    damaged = run_of(outputs, "damaged", *all_steps("verified"), finished())
    (damaged / "journal.jsonl").write_text("no journal\n", encoding="utf-8")
    run_of(outputs, "from-the-future", *all_steps("verified"), finished(), ago=-timedelta(days=3))
    for number, bite in enumerate(BITES):
        place = run_of(outputs, f"x{number}", *judged(c1="blocked"), finished(1)).parent
        place.rename(outputs / bite.replace("/", "∕").replace("\0", ""))
    return outputs


def opened(browser: Browser, fleet: Path, place: Path, language: Language, **options: Any) -> tuple[Page, list[str]]:
    """The page from the disk, as a person opens it, and everything that it asked for."""
    found = standings(fleet, NOW)

    def resume(run: Path) -> str:
        return f"runbook resume outputs/{run.parent.name}/{run.name}"

    view = View(language, NOW, fleet.name, place, resume, seals_of(found))
    file = place / "status.html"
    file.write_text(page_of(found, view), encoding="utf-8")
    page = browser.new_context(**options).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.on("console", lambda said: asked.append(said.text))
    page.goto(file.as_uri())
    return page, [each for each in asked if each != file.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_breaks_no_rule_of_accessibility_fits_a_narrow_screen_and_asks_for_nothing(
    browser: Browser, fleet: Path, tmp_path: Path, language: Language, scheme: Theme
) -> None:
    size = {"width": NARROW, "height": 900}
    page, asked = opened(browser, fleet, tmp_path, language, color_scheme=scheme, viewport=size)

    found = Axe().run(page)

    assert [each["id"] for each in found.response["violations"]] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert page.evaluate("document.scripts.length + document.images.length") == 0
    assert asked == []
    page.context.close()


def test_names_and_bars_differ_from_the_page_behind_them_in_light_and_dark(
    browser: Browser, fleet: Path, tmp_path: Path
) -> None:
    """Every level has a colour of its own in either theme, and the page takes the theme of the system."""
    colours = {}
    for scheme in ("light", "dark"):
        page, _ = opened(browser, fleet, tmp_path, "en", color_scheme=scheme)
        colours[scheme] = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor,"
            " ...[...document.querySelectorAll('.legend rect')].map(each => getComputedStyle(each).fill)]"
        )
        page.context.close()

    assert [len(set(each)) for each in colours.values()] == [8, 8]
    assert colours["light"][0] != colours["dark"][0]


def test_on_paper_nothing_stays_folded(browser: Browser, fleet: Path, tmp_path: Path) -> None:
    page, _ = opened(browser, fleet, tmp_path, "en")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    last = page.locator(".grid td.s").last
    assert not last.is_visible()

    page.emulate_media(media="print")

    assert last.is_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worklist_breaks_no_rule_of_accessibility_fits_a_narrow_screen_and_asks_for_nothing(
    browser: Browser, tmp_path: Path, language: Language, scheme: Theme
) -> None:
    """With names that bite, and one that fits no column."""
    file = tmp_path / "worklist.html"
    works = worklist(*map(work, (*BITES, "n" * 63)), work("wizard", page="", is_wizard=True))
    file.write_text(worklist_page(works, language, tmp_path, tmp_path / "status.html"), encoding="utf-8")
    size = {"width": NARROW, "height": 900}
    page = browser.new_context(color_scheme=scheme, viewport=size).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: asked.append(said.text))
    page.goto(file.as_uri())

    found = Axe().run(page)

    assert [each["id"] for each in found.response["violations"]] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert asked == [file.as_uri()]
