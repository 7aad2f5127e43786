"""Comparison, arithmetic, -f, -is and -join. about_Comparison_Operators, about_Arithmetic_Operators, about_Type_Operators."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from runbook_lib.lab.powershell.conversion import number
from runbook_lib.lab.powershell.culture import culture_text
from runbook_lib.lab.powershell.errors import LabUnsupported, PowerShellError, failure
from runbook_lib.lab.powershell.matching import like, regex
from runbook_lib.lab.powershell.values import (
    EnumValue,
    HashTable,
    PSObject,
    TypeReference,
    elements,
    plain,
    to_text,
    truth,
    type_name,
)


def equal(left: object, right: object, case: bool = False) -> bool:
    """`-eq` of two scalars: the right side is converted to the type of the left; text ignores case."""
    left, right = plain(left), plain(right)
    if left is None or right is None:
        return left is right
    if isinstance(left, str):
        return _folded(left, case) == _folded(to_text(right), case)
    if isinstance(left, bool):
        return left == truth(right)
    if isinstance(left, EnumValue):
        return _enum_equal(left, right)
    if isinstance(left, int | float):
        return _number_equal(left, right)
    return _same_object(left, right)


def _same_object(left: object, right: object) -> bool:
    if isinstance(left, UUID):
        return str(left) == to_text(right).strip("{}").lower()
    if isinstance(left, datetime | timedelta | TypeReference) and type(left) is type(right):
        return left == right
    if isinstance(left, PSObject | HashTable) and isinstance(right, PSObject | HashTable):
        return left is right
    raise LabUnsupported(f"comparison of {type_name(left)} with {type_name(right)}")


def _enum_equal(left: EnumValue, right: object) -> bool:
    if isinstance(right, EnumValue):
        return left == right
    return left.name.lower() == right.lower() if isinstance(right, str) else left.value == number(right)


def _number_equal(left: int | float, right: object) -> bool:
    try:
        return left == number(right)
    except PowerShellError:
        return False


def _folded(text: str, case: bool) -> str:
    return text if case else text.lower()


def order(left: object, right: object, case: bool = False) -> int:
    """-1, 0 or 1. Text is ordered by lower-case code point, an approximation of the invariant culture's order."""
    left, right = plain(left), plain(right)
    if isinstance(left, str):
        return _sign(_folded(left, case), _folded(to_text(right), case))
    if isinstance(left, datetime) and isinstance(right, datetime):
        if (left.tzinfo is None) != (right.tzinfo is None):
            raise LabUnsupported("order of a DateTime of unspecified kind and another")
        return _sign(left, right)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return _sign(left, right)
    if left is None or isinstance(left, bool | int | float | EnumValue):
        return _sign(number(left), number(right))
    raise LabUnsupported(f"order of {type_name(left)} and {type_name(right)}")


_Ordered = TypeVar("_Ordered", str, float, datetime, timedelta)


def _sign(left: _Ordered, right: _Ordered) -> int:
    return int(left > right) - int(left < right)


def add(left: object, right: object) -> object:
    """`+`: the left side decides between text, array, date, hashtable and number."""
    left, right = plain(left), plain(right)
    if isinstance(left, str):
        return left + to_text(right)
    if isinstance(left, list):
        return left + (elements(right) if right is not None else [None])
    if left is None:
        return right
    if isinstance(left, datetime | timedelta) and isinstance(right, timedelta):
        return left + right
    if isinstance(left, HashTable):
        return _merge(left, right)
    return _whole(number(left) + number(right))


def _merge(left: HashTable, right: object) -> HashTable:
    if not isinstance(right, HashTable):
        raise failure("A hash table can only be added to another hash table.", "AddHashTableToNonHashTable")
    made = HashTable({str(key): item for key, item in left.items()})
    for key, item in right.items():
        if key in made:
            raise LabUnsupported("adding hashtables that share a key")
        made[key] = item
    return made


def subtract(left: object, right: object) -> object:
    """`-`, of numbers, of dates, and of a duration from a date."""
    left, right = plain(left), plain(right)
    if isinstance(left, datetime):
        if isinstance(right, timedelta):
            return left - right
        if isinstance(right, datetime) and (left.tzinfo is None) == (right.tzinfo is None):
            return left - right
        raise LabUnsupported(f"DateTime minus {type_name(right)}")
    return _whole(number(left) - number(right))


