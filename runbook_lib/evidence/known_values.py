"""How a value that we know may be spelt where it must not stand: plain, escaped, encoded, amid anything else."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

# A shorter secret would blot out half of any text, so it counts only where it is the whole value.
SHORTEST_INSIDE = 4

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.")
_PLAIN_RUN = re.compile("[A-Za-z0-9.]+")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9\x00]")
# What a pattern cannot have as it is: some backslashes in a row, else one character.
_NOT_AS_IT_IS = re.compile(r"\\+|[^A-Za-z0-9\\]", re.DOTALL)

# How UTF-16 shows in text: as characters, or as JSON, Python, URLs and browsers escape its zero bytes.
_ZERO = r"(?:\x00|\\{1,8}u0000|\\{1,8}x00|%00|\\{1,8}0)"
_ZEROES = ("\x00", "\\u0000", "\\x00", "%00", "\\0")


@dataclass(frozen=True)
class Form:
    """One spelling: a pattern, and texts of which one stands in everything that the pattern finds; none: always look.

    To look for a plain text is a hundred times faster than to try a pattern, and hardly any text holds a secret.
    """

    pattern: str
    signs: tuple[str, ...] = ()


def whole_forms(secret: str) -> set[str]:
    """Return what a value can be when it is the secret and nothing else."""
    encoded = (_bytes(secret), _bytes(secret, "utf-16-le"))
    return {secret, quote(_bytes(secret), safe=""), *(b64encode(each).decode() for each in encoded)}


def forms_inside(secret: str) -> set[Form]:
    """Return the spellings of a secret that stands inside a text, in any encoding and amid anything else."""
    found = {_spelt(secret), _zeroed(secret)}
    for raw in (_bytes(secret), _bytes(secret, "utf-16-le")):
        for part in _inside_base64(raw):
            found |= {_spelt(part), _spelt(part.replace("+", "-").replace("/", "_"))}
        found |= {_literal(raw.hex()), _literal(raw.hex().upper())}
    if not secret.isascii():
        found.add(_escaped_bytes(_bytes(secret)))
    return found


def cut_short(secret: str, text: str, mark: str = "…") -> tuple[int, int] | None:
    """Return where a text, or what comes before a mark of omission in it, ends with the beginning of a long secret.

    Excerpts are cut before anybody knows what is in them. Half of the secret counts, or 24 characters of it.
    """
    least = min(max(8, -(-len(secret) // 2)), 24)
    if len(secret) <= least:
        return None
    start = text.find(secret[:least])
    while start >= 0:
        end = start + least
        while end < len(text) and end - start < len(secret) and text[end] == secret[end - start]:
            end += 1
        if end == len(text) or text.startswith(mark, end):
            return start, end
        start = text.find(secret[:least], start + 1)
    return None


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


def _literal(text: str) -> Form:
    return Form(re.escape(text), (text,))


def _spelt(text: str) -> Form:
    """Return a text in which each character may be plain or escaped, independently of the others."""
    run = max(_PLAIN_RUN.findall(text), key=len, default="")
    return Form(_NOT_AS_IT_IS.sub(_ways_of, text), (run,) if run else ())


def _ways_of(found: re.Match[str]) -> str:
    part = found[0]
    return _backslashes(part) if part[0] == "\\" else _ways(part)


def _zeroed(secret: str) -> Form:
    """Return a secret in UTF-16 of which each byte was taken for a character."""
    raw = _bytes(secret, "utf-16-le").decode("latin-1").removesuffix("\x00")
    spelt = _NOT_PLAIN.sub(lambda found: _ways(found[0]), raw).replace("\x00", _ZERO)
    return Form(spelt, _ZEROES if "\x00" in raw else ())


def _escaped_bytes(raw: bytes) -> Form:
    """Return bytes as Python, and much that logs, writes them."""
    return Form("".join(chr(each) if chr(each) in _PLAIN else f"(?:{_byte(each)})" for each in raw), ("\\x",))


def _byte(value: int) -> str:
    plain = re.escape(chr(value)) + "|" if value < 128 else ""
    return f"{plain}\\\\{{1,8}}x{value:02x}"


def _backslashes(run: str) -> str:
    """Return some backslashes in a row. Each text in a text doubles them, so only their least number is known."""
    return rf"(?:\\{{{len(run)},}}|(?i:(?:%5c|&#92;|&#x5c;|_x005c_){{{len(run)}}}))"


@lru_cache(maxsize=4096)
def _ways(character: str) -> str:
    if character in _PLAIN:
        return re.escape(character)
    units = _units(character)
    forms = [quote(_bytes(character), safe="") if character not in "-_~" else ""]
    forms += [f"&#{ord(character)};", f"&#x{ord(character):x};", html.escape(character)]
    forms.append("".join(f"_x{unit:04x}_" for unit in units))  # CLIXML
    if ord(character) < 128:
        forms.append(f"%{ord(character):02x}")
    forms += ["+"] * (character == " ") + ["&apos;"] * (character == "'")
    others = sorted({form for form in forms if form and form != character}, key=len, reverse=True)
    patterns = [*_behind_backslashes(character, units), *(f"(?i:{re.escape(form)})" for form in others)]
    return f"(?:{'|'.join(patterns)}|{re.escape(character)})"


def _behind_backslashes(character: str, units: list[int]) -> list[str]:
    """Return what JSON and programming languages write for a character; once for each text in a text, more backslashes."""
    escaped = json.dumps(character)[1:-1]
    forms = ["(?i:" + "".join(rf"\\{{1,8}}u{unit:04x}" for unit in units) + ")"]
    if len(escaped) == 2 and escaped[0] == "\\":
        forms.append(rf"\\{{1,8}}{re.escape(escaped[1])}")
    elif character in "/'":
        forms.append(rf"\\{{1,8}}{character}")
    if ord(character) < 256:
        forms.append(rf"(?i:\\{{1,8}}x{ord(character):02x})")
    return forms


def _units(character: str) -> list[int]:
    """Return the UTF-16 code units of a character: what JSON's escapes are written in."""
    raw = _bytes(character, "utf-16-be")
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
