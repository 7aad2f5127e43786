"""A person puts their name to what they did by hand: pictures come by Ctrl+V, by dropping and by choosing, and the keyboard is enough."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from runbook_lib.parameters import read_attested
from tests.browser.driver import Desk, Tab
from tests.pictures import encoded, jpeg, png, screen

CELL = """
from pathlib import Path
from runbook_lib.model import Change
from runbook_lib.notebook.guided_form import Asked, GuidedForm
from runbook_lib.runbooks.portal_steps import UNLOCK, WRITE_BACK
changes = tuple(Change("operator", "set_on_portal_page", setting, None, True) for setting in (WRITE_BACK, UNLOCK))
asked = Asked("p5", ("p3", "p4", "p5"), "3b1f" * 16, {tenant!r}, "contoso", changes, Path({folder!r}))
GuidedForm(asked, {language!r}, "http://127.0.0.1:9/#view/OnPremisesIntegration", lambda path: None).widget
"""
TENANT = "3d9e5ca2-8d30-4b2e-9f76-2e4d9c13a003"

PUT_ON_CLIPBOARD = """async data => {
    const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
}"""
DROP = """(zone, files) => {
    const carried = new DataTransfer();
    for (const [data, kind] of files) {
        const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
        carried.items.add(new File([bytes], 'my password.png', { type: kind }));
    }
    for (const name of ['dragenter', 'dragover', 'drop'])
        zone.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


class Form:
    """The form in a notebook that is open."""

    def __init__(self, desk: Desk, folder: Path, language: str = "en") -> None:
        self.folder = folder
        source = CELL.format(folder=str(folder), language=language, tenant=TENANT)
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="form")])
        book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, desk.jupyter.notebooks / "form.ipynb")
        desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.tab: Tab = desk.open("form.ipynb").run_all()
        self.all = self.tab.book.locator(".rk-guided")
        self.zone = self.all.locator(".rk-paste")
        self.choose = self.zone.locator(".rk-paste-choose")
        expect(self.choose).to_be_visible()

    @property
    def pictures(self) -> Locator:
        return self.zone.locator("li")

    @property
    def said(self) -> Locator:
        return self.zone.locator("[role=status]")

    @property
    def button(self) -> Locator:
        return self.all.locator("button.rk-attest")

    def paste(self, content: bytes, at: Locator) -> None:
        """Take a picture as the system's own tool does, and press Ctrl+V."""
        self.tab.page.evaluate(PUT_ON_CLIPBOARD, base64.b64encode(content).decode())
        at.focus()
        self.tab.page.keyboard.press("Control+V")

    def drop(self, content: bytes, kind: str, *others: tuple[bytes, str]) -> None:
        files = [(content, kind), *others]
        self.zone.evaluate(DROP, [(base64.b64encode(each).decode(), its_kind) for each, its_kind in files])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.page.keyboard.press(key)

    def word(self, *, number: int = 1) -> tuple[Any, Any]:
        return read_attested(self.folder / f"attested-{number}" / "attestation.yml")


def test_a_screenshot_is_pasted_dropped_and_chosen_in_french_and_kept_as_it_was(desk: Desk, tmp_path: Path) -> None:
    form = Form(desk, tmp_path, "fr")
    dropped, chosen = jpeg(800, 500), png(300, 200)

    form.paste(encoded(screen()), form.zone)
    expect(form.pictures).to_have_count(1)
    form.paste(encoded(screen()), form.choose)
    expect(form.said).to_have_text("Cette image est déjà là.")
    form.drop(dropped, "image/jpeg")
    expect(form.pictures).to_have_count(2)
    with form.tab.page.expect_file_chooser() as chooser:
        form.choose.click()
    chooser.value.set_files({"name": "my password.png", "mimeType": "image/png", "buffer": chosen})
    expect(form.said).to_have_text("screenshot-3.png est là. Vérifiez qu'elle montre la bonne page.")
    expect(form.pictures.locator("img").first).to_have_attribute("alt", "Vue réduite de screenshot-1.png")

    form.all.get_by_label("Rouverte, que montre la page pour la réécriture des mots de passe").select_option("Oui")
    form.all.get_by_label("Rouverte, que montre la page pour le déverrouillage des comptes").select_option("Oui")
    form.all.get_by_label("Votre nom").fill("Zoé Martin")
    expect(form.button).to_be_disabled()
    form.all.get_by_label("Pour signer, saisissez P5").fill("p5")
    form.button.click()
    expect(form.all.locator(".rk-attest-status")).to_contain_text("Signé")
    expect(form.button).to_be_disabled()

    word, (_, _, *others) = form.word()
    assert (word.by, word.tenant, word.values) == ("Zoé Martin", TENANT, {"write_back": True, "unlock": True})
    assert [(file.name, file.original) for file in others] == [("screenshot-2.jpg",) * 2, ("screenshot-3.png",) * 2]
    assert [file.content for file in others] == [dropped, chosen]


