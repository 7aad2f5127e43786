"""What lies in a directory: accounts, users and organizational units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from runbook_lib.lab.directory.rules import AUTHENTICATED_USERS, EVERYONE, AccessRule


@dataclass(frozen=True)
class Group:
    """A group, and the SIDs of the groups it is in itself."""

    name: str
    sid: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class DirectoryAccount:
    """An account and the groups in its token."""

    name: str
    sid: str
    groups: tuple[str, ...] = ()

    @property
    def sids(self) -> frozenset[str]:
        """Every SID that a rule for this account may name."""
        return frozenset({self.sid, *self.groups, EVERYONE, AUTHENTICATED_USERS})


@dataclass(frozen=True)
class Unit:
    """An organizational unit; `is_protected` when it does not inherit access rules."""

    dn: str
    is_protected: bool = False
    rules: tuple[AccessRule, ...] = ()


@dataclass(frozen=True)
class User:
    """A user. `parent` is the distinguished name of the container it lies in; `rules` are those set on it alone.

    `pwd_last_set` is None when the user must change the password at the next logon (UTC otherwise). `is_protected`: it
    does not inherit access rules, as AdminSDHolder makes it for members of protected groups. `passwords` are what is kept of
    the current password and of earlier ones, newest first.
    """

    name: str
    sam_account_name: str
    sid: str
    parent: str
    upn: str | None
    pwd_last_set: datetime | None
    object_class: str = "user"
    is_enabled: bool = True
    is_locked_out: bool = False
    admin_count: int = 0
    is_protected: bool = False
    rules: tuple[AccessRule, ...] = ()
    wrong_passwords: int = 0
    passwords: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def dn(self) -> str:
        """The distinguished name."""
        return f"CN={self.name},{self.parent}"
