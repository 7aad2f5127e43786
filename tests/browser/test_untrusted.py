"""What somebody else sees of a run in JupyterLab, without a kernel: every style, every text and every link, and no markup of a value's."""

from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from runbook_lib.model import Status
from runbook_lib.notebook.card import Setting, bundle
from runbook_lib.notebook.history import EarlierChange
from runbook_lib.notebook.overview import Heading, banner_bundle, overview_bundle
from runbook_lib.runbooks import find
from runbook_lib.runbooks.ladder import Reached
from runbook_lib.texts import LANGUAGES, Language, message
from tests.browser.driver import Desk, Theme
from tests.notebooks.served import CONNECT
from tests.unit.notebook.made import FINISHED, example
from tests.unit.notebook.markup import Markup
from tests.unit.notebook.test_export import view

STEPS = [step.id for step in find(CONNECT).steps]
HEADING = Heading(
    CONNECT,
    "contoso",
    "run-1",
    "apply",
    "outputs/contoso/run-1",
    change="CHG0030042",
    plan_digest="ab" * 32,
    verdict="undecided",
    ladder=Reached("L1", message("ladder-blocked", step="V4")),
)
MADE = example(Status.VERIFIED).changes
EARLIER = EarlierChange("run-0", FINISHED, "tester", Status.VERIFIED, MADE)

# What a viewer could take away: every declaration, and every text, of everything that is drawn.
ALL_OF_IT = """() => [...document.querySelectorAll('.jp-OutputArea-output .rk-step, .rk-overview, .rk-banner')].map(drawn => ({
    styles: [drawn, ...drawn.querySelectorAll('*')].filter(each => each.hasAttribute('style'))
        .map(each => each.getAttribute('style').replaceAll(/\\s/g, '')),
    text: drawn.textContent,
}))"""


def everything(language: Language) -> list[dict[str, object]]:
    """The bundles of a banner, an overview and a card of every state, with every block that a card may have."""
    results = [example(status, STEPS[n % len(STEPS)]) for n, status in enumerate(Status)]
    setting = Setting(language, is_lab=True, portal_page="https://portal.azure.com/#view/Page", runbook=CONNECT)
    by_hand = example(Status.NEEDS_OPERATOR, "p3", target="operator")
    unchanged = example(Status.COMPLIANT, "c6")
    cards = [bundle(result, setting) for result in [*results, by_hand]]
    quiet = bundle(type(unchanged)(unchanged.step, unchanged.status, unchanged.facts), setting, EARLIER)
    return [banner_bundle(HEADING, setting), overview_bundle(HEADING, results[: len(STEPS)], setting), *cards, quiet]


def kept(desk: Desk, name: str, bundles: list[dict[str, object]]) -> str:
    """A notebook with these outputs, where JupyterLab shows it."""
    book: Any = nbformat.v4.new_notebook(metadata={"kernelspec": {"display_name": "Python 3", "name": "python3"}})
    for number, content in enumerate(bundles):
        output = nbformat.v4.new_output("display_data", data=content)
        book.cells.append(nbformat.v4.new_code_cell("", id=f"cell-{number}", outputs=[output]))
    nbformat.write(book, desk.jupyter.notebooks / name)
    return name


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_style_and_every_text_of_every_state_survives(desk: Desk, language: Language, trusted: bool) -> None:
    bundles = everything(language)
    tab = desk.read(kept(desk, f"states-{language}-{trusted}.ipynb", bundles), trusted=trusted)
    tab.page.locator(".rk-step").nth(len(bundles) - 3).wait_for(state="attached")

    shown = tab.page.evaluate(ALL_OF_IT)

    made = [Markup(str(content["text/html"])) for content in bundles]
    assert [drawn["styles"] for drawn in shown] == [
        ["".join(seen["style"].split()) for _, seen in markup.elements if "style" in seen] for markup in made
    ]
    assert ["".join(drawn["text"].split()) for drawn in shown] == ["".join(markup.text.split()) for markup in made]


@pytest.mark.parametrize("trusted", [False, True])
def test_the_overview_leads_to_the_cards(desk: Desk, trusted: bool) -> None:
    tab = desk.read(kept(desk, f"links-{trusted}.ipynb", everything("fr")), trusted=trusted)
    card = tab.page.locator(".jp-OutputArea-output .rk-c8").first
    card.wait_for(state="attached")
    link = tab.page.locator('.rk-overview a[href="#rk-c8"]').first
    link.scroll_into_view_if_needed()

    link.click()

    tab.wait_for(
        "card => { const at = card.getBoundingClientRect().top; return at >= 0 && at < 600 }", arg=card.element_handle()
    )


def test_markup_in_a_value_never_runs_even_in_a_trusted_notebook(desk: Desk) -> None:
    hostile = view(text="</style><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>")
    bundles: list[dict[str, object]] = [banner_bundle(hostile.heading, hostile.setting)]
    bundles.append(overview_bundle(hostile.heading, hostile.results, hostile.setting))
    tab = desk.read(kept(desk, "hostile.ipynb", bundles), trusted=True)
    tab.page.locator(".rk-overview").first.wait_for()

    assert tab.page.evaluate("window.ran") is None
    assert "<script>" in tab.page.locator(".rk-banner").first.inner_text()
    assert tab.page.locator(".rk-banner img, .rk-banner script, .rk-overview img, .rk-overview script").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_cards_and_overview_are_accessible(desk: Desk, theme: Theme) -> None:
    tab = desk.read(kept(desk, f"axe-{theme}.ipynb", everything("fr"))).theme(theme)
    tab.page.locator(".rk-step").first.wait_for(state="attached")

    for own in (".rk-step", ".rk-overview", ".rk-banner"):
        found = Axe().run(tab.page, context=own, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert [problem["id"] for problem in found.response["violations"]] == [], found.generate_report()


def test_nothing_is_wider_than_a_narrow_page(desk: Desk) -> None:
    tab = desk.read(kept(desk, "narrow.ipynb", everything("fr")))
    tab.page.set_viewport_size({"width": 700, "height": 900})
    tab.page.locator(".rk-step").first.wait_for(state="attached")

    wider = tab.page.evaluate(
        "() => [...document.querySelectorAll('.rk-step, .rk-overview, .rk-banner')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert wider == 0
