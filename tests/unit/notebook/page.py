"""A row of buttons as a page of a browser has drawn it: what it was told, and what it sends when somebody presses."""

from typing import Any

from runbook_lib.notebook.buttons import Buttons
from tests.unit.notebook.wire import Wire


class Page:
    """One page, which has drawn the buttons once. What comes after that it has not heard yet: `draw` catches up."""

    def __init__(self, buttons: Buttons) -> None:
        self.buttons = buttons
        self.drawn: dict[str, Any] = {}
        self.draw()

    def draw(self) -> "Page":
        self.drawn = Wire(self.buttons).arrives("ask")
        return self

    def can(self, name: str, typed: str = "") -> bool:
        """Whether the page would let a person press a button, once they have typed something."""
        if name == "stop":
            return bool(self.drawn["stop"])
        if name not in self.buttons.confirms:
            return not self.drawn["busy"]
        is_typed = typed.strip().lower() == self.buttons.step
        return name == self.drawn["button"] and self.drawn["ready"] and not self.drawn["busy"] and is_typed

    def press(self, name: str, typed: str = "") -> None:
        """Send what a press sends, whether the page would let a person or not: what a browser sends is anybody's word."""
        confirmation = {"button": name, "of": self.drawn["of"], "number": self.drawn["number"], "typed": typed}
        Wire(self.buttons).arrives(confirmation if name in self.buttons.confirms else name)
