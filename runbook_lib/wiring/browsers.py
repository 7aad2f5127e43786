"""Where a browser is that can print a page: one of the Chromium family, as they are installed on each system."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

# Names a browser of one's own choice.
BROWSER = "RUNBOOK_BROWSER"

_ON_THE_PATH = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "chrome",
)
_ON_WINDOWS = ("Microsoft/Edge/Application/msedge.exe", "Google/Chrome/Application/chrome.exe")
_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_ON_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def browser_path() -> Path | None:
    """Return a browser that can print: the one that the environment names and no other, else the first found; None for none."""
    if chosen := os.environ.get(BROWSER):
        return Path(chosen)
    return next((path for path in _candidates() if path.is_file()), None)


def _candidates() -> Iterator[Path]:
    yield from (Path(found) for name in _ON_THE_PATH if (found := shutil.which(name)))
    folders = (os.environ.get(name) for name in _WINDOWS_FOLDERS)
    yield from (Path(folder, program) for folder in folders if folder for program in _ON_WINDOWS)
    yield from map(Path, _ON_MACOS)
