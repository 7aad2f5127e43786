"""A run with a roster, over the served lab: nothing is sent before people have signed exactly its plan, and the record keeps who did."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.errors import AttestationError, EvidenceError, NotApproved, ParameterError, PlanOutdated
from runbook_lib.evidence import read_journal
from runbook_lib.evidence.sealing.approved import check_approvals
from runbook_lib.evidence.sealing.checking import Trust, with_roster
from runbook_lib.evidence.sealing.points import not_proven, proven
from runbook_lib.evidence.signing import approval_of, fleet_approval_of, open_signer, plans_approved_in, sign
from runbook_lib.evidence.signing.roster import roster_from
from runbook_lib.evidence.signing.statements import attestation_of
from runbook_lib.model import Plan
from runbook_lib.parameters import check_parameters
from runbook_lib.wiring import Assembly, Manner, assemble
from tests.notebooks.served import CONNECT, Served
from tests.rehearsal import carried_out
from tests.unit.evidence.signing.conftest import Person, somebody, written

CLOUD = "contoso.onmicrosoft.com - AAD"
ANA, BOB, EVE = (somebody(name) for name in ("Ana Lima", "Bob Frey", "Eve Roy"))
EARLIER, LATER = "2026-01-01", "2100-01-01"


@pytest.fixture
def lab(lab: Served, tmp_path: Path) -> Served:
    """The lab with writeback off, a folder for the records of this test, and a roster in which Ana and Bob approve."""
    lab.world.tenant("contoso").server.set_writeback(CLOUD, enabled=False)
    entries = [each.entry(valid_from=EARLIER, valid_until=LATER) for each in (ANA, BOB)]
    (tmp_path / "roster.json").write_bytes(written(*entries))
    return lab


@pytest.fixture
def open_run(lab: Served, tmp_path: Path) -> Callable[..., Assembly]:
    def opened(*, needed: int = 1, manner: Manner | None = None, **changed: Any) -> Assembly:
        evidence = {"roster": str(tmp_path / "roster.json"), "approvals_needed": needed}
        parameters = check_parameters(lab.data(evidence=evidence, **changed))
        return assemble(CONNECT, parameters, show_code=lambda *_: None, manner=manner)

    return opened


Open = Callable[..., Assembly]


def ended(assembly: Assembly) -> Assembly:
    carried_out(assembly.run)
    assembly.finish()
    return assembly


def signed(folder: Path, plan: Plan, person: Person, *, by: str = "", number: int = 1, **more: Any) -> str:
    """Write a person's approval of a plan and return its path."""
    path = folder / f"plan.approval-{person.name[:3]}{number}.dsse.json"
    path.write_bytes(sign(approval_of(plan, by or person.name, datetime.now(UTC), **more), [person.signer]))
    return str(path)


def reasons(assembly: Assembly) -> list[str]:
    error = assembly.run.error
    assert isinstance(error, NotApproved)
    return [error.message.key, *(each.key for each in error.reasons)]


def changes(lab: Served) -> int:
    return lab.world.tenant("contoso").server.changes


def test_a_plan_is_sent_once_people_have_signed_it_and_again_only_when_they_sign_again(
    lab: Served, open_run: Open, tmp_path: Path
) -> None:
    plan = ended(open_run()).run.plan
    apply = {"mode": "apply", "approved_plan": plan.digest}
    before = changes(lab)

    assert reasons(ended(open_run(**apply))) == ["approvals-missing"]
    strangers = [signed(tmp_path, plan, EVE)]
    assert reasons(ended(open_run(**apply, approvals=strangers))) == ["approvals-missing", "approval-unknown-key"]
    assert changes(lab) == before

    approval = signed(tmp_path, plan, ANA)
    done = ended(open_run(**apply, approvals=[*strangers, approval]))

    assert (done.run.exit_code, changes(lab)) == (0, before + 1)
    kept = done.folder / "approvals"
    assert (kept / "approval-2.dsse.json").read_bytes() == Path(approval).read_bytes()
    assert (kept / "roster.json").read_bytes() == (tmp_path / "roster.json").read_bytes()
    lines = list(read_journal(done.folder / "journal.jsonl"))
    assert [line.data["file"] for line in lines if line.event == "approval-kept"] == [
        "roster.json",
        "approval-1.dsse.json",
        "approval-2.dsse.json",
    ]
    (said,) = [line.data["approval"]["signatures"] for line in lines if line.event == "approved"]
    assert [(each["name"], each["key_id"], each["file"]) for each in said] == [
        ("Ana Lima", ANA.key_id, "approval-2.dsse.json")
    ]

    lab.world.tenant("contoso").server.set_writeback(CLOUD, enabled=False)
    assert ended(open_run()).run.plan.digest == plan.digest
    assert reasons(ended(open_run(**apply, approvals=[approval]))) == ["approvals-missing", "approval-before-sending"]
    again = signed(tmp_path, plan, ANA, number=2)
    assert ended(open_run(**apply, approvals=[again])).run.exit_code == 0


