"""The members of .NET types that scripts may use on values; what is not in these tables is a gap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from runbook_lib.lab.powershell.conversion import method_failure, number
from runbook_lib.lab.powershell.culture import culture_text
from runbook_lib.lab.powershell.errors import ErrorRecord, LabUnsupported
from runbook_lib.lab.powershell.operators import contains
from runbook_lib.lab.powershell.values import (
    NOTHING,
    EnumValue,
    HashTable,
    PSObject,
    ScriptBlock,
    TypeReference,
    to_text,
    type_name,
)

if TYPE_CHECKING:
    from runbook_lib.lab.powershell.session import Session

Read = Callable[[object], object]
Method = Callable[..., object]
CATEGORIES = (
    *("NotSpecified", "OpenError", "CloseError", "DeviceError", "DeadlockDetected", "InvalidArgument", "InvalidData"),
    *("InvalidOperation", "InvalidResult", "InvalidType", "MetadataError", "NotImplemented", "NotInstalled"),
    *("ObjectNotFound", "OperationStopped", "OperationTimeout", "SyntaxError", "ParserError", "PermissionDenied"),
    *("ResourceBusy", "ResourceExists", "ResourceUnavailable", "ReadError", "WriteError", "FromStdErr"),
    *("SecurityError", "ProtocolError", "ConnectionError", "AuthenticationError", "LimitsExceeded", "QuotaExceeded"),
    "NotEnabled",
)


def read_property(value: object, name: str) -> object:
    """The property, or NOTHING when the type is known not to have it. Raises LabUnsupported when that is not known."""
    if value is None or isinstance(value, bool | int | float):
        return NOTHING
    for python_type, table in _PROPERTIES:
        if isinstance(value, python_type):
            if name.lower() in table:
                return table[name.lower()](value)
            if python_type in _COMPLETE:
                return NOTHING
    raise LabUnsupported(f"property {name} of {type_name(value)}")


def call_method(session: Session, value: object, name: str, arguments: list[object]) -> object:
    """The method's result. Raises LabUnsupported for a method, or a number or kind of arguments, that is not modelled."""
    for python_type, table in _METHODS:
        if isinstance(value, python_type) and name.lower() in table:
            try:
                return table[name.lower()](session, value, *arguments)
            except TypeError as error:
                raise LabUnsupported(f"arguments of {type_name(value)}.{name}()") from error
    raise LabUnsupported(f"method {name} of {type_name(value)}")


def exception_of(record: ErrorRecord) -> PSObject:
    """The Exception of an error record; its own text would hold a stack trace, which is not modelled."""
    return PSObject({"Message": record.message, **record.exception}, record.exception_type)


def details_of(record: ErrorRecord) -> PSObject | None:
    """The ErrorDetails of an error record, which most do not have."""
    return (
        PSObject({"Message": record.details}, "System.Management.Automation.ErrorDetails") if record.details else None
    )


def category_of(record: ErrorRecord) -> PSObject:
    """The CategoryInfo of an error record."""
    enum = "System.Management.Automation.ErrorCategory"
    category = EnumValue(enum, record.category, CATEGORIES.index(record.category))
    reason = record.exception_type.rpartition(".")[2]
    fields = {"Category": category, "Activity": record.activity, "Reason": reason}
    return PSObject(fields, "System.Management.Automation.ErrorCategoryInfo")


def _record(value: object) -> ErrorRecord:
    if not isinstance(value, ErrorRecord):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _split(session: Session, value: object, *separators: object) -> object:
    """`Split` by any of the characters given; the overloads with options are a gap."""
    del session
    signs = "".join(_text(item) for item in separators)
    text = _text(value)
    for sign in signs[1:]:
        text = text.replace(sign, signs[0])
    return list[object](text.split(signs[0])) if signs else _raise_type_error()


def _raise_type_error() -> object:
    raise TypeError


def _substring(session: Session, value: object, start: object, length: object = None) -> object:
    del session
    text, first = _text(value), int(number(start))
    last = len(text) if length is None else first + int(number(length))
    if not 0 <= first <= last <= len(text):
        reason = "Index and length must refer to a location within the string.\nParameter name: length"
        raise method_failure("Substring", 1 if length is None else 2, reason, "ArgumentOutOfRangeException")
    return text[first:last]


