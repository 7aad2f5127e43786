"""The portal's runbook, which a person carries out: the word under its plan, with a pasted screenshot."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Desk, Tab
from tests.notebooks.served import PORTAL, Served
from tests.pictures import encoded, screen

STEPS = ("p3", "p4", "p5")
PASTE = """(zone, data) => {
    const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
    zone.focus();
    zone.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: carried }));
}"""


@pytest.fixture
def guided(desk: Desk, served: Served) -> Tab:
    """The runbook of a tenant whose server side is on, run once."""
    data = served.data("fabrikam", language="fr", sspr={"provider": "guided"})
    tab = desk.open(desk.working_copy("fr", PORTAL, data)).run_all()
    expect(tab.widget("p5", "attest")).to_be_visible()
    return tab


def fill(tab: Tab) -> None:
    """Paste a screenshot, answer, confirm; the language does not matter."""
    panel = tab.panel("p5")
    panel.locator(".rk-paste").evaluate(PASTE, base64.b64encode(encoded(screen())).decode())
    expect(panel.locator(".rk-paste li")).to_have_count(1)
    for question in ("write-back", "unlock"):
        panel.locator(f".rk-seen-{question} select").select_option(index=1)
    panel.locator(".rk-by input").fill("Zoé Martin")
    expect(tab.widget("p5", "attest")).to_be_disabled()
    panel.locator(".rk-attest-confirm input").fill("P5")
    expect(tab.widget("p5", "attest")).to_be_enabled()


def test_a_person_does_the_portals_part_in_french_and_their_word_is_kept_with_its_picture(
    guided: Tab, served: Served
) -> None:
    """Nothing is sent; the screenshot lies beside the journal as it was, and reduced on the card."""
    before = served.state("fabrikam")
    for step in ("p3", "p4"):
        expect(guided.card(step)).to_contain_text("Opérateur requis")

    fill(guided)
    guided.widget("p5", "attest").click()

    for step in STEPS:
        expect(guided.card(step)).to_contain_text("Attesté")
    expect(guided.widget("p5", "status")).to_be_focused()
    expect(guided.card("p5")).to_contain_text("Zoé Martin")
    expect(guided.card("p5").locator("img")).to_have_attribute("src", re.compile("^data:image/jpeg;base64,"))
    guided.wait_done("p5").run("finish")
    expect(guided.stops("finish")).to_have_count(0)
    assert served.state("fabrikam") == before
    kept = served.runs("fabrikam")[-1] / "attestations" / "screenshot-1.png"
    assert kept.read_bytes() == encoded(screen())
