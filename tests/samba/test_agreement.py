"""The lab's directory and a real Samba AD domain controller agree on rights, passwords, lockout and logons.

Not part of the usual run: `make samba` installs Samba and runs these, as root. Samba does not guard members of protected
groups by itself, so what AdminSDHolder leaves on such a user is set by hand.
"""

from collections.abc import Iterator

import pytest

from runbook_lib.lab.directory import AccessRule, writeback_rules
from runbook_lib.lab.directory.rules import ANY, INET_ORG_PERSON, RESET_PASSWORD, USER_ACCOUNT_RESTRICTIONS
from tests.samba.both import CONNECTOR, FIRST, Both
from tests.samba.controller import Samba

# ldap3 still uses names that pyasn1 has renamed, and a method of sockets that Python deprecates.
pytestmark = [pytest.mark.samba, pytest.mark.filterwarnings("ignore::DeprecationWarning:(ldap3|pyasn1).*")]

GENERIC_ALL = 0xF01FF
CONTROL, WRITE = 0x100, 0x20
SECOND, THIRD = "Second 2 password", "Third 3 password"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    samba = Samba(tmp_path_factory.mktemp("samba"))
    try:
        samba.start()
        yield Both(samba)
    finally:
        samba.stop()


@pytest.fixture(autouse=True)
def usual_policy(both: Both) -> None:
    both.policy()


def granted(both: Both, *more: AccessRule) -> tuple[AccessRule, ...]:
    """What Microsoft's module grants, without the right on the domain root, and more."""
    return (*writeback_rules(both.sids[CONNECTOR])[:3], *more)


def test_without_a_right_nobody_is_reset(both: Both) -> None:
    both.user("u1", both.unit("none"))

    assert both.reset("u1", SECOND) == "denied"


def test_what_microsofts_module_grants_is_enough_for_users(both: Both) -> None:
    both.user("u2", both.unit("granted", *granted(both)))

    assert both.reset("u2", SECOND) == "done"
    assert both.must_change("u2")
    assert both.sign_in("u2", SECOND) == "773"


def test_what_it_grants_reaches_through_further_units(both: Both) -> None:
    outer = both.unit("outer", *granted(both))
    both.user("u3", both.unit("inner", parent=outer))

    assert both.reset("u3", SECOND) == "done"


def test_it_is_not_granted_for_an_inetorgperson(both: Both) -> None:
    both.user("i1", both.unit("people", *granted(both)), object_class="inetOrgPerson")

    assert both.reset("i1", SECOND) == "denied"


def test_it_can_be_granted_for_an_inetorgperson(both: Both) -> None:
    sid = both.sids[CONNECTOR]
    rules = [AccessRule(sid, rule.rights, rule.object_type, "Descendents", INET_ORG_PERSON) for rule in granted(both)]
    both.user("i2", both.unit("more-people", *rules), object_class="inetOrgPerson")

    assert both.reset("i2", SECOND) == "done"


def test_a_unit_that_does_not_inherit_keeps_rights_out(both: Both) -> None:
    outer = both.unit("open", *granted(both))
    both.user("u4", both.unit("closed", parent=outer, is_protected=True))

    assert both.reset("u4", SECOND) == "denied"


def test_a_guarded_user_does_not_inherit(both: Both) -> None:
    """As AdminSDHolder leaves it."""
    both.user("u5", both.unit("guards", *granted(both)), is_protected=True)

    assert both.reset("u5", SECOND) == "denied"


def test_rights_come_through_groups_in_groups(both: Both) -> None:
    both.group("inner-group", CONNECTOR)
    outer = both.group("outer-group", "inner-group")
    both.user("u6", both.unit("by-group", *writeback_rules(outer)[:3]))

    assert both.reset("u6", SECOND) == "done"


@pytest.mark.parametrize("inheritance", ["All", "Descendents", "Children", "SelfAndChildren", "None"])
@pytest.mark.parametrize("depth", [1, 2])
def test_every_kind_of_inheritance_reaches_as_far(both: Both, inheritance: str, depth: int) -> None:
    name = f"{inheritance}{depth}"
    rule = AccessRule(both.sids[CONNECTOR], GENERIC_ALL, ANY, inheritance, ANY)
    place = both.unit(f"far-{name}", rule)
    if depth == 2:
        place = both.unit(f"further-{name}", parent=place)
    both.user(f"f-{name}", place)

    reaches = inheritance in ("All", "Descendents") or (depth == 1 and inheritance != "None")
    assert both.reset(f"f-{name}", SECOND) == ("done" if reaches else "denied")


def rule(
    sid: str, access: str, inheritance: str = "None", object_type: str = ANY, rights: int = GENERIC_ALL
) -> AccessRule:
    return AccessRule(sid, rights, object_type, inheritance, ANY, access)


