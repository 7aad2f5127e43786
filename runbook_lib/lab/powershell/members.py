"""Properties, methods and elements of values. about_Properties, about_Methods, about_Arrays, about_Hash_Tables."""

from __future__ import annotations

from runbook_lib.lab.powershell import dotnet
from runbook_lib.lab.powershell.errors import CmdletError, LabUnsupported, PowerShellError, failure
from runbook_lib.lab.powershell.session import Session
from runbook_lib.lab.powershell.syntax import Node
from runbook_lib.lab.powershell.values import (
    NOTHING,
    HashTable,
    PSObject,
    TypeReference,
    elements,
    plain,
    to_text,
    type_name,
)

# Properties that every object, array or hashtable really has, so a script that reads one must not be told otherwise.
_REAL_BUT_UNMODELLED = {
    *("psobject", "psbase", "psadapted", "psextended", "pstypenames", "syncroot", "isfixedsize", "isreadonly"),
    *("issynchronized", "longlength", "rank"),
}


def name_of(session: Session, node: Node) -> str:
    """The member's name: bare, quoted or in a variable."""
    if node.kind == "simple_name":
        return node.text
    if node.kind in ("verbatim_string_characters", "variable"):
        return to_text(session.evaluate(node))
    raise LabUnsupported(f"member name {node.text}")


def type_name_of(node: Node) -> str:
    """The name in `[name]`."""
    return "".join(node.text.split())[1:-1]


def type_reference(session: Session, node: Node) -> TypeReference:
    """The type a literal names, when it is modelled."""
    return TypeReference(session.net_type(type_name_of(node)).full_name)


def static_property(session: Session, owner: Node, name: str) -> object:
    """`[type]::name`."""
    net_type = session.net_type(type_name_of(owner)) if owner.kind == "type_literal" else None
    for known, read in (net_type.properties if net_type else {}).items():
        if known.lower() == name.lower():
            return read(session)
    raise LabUnsupported(f"{owner.text}::{name}")


def set_static_property(session: Session, owner: Node, name: str, value: object) -> None:
    """`[type]::name = value`."""
    net_type = session.net_type(type_name_of(owner)) if owner.kind == "type_literal" else None
    for known, write in (net_type.setters if net_type else {}).items():
        if known.lower() == name.lower():
            write(session, value)
            return
    raise LabUnsupported(f"assignment to {owner.text}::{name}")


def static_method(session: Session, owner: Node, name: str, arguments: list[object]) -> object:
    """`[type]::name(...)`."""
    net_type = session.net_type(type_name_of(owner)) if owner.kind == "type_literal" else None
    for known, action in (net_type.methods if net_type else {}).items():
        if known.lower() == name.lower():
            return action(session, *arguments)
    raise LabUnsupported(f"{owner.text}::{name}()")


def get_property(session: Session, value: object, name: str) -> object:
    """`value.name`, strict or not; an array gives the property of each element unless it has it itself."""
    found = _find(value, name)
    if found is not NOTHING:
        return plain(found)
    if session.strict:
        raise _not_found(name)
    if name.lower() in ("count", "length"):
        raise LabUnsupported(f".{name} of a single object")
    return None


def _find(value: object, name: str) -> object:
    """The property's value, or NOTHING when the value is known not to have it."""
    if name.lower() in _REAL_BUT_UNMODELLED and not (isinstance(value, PSObject) and name in value.properties):
        raise LabUnsupported(f"property {name}")
    if isinstance(value, PSObject):
        return _object_property(value, name)
    if isinstance(value, HashTable) and name in value:
        return value[name]
    if isinstance(value, list) and name.lower() not in ("count", "length"):
        return _of_each(value, name)
    return dotnet.read_property(value, name)


def _object_property(value: PSObject, name: str) -> object:
    if name in value.properties:
        return plain(value.properties[name])
    if value.lacks(name):
        return NOTHING
    raise LabUnsupported(f"property {name} of {value.type_name}")


def _of_each(values: list[object], name: str) -> object:
    """Member enumeration. The engine's answer for no element, or where only some have the property, is not modelled."""
    if not values:
        raise LabUnsupported(f"property {name} of an empty array")
    found = [_find(item, name) for item in values]
    if all(item is NOTHING for item in found):
        return NOTHING
    if any(item is NOTHING for item in found):
        raise LabUnsupported(f"property {name} of an array whose elements do not all have it")
    results = [part for item in found for part in elements(item)]
    return results[0] if len(results) == 1 else results


def _not_found(name: str) -> PowerShellError:
    return failure(
        f"The property '{name}' cannot be found on this object. Verify that the property exists.",
        "PropertyNotFoundStrict",
        "NotSpecified",
        exception_type="System.Management.Automation.PropertyNotFoundException",
    )


def set_property(session: Session, owner: object, name: str, value: object) -> None:
    """`owner.name = value`, for hashtables and for existing properties of custom objects."""
    del session
    if isinstance(owner, HashTable):
        owner[name] = value
    elif isinstance(owner, PSObject) and owner.is_custom and name in owner.properties:
        owner.properties[name] = value
    elif owner is None or (isinstance(owner, PSObject) and owner.is_custom):
        message = (
            f"The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
        )
        raise failure(message, "PropertyNotFound" if owner is None else "PropertyAssignmentException")
    else:
        raise LabUnsupported(f"assignment to property {name} of {type_name(owner)}")


def get_element(session: Session, owner: object, key: object) -> object:
    """`owner[key]`."""
    if owner is None:
        raise failure("Cannot index into a null array.", "NullArray")
    if isinstance(owner, HashTable) and (not owner.ordered or isinstance(key, str)):
        return plain(owner.get(key))
    if isinstance(owner, list) and isinstance(key, int) and not isinstance(key, bool):
        if -len(owner) <= key < len(owner):
            return owner[key]
        return _outside(session)
    raise LabUnsupported(f"element {to_text(key)} of {type_name(owner)}")


def _outside(session: Session) -> object:
    if session.strict < 3:
        return None
    raise failure(
        "Index was outside the bounds of the array.",
        "System.IndexOutOfRangeException",
        "OperationStopped",
        exception_type="System.IndexOutOfRangeException",
    )


def set_element(owner: object, key: object, value: object) -> None:
    """`owner[key] = value`."""
    if isinstance(owner, HashTable) and (not owner.ordered or isinstance(key, str)):
        owner[key] = value
    elif isinstance(owner, list) and isinstance(key, int) and -len(owner) <= key < len(owner):
        owner[key] = plain(value)
    elif owner is None:
        raise failure("Cannot index into a null array.", "NullArray")
    else:
        raise LabUnsupported(f"assignment to an element of {type_name(owner)}")


def invoke(session: Session, value: object, name: str, arguments: list[object]) -> object:
    """`value.name(arguments)`. A method that is not modelled is a gap, even where the real type lacks it too."""
    if value is None:
        raise failure("You cannot call a method on a null-valued expression.", "InvokeMethodOnNull")
    if name.lower() == "gettype" and not arguments:
        return TypeReference(type_name(value))
    if isinstance(value, PSObject) and name in value.methods:
        return _call(value.methods[name], arguments)
    if isinstance(value, PSObject) and name.lower() == "tostring" and not arguments:
        return to_text(value)
    return dotnet.call_method(session, value, name, arguments)


def _call(method: object, arguments: list[object]) -> object:
    """A method of the world's objects; it may raise CmdletError as a cmdlet does."""
    if not callable(method):
        raise LabUnsupported("a method that cannot be called")
    try:
        result: object = method(*arguments)
    except CmdletError as error:
        raise PowerShellError(error.record) from None
    return result
