"""The buttons of a panel, and the field in which a confirmation is typed. A confirmation comes with what its page showed.

Between what this process knows and what a page has drawn lies a connection that may be slow, and there may be two pages. So a click
carries the plan, or the run, that it was drawn with: it counts for that, once, and for nothing else. What can be confirmed travels
in messages and is no part of the widget's state, which JupyterLab may save with the notebook.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import anywidget
import traitlets

from runbook_lib.texts import Language

_HERE = Path(__file__).parent

# What a page asks for when it has drawn the buttons, also after a reload or in a second tab.
ASK = "ask"

# What a confirmation says: the button, what it was drawn for, the number of that drawing, and what was typed.
_CONFIRMATION = {"button", "of", "number", "typed"}


@dataclass(frozen=True)
class Offer:
    """What can be confirmed: by which button, and what it is for, a plan's digest or a run; empty: nothing."""

    button: str = ""
    of: str = ""


@dataclass(frozen=True)
class Offered:
    """What the buttons of a panel allow now.

    Attributes:
        offer: What can be confirmed.
        is_ready: Nothing is missing but the typed name.
        is_busy: Something is going on, so that nothing else can be begun.
        can_stop: What is going on here can be stopped.
    """

    offer: Offer = Offer()
    is_ready: bool = True
    is_busy: bool = False
    can_stop: bool = False


@dataclass(frozen=True)
class Pressed:
    """What is called for a button, on the thread in which the click arrives.

    Attributes:
        plain: By name, for the buttons that need no confirmation.
        confirmed: With the button and what was confirmed.
        refused: When what was confirmed is not what is offered any more, or not now: nothing was done.
    """

    plain: Mapping[str, Callable[[], object]]
    confirmed: Callable[[str, str], None]
    refused: Callable[[], None]


class Buttons(anywidget.AnyWidget):
    """One row of buttons. Its traits are words, and what has to be typed: the step's name.

    `words` has, for each button, its label and its tip, and for those that need a confirmation what is said at the field: under
    the button's name, and with `-tip` and `-typed` behind it; and `gone`, for when the kernel is.
    """

    _esm = _HERE / "buttons.js"
    _css = _HERE / "buttons.css"
    words = traitlets.Dict().tag(sync=True)
    step = traitlets.Unicode().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)
    confirms = traitlets.List(traitlets.Unicode()).tag(sync=True)
    css = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        step_id: str,
        language: Language,
        words: dict[str, str],
        pressed: Pressed,
        *,
        confirms: tuple[str, ...] = (),
        css: str = "rk-confirm",
    ) -> None:
        """Offer nothing yet. `confirms` names the buttons that need a confirmation, `css` is the class of the field for it."""
        super().__init__(words=words, step=step_id, language=language, confirms=list(confirms), css=css)
        self.add_class("rk-buttons")
        self._pressed = pressed
        self._offered = Offered()
        self._number = 0
        self._taken: tuple[object, ...] = ()
        # A confirmation is never judged in the middle of a change of what is offered, nor two at a time.
        self._lock = threading.RLock()
        self.on_msg(self._heard)

    def offer(self, offered: Offered) -> None:
        """Allow this from now on. What was typed counts no longer where something else is offered, or something has begun."""
        with self._lock:
            before, self._offered = self._offered, offered
            if before == offered:
                return
            if (before.offer, before.is_busy) != (offered.offer, offered.is_busy):
                self._number += 1
            self._tell()

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        """Do what a page asks for. Whatever else arrives is anybody's word, and nothing comes of it."""
        if content == ASK:
            with self._lock:
                self._tell()
        elif isinstance(content, str) and content in self._pressed.plain:
            self._pressed.plain[content]()
        elif isinstance(content, dict) and content.keys() == _CONFIRMATION:
            self._judge(content)

    def _judge(self, said: dict[str, object]) -> None:
        drawn = (said["button"], said["of"], said["number"])
        with self._lock:
            now = self._offered
            is_current = bool(now.offer.of) and drawn == (now.offer.button, now.offer.of, self._number)
            is_taken = is_current and now.is_ready and not now.is_busy and self._is_typed(said["typed"])
            # The second click of a double click finds another drawing, and asks for what is being done.
            is_again = now.is_busy and drawn == self._taken
            if is_taken:
                self._number, self._taken = self._number + 1, drawn
            self._tell()
        if is_taken:
            self._pressed.confirmed(now.offer.button, now.offer.of)
        elif not (is_current or is_again):
            self._pressed.refused()

    def _is_typed(self, typed: object) -> bool:
        return isinstance(typed, str) and typed.strip().lower() == self.step

    def _tell(self) -> None:
        now = self._offered
        self.send(
            {
                "number": self._number,
                "button": now.offer.button,
                "of": now.offer.of,
                "ready": now.is_ready,
                "busy": now.is_busy,
                "stop": now.can_stop,
            }
        )
