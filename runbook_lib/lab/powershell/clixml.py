"""CLIXML as powershell.exe writes it to a redirected standard error: error, warning and progress records."""

from __future__ import annotations

import re
import textwrap
from xml.sax.saxutils import escape

from runbook_lib.lab.powershell.errors import ErrorRecord
from runbook_lib.lab.powershell.values import to_text

HEADER = "#< CLIXML\r\n"
OPENING = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
CLOSING = "</Objs>"
WIDTH = 79
_SPECIAL = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x1f\x7f-\x9f]|[\ufffe\uffff\U00010000-\U0010ffff]")


def text(value: str) -> str:
    """Text content: controls and characters beyond the BMP as `_xHHHH_` per UTF-16 unit (MS-PSRP 2.2.5.3.2)."""
    return escape(_SPECIAL.sub(_escaped, value))


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"_x{units[at : at + 2].hex().upper()}_" for at in range(0, len(units), 2))


def lines(stream: str, content: str) -> str:
    """One `S` element a line, each ending in an encoded line break."""
    return "".join(f'<S S="{stream}">{text(line)}_x000D__x000A_</S>' for line in content.splitlines())


def progress(activity: str, status: str = "", reference: int = 0) -> str:
    """A completed progress record."""
    names = (
        f'<TN RefId="{reference}"><T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN>'
        if reference == 0
        else '<TNRef RefId="0" />'
    )
    record = (
        f"<AV>{text(activity)}</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC><T>Completed</T><SR>-1</SR>"
        f"<SD>{text(status or ' ')}</SD>"
    )
    return (
        f'<Obj S="progress" RefId="{reference}">{names}<MS><I64 N="SourceId">1</I64>'
        f'<PR N="Record">{record}</PR></MS></Obj>'
    )


def error_text(record: ErrorRecord) -> str:
    """The normal view of an error, wrapped at the width of a console that is not there."""
    prefix = f"{record.activity} : " if record.activity else ""
    parts = [prefix + record.message]
    if record.position is not None:
        place = record.position
        parts += [f"At line:{place.line} char:{place.column}", f"+ {place.text}", "+ " + "~" * len(place.text)]
    exception = record.exception_type.rpartition(".")[2]
    target = to_text(record.target) if isinstance(record.target, str) else ""
    kind = ":String" if target else ":"
    info = f"{record.category}: ({target}{kind}) [{record.activity}], {exception}"
    parts += [f"    + CategoryInfo          : {info}", f"    + FullyQualifiedErrorId : {record.error_id}", " "]
    return "\n".join(line for part in parts for line in _wrapped(part))


def _wrapped(part: str) -> list[str]:
    return [
        piece
        for line in part.splitlines() or [""]
        for piece in (textwrap.wrap(line, WIDTH, drop_whitespace=False, break_on_hyphens=False) or [line])
    ]
