"""The panel under a step's card: look again, confirm and apply, stop, go on. It takes clicks and shows a state; it decides nothing.

Widgets are for input alone: without a kernel nothing of them is left, so whatever matters is on the card and in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets

from runbook_lib.notebook.buttons import Buttons, Offer, Offered, Pressed
from runbook_lib.notebook.keys import PanelKeys
from runbook_lib.notebook.status import StatusLine
from runbook_lib.texts import Language
from runbook_lib.texts.panel import PANEL

APPLY, RESUME = CONFIRMS = ("apply", "resume")

# ipywidgets has no types.
_W: Any = ipywidgets


@dataclass(frozen=True)
class Controls:
    """What can be done at a panel now.

    Attributes:
        said: The state in words, for the status line.
        elapsed: How long something has been going on, beside it.
        is_busy: Something is going on, so that nothing else can be begun.
        can_stop: What is going on here can be stopped.
        armed: The digest of the plan that would be applied; empty: nothing can be applied.
        resumes: The run to go on with; empty: none.
    """

    said: str = ""
    elapsed: str = ""
    is_busy: bool = False
    can_stop: bool = False
    armed: str = ""
    resumes: str = ""

    @property
    def offer(self) -> Offer:
        """Return what can be confirmed: the plan before the run that stopped."""
        if self.armed:
            return Offer(APPLY, self.armed)
        return Offer(RESUME, self.resumes) if self.resumes else Offer()


@dataclass(frozen=True)
class Clicks:
    """What a panel calls. All may be called on any thread; `apply` and `resume` are given what was confirmed, digest or run, and
    return False when that is not what can be carried out any more.
    """

    recheck: Callable[[], object]
    apply: Callable[[str], object]
    resume: Callable[[str], object]
    stop: Callable[[], object]


class StepPanel:
    """The panel of one step. `sign_in` and `guided` are empty boxes for what only some steps need."""

    def __init__(self, step_id: str, language: Language, clicks: Clicks, *, applies: bool) -> None:
        """Make the widgets; `applies` is true for the step that sends."""
        self.step_id = step_id
        self._language = language
        self._clicks = clicks
        self._controls = Controls()
        self._refused = ""
        self._beside: Controls | None = None
        self._markup, self._is_drawn_again = "", False
        self.sign_in, self.guided = _W.VBox([]), _W.VBox([])
        confirms = CONFIRMS if applies else ()
        plain = {"recheck": clicks.recheck, "stop": clicks.stop}
        pressed = Pressed(plain, self._confirmed, self._refuse)
        self._buttons = Buttons(step_id, language, self._words(*plain, *confirms), pressed, confirms=confirms)
        self._status = StatusLine(self._show_card)
        self._card = _W.HTML("", layout=_W.Layout(display="none"))
        self._card.add_class("rk-card-now")
        self.widget = _W.VBox([PanelKeys(), self._card, self.sign_in, self.guided, self._buttons, self._status])
        self.widget.add_class("rk-panel")
        self.widget.add_class(f"rk-p-{step_id}")
        self.show(self._controls)

    def show(self, controls: Controls) -> None:
        """Show what can be done now. A confirmation that was typed counts for what was shown then, and for nothing else."""
        self._controls = controls
        self._buttons.offer(Offered(controls.offer, is_busy=controls.is_busy, can_stop=controls.can_stop))
        self._outlive(controls)
        refused = PANEL[self._refused].say(self._language) if self._refused else ""
        _change(self._status, said=f"{refused} {controls.said}".strip(), elapsed=controls.elapsed)

    def draw(self, card: str) -> None:
        """Keep the card's markup as it is now, for a page whose own card is not drawn any more."""
        self._markup = card
        if self._is_drawn_again:
            _change(self._card, value=card)

    def _show_card(self) -> None:
        """Show the card, and say so even where it is shown already: the page that asks may not have heard it."""
        self._is_drawn_again = True
        _visible(self._card, is_visible=True)
        self._card.layout.send_state("display")
        if self._card.value == self._markup:
            self._card.send_state("value")
        else:
            self._card.value = self._markup

    def _words(self, *buttons: str) -> dict[str, str]:
        names = [f"{name}{part}" for name in (*buttons, "gone") for part in ("", "-tip", "-typed")]
        step = self.step_id.upper()
        return {name: PANEL[name].say(self._language, step=step) for name in names if name in PANEL}

    def _confirmed(self, button: str, of: str) -> None:
        carry_out = {APPLY: self._clicks.apply, RESUME: self._clicks.resume}[button]
        if carry_out(of) is False:
            self._refuse()

    def _refuse(self) -> None:
        """Say that nothing was done: something else was confirmed, or something else is going on."""
        self._refused, self._beside = ("missed" if self._controls.is_busy else "outdated"), None
        self.show(self._controls)

    def _outlive(self, controls: Controls) -> None:
        """Have a refusal said while something goes on, and beside the first state after that; not beside another one."""
        if self._beside is None and not controls.is_busy:
            self._beside = controls
        elif self._beside not in (None, controls):
            self._refused = ""


def _change(widget: Any, **values: Any) -> None:
    """Set what differs: each value that is set is a message to every browser that shows the widget."""
    for name, value in values.items():
        if getattr(widget, name) != value:
            setattr(widget, name, value)


def _visible(widget: Any, *, is_visible: bool) -> None:
    _change(widget.layout, display=None if is_visible else "none")
