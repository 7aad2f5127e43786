"""Where an operator signs in, in JupyterLab: the page, the code, a copy button, and the time that is left.

The code travels in messages and is no part of the widget's state: JupyterLab saves that state with the notebook when it is told
to, and whoever enters the code decides who signs in.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from runbook_lib.texts import Language
from runbook_lib.texts.panels.sign_in import SIGN_IN

_HERE = Path(__file__).parent

# What the browser asks for when it draws the widget, also after a reload or in a second tab.
ASK = "ask"


@dataclass(frozen=True)
class _Asked:
    """A person is asked to sign in: with a code at a page, or without one in a browser that was opened."""

    user_code: str = field(repr=False)
    page: str
    expires_at: datetime
    again: bool

    @property
    def seconds_left(self) -> float:
        """Return for how long it still counts."""
        return (self.expires_at - datetime.now(UTC)).total_seconds()

    def content(self) -> dict[str, object]:
        """Return what the browser shows. Seconds, and no time of day: its clock may be another's."""
        about = {"code": self.user_code, "page": self.page, "seconds": self.seconds_left, "again": self.again}
        return {"state": "waiting", **about}


class CodeWidget(anywidget.AnyWidget):
    """Shows one request to sign in after another. Its traits are words only."""

    _esm = _HERE / "sign_in.js"
    _css = _HERE / "sign_in.css"
    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)

    def __init__(self, language: Language) -> None:
        """Show nothing yet."""
        words = {name: text.say(language, time="{time}") for name, text in SIGN_IN.items()}
        super().__init__(words=words, language=language)
        self.add_class("rk-sign-in")
        self._content: _Asked | str = ""
        self.on_msg(self._answer)

    def ask(self, user_code: str, page: str, expires_at: datetime, *, again: bool) -> None:
        """Show where to sign in."""
        self._content = _Asked(user_code, page, expires_at, again)
        self.send(self._shown())

    def forget(self, said: str) -> None:
        """Show a sentence instead, and forget the code."""
        self._content = said
        self.send(self._shown())

    def _answer(self, _widget: object, content: object, _buffers: object) -> None:
        if content == ASK:
            self.send(self._shown())

    def _shown(self) -> dict[str, object]:
        if isinstance(self._content, _Asked) and self._content.seconds_left <= 0:
            self._content = self.words["expired"]
        if isinstance(self._content, str):
            return {"state": "over", "said": self._content}
        return self._content.content()


class SignInSlot:
    """The place in a step's panel where its operator is asked to sign in. Its methods may be called from any thread."""

    def __init__(self, slot: ipywidgets.Box, language: Language) -> None:
        """Keep the place; nothing is in it before somebody is to sign in."""
        self._slot = slot
        self._language: Language = language
        self._widget: CodeWidget | None = None
        self._lock = threading.Lock()

    def show(self, user_code: str, page: str, expires_at: datetime, again: bool) -> None:  # as `ShowCode` has it
        """Ask for a sign-in with a code at a page, or, without a code, in the browser that was opened."""
        with self._lock:
            if self._widget is None:
                self._widget = CodeWidget(self._language)
                self._slot.children = (self._widget,)
            self._widget.ask(user_code, page, expires_at, again=again)

    def clear(self, said: str = "") -> None:
        """Forget the code, used or void, and show a sentence instead, or nothing at all."""
        with self._lock:
            if self._widget is None:
                return
            self._widget.forget(said)
            if not said:
                self._slot.children = ()
                self._widget.close()
                self._widget = None
