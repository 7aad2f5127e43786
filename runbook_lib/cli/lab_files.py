"""Ready parameter files for a lab that is not on its usual ports, or that serves other tenants than the usual ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from runbook_lib.lab.cloud_tenants import APPLICATION_ID
from runbook_lib.lab.lab import FIXED_PORTS, Lab, ServedTenant
from runbook_lib.parameters import check_parameters, read_parameters, write_parameters
from runbook_lib.texts import Language
from runbook_lib.wiring import lab_folder, project_root
from runbook_lib.wiring.places import OTHER_PORTS


def write_files(lab: Lab, language: Language) -> None:
    """Write the files for the occasion, beside the lab's description; none where those of the project fit."""
    folder = lab_folder() / OTHER_PORTS
    shutil.rmtree(folder, ignore_errors=True)
    examples = {file.stem: file for file in sorted((project_root() / "parameters" / "lab").glob("*.yml"))}
    if lab.options == FIXED_PORTS and lab.tenants.keys() == examples.keys():
        return
    folder.mkdir(mode=0o700, parents=True)
    for name, served in lab.tenants.items():
        if name in examples:
            _write_moved(examples[name], served, lab.cloud_url, folder)
        else:
            _write_new(served, lab.cloud_url, folder, language)


def _write_moved(example: Path, served: ServedTenant, cloud_url: str, folder: Path) -> None:
    """Write an example with the addresses at which its server and its change record are served now."""
    usual = read_parameters(example)
    moved = example.read_text(encoding="utf-8")
    for usual_url, served_url in ((usual.sync_server.endpoint, served.server_url), (usual.change.address, cloud_url)):
        moved = moved.replace(usual_url, served_url) if usual_url else moved
    (folder / example.name).write_text(moved, encoding="utf-8")


def _write_new(served: ServedTenant, cloud_url: str, folder: Path, language: Language) -> None:
    """Write the file of a made-up tenant: an application signs in, and what only a person can do is left to an operator."""
    tenant = served.tenant
    data = {
        "profile": "lab",
        "language": language,
        "tenant": {"id": tenant.tenant_id, "name": tenant.name},
        "sync_server": {
            "endpoint": served.server_url,
            "transport": "ntlm",
            "username": tenant.spec.account,
            "password": f"lab:{served.server_secret}",
        },
        "sign_in": {
            "method": "secret",
            "client_id": APPLICATION_ID,
            "secret": f"lab:{served.application_secret}",
        },
        "change": {
            "system": "servicenow",
            "number": tenant.change.number,
            "address": cloud_url,
            "username": tenant.change.user,
            "credential": f"lab:{served.change_secret}",
        },
    }
    write_parameters(folder / f"{tenant.name}.yml", check_parameters(data, source=tenant.name))
