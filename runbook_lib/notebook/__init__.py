"""What notebooks call and show: `open_runbook`, cards, and the generator of the notebooks themselves."""

from __future__ import annotations

from runbook_lib.notebook.opening import open_runbook
from runbook_lib.notebook.session import Session
from runbook_lib.notebook.stop import Stop

__all__ = ["Session", "Stop", "open_runbook"]
