"""How a running lab tells other processes where it is: a few files that only their owner can read."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

CA_FILE = "ca.pem"
CERTIFICATE_FILE = "client.pem"
KEY_FILE = "client.key"
DESCRIPTION_FILE = "lab.json"


def write_private(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a directory that only its owner can enter. Each appears whole or not at all, in the order given."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    for name, content in files.items():
        draft = directory / f".{name}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        draft.replace(directory / name)


def other_lab(directory: Path, ours: str) -> str:
    """Return the address of a lab that describes itself in a directory and answers, other than ours; empty when there is none."""
    try:
        url = str(json.loads((directory / DESCRIPTION_FILE).read_bytes())["cloud_url"])
        place = urlsplit(url)
        if url == ours or not place.port:
            return ""
        socket.create_connection((place.hostname or "", place.port), timeout=2).close()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return url


def remove(directory: Path, described: bytes) -> None:
    """Remove what `write_private` wrote for a lab: its secrets are of no use any more. Another lab's description stays."""
    file = directory / DESCRIPTION_FILE
    if file.exists() and file.read_bytes() != described:
        return
    for name in (DESCRIPTION_FILE, KEY_FILE, CERTIFICATE_FILE, CA_FILE):
        (directory / name).unlink(missing_ok=True)
