"""Binds a command's arguments to declared parameters, with PowerShell's own errors. about_Parameters, about_Splatting."""

from __future__ import annotations

from dataclasses import dataclass, field

from runbook_lib.lab.powershell.cmdlets import Cmdlet, Parameter
from runbook_lib.lab.powershell.conversion import convert
from runbook_lib.lab.powershell.errors import ErrorRecord, LabUnsupported, PowerShellError
from runbook_lib.lab.powershell.session import Session
from runbook_lib.lab.powershell.syntax import Node
from runbook_lib.lab.powershell.values import HashTable, Properties, plain, to_text

BINDING_EXCEPTION = "System.Management.Automation.ParameterBindingException"
_ACTIONS = ("stop", "continue", "silentlycontinue", "ignore")
_SWITCH_ON = object()


@dataclass
class Arguments:
    """What stands behind a command's name: named and positional arguments, evaluated."""

    named: list[tuple[str, object]] = field(default_factory=list)
    positional: list[object] = field(default_factory=list)


def is_switch_mark(value: object) -> bool:
    """Whether a named argument was written without a value."""
    return value is _SWITCH_ON


def read(session: Session, elements: tuple[Node, ...], switches: frozenset[str]) -> Arguments:
    """Evaluate a command's elements. A parameter in `switches` takes no value unless a colon joins it to one."""
    arguments = Arguments()
    at = 0
    while at < len(elements):
        node = elements[at]
        at += 1
        if node.kind != "command_parameter":
            _plain_argument(session, node, arguments)
            continue
        name = node.text[1:].rstrip(":")
        joined = at < len(elements) and elements[at].kind == "argument_colon"
        at += 1 if joined else 0
        has_value = at < len(elements) and elements[at].kind != "command_parameter"
        if has_value and (joined or name.lower() not in switches):
            arguments.named.append((name, session.evaluate(elements[at])))
            at += 1
        else:
            arguments.named.append((name, _SWITCH_ON))
    return arguments


def _plain_argument(session: Session, node: Node, arguments: Arguments) -> None:
    if node.kind == "redirection":
        raise LabUnsupported(f"redirection {node.text}")
    if not (node.kind in ("variable", "splatted_variable") and node.text.startswith("@")):
        arguments.positional.append(session.evaluate(node))
        return
    table = session.variable(node.text[1:])
    if not isinstance(table, HashTable):
        raise LabUnsupported(f"{node.text} is no hashtable")
    arguments.named.extend((to_text(key), plain(value)) for key, value in table.items())


def switch_names(cmdlet: Cmdlet) -> frozenset[str]:
    """The lower-case names and aliases of the switches, for `read`."""
    return frozenset(
        spelling.lower()
        for name, parameter in cmdlet.parameters.items()
        if parameter.type == "switch"
        for spelling in (name, *parameter.aliases)
    )


def bind(cmdlet: Cmdlet, arguments: Arguments, *, piped: bool) -> tuple[Properties, dict[str, str]]:
    """The bound parameters, and the common parameters in lower case. Raises ParameterBindingException errors."""
    bound, common = Properties(), dict[str, str]()
    for name, value in arguments.named:
        known = _named(cmdlet, name)
        if known is None:
            common[name.lower()] = _common(cmdlet, name, value)
            continue
        if known in bound:
            message = f"Cannot bind parameter because parameter '{known}' is specified more than once."
            raise problem(cmdlet, message, "ParameterAlreadyBound")
        bound[known] = _converted(cmdlet, known, cmdlet.parameters[known], value)
    _bind_positional(cmdlet, arguments.positional, bound)
    missing = [
        name
        for name, parameter in cmdlet.parameters.items()
        if parameter.mandatory and name not in bound and not (piped and parameter.pipeline)
    ]
    if missing:
        message = (
            "Cannot process command because of one or more missing mandatory parameters: " + " ".join(missing) + "."
        )
        raise problem(cmdlet, message, "MissingMandatoryParameter")
    return bound, common


def _named(cmdlet: Cmdlet, name: str) -> str | None:
    for known, parameter in cmdlet.parameters.items():
        if name.lower() in (known.lower(), *(alias.lower() for alias in parameter.aliases)):
            return known
    return None


def _common(cmdlet: Cmdlet, name: str, value: object) -> str:
    action = to_text(value).lower() if not is_switch_mark(value) else ""
    lowered = name.lower()
    if lowered in ("erroraction", "warningaction") and action in _ACTIONS:
        return action
    if cmdlet.complete and lowered not in ("erroraction", "warningaction") and not _is_prefix(cmdlet, name):
        message = f"A parameter cannot be found that matches parameter name '{name}'."
        raise problem(cmdlet, message, "NamedParameterNotFound")
    raise LabUnsupported(f"{cmdlet.name} -{name}")


def _is_prefix(cmdlet: Cmdlet, name: str) -> bool:
    common = ("verbose", "debug", "errorvariable", "warningvariable", "outvariable", "outbuffer", "pipelinevariable")
    return any(known.lower().startswith(name.lower()) for known in (*cmdlet.parameters, *common, "informationaction"))


