"""Where an operator hands in screenshots, in JupyterLab: by Ctrl+V, by dropping them, or by choosing a file.

A message from the browser is anybody's word: its form, size and number are checked here again, and each picture is opened. The
pictures travel in messages and are no part of the widget's state, which JupyterLab may save with the notebook.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import anywidget
import traitlets
from babel.units import format_unit

from runbook_lib.notebook.pictures import reduced
from runbook_lib.parameters import MOST_PICTURES, Picture, opened
from runbook_lib.texts import Argument, Language, Message, fix_of, render
from runbook_lib.texts.panels.paste import PASTE, PASTED

_HERE = Path(__file__).parent

# JupyterLab's connection to the kernel passed 9 MB, and dropped 12 MB without a word (JupyterLab 4.6.6).
MOST_PASTED_MB = 8
MOST_PASTED_BYTES = MOST_PASTED_MB * 1_000_000

# A preview beside its name; the card shows a larger one.
_PREVIEW_BYTES, _PREVIEW_WIDTH = 12 * 1024, 240

# What the browser sends: when it draws the zone, to hand in a picture (its bytes beside it), and to take one back (its number).
ASK, ADD, REMOVE = "ask", "add", "remove"


@dataclass(frozen=True)
class Held:
    """A picture that was handed in: its number, which it keeps, the picture, its SHA-256, and its preview's `data:` address."""

    number: int
    picture: Picture
    sha256: str
    preview: str


class PasteZone(anywidget.AnyWidget):
    """Takes pictures and shows them reduced, each with a button that takes it back. Its traits are words and limits only."""

    _esm = _HERE / "paste.js"
    _css = _HERE / "paste.css"
    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)
    most_bytes = traitlets.Int(MOST_PASTED_BYTES).tag(sync=True)

    def __init__(self, language: Language, changed: Callable[[], None] = lambda: None) -> None:
        """Hold nothing yet. `changed` is called whenever a picture comes or goes."""
        limits: dict[str, Argument] = {"most": MOST_PASTED_MB, "pictures": MOST_PICTURES}
        super().__init__(words={name: text.say(language, **limits) for name, text in PASTE.items()}, language=language)
        self.add_class("rk-paste")
        self._language: Language = language
        self._changed = changed
        self._held: tuple[Held, ...] = ()
        self._last = 0
        self._said = ""
        self._lock = threading.Lock()
        self.on_msg(self._on_message)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Return the pictures that are here, in the order in which they came."""
        return tuple(held.picture for held in self._held)

    def clear(self) -> None:
        """Forget all pictures."""
        with self._lock:
            self._held, self._said = (), ""
            self.send(self._shown())
        self._changed()

    def _on_message(self, _widget: object, content: object, buffers: object) -> None:
        """Do what the browser asks for, if it is one of the three things that it may ask for."""
        with self._lock:
            before = self._held
            if content != ASK:
                self._said = self._answer(content, buffers)
            self.send(self._shown(asked=content == ASK))
        if self._held != before:
            self._changed()

    def _answer(self, content: object, buffers: object) -> str:
        if content == ADD and isinstance(buffers, list) and len(buffers) == 1:
            return self._add(buffers[0])
        if isinstance(content, dict) and content.keys() == {REMOVE}:
            return self._remove(content[REMOVE])
        return self._say("not-understood")

    def _add(self, given: object) -> str:
        if not isinstance(given, bytes | memoryview):
            return self._say("not-understood")
        if len(self._held) >= MOST_PICTURES:
            return self._say("too-many", most=MOST_PICTURES)
        if memoryview(given).nbytes > MOST_PASTED_BYTES:
            return PASTE["too-large"].say(self._language, most=MOST_PASTED_MB)
        content = bytes(given)
        sha256 = hashlib.sha256(content).hexdigest()
        if any(held.sha256 == sha256 for held in self._held):
            return self._say("already-there")
        picture = opened(content)
        if isinstance(picture, Message):
            return f"{render(picture, self._language)} {fix_of(picture, self._language)}"
        self._last += 1
        preview = reduced(picture, _PREVIEW_BYTES, _PREVIEW_WIDTH).address
        picture.image.close()  # its pixels may take a hundred times the room of its bytes
        self._held += (Held(self._last, picture, sha256, preview),)
        return self._say("added", name=_name(len(self._held), picture))

    def _remove(self, number: object) -> str:
        names = {held.number: _name(at, held.picture) for at, held in enumerate(self._held, 1)}
        if type(number) is not int or number not in names:
            return self._say("not-understood")
        self._held = tuple(held for held in self._held if held.number != number)
        return self._say("removed", name=names[number])

    def _say(self, key: str, **arguments: Argument) -> str:
        return PASTED[key].say(self._language, **arguments)

    def _shown(self, *, asked: bool = False) -> dict[str, object]:
        """Return what the page is to show; `asked`: because it asked, and not because something happened here."""
        return {
            "asked": asked,
            "said": self._said,
            "pictures": [self._shown_picture(at, held) for at, held in enumerate(self._held, 1)],
        }

    def _shown_picture(self, at: int, held: Held) -> dict[str, object]:
        name, image = _name(at, held.picture), held.picture.image
        size = format_unit(
            round(len(held.picture.content) / 1000) or 1, "digital-kilobyte", "short", locale=self._language
        )
        kind = "JPEG" if held.picture.suffix == "jpg" else "PNG"
        return {
            "number": held.number,
            "about": self._say("about", name=name, kind=kind, width=image.width, height=image.height, size=size),
            "described": self._say("preview", name=name),
            "remove": self._say("remove-this", name=name),
            "preview": held.preview,
        }


def _name(at: int, picture: Picture) -> str:
    """Return the name under which a picture will be kept."""
    return f"screenshot-{at}.{picture.suffix}"
