"""The values scripts handle, and how PowerShell turns them into text, truth and pipeline elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from runbook_lib.lab.powershell.errors import ErrorRecord, LabUnsupported

if TYPE_CHECKING:
    from runbook_lib.lab.powershell.syntax import Node

CUSTOM_OBJECT = "System.Management.Automation.PSCustomObject"


class Nothing:
    """What an empty pipeline leaves behind (AutomationNull): $null to operators, no element at all to a pipeline."""


NOTHING: Final = Nothing()


class Properties:
    """An ordered mapping whose text keys ignore case, as PowerShell's names do."""

    def __init__(self, items: Mapping[str, object] | None = None) -> None:
        self._items: dict[object, tuple[object, object]] = {}
        self.update(items or {})

    @staticmethod
    def _fold(key: object) -> object:
        return key.lower() if isinstance(key, str) else key

    def __getitem__(self, key: object) -> object:
        return self._items[self._fold(key)][1]

    def __setitem__(self, key: object, value: object) -> None:
        folded = self._fold(key)
        spelling = self._items[folded][0] if folded in self._items else key
        self._items[folded] = (spelling, value)

    def __delitem__(self, key: object) -> None:
        self._items.pop(self._fold(key), None)

    def __contains__(self, key: object) -> bool:
        return self._fold(key) in self._items

    def __iter__(self) -> Iterator[object]:
        return (key for key, _ in self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: object, default: object = None) -> object:
        """The value of `key`, or `default`."""
        return self._items.get(self._fold(key), (key, default))[1]

    def update(self, items: Mapping[str, object]) -> None:
        """Set several keys."""
        for key, value in items.items():
            self[key] = value

    def items(self) -> list[tuple[object, object]]:
        """Key and value pairs in the order they were added."""
        return list(self._items.values())


class HashTable(Properties):
    """`@{}` and `[ordered]@{}`; both keep their order here, which is one of the orders the real one may have."""

    ordered = False


class PSObject:
    """An object with named properties and, for objects of the lab's world, methods.

    `text` is what the object's own ToString gives. A custom object is complete: reading another property is
    PowerShell's strict-mode error. A world object of another type is not, so reading a property it does not carry
    is a gap of the lab, unless the name is in `known_absent`.
    """

    def __init__(
        self,
        properties: Mapping[str, object] | None = None,
        type_name: str = CUSTOM_OBJECT,
        methods: Mapping[str, Callable[..., object]] | None = None,
        text: str | None = None,
        known_absent: tuple[str, ...] = (),
    ) -> None:
        self.properties = Properties(properties)
        self.type_name = type_name
        self.methods = Properties(methods)
        self.text = text
        self.known_absent = frozenset(name.lower() for name in known_absent)

    @property
    def is_custom(self) -> bool:
        """Whether the script or the world made it as [pscustomobject]."""
        return self.type_name == CUSTOM_OBJECT

    def lacks(self, name: str) -> bool:
        """Whether the real object is known not to have a property of this name."""
        return name not in self.properties and (self.is_custom or name.lower() in self.known_absent)


@dataclass(frozen=True)
class EnumValue:
    """A member of a .NET enumeration: text by name, JSON and [int] by number."""

    type_name: str
    name: str
    value: int


@dataclass(frozen=True)
class TypeReference:
    """A .NET type used as a value, by its full name."""

    full_name: str


@dataclass(eq=False, frozen=True)
class ScriptBlock:
    """A block of code: its `param` part, its statements and its text between the braces."""

    parameters: Node | None
    body: tuple[Node, ...]
    text: str


def plain(value: object) -> object:
    """The value as operators see it: an empty pipeline is $null."""
    return None if isinstance(value, Nothing) else value


def elements(value: object) -> list[object]:
    """What a pipeline receives for `value` (about_Pipelines: arrays are enumerated, hashtables and text are not)."""
    if isinstance(value, Nothing):
        return []
    if isinstance(value, list | bytes):
        return list(value)
    return [value]


def unroll(results: list[object]) -> object:
    """What a variable receives from a pipeline: nothing, the one object, or an array."""
    if not results:
        return NOTHING
    return results[0] if len(results) == 1 else results


def truth(value: object) -> bool:
    """about_Booleans: an array of one is its element, an array of more is true, empty text and zero are false."""
    if isinstance(value, list):
        return len(value) > 1 or (len(value) == 1 and truth(value[0]))
    if isinstance(value, EnumValue):
        return value.value != 0
    if value is None or isinstance(value, bool | int | float | str):
        return bool(value)
    return not isinstance(value, Nothing)


def to_text(value: object) -> str:
    """The invariant text of a value, as [string] and expandable strings give it."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | bytes):
        return " ".join(to_text(item) for item in value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.strftime("%m/%d/%Y %H:%M:%S")
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, bool | int | UUID):
        return str(value)
    return _object_text(value)


def _object_text(value: object) -> str:
    if isinstance(value, EnumValue):
        return value.name
    if isinstance(value, ErrorRecord):
        return value.message
    if isinstance(value, TypeReference):
        return value.full_name
    if isinstance(value, ScriptBlock):
        return value.text
    if isinstance(value, HashTable):
        return type_name(value)
    return _bag_text(value)


def _bag_text(value: object) -> str:
    if isinstance(value, PSObject):
        if value.text is not None:
            return value.text
        if not value.is_custom:
            raise LabUnsupported(f"the text of a {value.type_name}")
        return "@{" + "; ".join(f"{key}={to_text(item)}" for key, item in value.properties.items()) + "}"
    raise LabUnsupported(f"text of a {type(value).__name__}")


def number_text(value: float) -> str:
    """A double as .NET Framework prints it: fifteen significant digits, exponent as E+20."""
    text = f"{value:.15g}"
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}E{exponent}" if mark else mantissa


def duration_text(value: timedelta) -> str:
    """A TimeSpan in its constant format, `[-][d.]hh:mm:ss[.fffffff]`."""
    sign, total = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(total.seconds, 60)
    days = f"{total.days}." if total.days else ""
    fraction = f".{total.microseconds:06d}0" if total.microseconds else ""
    return f"{sign}{days}{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{fraction}"


_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "System.Boolean"),
    (float, "System.Double"),
    (str, "System.String"),
    (list, "System.Object[]"),
    (bytes, "System.Byte[]"),
    (datetime, "System.DateTime"),
    (timedelta, "System.TimeSpan"),
    (UUID, "System.Guid"),
    (ErrorRecord, "System.Management.Automation.ErrorRecord"),
    (ScriptBlock, "System.Management.Automation.ScriptBlock"),
    (TypeReference, "System.RuntimeType"),
)


def type_name(value: object) -> str:
    """The full .NET name of the value's type."""
    if isinstance(value, PSObject | EnumValue):
        return value.type_name
    if isinstance(value, HashTable):
        return "System.Collections.Specialized.OrderedDictionary" if value.ordered else "System.Collections.Hashtable"
    for python_type, name in _TYPE_NAMES:
        if isinstance(value, python_type):
            return name
    if isinstance(value, int):
        return "System.Int32" if -(2**31) <= value < 2**31 else "System.Int64"
    raise LabUnsupported(f"the .NET type of a {type(value).__name__}")
