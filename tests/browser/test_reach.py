"""Nobody is shut out: the keyboard is enough for a whole change, and axe finds nothing in what the kit adds to a live notebook."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.browser.driver import Desk, Tab, Theme
from tests.browser.test_by_hand import open_connect
from tests.notebooks.served import Served

OWN = [".rk-banner", ".rk-overview", ".rk-panel", ".rk-step"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FAR = 40  # presses of a key


def press_until(tab: Tab, key: str, target: Locator) -> None:
    """Press a key until something has the focus."""
    for _ in range(FAR):
        tab.page.keyboard.press(key)
        if target.evaluate("node => node.contains(document.activeElement)"):
            return
    raise AssertionError(f"{key} does not lead there")


def violations(tab: Tab) -> list[str]:
    found = Axe().run(tab.page, context={"include": OWN}, options={"runOnly": RULES}).response
    assert len(found["passes"]) > len(RULES)  # it did look at something
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


def test_a_change_is_confirmed_and_applied_by_the_keyboard_alone(desk: Desk, served: Served) -> None:
    """From the step's cell, Tab leads into its panel; typing there is not taken for commands of the notebook. Enter in the field
    applies nothing, and leads to the button; once that is gone, the focus is on the line that says what became of it.
    """
    tab = open_connect(desk, served)
    tab.select("step-c7")
    cells = tab.book.locator(".jp-Cell").count()

    press_until(tab, "Tab", tab.widget("c7", "recheck"))
    press_until(tab, "Tab", tab.widget("c7", "confirm"))
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.type("C7")
    expect(tab.widget("c7", "apply")).to_be_enabled()
    tab.page.keyboard.press("Enter")
    assert served.state()[0] == 0
    expect(tab.widget("c7", "apply")).to_be_focused()
    tab.page.keyboard.press("Enter")

    expect(tab.card("c8")).to_contain_text("Vérifié")
    expect(tab.widget("c7", "status")).to_be_focused()
    assert served.state()[:2] == (1, True)
    assert tab.book.locator(".jp-Cell").count() == cells


def test_a_button_that_is_pressed_keeps_the_focus(desk: Desk, served: Served) -> None:
    """Also while it is off, so that the next key is not one of JupyterLab's."""
    tab = open_connect(desk, served)
    served.world.tenant("contoso").faults.add("slow_server")
    tab.widget("c3", "recheck").focus()
    tab.page.keyboard.press("Enter")
    expect(tab.widget("c3", "recheck")).to_be_disabled()
    expect(tab.widget("c3", "recheck")).to_be_focused()
    served.world.tenant("contoso").faults.discard("slow_server")
    tab.wait_done("c3")

    expect(tab.widget("c3", "recheck")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_live_notebook(desk: Desk, served: Served, theme: Theme) -> None:
    """Planned and armed, refused by a busy server, and applied."""
    tab = open_connect(desk, served).theme(theme)

    assert violations(tab) == []
    served.world.tenant("contoso").faults.add("staging_mode")
    tab.widget("c1", "recheck").click()
    expect(tab.card("c2")).to_contain_text("Bloqué")
    assert violations(tab) == []
    served.world.tenant("contoso").faults.discard("staging_mode")
    tab.widget("c1", "recheck").click()
    expect(tab.widget("c7", "confirm").locator("input")).to_be_enabled()
    tab.apply("c7")
    expect(tab.card("c8")).to_contain_text("Vérifié")
    assert violations(tab) == []
