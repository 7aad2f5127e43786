"""Which rights the AD DS connector account has on a domain, judged from the access rules on its root.

Follows how Windows decides: a matching deny outweighs a matching allow of the same level of inheritance, and the
rules read here all sit on one object. GUIDs are those of the Active Directory schema (Microsoft, extended rights
and attribute reference).
"""

from __future__ import annotations

from runbook_lib.facts.sync_server import AccessRule, DomainRights

ANY = "00000000-0000-0000-0000-000000000000"
USER_CLASS = "bf967aba-0de6-11d0-a285-00aa003049e2"

EXTENDED_RIGHT = 0x100
WRITE_PROPERTY = 0x20

# What the procedure asks for: the bit, the object it is about, and whether it is wanted on users below or on the root.
RIGHTS: dict[str, tuple[int, str, bool]] = {
    "Reset Password": (EXTENDED_RIGHT, "00299570-246d-11d0-a768-00aa006e0529", True),
    "Write lockoutTime": (WRITE_PROPERTY, "28630ebf-41d5-11d1-a9c1-0000f80367c1", True),
    "Write pwdLastSet": (WRITE_PROPERTY, "bf967a0a-0de6-11d0-a285-00aa003049e2", True),
    "Unexpire Password": (EXTENDED_RIGHT, "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501", False),
}


def missing_rights(domain: DomainRights) -> list[str]:
    """Return the names of the needed rights that the rules on this domain root do not give, in the documented order."""
    return [name for name in RIGHTS if not _granted(domain.rules, name)]


def _granted(rules: list[AccessRule], name: str) -> bool:
    matching = [rule for rule in rules if _matches(rule, *RIGHTS[name])]
    return bool(matching) and all(rule.access == "Allow" for rule in matching)


def _matches(rule: AccessRule, bit: int, object_type: str, on_users: bool) -> bool:
    named = rule.rights & bit and rule.object_type.lower() in (ANY, object_type)
    if not named:
        return False
    if on_users:
        reaches = rule.inheritance in ("All", "Descendents") or (rule.access != "Allow" and rule.inheritance != "None")
        return reaches and rule.inherited_object_type.lower() in (ANY, USER_CLASS)
    # "All" and "None" include the object itself; "Descendents" does not, but then users below still have the right.
    # A deny that reaches the children only is counted too: too strict is safe.
    reaches = rule.inheritance != "Children" or rule.access != "Allow"
    return reaches and rule.inherited_object_type.lower() in (ANY, USER_CLASS)
