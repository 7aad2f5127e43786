"""What a person does with a notebook in JupyterLab, in short words: open it, run it, press, type, save, reload.

JupyterLab is driven by the ids of its commands, never by the words of its menus, so its language does not matter.
"""

import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import Browser, BrowserContext, JSHandle, Locator, Page, Playwright, expect

from runbook_lib.wiring import project_root
from tests.browser.jupyter import Jupyter

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-sync",
    "--font-render-hinting=none",
    # No other machine is ever asked: neither by a page nor by Chromium itself. (A route of Playwright's would do so for pages
    # only, and turn the cache off.)
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
]
# Without a name of its own in the kernel: notebooks take those for parameters.
KEEP_AWAKE = "__import__('runbook_lib.notebook.awake', fromlist=['']).keep_awake(get_ipython().kernel)"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# JupyterLab 4.6.6 says this of itself when a notebook is opened without a kernel; nothing of ours is on that page but outputs.
OF_JUPYTERLAB = "Cannot read properties of null (reading 'kernel')"
ASKED_EVERY = 100  # milliseconds
LONGEST = 60_000  # milliseconds; what takes longer has hung

Theme = Literal["light", "dark"]


def chromium(playwright: Playwright) -> Browser:
    """Start the Chromium of this machine: Playwright's own would have to be downloaded."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        raise FileNotFoundError(
            f"The browser tests need one of {', '.join(CHROMIUMS)} on the PATH: run `make browser`."
        )
    # Chromium's own sandbox refuses to work for root, and no page here comes from anywhere but this machine.
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *sandbox])


class Desk:
    """One operator's browser: the tabs that were opened, what they asked of other machines, and what went wrong in them."""

    def __init__(self, browser: Browser, jupyter: Jupyter, screens: Path, **options: Any) -> None:
        """`screens` is where pictures of a failure go; `options` are those of a browser's context, as its size."""
        self.jupyter = jupyter
        self._screens = screens
        self.left: list[str] = []
        self.errors: list[str] = []
        self.context = self._context(browser, **options)
        self._copies = 0

    def working_copy(self, language: str, slug: str, parameters: dict[str, Any], kernel: str = "python3") -> str:
        """Copy a notebook to where JupyterLab shows it, with parameters given in a cell as papermill gives them."""
        book = nbformat.read(project_root() / "notebooks" / language / f"{slug}.ipynb", as_version=4)
        at = next(n for n, cell in enumerate(book.cells) if "parameters" in cell.metadata.get("tags", []))
        source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
        given = nbformat.v4.new_code_cell(source, id="given", metadata={"tags": ["injected-parameters"]})
        book.cells.insert(at + 1, given)
        book.metadata.kernelspec.name = kernel
        self._copies += 1
        name = f"{slug}-{language}-{self._copies}.ipynb"
        nbformat.write(book, self.jupyter.notebooks / name)
        return name

    def open(self, notebook: str) -> "Tab":
        """Open a notebook alone on the page, with its kernel, in a new tab."""
        page = self._page()
        page.goto(self.jupyter.address_of(notebook, _workspace()), wait_until="domcontentloaded")
        return Tab(page, self.jupyter.notebooks / notebook).opened().woken()

    def read(self, notebook: str, *, trusted: bool = False) -> "Tab":
        """Open a notebook without a kernel, as whoever only reads it; trusted: as on the computer that has run it."""
        if trusted:
            self.jupyter.trust(notebook)
        page = self._page()
        page.goto(self.jupyter.address_of_lab(_workspace()), wait_until="domcontentloaded")
        tab = Tab(page, self.jupyter.notebooks / notebook)
        tab.restored()
        without = {"shouldStart": False, "canStart": False, "autoStartDefault": False}
        tab.command("docmanager:open", path=notebook, factory="Notebook", kernelPreference=without)
        tab.command("application:toggle-left-area")
        return tab.opened()

    def close(self) -> None:
        self.context.close()
        self.jupyter.end_kernels()
        self.jupyter.forget_settings()

    def keep_screens(self) -> list[Path]:
        """Take a picture of every tab; return where they are."""
        kept = []
        for number, page in enumerate(self.context.pages, 1):
            kept.append(self._screens / f"screen-{number}.png")
            page.screenshot(path=kept[-1], full_page=True)
        return kept

    def _context(self, browser: Browser, **options: Any) -> BrowserContext:
        wanted = {"viewport": {"width": 1280, "height": 1000}, "locale": "en-US", "service_workers": "block", **options}
        context = browser.new_context(**wanted)
        context.set_default_timeout(LONGEST)
        context.on("request", lambda request: self._note(request.url))
        context.on("page", self._watch)
        return context

    def _page(self) -> Page:
        return self.context.new_page()

    def _note(self, address: str) -> None:
        """Remember an address that is another machine's."""
        parts = urlsplit(address)
        if parts.scheme not in ("about", "blob", "data") and parts.hostname not in LOOPBACK:
            self.left.append(address)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: str(error) == OF_JUPYTERLAB or self.errors.append(str(error)))
        page.on("websocket", lambda socket: self._note(socket.url))


