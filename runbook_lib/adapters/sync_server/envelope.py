"""What goes to the bootstrap script on standard input and what comes back, judged strictly: nothing is guessed or skipped."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from runbook_lib.model import Json

_PROBLEM_FIELDS = ("message", "type", "id", "category")


@dataclass(frozen=True)
class Item:
    """One script to run: the name it answers under, its text, and its arguments as JSON data."""

    name: str
    script: str
    arguments: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Value:
    """A script's answer."""

    value: Json


@dataclass(frozen=True)
class Problem:
    """A script's error. Only `message` is translated by the server; `id` is the FullyQualifiedErrorId, `type` the .NET type."""

    message: str
    type: str
    id: str
    category: str


class ReplyNotUnderstood(Exception):
    """The reply is not exactly what the bootstrap writes. Carries what is wrong with it, and the part of it to show."""

    def __init__(self, problem: str, part: str | bytes) -> None:
        super().__init__(problem)
        self.problem = problem
        self.part = part


@dataclass(frozen=True)
class Batch:
    """The scripts of one process. The sentinel is random, so that no script can write a line that passes for an answer."""

    items: Sequence[Item]
    sentinel: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def stdin(self) -> bytes:
        """Return the request: one line of base64, so that no code page can change it."""
        items = [{"name": item.name, "script": item.script, "arguments": dict(item.arguments)} for item in self.items]
        request = json.dumps({"sentinel": self.sentinel, "items": items}, ensure_ascii=True, allow_nan=False)
        return base64.b64encode(request.encode("ascii")) + b"\r\n"

    def read(self, stdout: bytes) -> list[Value | Problem]:
        """Return the answers in the order of the items.

        Raises `ReplyNotUnderstood` unless standard output holds one whole line for each item, in order, and nothing else.
        """
        lines = list(_lines(stdout))
        for line in lines:
            if not line.startswith(self.sentinel + " "):
                raise ReplyNotUnderstood("text that is not an answer", line)
        if len(lines) != len(self.items):
            raise ReplyNotUnderstood(f"{len(lines)}/{len(self.items)} answers", stdout)
        return [_answer(line, item.name) for line, item in zip(lines, self.items, strict=True)]


def _lines(stdout: bytes) -> Iterator[str]:
    """Yield the lines. The last must be ended: a cut answer may otherwise look whole."""
    try:
        text = stdout.decode("ascii")
    except UnicodeDecodeError as error:
        raise ReplyNotUnderstood("characters outside ASCII", stdout) from error
    *lines, rest = text.replace("\r\n", "\n").split("\n")
    if rest:
        raise ReplyNotUnderstood("the last line is cut", rest)
    while lines and not lines[-1]:
        lines.pop()
    yield from lines


def _answer(line: str, name: str) -> Value | Problem:
    _, _, encoded = line.partition(" ")
    try:
        text = base64.b64decode(encoded, validate=True).decode("utf-8")
        answer = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise ReplyNotUnderstood("an answer that cannot be decoded", line) from error
    if not isinstance(answer, dict) or answer.get("name") != name:
        raise ReplyNotUnderstood(f"no answer of {name} in its place", text)
    if answer.keys() == {"name", "ok", "value"} and answer["ok"] is True:
        return Value(answer["value"])
    if answer.keys() == {"name", "ok", "problem"} and answer["ok"] is False:
        return _problem(answer["problem"], text)
    raise ReplyNotUnderstood("an answer that is neither a value nor a problem", text)


def _problem(problem: Json, text: str) -> Problem:
    is_whole = isinstance(problem, dict) and problem.keys() == set(_PROBLEM_FIELDS)
    if not is_whole or not all(isinstance(value, str) for value in problem.values()):
        raise ReplyNotUnderstood("a problem without its four fields", text)
    return Problem(**problem)


def _without_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Refuse an object that names a member twice: readers differ in which one they believe (RFC 8259 4)."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
