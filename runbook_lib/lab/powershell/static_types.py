"""The .NET types scripts may name, with the static members that are modelled; the world adds its own."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC

from runbook_lib.lab.powershell.conversion import from_base64
from runbook_lib.lab.powershell.culture import culture_text
from runbook_lib.lab.powershell.environment import NetType
from runbook_lib.lab.powershell.errors import LabUnsupported
from runbook_lib.lab.powershell.expressions import make_block
from runbook_lib.lab.powershell.session import Session
from runbook_lib.lab.powershell.syntax import parse
from runbook_lib.lab.powershell.values import NOTHING, PSObject, ScriptBlock, to_text


def _from_base64(_: Session, text: object) -> object:
    return from_base64(to_text(text))


def _to_base64(_: Session, data: object) -> object:
    return base64.b64encode(_bytes(data)).decode("ascii")


def _bytes(data: object) -> bytes:
    if isinstance(data, list) and all(isinstance(item, int) and 0 <= item < 256 for item in data):
        return bytes(item for item in data if isinstance(item, int))
    if not isinstance(data, bytes):
        raise LabUnsupported("bytes from something else")
    return data


def _encoding(name: str, type_name: str) -> PSObject:
    return PSObject(
        type_name=type_name,
        methods={
            "GetString": lambda data: _bytes(data).decode(name, "replace"),
            "GetBytes": lambda text: to_text(text).encode(name, "surrogatepass" if "16" in name else "replace"),
        },
    )


def _standard_output(session: Session) -> object:
    console = session.console

    def write_line(*text: object) -> object:
        console.write_line(culture_text(_one(text), session.environment.culture))
        return NOTHING

    def write(*text: object) -> object:
        console.write(culture_text(_one(text), session.environment.culture))
        return NOTHING

    return PSObject(type_name="System.IO.TextWriter", methods={"WriteLine": write_line, "Write": write})


def _standard_error(session: Session) -> object:
    console = session.console

    def write_line(*text: object) -> object:
        console.write_raw_error(to_text(_one(text)) + "\r\n")
        return NOTHING

    return PSObject(type_name="System.IO.TextWriter", methods={"WriteLine": write_line})


def _one(arguments: tuple[object, ...]) -> object:
    if len(arguments) > 1 or any(isinstance(item, list | bytes) for item in arguments):
        raise LabUnsupported("writing anything but one text")
    return arguments[0] if arguments else ""


def _standard_input(session: Session) -> object:
    return PSObject(type_name="System.IO.TextReader", methods={"ReadToEnd": session.console.read})


def _create_block(_: Session, text: object) -> ScriptBlock:
    return make_block(parse(to_text(text)), to_text(text))


def _is_null_or_empty(_: Session, text: object) -> object:
    return to_text(text) == ""


def _is_null_or_white_space(_: Session, text: object) -> object:
    return to_text(text).strip() == ""


def _environment_value(name: str) -> Callable[[Session], object]:
    def read(session: Session) -> object:
        if name not in session.environment.variables:
            raise LabUnsupported(f"the lab's world gives no {name}")
        return session.environment.variables[name]

    return read


CORE_TYPES: tuple[NetType, ...] = (
    NetType("System.Convert", methods={"FromBase64String": _from_base64, "ToBase64String": _to_base64}),
    NetType(
        "System.Text.Encoding",
        {
            "UTF8": lambda _: _encoding("utf-8", "System.Text.UTF8Encoding"),
            "Unicode": lambda _: _encoding("utf-16-le", "System.Text.UnicodeEncoding"),
        },
    ),
    NetType("System.Console", {"In": _standard_input, "Out": _standard_output, "Error": _standard_error}),
    NetType(
        "System.DateTime",
        {
            "UtcNow": lambda session: session.environment.now().astimezone(UTC),
            "Now": lambda session: session.environment.local_now(),
        },
    ),
    NetType(
        "System.String", methods={"IsNullOrEmpty": _is_null_or_empty, "IsNullOrWhiteSpace": _is_null_or_white_space}
    ),
    NetType(
        "System.Environment",
        {
            "MachineName": _environment_value("COMPUTERNAME"),
            "UserName": _environment_value("USERNAME"),
            "UserDomainName": _environment_value("USERDOMAIN"),
        },
    ),
    NetType("System.Management.Automation.ScriptBlock", methods={"Create": _create_block}),
    NetType("System.Int32"),
    NetType("System.Int64"),
    NetType("System.Double"),
    NetType("System.Boolean"),
    NetType("System.Guid"),
    NetType("System.Object"),
    NetType("System.Array"),
    NetType("System.Collections.Hashtable"),
    NetType("System.Management.Automation.PSCustomObject"),
)
_SHORT_NAMES = {
    "int": "System.Int32",
    "long": "System.Int64",
    "bool": "System.Boolean",
    "hashtable": "System.Collections.Hashtable",
    "pscustomobject": "System.Management.Automation.PSCustomObject",
    "scriptblock": "System.Management.Automation.ScriptBlock",
}


def core_types() -> dict[str, NetType]:
    """The core types by every name a script may use, in lower case and without `System.`."""
    by_name = {item.full_name: item for item in CORE_TYPES}
    table = {item.full_name.lower().removeprefix("system."): item for item in CORE_TYPES}
    return table | {short: by_name[full] for short, full in _SHORT_NAMES.items()}
