"""How a running lab is found: it describes itself in a private file, with addresses, trust and the secrets it made up."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from runbook_lib.errors import LabNotRunning

DESCRIPTOR = "lab.json"


@dataclass(frozen=True)
class LabDescriptor:
    """A running lab: where its cloud answers, whom to trust, and its secrets by name."""

    cloud_url: str
    ca_file: Path
    secrets: dict[str, str]


def find_lab(folder: Path) -> LabDescriptor:
    """Return the running lab. Raises `LabNotRunning` when there is none, or when it no longer answers."""
    file = folder / DESCRIPTOR
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        found = LabDescriptor(data["cloud_url"], folder / data["ca_file"], dict(data["secrets"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabNotRunning("lab-not-running") from error
    _ask(found.cloud_url)
    return found


def _ask(url: str) -> None:
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname or "", place.port or 0), timeout=2).close()
    except OSError as error:
        raise LabNotRunning("lab-not-running") from error
