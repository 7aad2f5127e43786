"""Which rights the AD DS connector account has: on a domain by the rules on its root, on one user by the rules on the user.

Follows how Active Directory decides: explicit rules come before inherited ones, in each part those that deny before those that
allow (MS-ADTS, ACE ordering rules), and the first one about a right decides. Where the rules leave a doubt, the right counts as
missing. Bits are those of MS-ADTS 5.1.3.2, GUIDs those of the schema and of the extended rights reference (Microsoft).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runbook_lib.facts.directory_users import DirectoryUser
from runbook_lib.facts.sync_server import AccessRule, DomainRights

ANY = "00000000-0000-0000-0000-000000000000"
# A rule for one class does not hold for the other, although inetOrgPerson is a kind of user.
CLASSES = {"user": "bf967aba-0de6-11d0-a285-00aa003049e2", "inetOrgPerson": "4828cc14-1437-45bc-9b07-ad6f015e5f28"}

# What Windows shows as GenericAll is 0xf01ff, which holds both rights. The generic bits themselves may still stand in a rule
# that is there only to be inherited.
GENERIC_ALL, GENERIC_WRITE = 0x1000_0000, 0x4000_0000
EXTENDED_RIGHT = 0x100 | GENERIC_ALL
WRITE_PROPERTY = 0x20 | GENERIC_WRITE | GENERIC_ALL

# The property set User-Account-Restrictions holds pwdLastSet (extended rights reference). lockoutTime is in no property set: it
# has no attributeSecurityGuid (MS-ADA1).
ACCOUNT_RESTRICTIONS = "4c164200-20c0-11d0-a768-00aa006e0529"


@dataclass(frozen=True)
class Right:
    """A right of the procedure: any of the bits gives it, on any of the objects. `on_users`: wanted on users, not on the root."""

    bits: int
    objects: frozenset[str]
    on_users: bool = True

    def is_told_by(self, rule: AccessRule) -> bool:
        """Return whether a rule is about this right, wherever it holds."""
        return bool(rule.rights & self.bits) and rule.object_type.lower() in {ANY, *self.objects}


RIGHTS = {
    "Reset Password": Right(EXTENDED_RIGHT, frozenset({"00299570-246d-11d0-a768-00aa006e0529"})),
    "Write lockoutTime": Right(WRITE_PROPERTY, frozenset({"28630ebf-41d5-11d1-a9c1-0000f80367c1"})),
    "Write pwdLastSet": Right(
        WRITE_PROPERTY, frozenset({"bf967a0a-0de6-11d0-a285-00aa003049e2", ACCOUNT_RESTRICTIONS})
    ),
    "Unexpire Password": Right(EXTENDED_RIGHT, frozenset({"ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501"}), on_users=False),
}


def missing_rights(domain: DomainRights, object_class: str = "user") -> list[str]:
    """Return the needed rights that the rules on this domain root do not give, in the documented order.

    Rights on users are those that users of this class below the root inherit, if nothing in between stops or overrules them.
    """
    return [name for name, right in RIGHTS.items() if not _given(domain.rules, right, CLASSES[object_class])]


def missing_on_user(user: DirectoryUser) -> list[str]:
    """Return the needed rights that the account does not have on this very user, in the documented order.

    Unexpire Password is not among them: the procedure wants it on the root of the domain.
    """
    return [name for name, right in RIGHTS.items() if right.on_users and not _held(user, right)]


def _given(rules: Iterable[AccessRule], right: Right, class_id: str) -> bool:
    # A root inherits nothing, and what users below inherit from it are rules of one level: a deny wins.
    reaches = _reaches_users if right.on_users else _reaches_root
    return _all_allow(rule for rule in rules if right.is_told_by(rule) and reaches(rule, class_id))


def _held(user: DirectoryUser, right: Right) -> bool:
    telling = [rule for rule in user.rules if right.is_told_by(rule) and _holds_here(rule, CLASSES[user.object_class])]
    explicit = [rule for rule in telling if not rule.inherited]
    return _all_allow(explicit or telling)


def _all_allow(rules: Iterable[AccessRule]) -> bool:
    said = [rule.access for rule in rules]
    return bool(said) and all(access == "Allow" for access in said)


def _holds_here(rule: AccessRule, class_id: str) -> bool:
    """Return whether a rule holds on the object it stands on, and does not only pass through to those below.

    Then it holds whatever class it is for (Microsoft, *Setting Rights to Specific Types of Objects*). A deny is taken at its
    word; an allow counts only if it means this class.
    """
    holds = rule.inheritance in ("None", "All", "SelfAndChildren")
    return holds and (rule.access != "Allow" or _is_for(rule, class_id))


def _reaches_users(rule: AccessRule, class_id: str) -> bool:
    """Users may lie anywhere below, so an allow must go all the way. A deny that reaches some of them is one too many."""
    below = ("All", "Descendents") if rule.access == "Allow" else ("All", "Descendents", "SelfAndChildren", "Children")
    return rule.inheritance in below and _is_for(rule, class_id)


def _reaches_root(rule: AccessRule, class_id: str) -> bool:
    """Given to users below only, the right is as good as given on the root."""
    return _holds_here(rule, class_id) or (rule.inheritance == "Descendents" and _is_for(rule, class_id))


def _is_for(rule: AccessRule, class_id: str) -> bool:
    return rule.inherited_object_type.lower() in (ANY, class_id)
