"""Kernels that nobody else on the machine can listen to.

Over TCP, what a kernel is sent and answers can be read by every user of a shared jump host. On POSIX we use sockets in
a private folder instead; elsewhere there are none, and the default stays.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError


class PrivateKernelManager(AsyncKernelManager):
    """Starts a kernel whose sockets lie in a new folder of ours, with a path short enough for a socket name."""

    def __init__(self, **settings: Any) -> None:
        """Choose the transport before anything is started."""
        self._folder = ""
        if os.name == "posix":
            self._folder = tempfile.mkdtemp(prefix="rk-")
            settings |= {"transport": "ipc", "connection_file": str(Path(self._folder) / "k.json")}
            settings["ip"] = str(Path(self._folder) / "s")
        super().__init__(**settings)

    def cleanup_connection_file(self) -> None:
        """Remove the connection file, and with it the folder and its sockets."""
        super().cleanup_connection_file()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def is_worth_saying(record: logging.LogRecord) -> bool:
    """Tell whether a remark of asyncio is for anybody. Filters its log.

    When a run is interrupted, nbclient's watch over the kernel ends with an error that nobody is left to fetch, and asyncio
    prints it with a traceback at some later time. The run's outcome has said already that the kernel ended.
    """
    return not (record.exc_info and isinstance(record.exc_info[1], DeadKernelError))
