"""A password that comes from the cloud reaches the directory as far as rights, policy and the service let it, and leaves its events."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from runbook_lib.lab.clock import ManualClock
from runbook_lib.lab.directory import AccessRule, User
from runbook_lib.lab.world import LabTenant, World

GOOD = "Correct horse 9 battery"
CONNECTOR = "fabrikam.onmicrosoft.com - AAD"

Said = list[tuple[str, object]]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def fabrikam(clock: ManualClock) -> LabTenant:
    """Writeback runs there, and the rights come through a group inside a group."""
    return World(clock).tenant("fabrikam")


def user(tenant: LabTenant, name: str) -> User:
    return tenant.directory.domains[0].user(name)


def reset(tenant: LabTenant, name: str, password: str = GOOD, wait: int = 0) -> Said:
    said: Said = []
    upn = f"{name}@{tenant.spec.verified_domain}"
    tenant.server.write_back(upn, password, timedelta(seconds=wait), lambda trouble, at: said.append((trouble, at)))
    return said


def newest(tenant: LabTenant, number: int) -> list[int]:
    return [event.id for event in tenant.server.events()][-number:]


def test_a_reset_sets_the_password_and_has_it_changed_at_the_next_logon(
    fabrikam: LabTenant, clock: ManualClock
) -> None:
    before = user(fabrikam, "adele")

    assert reset(fabrikam, "ADELE") == [("", clock())]
    assert before.pwd_last_set is not None
    assert user(fabrikam, "adele").pwd_last_set is None
    assert user(fabrikam, "adele").passwords != before.passwords
    assert newest(fabrikam, 2) == [31009, 31010]


def test_a_reset_unlocks_the_account_too(fabrikam: LabTenant) -> None:
    assert user(fabrikam, "patti").is_locked_out

    assert reset(fabrikam, "patti")[0][0] == ""
    assert not user(fabrikam, "patti").is_locked_out


def test_a_reset_happens_in_its_time_and_not_before(fabrikam: LabTenant, clock: ManualClock) -> None:
    said = reset(fabrikam, "adele", wait=10)
    clock.advance(9)
    fabrikam.server.catch_up()
    assert said == []

    clock.advance(1)
    fabrikam.server.catch_up()
    assert said == [("", clock())]


@pytest.mark.parametrize(
    ("name", "trouble", "events"),
    [
        ("nobody", "ADUserNotFoundError", [31009, 33002, 31011]),
        ("nestor", "ADUserAccountDisabled", [31009, 33005, 31011]),
        ("pradeep", "ADPermissionsError", [31009, 33004, 31011]),
        ("megan", "ADPermissionsError", [31009, 33004, 31011]),
    ],
)
def test_a_reset_that_cannot_be_leaves_its_error_before_the_failure(
    fabrikam: LabTenant, name: str, trouble: str, events: list[int]
) -> None:
    """Megan is an inetOrgPerson, for which Microsoft's module grants nothing; Pradeep is guarded by AdminSDHolder."""
    assert [known for known, _ in reset(fabrikam, name)] == [trouble]
    assert newest(fabrikam, 3) == events


@pytest.mark.parametrize("password", ["Aa1-", "all-in-lower-case", "Adele-and-1-more"])
def test_a_password_that_the_policy_does_not_take_is_refused(fabrikam: LabTenant, password: str) -> None:
    """Too short, too simple, with the name of the user in it."""
    before = user(fabrikam, "adele")

    assert reset(fabrikam, "adele", password)[0][0] == "ADPasswordPolicyError"
    assert newest(fabrikam, 4) == [31009, 6329, 33008, 31011]
    assert user(fabrikam, "adele") == before


def test_a_password_is_not_taken_a_second_time(fabrikam: LabTenant) -> None:
    assert [reset(fabrikam, "adele")[0][0] for _ in range(2)] == ["", "ADPasswordPolicyError"]


def test_the_minimum_age_does_not_keep_an_administrator_from_resetting_again(fabrikam: LabTenant) -> None:
    domain = fabrikam.directory.domains[0]
    domain.policy = replace(domain.policy, minimum_age=timedelta(days=2))

    assert [reset(fabrikam, "adele", f"{GOOD} {turn}")[0][0] for turn in range(2)] == ["", ""]


