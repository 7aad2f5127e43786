"""Starting a kernel: the way Jupyter does it by default, and ours with its private sockets."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Iterator

from jupyter_client.manager import AsyncKernelManager

from benchmarks.measuring import Row, ratio, taking_turns
from runbook_lib.fleet.kernels import PrivateKernelManager

TIMES = 5
READY_SECONDS = 60


def measure() -> Iterator[Row]:
    """Yield the durations from the start of a kernel to its first answer."""
    plain, private = taking_turns(TIMES, lambda: _start(AsyncKernelManager), lambda: _start(PrivateKernelManager))
    yield Row("kernel, start to ready: Jupyter's default", plain)
    yield Row("kernel, start to ready: ours", private, ratio(private, plain))


def _start(kind: type[AsyncKernelManager]) -> float:
    return asyncio.run(_started(kind(kernel_name="python3")))


async def _started(manager: AsyncKernelManager) -> float:
    began = time.perf_counter()
    # The default one warns on standard error that others on the machine can listen to it, which is why there is ours.
    await manager.start_kernel(stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=READY_SECONDS)
        return time.perf_counter() - began
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
