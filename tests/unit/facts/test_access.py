"""Which rights the rules on a domain root give: never more than was granted, and nothing that is denied."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.facts.access import ANY, RIGHTS, USER_CLASS, missing_rights
from runbook_lib.facts.sync_server import AccessRule, DomainRights

RESET, LOCKOUT, LAST_SET, UNEXPIRE = (object_type for _, object_type, _ in RIGHTS.values())
CHANGE_PASSWORD = "ab721a53-1e2f-11d0-9819-00aa0040529b"
COMPUTER_CLASS = "bf967a86-0de6-11d0-a285-00aa003049e2"
GENERIC_ALL, EXTENDED, WRITE, READ = 0xF01FF, 0x100, 0x20, 0x10
INHERITANCE = ("None", "All", "Descendents", "SelfAndChildren", "Children")

RULES = st.builds(
    AccessRule,
    sid=st.just("S-1-5-21-1-2-3-1604"),
    access=st.sampled_from(["Allow", "Deny"]),
    rights=st.sampled_from([GENERIC_ALL, EXTENDED, WRITE, READ, EXTENDED | WRITE, 0]),
    object_type=st.sampled_from([ANY, RESET, LOCKOUT, LAST_SET, UNEXPIRE, CHANGE_PASSWORD, RESET.upper()]),
    inheritance=st.sampled_from(INHERITANCE),
    inherited_object_type=st.sampled_from([ANY, USER_CLASS, COMPUTER_CLASS, USER_CLASS.upper()]),
)


def rule(rights: int, object_type: str, inheritance: str = "Descendents", on: str = USER_CLASS, access: str = "Allow"):
    return AccessRule(
        sid="S-1-5-21-1-2-3-1604",
        access=access,
        rights=rights,
        object_type=object_type,
        inheritance=inheritance,
        inherited_object_type=on,
    )


GRANTED = [
    rule(EXTENDED, RESET),
    rule(WRITE, LOCKOUT),
    rule(WRITE, LAST_SET),
    rule(EXTENDED, UNEXPIRE, "All", ANY),
]


def missing(rules: list[AccessRule]) -> list[str]:
    domain = DomainRights(
        dn="DC=a", account_name="x", account_domain="a", account_sid="S-1-5-21-1-2-3-1604", rules=rules
    )
    return missing_rights(domain)


def concerns(one: AccessRule, name: str) -> bool:
    """A rule is about a right: the right kind of access, to the right thing."""
    bit, object_type, _ = RIGHTS[name]
    return bool(one.rights & bit) and one.object_type.lower() in (ANY, object_type)


def grants(one: AccessRule, name: str) -> bool:
    """The model: which single rules give a right, written as a list of all cases."""
    on_root = RIGHTS[name][2] is False
    reached = {"All", "Descendents"} | ({"None", "SelfAndChildren"} if on_root else set())
    given = {("Allow", inheritance, on) for inheritance, on in product(reached, (ANY, USER_CLASS))}
    return concerns(one, name) and (one.access, one.inheritance, one.inherited_object_type.lower()) in given


def denies(one: AccessRule, name: str) -> bool:
    on_users = RIGHTS[name][2]
    reaches = one.inheritance != "None" or not on_users
    return (
        concerns(one, name) and one.access == "Deny" and reaches and one.inherited_object_type.lower() != COMPUTER_CLASS
    )


@given(st.lists(RULES, max_size=6))
def test_a_right_is_there_exactly_when_a_rule_gives_it_and_none_denies_it(rules):
    held = {name for name in RIGHTS if any(grants(one, name) for one in rules)}
    denied = {name for name in RIGHTS if any(denies(one, name) for one in rules)}

    assert missing(rules) == [name for name in RIGHTS if name not in held - denied]


@given(st.lists(RULES, max_size=6), RULES)
def test_a_rule_that_is_not_about_a_right_never_grants_it(rules, another):
    before, after = set(missing(rules)), set(missing([*rules, another]))

    assert all(concerns(another, name) for name in before - after)


@given(st.lists(RULES, max_size=6), st.sampled_from(sorted(RIGHTS)), st.integers(0, 6))
def test_a_matching_deny_removes_a_right_wherever_it_stands(rules, name, place):
    bit, object_type, _ = RIGHTS[name]
    denial = rule(bit, object_type, "All", ANY, "Deny")

    assert name in missing([*rules[:place], *GRANTED, denial, *rules[place:]])


@given(st.permutations(GRANTED))
def test_the_rules_of_microsoft_s_cmdlet_give_every_right_in_any_order(rules):
    assert missing(rules) == []


@pytest.mark.parametrize("number", range(4))
def test_a_rule_that_is_taken_away_is_the_right_that_is_missing(number):
    assert missing([*GRANTED[:number], *GRANTED[number + 1 :]]) == [list(RIGHTS)[number]]


def test_full_control_of_everything_below_gives_every_right():
    assert missing([rule(GENERIC_ALL, ANY, "All", ANY)]) == []


def test_no_rules_give_nothing_and_the_rights_are_named_in_the_documented_order():
    assert missing([]) == ["Reset Password", "Write lockoutTime", "Write pwdLastSet", "Unexpire Password"]


def test_the_default_of_a_domain_gives_unexpire_password_and_nothing_else():
    assert missing([rule(EXTENDED, UNEXPIRE, "None", ANY)]) == [
        "Reset Password",
        "Write lockoutTime",
        "Write pwdLastSet",
    ]


def test_rights_on_other_classes_are_not_rights_on_users():
    assert len(missing([rule(GENERIC_ALL, ANY, "All", COMPUTER_CLASS)])) == len(RIGHTS)
