"""The verbs `runbook seal` and `runbook verify`: what an operator and an auditor are told, in their language, and the exit codes."""

import json
from pathlib import Path

import pytest

from runbook_lib.evidence import JOURNAL
from runbook_lib.evidence.sealing.bundle import read_bundle
from runbook_lib.evidence.signing import new_entry, open_signers
from runbook_lib.wiring.places import own_key
from tests.notebooks.served import PREFLIGHT, Served
from tests.sealed import NOW, unpacked
from tests.unit.cli.conftest import Runbook
from tests.unit.notebook.test_record import a_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return a_run(tmp_path / "outputs")


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A roster that holds this user's own key."""
    (signer,) = open_signers([""], own_key(), lambda _: "")
    entry = new_entry(signer.public_key, "Ana Lima", ["sealer"], NOW) | {"valid_until": "2036-01-01"}
    file = tmp_path / "roster.json"
    file.write_text(json.dumps({"roster": 1, "keys": [entry | {"valid_from": "2026-01-01"}]}), encoding="utf-8")
    return file


def bundle_of(run: Path) -> Path:
    (bundle,) = run.parent.glob("*.zip")
    return bundle


def test_a_run_is_sealed_beside_its_folder_and_verified_with_who_sealed_it(
    runbook: Runbook, run: Path, roster: Path
) -> None:
    sealed = runbook("seal", run, "--language", "en")
    assert sealed.code == 0
    assert f"verify {bundle_of(run)}" in sealed.out.replace("\n", " ")

    verified = runbook("verify", bundle_of(run), "--roster", roster, "--language", "en")
    assert verified.code == 0
    assert "Ana Lima sealed it" in verified.out
    assert "nothing is broken" in verified.out


def test_an_auditor_is_told_in_french_what_is_proven_what_is_not_and_what_is_broken(
    runbook: Runbook, run: Path, tmp_path: Path
) -> None:
    runbook("seal", run)
    there = unpacked(bundle_of(run), tmp_path / "there")
    (there / "report.fr.html").write_text("x", encoding="utf-8")

    said = runbook("verify", there, "--language", "fr")

    assert said.code == 1
    for part in ("Prouvé :", "Non prouvé :", "Altéré :", "Modifié depuis le scellement : report.fr.html"):
        assert part in said.out.replace("\u00a0", " ")


def test_machines_are_told_the_same_in_any_language(runbook: Runbook, run: Path, roster: Path) -> None:
    documents = [runbook("seal", run, "--json").document]
    told = [runbook("verify", bundle_of(run), "--json", "--language", each).document for each in ("en", "fr")]

    assert told[0] == told[1]
    assert told[0][0]["proven"] is True
    assert told[0][0]["statement"]["run"] == documents[0][0]["run_id"] == run.name
    assert runbook("verify", bundle_of(run), "--plan", "0" * 64, "--json").document[0]["proven"] is False


def test_a_run_that_cannot_be_sealed_does_not_keep_the_others_from_it(
    runbook: Runbook, run: Path, tmp_path: Path
) -> None:
    damaged = a_run(tmp_path / "damaged")
    (damaged / JOURNAL).write_bytes(b"{}\n")

    said = runbook("seal", damaged, run)

    assert said.code == 1
    assert str(damaged) in said.err
    assert bundle_of(run).is_file()


@pytest.mark.parametrize("given", [("seal",), ("verify", "nothing.zip"), ("seal", "nothing")])
def test_what_is_not_there_is_said_in_one_line(runbook: Runbook, given: tuple[str, ...]) -> None:
    said = runbook(*given)

    assert said.code in (1, 2)
    assert len(said.err.strip().splitlines()) == 1


def test_several_keys_sign_one_seal(runbook: Runbook, run: Path, tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("a.pem", "b.pem"))
    for key in (first, second):
        open_signers([""], key, lambda _: "")

    assert runbook("seal", run, "--key", f"file:{first}", "--key", f"file:{second}").code == 0

    assert {"signer-1.pem", "signer-2.pem"} < read_bundle(bundle_of(run)).files.keys()
    assert runbook("verify", bundle_of(run)).code == 0


def test_a_seal_with_pdf_holds_both_reports_as_pdf(runbook: Runbook, run: Path) -> None:
    assert runbook("seal", run, "--pdf").code == 0

    files = read_bundle(bundle_of(run)).files
    assert all(files[name].startswith(b"%PDF") for name in ("report.en.pdf", "report.fr.pdf"))
    assert runbook("verify", bundle_of(run)).code == 0


def test_tenants_that_were_run_together_are_sealed_together(runbook: Runbook, lab: Served) -> None:
    """With the command line alone: two are planned, one bundle is taken away, and it is missed."""
    files = [lab.file(tenant) for tenant in ("contoso", "fabrikam")]
    runbook("plan", PREFLIGHT, "-p", *files)
    (record,) = (lab.outputs / "_batches").glob("*.json")

    sealed = runbook("seal", "--rollup", record, "--json").document
    assert [member["tenant"] for member in sealed["members"]] == ["contoso", "fabrikam"]
    assert runbook("verify", sealed["rollup"]).code == 0

    next((lab.outputs / "fabrikam").glob("*.zip")).unlink()
    verified = runbook("verify", sealed["rollup"], "--language", "en")
    assert verified.code == 1
    assert "fabrikam: its bundle" in verified.out
    assert runbook("status", lab.outputs).code == 0
