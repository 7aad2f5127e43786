"""Keeps the keys of a panel for the panel: JupyterLab's own single keys cut, copy and move cells also while a button has the focus."""

from __future__ import annotations

from pathlib import Path

import anywidget
import ipywidgets


class PanelKeys(anywidget.AnyWidget):
    """Put among the children of a panel, it shows nothing and guards every element of the classes `rk-panel` and `rk-guided`.

    In JupyterLab 4.6.6 X cuts the cell under a focused button, and the arrow keys leave a dropdown. Keys with Ctrl, Alt or Cmd,
    such as Ctrl+S, stay JupyterLab's.
    """

    _esm = Path(__file__).parent / "keys.js"

    def __init__(self) -> None:
        """Take no room."""
        super().__init__(layout=ipywidgets.Layout(display="none"))
