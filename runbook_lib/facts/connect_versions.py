"""Until when Microsoft supports each version of Connect: a dated table, kept by hand. `AS_OF` says how far it can be trusted.

Microsoft ends support of a version about twelve months after its successor (version history and prerequisites pages). The days
are those of a public script that carries Microsoft's table; 2.6.84.0, of 2026-07-07, was the current version when it was noted.
"""

from __future__ import annotations

from datetime import date, timedelta

SOURCE = "Microsoft, Connect version history, as carried by a public script"
AS_OF = date(2026, 7, 7)

# A new version comes every few months; a table older than this has probably missed one.
TRUSTED_FOR = timedelta(days=180)

# The last supported day, oldest version first; None while no end is announced.
SUPPORT_ENDS: dict[tuple[int, ...], date | None] = {
    (2, 4, 129, 0): date(2026, 3, 27),
    (2, 4, 131, 0): date(2026, 5, 26),
    (2, 5, 3, 0): date(2026, 7, 31),
    (2, 5, 76, 0): date(2026, 9, 1),
    (2, 5, 79, 0): date(2026, 10, 23),
    (2, 5, 190, 0): date(2027, 2, 2),
    (2, 6, 1, 0): date(2027, 3, 10),
    (2, 6, 3, 0): date(2027, 7, 7),
    (2, 6, 84, 0): None,
}

# Withdrawn by Microsoft after it was published.
RECALLED = frozenset({(2, 6, 79, 0)})
