"""How a running lab is found: it describes itself in a private file, with addresses, trust and the secrets it made up."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from runbook_lib.errors import LabNotRunning

DESCRIPTOR = "lab.json"

# A lab never is anywhere else.
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


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
        found = LabDescriptor(str(data["cloud_url"]), folder / data["ca_file"], dict(data["secrets"]))
        _ask(found.cloud_url)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabNotRunning("lab-not-running") from error
    return found


def _ask(url: str) -> None:
    """Connect once. Raises `OSError` when nobody answers, `ValueError` when it is no address of this machine."""
    place = urlsplit(url)
    if place.hostname not in THIS_MACHINE or not place.port:
        raise ValueError(url)
    socket.create_connection((place.hostname, place.port), timeout=2).close()
