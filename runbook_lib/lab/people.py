"""The people of the lab: the same in every tenant, some of whom no administrator should pick for a pilot.

Of those in scope, the first by name are in order; each further one has one trouble, so that it can be asked for by name.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from runbook_lib.lab.directory import User

_SET = datetime(2025, 9, 8, 7, 30, tzinfo=UTC)


def plain(name: str, domain_sid: str, number: int, suffix: str, parent: str) -> User:
    """Return a user without any trouble, who signs in by first name. `number` ends the SID."""
    first = name.partition(" ")[0].lower()
    return User(name, first, f"{domain_sid}-{number}", parent, f"{first}@{suffix}", _SET)


def people(domain_sid: str, suffix: str, staff: str, apart: str) -> list[User]:
    """Return the users of a domain. Most are in the container `staff`; one is in `apart`, and administrators are where they began."""
    named = {
        name: plain(name, domain_sid, 1701 + number, suffix, staff)
        for number, name in enumerate(
            (
                *("Adele Vance", "Alex Wilber", "Diego Siciliani", "Lidia Holloway", "Lynne Robbins"),
                *("Megan Bowen", "Nestor Wilke", "Patti Fernandez", "Pradeep Gupta"),
            )
        )
    }
    troubles: dict[str, dict[str, object]] = {
        "Diego Siciliani": {"parent": apart},
        "Megan Bowen": {"object_class": "inetOrgPerson"},
        "Nestor Wilke": {"is_enabled": False},
        "Patti Fernandez": {"is_locked_out": True},
        "Pradeep Gupta": {"admin_count": 1, "is_protected": True},
    }
    return [replace(user, **troubles.get(name, {})) for name, user in named.items()]  # type: ignore[arg-type]
