"""Advice: known events and errors, their cause, what to do, and the runbook to open next. One table, as data.

Messages say what is the case and what to do; advice adds why. A message that names an event gets the advice of that event.
"""

from __future__ import annotations

from collections.abc import Callable

from runbook_lib.texts.advice import (
    cloud,
    directory_events,
    findings,
    pilot,
    preflight,
    server,
    server_sign_in,
    service_events,
)
from runbook_lib.texts.advice.entry import Advice
from runbook_lib.texts.text import Message

PARTS: dict[str, tuple[Advice, ...]] = {
    "service-events": service_events.ENTRIES,
    "directory-events": directory_events.ENTRIES,
    "server": (*server_sign_in.ENTRIES, *server.ENTRIES),
    "cloud": cloud.ENTRIES,
    "findings": (*findings.ENTRIES, *preflight.ENTRIES, *pilot.ENTRIES),
}

ADVICE: dict[str, Advice] = {entry.id: entry for part in PARTS.values() for entry in part}

if len(ADVICE) != sum(map(len, PARTS.values())):
    raise ValueError("an id of advice is used twice")


def advice_for_event(event: int, text: str = "") -> Advice | None:
    """Return the advice for an event of the Application log; what its text says decides between variants."""
    return _fitting(text, lambda entry: event in entry.events)


def advice_of(said: Message) -> Advice | None:
    """Return the advice for a message: of the event that it names, else of the message itself; None when there is none."""
    return of_named_event(said) or _fitting(_words(said), lambda entry: said.key in entry.messages)


def of_named_event(said: Message) -> Advice | None:
    """Return the advice for the event that a message names; None when it names none that is known."""
    event = said.arguments.get("event")
    return advice_for_event(event, _words(said)) if isinstance(event, int) else None


def _fitting(text: str, is_about: Callable[[Advice], bool]) -> Advice | None:
    """Return the first entry that is about it: one with a marker that the text holds, else one that needs none."""
    told = text.lower()
    marked = [entry for entry in ADVICE.values() if entry.markers and _holds(told, entry)]
    named = [entry for entry in marked if is_about(entry)]
    plain = [entry for entry in ADVICE.values() if not entry.markers and is_about(entry)]
    alone = [entry for entry in marked if not entry.events and not entry.messages]
    return next(iter((*named, *alone, *plain)), None)


def _holds(told: str, entry: Advice) -> bool:
    return any(marker in told for marker in entry.markers)


def _words(said: Message) -> str:
    return " ".join(str(value) for value in said.arguments.values())


__all__ = ["ADVICE", "PARTS", "Advice", "advice_for_event", "advice_of", "of_named_event"]
