"""A person signs in with a device code, in a real JupyterLab: and the code is nowhere afterwards; or stops, and it is gone."""

import json

import pytest
import requests
from playwright.sync_api import Locator, expect

from runbook_lib.lab.cloud.state import AutoApproval
from runbook_lib.lab.descriptor import CA_FILE
from tests.browser.driver import Desk, Tab
from tests.notebooks.served import PORTAL, Served


@pytest.fixture
def admin(served: Served) -> str:
    """Who could sign in; nobody does by themselves."""
    cloud = served.lab.tenants["contoso"].cloud
    waiting = cloud.auto_approval
    assert isinstance(waiting, AutoApproval)
    cloud.auto_approval = None
    return waiting.upn


def asked(tab: Tab) -> Locator:
    return tab.panel("p1").locator(".rk-sign-in-waits")


def decide(served: Served, code: str, upn: str) -> None:
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(served.descriptors / CA_FILE)
        form = {"user_code": code, "upn": upn, "decision": "approve"}
        session.post(f"{served.lab.cloud_url}/devicelogin", data=form).raise_for_status()


def opened(desk: Desk, served: Served, language: str) -> Tab:
    tab = desk.open(desk.working_copy(language, PORTAL, served.data(language=language)))
    tab.run_all()
    expect(asked(tab)).to_be_visible()
    return tab


def test_neither_a_notebook_saved_meanwhile_nor_any_record_holds_the_code(
    desk: Desk, served: Served, admin: str
) -> None:
    tab = opened(desk, served, "en")
    code = asked(tab).locator(".rk-sign-in-code").inner_text()
    meanwhile = json.dumps(tab.save())
    decide(served, code, admin)
    expect(tab.card("p1").last).to_contain_text("Signed in as")
    afterwards = json.dumps(tab.save())

    kept = [file.read_bytes() for file in served.outputs.rglob("*") if file.is_file()]
    assert len(kept) > 3
    assert len(code) == 9
    assert code not in meanwhile + afterwards
    assert not any(code.encode() in content for content in kept)


def test_the_code_is_copied_and_once_it_was_entered_the_run_goes_on(desk: Desk, served: Served, admin: str) -> None:
    """Nobody presses anything in the notebook after that: every cell that waited behind the sign-in has its card."""
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = opened(desk, served, "fr")

    asked(tab).locator(".rk-sign-in-copy").click()
    said = tab.panel("p1").locator(".rk-sign-in-said")
    expect(said).to_have_text("Copié.")
    # The page asks anew, as when the window is shown again: the same answer must not wipe what was said, nor take the focus.
    tab.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert tab.output_of("print('answered')") == "answered"
    expect(said).to_have_text("Copié.")
    expect(asked(tab).locator(".rk-sign-in-copy")).to_be_focused()
    decide(served, tab.page.evaluate("() => navigator.clipboard.readText()"), admin)

    expect(tab.card("p1")).to_contain_text("Conforme")
    expect(tab.card("p2")).to_contain_text("Bloqué")
    for step in ("p3", "p4", "p5"):
        expect(tab.card(step)).not_to_contain_text("À faire")
    expect(asked(tab)).to_have_count(0)
    tab.wait_done("p1")


def test_a_page_that_is_loaded_anew_shows_the_code_again(desk: Desk, served: Served, admin: str) -> None:
    tab = opened(desk, served, "en")
    code = asked(tab).locator(".rk-sign-in-code").inner_text()
    tab.save()

    tab.reload()

    expect(asked(tab).locator(".rk-sign-in-code")).to_have_text(code)
    decide(served, code, admin)
    expect(asked(tab)).to_have_count(0)
    expect(tab.widget("p1", "status")).to_contain_text("In order")


def test_stop_ends_the_wait_and_the_code_is_gone(desk: Desk, served: Served, admin: str) -> None:
    assert admin
    tab = opened(desk, served, "en")

    tab.panel("p1").locator("button.rk-stop").click()

    expect(tab.panel("p1").locator(".rk-sign-in-code")).to_have_count(0)
    expect(tab.panel("p1").locator("button.rk-recheck")).to_be_enabled()
