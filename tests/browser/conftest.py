"""A browser before a JupyterLab before the lab: one JupyterLab a session, one Chromium a module, one lab and one window a test.

At the end of every test nothing may have been asked of another machine, and no page may have had an error. When a test fails,
its report names pictures of what was on the screen.
"""

import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from runbook_lib.lab.lab import Lab
from runbook_lib.lab.world import World
from tests.browser.driver import LONGEST, Desk, chromium
from tests.browser.jupyter import KERNELS, Jupyter, jupyter
from tests.notebooks.served import Served

# Seconds. On a busy machine a click and a reload take a few of them.
ONBOARDING = 8

expect.set_options(timeout=LONGEST)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the lab describes itself and runs are recorded: kernels are told of it once, so it stays for all tests."""
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="session")
def jupyter_lab(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    with Lab(World()) as lab:
        environment = Served(lab, place).environment()
    with jupyter(tmp_path_factory.mktemp("jupyter"), environment) as ready:
        yield ready


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. A module's, not the session's: while Playwright is there, no other test could run an event loop of its own."""
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def served(place: Path) -> Iterator[Served]:
    """The lab, new, where the kernels of JupyterLab look for it, and no runs yet.

    Under the fault `slow_onboarding` there is time for a person to get in the way of a change.
    """
    with Lab(World(onboarding_delay=timedelta(seconds=ONBOARDING))) as lab:
        yield Served(lab, place)
    shutil.rmtree(place / "outputs", ignore_errors=True)


@pytest.fixture
def desk(browser: Browser, jupyter_lab: Jupyter, served: Served, tmp_path: Path) -> Iterator[Desk]:
    """An operator's browser window."""
    desk = Desk(browser, jupyter_lab, tmp_path)
    yield desk
    desk.close()
    assert desk.left == []
    assert desk.errors == []


@pytest.fixture(params=KERNELS)
def kernel(request: pytest.FixtureRequest) -> str:
    """The name of a kernel, of each line of ipykernel in turn."""
    folder = Path(sys.prefix) / "kernels" / request.param
    assert folder.is_dir(), f"{folder} is missing: run `make kernels`"
    return f"ipykernel-{request.param}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Keep what was on the screen when a test failed."""
    report: Any = yield
    desk = getattr(item, "funcargs", {}).get("desk")
    if desk is not None and report.when == "call" and report.failed:
        report.sections.append(("screens", "\n".join(map(str, desk.keep_screens()))))
    return report