def _date(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError
    return value


def _to_utc(session: Session, value: object) -> object:
    date = _date(value)
    local = session.environment.now().tzinfo
    return (date if date.tzinfo else date.replace(tzinfo=local)).astimezone(UTC)


def _date_text(session: Session, value: object, pattern: object = None) -> object:
    """The culture's general form, the round-trip pattern and the sortable one; other patterns are not modelled."""
    date = _date(value)
    if pattern is None:
        return culture_text(date, session.environment.culture)
    if pattern == "s":
        return date.strftime("%Y-%m-%dT%H:%M:%S")
    if pattern not in ("o", "O"):
        raise LabUnsupported(f"DateTime format {to_text(pattern)}")
    zone = "" if date.tzinfo is None else "Z" if date.tzinfo is UTC else date.strftime("%z")
    zone = f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone
    return f"{date:%Y-%m-%dT%H:%M:%S}.{date.microsecond:06d}0{zone}"


def _adder(unit: str) -> Method:
    def add(session: Session, value: object, amount: object) -> object:
        del session
        return _date(value) + timedelta(**{unit: float(number(amount))})

    return add


def _culture_text(session: Session, value: object) -> object:
    return culture_text(value, session.environment.culture)


def _culture_free_text(session: Session, value: object) -> object:
    del session
    return to_text(value)


def _table(value: object) -> HashTable:
    if not isinstance(value, HashTable):
        raise TypeError
    return value


def _add_key(session: Session, value: object, key: object, item: object) -> object:
    del session
    table = _table(value)
    if key in table:
        reason = f"Item has already been added. Key in dictionary: '{to_text(key)}'  Key being added: '{to_text(key)}'"
        raise method_failure("Add", 2, reason, "ArgumentException")
    table[key] = item
    return NOTHING


def _remove_key(session: Session, value: object, key: object) -> object:
    del session
    del _table(value)[key]
    return NOTHING


def _has_key(session: Session, value: object, key: object) -> object:
    del session
    return key in _table(value)


def _seconds(unit: float) -> Read:
    return lambda value: value.total_seconds() / unit if isinstance(value, timedelta) else NOTHING


_PROPERTIES: tuple[tuple[type, dict[str, Read]], ...] = (
    (str, {"length": lambda value: len(_text(value))}),
    (list, {name: lambda value: len(value) if isinstance(value, list) else NOTHING for name in ("count", "length")}),
    (bytes, {name: lambda value: len(value) if isinstance(value, bytes) else NOTHING for name in ("count", "length")}),
    (
        HashTable,
        {
            "keys": lambda value: list(_table(value)),
            "values": lambda value: [item for _, item in _table(value).items()],
            "count": lambda value: len(_table(value)),
        },
    ),
    (
        timedelta,
        {
            "totaldays": _seconds(86400),
            "totalhours": _seconds(3600),
            "totalminutes": _seconds(60),
            "totalseconds": _seconds(1),
            "totalmilliseconds": _seconds(0.001),
        },
    ),
    (
        ErrorRecord,
        {
            "exception": lambda value: exception_of(_record(value)),
            "errordetails": lambda value: details_of(_record(value)),
            "categoryinfo": lambda value: category_of(_record(value)),
            "fullyqualifiederrorid": lambda value: _record(value).error_id,
            "targetobject": lambda value: _record(value).target,
        },
    ),
    (EnumValue, {"value__": lambda value: getattr(value, "value", NOTHING)}),
    (
        TypeReference,
        {
            "fullname": to_text,
            "name": lambda value: to_text(value).rpartition(".")[2],
        },
    ),
)
_COMPLETE = (HashTable, EnumValue, UUID)

_METHODS: tuple[tuple[type, dict[str, Method]], ...] = (
    (
        str,
        {
            "toupper": lambda _, value: value.upper(),
            "tolower": lambda _, value: value.lower(),
            "toupperinvariant": lambda _, value: value.upper(),
            "tolowerinvariant": lambda _, value: value.lower(),
            "trim": lambda _, value: value.strip(),
            "startswith": lambda _, value, start: value.startswith(_text(start)),
            "endswith": lambda _, value, end: value.endswith(_text(end)),
            "contains": lambda _, value, part: _text(part) in value,
            "indexof": lambda _, value, part: value.find(_text(part)),
            "replace": lambda _, value, old, new: value.replace(_text(old), _text(new)),
            "split": _split,
            "substring": _substring,
            "tostring": _culture_free_text,
        },
    ),
    (bool, {"tostring": _culture_free_text}),
    (int, {"tostring": _culture_free_text}),
    (float, {"tostring": _culture_text}),
    (UUID, {"tostring": _culture_free_text}),
    (timedelta, {"tostring": _culture_free_text}),
    (EnumValue, {"tostring": _culture_free_text}),
    (ErrorRecord, {"tostring": _culture_free_text}),
    (ScriptBlock, {"tostring": _culture_free_text}),
    (TypeReference, {"tostring": _culture_free_text}),
    (list, {"contains": lambda _, value, item: contains(value, item, case=True)}),
    (
        HashTable,
        {"containskey": _has_key, "contains": _has_key, "add": _add_key, "remove": _remove_key},
    ),
    (
        datetime,
        {
            "touniversaltime": _to_utc,
            "tostring": _date_text,
            "adddays": _adder("days"),
            "addhours": _adder("hours"),
            "addminutes": _adder("minutes"),
            "addseconds": _adder("seconds"),
        },
    ),
)
