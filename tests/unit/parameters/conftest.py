"""What the tests of parameters start from: a complete set of values, and a way to write it as a tenant's file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Change = Callable[..., dict[str, Any]]


def complete() -> dict[str, Any]:
    """Parameters with nothing to complain about."""
    return {
        "profile": "live",
        "tenant": {"id": "1A2B3C4D-0000-4000-8000-1a2b3c4d5e6f", "name": "contoso"},
        "sync_server": {
            "endpoint": "https://sync1.contoso.com:5986/wsman",
            "transport": "ntlm",
            "username": "CONTOSO\\svc-runbook",
            "password": "env:SYNC_PASSWORD",
        },
        "sign_in": {"method": "device-code", "client_id": "5e6f7a8b-0000-4000-8000-5e6f7a8b9c0d"},
    }


@pytest.fixture
def changed() -> Change:
    """Complete parameters with some keys changed, each named by its dotted name; `...` removes a key."""

    def change(**changes: Any) -> dict[str, Any]:
        values = complete()
        for dotted, value in changes.items():
            *sections, name = dotted.split("__")
            place = values
            for section in sections:
                place = place.setdefault(section, {})
            if value is ...:
                del place[name]
            else:
                place[name] = value
        return values

    return change


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Any], Path]:
    """Write text, bytes or values as a tenant's file."""

    def write(content: Any) -> Path:
        path = tmp_path / "tenant.yml"
        if not isinstance(content, str | bytes):
            content = yaml.safe_dump(content, allow_unicode=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