def test_the_plan_names_the_roster_and_how_many_must_sign_so_neither_can_be_weakened_afterwards(
    lab: Served, open_run: Open, tmp_path: Path
) -> None:
    plan = ended(open_run(needed=2)).run.plan
    approvals = [signed(tmp_path, plan, ANA)]
    apply = {"mode": "apply", "approved_plan": plan.digest, "approvals": approvals}
    before = changes(lab)

    assert isinstance(ended(open_run(needed=1, **apply)).run.error, PlanOutdated)
    entry = {"valid_from": EARLIER, "valid_until": LATER}
    (tmp_path / "roster.json").write_bytes(written(*(each.entry(**entry) for each in (ANA, BOB, EVE))))
    assert isinstance(ended(open_run(needed=2, **apply)).run.error, PlanOutdated)
    bare = check_parameters(lab.data(mode="apply", approved_plan=plan.digest))
    assert isinstance(ended(assemble(CONNECT, bare, show_code=lambda *_: None)).run.error, PlanOutdated)
    assert changes(lab) == before


def test_a_run_that_goes_on_has_the_approvals_that_it_was_given(lab: Served, open_run: Open, tmp_path: Path) -> None:
    """Wherever the files are now."""
    plan = ended(open_run()).run.plan
    approval = signed(tmp_path, plan, ANA)
    given = {"mode": "apply", "approved_plan": plan.digest, "approvals": [approval], "run_id": "run-1"}
    open_run(**given).close()
    Path(approval).unlink()

    assert ended(open_run(**given, manner=Manner(goes_on=True))).run.exit_code == 0


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"{}", "envelope-unreadable"),
        (
            sign(attestation_of("0" * 64, "t", "Ana Lima", datetime.now(UTC), "0" * 64), [ANA.signer]),
            "approval-not-one",
        ),
    ],
)
def test_what_is_no_approval_is_refused_before_a_run_is_opened(
    lab: Served, open_run: Open, tmp_path: Path, content: bytes, key: str
) -> None:
    (tmp_path / "x.dsse.json").write_bytes(content)

    with pytest.raises(EvidenceError, match=r"x\.dsse\.json") as refused:
        open_run(mode="apply", approved_plan="0" * 64, approvals=[str(tmp_path / "x.dsse.json")])
    assert refused.value.message.key == key
    assert lab.runs() == []


def test_a_missing_file_and_a_threshold_that_nobody_can_reach_are_refused(open_run: Open, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="cannot be read"):
        open_run(mode="apply", approved_plan="0" * 64, approvals=[str(tmp_path / "none.dsse.json")])
    with pytest.raises(ParameterError, match=r"3 approvals are needed.*2 approvers"):
        open_run(needed=3)


def test_an_edited_statement_does_not_count(lab: Served, open_run: Open, tmp_path: Path) -> None:
    """Its payload exchanged for that of another approval, the signature left as it was."""
    plan = ended(open_run()).run.plan
    ours, theirs = (Path(signed(tmp_path, plan, ANA, number=n, until=until)) for n, until in ((1, None), (2, soon())))
    content = json.loads(ours.read_text())
    content["payload"] = json.loads(theirs.read_text())["payload"]
    ours.write_text(json.dumps(content, separators=(",", ":"), sort_keys=True))

    run = ended(open_run(mode="apply", approved_plan=plan.digest, approvals=[str(ours)]))

    assert reasons(run) == ["approvals-missing", "approval-bad"]


def test_an_approval_that_holds_a_secret_is_neither_kept_nor_counted(
    lab: Served, open_run: Open, tmp_path: Path
) -> None:
    """Also inside the base64 of the envelope, where nobody sees it."""
    plan = ended(open_run()).run.plan
    secret = lab.lab.secrets["contoso.server-password"]
    approval = signed(tmp_path, plan, ANA, comment=f"sign in with {secret}")

    with pytest.raises(NotApproved) as refused:
        open_run(mode="apply", approved_plan=plan.digest, approvals=[approval])
    assert refused.value.message.key == "approval-holds-secret"
    assert secret not in refused.value.say("en")
    assert len(lab.runs()) == 1


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def test_an_own_key_of_this_machine_signs_as_any_other(tmp_path: Path) -> None:
    signer = open_signer("", tmp_path / "own.pem", str)

    assert sign({"n": 1}, [signer])


def attestation(folder: Path, tenant: str, **more: str) -> Path:
    path = folder / "attestation.yml"
    said = {"plan": "0" * 64, "tenant": tenant, "steps": ["c5"], "by": "Ana Lima", "at": "2026-11-22T15:30:00+01:00"}
    path.write_text(yaml.safe_dump({**said, **more}))
    return path


