"""What the panels cost: Run All, from a click to the cards, and the memory of the kernel, as the kernel and as a browser see it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from jupyter_client import BlockingKernelClient, KernelManager
from playwright.sync_api import sync_playwright

from benchmarks.measuring import Row, ratio, taking_turns
from runbook_lib.lab.lab import Lab
from runbook_lib.runbooks import find
from tests.browser.driver import Desk, Tab, chromium
from tests.browser.jupyter import jupyter
from tests.notebooks.served import CONNECT, PORTAL, Served

TIMES = 5
LONGEST = 120
# Everything is on there, so no step is blocked: each looks at all it can.
TENANT = "fabrikam"
STEP = "c5"
# A click, until the panel is free and the card is another one. Timed by the page itself.
CLICK = """button => new Promise(done => {
    const cell = button.closest('.jp-Cell'), card = () => cell.querySelector('.rk-step'), before = card();
    const began = performance.now();
    let busy = false;
    const look = () => {
        const off = button.ariaDisabled === 'true';
        busy = busy || off;
        if (busy && !off && card() !== before) done((performance.now() - began) / 1000);
        else requestAnimationFrame(look);
    };
    button.click();
    look();
})"""


def measure() -> Iterator[Row]:
    """Yield durations and memory, of a lab without any delay of its own."""
    with TemporaryDirectory() as folder, Lab() as lab:
        served = Served(lab, Path(folder))
        yield from _in_the_kernel(served)
        yield from _in_the_browser(served, Path(folder) / "jupyter")


def _in_the_kernel(served: Served) -> Iterator[Row]:
    kernel, empty = Kernel(served.environment()), Kernel(served.environment())
    try:
        kernel.execute("from runbook_lib.notebook import open_runbook")
        kernel.execute("\n".join(f"{name} = {value!r}" for name, value in served.data(TENANT).items()))
        plain, panels = taking_turns(
            TIMES, lambda: _run_all(kernel, panels=False), lambda: _run_all(kernel, panels=True)
        )
        yield Row("Run All of the 13 steps of both enable runbooks: cards only", plain)
        yield Row("Run All of the 13 steps: cards and panels", panels, ratio(panels, plain))
        _open(kernel, CONNECT, panels=True)
        (click,) = taking_turns(TIMES, kernel.click)
        yield Row("click on *Check again* to all 8 cards, at the kernel", click, ratio(click, panels))
        yield from _memory(kernel, empty)
    finally:
        kernel.end()
        empty.end()


def _memory(kernel: Kernel, empty: Kernel) -> Iterator[Row]:
    empty.execute("pass")
    mine, none = kernel.memory, empty.memory
    if mine and none:
        yield Row("memory of a kernel that has done nothing (PSS)", f"{none / 1e6:.0f} MB")
        yield Row("memory of a kernel with a runbook open (PSS)", f"{mine / 1e6:.0f} MB", f"{mine / none:.1f} ×")


def _run_all(kernel: Kernel, *, panels: bool) -> None:
    for slug in (CONNECT, PORTAL):
        _open(kernel, slug, panels=panels)
        kernel.execute("run.finish()", may_stop=True)
        # A cell does not wait while somebody is to sign in; here the lab does so by itself.
        if panels:
            kernel.execute("while run.work.is_busy: __import__('time').sleep(0.001)")


def _open(kernel: Kernel, slug: str, *, panels: bool) -> None:
    kernel.execute(f"run = open_runbook({slug!r}, panels={panels})")
    for step in find(slug).steps:
        kernel.execute(f"run.step({step.id!r})", may_stop=True)


def _in_the_browser(served: Served, folder: Path) -> Iterator[Row]:
    folder.mkdir()
    with jupyter(folder, served.environment()) as server, sync_playwright() as playwright:
        browser = chromium(playwright)
        desk = Desk(browser, server, folder)
        tab = desk.open(desk.working_copy("en", CONNECT, served.data(TENANT)))
        runs = taking_turns(TIMES, lambda: _run_in_browser(tab))[0]
        button = tab.panel(STEP).locator(".rk-recheck")
        clicks = taking_turns(TIMES, lambda: float(button.evaluate(CLICK)))[0]
        desk.close()
        browser.close()
    yield Row("Run All once more of 8 steps, in the run that is open, until the browser has drawn the end", runs)
    yield Row("click on *Check again* to the card on the screen", clicks, ratio(clicks, runs))


def _run_in_browser(tab: Tab) -> None:
    tab.page.evaluate("() => document.querySelectorAll('.rk-overview').forEach(each => each.classList.add('rk-old'))")
    tab.run_all()
    tab.book.locator(".rk-overview:not(.rk-old)").last.wait_for()


class Kernel:
    """A kernel of its own, asked as a page asks it."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Start it."""
        self._manager = KernelManager(kernel_name="python3", transport="ipc" if os.name == "posix" else "tcp")
        self._manager.start_kernel(env=environment)
        self._client: BlockingKernelClient = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=LONGEST)
        self._states: dict[str, dict[str, Any]] = {}

    def execute(self, code: str, *, may_stop: bool = False) -> None:
        """Run a cell to its end. It may stop by itself only where that is said."""
        reply = self._client.execute(code)
        status = ""
        while not status:
            message = self._next()
            if message["parent_header"].get("msg_id") == reply and message["msg_type"] == "status":
                status = "ended" if message["content"]["execution_state"] == "idle" else ""
            elif message["msg_type"] == "error" and not may_stop:
                raise SystemExit(f"{code}: {message['content']['evalue']}")

    def click(self) -> float:
        """Click on the newest panel's button that looks again; return how long it takes until that can be clicked again."""
        buttons = [of for of, state in self._states.items() if "rk-buttons" in state.get("_dom_classes", ())][-1]
        content = {"comm_id": buttons, "data": {"method": "custom", "content": "recheck"}}
        began = time.perf_counter()
        self._client.shell_channel.send(self._client.session.msg("comm_msg", content))
        is_busy = was_busy = False
        cards = 0
        while not (was_busy and cards and not is_busy):
            message = self._next()
            cards += message["msg_type"] == "update_display_data"
            if message["content"].get("comm_id") == buttons:
                is_busy = bool(message["content"]["data"]["content"]["busy"])
            was_busy = was_busy or is_busy
        return time.perf_counter() - began

    @property
    def memory(self) -> int:
        """The memory that is its own, and its share of what others use too, in bytes; 0 where the system does not tell."""
        pid = self._manager.provisioner.pid if self._manager.provisioner else None
        return getattr(psutil.Process(pid).memory_full_info(), "pss", 0)

    def end(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def _next(self) -> dict[str, Any]:
        """The next message, and what it says of widgets."""
        message: dict[str, Any] = self._client.get_iopub_msg(timeout=LONGEST)
        content = message["content"]
        if message["msg_type"] == "comm_open":
            self._states[content["comm_id"]] = dict(content["data"].get("state", {}))
        elif message["msg_type"] == "comm_msg" and content["comm_id"] in self._states:
            self._states[content["comm_id"]] |= content["data"].get("state", {})
        return message
