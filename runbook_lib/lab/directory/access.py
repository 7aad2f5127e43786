"""Who may do what to an object, decided as a domain controller decides it (MS-DTYP, access check; MS-ADTS, control access rights).

Written without looking at how the kit judges the same rules, so that each can prove the other wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from runbook_lib.lab.directory.rules import (
    ANY,
    EXTENDED_RIGHT,
    LOCKOUT_TIME,
    PWD_LAST_SET,
    RESET_PASSWORD,
    UNEXPIRE_PASSWORD,
    USER_ACCOUNT_RESTRICTIONS,
    WRITE_PROPERTY,
    AccessRule,
)

# A rule with one of these passes through the object without being about it.
_PASSING = ("Descendents", "Children")


@dataclass(frozen=True)
class Right:
    """Something that can be allowed or denied: a bit, and the GUIDs by which a rule may name it."""

    name: str
    bit: int
    names: frozenset[str]


RESET = Right("Reset Password", EXTENDED_RIGHT, frozenset({RESET_PASSWORD}))
WRITE_LOCKOUT_TIME = Right("Write lockoutTime", WRITE_PROPERTY, frozenset({LOCKOUT_TIME}))
WRITE_PWD_LAST_SET = Right("Write pwdLastSet", WRITE_PROPERTY, frozenset({PWD_LAST_SET, USER_ACCOUNT_RESTRICTIONS}))
UNEXPIRE = Right("Unexpire Password", EXTENDED_RIGHT, frozenset({UNEXPIRE_PASSWORD}))


def in_order(own: Iterable[AccessRule], inherited: Iterable[AccessRule]) -> tuple[AccessRule, ...]:
    """Return rules in canonical order: what denies before what allows, an object's own before what comes from above."""
    return (*sorted(own, key=lambda rule: rule.access != "Deny"), *inherited)


def is_allowed(rules: Iterable[AccessRule], sids: AbstractSet[str], right: Right) -> bool:
    """Tell whether rules in canonical order give a right to somebody with these SIDs: the first that is about it decides."""
    about = (rule for rule in rules if rule.sid in sids and rule.inheritance not in _PASSING and _names(rule, right))
    return next((rule.access == "Allow" for rule in about), False)


def _names(rule: AccessRule, right: Right) -> bool:
    return bool(rule.rights & right.bit) and (rule.object_type == ANY or rule.object_type in right.names)
