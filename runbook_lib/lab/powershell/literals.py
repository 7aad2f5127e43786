"""Literals and variables: text with its quoting rules, numbers, automatic variables. about_Quoting_Rules, about_Variables."""

from __future__ import annotations

import re

from runbook_lib.lab.powershell.errors import LabUnsupported
from runbook_lib.lab.powershell.session import Evaluator, Session
from runbook_lib.lab.powershell.syntax import Node
from runbook_lib.lab.powershell.values import HashTable, Properties, PSObject, to_text

_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}
UNMODELLED = {
    *("?", "^", "$", "error", "lastexitcode", "myinvocation", "host", "home", "pid", "pshome", "psscriptroot"),
    *("pscmdlet", "psboundparameters", "this", "foreach", "switch", "executioncontext", "stacktrace", "profile", "pwd"),
    *("pscommandpath", "psculture", "psuiculture", "shellid", "sender", "eventargs", "event", "ofs", "args"),
    *("verbosepreference", "debugpreference", "informationpreference", "whatifpreference", "outputencoding"),
    *("psdefaultparametervalues", "formatenumerationlimit", "psmoduleautoloadingpreference", "pssessionoption"),
}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def variable_name(node: Node) -> str:
    """The name in `$name` or `${name}`."""
    if not node.text.startswith("$"):
        raise LabUnsupported(f"{node.text} outside a command")
    return node.text[1:].removeprefix("{").removesuffix("}")


def variable(session: Session, node: Node) -> object:
    """A variable, an environment variable, or one of the automatic variables that are modelled."""
    name = variable_name(node)
    drive, colon, rest = name.partition(":")
    if colon:
        if drive.lower() != "env":
            raise LabUnsupported(f"${name}")
        return Properties(session.environment.variables).get(rest)
    lowered = "_" if name.lower() == "psitem" else name.lower()
    if lowered in _CONSTANTS:
        return _CONSTANTS[lowered]
    if lowered == "psversiontable":
        return _version_table()
    if lowered == "input":
        return _pipeline_input(session)
    if lowered in UNMODELLED:
        raise LabUnsupported(f"automatic variable ${name}")
    return session.variable(lowered if lowered == "_" else name)


def _pipeline_input(session: Session) -> object:
    """$input is an enumerator: the lines of standard input for the script itself, used up by the first reading."""
    scope = session.scope.find("input")
    if scope is None:
        return list[object](session.console.read_lines())
    return scope.variables["input"]


def _version_table() -> HashTable:
    parts = {"Major": 5, "Minor": 1, "Build": 17763, "Revision": 316}
    version = PSObject(parts, "System.Version", text="5.1.17763.316")
    return HashTable({"PSVersion": version, "PSEdition": "Desktop"})


def verbatim_string(session: Session, node: Node) -> object:
    """Single quotes; two of them stand for one."""
    del session
    return re.sub("['\u2018\u2019]{2}", "'", node.text[1:-1])


def verbatim_here_string(session: Session, node: Node) -> object:
    """The lines between `@'` and `'@`, without the last line break."""
    del session
    body = node.text[2:-2].lstrip(" \t").removeprefix("\r").removeprefix("\n")
    return body.removesuffix("\n").removesuffix("\r")


def expandable_string(session: Session, node: Node) -> object:
    """Double quotes: variables and subexpressions become text, a backtick escapes."""
    doubled = node.kind == "expandable_string_literal"
    parts = [
        _unescape(piece, doubled=doubled) if isinstance(piece, str) else to_text(session.evaluate(piece))
        for piece in node.pieces
    ]
    return "".join(parts)


def _unescape(text: str, *, doubled: bool) -> str:
    if doubled:
        text = text.replace('""', '`"')
    return re.sub("`(.)", lambda found: _ESCAPES.get(found[1], found[1]), text, flags=re.DOTALL)


def integer(session: Session, node: Node) -> object:
    """A decimal or hexadecimal integer; suffixes are a gap."""
    del session
    if not re.fullmatch(r"\d+|0[xX][0-9a-fA-F]{1,7}", node.text):
        raise LabUnsupported(f"number {node.text}")
    return int(node.text, 16 if node.text[1:2] in ("x", "X") else 10)


def real(session: Session, node: Node) -> object:
    """A real number; suffixes are a gap."""
    del session
    if not re.fullmatch(r"\d*\.\d+([eE][-+]?\d+)?", node.text):
        raise LabUnsupported(f"number {node.text}")
    return float(node.text)


def bare_word(session: Session, node: Node) -> object:
    """An argument without quotes."""
    del session
    if re.search("[$`'\"@{}()]", node.text):
        raise LabUnsupported(f"unquoted argument {node.text}")
    return node.text


LITERALS: dict[str, Evaluator] = {
    "variable": variable,
    "braced_variable": variable,
    "verbatim_string_characters": verbatim_string,
    "verbatim_here_string_characters": verbatim_here_string,
    "expandable_string_literal": expandable_string,
    "expandable_here_string_literal": expandable_string,
    "decimal_integer_literal": integer,
    "hexadecimal_integer_literal": integer,
    "real_literal": real,
    "generic_token": bare_word,
}
