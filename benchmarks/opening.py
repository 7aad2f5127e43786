"""From the command to the first cell: a user who never started it before, in a real browser; and a plain JupyterLab beside it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measuring import Row, Seconds, ratio, taking_turns
from runbook_lib.wiring import project_root
from tests.browser.driver import LONGEST, chromium

TIMES = 3
STOP_SECONDS = 30
NOTEBOOK = "preflight.ipynb"
# What a new JupyterLab would ask the network for is left out: the network is not what is measured.
QUIET = ["--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]


def measure() -> Iterator[Row]:
    """Yield the durations from the command to a notebook that is drawn, and to a kernel that is ready."""
    served: list[float] = []
    idle: list[float] = []
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = chromium(playwright)
        ours, plain = taking_turns(
            TIMES, lambda: _with_the_lab(browser, served, idle), lambda: _plain(browser, Path(folder))
        )
        browser.close()
    yield Row("`runbook lab --notebook` to its address", Seconds(tuple(served[1:])))
    yield Row("a plain JupyterLab, without a lab, to the first cell", plain)
    yield Row("`runbook lab --notebook` to the first cell, of a user who never started it", ours, ratio(ours, plain))
    yield Row("`runbook lab --notebook` to a kernel that is ready", Seconds(tuple(idle[1:])))


def _with_the_lab(browser: Browser, served: list[float], idle: list[float]) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "runbook_lib", "lab", "--notebook", "--no-browser", "--json"]
    with _new_user() as environment, _process(command, environment) as process:
        text = ""
        while not text.endswith("\n}\n"):
            text += process.stdout.readline() if process.stdout else ""
        served.append(time.perf_counter() - began)
        shown, ready = _seen(browser, json.loads(text)["notebook"], began)
        idle.append(ready)
    return shown


def _plain(browser: Browser, folder: Path) -> float:
    shutil.copy(project_root() / "notebooks" / "en" / NOTEBOOK, folder)
    began = time.perf_counter()
    token = secrets.token_hex()
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
        f"--IdentityProvider.token={token}",
        *QUIET,
    ]
    command = [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={folder}"]
    with _new_user() as environment, _process(command, environment) as process:
        runtime = Path(environment["JUPYTER_RUNTIME_DIR"])
        described = runtime / f"jpserver-{process.pid}.json"
        while not (described.exists() and described.read_text(encoding="utf-8").endswith("}")):
            time.sleep(0.01)
        address = json.loads(described.read_text(encoding="utf-8"))["url"]
        shown, _ = _seen(browser, f"{address}lab/tree/{NOTEBOOK}?token={token}", began)
    return shown


def _seen(browser: Browser, address: str, began: float) -> tuple[float, float]:
    """Return after how many seconds a new window shows the first cell, and after how many the kernel is ready."""
    context = browser.new_context()
    context.set_default_timeout(LONGEST)
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    shown = time.perf_counter() - began
    page.locator(".jp-NotebookPanel [data-status=idle]").first.wait_for(state="attached")
    ready = time.perf_counter() - began
    context.close()
    return shown, ready


@contextmanager
def _new_user() -> Iterator[dict[str, str]]:
    """The environment of somebody whose home is empty."""
    with TemporaryDirectory() as home:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "RUNBOOK", "XDG"))}
        yield {**kept, "HOME": home, "JUPYTER_RUNTIME_DIR": f"{home}/runtime", "PYTHONUNBUFFERED": "1"}


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:  # a plain JupyterLab does not always end when it is asked to
                process.kill()