def word_signed(path: Path, tenant: str, person: Person, *, by: str = "", **changed: Any) -> Path:
    """Write a person's signature beside an attestation."""
    said = {"plan": "0" * 64, "tenant": tenant, "sha256": sha256(path.read_bytes()).hexdigest()} | changed
    at = said.pop("at", datetime.now(UTC))
    beside = path.with_name(f"{path.name}.{person.key_id[:8]}.dsse.json")
    beside.write_bytes(sign(attestation_of(**said, by=by or person.name, at=at), [person.signer]))
    return beside


@pytest.fixture
def tenant(lab: Served) -> str:
    return lab.world.tenant("contoso").tenant_id


@pytest.fixture
def attest(lab: Served, tmp_path: Path) -> Callable[[Path], Assembly]:
    """Open a run with an attestation, where it must be signed. Ana and Bob attest, Eve approves."""
    entry = {"valid_from": EARLIER, "valid_until": LATER}
    entries = (ANA.entry("attester", **entry), BOB.entry("attester", **entry), EVE.entry("approver", **entry))
    (tmp_path / "roster.json").write_bytes(written(*entries))
    evidence = {"roster": str(tmp_path / "roster.json"), "attestations_signed": True}

    def opened(path: Path) -> Assembly:
        given = {"mode": "apply", "approved_plan": "0" * 64, "attestation": str(path)}
        parameters = check_parameters(lab.data(evidence=evidence, **given))
        return assemble(CONNECT, parameters, show_code=lambda *_: None)

    return opened


Attest = Callable[[Path], Assembly]


def test_an_attestation_counts_once_all_whom_it_names_have_signed_it(
    attest: Attest, tmp_path: Path, tenant: str, lab: Served
) -> None:
    path = attestation(tmp_path, tenant, second_person="Bob Frey")
    with pytest.raises(AttestationError, match="Ana Lima, Bob Frey") as refused:
        attest(path)
    assert (refused.value.exit_code, lab.runs()) == (2, [])

    first = word_signed(path, tenant, ANA)
    with pytest.raises(AttestationError, match=r"needs the signature of Bob Frey\."):
        attest(path)

    second = word_signed(path, tenant, BOB)
    assembly = attest(path)
    assembly.close()
    kept = {each.name: each.read_bytes() for each in (assembly.folder / "attestations").iterdir()}
    assert kept == {
        "attestation.yml": path.read_bytes(),
        f"attestation-{ANA.key_id[:8]}.dsse.json": first.read_bytes(),
        f"attestation-{BOB.key_id[:8]}.dsse.json": second.read_bytes(),
    }


WRONG_WORDS: list[tuple[dict[str, Any], str]] = [
    ({"sha256": "0" * 64}, "attestation-signature-of-another"),
    ({"plan": "1" * 64}, "attestation-signature-of-another"),
    ({"tenant": "another"}, "attestation-signature-of-another"),
    ({"by": "Bob Frey"}, "attestation-signature-of-another"),
    ({"at": datetime.now(UTC) + timedelta(hours=1)}, "attestation-signature-of-another"),
    ({"person": EVE, "by": "Ana Lima"}, "attestation-signature-without-role"),
    ({"person": somebody("Ana Lima")}, "approval-unknown-key"),
]


@pytest.mark.parametrize(("changed", "reason"), WRONG_WORDS)
def test_a_signature_over_anything_else_or_by_anybody_else_is_named(
    attest: Attest, tmp_path: Path, tenant: str, changed: dict[str, Any], reason: str
) -> None:
    path = attestation(tmp_path, tenant)
    word_signed(path, **{"tenant": tenant, "person": ANA} | changed)

    with pytest.raises(AttestationError) as refused:
        attest(path)
    assert [each.key for each in refused.value.reasons] == [reason]


def test_an_approval_is_no_signature_of_an_attestation(attest: Attest, tmp_path: Path, tenant: str) -> None:
    path = attestation(tmp_path, tenant)
    approval = approval_of(Plan(tenant, CONNECT, "1", {}, {}, ()), "Ana Lima", datetime.now(UTC))
    path.with_name(f"{path.name}.x.dsse.json").write_bytes(sign(approval, [ANA.signer]))

    with pytest.raises(AttestationError) as refused:
        attest(path)
    assert [each.key for each in refused.value.reasons] == ["attestation-signature-of-another"]