@pytest.mark.parametrize(
    ("own", "above", "outcome"),
    [
        (["Deny"], ["Allow"], "denied"),
        (["Allow"], ["Deny"], "done"),
        (["Allow", "Deny"], [], "denied"),
        ([], ["Deny", "Allow"], "denied"),
    ],
)
def test_own_rules_come_before_those_from_above_and_denials_before_grants(
    both: Both, own: list[str], above: list[str], outcome: str
) -> None:
    name = "-".join(["o", *own, "a", *above])
    sid = both.sids[CONNECTOR]
    place = both.unit(f"in-{name}", *(rule(sid, access, "All") for access in sorted(above, reverse=True)))
    both.user(name, place, *(rule(sid, access) for access in sorted(own, reverse=True)))

    assert both.reset(name, SECOND) == outcome


@pytest.mark.parametrize(
    ("object_type", "outcome"), [("", "denied"), (USER_ACCOUNT_RESTRICTIONS, "done"), (ANY, "done")]
)
def test_a_property_can_be_named_by_its_set(both: Both, object_type: str, outcome: str) -> None:
    """PwdLastSet is in the property set User-Account-Restrictions."""
    name = f"set-{object_type[:8]}"
    sid = both.sids[CONNECTOR]
    rules = [rule(sid, "Allow", object_type=RESET_PASSWORD, rights=CONTROL)]
    if object_type:
        rules.append(rule(sid, "Allow", object_type=object_type, rights=WRITE))
    both.user(name, both.unit(f"of-{name}"), *rules)

    assert both.reset(name, SECOND) == outcome


@pytest.mark.parametrize(("object_type", "outcome"), [(USER_ACCOUNT_RESTRICTIONS, "denied"), (ANY, "done")])
def test_the_lockout_time_is_not_in_that_set(both: Both, object_type: str, outcome: str) -> None:
    name = f"lock-{object_type[:8]}"
    both.user(name, both.unit(f"of-{name}"), rule(both.sids[CONNECTOR], "Allow", object_type=object_type, rights=WRITE))

    assert both.unlock(name) == outcome


def test_a_young_password_is_not_changed_by_its_user_and_is_reset_by_the_connector(both: Both) -> None:
    both.user("y1", both.unit("young", *granted(both)))
    both.policy(age_days=1)

    assert both.change("y1", FIRST, SECOND) == "refused"
    assert both.reset("y1", SECOND) == "done"


def test_without_a_minimum_age_a_user_changes_at_once(both: Both) -> None:
    both.user("y2", both.unit("unhurried"))

    assert both.change("y2", FIRST, SECOND) == "done"
    assert both.sign_in("y2", SECOND) == ""
    assert not both.must_change("y2")


@pytest.mark.parametrize("password", ["Aa1-", "all-in-lower-case", "ALLUPPER123", "12345678aB", "Ab-cdefgh"])
def test_the_policy_takes_or_refuses_the_same_passwords(both: Both, password: str) -> None:
    """Too short, of too few kinds; and good ones. That the name of the user is refused inside is not Samba's rule."""
    name = f"complex-c{len(both.dns)}"
    both.user(name, both.unit(f"of-{name}", *granted(both)))

    assert both.reset(name, password) in ("done", "refused")


def test_a_used_password_is_refused_to_its_user_and_not_to_the_connector(both: Both) -> None:
    """Policy hints, by which Connect asks for the history too, are not offered by Samba over LDAP."""
    both.user("h1", both.unit("historic", *granted(both)))
    assert both.change("h1", FIRST, SECOND) == "done"

    assert both.change("h1", SECOND, FIRST) == "refused"
    assert both.reset("h1", FIRST) == "done"


def test_wrong_passwords_lock_and_the_connector_unlocks(both: Both) -> None:
    both.user("l1", both.unit("lockers", *granted(both)))
    both.policy(threshold=3)

    assert [both.sign_in("l1", "Wrong 1 password") for _ in range(3)] == ["52e", "52e", "52e"]
    assert both.sign_in("l1", FIRST) == "775"
    assert both.unlock("l1") == "done"
    assert both.sign_in("l1", FIRST) == ""


def test_a_disabled_user_is_told_so_only_with_the_right_password(both: Both) -> None:
    both.user("d1", both.unit("leavers", *granted(both)))
    both.disable("d1")

    assert both.sign_in("d1", FIRST) == "533"
    assert both.sign_in("d1", "Wrong 1 password") == "52e"
    assert both.reset("d1", SECOND) == "done"  # it is Connect that leaves disabled accounts alone, not the directory


def test_a_user_who_must_change_may_do_so_only_elsewhere(both: Both) -> None:
    both.user("m1", both.unit("newcomers", *granted(both)))
    both.reset("m1", SECOND)

    assert both.sign_in("m1", SECOND) == "773"
    assert both.sign_in("m1", THIRD) == "52e"
