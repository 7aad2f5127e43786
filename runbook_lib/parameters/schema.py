"""The JSON Schema of a tenant's file, for editors. `python -m runbook_lib.parameters.schema > parameters/schema.json` writes it."""

from __future__ import annotations

import json
import sys
from typing import Any

from runbook_lib.model import Json
from runbook_lib.parameters.keys import Parameters


def schema_text() -> str:
    """Return the schema as it stands in `parameters/schema.json`."""
    written: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_tidy(Parameters.model_json_schema()),
        "title": "Parameters of a runbook for one tenant",
        "description": "Every key of a tenant's file. Secrets stand here by reference only.",
    }
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def _tidy(part: Json) -> Json:
    """Return a part of pydantic's schema without the titles it makes up from names, which only add noise in an editor."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if isinstance(part, dict):
        return {key: _tidy(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))}
    return part


if __name__ == "__main__":
    sys.stdout.buffer.write(schema_text().encode())
