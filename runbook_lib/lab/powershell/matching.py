"""Wildcards and regular expressions: -like, -match, -replace, -split. about_Wildcards, about_Regular_Expressions, about_Split."""

from __future__ import annotations

import re

from runbook_lib.lab.powershell.errors import LabUnsupported
from runbook_lib.lab.powershell.values import HashTable, elements, plain, to_text


def like(value: object, pattern: object, case: bool = False) -> bool:
    """`-like`: `*`, `?` and `[...]` as about_Wildcards has them, over the whole text."""
    return re.fullmatch(_wildcard(to_text(pattern)), to_text(value), _flags(case) | re.DOTALL) is not None


def _wildcard(pattern: str) -> str:
    if "`" in pattern:
        raise LabUnsupported("an escaped wildcard")
    out, at = "", 0
    while at < len(pattern):
        sign = pattern[at]
        end = pattern.find("]", at + 1) if sign == "[" else -1
        if end > 0:
            out, at = out + "[" + pattern[at + 1 : end].replace("\\", "\\\\") + "]", end + 1
            continue
        out, at = out + {"*": ".*", "?": "."}.get(sign, re.escape(sign)), at + 1
    return out


def _flags(case: bool) -> re.RegexFlag:
    return re.NOFLAG if case else re.IGNORECASE


_DOTNET_ONLY = re.compile(r"\\[pPGZAzK]|\(\?[>#'(]|\(\?[imnsx-]+[:)]|\[[^]]*-\[")


def regex(pattern: object, case: bool = False) -> re.Pattern[str]:
    """A .NET pattern as Python's, for the part of the syntax in which both agree; the rest is a gap."""
    text = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", to_text(pattern))
    if _DOTNET_ONLY.search(text):
        raise LabUnsupported(f"regular expression {to_text(pattern)}")
    try:
        return re.compile(text, _flags(case))
    except re.error:
        raise LabUnsupported(f"regular expression {to_text(pattern)}") from None


def replace(value: object, operands: list[object], case: bool = False) -> str:
    """`-replace pattern, substitute`; `$1` and `$$` are understood, other substitutions are a gap."""
    pattern, substitute = operands[0], to_text(operands[1]) if len(operands) > 1 else ""
    if re.search(r"\$(?![\d$])", substitute):
        raise LabUnsupported(f"substitution {substitute}")

    def fill(found: re.Match[str]) -> str:
        return re.sub(r"\$(\d+|\$)", lambda sign: "$" if sign[1] == "$" else found[int(sign[1])] or "", substitute)

    return regex(pattern, case).sub(fill, to_text(value))


def matches_of(found: re.Match[str]) -> HashTable:
    """`$Matches` after a successful -match of a scalar: by number, and by name where groups have one."""
    table = HashTable()
    for index in range((found.re.groups or 0) + 1):
        if found[index] is not None:
            table[index] = found[index]
    for name, text in found.groupdict().items():
        if text is not None:
            table[name] = text
    return table


def split(value: object, pattern: object, case: bool = False) -> list[object]:
    """`-split pattern`; limits and script blocks are a gap."""
    if isinstance(pattern, list):
        raise LabUnsupported("-split with a limit")
    compiled = regex(pattern, case)
    return [part for text in elements(plain(value)) for part in compiled.split(to_text(text))]
