"""A page as PDF, printed by a browser that is on this machine already: nothing is downloaded for it, and nothing asked of a network."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from runbook_lib.errors import CannotPrint
from runbook_lib.wiring import browser_path

# A page of a hundred steps takes a few seconds; a browser that takes longer has hung.
PATIENCE_SECONDS = 90.0

ARGUMENTS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)


def pdf_of(page: str, patience: float = PATIENCE_SECONDS) -> bytes:
    """Return a page of HTML as PDF. Raises `CannotPrint` when there is no browser, or it fails or takes longer than `patience` seconds."""
    browser = browser_path()
    if browser is None:
        raise CannotPrint("no-browser")
    with TemporaryDirectory(prefix="runbook-report-", ignore_cleanup_errors=True) as private:
        folder = Path(private)
        source, printed = folder / "report.html", folder / "report.pdf"
        source.write_text(page, encoding="utf-8")
        own = (f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed}", source.as_uri())
        code = _run([str(browser), *ARGUMENTS, *_sandbox(), *own], patience)
        content = printed.read_bytes() if printed.is_file() else b""
    if not content.startswith(b"%PDF"):
        raise CannotPrint("browser-failed", browser=str(browser), code=code)
    return content


def _sandbox() -> tuple[str, ...]:
    """Chromium's own sandbox refuses to work for root; the page is ours, and can neither run nor fetch anything."""
    return ("--no-sandbox",) if os.name == "posix" and os.geteuid() == 0 else ()


def _run(command: list[str], patience: float) -> int:
    """Run a browser and return its exit code. It gets a group of its own, so that its helpers end with it."""
    try:
        process = subprocess.Popen(  # noqa: S603  # a browser of this machine, with arguments of ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise CannotPrint("browser-does-not-start", browser=command[0], detail=type(error).__name__) from error
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        raise CannotPrint("browser-too-slow", browser=command[0], seconds=round(patience)) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
