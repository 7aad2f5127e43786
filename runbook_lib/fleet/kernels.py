"""Kernels that nobody else on the machine can listen to.

Over TCP, what a kernel is sent and answers can be read by every user of a shared jump host. On POSIX we use sockets in
a private folder instead; elsewhere there are none, and the default stays.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError

from runbook_lib.fleet.forkserver import ForkServer


class PrivateKernelManager(AsyncKernelManager):
    """Starts a kernel whose sockets lie in a new folder of ours, with a path short enough for a socket name.

    With a `fork_server`, the kernel is forked; else a program is started.
    """

    def __init__(self, *, fork_server: ForkServer | None = None, **settings: Any) -> None:
        """Choose transport and kind of kernel before anything is started."""
        self._folder = ""
        if os.name == "posix":
            self._folder = tempfile.mkdtemp(prefix="rk-")
            settings |= {"transport": "ipc", "connection_file": str(Path(self._folder) / "k.json")}
            settings["ip"] = str(Path(self._folder) / "s")
        super().__init__(**settings)
        if fork_server:
            self._fork_from(fork_server)

    def _fork_from(self, server: ForkServer) -> None:
        from runbook_lib.fleet.forkserver.provisioner import ForkedKernelProvisioner  # noqa: PLC0415  # Linux only

        self.kernel_id = str(uuid.uuid4())
        self.provisioner = ForkedKernelProvisioner(
            server=server, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )

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