def _bind_positional(cmdlet: Cmdlet, values: list[object], bound: Properties) -> None:
    places = sorted(
        (parameter.position, name)
        for name, parameter in cmdlet.parameters.items()
        if parameter.position is not None and name not in bound
    )
    for index, value in enumerate(values):
        if index >= len(places):
            if not cmdlet.complete:
                raise LabUnsupported(f"{cmdlet.name} with the positional argument {to_text(value)}")
            message = f"A positional parameter cannot be found that accepts argument '{to_text(value)}'."
            raise problem(cmdlet, message, "PositionalParameterNotFound")
        name = places[index][1]
        bound[name] = _converted(cmdlet, name, cmdlet.parameters[name], value)


def _converted(cmdlet: Cmdlet, name: str, parameter: Parameter, value: object) -> object:
    if is_switch_mark(value):
        if parameter.type != "switch":
            raise problem(cmdlet, f"Missing an argument for parameter '{name}'.", "MissingArgument")
        return True
    if parameter.type == "bool" and (value is None or isinstance(value, str)):
        message = (
            f"Cannot bind parameter '{name}'. Cannot convert value \"{'' if value is None else 'System.String'}\" to type "
            '"System.Boolean". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.'
        )
        raise problem(cmdlet, message, "CannotConvertArgumentNoMessage")
    try:
        converted = convert(value, parameter.type)
    except PowerShellError as error:
        message = f"Cannot bind parameter '{name}'. {error.record.message}"
        raise problem(cmdlet, message, "CannotConvertArgumentNoMessage") from None
    if parameter.mandatory and (converted is None or converted == ""):
        reason = "it is null." if converted is None else "it is an empty string."
        identifier = "ParameterArgumentValidationErrorNullNotAllowed" if converted is None else _EMPTY
        raise problem(cmdlet, f"Cannot bind argument to parameter '{name}' because {reason}", identifier)
    if parameter.values and not _allowed(converted, parameter.values):
        message = (
            f"Cannot validate argument on parameter '{name}'. The argument \"{to_text(converted)}\" is not allowed."
        )
        raise problem(cmdlet, message, "ParameterArgumentValidationError")
    return converted


_EMPTY = "ParameterArgumentValidationErrorEmptyStringNotAllowed"


def _allowed(value: object, values: tuple[str, ...]) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(to_text(item).lower() in {allowed.lower() for allowed in values} for item in items)


def problem(cmdlet: Cmdlet, message: str, identifier: str) -> PowerShellError:
    """An error of parameter binding."""
    full = f"{identifier},{cmdlet.error_class}"
    return PowerShellError(ErrorRecord(message, full, "InvalidArgument", BINDING_EXCEPTION, activity=cmdlet.name))


def block_parameters(session: Session, node: Node | None, arguments: Arguments) -> dict[str, object]:
    """The variables a script block starts with. Attributes other than [Parameter(Mandatory)] and types are a gap."""
    declared = [_declared(item) for item in _declarations(node)]
    values: dict[str, object] = {}
    named = {name.lower(): value for name, value in arguments.named}
    rest = list(arguments.positional)
    for name, kind, mandatory, default in declared:
        if name.lower() in named:
            value = named.pop(name.lower())
            value = True if is_switch_mark(value) else value
        elif kind != "switch" and rest:
            value = rest.pop(0)
        elif mandatory:
            message = f"Cannot process command because of one or more missing mandatory parameters: {name}."
            record = ErrorRecord(message, "MissingMandatoryParameter", "InvalidArgument", BINDING_EXCEPTION)
            raise PowerShellError(record)
        else:
            values[name] = session.evaluate(default) if default else _absent(kind)
            continue
        values[name] = convert(value, kind)
    if named or rest:
        raise LabUnsupported("more arguments than the script block declares")
    return values


def _absent(kind: str) -> object:
    """What an optional parameter holds when nothing was given: typed ones hold their type's default."""
    defaults: dict[str, object] = {"switch": False, "bool": False, "int": 0, "long": 0, "string": ""}
    return defaults.get(kind.lower())


def block_switches(node: Node | None) -> frozenset[str]:
    """The lower-case names of a script block's switch parameters, for `read`."""
    declared = [_declared(item) for item in _declarations(node)]
    return frozenset(name.lower() for name, kind, _, _ in declared if kind.lower() == "switch")


def _declarations(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    lists = node.of_kind("parameter_list")
    return lists[0].children if lists else node.children


def _declared(node: Node) -> tuple[str, str, bool, Node | None]:
    if node.kind == "variable":
        return variable_of(node), "object", False, None
    kind, mandatory, default, name = "object", False, None, ""
    for child in node.children:
        for part in child.children if child.kind == "attribute_list" else (child,):
            if part.kind == "variable":
                name = variable_of(part)
            elif part.kind == "type_literal":
                kind = part.text[1:-1].strip()
            elif part.kind == "attribute":
                mandatory = _is_mandatory(part)
            elif part.kind == "script_parameter_default":
                default = part.children[-1]
            else:
                raise LabUnsupported(f"parameter declaration {part.text}")
    return name, kind, mandatory, default


def variable_of(node: Node) -> str:
    """The name of a declared parameter."""
    return node.text.removeprefix("$")


def _is_mandatory(node: Node) -> bool:
    text = "".join(node.text.split()).lower()
    if text in ("[parameter(mandatory=$true)]", "[parameter(mandatory)]"):
        return True
    if text == "[parameter()]":
        return False
    raise LabUnsupported(f"attribute {node.text}")
