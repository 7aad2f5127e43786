"""Messages about known events and of the look-up of advice."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "error-event": Entry(
        Text(
            en="Event {event} ({name}) in the server's log, {count} × since {since} UTC, last at {at} UTC: {text}",
            fr="Événement {event} ({name}) dans le journal du serveur, {count} × depuis {since} UTC, le dernier à {at} UTC : {text}",
        ),
    ),
    "advice-unknown-code": Entry(
        Text(
            en="There is no advice for {code}.",
            fr="Il n'y a pas de conseil pour {code}.",
        ),
        Text(
            en="Nearest known: {nearest}. See all with: runbook advice",
            fr="Les plus proches connus : {nearest}. Voir tout avec : runbook advice",
        ),
    ),
}
