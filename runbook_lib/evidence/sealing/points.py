"""What verifying found: points, each proven, not proven or broken, in words that a record keeps and both languages say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.evidence.sealing.statement import Statement
from runbook_lib.texts import Argument, Message, message


class Weight(StrEnum):
    """What a point says of what it is about."""

    PROVEN = "proven"
    NOT_PROVEN = "not-proven"
    BROKEN = "broken"


@dataclass(frozen=True)
class Point:
    """One thing that was looked at, and how it came out."""

    weight: Weight
    message: Message


@dataclass(frozen=True)
class Verdict:
    """What was found of one bundle or roll-up. `name` is how it is called, `statement` what was signed, when it can be read.

    `members` are the verdicts on the bundles of a roll-up.
    """

    name: str
    points: tuple[Point, ...]
    statement: Statement | None = None
    members: tuple[Verdict, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Tell whether nothing is broken: what is not proven was not asked for, or nobody could tell."""
        return not self.of(Weight.BROKEN) and all(member.is_proven for member in self.members)

    def of(self, weight: Weight) -> tuple[Message, ...]:
        """Return what was found with one weight, in order."""
        return tuple(point.message for point in self.points if point.weight is weight)


def proven(key: str, **arguments: Argument) -> Point:
    """Return a point that is shown."""
    return Point(Weight.PROVEN, message(key, **arguments))


def not_proven(key: str, **arguments: Argument) -> Point:
    """Return a point that nothing here shows."""
    return Point(Weight.NOT_PROVEN, message(key, **arguments))


def broken(key: str, **arguments: Argument) -> Point:
    """Return a point that is shown to be otherwise than it should be."""
    return Point(Weight.BROKEN, message(key, **arguments))


def is_whole(points: Iterable[Point]) -> bool:
    """Tell whether none of these points is broken."""
    return not any(point.weight is Weight.BROKEN for point in points)
