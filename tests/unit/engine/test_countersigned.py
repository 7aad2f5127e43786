"""The gate with a roster: enough people, each over exactly this plan, each good at this moment; and every other signature is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from runbook_lib.engine import ApprovedDigest, Countersigned, Terms
from runbook_lib.errors import NotApproved, PlanOutdated
from runbook_lib.lab.clock import ManualClock
from runbook_lib.model import Plan, SignedApproval, Status
from runbook_lib.texts import LANGUAGES
from tests.rehearsal import CONNECT, Rehearsal, carried_out, said

PLAN = Plan("a-tenant", CONNECT, "1/1", {}, {}, ())
Sign = Callable[..., SignedApproval]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sign(clock: ManualClock) -> Sign:
    """Somebody's good signature over the plan, with something changed."""

    def signed(name: str = "Ana Lima", plan: Plan = PLAN, **changed: Any) -> SignedApproval:
        now = clock.now().isoformat()
        about = (plan.digest, plan.tenant, plan.runbook, plan.version, name, now)
        good = SignedApproval(
            "approval-1.dsse.json", "5" * 64, "c" * 64, name, ("approver",), name[:3], "valid", *about
        )
        return replace(good, **changed)

    return signed


def gate(clock: ManualClock, *signatures: SignedApproval, **terms: Any) -> Countersigned:
    given = Terms(lambda _at: signatures, **terms)
    return Countersigned(ApprovedDigest(PLAN.digest, by="operator"), given, clock)


def reasons(approver: Countersigned) -> list[str]:
    """Refuse, and return why each signature does not count."""
    with pytest.raises(NotApproved) as refused:
        approver.approve(PLAN, PLAN.digest)
    for language in LANGUAGES:
        assert len(refused.value.say(language).splitlines()) == 1 + len(refused.value.reasons)
    return [each.key for each in refused.value.reasons]


def test_enough_signatures_open_the_gate_and_the_approval_says_whose(clock: ManualClock, sign: Sign) -> None:
    approval = gate(clock, sign(), sign("Bob Frey", key_id="d" * 64), needed=2).approve(PLAN, PLAN.digest)

    assert (approval.digest, approval.by) == (PLAN.digest, "operator")
    assert [(each["name"], each["key_id"], each["sha256"]) for each in approval.signatures] == [
        ("Ana Lima", "c" * 64, "5" * 64),
        ("Bob Frey", "d" * 64, "5" * 64),
    ]


def test_a_digest_alone_is_not_enough(clock: ManualClock) -> None:
    assert reasons(gate(clock)) == []


def test_signatures_alone_are_not_enough(clock: ManualClock, sign: Sign) -> None:
    terms = Terms(lambda _at: [sign()])

    with pytest.raises(NotApproved):
        Countersigned(ApprovedDigest("", by="x"), terms, clock).approve(PLAN, PLAN.digest)
    with pytest.raises(PlanOutdated):
        Countersigned(ApprovedDigest("0" * 64, by="x"), terms, clock).approve(PLAN, PLAN.digest)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"standing": "bad"}, "approval-bad"),
    ({"standing": "expired"}, "approval-expired"),
    ({"standing": "not-yet-valid"}, "approval-not-yet-valid"),
    ({"standing": "unknown-key", "name": "", "roles": ()}, "approval-unknown-key"),
    ({"roles": ("attester", "sealer")}, "approval-without-role"),
    ({"by": "Bob Frey"}, "approval-other-name"),
    ({"digest": "0" * 64}, "approval-of-another-plan"),
    ({"tenant": "another"}, "approval-of-another-plan"),
    ({"runbook": "disable-writeback"}, "approval-of-another-plan"),
    ({"version": "2/1"}, "approval-of-another-plan"),
]


@pytest.mark.parametrize(("changed", "reason"), WRONG)
def test_what_is_no_good_approval_of_this_plan_does_not_count_and_is_named(
    clock: ManualClock, sign: Sign, changed: dict[str, Any], reason: str
) -> None:
    assert reasons(gate(clock, sign(**changed))) == [reason]
    assert reasons(gate(clock, sign("Bob Frey"), sign(**changed), needed=2)) == [reason]


def test_signatures_of_other_plans_do_no_harm_beside_enough_good_ones(clock: ManualClock, sign: Sign) -> None:
    assert gate(clock, sign(digest="0" * 64), sign()).approve(PLAN, PLAN.digest).signatures


