"""The opening panel in a real JupyterLab: keyboard, screen reader, themes and widths; secrets stay in the page, markup stays text."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from runbook_lib.parameters import read_parameters, write_parameters
from runbook_lib.wiring import project_root
from tests.browser.driver import Desk, Tab

EXAMPLES = project_root() / "parameters"
SECRET = "hunter2-the-real-one"
HOSTILE = "<img src=x onerror='window.fooled=true'>"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

CELL = """import os
os.environ["RUNBOOK_PARAMETERS"], os.environ["XDG_STATE_HOME"] = {folder!r}, {state!r}
from runbook_lib.notebook.opening_panel import OpeningPanel

opened = []
panel = OpeningPanel("enable-connect-writeback", {language!r}, None, (), lambda parameters: opened.append(parameters.tenant.name))
panel.widget"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The tenants' files: two examples."""
    folder = tmp_path / "tenants"
    for name in ("lab/contoso.yml", "live/example.yml"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes((EXAMPLES / name).read_bytes())
    return folder


def shown(desk: Desk, files: Path, language: str) -> Tab:
    """Open a notebook that holds the panel and nothing else, and run it."""
    code = CELL.format(folder=str(files), state=str(files.parent / "state"), language=language)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code, id="open")])
    book.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    name = f"opening-{language}-{files.parent.name}.ipynb"
    nbformat.write(book, desk.jupyter.notebooks / name)
    tab = desk.open(name).run_all()
    expect(panel(tab).locator(".rk-opening-badge")).not_to_be_empty()
    return tab


def panel(tab: Tab) -> Locator:
    return tab.book.locator(".rk-opening")


def violations(tab: Tab) -> list[str]:
    found = Axe().run(tab.page, context=".rk-opening", options={"runOnly": RULES}).response
    assert len(found["passes"]) > len(RULES)  # it did look at something
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


def opened(tab: Tab) -> list[str]:
    names: list[str] = json.loads(tab.output_of("import json; print(json.dumps(opened))"))
    return names


def press(tab: Tab, *keys: str) -> None:
    for key in keys:
        tab.page.keyboard.press(key)


def walk_to(tab: Tab, target: Locator) -> None:
    """Go on with the Tab key until something has the focus, as who has no mouse."""
    for _ in range(60):
        if target.evaluate("node => node === document.activeElement"):
            return
        press(tab, "Tab")
    raise AssertionError("the keyboard does not reach it")


def test_a_real_tenant_is_chosen_changed_confirmed_and_opened_by_keyboard_alone(desk: Desk, files: Path) -> None:
    tab = shown(desk, files, "fr")
    here = panel(tab)
    picker = here.get_by_label("Fichier du locataire")
    picker.focus()
    press(tab, "e", "e")
    press(tab, "Tab")
    expect(here.locator(".rk-opening-badge")).to_have_text("RÉEL")
    button = here.get_by_role("button", name="Ouvrir example — RÉEL", exact=True)
    expect(button).to_be_disabled()

    walk_to(tab, here.locator("summary", has_text="Droits et utilisateur pilote"))
    press(tab, "x", "b", "d", "d", "Enter")  # of these, only Enter means something here
    assert tab.book.locator(".jp-Cell").count() == 1
    walk_to(tab, here.get_by_label("Utilisateur pilote"))
    tab.page.keyboard.type("pilot")
    expect(here.get_by_role("status").first).to_contain_text("1 élément à corriger")
    tab.page.keyboard.type("@contoso.com")
    expect(here.get_by_role("status").first).to_contain_text("Il ne manque rien.")

    walk_to(tab, here.get_by_role("checkbox", name="Je vise bien le vrai locataire example"))
    press(tab, "Space")
    expect(button).to_be_enabled()
    walk_to(tab, button)
    press(tab, "Enter")

    expect(here.get_by_text("Ouvert : example — RÉEL.".replace(" :", "\u00a0:"))).to_be_visible()
    expect(here.locator("summary").first).to_be_focused()
    assert opened(tab) == ["example"]


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fr", "dark")])
def test_no_rule_of_accessibility_is_broken_with_every_section_open_and_problems_shown(
    desk: Desk, files: Path, language: str, theme: Any
) -> None:
    tab = shown(desk, files, language).theme(theme)
    tab.page.set_viewport_size({"width": 700, "height": 1000})
    here = panel(tab)
    assert violations(tab) == []

    here.locator(".rk-opening-files").select_option(index=2)
    expect(here.locator(".rk-opening-badge")).to_have_attribute("data-profile", "live")
    for summary in here.locator(".rk-opening-section > summary").all():
        summary.click()
    here.locator("[name='tenant.id']").fill("no guid")
    expect(here.locator(".rk-opening-problem", has_text="GUID")).to_be_visible()
    assert violations(tab) == []
    assert here.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_every_field_has_its_name_its_help_and_its_problem_for_a_screen_reader(desk: Desk, files: Path) -> None:
    here = panel(shown(desk, files, "en"))
    field = here.get_by_role("textbox", name="Tenant id", exact=True)
    field.fill("no guid")

    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.evaluate(
        "node => node.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).textContent).join(' ')"
    )
    assert "Microsoft Entra admin center" in described
    assert "This is not a GUID." in described
    here.get_by_role("button", name="Sync server · WinRM address").click()
    expect(here.get_by_role("textbox", name="WinRM address")).to_be_focused()


