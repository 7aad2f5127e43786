"""JupyterLab for the notebooks of the kit: a server of our own on loopback, over working copies of the notebooks."""

from __future__ import annotations

from runbook_lib.cli.jupyter.copies import WorkingCopy, working_copy
from runbook_lib.cli.jupyter.server import JupyterServer, Options

__all__ = ["JupyterServer", "Options", "WorkingCopy", "working_copy"]
