"""The Active Directory side of a tenant: domains, what lies in them, and who may do what to it."""

from __future__ import annotations

from runbook_lib.lab.directory.domain import Domain, is_below
from runbook_lib.lab.directory.forest import Directory
from runbook_lib.lab.directory.objects import DirectoryAccount, Group, Unit, User
from runbook_lib.lab.directory.passwords import PasswordPolicy
from runbook_lib.lab.directory.rules import (
    EXTENDED_RIGHT,
    LOCKOUT_TIME,
    PWD_LAST_SET,
    RESET_PASSWORD,
    UNEXPIRE_PASSWORD,
    WRITE_PROPERTY,
    AccessRule,
    writeback_rules,
)

__all__ = [
    "EXTENDED_RIGHT",
    "LOCKOUT_TIME",
    "PWD_LAST_SET",
    "RESET_PASSWORD",
    "UNEXPIRE_PASSWORD",
    "WRITE_PROPERTY",
    "AccessRule",
    "Directory",
    "DirectoryAccount",
    "Domain",
    "Group",
    "PasswordPolicy",
    "Unit",
    "User",
    "is_below",
    "writeback_rules",
]