def weighed(folder: Path, **replaced: bytes) -> list[tuple[str, str]]:
    """What a verifier makes of the approvals in a run's files, some of them replaced."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    points = check_approvals(read_journal(folder / "journal.jsonl"), files | replaced)
    return [(point.weight.value, point.message.key) for point in points]


def test_the_roster_of_the_approvals_is_proven_by_one_that_the_verifier_brings() -> None:
    """Another one proves nothing of it, and does not break it either: rosters change with the years."""
    right, other = (roster_from(written(each.entry()), "roster.json") for each in (ANA, EVE))
    kept = [not_proven("verify-roster-right", sha256=right.sha256)]

    assert [*with_roster(kept, Trust(right, "mine.json"))] == [proven("verify-roster-same", roster="mine.json")]
    assert [*with_roster(kept, Trust(other, "mine.json"))] == [*with_roster(kept, Trust())] == kept


def test_who_signed_the_plan_that_was_sent_can_be_verified_from_the_record_alone(
    lab: Served, open_run: Open, tmp_path: Path
) -> None:
    plan = ended(open_run()).run.plan
    given = {"mode": "apply", "approved_plan": plan.digest, "approvals": [signed(tmp_path, plan, ANA)]}
    folder = ended(open_run(**given)).folder
    told = ("proven", "verify-approved")
    other = Path(signed(tmp_path, plan, ANA, number=2)).read_bytes()

    assert weighed(folder) == [told, ("proven", "verify-approval-signed"), ("not-proven", "verify-roster-right")]
    for changed in (b"", other, (folder / "approvals" / "approval-1.dsse.json").read_bytes()[:-2]):
        wrong = weighed(folder, **{"approvals/approval-1.dsse.json": changed})
        assert wrong == [told, ("broken", "verify-approval-signature")]
    for changed in (b"", written(EVE.entry())):
        assert weighed(folder, **{"approvals/roster.json": changed}) == [told, ("broken", "verify-roster-other")]


def signed_list(folder: Path, plan: Plan, *others: str, **changed: str) -> str:
    """Write Ana's approval of a fleet's plan and return its path."""
    fleet = {"list": "5" * 64, "runbook": plan.runbook, "version": plan.version} | changed
    statement = fleet_approval_of(
        (fleet["list"], fleet["runbook"], fleet["version"]), (*others, plan.digest), ANA.name, datetime.now(UTC)
    )
    path = folder / "fleet.approval-Ana.dsse.json"
    path.write_bytes(sign(statement, [ANA.signer]))
    return str(path)


def test_a_list_that_holds_the_plan_approves_it_and_one_that_does_not_is_named(
    lab: Served, open_run: Open, tmp_path: Path
) -> None:
    """Whatever else it lists; of another version of the kit, it is of another plan. It is for one sending, as any approval."""
    plan = ended(open_run()).run.plan
    apply = {"mode": "apply", "approved_plan": plan.digest}
    before = changes(lab)

    without = signed_list(tmp_path, replace(plan, tenant="another"))
    assert reasons(ended(open_run(**apply, approvals=[without]))) == ["approvals-missing", "approval-of-another-plan"]
    older = signed_list(tmp_path, plan, version="0.0.1/1")
    assert reasons(ended(open_run(**apply, approvals=[older]))) == ["approvals-missing", "approval-of-another-plan"]
    assert changes(lab) == before

    approval = signed_list(tmp_path, plan, "0" * 64, "f" * 64)
    done = ended(open_run(**apply, approvals=[approval]))
    assert (done.run.exit_code, changes(lab)) == (0, before + 1)
    files = {f"approvals/{each.name}": each.read_bytes() for each in (done.folder / "approvals").iterdir()}
    journal = read_journal(done.folder / "journal.jsonl")
    assert proven("verify-approval-signed", names=("Ana Lima",), digest=plan.digest) in list(
        check_approvals(journal, files)
    )

    lab.world.tenant("contoso").server.set_writeback(CLOUD, enabled=False)
    ended(open_run())
    assert reasons(ended(open_run(**apply, approvals=[approval]))) == ["approvals-missing", "approval-before-sending"]


def test_a_list_is_read_in_exactly_the_form_in_which_it_is_written(tmp_path: Path) -> None:
    good = fleet_approval_of(("5" * 64, CONNECT, "1/1"), ["b" * 64, "a" * 64], "Ana Lima", datetime.now(UTC))
    predicate, subject = good["predicate"], good["subject"]

    assert plans_approved_in(good) == {"a" * 64, "b" * 64}
    for wrong in (
        good | {"subject": []},
        good | {"subject": [subject[0] | {"name": "plan"}, subject[1]]},
        good | {"subject": [{"name": "plan-1", "digest": {"sha256": 1}}]},
        good | {"predicate": predicate | {"more": ""}},
        good | {"predicate": predicate | {"at": "2026-12-01T10:00:00"}},
        good | {"predicate": predicate | {"at": "today"}},
        good | {"predicate": predicate | {"by": 1}},
        good | {"predicate": 1},
        good | {"predicateType": "urn:runbook-kit:plan-approval:v1"},
    ):
        assert plans_approved_in(wrong) == frozenset(), wrong
