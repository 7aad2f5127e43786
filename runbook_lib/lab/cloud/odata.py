"""The query options of Graph that the lab understands. What is not modelled is refused, not ignored.

`$filter` knows `eq`, `ge` and `le` joined by `and`, as the audit log's documentation lists them (graph-docs,
directoryaudit-list).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

Body = dict[str, Any]

LARGEST_PAGE = 999

_CLAUSE = re.compile(r"\s*(?P<name>\w+)\s+(?P<operator>\w+)\s+(?P<value>'(?:[^']|'')*'|[^\s']+)\s*(?P<more>and\s|$)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: bool(left == right),
    "ge": lambda left, right: bool(left >= right),
    "le": lambda left, right: bool(left <= right),
}


class BadQuery(ValueError):
    """A query option that Graph would refuse, or that the lab does not model."""


def select(bodies: Sequence[Body], wanted: str | None, type_name: str) -> list[Body]:
    """Keep the properties that `$select` names. Raises `BadQuery` for one the type does not have here."""
    if wanted is None:
        return list(bodies)
    names = [name.strip() for name in wanted.split(",")]
    for body in bodies:
        if unknown := [name for name in names if name not in body]:
            raise BadQuery(f"Could not find a property named '{unknown[0]}' on type 'microsoft.graph.{type_name}'.")
    return [{name: body[name] for name in names} for body in bodies]


def filtered(bodies: Sequence[Body], expression: str | None) -> list[Body]:
    """Keep what `$filter` lets through. Raises `BadQuery` for an expression that is not modelled."""
    if expression is None:
        return list(bodies)
    kept, rest = list(bodies), expression
    while True:
        clause = _CLAUSE.match(rest)
        if clause is None:
            raise BadQuery("Invalid filter clause")
        name, operator = clause["name"], clause["operator"]
        kept = [body for body in kept if _holds(body, name, operator, clause["value"])]
        rest = rest[clause.end() :]
        if not clause["more"]:
            return kept


def _holds(body: Body, name: str, operator: str, literal: str) -> bool:
    if name not in body or operator not in _COMPARE:
        raise BadQuery(f"Invalid filter clause: {name} {operator}")
    is_time, is_text = name.endswith("DateTime"), literal.startswith("'")
    # A time stands bare in OData, a text in quotation marks; Graph refuses the other way round.
    if is_time == is_text or (is_text and operator != "eq"):
        raise BadQuery(f"A binary operator with incompatible types was detected: {name} {operator}")
    if is_time:
        return _COMPARE[operator](_time(body[name]), _time(literal))
    return _COMPARE[operator](body[name], literal[1:-1].replace("''", "'"))


def _time(literal: str) -> datetime:
    try:
        when = datetime.fromisoformat(literal)
    except ValueError as error:
        raise BadQuery(f"Unrecognized 'Edm.DateTimeOffset' literal '{literal}'") from error
    if when.tzinfo is None:
        raise BadQuery(f"Unrecognized 'Edm.DateTimeOffset' literal '{literal}'")
    return when


def ordered(bodies: Sequence[Body], expression: str | None) -> list[Body]:
    """Put in the order of `$orderby`: by one property, `asc` or `desc`. Raises `BadQuery`."""
    if expression is None:
        return list(bodies)
    name, _, direction = expression.partition(" ")
    if direction not in ("", "asc", "desc") or any(name not in body for body in bodies):
        raise BadQuery("Invalid $orderby clause")
    return sorted(bodies, key=lambda body: str(body[name]), reverse=direction == "desc")


def page(bodies: Sequence[Body], query: Mapping[str, str], usual: int) -> tuple[list[Body], str | None]:
    """Return one page and the `$skiptoken` of the next, None at the end. Raises `BadQuery`."""
    size, start = _size(query.get("$top"), usual), _start(query.get("$skiptoken"))
    end = start + size
    return list(bodies[start:end]), _token(end) if end < len(bodies) else None


def next_link(url: str, query: Mapping[str, str], token: str) -> str:
    """Return the address of the next page: the same query with another `$skiptoken`."""
    return f"{url}?{urlencode({**query, '$skiptoken': token}, safe='$', quote_via=quote)}"


def _size(top: str | None, usual: int) -> int:
    if top is None:
        return usual
    if not top.isascii() or not top.isdigit() or not 1 <= int(top) <= LARGEST_PAGE:
        raise BadQuery(f"Invalid page size specified: '{top}'. Must be between 1 and {LARGEST_PAGE} inclusive.")
    return int(top)


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"lab:{offset}".encode()).rstrip(b"=").decode()


def _start(token: str | None) -> int:
    if token is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not re.fullmatch(r"lab:[0-9]{1,9}", text):
        raise BadQuery("Skip token is not valid.")
    return int(text.removeprefix("lab:"))
