"""ConvertTo-Json and ConvertFrom-Json as Windows PowerShell 5.1 has them, which is not as PowerShell 7 has them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from runbook_lib.lab.powershell.errors import CmdletError, LabUnsupported
from runbook_lib.lab.powershell.values import (
    EnumValue,
    HashTable,
    Nothing,
    Properties,
    PSObject,
    to_text,
    type_name,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
# The .NET Framework serializer writes these as \uXXXX so that the text is safe inside a script element.
_ESCAPED = re.compile("[\x00-\x1f\"\\\\'<>&\x85\u2028\u2029]")
_DATE = re.compile(r'(?<!\\)"\\/Date\((-?\d+)\)\\/"')
_DATE_KEY = "\x00date"
_CONVERT_FROM = "Microsoft.PowerShell.Commands.ConvertFromJsonCommand"


def write(value: object, depth: int, level: int = 0) -> str:
    """Compressed JSON. Below `depth` levels an object or array becomes its text; an empty pipeline becomes `{}`."""
    if isinstance(value, Nothing):
        return "{}"
    simple = _simple(value)
    if simple is not None:
        return simple
    if level > depth:
        return _string(to_text(value))

    def nested(item: object) -> str:
        return write(item, depth, level + 1)

    if isinstance(value, list | bytes):
        return "[" + ",".join(nested(item) for item in value) + "]"
    if isinstance(value, HashTable):
        return _members(value, nested)
    if isinstance(value, PSObject) and value.is_custom:
        return _members(value.properties, nested)
    raise LabUnsupported(f"ConvertTo-Json of a {type_name(value)}")


def _simple(value: object) -> str | None:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, int | EnumValue):
        return str(value.value if isinstance(value, EnumValue) else value)
    if isinstance(value, str | UUID):
        return _string(str(value))
    return f'"\\/Date({_milliseconds(value)})\\/"' if isinstance(value, datetime) else None


def _double(value: float) -> str:
    if not math.isfinite(value):
        raise LabUnsupported("ConvertTo-Json of a number that is not finite")
    return repr(value).removesuffix(".0").replace("e", "E")


def _milliseconds(value: datetime) -> int:
    if value.tzinfo is None:
        raise LabUnsupported("ConvertTo-Json of a DateTime of unspecified kind")
    return (value - _EPOCH) // timedelta(milliseconds=1)


def _string(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda sign: _SHORT.get(sign[0], f"\\u{ord(sign[0]):04x}"), text) + '"'


def _members(properties: Properties, nested: Callable[[object], str]) -> str:
    if any(not isinstance(key, str) for key in properties):
        raise LabUnsupported("ConvertTo-Json of a hashtable with keys that are no text")
    return "{" + ",".join(f"{_string(str(key))}:{nested(item)}" for key, item in properties.items()) + "}"


def read(text: str) -> object:
    """The value of a JSON text. ISO dates stay text; only the escaped `/Date()/` form becomes a DateTime."""
    try:
        return json.loads(_DATE.sub(r'{"\\u0000date":\1}', text), object_pairs_hook=_object, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        start = text[error.pos :].split()[:1]
        message = f"Invalid JSON primitive: {start[0] if start else ''}."
        raise _failure(message, "System.ArgumentException", "System.ArgumentException", "NotSpecified") from None


def _refuse(name: str) -> object:
    raise LabUnsupported(f"JSON with {name}")


def _object(pairs: list[tuple[str, object]]) -> object:
    if len(pairs) == 1 and pairs[0][0] == _DATE_KEY and isinstance(pairs[0][1], int):
        return _EPOCH + timedelta(milliseconds=pairs[0][1])
    made = PSObject()
    for key, item in pairs:
        if key in made.properties:
            message = (
                "Cannot convert the JSON string because a dictionary that was converted from the string contains the "
                f"duplicated keys '{key}' and '{key}'."
            )
            raise _failure(message, "DuplicateKeysInJsonString", "System.InvalidOperationException", "InvalidOperation")
        made.properties[key] = item
    return made


def _failure(message: str, identifier: str, exception: str, category: str) -> CmdletError:
    return CmdletError(message, f"{identifier},{_CONVERT_FROM}", category, exception, terminating=True)
