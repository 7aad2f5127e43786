"""Whom we believe: a JSON file of names, their public keys, from when until when, and for what. Read strictly.

    {
      "roster": 1,
      "four_eyes": true,
      "keys": [
        {
          "name": "Ana Lima",
          "roles": ["approver", "attester"],
          "public_key": "MCowBQYDK2VwAyEA…",
          "valid_from": "2026-12-01",
          "valid_until": "2027-12-01",
          "account": "alima"
        }
      ]
    }

Two keys of one name are one person's. A date is that day's start in UTC; a time with its offset may stand in its place.
`account` is the operating system's account in which the person works; with `four_eyes` every approver has one, and who runs
a plan cannot be the only one to approve it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from securesystemslib.signer import SSlibKey

from runbook_lib.errors import ParameterError
from runbook_lib.evidence.files import reason
from runbook_lib.evidence.signing.keys import key_from, public_text
from runbook_lib.model import ROLES, Json
from runbook_lib.texts import Language, Message, fix_of, message, render

_VERSION = 1
_TOP = ("roster", "four_eyes", "keys")
_NEEDED = ("name", "roles", "public_key", "valid_from", "valid_until")
_OPTIONAL = ("account",)
_MOST_BYTES = 256 * 1024
_LONGEST_NAME = 100

# How long an entry that the kit writes is good for: keepers of a roster look at it once a year.
_LIFE = timedelta(days=365)


class InvalidRosterError(ParameterError):
    """The roster has these problems, in the order of the file."""

    def __init__(self, file: str, problems: Sequence[Message]) -> None:
        """Create the error; there must be at least one problem."""
        self.problems = tuple(problems)
        super().__init__("roster-refused", file=file, count=len(self.problems))

    def say(self, language: Language) -> str:
        """Return what is wrong, then one line a problem with what to do."""
        lines = [f"{render(each, language)} {fix_of(each, language)}" for each in self.problems]
        return "\n".join([render(self.message, language), *lines])


@dataclass(frozen=True)
class RosterKey:
    """A key whose owner we know. It is good from `valid_from` to just before `valid_until` (both UTC)."""

    key: SSlibKey
    name: str
    roles: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    account: str = ""

    @property
    def key_id(self) -> str:
        """Return the name of the key: the SHA-256 of its DER form, in hexadecimal."""
        return self.key.keyid


@dataclass(frozen=True)
class Roster:
    """The keys that we believe. `sha256` is that of the file, `content` what was read."""

    keys: Mapping[str, RosterKey] = field(default_factory=dict)
    four_eyes: bool = False
    content: bytes = b""

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the file, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def key(self, key_id: str) -> RosterKey | None:
        """Return a key by its name, or None when the roster does not hold it."""
        return self.keys.get(key_id)

    def people(self, role: str) -> frozenset[str]:
        """Return the names of those who have a role."""
        return frozenset(each.name for each in self.keys.values() if role in each.roles)


def new_entry(key: SSlibKey, name: str, roles: Sequence[str], now: datetime, account: str = "") -> Json:
    """Return the entry of a key for its owner to give to whoever keeps the roster: good for a year from today."""
    first = now.astimezone(UTC).date()
    entry = {
        "name": name,
        "roles": list(roles),
        "public_key": public_text(key),
        "valid_from": first.isoformat(),
        "valid_until": (first + _LIFE).isoformat(),
    }
    return {**entry, "account": account} if account else entry


def read_roster(path: Path) -> Roster:
    """Read a roster. Raises `ParameterError` when it cannot be read, `InvalidRosterError` with every problem when it is wrong."""
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ParameterError("roster-unreadable", file=str(path), detail=reason(error)) from error
    return roster_from(content, str(path))


def roster_from(content: bytes, file: str) -> Roster:
    """Return the roster that a file's content is; `file` is its name in what is said. Raises as `read_roster`."""
    if len(content) > _MOST_BYTES:
        raise ParameterError("roster-too-large", file=file, most=_MOST_BYTES // 1024)
    try:
        data = json.loads(content, object_pairs_hook=_once)
    except _TwiceError as error:
        raise InvalidRosterError(file, [message("roster-key-twice", place=file, name=str(error))]) from None
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise ParameterError("roster-not-json", file=file, line=line) from error
    reading = _Reading()
    keys = reading.keys_of(data)
    if reading.problems:
        raise InvalidRosterError(file, reading.problems)
    return Roster({each.key_id: each for each in keys}, bool(data.get("four_eyes", False)), content)


class _TwiceError(Exception):
    """One name stands twice in one object, so that two readers could read two things."""


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(next(name for name in names if names.count(name) > 1)[:40])
    return found


class _Reading:
    """Reads the data of a roster and notes every problem with its place, such as `keys[2].valid_until`."""

    def __init__(self) -> None:
        self.problems: list[Message] = []

    def keys_of(self, data: Json) -> list[RosterKey]:
        if not isinstance(data, dict) or data.get("roster") != _VERSION or isinstance(data.get("roster"), bool):
            self._note("roster-not-ours", "roster", known=_VERSION)
            return []
        self._unknown(data, _TOP, "")
        four_eyes = data.get("four_eyes", False)
        if not isinstance(four_eyes, bool):
            self._note("roster-not-yes-or-no", "four_eyes")
        entries = data.get("keys")
        if not isinstance(entries, list) or not entries:
            self._note("roster-no-keys", "keys")
            return []
        found = [self._entry(entry, f"keys[{number}]") for number, entry in enumerate(entries, 1)]
        keys = [each for each in found if each]
        self._together(keys, four_eyes=four_eyes is True)
        return keys

    def _entry(self, entry: Json, place: str) -> RosterKey | None:
        before = len(self.problems)
        if not isinstance(entry, dict):
            self._note("roster-not-an-entry", place)
            return None
        self._unknown(entry, (*_NEEDED, *_OPTIONAL), place)
        for name in _NEEDED:
            if name not in entry:
                self._note("roster-missing", f"{place}.{name}")
        if len(self.problems) > before:
            return None
        name, account = self._text(entry["name"], f"{place}.name"), ""
        if "account" in entry:
            account = self._text(entry["account"], f"{place}.account")
        roles = self._roles(entry["roles"], f"{place}.roles")
        key = self._key(entry["public_key"], f"{place}.public_key")
        first, last = (self._time(entry[each], f"{place}.{each}") for each in ("valid_from", "valid_until"))
        if first and last and first >= last:
            self._note("roster-ends-before-it-begins", f"{place}.valid_until")
        if len(self.problems) > before or not (key and first and last):
            return None
        return RosterKey(key, name, roles, first, last, account)

    def _together(self, keys: Sequence[RosterKey], *, four_eyes: bool) -> None:
        seen: dict[str, str] = {}
        for each in keys:
            if each.key_id in seen:
                self._note("roster-same-key", "keys", first=seen[each.key_id], second=each.name)
            seen[each.key_id] = each.name
            if four_eyes and "approver" in each.roles and not each.account:
                self._note("roster-no-account", "keys", name=each.name)

    def _unknown(self, data: Mapping[str, Json], known: tuple[str, ...], place: str) -> None:
        for name in data:
            if name not in known:
                self._note("roster-unknown", f"{place}.{name[:40]}".lstrip("."), known=known)

    def _text(self, value: Json, place: str) -> str:
        if isinstance(value, str) and value.strip() and len(value) <= _LONGEST_NAME and value.isprintable():
            return value.strip()
        self._note("roster-not-a-name", place, most=_LONGEST_NAME)
        return ""

    def _roles(self, value: Json, place: str) -> tuple[str, ...]:
        if isinstance(value, list) and value and all(role in ROLES for role in _texts(value)):
            return tuple(value)
        self._note("roster-not-roles", place, known=ROLES)
        return ()

    def _key(self, value: Json, place: str) -> SSlibKey | None:
        try:
            return key_from(value)
        except (ValueError, TypeError):
            self._note("roster-not-a-key", place)
            return None

    def _time(self, value: Json, place: str) -> datetime | None:
        try:
            read = datetime.fromisoformat(value)
            is_day = len(value) == len("2026-12-01")
            if is_day or read.tzinfo is not None:
                return (read.replace(tzinfo=UTC) if is_day else read).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            pass
        self._note("roster-not-a-time", place)
        return None

    def _note(self, key: str, place: str, **arguments: str | int | tuple[str, ...]) -> None:
        self.problems.append(message(key, place=place, **arguments))


def _texts(values: Sequence[Json]) -> Iterator[str]:
    yield from (value if isinstance(value, str) else "" for value in values)