def multiply(left: object, right: object) -> object:
    """`*` of two numbers, or of text by a count."""
    if isinstance(left, str):
        return left * int(number(right))
    if isinstance(left, list):
        raise LabUnsupported("array multiplication")
    return _whole(number(left) * number(right))


def divide(left: object, right: object) -> object:
    """`/`: whole when both are whole and nothing is left over."""
    if number(right) == 0:
        raise failure("Attempted to divide by zero.", "RuntimeException", "NotSpecified")
    dividend, divisor = number(left), number(right)
    if isinstance(dividend, int) and isinstance(divisor, int) and dividend % divisor == 0:
        return dividend // divisor
    return dividend / divisor


def remainder(left: object, right: object) -> object:
    """`%` with the sign of the dividend."""
    dividend, divisor = number(left), number(right)
    if not (isinstance(dividend, int) and isinstance(divisor, int)) or divisor == 0:
        raise LabUnsupported("remainder of such numbers")
    return (abs(dividend) % abs(divisor)) * (-1 if dividend < 0 else 1)


def _whole(value: int | float) -> int | float:
    if isinstance(value, int) and abs(value) >= 2**63:
        raise LabUnsupported("whole numbers beyond 64 bits")
    return value


def format_text(template: object, arguments: list[object], culture: str) -> str:
    """`-f` with plain `{0}` places; alignment and format strings are a gap."""

    def fill(place: re.Match[str]) -> str:
        if place[0] in ("{{", "}}"):
            return place[0][0]
        if place[1] is None or int(place[1]) >= len(arguments):
            raise LabUnsupported(f"format item {place[0]}")
        return culture_text(arguments[int(place[1])], culture)

    return re.sub(r"\{\{|\}\}|\{(\d+)\}|[{}]", fill, to_text(template))


def is_type(value: object, target: object) -> bool:
    """`-is`, for types compared by exact name; base types other than [object] and [array] are a gap."""
    value = plain(value)
    if not isinstance(target, TypeReference):
        raise LabUnsupported("-is with something that is no type literal")
    if value is None:
        return False
    wanted = target.full_name
    if wanted in ("System.Array", "System.Object"):
        return wanted == "System.Object" or isinstance(value, list | bytes)
    if wanted not in _EXACT_TYPES:
        raise LabUnsupported(f"-is [{wanted}]")
    if wanted == "System.Int32" and isinstance(value, int) and not isinstance(value, bool):
        return -(2**31) <= value < 2**31
    return type_name(value) == wanted


_EXACT_TYPES = {
    "System.String",
    "System.Int32",
    "System.Boolean",
    "System.Double",
    "System.DateTime",
    "System.Guid",
    "System.Collections.Hashtable",
    "System.Management.Automation.PSCustomObject",
    "System.Net.WebException",
}

Comparison = Callable[[object, object, bool], bool]
COMPARISONS: dict[str, Comparison] = {
    "eq": equal,
    "ne": lambda left, right, case: not equal(left, right, case),
    "gt": lambda left, right, case: order(left, right, case) > 0,
    "lt": lambda left, right, case: order(left, right, case) < 0,
    "ge": lambda left, right, case: order(left, right, case) >= 0,
    "le": lambda left, right, case: order(left, right, case) <= 0,
    "like": like,
    "notlike": lambda left, right, case: not like(left, right, case),
    "match": lambda left, right, case: regex(right, case).search(to_text(left)) is not None,
    "notmatch": lambda left, right, case: regex(right, case).search(to_text(left)) is None,
}


def compare(name: str, left: object, right: object, case: bool = False) -> object:
    """A comparison; an array on the left is filtered instead of compared (about_Comparison_Operators)."""
    test = COMPARISONS[name]
    if isinstance(left, list):
        return [item for item in left if test(item, right, case)]
    return test(left, right, case)


def contains(collection: object, item: object, case: bool = False) -> bool:
    """`-contains`: some element equals the item."""
    return any(equal(element, item, case) for element in elements(plain(collection)))


def join(value: object, separator: str) -> str:
    """`-join`."""
    return separator.join(to_text(item) for item in elements(plain(value)))