def test_a_secret_that_is_typed_never_leaves_the_page(desk: Desk, files: Path) -> None:
    sent: list[str] = []

    def listen(page: Page) -> None:
        page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(repr(frame))))

    desk.context.on("page", listen)
    tab = shown(desk, files, "en")
    here = panel(tab)
    here.locator(".rk-opening-files").select_option(index=1)
    expect(here.get_by_role("button", name="Open contoso in the lab")).to_be_enabled()

    here.locator("summary", has_text="Sync server").click()
    field = here.get_by_label("Reference to the password")
    field.press("ControlOrMeta+a")
    field.press_sequentially(SECRET)
    here.get_by_label("Account on the server").fill("CONTOSO\\svc-seen")
    expect(here.locator(".rk-opening-problem", has_text="Only a reference to the secret")).to_be_visible()

    expect(field).to_have_value("")
    assert "svc-seen" in "".join(sent)
    assert SECRET not in "".join(sent)
    assert SECRET not in json.dumps(tab.save())


def test_what_was_typed_is_there_after_a_reload_of_the_page(desk: Desk, files: Path) -> None:
    tab = shown(desk, files, "en")
    panel(tab).get_by_label("Short name").fill("typed-before")
    expect(panel(tab).locator(".rk-opening-tenant")).to_have_text("typed-before")

    tab.save()
    tab.reload()
    expect(panel(tab).get_by_label("Short name")).to_have_value("typed-before")


def test_markup_in_names_and_values_is_shown_as_text_and_never_runs(desk: Desk, files: Path) -> None:
    (files / "live" / f"{HOSTILE.replace('/', '')}.yml").write_text(
        json.dumps({"profile": "live", "tenant": {"id": HOSTILE, "name": HOSTILE}, "pilot_user": HOSTILE, HOSTILE: 1}),
        encoding="utf-8",
    )
    tab = shown(desk, files, "fr")
    here = panel(tab)
    here.locator(".rk-opening-files").select_option(index=2)

    expect(here.locator(".rk-opening-tenant")).to_have_text(HOSTILE)
    expect(here.locator("[name='tenant.id']")).to_have_value(HOSTILE)
    assert here.locator("img").count() == 0
    assert tab.page.evaluate("window.fooled") is None


def test_a_form_that_is_saved_is_a_file_that_can_be_chosen(desk: Desk, files: Path) -> None:
    tab = shown(desk, files, "en")
    here = panel(tab)
    here.locator(".rk-opening-files").select_option(index=1)
    expect(here.get_by_role("button", name="Open contoso in the lab")).to_be_enabled()
    here.locator(".rk-opening-save > summary").click()
    here.get_by_label("Name of the file, without ending").fill("contoso-two")
    expect(here.get_by_text("/lab/contoso-two.yml").first).to_be_visible()
    here.locator(".rk-save-parameters").click()

    expect(here.locator(".rk-opening-said")).to_contain_text("It holds no secret.")
    expect(here.locator(".rk-opening-place")).to_contain_text("lab/contoso-two.yml")
    assert read_parameters(files / "lab" / "contoso-two.yml").tenant.name == "contoso"


def test_after_a_restart_of_the_kernel_the_panel_says_so_and_opens_nothing(desk: Desk, files: Path) -> None:
    write_parameters(files / "lab" / "two.yml", read_parameters(EXAMPLES / "lab" / "contoso.yml"))
    tab = shown(desk, files, "en")
    here = panel(tab)
    here.locator(".rk-opening-files").select_option(index=1)
    expect(here.locator(".rk-open")).to_be_enabled()
    tab.restart()

    expect(here.locator(".rk-opening-said")).to_have_text(
        "The notebook's kernel has ended or was restarted. Run the cell again."
    )
    expect(here.locator(".rk-open")).to_be_disabled()
