"""What the first card of every run would otherwise load: imported once, by the process that kernels are forked from."""

from __future__ import annotations

import encodings.utf_16_be
import encodings.utf_16_le  # noqa: F401  # what secrets are looked for in
from datetime import UTC, datetime

from runbook_lib.notebook.times import duration, moment
from runbook_lib.texts import LANGUAGES

_ANY = datetime(2026, 1, 1, tzinfo=UTC).isoformat()

for _language in LANGUAGES:
    moment(_ANY, _language)
    duration(_ANY, _ANY, _language)
