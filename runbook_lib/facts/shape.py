"""How an answer becomes a typed fact: strictly, by declared shape. A surprise is an error, never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from runbook_lib.canonical import digest
from runbook_lib.errors import UnexpectedReply
from runbook_lib.model import Json, Wanted
from runbook_lib.ports import Answer, Reading


class Shape(BaseModel):
    """An answer whose every field is ours: the scripts write it, so an unknown field is a surprise too."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ForeignShape(BaseModel):
    """An answer that somebody else defines: known fields are checked, further ones are left alone."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


def moment(text: str) -> datetime:
    """Return a time as .NET and Graph write it: ISO 8601 in UTC, up to seven decimals. Raises `ValueError`."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z", text):
        raise ValueError("not a time in UTC")
    # Python reads six decimals at most.
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6].ljust(6, '0')}+00:00")


def _is_moment(text: str) -> str:
    moment(text)
    return text


# A time that steps compute with: checked when it is read, so that no step trips over it.
Moment = Annotated[str, AfterValidator(_is_moment)]

M = TypeVar("M", bound=BaseModel)


def reading(
    name: str,
    target: str,
    shape: type[M],
    *,
    group: str = "",
    about: Callable[[Wanted], Mapping[str, Json]] | None = None,
    **arguments: object,
) -> Reading[M]:
    """Return the reading of that name, understood as that shape. For `group` and `about` see `Reading`."""

    def parse(answer: Answer) -> M:
        return understood(shape, answer.body, target=target, reading=name)

    return Reading(name, target, parse, arguments, group, about)


def understood(shape: type[M], body: Json, *, target: str, reading: str) -> M:
    """Return an answer as that shape. Raises `UnexpectedReply`, naming the first surprise."""
    try:
        fact = shape.model_validate(body)
        digest(fact.model_dump())  # what has no canonical form could neither be planned with nor recorded
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "(all)"
        raise UnexpectedReply(
            "unexpected-shape", target=target, reading=reading, where=where, problem=first["msg"]
        ) from error
    except ValueError as error:
        problem = "a text or number that JSON cannot carry"
        raise UnexpectedReply(
            "unexpected-shape", target=target, reading=reading, where="(all)", problem=problem
        ) from error
    return fact
