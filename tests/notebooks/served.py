"""The lab served for whole runs: notebooks through papermill, and the command line, each as a process of its own or in this one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import yaml

from runbook_lib.lab.lab import Lab
from runbook_lib.lab.world import World
from runbook_lib.wiring import project_root
from runbook_lib.wiring.places import CHANNEL, LAB, OUTPUTS

CONNECT, PORTAL, PREFLIGHT = "enable-connect-writeback", "enable-sspr-writeback", "preflight"
VERIFY = "verify-writeback"
BIN = Path(sys.executable).parent
LONGEST = 300  # seconds; a run takes about two, and a busy machine is no failure


class Served:
    """A served lab with what an operator has around it: parameter files and a folder for records."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab = lab
        self.world = lab.world
        self.outputs = folder / "outputs"
        self.descriptors = folder / "lab"
        self._folder = folder
        self._files = 0
        lab.write_descriptor(self.descriptors)

    def file(self, tenant: str = "contoso", /, **changed: Any) -> Path:
        """The example of a tenant with the addresses at which it is served now, and with keys changed: dictionaries are merged."""
        data = self.data(tenant, **changed)
        self._files += 1
        path = self._folder / f"{tenant}-{self._files}.yml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        return path

    def data(self, tenant: str = "contoso", /, **changed: Any) -> dict[str, Any]:
        example = project_root() / "parameters" / "lab" / f"{tenant}.yml"
        data: dict[str, Any] = yaml.safe_load(example.read_text(encoding="utf-8"))
        data["sync_server"]["endpoint"] = self.lab.tenants[tenant].server_url
        data["change"]["address"] = self.lab.cloud_url
        for name, value in changed.items():
            data[name] = data.get(name, {}) | value if isinstance(value, dict) else value
        return data

    def environment(self, **more: str) -> dict[str, str]:
        return {**os.environ, LAB: str(self.descriptors), OUTPUTS: str(self.outputs), **more}

    def papermill(self, language: str, slug: str, file: Path, *arguments: str, channel: str = "") -> "Executed":
        """Execute a notebook as somebody does who has papermill and not our command line."""
        self._files += 1
        written = self._folder / f"executed-{self._files}.ipynb"
        notebook = project_root() / "notebooks" / language / f"{slug}.ipynb"
        command = [
            str(BIN / "papermill"),
            str(notebook),
            str(written),
            "-f",
            str(file),
            "--no-progress-bar",
            *arguments,
        ]
        environment = self.environment(**{CHANNEL: channel} if channel else {})
        ended = subprocess.run(
            command, env=environment, cwd=self._folder, capture_output=True, text=True, timeout=LONGEST, check=False
        )
        return Executed(ended, written)

    def state(self, tenant: str = "contoso") -> tuple[int, bool, object, int]:
        """What a run could have changed of a tenant: how often, and what holds now."""
        world, cloud = self.world.tenant(tenant), self.lab.tenants[tenant].cloud
        rights = sum(len(domain.rules) for domain in world.directory)
        return world.server.changes, world.server.writeback().enabled, vars(cloud.policy).copy(), rights

    def runs(self, tenant: str = "contoso") -> list[Path]:
        """The folders of the runs so far that have begun their journal, oldest first."""
        journals = sorted((self.outputs / tenant).glob("*/journal.jsonl"), key=lambda path: path.stat().st_mtime_ns)
        return [journal.parent for journal in journals]


class Executed:
    """A notebook that papermill has executed: how the process ended, and what it wrote."""

    def __init__(self, ended: subprocess.CompletedProcess[str], written: Path) -> None:
        self.code, self.errors, self.printed, self.path = ended.returncode, ended.stderr, ended.stdout, written
        self.text = written.read_text(encoding="utf-8") if written.exists() else ""

    @property
    def book(self) -> Any:
        return nbformat.reads(self.text, as_version=4)

    @property
    def stops(self) -> list[Any]:
        """The errors in the outputs."""
        return [output for output in self.outputs() if output["output_type"] == "error"]

    def outputs(self, *cells: str) -> list[Any]:
        """The outputs of the cells of these ids, or of all."""
        found = [cell for cell in self.book.cells if cell.cell_type == "code" and (not cells or cell.id in cells)]
        return [output for cell in found for output in cell.outputs]

    def shown(self, mime: str, *cells: str) -> list[Any]:
        """What the outputs hold of a MIME type."""
        return [output["data"][mime] for output in self.outputs(*cells) if mime in output.get("data", {})]


@contextmanager
def serve(*, onboarding: float = 0.2) -> Iterator[Served]:
    """Serve the lab on free ports. `onboarding` is how many seconds onboarding takes under the fault `slow_onboarding`."""
    with (
        TemporaryDirectory(prefix="served-") as folder,
        Lab(World(onboarding_delay=timedelta(seconds=onboarding))) as lab,
    ):
        yield Served(lab, Path(folder))


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
