"""Data as it is kept: plain JSON that every reader of JSON understands alike, without secrets."""

from __future__ import annotations

import re

from runbook_lib.evidence.redact import Found, Redactor
from runbook_lib.model import Json, as_json

# Beyond this a reader that keeps numbers as IEEE 754 doubles, as RFC 8785 does, would read another number.
_MOST = 2**53 - 1

_HALVES = re.compile("[\ud800-\udfff]")


def recordable(data: Json, redactor: Redactor, found: Found | None = None) -> Json:
    """Return data as it may be written; what was redacted is counted in `found`. Large whole numbers, which directories use for times, become texts, as do numbers
    that JSON cannot say; halves of characters become U+FFFD.

    Raises:
        TypeError: something in it is no JSON data; the text names its type only.
    """
    return redactor.data(_plain(as_json(data)), found)


def _plain(data: Json) -> Json:
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, str):
        return _HALVES.sub("\ufffd", str(data))
    if isinstance(data, int):
        return int(data) if -_MOST <= data <= _MOST else str(int(data))
    if isinstance(data, float):
        return data if abs(data) <= _MOST else str(float(data))  # false for NaN, too
    if isinstance(data, list):
        return [_plain(item) for item in data]
    if isinstance(data, dict):
        return {_HALVES.sub("\ufffd", name): _plain(value) for name, value in data.items()}
    raise TypeError(type(data).__name__)
