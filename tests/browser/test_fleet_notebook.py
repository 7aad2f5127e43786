"""The notebook over many tenants before a browser: Run All fills the picture and applies nothing, it can be stopped, anybody may read it."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from runbook_lib.notebook.fleet_picture import MOST_ROWS, progress_bundle
from runbook_lib.notebook.shown_table import Column, shown_table
from tests.browser.driver import Desk, Tab
from tests.browser.test_untrusted import kept
from tests.notebooks.served import CONNECT, PREFLIGHT, Served
from tests.unit.notebook.markup import Markup
from tests.unit.notebook.test_fleet_picture import progress

TENANTS = ("contoso", "fabrikam", "tailspin")
OURS = (".rk-fleet-banner", ".rk-fleet", ".rk-table", ".rk-fleet-approve")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
HOSTILE = "<img src=x onerror='window.ran=1'><script>window.ran=2</script>"
STYLES = """() => [...document.querySelectorAll('.jp-OutputArea-output .rk-fleet, .jp-OutputArea-output .rk-table')].map(drawn => ({
    styles: [drawn, ...drawn.querySelectorAll('*')].filter(each => each.hasAttribute('style'))
        .map(each => each.getAttribute('style').replaceAll(/\\s/g, '')),
    text: drawn.textContent,
}))"""


@pytest.fixture
def folder(served: Served, tmp_path: Path) -> Path:
    """The files of the three tenants."""
    (place := tmp_path / "tenants").mkdir()
    for name in TENANTS:
        served.file(name, language="en").rename(place / f"{name}.yml")
    return place


def opened(desk: Desk, language: str, **given: object) -> Tab:
    return desk.open(desk.working_copy(language, "fleet", given))


def test_run_all_fills_the_picture_and_applies_nothing(desk: Desk, served: Served, folder: Path) -> None:
    """The page can be used by everybody, light and dark, and is not wider than a narrow screen."""
    before = [served.state(name) for name in TENANTS]
    tab = opened(desk, "fr", fleet=str(folder), runbook=CONNECT).run_all()

    picture = tab.book.locator(".rk-fleet")
    expect(picture).to_contain_text("3 sur 3 locataires planifiés")
    expect(picture.locator("td[title='Prévu']")).to_have_count(4)
    assert [served.state(name) for name in TENANTS] == before
    assert [len(served.runs(name)) for name in TENANTS] == [1, 1, 1]
    expect(tab.cell("approve")).to_contain_text("apply enable-connect-writeback")
    for own in OURS:
        found = Axe().run(tab.page, context=own, options=RULES)
        assert [problem["id"] for problem in found.response["violations"]] == [], found.generate_report()
    found = Axe().run(tab.theme("dark").page, context=".rk-fleet", options=RULES)
    assert [problem["id"] for problem in found.response["violations"]] == [], found.generate_report()
    tab.theme("light").page.set_viewport_size({"width": 700, "height": 900})
    wider = "own => [...document.querySelectorAll(own)].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    assert tab.page.evaluate(wider, ", ".join(OURS)) == []


def test_interrupting_the_kernel_lets_those_that_run_come_to_their_end_and_begins_no_other(
    desk: Desk, served: Served, folder: Path
) -> None:
    served.world.tenant("fabrikam").faults.add("slow_server")  # so that the kernel hears of it before the last is begun
    tab = opened(desk, "en", fleet=str(folder), runbook=PREFLIGHT, jobs=1).begin_all()
    picture = tab.book.locator(".rk-fleet")
    expect(picture.locator("td[style*='color']", has_text="=").first).to_be_attached()
    tab.interrupt()
    expect(picture).to_contain_text("no further tenant is begun")
    served.world.tenant("fabrikam").faults.discard("slow_server")
    tab.wait_idle()

    expect(tab.stops("plan")).to_contain_text("not run")
    expect(tab.stops("plan")).to_contain_text("tailspin")
    assert served.runs("tailspin") == []
    tab.run("outcomes")
    expect(tab.cell("outcomes")).to_contain_text("contoso")


@pytest.mark.parametrize("trusted", [False, True])
def test_whoever_reads_it_sees_every_style_and_text_and_no_name_becomes_markup(desk: Desk, trusted: bool) -> None:
    bundles = [progress_bundle(progress(count, HOSTILE, is_over=True), "fr") for count in (3, MOST_ROWS + 60)]
    table = shown_table(
        [{"tenant": HOSTILE, "page": "https://portal.azure.com/"}],
        (Column("tenant"), Column("page", kind="link")),
        "fr",
    )
    bundles.append({"text/html": table._repr_html_()})
    tab = desk.read(kept(desk, f"fleet-{trusted}.ipynb", bundles), trusted=trusted)
    tab.page.locator(".rk-table").first.wait_for(state="attached")

    shown = tab.page.evaluate(STYLES)
    made = [Markup(str(content["text/html"])) for content in bundles]
    assert [drawn["styles"] for drawn in shown] == [
        ["".join(seen["style"].split()) for _, seen in markup.elements if "style" in seen] for markup in made
    ]
    assert ["".join(drawn["text"].split()) for drawn in shown] == ["".join(markup.text.split()) for markup in made]
    assert tab.page.evaluate("window.ran") is None