@pytest.mark.parametrize("fault", ["staging_mode", ""])
def test_nobody_answers_where_the_service_does_not_run(fabrikam: LabTenant, fault: str) -> None:
    if fault:
        fabrikam.faults.add(fault)
    else:
        fabrikam.server.set_writeback(CONNECTOR, enabled=False)
    before = len(fabrikam.server.events())

    assert reset(fabrikam, "adele")[0][0] == "no writeback service answers"
    assert len(fabrikam.server.events()) == before


def denied(tenant: LabTenant) -> None:
    group = tenant.directory.domains[0].groups[0].sid
    adele = user(tenant, "adele")
    tenant.directory.domains[0].update(
        replace(adele, rules=(AccessRule(group, 0xF01FF, access="Deny"),)), tenant.clock()
    )


def denied_here(tenant: LabTenant) -> None:
    account = tenant.directory.account("svc-aadconnect", "FABRIKAM")
    adele = replace(user(tenant, "adele"), rules=(AccessRule(account.sid, 0x100, inheritance="None", access="Deny"),))
    tenant.directory.domains[0].update(adele, tenant.clock())


def denied_above_and_allowed_here(tenant: LabTenant) -> None:
    account = tenant.directory.account("svc-aadconnect", "FABRIKAM")
    tenant.directory.domains[0].rules.append(AccessRule(account.sid, 0x100, access="Deny"))
    adele = replace(user(tenant, "adele"), rules=(AccessRule(account.sid, 0xF01FF, inheritance="None"),))
    tenant.directory.domains[0].update(adele, tenant.clock())


def without_unexpire(tenant: LabTenant) -> None:
    root = tenant.directory.domains[0]
    root.rules = [rule for rule in root.rules if not rule.object_type.startswith("ccc2dc7d")]


@pytest.mark.parametrize(
    ("edit", "trouble"),
    [
        (denied, ""),  # it only passes through the user, who has nothing below
        (denied_here, "ADPermissionsError"),
        (denied_above_and_allowed_here, ""),
        (without_unexpire, "ADPermissionsError"),
    ],
)
def test_what_is_set_on_an_object_outweighs_what_comes_from_above(
    fabrikam: LabTenant, edit: Callable[[LabTenant], None], trouble: str
) -> None:
    edit(fabrikam)

    assert reset(fabrikam, "adele")[0][0] == trouble


def test_rights_do_not_reach_into_a_unit_that_does_not_inherit(clock: ManualClock) -> None:
    tailspin = World(clock).tenant("tailspin")

    assert reset(tailspin, "diego")[0][0] == "ADPermissionsError"
    assert reset(tailspin, "adele")[0][0] == ""


def test_without_the_right_to_unlock_only_a_locked_account_cannot_be_reset(clock: ManualClock) -> None:
    tailspin = World(clock).tenant("tailspin")

    assert reset(tailspin, "patti")[0][0] == "ADPermissionsError"
    assert reset(tailspin, "lidia")[0][0] == ""


def test_the_new_password_is_nowhere_to_be_seen(fabrikam: LabTenant) -> None:
    reset(fabrikam, "adele")

    assert GOOD not in repr(vars(fabrikam.directory.domains[0]))
    assert GOOD not in repr(fabrikam.server.events())
    assert GOOD.encode() not in b"".join(user(fabrikam, "adele").passwords)


def test_other_domain_controllers_lag_behind_the_one_that_connect_writes_to(
    fabrikam: LabTenant, clock: ManualClock
) -> None:
    clock.advance(1)
    reset(fabrikam, "adele")
    names = ("dc01.fabrikam.example", "dc02.fabrikam.example", "fabrikam.example")

    def seen() -> list[bool]:
        return [fabrikam.server.reach_domain(name).user("adele").pwd_last_set is None for name in names]

    at_once = seen()
    clock.advance(15)
    assert (at_once, seen()) == ([True, False, False], [True, True, True])
