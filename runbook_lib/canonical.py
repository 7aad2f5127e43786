"""JSON data in the one form that RFC 8785 gives it: what is hashed and signed."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import rfc8785

# What Python's own encoder may write otherwise than RFC 8785: fractions, numbers that a double cannot hold, and names in order
# where some are beyond the first plane of Unicode. It may find too much, in a text that looks like it; never too little.
_OTHERWISE = re.compile(r'(?:^|":|[\[,])-?(?:[0-9]{16}|[0-9]+[.eE])|[\U00010000-\U0010ffff]')


def canonical(data: Any) -> bytes:
    """Return JSON data in canonical form. Raises `ValueError` when it has none.

    rfc8785 writes it. It is written in Python, and a run asks for this a hundred times; of what Python's encoder, which is
    written in C, puts into the same bytes, it is not asked.
    """
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
        if not _OTHERWISE.search(text):
            return text.encode()
    except (TypeError, ValueError):
        pass  # rfc8785 knows the word for what is wrong
    return rfc8785.dumps(data)


def digest(data: Any) -> str:
    """Return the SHA-256, in hexadecimal, of JSON data in canonical form."""
    return hashlib.sha256(canonical(data)).hexdigest()
