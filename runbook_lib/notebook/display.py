"""A place in a cell's output that can be drawn again: the one door to IPython's display, which has no types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from IPython import display


class Place:
    """What a cell shows, as a MIME bundle. Replacing it also changes the notebook that is kept."""

    def __init__(self, content: Mapping[str, object]) -> None:
        """Show the content."""
        show: Any = display.display
        self._handle = show(dict(content), raw=True, display_id=True)

    def replace(self, content: Mapping[str, object]) -> None:
        """Show other content in the same place."""
        self._handle.update(dict(content), raw=True)
