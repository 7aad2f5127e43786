"""The change records of the lab's tenants alone, served as a lab serves and describes them, and parameters that lead to them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from runbook_lib.lab.change_records.record import LabChange
from runbook_lib.lab.clock import ManualClock, real_time
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import Cloud
from runbook_lib.lab.faults import Faults
from runbook_lib.parameters import Parameters, check_parameters, read_parameters
from runbook_lib.wiring import project_root

# The record of each tenant, in the system that its example names.
EXAMPLES = {"contoso": "CHG0030001", "fabrikam": "OPS-2", "tailspin": "OPS-3"}


@dataclass(frozen=True)
class Desks:
    """Where the records are described, where they are served, and the records by tenant."""

    folder: Path
    address: str
    changes: dict[str, LabChange]

    def data(self, tenant: str = "contoso", **changed: Any) -> dict[str, Any]:
        """The lab's example of a tenant, led to where its change record is served now, with keys of its section changed."""
        example = read_parameters(project_root() / "parameters" / "lab" / f"{tenant}.yml")
        data: dict[str, Any] = example.model_dump(mode="json")
        data["change"] |= {"address": self.address} | changed
        return data

    def parameters(self, tenant: str = "contoso", **changed: Any) -> Parameters:
        return check_parameters(self.data(tenant, **changed))

    def file(self, folder: Path, tenant: str = "contoso", **changed: Any) -> Path:
        path = folder / f"{tenant}.yml"
        path.write_text(yaml.safe_dump(self.data(tenant, **changed)), encoding="utf-8")
        return path


@contextmanager
def serve_desks(folder: Path, clock: ManualClock | None = None) -> Iterator[Desks]:
    """Serve the records, described in the folder as a lab describes itself."""
    changes = {name: LabChange(name, number, Faults(), clock or real_time) for number, name in enumerate(EXAMPLES, 1)}
    with CloudServer(cloud := Cloud(), changes=list(changes.values())) as server:
        (folder / "ca.pem").write_bytes(server.ca_pem)
        secrets = {f"{name}.change-credential": change.credential for name, change in changes.items()}
        described = {"cloud_url": cloud.address, "ca_file": "ca.pem", "secrets": secrets}
        (folder / "lab.json").write_text(json.dumps(described), encoding="utf-8")
        yield Desks(folder, cloud.address, changes)
