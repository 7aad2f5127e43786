"""The line of a panel that says how things stand, and that knows whether the page was loaded again since its cell was run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

# What the browser says when it has drawn the line: the name that it gives the view.
DRAWN = "drawn"

# So many views are known by name; each page that is loaded has one.
_MOST_KNOWN = 64


class StatusLine(anywidget.AnyWidget):
    """A sentence, and how long something has been going on. `drawn_again` is called when a second view of it is drawn, and each time the
    browser says so again because it has not heard that the view is `known`.

    JupyterLab forgets which cell a card belongs to when its page is loaded again, and cards are not drawn in a second tab: what
    comes after that reaches widgets only.
    """

    _esm = Path(__file__).parent / "status.js"
    said = traitlets.Unicode().tag(sync=True)
    elapsed = traitlets.Unicode().tag(sync=True)
    known = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, drawn_again: Callable[[], None]) -> None:
        """Say nothing yet."""
        super().__init__()
        self.add_class("rk-status")
        self._drawn_again = drawn_again
        self.on_msg(self._heard)

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        view = content.get(DRAWN) if isinstance(content, dict) else None
        if not isinstance(view, str):
            return
        is_told_again = view in self.known
        known = self.known if is_told_again else [*self.known, view][-_MOST_KNOWN:]
        if len(known) > 1:
            self._drawn_again()
        self.known = known
        if is_told_again:
            self.send_state("known")
