"""A kernel provisioner of jupyter_client whose kernels are forked."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from runbook_lib.fleet.forkserver.warm import ForkedKernel, ForkServer, shared

READY_SECONDS = 60.0
LAUNCHER = "ipykernel_launcher"


class ForkedKernelProvisioner(LocalProvisioner):
    """Has a kernel forked where its parent starts a program. Waits for news of the kernel instead of asking ten times a second.

    For a kernel specification: `"metadata": {"kernel_provisioner": {"provisioner_name": "runbook-forked"}}`.
    """

    def __init__(self, *, server: ForkServer | None = None, **settings: Any) -> None:
        """Fork from `server`, else from the one that is shared in this process."""
        super().__init__(**settings)
        self._server = server
        self.process: ForkedKernel | None = None  # type: ignore[assignment]  # in the place of a Popen, as one is used here

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel and return once it listens. Raises `CannotFork`, or `TimeoutError`."""
        server = self._server or shared()
        arguments = cmd[cmd.index(LAUNCHER) + 1 :]
        folder = str(kwargs.get("cwd") or Path.cwd())
        with contextlib.ExitStack() as stack:
            streams = [
                _descriptor(kwargs.get(name), standard, stack) for name, standard in (("stdout", 1), ("stderr", 2))
            ]
            self.process = server.fork(arguments, kwargs["env"], folder, streams)
        self.pid = self.process.pid
        self.cwd = folder
        await self.process.ready(READY_SECONDS)
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Have a signal sent to the kernel and all it started."""
        if self.process:
            self.process.send_signal(signum)

    async def wait(self) -> int | None:
        """Return the exit code once the kernel has ended."""
        if not self.process:
            return 0
        await self.process.ended(None)
        code, self.process = self.process.returncode, None
        return code

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: ARG002, FBT002  # jupyter_client's signature
        """Wait here for the end of a kernel that was asked to end: who calls next would look only every 100 ms."""
        if self.process:
            with contextlib.suppress(asyncio.TimeoutError):
                await self.process.ended(self.get_shutdown_wait_time() / 2)


def _descriptor(stream: Any, standard: int, stack: contextlib.ExitStack) -> int:
    """Return the descriptor of a stream as `subprocess` takes it: None is our own, and there are numbers for nowhere."""
    if stream is None:
        return standard
    if stream == subprocess.DEVNULL:
        return stack.enter_context(Path(os.devnull).open("wb")).fileno()
    return stream if isinstance(stream, int) else int(stream.fileno())