class Tab:
    """A notebook that is open in the browser."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.file = file

    # What JupyterLab does

    def command(self, name: str, /, **arguments: Any) -> None:
        """Have a command of JupyterLab carried out, to its end."""
        mark = self._begin(name, arguments)
        said = self.wait_for("mark => window.runbookDone[mark]", arg=mark).json_value()
        if said != "done":
            raise RuntimeError(f"{name}: {said}")

    def run_all(self) -> "Tab":
        """Run every cell, as the menu does, and wait until the last has ended or one has stopped."""
        self.command("notebook:run-all-cells")
        return self.wait_idle()

    def run(self, cell_id: str) -> "Tab":
        """Run one cell and wait until it has ended."""
        self.select(cell_id)
        self.command("notebook:run-cell")
        return self.wait_idle()

    def rewrite(self, cell_id: str, source: str) -> None:
        """Write something else into a cell."""
        self.page.evaluate(
            """([id, source]) => window.jupyterapp.shell.currentWidget.content.widgets
                .find(cell => cell.model.id === id).model.sharedModel.setSource(source)""",
            [cell_id, source],
        )

    def output_of(self, code: str) -> str:
        """What code prints in the kernel, without a cell: what another program at the same kernel would see."""
        self.wait_idle()
        return self.page.evaluate(
            """async code => {
                const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const asked = kernel.requestExecute({ code });
                let printed = '';
                asked.onIOPub = message => {
                    if (message.header.msg_type === 'stream') printed += message.content.text;
                };
                await asked.done;
                return printed.trim();
            }""",
            code,
        )

    def begin_all(self) -> "Tab":
        """Begin to run every cell, and wait for nothing."""
        self._begin("notebook:run-all-cells", {})
        return self

    def select(self, cell_id: str) -> None:
        self.page.evaluate(
            """id => {
                const book = window.jupyterapp.shell.currentWidget.content;
                book.deselectAll();
                book.activeCellIndex = book.widgets.findIndex(cell => cell.model.id === id);
            }""",
            cell_id,
        )

    def save(self) -> Any:
        """Save the notebook; return what is in the file now."""
        self.command("docmanager:save")
        return self.kept()

    def kept(self) -> Any:
        """What is in the file."""
        return json.loads(self.file.read_text(encoding="utf-8"))

    def restart(self) -> "Tab":
        """Restart the kernel, as who has answered the question of the menu."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        return self.wait_idle()

    def interrupt(self) -> None:
        self.command("notebook:interrupt-kernel")

    def reload(self) -> "Tab":
        """Load the page anew, as with F5; the kernel stays."""
        self.page.reload(wait_until="domcontentloaded")
        return self.opened()

    def theme(self, theme: Theme) -> "Tab":
        self.command("apputils:change-theme", theme=f"JupyterLab {theme.title()}")
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", json.dumps(theme == "light"))
        return self

    # What is to be seen

    @property
    def book(self) -> Locator:
        return self.page.locator(".jp-NotebookPanel:visible")

    @property
    def cards(self) -> Locator:
        """All cards that cells show: not those that panels keep for a page that was loaded anew."""
        return self.book.locator(".rk-step:not(.rk-panel *)")

    @property
    def overview(self) -> Locator:
        return self.book.locator(".rk-overview")

    def card(self, step: str) -> Locator:
        """The card of a step. While JupyterLab draws it again, the one before is there for a moment, ahead of it."""
        return self.book.locator(f".rk-step.rk-{step}:not(.rk-panel *)").last

    def panel(self, step: str) -> Locator:
        return self.book.locator(f".rk-panel.rk-p-{step}")

    def widget(self, step: str, name: str) -> Locator:
        """A part of a step's panel, by the class the kit gives it."""
        return self.panel(step).locator(f".rk-{name}")

    def confirm(self, step: str, typed: str = "") -> None:
        """Type the confirmation: the step's name, unless told otherwise."""
        self.widget(step, "confirm").locator("input").fill(typed or step.upper())

    def settled(self) -> None:
        """Wait until nothing has been going on at any panel for a while: what begins meanwhile takes back what was typed."""
        self.page.evaluate("() => { window.quietSince = undefined; }")
        self.wait_for(
            """() => {
                const now = Date.now();
                const shown = [...document.querySelectorAll('.rk-recheck')].filter(button => button.offsetParent !== null);
                const busy = shown.some(button => button.getAttribute('aria-disabled') !== 'false');
                window.quietSince = busy ? now : (window.quietSince ?? now);
                return now - window.quietSince > 700;
            }"""
        )

    def apply(self, step: str) -> None:
        """Confirm, and press Apply once it is armed."""
        self.settled()
        self.confirm(step)
        expect(self.widget(step, "apply")).to_be_enabled()
        self.widget(step, "apply").click()

    def stops(self, cell_id: str) -> Locator:
        """What a cell ended with, if it was an error."""
        return self.cell(cell_id).locator("[data-mime-type='application/vnd.jupyter.stderr']")

    def cell(self, cell_id: str) -> Locator:
        """A cell by its id, which JupyterLab does not write into the page: so it is marked there first."""
        mark = f"test-cell-{cell_id}"
        self.page.evaluate(
            """([id, mark]) => window.jupyterapp.shell.currentWidget.content.widgets
                .find(cell => cell.model.id === id).node.classList.add(mark)""",
            [cell_id, mark],
        )
        return self.book.locator(f".{mark}")

    # What is waited for

    def wait_for(self, function: str, **settings: Any) -> JSHandle:
        """Wait until a function of the page returns something. Playwright would have the page drawn, to ask it, as often as it can be."""
        return self.page.wait_for_function(function, polling=ASKED_EVERY, **settings)

    def restored(self) -> None:
        self.wait_for("() => window.jupyterapp && window.jupyterapp.restored.then(() => true)")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def opened(self) -> "Tab":
        """Wait until the notebook is drawn."""
        self.restored()
        self.book.locator(".jp-Cell").first.wait_for()
        return self

    def woken(self) -> "Tab":
        """Wait until the kernel is heard of. One of ipykernel 7.3 may not be, before a cell of ours keeps it reading: so that is done
        first, and the page is loaded once more where it does not help, as a person would.
        """
        if self.kept()["metadata"]["kernelspec"]["name"] == "ipykernel-7-3" and not self._kept_awake():
            self.reload()
            assert self._kept_awake()
        return self.wait_idle()

    def _kept_awake(self) -> bool:
        """Have the kernel kept reading; False when it is not heard of for long. JupyterLab may replace its connection meanwhile."""
        return self.page.evaluate(
            """async ([code, longest]) => {
                const until = Date.now() + longest;
                const late = () => new Promise(over => setTimeout(over, 2000, false));
                while (Date.now() < until) {
                    const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
                    const done = kernel?.requestExecute({ code, silent: true }).done.then(() => true, () => false);
                    if (await Promise.race([done ?? late(), late()])) return true;
                    kernel?.requestKernelInfo().catch(() => undefined);
                }
                return false;
            }""",
            [KEEP_AWAKE, LONGEST / 3],
        )

    def wait_idle(self) -> "Tab":
        """Wait until the kernel has nothing to do."""
        self.wait_for("() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
        return self

    def wait_done(self, step: str) -> "Tab":
        """Wait until nothing is looked at or applied any more: the record is whole a moment after the last card is."""
        expect(self.widget(step, "recheck")).to_be_enabled()
        return self

    def _begin(self, name: str, arguments: dict[str, Any]) -> str:
        mark = uuid.uuid4().hex
        self.page.evaluate(
            """([mark, name, given]) => {
                const done = (window.runbookDone ??= {});
                window.jupyterapp.commands.execute(name, given).then(
                    () => { done[mark] = 'done' }, error => { done[mark] = String(error) });
            }""",
            [mark, name, arguments],
        )
        return mark


def _workspace() -> str:
    return f"test-{uuid.uuid4().hex[:12]}"