@pytest.mark.parametrize("spelling", ["Ana Lima", "ana  lima", "ANA LIMA "])
def test_two_signatures_of_one_person_count_once(clock: ManualClock, sign: Sign, spelling: str) -> None:
    assert reasons(gate(clock, sign(), sign(spelling, key_id="d" * 64), needed=2)) == ["approval-same-person"]


@pytest.mark.parametrize(("ahead", "expected"), [(299, []), (301, ["approval-of-the-future"])])
def test_an_approver_s_clock_may_be_ahead_by_five_minutes(
    clock: ManualClock, sign: Sign, ahead: int, expected: list[str]
) -> None:
    at = (clock.now() + timedelta(seconds=ahead)).isoformat()

    assert reasons(gate(clock, sign(at=at), needed=2)) == expected


@pytest.mark.parametrize(("left", "counts"), [(1, True), (0, False), (-1, False)])
def test_an_approval_with_an_end_counts_until_just_before_it(
    clock: ManualClock, sign: Sign, left: int, counts: bool
) -> None:
    approver = gate(clock, sign(until=(clock.now() + timedelta(seconds=left)).isoformat()))

    if counts:
        assert approver.approve(PLAN, PLAN.digest).signatures
    else:
        assert reasons(approver) == ["approval-over"]


@pytest.mark.parametrize(("later", "counts"), [(1, True), (0, False), (-1, False)])
def test_what_was_signed_before_the_plan_was_sent_is_not_replayed(
    clock: ManualClock, sign: Sign, later: int, counts: bool
) -> None:
    """An approval is for one sending, also when the same plan is made again."""
    signed = sign(at=(clock.now() + timedelta(seconds=later)).isoformat())
    approver = gate(clock, signed, since=clock.now().isoformat())

    if counts:
        assert approver.approve(PLAN, PLAN.digest).signatures
    else:
        assert reasons(approver) == ["approval-before-sending"]


def test_with_four_eyes_who_runs_the_plan_cannot_be_the_only_one_to_approve_it(clock: ManualClock, sign: Sign) -> None:
    alone, together = sign(account="ALIMA"), sign("Bob Frey", account="bfrey")
    terms = {"four_eyes": True, "account": "alima"}

    assert reasons(gate(clock, alone, **terms)) == ["approval-by-who-runs-it"]
    assert gate(clock, alone, together, needed=2, **terms).approve(PLAN, PLAN.digest)
    assert gate(clock, together, **terms).approve(PLAN, PLAN.digest)
    assert gate(clock, alone, account="alima").approve(PLAN, PLAN.digest)
    assert reasons(gate(clock, **terms)) == []


def test_signatures_are_judged_at_the_time_of_the_gate(clock: ManualClock) -> None:
    asked: list[Any] = []

    def signatures(at: Any) -> list[SignedApproval]:
        asked.append(at)
        return []

    approver = Countersigned(ApprovedDigest(PLAN.digest, by="x"), Terms(signatures), clock)
    clock.sleep(60)
    with pytest.raises(NotApproved):
        approver.approve(PLAN, PLAN.digest)

    assert asked == [clock.now()]


def test_a_run_that_lacks_signatures_sends_nothing_and_its_card_and_journal_say_what_is_missing(sign: Sign) -> None:
    here = Rehearsal()
    plan = here.planned(CONNECT).plan
    terms = Terms(lambda _at: [sign(plan=plan, standing="bad")], needed=2)
    approver = Countersigned(ApprovedDigest(plan.digest, by="operator"), terms, here.clock)

    run = carried_out(here.run(CONNECT, approved=plan.digest, approver=approver))

    assert here.performed == []
    assert run.results["c7"].status is Status.BLOCKED
    assert said(run.results["c7"]) == ["approvals-missing", "approval-bad"]
    (refused,) = here.journal.of("refused")
    assert (refused["problem"]["arguments"]["needed"], [each["key"] for each in refused["reasons"]]) == (
        2,
        ["approval-bad"],
    )


def test_a_run_with_enough_signatures_sends_and_records_whose_they_were(sign: Sign) -> None:
    here = Rehearsal()
    plan = here.planned(CONNECT).plan
    approver = Countersigned(
        ApprovedDigest(plan.digest, by="operator"), Terms(lambda _at: [sign(plan=plan)]), here.clock
    )

    run = carried_out(here.run(CONNECT, approved=plan.digest, approver=approver))

    assert run.exit_code == 0
    (approved,) = here.journal.of("approved")
    assert [each["name"] for each in approved["approval"]["signatures"]] == ["Ana Lima"]
