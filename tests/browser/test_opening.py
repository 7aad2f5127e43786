"""A notebook is opened and run in a real JupyterLab, and nothing happens but looking."""

from playwright.sync_api import expect

from tests.browser.driver import Desk
from tests.notebooks.served import CONNECT, PREFLIGHT, Served

ELSEWHERE = ["http://192.0.2.1/x", "https://runbook.invalid/", "http://localhost.runbook.invalid/"]
STEPS = [f"c{number}" for number in range(1, 9)]


def test_run_all_shows_every_card_in_french_and_changes_nothing(desk: Desk, served: Served) -> None:
    before = served.state()
    tab = desk.open(desk.working_copy("fr", CONNECT, served.data(language="fr")))

    tab.run_all()

    for step in STEPS:
        expect(tab.card(step)).to_be_visible()
    expect(tab.card("c5")).to_have_attribute("lang", "fr")
    assert served.state() == before
    assert len(served.runs()) == 1


def test_what_a_page_asks_of_another_machine_is_refused_and_known(desk: Desk) -> None:
    tab = desk.open(desk.working_copy("en", PREFLIGHT, {}))

    outcomes = [
        tab.page.evaluate("address => fetch(address).then(() => 'answered', () => 'refused')", address)
        for address in ELSEWHERE
    ]

    assert outcomes == ["refused"] * len(ELSEWHERE)
    assert desk.left == ELSEWHERE
    desk.left.clear()


def test_a_notebook_runs_on_the_kernel_that_it_names(desk: Desk, served: Served, kernel: str) -> None:
    tab = desk.open(desk.working_copy("en", PREFLIGHT, served.data(language="en"), kernel))

    said = tab.output_of("import ipykernel; print(ipykernel.__version__)")

    assert kernel.removeprefix("ipykernel-").replace("-", ".") == said.rpartition(".")[0]
