"""`python -m tests.browser.pictures`: writes the pictures of docs/pictures from the running product, on the lab, in both languages.

No test: what is in a picture is for people to judge. A test does see to it that every picture has its place in a page.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from runbook_lib.evidence.sealing.checking import Trust
from runbook_lib.notebook import status_page
from runbook_lib.notebook.export import page_of
from runbook_lib.notebook.record import view_of
from runbook_lib.notebook.sealing import seal_run
from runbook_lib.notebook.status_tables import seals_of
from runbook_lib.notebook.status_view import View
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.wiring import project_root
from runbook_lib.wiring.standings import standings
from tests import fleet
from tests.browser.driver import LONGEST, Desk, Tab, Theme, chromium
from tests.browser.jupyter import jupyter
from tests.browser.test_guided_portal import fill
from tests.made_up_fleet import made_up_fleet
from tests.notebooks.served import BIN, CONNECT, PORTAL, Served, serve
from tests.sealed import manner, roster, signer

PICTURES = project_root() / "docs" / "pictures"
COLOURS = 128
MOST_BYTES = 150_000
SIZE = {"width": 1100, "height": 1400}  # the longest form is in it as a whole
DARK: Language = "en"
# Tenants of a fleet that is planned while the picture is taken.
PLANNED_TOGETHER, SEED = 24, 3
FLEET = ("adatum", "alpineski", "contoso", "fabrikam", "fourthcoffee", "litware", "lucerne", "margies", "northwind", "proseware",
         "tailspin", "treyresearch", "wideworld", "wingtip", "woodgrove")  # fmt: skip


def main() -> None:
    """Write all pictures anew."""
    expect.set_options(timeout=LONGEST)
    PICTURES.mkdir(exist_ok=True)
    for language in LANGUAGES:
        with a_desk() as (desk, served):
            first_runbook(desk, served, language)
            guided_runbook(desk, served, language)
        many_tenants(language)
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        all_tenants(browser)
        browser.close()


@contextmanager
def a_desk() -> Iterator[tuple[Desk, Served]]:
    """A browser before JupyterLab before the lab."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as place, serve() as served, sync_playwright() as playwright:
        browser = chromium(playwright)
        with jupyter(Path(place), served.environment()) as ready:
            desk = Desk(browser, ready, Path(place), viewport=SIZE)
            yield desk, served
            desk.close()
        browser.close()


def many_tenants(language: Language) -> None:
    """A fleet of the lab that is planned in a notebook: while it goes on, and what the end of it looks like."""
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as place,
        made_up_fleet(PLANNED_TOGETHER, SEED) as lab,
        sync_playwright() as playwright,
    ):
        browser = chromium(playwright)
        with jupyter(Path(place), lab.environment()) as ready:
            desk = Desk(browser, ready, Path(place), viewport=SIZE)
            tab = desk.open(desk.working_copy(language, "fleet", {"jobs": 8})).begin_all()
            tab.wait_for(
                "half => parseInt(document.querySelector('.rk-fleet')?.textContent ?? '0') >= half",
                arg=PLANNED_TOGETHER // 2,
            )
            keep(outputs(tab, "plan"), language, "fleet")
            tab.wait_idle()
            if language == DARK:
                keep(outputs(tab.theme("dark"), "plan"), language, "fleet", "dark")
            desk.close()
        browser.close()


def first_runbook(desk: Desk, served: Served, language: Language) -> None:
    """From the opening panel to the report."""
    new = desk.open(desk.working_copy(language, CONNECT, {"language": language}))
    new.run("given").run("open")
    expect(new.book.locator(".rk-opening-badge")).not_to_be_empty()
    new.book.locator(".rk-opening-top").click()
    keep(new.book.locator(".rk-opening"), language, "opening")
    tab = desk.open(desk.working_copy(language, CONNECT, served.data(language=language))).run_all()
    expect(tab.widget("c7", "confirm").locator("input")).to_be_enabled()
    keep(outputs(tab, "step-c7"), language, "planned")
    tab.apply("c7")
    expect(tab.card("c8")).to_contain_text("✔")
    expect(tab.widget("c7", "recheck")).to_be_enabled()
    keep(outputs(tab, "step-c7"), language, "applied")
    if language == DARK:
        keep(outputs(tab.theme("dark"), "step-c7"), language, "applied", "dark")
        tab.theme("light")
    tab.run("finish")
    keep(outputs(tab, "finish"), language, "overview")
    report(desk, served.runs()[-1], language)


def report(desk: Desk, run: Path, language: Language) -> None:
    """The top of the page that is made of a record."""
    page = desk.context.new_page()
    page.set_viewport_size({"width": 1100, "height": 1000})
    page.set_content(page_of(view_of(run)))
    keep(page, language, "report")


def all_tenants(browser: Browser) -> None:
    """The page over a fleet: copies of the runs of the demo, one that stopped and one that somebody changed."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as place:
        rehearsed, outputs = Path(place) / "demo", Path(place) / "outputs"
        subprocess.run(
            [str(BIN / "runbook"), "demo", "--outputs", str(rehearsed)], check=True, stdout=subprocess.DEVNULL
        )
        runs = sorted((path.parent for path in rehearsed.glob("*/*/journal.jsonl")), key=lambda run: run.name)
        fleet.grown(outputs, runs, FLEET)
        changed = next(run for run in runs if b'"event":"sending"' in (run / "journal.jsonl").read_bytes())
        who = signer()
        for run in sorted(outputs.glob("*/*"))[::-3]:
            seal_run(run, manner(who))
        fleet.cut_off(fleet.copied(changed, outputs, "woodgrove", "20261130T100000Z-2", timedelta(hours=2)))
        fleet.damage(fleet.copied(runs[0], outputs, "lucerne", "20261129T120000Z-2", timedelta(days=1)))
        found = standings(outputs, fleet.NOW)
        seals = seals_of(found, Trust(roster(who)))
        for language in LANGUAGES:
            view = View(
                language,
                fleet.NOW,
                "outputs",
                outputs,
                lambda run: f"runbook resume outputs/{run.parent.name}/{run.name}",
                seals,
            )
            for theme in ("light", "dark") if language == DARK else ("light",):
                page = browser.new_context(color_scheme=theme, viewport={"width": 1100, "height": 1500}).new_page()
                page.set_content(status_page.page_of(found, view))
                keep(page, language, "status", theme)


def guided_runbook(desk: Desk, served: Served, language: Language) -> None:
    """The form of a step that a person does, filled in and not signed yet."""
    data = served.data("fabrikam", language=language, sspr={"provider": "guided"})
    tab = desk.open(desk.working_copy(language, PORTAL, data)).run_all()
    expect(tab.widget("p5", "attest")).to_be_visible()
    fill(tab)
    keep(tab.panel("p5"), language, "guided")


def outputs(tab: Tab, cell_id: str) -> Locator:
    return tab.cell(cell_id).locator(".jp-Cell-outputArea")


def keep(shown: Locator | Page, language: Language, name: str, theme: Theme = "light") -> None:
    """Write one picture, with few colours: it is kept for good in the history of the project."""
    image = Image.open(BytesIO(shown.screenshot(animations="disabled"))).convert("RGB")
    path = PICTURES / f"{name}.{language}{'' if theme == 'light' else f'.{theme}'}.png"
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{path.name} has {size} bytes; at most {MOST_BYTES} are kept")
    sys.stdout.write(f"{path.relative_to(project_root())}  {image.width} x {image.height}, {size} bytes\n")


if __name__ == "__main__":
    main()
