"""The access rules of the connector account itself, as lines of text: what is noted before and after a grant, and compared."""

from __future__ import annotations

from runbook_lib.facts.access import RIGHTS
from runbook_lib.facts.sync_server import AccessRule, DomainRights


def own_rules(domain: DomainRights) -> tuple[str, ...]:
    """Return the rules that name the connector account itself, one line of text each, sorted."""
    own = [rule for rule in domain.rules if rule.sid == domain.account_sid]
    return tuple(sorted({" ".join(str(value) for value in rule.model_dump().values()) for rule in own}))


def rule_of(text: str) -> AccessRule:
    """Return the rule that a line of `own_rules` is of. Raises `ValueError` for any other text."""
    sid, access, rights, object_type, inheritance, inherited_object_type = text.split(" ")
    return AccessRule(
        sid=sid,
        access=access,
        rights=int(rights),
        object_type=object_type,
        inheritance=inheritance,
        inherited_object_type=inherited_object_type,
    )


def right_of(rule: AccessRule) -> str:
    """Return the name of the needed right that a rule is about; the rule's own object type when it is about another."""
    names = (name for name, right in RIGHTS.items() if rule.object_type.lower() in right.objects)
    return next(names, rule.object_type)
