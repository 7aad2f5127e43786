"""A kernel specification may ask for a forked kernel, as one of JupyterLab would."""

import asyncio
import json
import os
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager

from runbook_lib.fleet.forkserver import shared

LONGEST = 60.0


def test_a_kernel_of_such_a_specification_is_forked_and_can_be_started_again(tmp_path: Path) -> None:
    """Its process is a child of the one that this process shares among such kernels."""
    folder = tmp_path / "kernels" / "forked"
    folder.mkdir(parents=True)
    specification = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Forked",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": "runbook-forked"}},
    }
    (folder / "kernel.json").write_text(json.dumps(specification), encoding="utf-8")
    os.environ["JUPYTER_PATH"] = str(tmp_path)

    async def parents() -> list[str]:
        manager = AsyncKernelManager(kernel_name="forked", transport="ipc", ip=str(tmp_path / "s"))
        await manager.start_kernel()
        found = [await parent(manager)]
        await manager.restart_kernel()
        found.append(await parent(manager))
        await manager.shutdown_kernel()
        return found

    async def parent(manager: AsyncKernelManager) -> str:
        client = manager.client()
        client.start_channels(hb=False)
        await client.wait_for_ready(timeout=LONGEST)
        heard: list[str] = []
        await client.execute_interactive(
            "import os; print(os.getppid())",
            timeout=LONGEST,
            output_hook=lambda message: heard.append(message["content"].get("text", "")),
        )
        client.stop_channels()
        return "".join(heard).strip()

    try:
        assert asyncio.run(parents()) == [str(shared().pid())] * 2
    finally:
        shared().close()
