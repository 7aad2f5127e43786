"""Access rules on objects of a directory: what they say, who gets which by default, and how they are passed on to what is below.

GUIDs and bit masks are those of the Active Directory schema and of System.DirectoryServices; how a rule is passed on is
that of MS-DTYP (inheritance of access control entries) as System.DirectoryServices names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"  # noqa: S105 - the name of a right
UNEXPIRE_PASSWORD = "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501"  # noqa: S105 - the name of a right
LOCKOUT_TIME = "28630ebf-41d5-11d1-a9c1-0000f80367c1"
PWD_LAST_SET = "bf967a0a-0de6-11d0-a285-00aa003049e2"  # noqa: S105 - the name of an attribute
# A property set: pwdLastSet and userAccountControl are in it.
USER_ACCOUNT_RESTRICTIONS = "4c164200-20c0-11d0-a768-00aa006e0529"
USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
INET_ORG_PERSON = "4828cc14-1437-45bc-9b07-ad6f015e5f28"
CONTAINER = "bf967a8b-0de6-11d0-a285-00aa003049e2"
ANY = "00000000-0000-0000-0000-000000000000"
CLASSES = {"user": USER, "inetOrgPerson": INET_ORG_PERSON}

WRITE_PROPERTY = 0x20
EXTENDED_RIGHT = 0x100
GENERIC_ALL = 0xF01FF

EVERYONE = "S-1-1-0"
AUTHENTICATED_USERS = "S-1-5-11"


@dataclass(frozen=True)
class AccessRule:
    """An access rule on an object, by the names System.DirectoryServices uses."""

    sid: str
    rights: int
    object_type: str = ANY
    inheritance: str = "Descendents"
    inherited_object_type: str = USER
    access: str = "Allow"
    is_inherited: bool = False


def default_rules(domain_sid: str) -> tuple[AccessRule, ...]:
    """Return the part of a domain root's default descriptor that must not be taken for the connector account's.

    Unexpire Password for Authenticated Users is there by default, on the root itself.
    """
    return (
        AccessRule(AUTHENTICATED_USERS, EXTENDED_RIGHT, UNEXPIRE_PASSWORD, "None", ANY),
        AccessRule(f"{domain_sid}-519", GENERIC_ALL, ANY, "All", ANY),
    )


def writeback_rules(sid: str, *, unexpire: bool = True) -> tuple[AccessRule, ...]:
    """Return what Set-ADSyncPasswordWritebackPermissions grants; builds before 2.1.15.0 leave Unexpire Password out."""
    on_users = (
        AccessRule(sid, EXTENDED_RIGHT, RESET_PASSWORD),
        AccessRule(sid, WRITE_PROPERTY, LOCKOUT_TIME),
        AccessRule(sid, WRITE_PROPERTY, PWD_LAST_SET),
    )
    return (*on_users, AccessRule(sid, EXTENDED_RIGHT, UNEXPIRE_PASSWORD, "All", ANY)) if unexpire else on_users


def passed_on(rules: Iterable[AccessRule], class_guid: str) -> tuple[AccessRule, ...]:
    """Return what an object of a class inherits from its parent, whose rules these are, in their order.

    A rule for another class does not apply to the object, but goes on to what is below it.
    """
    return tuple(
        replace(rule, inheritance=kind, is_inherited=True) for rule in rules if (kind := _kept(rule, class_guid))
    )


def _kept(rule: AccessRule, class_guid: str) -> str:
    applies = rule.inherited_object_type in (ANY, class_guid)
    if rule.inheritance in ("All", "Descendents"):
        return "All" if applies else "Descendents"
    return "None" if applies and rule.inheritance != "None" else ""
