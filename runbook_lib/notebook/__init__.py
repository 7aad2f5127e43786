"""What notebooks call and show: `open_runbook`, cards, and the generator of the notebooks themselves."""

from __future__ import annotations

from runbook_lib.notebook.session import Session, Stop, open_runbook

__all__ = ["Session", "Stop", "open_runbook"]
