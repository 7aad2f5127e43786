"""Which rights the rules on a domain root and on a user give: never more than was granted, and nothing that is denied."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.facts.access import ACCOUNT_RESTRICTIONS, ANY, CLASSES, RIGHTS, missing_on_user, missing_rights
from runbook_lib.facts.directory_users import DirectoryUser, UserRule
from runbook_lib.facts.sync_server import AccessRule, DomainRights

RESET = "00299570-246d-11d0-a768-00aa006e0529"
LOCKOUT = "28630ebf-41d5-11d1-a9c1-0000f80367c1"
LAST_SET = "bf967a0a-0de6-11d0-a285-00aa003049e2"
UNEXPIRE = "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501"
USER_CLASS, INET_ORG_PERSON = CLASSES["user"], CLASSES["inetOrgPerson"]
CHANGE_PASSWORD = "ab721a53-1e2f-11d0-9819-00aa0040529b"
PERSONAL_INFORMATION = "77b5b886-944a-11d1-aebd-0000f80367c1"
COMPUTER_CLASS = "bf967a86-0de6-11d0-a285-00aa003049e2"
# As System.DirectoryServices shows them, and the two generic bits of an access mask.
FULL_CONTROL, EXTENDED, WRITE, READ, GENERIC_WRITE = 0xF01FF, 0x100, 0x20, 0x10, 0x20028
ALL_BIT, WRITE_BIT, READ_BIT = 0x10000000, 0x40000000, -0x80000000
MASKS = [FULL_CONTROL, EXTENDED, WRITE, READ, EXTENDED | WRITE, GENERIC_WRITE, ALL_BIT, WRITE_BIT, READ_BIT, 0]
INHERITANCE = ("None", "All", "Descendents", "SelfAndChildren", "Children")
HOLDS_HERE = ("None", "All", "SelfAndChildren")
ON_USERS = ("Reset Password", "Write lockoutTime", "Write pwdLastSet")

# What each right is, written down once more: masks that give it, and what a rule may name.
TOLD_BY = {
    "Reset Password": ({FULL_CONTROL, EXTENDED, EXTENDED | WRITE, ALL_BIT}, {ANY, RESET}),
    "Write lockoutTime": ({FULL_CONTROL, WRITE, EXTENDED | WRITE, GENERIC_WRITE, ALL_BIT, WRITE_BIT}, {ANY, LOCKOUT}),
    "Write pwdLastSet": (
        {FULL_CONTROL, WRITE, EXTENDED | WRITE, GENERIC_WRITE, ALL_BIT, WRITE_BIT},
        {ANY, LAST_SET, ACCOUNT_RESTRICTIONS},
    ),
    "Unexpire Password": ({FULL_CONTROL, EXTENDED, EXTENDED | WRITE, ALL_BIT}, {ANY, UNEXPIRE}),
}

FIELDS = {
    "sid": st.just("S-1-5-21-1-2-3-1604"),
    "access": st.sampled_from(["Allow", "Deny"]),
    "rights": st.sampled_from(MASKS),
    "object_type": st.sampled_from(
        [ANY, RESET, LOCKOUT, LAST_SET, UNEXPIRE, ACCOUNT_RESTRICTIONS, CHANGE_PASSWORD, RESET.upper()]
    ),
    "inheritance": st.sampled_from(INHERITANCE),
    "inherited_object_type": st.sampled_from([ANY, USER_CLASS, COMPUTER_CLASS, INET_ORG_PERSON, USER_CLASS.upper()]),
}
RULES = st.builds(AccessRule, **FIELDS)
USER_RULES = st.builds(UserRule, **FIELDS, inherited=st.booleans())


def rule(rights: int, object_type: str, inheritance: str = "Descendents", on: str = USER_CLASS, access: str = "Allow"):
    return AccessRule(
        sid="S-1-5-21-1-2-3-1604",
        access=access,
        rights=rights,
        object_type=object_type,
        inheritance=inheritance,
        inherited_object_type=on,
    )


def on_user(rights: int, object_type: str, *, inherited: bool = True, access: str = "Allow", on: str = USER_CLASS):
    """A rule as it stands on the user itself, where what was inherited holds."""
    return UserRule(**rule(rights, object_type, "All", on, access).model_dump(), inherited=inherited)


GRANTED = [
    rule(EXTENDED, RESET),
    rule(WRITE, LOCKOUT),
    rule(WRITE, LAST_SET),
    rule(EXTENDED, UNEXPIRE, "All", ANY),
]
INHERITED = [on_user(EXTENDED, RESET), on_user(WRITE, LOCKOUT), on_user(WRITE, LAST_SET)]


def missing(rules: list[AccessRule], object_class: str = "user") -> list[str]:
    domain = DomainRights(
        dn="DC=a", account_name="x", account_domain="a", account_sid="S-1-5-21-1-2-3-1604", rules=rules
    )
    return missing_rights(domain, object_class)


def lacking(rules: list[UserRule], object_class: str = "user") -> list[str]:
    user = DirectoryUser(
        dn="CN=Ada,DC=a",
        sam_account_name="ada",
        user_principal_name=None,
        object_class=object_class,
        enabled=True,
        locked_out=False,
        admin_count=0,
        pwd_last_set_utc=None,
        inherits=True,
        is_pilot=False,
        rules=rules,
    )
    return missing_on_user(user)


def concerns(one: AccessRule, name: str) -> bool:
    """A rule is about a right: the right kind of access, to the right thing."""
    masks, objects = TOLD_BY[name]
    return one.rights in masks and one.object_type.lower() in objects


def grants(one: AccessRule, name: str) -> bool:
    """The model of a root: which single rules give a right, written as a list of all cases."""
    reached = {"All", "Descendents"} | ({"None", "SelfAndChildren"} if name == "Unexpire Password" else set())
    given = {("Allow", inheritance, on) for inheritance, on in product(reached, (ANY, USER_CLASS))}
    return concerns(one, name) and (one.access, one.inheritance, one.inherited_object_type.lower()) in given


def denies(one: AccessRule, name: str) -> bool:
    if not concerns(one, name) or one.access != "Deny":
        return False
    is_for_users = one.inherited_object_type.lower() in (ANY, USER_CLASS)
    if name == "Unexpire Password":
        return one.inheritance in HOLDS_HERE or (one.inheritance == "Descendents" and is_for_users)
    return one.inheritance != "None" and is_for_users


def access_check(rules: list[UserRule], name: str, class_id: str) -> bool:
    """The model of a user: walk the rules in the order the directory keeps them; the first one about the right decides."""
    for one in sorted(rules, key=lambda one: (one.inherited, one.access == "Allow")):
        is_for = one.inherited_object_type.lower() in (ANY, class_id)
        if concerns(one, name) and one.inheritance in HOLDS_HERE and (one.access == "Deny" or is_for):
            return one.access == "Allow"
    return False


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
    masks, objects = TOLD_BY[name]
    denial = rule(min(masks), max(objects), "All", ANY, "Deny")

    assert name in missing([*rules[:place], *GRANTED, denial, *rules[place:]])


@given(st.permutations(GRANTED))
def test_the_rules_of_microsoft_s_cmdlet_give_every_right_in_any_order(rules):
    assert missing(rules) == []


@pytest.mark.parametrize("number", range(4))
def test_a_rule_that_is_taken_away_is_the_right_that_is_missing(number):
    assert missing([*GRANTED[:number], *GRANTED[number + 1 :]]) == [list(RIGHTS)[number]]


@pytest.mark.parametrize("mask", [FULL_CONTROL, ALL_BIT])
def test_full_control_of_everything_below_gives_every_right(mask):
    assert missing([rule(mask, ANY, "All", ANY)]) == []


def test_writing_everything_does_not_give_the_extended_rights():
    assert missing([rule(GENERIC_WRITE, ANY, "All", ANY)]) == ["Reset Password", "Unexpire Password"]


def test_the_property_set_of_account_restrictions_holds_one_of_the_two_attributes():
    assert missing([*GRANTED[:1], rule(WRITE, ACCOUNT_RESTRICTIONS), GRANTED[3]]) == ["Write lockoutTime"]


def test_no_rules_give_nothing_and_the_rights_are_named_in_the_documented_order():
    assert missing([]) == ["Reset Password", "Write lockoutTime", "Write pwdLastSet", "Unexpire Password"]


def test_the_default_of_a_domain_gives_unexpire_password_and_nothing_else():
    assert missing([rule(EXTENDED, UNEXPIRE, "None", ANY)]) == [
        "Reset Password",
        "Write lockoutTime",
        "Write pwdLastSet",
    ]


def test_rights_on_other_classes_are_not_rights_on_users():
    assert len(missing([rule(FULL_CONTROL, ANY, "Descendents", COMPUTER_CLASS)])) == len(RIGHTS)


def test_the_rules_of_microsoft_s_cmdlet_do_not_reach_users_of_class_inet_org_person():
    assert missing(GRANTED, "inetOrgPerson") == list(ON_USERS)
    assert missing([rule(FULL_CONTROL, ANY, "All", ANY)], "inetOrgPerson") == []


@given(st.lists(USER_RULES, max_size=7), st.sampled_from(sorted(CLASSES)))
def test_a_user_s_rules_decide_as_windows_walks_through_them(rules, object_class):
    held = [name for name in ON_USERS if access_check(rules, name, CLASSES[object_class])]

    assert lacking(rules, object_class) == [name for name in ON_USERS if name not in held]


@given(st.data(), st.lists(USER_RULES, max_size=7))
def test_the_order_in_which_a_user_s_rules_are_told_does_not_matter(data, rules):
    assert lacking(data.draw(st.permutations(rules))) == lacking(rules)


@given(st.lists(USER_RULES, max_size=6), st.sampled_from(ON_USERS))
def test_an_explicit_deny_wins_over_whatever_else_a_user_has(rules, name):
    masks, objects = TOLD_BY[name]

    assert name in lacking([*rules, on_user(min(masks), max(objects), inherited=False, access="Deny", on=ANY)])


@given(st.lists(USER_RULES, max_size=6), st.sampled_from(ON_USERS))
def test_an_explicit_allow_wins_over_every_inherited_deny(rules, name):
    masks, objects = TOLD_BY[name]
    inherited = [one for one in rules if one.inherited]

    assert name not in lacking([*inherited, on_user(min(masks), max(objects), inherited=False)])


@given(st.lists(USER_RULES, max_size=6), USER_RULES)
def test_taking_a_deny_away_never_takes_a_right_away(rules, another):
    deny = another.model_copy(update={"access": "Deny"})

    assert set(lacking(rules)) <= set(lacking([*rules, deny]))


@given(st.lists(USER_RULES, max_size=6), USER_RULES)
def test_a_further_allow_never_takes_a_right_away(rules, another):
    allow = another.model_copy(update={"access": "Allow"})

    assert set(lacking([*rules, allow])) <= set(lacking(rules))


@given(st.lists(USER_RULES, max_size=6), USER_RULES, st.sampled_from(["Descendents", "Children"]))
def test_a_rule_that_only_passes_through_a_user_changes_nothing(rules, another, inheritance):
    assert lacking([*rules, another.model_copy(update={"inheritance": inheritance})]) == lacking(rules)


@given(st.permutations(INHERITED))
def test_what_a_user_inherits_from_microsoft_s_cmdlet_is_enough_without_unexpire_password(rules):
    assert lacking(rules) == []
    assert lacking(rules, "inetOrgPerson") == list(ON_USERS)


@pytest.mark.parametrize(("object_class", "on"), [("user", ANY), ("inetOrgPerson", INET_ORG_PERSON)])
def test_full_control_of_a_user_gives_every_right_on_it(object_class, on):
    assert lacking([on_user(FULL_CONTROL, ANY, on=on)], object_class) == []


def test_another_property_set_does_not_give_the_attributes():
    assert lacking([on_user(WRITE, PERSONAL_INFORMATION), INHERITED[0]]) == ["Write lockoutTime", "Write pwdLastSet"]


def test_a_user_without_rules_lacks_every_right_on_users():
    assert lacking([]) == list(ON_USERS)
