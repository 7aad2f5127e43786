"""Users in the directory as the connector account meets them: the pilot, and a few others in scope of each domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from runbook_lib.facts.shape import Moment, Shape, reading
from runbook_lib.facts.sync_server import SYNC_SERVER, AccessRule
from runbook_lib.model import Json, Wanted

# Enough to meet most units of a small directory, and few enough to read in a moment.
SAMPLE = 5


class UserRule(AccessRule):
    """An access rule on a user, and whether it came from a container above.

    A rule whose `inheritance` is `Descendents` or `Children` does not reach the user itself: it only passes through, as one
    for another class does.
    """

    inherited: bool


class DirectoryUser(Shape):
    """A user object. `admin_count` is 1 when AdminSDHolder guards it, or once did; `inherits` is false when rules from above stop.

    `pwd_last_set_utc` is None when the password must be changed at the next logon (`pwdLastSet` is 0), as after an
    administrator's reset. `is_pilot` marks those asked for by name, in whatever container they lie. `rules` name the
    connector account, or a group it is in.
    """

    dn: str
    sam_account_name: str
    user_principal_name: str | None
    object_class: Literal["user", "inetOrgPerson"]
    enabled: bool
    locked_out: bool
    admin_count: int
    pwd_last_set_utc: Moment | None
    inherits: bool
    is_pilot: bool
    rules: list[UserRule]


class DomainUsers(Shape):
    """Users of one domain; `server` is the domain controller that was asked, the PDC emulator."""

    dn: str
    server: str
    account_name: str
    account_domain: str
    account_sid: str
    users: list[DirectoryUser]


class DirectoryUsers(Shape):
    """Users of every domain in scope."""

    domains: list[DomainUsers]

    @property
    def pilots(self) -> list[DirectoryUser]:
        """Return the users that were asked for by name: none when the directory has no such user."""
        return [user for domain in self.domains for user in domain.users if user.is_pilot]


def _whom(wanted: Wanted) -> Mapping[str, Json]:
    return {"users": [wanted.pilot_user] if wanted.pilot_user else []}


DIRECTORY_USERS = reading(
    "directory_users", SYNC_SERVER, DirectoryUsers, group="directory", about=_whom, users=[], sample=SAMPLE
)
