"""What gets in the way of a change that is being applied: nothing is sent twice, and the record stays true."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Desk, Tab
from tests.browser.test_by_hand import events, open_connect
from tests.notebooks.served import CONNECT, Served


@pytest.fixture
def applying(desk: Desk, served: Served) -> Tab:
    """The first runbook in the middle of its change: sent, and waiting for it to take effect."""
    served.world.tenant("contoso").faults.add("slow_onboarding")
    tab = open_connect(desk, served)
    tab.save()
    tab.apply("c7")
    expect(tab.widget("c7", "status")).to_contain_text("Envoyé")
    return tab


def assert_sent_once(tab: Tab, served: Served) -> None:
    """The change was made once, and the record says so and is whole once nothing is going on any more."""
    tab.wait_done("c7")
    assert served.state()[:2] == (1, True)
    runs = [events(served, number) for number in range(len(served.runs()))]
    (sending,) = [run for run in runs if "sending" in run]
    assert (sending.count("sending"), sending[-1]) == (1, "finished")


def test_a_page_that_is_loaded_anew_in_the_middle_finds_the_change_verified(applying: Tab, served: Served) -> None:
    """The page forgot what it showed since it was saved. The panel knows; running the cell again looks, and draws the card."""
    applying.reload()

    expect(applying.widget("c7", "card-now")).to_contain_text("Vérifié")
    expect(applying.widget("c7", "card-now")).to_be_visible()
    applying.wait_done("c7").run("step-c7")
    expect(applying.card("c7")).to_contain_text("Conforme")
    assert_sent_once(applying, served)


def test_a_kernel_that_is_restarted_in_the_middle_goes_on_when_told_to(applying: Tab, served: Served) -> None:
    """Run All in the new kernel sends nothing: it offers to go on, which looks first."""
    applying.restart()
    expect(applying.widget("c7", "apply")).to_be_disabled()
    expect(applying.panel("c7")).to_contain_text("relancez la cellule")
    applying.run_all()
    assert served.state()[0] == 1

    expect(applying.widget("c7", "resume")).to_be_disabled()
    applying.confirm("c7")
    applying.widget("c7", "resume").click()

    expect(applying.card("c7")).to_contain_text("Vérifié")
    applying.wait_done("c7").run("finish")
    expect(applying.stops("finish")).to_have_count(0)
    assert_sent_once(applying, served)


def test_a_change_that_is_stopped_is_not_known_and_can_be_gone_on_with(applying: Tab, served: Served) -> None:
    applying.widget("c7", "stop").click()

    expect(applying.card("c7")).to_contain_text("Inconnu")
    expect(applying.widget("c7", "stop")).to_be_hidden()
    assert served.state()[0] == 1
    applying.confirm("c7")
    applying.widget("c7", "resume").click()
    expect(applying.card("c7")).to_contain_text("Vérifié")
    assert_sent_once(applying, served)


def test_an_interrupted_kernel_carries_its_change_to_the_end(applying: Tab, served: Served) -> None:
    """Interrupting is for cells, and no cell runs: the button under the card is what stops a change."""
    applying.interrupt()

    expect(applying.card("c7")).to_contain_text("Vérifié")
    assert_sent_once(applying, served)


def test_cells_that_run_in_the_middle_begin_nothing(applying: Tab, served: Served) -> None:
    applying.run_all()

    expect(applying.widget("c7", "status")).to_contain_text("Vérifié")
    applying.wait_done("c7").run("finish")
    expect(applying.stops("finish")).to_have_count(0)
    assert len(served.runs()) == 2
    assert_sent_once(applying, served)


def test_a_look_that_is_interrupted_stops_run_all(desk: Desk, served: Served) -> None:
    """Nothing was sent, and running the cells again shows all of it."""
    served.world.tenant("contoso").faults.add("slow_server")
    tab = desk.open(desk.working_copy("fr", CONNECT, served.data(language="fr"))).begin_all()
    expect(tab.card("c1")).to_be_visible()

    tab.interrupt()
    tab.wait_idle()

    expect(tab.card("c8")).to_have_count(0)
    served.world.tenant("contoso").faults.discard("slow_server")
    while not tab.card("c8").count():  # a kernel that was just interrupted drops what comes at once
        tab.run_all()
    expect(tab.card("c7")).to_contain_text("Prévu")
    assert served.state()[0] == 0
