"""What was read at one time. Steps look through it, so all of a plan rests on one look, taken in few exchanges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import TypeVar

from runbook_lib.errors import CannotConnect, TargetError
from runbook_lib.model import as_json
from runbook_lib.ports import Answer, Journal, Reading, Target

T = TypeVar("T")
Key = tuple[str, str]


class Snapshot:
    """Readings of a runbook, each taken at most once, those of one group together. Implements `ports.View`."""

    def __init__(
        self,
        targets: Mapping[str, Target],
        readings: Iterable[Reading[object]],
        journal: Journal,
        baseline: Snapshot | None = None,
    ) -> None:
        """Create a view over nothing yet: the first look at a reading asks for its whole group."""
        self._targets = targets
        self._readings = {_key(reading): reading for reading in readings}
        self._journal = journal
        self._outcomes: dict[Key, object] = {}
        self._answers: dict[Key, Answer] = {}
        self._baseline = baseline
        self._is_frozen = False

    def remember(self, answers: Iterable[tuple[str, Answer]]) -> Snapshot:
        """Return this view with what targets, by name, answered at another time: nothing of it is asked again."""
        self._outcomes |= {(target, answer.name): answer for target, answer in answers}
        return self

    @property
    def answers(self) -> list[tuple[str, Answer]]:
        """Return what targets, by name, answered for this view, just as it came. Readings that failed are not in it."""
        return [(target, answer) for (target, _), answer in self._answers.items()]

    def frozen(self) -> Snapshot:
        """Return this view, closed: what it has not read by now it will not read later, after things were changed."""
        self._is_frozen = True
        return self

    def without_baseline(self) -> Snapshot:
        """Return this view with nothing to compare with, as before anything was changed. Both hold the same readings."""
        view = copy(self)
        view._baseline = None  # noqa: SLF001  # of its own class
        return view

    @property
    def baseline(self) -> Snapshot | None:
        """Return the view from before anything was changed, or None."""
        return self._baseline

    def see(self, reading: Reading[T]) -> T:
        """Return the typed reading. Raises `TargetError` when it could not be had, each time the same."""
        key = _key(reading)
        if key not in self._outcomes:
            self._ask(reading)
        outcome = self._outcomes[key]
        if isinstance(outcome, Answer):
            outcome = self._outcomes[key] = _understood(reading, outcome)
        if isinstance(outcome, TargetError):
            raise outcome
        return outcome  # type: ignore[return-value]  # parsed by this very reading

    def _ask(self, reading: Reading[object]) -> None:
        group = {
            key: known
            for key, known in self._readings.items()
            if key not in self._outcomes and _together(known, reading)
        }
        if reading.about is None or _key(reading) not in group:
            group[_key(reading)] = reading  # with the arguments of this look, which may come from another reading
        asked = list(group.values())
        target = self._targets.get(reading.target)
        if target is None or self._is_frozen:
            key = "no-such-target" if target is None else "not-in-baseline"
            self._outcomes[_key(reading)] = CannotConnect(key, target=reading.target, reading=reading.name)
            return
        for known, outcome in zip(asked, target.read([known.request for known in asked]), strict=True):
            self._outcomes[_key(known)] = outcome
            if isinstance(outcome, Answer):
                self._answers[_key(known)] = outcome
            self._journal.record("read", target=known.target, reading=known.name, **_trace(outcome))


def _key(reading: Reading[T]) -> Key:
    return reading.target, reading.name


def _together(one: Reading[object], other: Reading[object]) -> bool:
    return (one.target, one.group) == (other.target, other.group)


def _understood(reading: Reading[T], answer: Answer) -> T | TargetError:
    try:
        return reading.parse(answer)
    except TargetError as error:
        return error


def _trace(outcome: Answer | TargetError) -> dict[str, object]:
    if isinstance(outcome, TargetError):
        return {"ok": False, "problem": as_json(outcome.message), "request_id": outcome.request_id}
    again = {"asked_again": as_json(outcome.asked_again)} if outcome.asked_again else {}
    return {"ok": True, "request_id": outcome.request_id, "at": outcome.at, **again}
