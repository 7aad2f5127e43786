"""Known secrets leave no trace in what is written: plain, percent-encoded, JSON- or HTML-escaped, or inside base64."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote

from runbook_lib.model import Json

REDACTED = "[redacted]"

# A shorter secret would blot out half of any text, so it counts only where it is the whole value.
SHORTEST_INSIDE = 4

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.")


class Redactor:
    """Replaces every known secret. Secrets learnt later, from a prompt for example, are replaced from then on."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._inside: set[str] = set()
        self._whole: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.learn(*secrets)

    def learn(self, *secrets: str) -> None:
        """Replace these secrets, too, from now on. An empty text is no secret."""
        for secret in filter(None, secrets):
            self._whole.update(_whole_forms(secret))
            if len(secret) >= SHORTEST_INSIDE:
                self._inside.update(_patterns(secret))
        if self._inside:
            # Longest first: of two secrets that begin alike, the longer is replaced as a whole.
            self._pattern = re.compile("|".join(sorted(self._inside, key=len, reverse=True)))

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        if text in self._whole:
            return REDACTED
        return self._pattern.sub(REDACTED, text) if self._pattern else text

    def data(self, data: Json) -> Json:
        """Return JSON data without secrets, in values and in names."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, dict):
            return self._mapping(data)
        if isinstance(data, list | tuple):
            return [self.data(item) for item in data]
        if isinstance(data, int | float) and not isinstance(data, bool):
            return self._number(data)
        return data

    def _number(self, number: float) -> Json:
        """A secret of digits may have been read as a number. Short ones stay: `1` as a secret must not hide every count."""
        written = json.dumps(number)
        return REDACTED if len(written) >= SHORTEST_INSIDE and self.text(written) != written else number

    def _mapping(self, data: dict[str, Json]) -> dict[str, Json]:
        clean: dict[str, Json] = {}
        for name, value in data.items():
            shown = known = self.text(name)
            copies = 1
            while shown in clean:  # two names that hold secrets look alike now; both values stay
                copies += 1
                shown = f"{known} {copies}"
            clean[shown] = self.data(value)
        return clean


def _whole_forms(secret: str) -> set[str]:
    """Return what a value can be when it is the secret and nothing else."""
    encoded = (_bytes(secret), _bytes(secret, "utf-16-le"))
    return {secret, quote(_bytes(secret), safe=""), *(b64encode(each).decode() for each in encoded)}


def _patterns(secret: str) -> set[str]:
    """Return the patterns of a secret that stands inside a text, in any encoding and amid anything else."""
    found = {_spelt(secret)}
    for raw in (_bytes(secret), _bytes(secret, "utf-16-le")):
        found.update(_spelt(part) for part in _inside_base64(raw))
        found.update(_spelt(part.replace("+", "-").replace("/", "_")) for part in _inside_base64(raw))
    return found


def _inside_base64(raw: bytes) -> list[str]:
    """Return the digits that these bytes, and nothing beside them, cause in base64: for each of the three places in which
    they can begin. The digits at the edges, which neighbours share, are left out.
    """
    parts = []
    for before in range(3):
        digits = b64encode(bytes(before) + raw).decode().rstrip("=")
        first = -(-before * 8 // 6)
        last = (before + len(raw)) * 8 // 6
        parts.append(digits[first:last])
    return parts


def _bytes(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding, "surrogatepass")


def _spelt(text: str) -> str:
    """Return a pattern of a text in which each character may be plain or escaped, independently of the others."""
    return "".join(_ways(character) for character in text)


def _ways(character: str) -> str:
    if character in _PLAIN:
        return re.escape(character)
    escaped = json.dumps(character)[1:-1]
    unicode = "".join(f"\\u{unit:04x}" for unit in _units(character))
    forms = [quote(_bytes(character), safe="") if character not in "-_~" else "", escaped, unicode]
    forms += [f"&#{ord(character)};", f"&#x{ord(character):x};", html.escape(character)]
    if ord(character) < 128:
        forms.append(f"%{ord(character):02x}")
    forms += ["\\/"] * (character == "/") + ["+"] * (character == " ") + ["&apos;"] * (character == "'")
    others = sorted({form for form in forms if form and form != character}, key=len, reverse=True)
    return f"(?:{'|'.join(f'(?i:{re.escape(form)})' for form in others)}|{re.escape(character)})"


def _units(character: str) -> list[int]:
    """Return the UTF-16 code units of a character: what JSON's escapes are written in."""
    raw = _bytes(character, "utf-16-be")
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
