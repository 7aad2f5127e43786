"""Where-Object, ForEach-Object, Select-Object, Sort-Object and Measure-Object."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key

from runbook_lib.lab.powershell import dotnet, operators
from runbook_lib.lab.powershell.cmdlets import SWITCH, Call, Cmdlet, Parameter
from runbook_lib.lab.powershell.conversion import number
from runbook_lib.lab.powershell.errors import CmdletError, LabUnsupported
from runbook_lib.lab.powershell.values import (
    NOTHING,
    HashTable,
    PSObject,
    ScriptBlock,
    elements,
    plain,
    to_text,
    truth,
    unroll,
)

_BLOCK = Parameter("scriptblock", mandatory=True, position=0)
_PIPED = Parameter(pipeline=True)


def _where(call: Call) -> Iterable[object]:
    results: list[object] = []
    call.session.invoke_with(_block(call["FilterScript"]), call["InputObject"], results.append)
    return [call["InputObject"]] if truth(unroll(results)) else []


def _for_each(call: Call) -> Iterable[object]:
    call.session.invoke_with(_block(call["Process"]), call["InputObject"], call.emit)
    return ()


def _block(value: object) -> ScriptBlock:
    if not isinstance(value, ScriptBlock):
        raise LabUnsupported("a cmdlet that runs something that is no script block")
    return value


def property_or_nothing(item: object, name: str) -> object:
    """A property by name, NOTHING where the object lacks it, whatever the strict mode."""
    if any(sign in name for sign in "*?["):
        raise LabUnsupported(f"wildcard property {name}")
    if isinstance(item, PSObject):
        if name in item.properties:
            return plain(item.properties[name])
        if item.lacks(name):
            return NOTHING
        raise LabUnsupported(f"property {name} of {item.type_name}")
    if isinstance(item, HashTable):
        raise LabUnsupported(f"property {name} of a hashtable in a cmdlet")
    return dotnet.read_property(item, name)


def _select(call: Call) -> Iterable[object]:
    items = elements(call["InputObject"])
    items = items[int(number(call["Skip"])) :]
    if call.given("First"):
        items = items[: int(number(call["First"]))]
    if call.given("Last"):
        items = items[-int(number(call["Last"])) :]
    if call.given("Property") and call.given("ExpandProperty"):
        raise LabUnsupported("Select-Object with both -Property and -ExpandProperty")
    if call.given("Property"):
        items = [_projected(call, item) for item in items]
    elif call.given("ExpandProperty"):
        items = [part for item in items for part in _expanded(call, item)]
    return _unique(items) if call.on("Unique") else items


def _projected(call: Call, item: object) -> PSObject:
    made = PSObject()
    for wanted in elements(call["Property"]):
        if isinstance(wanted, HashTable):
            name, value = _calculated(call, wanted, item)
        else:
            name = to_text(wanted)
            value = plain(property_or_nothing(item, name))
        made.properties[name] = value
    return made


def _calculated(call: Call, wanted: HashTable, item: object) -> tuple[str, object]:
    keys = {str(key).lower() for key in wanted}
    if keys != {"name", "expression"} or not isinstance(wanted["Expression"], ScriptBlock):
        raise LabUnsupported("a calculated property other than Name and Expression = { }")
    results: list[object] = []
    call.session.invoke_with(wanted["Expression"], item, results.append)
    return to_text(wanted["Name"]), plain(unroll(results))


def _expanded(call: Call, item: object) -> list[object]:
    name = to_text(call["ExpandProperty"])
    value = property_or_nothing(item, name)
    if value is NOTHING:
        message = f'Property "{name}" cannot be found.'
        identifier = "ExpandPropertyNotFound,Microsoft.PowerShell.Commands.SelectObjectCommand"
        raise CmdletError(message, identifier, "InvalidArgument", "System.Management.Automation.PSArgumentException")
    return elements(value)


def _unique(items: list[object]) -> list[object]:
    """Select-Object minds case where Sort-Object does not; objects other than simple values are a gap."""
    kept: list[object] = []
    for item in items:
        if isinstance(item, PSObject | HashTable):
            raise LabUnsupported("-Unique of objects")
        if not any(operators.equal(item, other, case=True) for other in kept):
            kept.append(item)
    return kept


def _sort(call: Call) -> Iterable[object]:
    names = elements(call["Property"]) if call.given("Property") else []
    if any(not isinstance(name, str) for name in names):
        raise LabUnsupported("Sort-Object by something that is no property name")

    def keys(item: object) -> list[object]:
        return [plain(property_or_nothing(item, to_text(name))) for name in names] if names else [item]

    def compare(left: object, right: object) -> int:
        pairs = zip(keys(left), keys(right), strict=True)
        return next((sign for sign in (operators.order(one, other) for one, other in pairs) if sign), 0)

    ordered = sorted(elements(call["InputObject"]), key=cmp_to_key(compare), reverse=call.on("Descending"))
    if not call.on("Unique"):
        return ordered
    return [item for index, item in enumerate(ordered) if index == 0 or compare(ordered[index - 1], item)]


def _measure(call: Call) -> Iterable[object]:
    count = len(elements(call["InputObject"]))
    yield PSObject({"Count": count}, "Microsoft.PowerShell.Commands.GenericMeasureInfo")


OBJECT_CMDLETS: tuple[Cmdlet, ...] = (
    Cmdlet("Where-Object", _where, {"FilterScript": _BLOCK, "InputObject": _PIPED}),
    Cmdlet("ForEach-Object", _for_each, {"Process": _BLOCK, "InputObject": _PIPED}),
    Cmdlet(
        "Select-Object",
        _select,
        {
            "Property": Parameter("object[]", position=0),
            "ExpandProperty": Parameter("string"),
            "First": Parameter("int"),
            "Last": Parameter("int"),
            "Skip": Parameter("int"),
            "Unique": SWITCH,
            "InputObject": _PIPED,
        },
        collects=True,
    ),
    Cmdlet(
        "Sort-Object",
        _sort,
        {
            "Property": Parameter("object[]", position=0),
            "Descending": SWITCH,
            "Unique": SWITCH,
            "InputObject": _PIPED,
        },
        collects=True,
    ),
    Cmdlet("Measure-Object", _measure, {"InputObject": _PIPED}, collects=True),
)
