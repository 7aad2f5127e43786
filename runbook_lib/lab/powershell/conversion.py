"""Casts and parameter conversions, for the types the scripts may name; any other type is a gap."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from runbook_lib.lab.powershell.errors import LabUnsupported, PowerShellError, failure
from runbook_lib.lab.powershell.values import (
    EnumValue,
    HashTable,
    Properties,
    PSObject,
    ScriptBlock,
    elements,
    plain,
    to_text,
    truth,
    type_name,
)

_NUMBER = re.compile(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*")
_GUID = re.compile(r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
INT_RANGES: Final = {"int": ("System.Int32", 2**31), "long": ("System.Int64", 2**63)}
ALIASES: Final = {"int32": "int", "int64": "long", "boolean": "bool", "object[]": "array", "switchparameter": "switch"}


def convert(value: object, target: str) -> object:
    """`[target]value`. `target` is a type's short or full name, any case. Raises InvalidCast errors as PowerShell does."""
    name = target.lower().removeprefix("system.").removeprefix("management.automation.")
    name = name.removeprefix("collections.")
    name = ALIASES.get(name, name)
    if name.endswith("[]"):
        return [convert(item, name[:-2]) for item in elements(plain(value))] if plain(value) is not None else None
    if name not in _CASTS:
        raise LabUnsupported(f"conversion to [{target}]")
    return _CASTS[name](plain(value))


def number(value: object) -> int | float:
    """The operand of arithmetic and numeric comparison. Raises the InvalidCast error for text that is no number."""
    value = plain(value)
    if value is None:
        return 0
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float):
        return value
    if isinstance(value, EnumValue):
        return value.value
    if isinstance(value, str):
        return _parsed(value, "System.Int32")
    raise LabUnsupported(f"a {type_name(value)} used as a number")


def _parsed(text: str, target: str) -> int | float:
    if not text.strip():
        return 0
    if re.fullmatch(r"\s*0[xX][0-9a-fA-F]{1,7}\s*", text):
        return int(text, 16)
    if not _NUMBER.fullmatch(text):
        raise _invalid_cast(text, target, "Input string was not in a correct format.")
    return float(text) if re.search(r"[.eE]", text) else int(text)


def _invalid_cast(text: str, target: str, reason: str) -> PowerShellError:
    message = f'Cannot convert value "{text}" to type "{target}". Error: "{reason}"'
    return failure(message, "InvalidCastFromStringToInteger", "InvalidArgument")


def _integer(kind: str) -> Callable[[object], object]:
    target, limit = INT_RANGES[kind]

    def cast(value: object) -> object:
        result = round(_parsed(value, target) if isinstance(value, str) else number(value))
        if not -limit <= result < limit:
            if not isinstance(value, str):
                raise LabUnsupported(f"a number too large for {target}")
            size = "an Int32" if kind == "int" else "an Int64"
            raise _invalid_cast(value, target, f"Value was either too large or too small for {size}.")
        return result

    return cast


def _double(value: object) -> object:
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise LabUnsupported("[double] of text that is no number")
    return float(number(value))


def _switch(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise LabUnsupported(f"a switch from a {type_name(value)}")


def _guid(value: object) -> object:
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and _GUID.fullmatch(value.strip()):
        return UUID(value.strip())
    raise LabUnsupported(f"[guid] of a {type_name(value)} that is none")


def _datetime(value: object) -> object:
    if isinstance(value, datetime):
        return value
    raise LabUnsupported(f"[datetime] of a {type_name(value)}")


def _timespan(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    raise LabUnsupported(f"[timespan] of a {type_name(value)}")


def _hashtable(value: object) -> object:
    if value is None or (isinstance(value, HashTable) and not value.ordered):
        return value
    raise LabUnsupported(f"[hashtable] of a {type_name(value)}")


def _custom_object(value: object) -> object:
    if isinstance(value, HashTable):
        made = PSObject()
        for key, item in value.items():
            made.properties[to_text(key)] = item
        return made
    return value


def _script_block(value: object) -> object:
    if isinstance(value, ScriptBlock):
        return value
    raise LabUnsupported(f"[scriptblock] of a {type_name(value)}")


def _array(value: object) -> object:
    return value if value is None or isinstance(value, list) else elements(value)


_CASTS: dict[str, Callable[[object], object]] = {
    "string": to_text,
    "int": _integer("int"),
    "long": _integer("long"),
    "double": _double,
    "bool": truth,
    "switch": _switch,
    "guid": _guid,
    "datetime": _datetime,
    "timespan": _timespan,
    "hashtable": _hashtable,
    "pscustomobject": _custom_object,
    "scriptblock": _script_block,
    "array": _array,
    "object": lambda value: value,
}


def from_base64(text: str) -> bytes:
    """`[Convert]::FromBase64String`: white space is ignored, anything else outside the alphabet is a FormatException."""
    try:
        return base64.b64decode(re.sub(r"[ \t\r\n]", "", text), validate=True)
    except ValueError:
        raise method_failure(
            "FromBase64String",
            1,
            "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding "
            "characters, or an illegal character among the padding characters. ",
            "FormatException",
        ) from None


def method_failure(method: str, count: int, reason: str, error_id: str) -> PowerShellError:
    """The error of a .NET method that threw: PowerShell wraps it in a MethodInvocationException."""
    message = f'Exception calling "{method}" with "{count}" argument(s): "{reason}"'
    exception = "System.Management.Automation.MethodInvocationException"
    return failure(message, error_id, "NotSpecified", exception_type=exception)


def copy_ordered(table: Properties) -> HashTable:
    """`[ordered]` in front of a hash literal."""
    made = HashTable()
    made.ordered = True
    for key, value in table.items():
        made[key] = value
    return made
