"""A place in a cell's output that can be drawn again: the one door to IPython's display, which has no types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from IPython import display
from IPython.core.getipython import get_ipython


class Place:
    """What a cell shows, as a MIME bundle. Replacing it also changes the notebook that is kept."""

    def __init__(self, content: Mapping[str, object]) -> None:
        """Show the content."""
        show: Any = display.display
        self._handle = show(dict(content), raw=True, display_id=True)

    def replace(self, content: Mapping[str, object]) -> None:
        """Show other content in the same place."""
        self._handle.update(dict(content), raw=True)


def show(content: Mapping[str, object]) -> None:
    """Show content that stays as it is."""
    shown: Any = display.display
    shown(dict(content), raw=True)


def show_widget(widget: Any, instead: str) -> None:
    """Show a widget. `instead` is what a reader sees where widgets do not live: without a kernel, in a notebook from somebody else."""
    show: Any = display.display
    made = widget._repr_mimebundle_()  # IPython's own protocol: data, or data and metadata
    content = made[0] if isinstance(made, tuple) else made
    show({**content, "text/plain": instead}, raw=True)


def close_widget(widget: Any) -> None:
    """Give back a widget with all that is in it, and with the models of its looks."""
    for inside in getattr(widget, "children", ()):
        close_widget(inside)
    for looks in (getattr(widget, name, None) for name in ("layout", "style")):
        if looks is not None:
            looks.close()
    widget.close()


def namespace() -> dict[str, Any]:
    """Return the names of this notebook's cells; none outside of one."""
    shell: Any = get_ipython()
    names: dict[str, Any] = shell.user_ns if shell is not None else {}
    return names