def test_what_is_no_picture_or_too_large_is_refused_and_the_connection_lives_on(desk: Desk, tmp_path: Path) -> None:
    form = Form(desk, tmp_path)

    form.drop(b"<svg/>", "image/svg+xml")
    expect(form.said).to_contain_text("Only PNG and JPEG pictures are taken")
    form.drop(b"<svg/>", "image/png")
    expect(form.said).to_contain_text("This is no PNG or JPEG picture")
    form.drop(png() + os.urandom(8_000_000), "image/png")
    expect(form.said).to_contain_text("more than 8 MB")
    # The largest that passes: the connection drops what is much larger, without a word.
    largest = png()
    form.drop(largest + os.urandom(8_000_000 - len(largest)), "image/png")
    expect(form.pictures).to_have_count(1)
    # Of two that come together, what is said of the one does not wipe what is said of the other.
    form.drop(b"<svg/>", "image/svg+xml", (jpeg(), "image/jpeg"))
    expect(form.said).to_contain_text("screenshot-2.jpg is here")
    expect(form.said).to_contain_text("Only PNG and JPEG pictures are taken")


def test_the_keyboard_is_enough_and_its_keys_do_nothing_to_the_notebook(desk: Desk, tmp_path: Path) -> None:
    """In JupyterLab X cuts the cell, D D deletes it, and the arrows go to another one."""
    form = Form(desk, tmp_path)
    for colour in ("red", "green", "blue"):
        form.paste(png(colour=colour), form.zone)
        expect(form.said).to_contain_text("is here")
    expect(form.pictures).to_have_count(3)

    form.press("Tab", "Tab", "Tab", "x", "d", "d", "Enter")
    expect(form.said).to_have_text("screenshot-2.png is removed.")
    form.press("Space")
    expect(form.said).to_have_text("screenshot-2.png is removed.")
    expect(form.pictures).to_have_count(1)
    form.press("Tab", "x", "ArrowDown", "Tab", "ArrowDown", "ArrowDown", "Tab")
    form.tab.page.keyboard.type("Zoé Martin")
    form.press("Tab", "Tab")
    form.tab.page.keyboard.type("P5")
    expect(form.button).to_be_enabled()
    form.press("Tab", "x", "Enter")

    expect(form.all.locator(".rk-attest-status")).to_contain_text("Signed")
    word, (_, *pictures) = form.word()
    assert (word.by, word.values) == ("Zoé Martin", {"write_back": True, "unlock": False})
    assert len(pictures) == 1
    assert form.tab.book.locator(".jp-Cell").count() == 1


def test_a_second_window_shows_the_same_pictures(desk: Desk, tmp_path: Path) -> None:
    form = Form(desk, tmp_path)
    form.paste(png(), form.zone)
    expect(form.pictures).to_have_count(1)
    form.tab.save()
    kept = json.dumps(form.tab.kept())

    form.tab.command("notebook:create-output-view")
    expect(form.tab.page.locator(".jp-LinkedOutputView .rk-paste li")).to_have_count(1)
    assert "base64" not in kept


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_has_nothing_that_shuts_anybody_out(desk: Desk, tmp_path: Path, theme: Any) -> None:
    form = Form(desk, tmp_path)
    form.tab.theme(theme)
    form.drop(png(), "image/png")
    expect(form.pictures).to_have_count(1)

    found = Axe().run(form.tab.page, context=".rk-guided").response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
