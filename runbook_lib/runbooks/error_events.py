"""Known error events of the server's log that nobody asked about, each kind once."""

from __future__ import annotations

from collections.abc import Collection

from runbook_lib.facts.shape import moment
from runbook_lib.facts.sync_server import Event, Events
from runbook_lib.model import Finding
from runbook_lib.runbooks.findings import note, warning
from runbook_lib.texts.advice import Advice, advice_for_event

LONGEST_TEXT = 200


def recent_errors(events: Events, *, told: Collection[int] = (), after_record: int = 0) -> tuple[Finding, ...]:
    """Return a finding for each kind of known error among the events: its newest, and how many there are.

    What users cause every day, or what a newer event shows to be over, is a note. `told` are ids that others tell of.
    """
    found: dict[str, list[Event]] = {}
    advice: dict[str, Advice] = {}
    for event in events.events:
        known = advice_for_event(event.id, event.message)
        if known and event.id not in told and event.record > after_record:
            found.setdefault(known.id, []).append(event)
            advice[known.id] = known
    since = min((event.at_utc for event in events.events), key=moment, default="")[:19]
    return tuple(_finding(advice[kind], several, events, since) for kind, several in found.items())


def _finding(advice: Advice, several: list[Event], events: Events, since: str) -> Finding:
    newest = several[-1]
    is_over = bool(events.of(*advice.ended_by, after_record=newest.record))
    say = note if advice.is_everyday or is_over else warning
    return say(
        "error-event",
        event=newest.id,
        name=advice.title,
        count=len(several),
        since=since,
        at=newest.at_utc[:19],
        text=short(newest),
    )


def short(event: Event) -> str:
    """Return the text of an event on one line, cut."""
    return " ".join(event.message.split())[:LONGEST_TEXT]
