"""Text of a server made fit to be shown: short, on one line, without control characters and without our secrets."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

LONGEST = 200
_ELLIPSIS = "…"


def excerpt(text: str | bytes, *, secrets: Collection[str] = (), longest: int = LONGEST) -> str:
    """Return at most `longest` characters of a text that may hold anything.

    Secrets go first, or a cut or an escape in the middle of one would leave the rest of it standing.
    """
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        shown = shown.replace(secret, "***")
    shown = " ".join(shown.split())[: longest + 1]
    shown = "".join(_visible(character) for character in shown)
    return shown if len(shown) <= longest else shown[: longest - 1] + _ELLIPSIS


def _visible(character: str) -> str:
    # Cc, Cf, Cs, Co, Cn: escape sequences of terminals, direction overrides, halves of surrogate pairs.
    return f"\\u{{{ord(character):x}}}" if unicodedata.category(character).startswith("C") else character
