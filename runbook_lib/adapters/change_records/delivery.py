"""How a file is delivered, whatever the place: look, upload if it is not there, look again, and compare what comes back.

No system has a key that makes an upload happen once, and each takes two files of one name. So the name is of one content, and the
listing decides: nothing is uploaded before a look, nothing a second time before another, and what counts is what was downloaded.
"""

from __future__ import annotations

import hashlib

from runbook_lib.errors import OutcomeUnknown
from runbook_lib.facts.change_records import CHANGE
from runbook_lib.ports import Clock, Parcel, Place, Receipt, Stored

# A lost upload may still be on its way, and a listing may lag: so many looks, after so many seconds each.
PAUSES = (0.0, 2.0, 5.0, 10.0)
MOST_UPLOADS = 2


def deliver(place: Place, parcel: Parcel, clock: Clock) -> Receipt:
    """Bring a file to a place, unless it is there, and return what is there then. Safe to call again, whatever happened before.

    Raises:
        OutcomeUnknown: it was sent, and is not to be seen. Calling again looks first.
        RecordRefused: there is no such record, or the place does not take the file.
        Throttled: the place wants us later than we may wait; the message says when.
        TargetError: the place cannot be reached, or not as who we are.
    """
    record = dict(place.record())
    found, others = _look(place, parcel)
    was_there, uploads, lost = found is not None, 0, None
    while found is None:
        if uploads == MOST_UPLOADS:
            raise lost or OutcomeUnknown("change-upload-not-seen", target=CHANGE, name=parcel.name)
        try:
            if not place.upload(
                parcel
            ):  # asked to come back later: waited, and nothing was stored; but time has passed
                found, others = _look(place, parcel)
                continue
            lost = None
        except OutcomeUnknown as unknown:
            lost = unknown
        uploads += 1
        found, others = _look_for_a_while(place, parcel, clock)
    facts = {
        "target": place.target,
        **record,
        "attachment_id": found.id,
        "name": parcel.name,
        "size": len(parcel.content),
        "sha256": parcel.sha256,
        "stored_at": found.at,
        "stored_by": found.by,
    }
    return Receipt(facts, was_there, uploads, others, place.annotate(parcel, found))


def _look_for_a_while(place: Place, parcel: Parcel, clock: Clock) -> tuple[Stored | None, tuple[str, ...]]:
    for pause in PAUSES:
        clock.sleep(pause)
        found, others = _look(place, parcel)
        if found:
            break
    return found, others


def _look(place: Place, parcel: Parcel) -> tuple[Stored | None, tuple[str, ...]]:
    """Return the first file that is ours by content, not by name, and the ids of the others of that name."""
    listed = place.find(parcel.name)
    found = next((each for each in listed if _is_ours(place, parcel, each)), None)
    return found, tuple(each.id for each in listed if each is not found)


def _is_ours(place: Place, parcel: Parcel, stored: Stored) -> bool:
    if stored.size != len(parcel.content):
        return False
    return hashlib.sha256(place.fetch(stored)).hexdigest() == parcel.sha256
