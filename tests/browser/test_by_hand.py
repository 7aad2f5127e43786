"""A runbook in an operator's hands, in a real JupyterLab: looked at, confirmed, applied, and finished. In French and in English."""

import re
from datetime import timedelta

from playwright.sync_api import BrowserContext, WebSocketRoute, expect

from runbook_lib.evidence import read_journal
from runbook_lib.lab.directory.passwords import PasswordPolicy
from tests.browser.driver import Desk, Tab
from tests.notebooks.served import CONNECT, Served

STEPS = [f"c{number}" for number in range(1, 9)]
PLAN = re.compile("Plan ([0-9a-f]{12})")
SENT = ("c6", "c7", "c8")


def events(served: Served, run: int = -1) -> list[str]:
    return [line.event for line in read_journal(served.runs()[run] / "journal.jsonl")]


def open_connect(desk: Desk, served: Served, language: str = "fr", kernel: str = "python3") -> Tab:
    """Open the first runbook, run all of it, and wait until it can be applied: no cell waits for who signs in."""
    tab = desk.open(desk.working_copy(language, CONNECT, served.data(language=language), kernel)).run_all()
    expect(tab.widget("c7", "confirm").locator("input")).to_be_enabled()
    tab.settled()
    return tab


def test_an_operator_turns_writeback_on_in_french(desk: Desk, served: Served) -> None:
    """Run All changes nothing; the typed name arms Apply; what was applied is verified; the last cell ends well."""
    before = served.state()
    tab = open_connect(desk, served)

    expect(tab.card("c7")).to_contain_text("Prévu")
    tab.run("finish")
    expect(tab.stops("finish")).to_contain_text("C6 prévu, C7 prévu, C8 à faire")
    assert served.state() == before
    assert "sending" not in events(served)

    for typed in ("oui", "C6"):
        tab.confirm("c7", typed)
        expect(tab.widget("c7", "apply")).to_be_disabled()
    tab.apply("c7")

    for step in SENT:
        expect(tab.card(step)).to_contain_text("Vérifié")
    expect(tab.widget("c7", "confirm").locator("input")).to_have_value("")
    expect(tab.widget("c7", "apply")).to_be_disabled()
    expect(tab.overview.first).to_contain_text("8 étapes terminées sur 8")
    tab.wait_done("c7").run("finish")
    expect(tab.stops("finish")).to_have_count(0)
    expect(tab.cards).to_have_count(len(STEPS))
    assert served.state()[:2] == (1, True)
    assert events(served).count("sending") == 1


def test_an_operator_does_the_same_in_english_on_every_kernel(desk: Desk, served: Served, kernel: str) -> None:
    tab = open_connect(desk, served, "en", kernel)

    expect(tab.card("c7")).to_contain_text("Planned")
    tab.apply("c7")

    for step in SENT:
        expect(tab.card(step)).to_contain_text("Verified")
    tab.wait_done("c7").run("finish")
    expect(tab.stops("finish")).to_have_count(0)
    expect(tab.overview.last).to_contain_text("8 of 8 steps done")
    assert served.state()[:2] == (1, True)


def test_a_double_click_applies_once(desk: Desk, served: Served) -> None:
    tab = open_connect(desk, served)
    tab.confirm("c7")
    expect(tab.widget("c7", "apply")).to_be_enabled()

    tab.widget("c7", "apply").dblclick()

    expect(tab.card("c8")).to_contain_text("Vérifié")
    assert served.state()[0] == 1
    assert len(served.runs()) == 2


def test_two_tabs_of_one_notebook_apply_once(desk: Desk, served: Served) -> None:
    """Both show the same panel, and both buttons are pressed before either hears of the other."""
    tab = open_connect(desk, served)
    tab.save()
    second = desk.open(tab.file.name)
    for each in (tab, second):
        each.confirm("c7")
        expect(each.widget("c7", "apply")).to_be_enabled()

    for each in (tab, second):
        each.widget("c7", "apply").evaluate("button => { button.click(); button.click() }")

    for each in (tab, second):
        expect(each.widget("c7", "status")).to_contain_text("Vérifié")
    assert served.state()[0] == 1
    assert len(served.runs()) == 2


def test_a_page_that_is_behind_confirms_nothing_but_what_it_shows(desk: Desk, served: Served) -> None:
    """Its connection is slow, and something that the plan rests on has moved: it still shows the plan of before."""
    tab = open_connect(desk, served)
    tab.save()
    late = Late(desk.context)
    behind = desk.open(tab.file.name)
    expect(behind.widget("c7", "confirm").locator("input")).to_be_enabled()
    late.hold()
    shown = PLAN.findall(behind.widget("c7", "status").inner_text())
    (domain, *_) = served.world.tenant("contoso").server.directory
    domain.policy = PasswordPolicy(minimum_age=timedelta(hours=5))
    tab.widget("c7", "recheck").click()
    expect(tab.widget("c7", "status")).to_contain_text(re.compile(rf"Plan (?!{shown[0]})[0-9a-f]{{12}}"))
    assert PLAN.findall(behind.widget("c7", "status").inner_text()) == shown
    runs = served.runs()

    behind.apply("c7")

    expect(tab.widget("c7", "status")).to_contain_text("Rien n'a été fait")
    assert served.state()[0] == 0
    assert served.runs() == runs
    late.let_go()
    expect(behind.widget("c7", "status")).to_contain_text("Relisez")
    behind.apply("c7")
    expect(behind.widget("c7", "status")).to_contain_text("Vérifié")


class Late:
    """Lets pages that are opened from now on hear nothing of the kernel, while it is told to hold what comes."""

    def __init__(self, context: BrowserContext) -> None:
        self._held: list[tuple[WebSocketRoute, str | bytes]] | None = None
        context.route_web_socket("**/channels*", self._between)

    def hold(self) -> None:
        self._held = []

    def let_go(self) -> None:
        held, self._held = self._held or [], None
        for page, message in held:
            page.send(message)

    def _between(self, page: WebSocketRoute) -> None:
        def heard(message: str | bytes) -> None:
            if self._held is None:
                page.send(message)
            else:
                self._held.append((page, message))

        page.connect_to_server().on_message(heard)
