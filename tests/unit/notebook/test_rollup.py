"""The roll-up of runs over several tenants: whoever was planned is accounted for, and a tenant that was dropped is missed by name."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import each_run
from runbook_lib.evidence.batches import BatchRecord, Planned, batch_from, read_batch
from runbook_lib.evidence.sealing.bundle import read_bundle, seal, with_manifest
from runbook_lib.evidence.sealing.checking import Trust
from runbook_lib.evidence.sealing.contents import is_signature
from runbook_lib.evidence.sealing.points import Verdict, Weight
from runbook_lib.evidence.sealing.rollup import NOT_BEGUN
from runbook_lib.evidence.sealing.statement import BATCH
from runbook_lib.notebook.retelling import Expected
from runbook_lib.notebook.sealing import seal_batch, seal_run
from runbook_lib.notebook.verifying import verify
from tests.sealed import NOW, Runs, manner, roster, runs
from tests.unit.notebook.test_verifying import broken, proven


@pytest.fixture(scope="module")
def made() -> Iterator[Runs]:
    with runs() as ready:
        yield ready


@pytest.fixture(scope="module")
def record(made: Runs) -> Path:
    """A batch of contoso, fabrikam, and tailspin, whose run was never begun."""
    planned = [Planned(each.parent.name, each.name) for each in (made.applied, made.other)]
    batch = BatchRecord(made.outputs, "enable-connect-writeback", "plan", [*planned, Planned("tailspin", "never")])
    batch.note(made.applied.name, 0)
    batch.note(made.other.name, 3)
    batch.close()
    return batch.path


@pytest.fixture
def rollup(made: Runs, record: Path, tmp_path: Path) -> Path:
    """Its roll-up, with the bundles beside it."""
    return seal_batch(record, manner(made.sealer, tmp_path))[0].path


@pytest.fixture
def look(made: Runs) -> Callable[[Path], Verdict]:
    return lambda path: verify(path, Trust(roster(made.sealer), "roster.json"), Expected())


def test_a_roll_up_accounts_for_every_tenant_that_was_planned(rollup: Path, look: Callable[[Path], Verdict]) -> None:
    verdict = look(rollup)

    assert verdict.is_proven
    assert {"verify-files", "verify-signed", "rollup-complete"} == proven(verdict)
    (left,) = [said for said in verdict.of(Weight.NOT_PROVEN) if said.key.startswith("rollup-")]
    assert (left.key, left.arguments["tenant"]) == ("rollup-not-begun", "tailspin")
    assert [member.statement.predicate["tenant"]["name"] for member in verdict.members if member.statement] == [
        "contoso",
        "fabrikam",
    ]


def test_bundles_are_found_where_sealing_puts_them_below_the_outputs(
    made: Runs, record: Path, look: Callable[[Path], Verdict]
) -> None:
    kept, members, problems = seal_batch(record, manner(made.sealer))

    assert problems == []
    assert kept.path.parent == record.parent
    assert [member.why for member in members] == ["", "", NOT_BEGUN]
    assert len(look(kept.path).members) == 2
    assert {run.tenant for run in each_run(made.outputs)} == {"contoso", "fabrikam"}  # `_batches` is no tenant


def test_a_tenant_whose_bundle_is_taken_away_is_missed_by_name(rollup: Path, look: Callable[[Path], Verdict]) -> None:
    (bundle,) = rollup.parent.glob("*fabrikam*.zip")
    bundle.unlink()

    found = broken(look(rollup))
    assert found["rollup-bundle-missing"] == {"tenant": "fabrikam", "name": bundle.name}


def test_an_older_bundle_in_the_place_of_the_one_that_was_sealed_is_named(
    made: Runs, rollup: Path, tmp_path: Path, look: Callable[[Path], Verdict]
) -> None:
    """It is genuine, of the same tenant, and proven by itself."""
    older = seal_run(made.plan, manner(made.sealer, tmp_path / "older")).bundle
    (bundle,) = rollup.parent.glob("*contoso*.zip")
    shutil.copy(older, bundle)

    assert broken(look(rollup))["rollup-bundle-other"]["tenant"] == "contoso"


def test_bundles_that_change_places_are_both_named(rollup: Path, look: Callable[[Path], Verdict]) -> None:
    one, other = (next(rollup.parent.glob(f"*{tenant}*.zip")) for tenant in ("contoso", "fabrikam"))
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)

    said = [said.arguments["tenant"] for said in look(rollup).of(Weight.BROKEN) if said.key == "rollup-bundle-other"]
    assert said == ["contoso", "fabrikam"]


def test_a_changed_bundle_beside_a_roll_up_is_named(rollup: Path, look: Callable[[Path], Verdict]) -> None:
    bundle = next(rollup.parent.glob("*contoso*.zip"))
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(bytes(content))

    assert "rollup-bundle-other" in broken(look(rollup))


@pytest.mark.parametrize("place", ["statement", "record"])
def test_a_tenant_that_the_sealer_dropped_from_one_of_the_two_is_named(
    made: Runs, rollup: Path, tmp_path: Path, look: Callable[[Path], Verdict], place: str
) -> None:
    """The record of the batch is sealed with the roll-up, and each must name whom the other names."""
    files = {name: content for name, content in read_bundle(rollup).files.items() if not is_signature(name)}
    predicate = dict(look(rollup).statement.predicate)  # type: ignore[union-attr]
    if place == "statement":
        predicate["members"] = [each for each in predicate["members"] if each["tenant"] != "fabrikam"]
    else:
        batch = json.loads(files["batch.json"])
        batch["planned"] = [each for each in batch["planned"] if each["tenant"] != "fabrikam"]
        files["batch.json"] = json.dumps(batch).encode()
    forged = rollup.parent / "rollup.zip"
    forged.write_bytes(seal(with_manifest(files), BATCH, predicate, [made.sealer], NOW).content)

    found = broken(look(forged))
    key = "rollup-tenant-missing" if place == "statement" else "rollup-tenant-added"
    assert "fabrikam" in found[key]["names"][0]


def test_a_run_that_cannot_be_sealed_is_in_the_roll_up_with_why(made: Runs, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    shutil.copytree(made.outputs / "contoso", outputs / "contoso")
    journal = outputs / "contoso" / made.plan.name / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"compliant", b"verified", 1))
    planned = [Planned("contoso", made.plan.name), Planned("contoso", made.applied.name)]

    kept, members, problems = seal_batch(BatchRecord(outputs, "x", "plan", planned).path, manner(made.sealer))

    assert [member.why for member in members] == ["journal-damaged", ""]
    assert [folder for folder, _ in problems] == [journal.parent]
    verdict = verify(kept.path, Trust(), Expected())
    assert "rollup-not-sealed" in {said.key for said in verdict.of(Weight.NOT_PROVEN)}


def test_who_was_planned_is_on_the_disk_before_anything_is_run(tmp_path: Path) -> None:
    record = BatchRecord(tmp_path / "outputs", "preflight", "plan", [Planned("a", "1"), Planned("b", "2", "d" * 64)])

    batch = read_batch(record.path)
    assert [(each.tenant, each.run, each.exit_code) for each in batch.planned] == [("a", "1", None), ("b", "2", None)]
    record.note("2", 4)
    assert [each.exit_code for each in read_batch(record.path).planned] == [None, 4]
    assert read_batch(record.path).ended_at == ""
    record.close()
    assert read_batch(record.path).ended_at > batch.begun_at
    assert record.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"planned":[]}', b'{"planned":[{"tenant":1}],"format":1}'])
def test_what_is_no_record_of_a_batch_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError) as refused:
        batch_from(content, "batch.json")

    assert refused.value.message.key == "batch-unreadable"
