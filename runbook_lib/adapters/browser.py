"""The browser of this machine: opens the sign-in page in it, and receives on the loopback interface what comes back from there.

msal brings a receiver too. Inside a container that one listens on every interface, and its wait cannot be ended from another thread.
"""

from __future__ import annotations

import hmac
import os
import sys
import threading
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

from runbook_lib.texts import LANGUAGES, message, render

# Far more than an authorization code and its companions; more than that is somebody else's.
LARGEST_ANSWER = 65536

# What tells that the machine has a screen, or that somebody named a browser.
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")

# The page holds one sentence; nothing may be loaded, kept or passed on.
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class Receiver(HTTPServer):
    """Listens on a free port of the loopback interface for one answer of the sign-in service."""

    def __init__(self) -> None:
        """Listen. Raises `OSError` where nothing may listen."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = ""
        self.answer: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        """Return where the answer is to be sent. Entra takes any port for this host name, and for no other."""
        return f"http://localhost:{self.server_port}"

    def take(self, form: Mapping[str, str]) -> bool:
        """Keep the answer to the question that was asked; anything else on this machine could have sent the rest."""
        is_answer = ("code" in form or "error" in form) and bool(self.state)
        if not is_answer or not hmac.compare_digest(form.get("state", "").encode(), self.state.encode()):
            return False
        self.answer = self.answer or form
        return True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that hangs up: a traceback would hold the answer, and reach the notebook."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen until the block ends."""
    with Receiver() as receiver:
        serving = threading.Thread(target=receiver.serve_forever, args=(0.1,), name="sign-in-receiver", daemon=True)
        serving.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            serving.join()


class Opening:
    """Opens a page in a thread of its own: some browsers only give control back when they are closed."""

    def __init__(self, page: str) -> None:
        """Begin to open it."""
        self.has_failed = threading.Event()
        threading.Thread(target=self._open, args=(page,), name="sign-in-browser", daemon=True).start()

    def _open(self, page: str) -> None:
        try:
            is_open = webbrowser.open(page)
        except (webbrowser.Error, OSError):
            is_open = False
        if not is_open:
            self.has_failed.set()


def has_browser() -> bool:
    """Tell whether a browser could be opened here: on a server without a screen there are at most those of a terminal."""
    if sys.platform not in ("win32", "darwin") and not any(os.environ.get(name) for name in _SCREENS):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


class _Handler(BaseHTTPRequestHandler):
    """Answers with one sentence, in both languages, and never with anything that was sent."""

    server: Receiver
    timeout = 10.0

    def do_GET(self) -> None:
        """Refuse: an answer in an address would stay in the browser's history."""
        self._say(400, "browser-page-other")

    def do_POST(self) -> None:
        """Take the answer."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_ANSWER:
            self._say(400, "browser-page-other")
            return
        sent = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        form = {name: values[0] for name, values in sent.items()}
        if self.server.take(form):
            self._say(200, "browser-page-done" if "code" in form else "browser-page-refused")
        else:
            self._say(400, "browser-page-other")

    def log_message(self, *_said: object) -> None:
        """Log nothing."""

    def _say(self, status: int, key: str) -> None:
        said = "".join(f'<p lang="{language}">{render(message(key), language)}</p>' for language in LANGUAGES)
        page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>runbook</title>{said}</html>'.encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)
