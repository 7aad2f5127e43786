"""A run sealed: the same bytes each time but for signature and time, whole, private, and readable without us. What cannot be sealed is said."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL, Redactor, RunDirectory
from runbook_lib.evidence.sealing.bundle import read_bundle
from runbook_lib.evidence.sealing.contents import ENVELOPE, MANIFEST, read_manifest
from runbook_lib.evidence.sealing.recipes import commands
from runbook_lib.lab.clock import ManualClock
from runbook_lib.notebook.sealing import Sealed, seal_run
from tests.sealed import NOW, Runs, manner, runs, signer
from tests.unit.notebook.test_export import ADDRESS
from tests.unit.notebook.test_record import a_run

# What a bundle of a run without screenshots may take; a mailbox and a change record hold many.
MOST_BYTES = 400_000


def predicate(sealed: Sealed) -> dict[str, Any]:
    """What was signed beside the names of the files."""
    envelope = json.loads(read_bundle(sealed.bundle).files[ENVELOPE])
    return dict(json.loads(base64.b64decode(envelope["payload"]))["predicate"])


@pytest.fixture(scope="module")
def made() -> Iterator[Runs]:
    with runs() as ready:
        yield ready


@pytest.fixture(scope="module")
def sealed(made: Runs, tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return made.sealed(made.applied, tmp_path_factory.mktemp("sealed"))


def test_a_bundle_holds_the_record_the_pages_and_what_names_them(made: Runs, sealed: Sealed) -> None:
    files = read_bundle(sealed.bundle).files
    recorded = {path.relative_to(made.applied).as_posix() for path in made.applied.rglob("*") if path.is_file()}
    assert recorded < files.keys()
    assert {
        "notebook.html",
        "notebook.ipynb",
        "report.en.html",
        "report.fr.html",
        "VERIFY.txt",
        "signer-1.pem",
    } < files.keys()
    listed = {entry.name for entry in read_manifest(files[MANIFEST])}
    assert files.keys() - listed == {MANIFEST, ENVELOPE, "signer-1.pem"}
    assert sealed.name == f"enable-connect-writeback-contoso-{made.applied.name}-{sealed.sha256[:12]}.zip"
    assert sealed.bundle.stat().st_mode & 0o077 == 0


def test_a_bundle_is_small(sealed: Sealed) -> None:
    assert sealed.bundle.stat().st_size < MOST_BYTES


def test_sealing_changes_nothing_in_the_record(made: Runs, tmp_path: Path) -> None:
    def content() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in made.applied.rglob("*") if path.is_file()}

    before = content()
    made.sealed(made.applied, tmp_path)

    assert content() == before


def test_two_seals_of_one_run_differ_by_signature_and_time_alone(made: Runs, sealed: Sealed, tmp_path: Path) -> None:
    """Also when another person seals, on another day, what was copied to another place."""
    first = read_bundle(sealed.bundle)
    copy = tmp_path / "elsewhere" / "contoso" / made.applied.name
    shutil.copytree(made.applied, copy)
    other = read_bundle(seal_run(copy, manner(signer(), tmp_path / "second", NOW + timedelta(days=1))).bundle)

    different = {
        name for name in first.files.keys() | other.files.keys() if first.files.get(name) != other.files.get(name)
    }
    assert different == {ENVELOPE, "signer-1.pem"}
    assert first.manifest_sha256 == other.manifest_sha256
    same = read_bundle(made.sealed(made.applied, tmp_path / "third").bundle)
    assert same.content == first.content


def test_the_same_evidence_is_not_sealed_twice_by_the_same_keys(made: Runs, tmp_path: Path) -> None:
    """Nor twice by others, who each add a seal of their own."""
    first = made.sealed(made.applied, tmp_path)
    again = seal_run(made.applied, manner(made.sealer, tmp_path, NOW + timedelta(days=1)))
    other = seal_run(made.applied, manner(signer(), tmp_path))

    assert (again.was_there, again.bundle) == (True, first.bundle)
    assert (other.was_there, other.manifest_sha256) == (False, first.manifest_sha256)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_bundle_that_was_damaged_on_the_disk_is_not_taken_for_a_seal(made: Runs, tmp_path: Path) -> None:
    first = made.sealed(made.applied, tmp_path)
    content = first.bundle.read_bytes()
    first.bundle.write_bytes(content[:-1])

    assert not made.sealed(made.applied, tmp_path).was_there
    assert first.bundle.read_bytes() == content


@pytest.mark.parametrize("page", ["notebook.html", "report.en.html", "report.fr.html"])
def test_a_sealed_page_runs_nothing_and_fetches_nothing(sealed: Sealed, page: str) -> None:
    text = read_bundle(sealed.bundle).files[page].decode()

    assert "default-src 'none'" in text
    assert "<script" not in text
    addresses = {found.group(1) or found.group(2) for found in ADDRESS.finditer(text)}
    assert {each for each in addresses if each and not each.startswith(("data:", "#", "https://"))} == set()
    assert 'src="https://' not in text


def test_the_notebook_as_a_page_has_the_text_of_every_step(sealed: Sealed) -> None:
    files = read_bundle(sealed.bundle).files

    page, report = files["notebook.html"].decode(), files["report.en.html"].decode()
    assert page.count('class="where"') == 8
    assert "<code>runbook rollback RUN_DIR</code>" in page
    assert "`" not in page
    assert 'class="where"' not in report


@pytest.mark.parametrize("name", sorted(commands().keys() - {"time"}))  # that one is in test_stamping.py
def test_the_recipes_verify_a_bundle_without_the_kit(made: Runs, sealed: Sealed, tmp_path: Path, name: str) -> None:
    """Typed into a shell in the folder that unzip made, one after the other; and each fails once it should."""
    folder = tmp_path / "unpacked"
    subprocess.run(["unzip", "-q", str(sealed.bundle), "-d", str(folder)], check=True)
    text = (folder / "VERIFY.txt").read_text(encoding="utf-8")

    said = shell(folder, name)
    assert all(line in text for line in commands()[name].splitlines())
    assert GOOD[name](said, made), said

    for path in TOUCHED[name]:
        content = bytearray((folder / path).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / path).write_bytes(content)
    assert not GOOD[name](shell(folder, name), made)


GOOD = {
    "files": lambda said, made: said == "",
    "statement": lambda said, made: said.strip().endswith("manifest.json: named"),
    "signature": lambda said, made: "Signature Verified Successfully" in said,
    "whose": lambda said, made: made.sealer.public_key.keyid in said,
    "journal": lambda said, made: "journal.jsonl: named" in said and "broken" not in said,
}
TOUCHED = {
    "files": ["raw/0001-sync-server-host.json"],
    "statement": [MANIFEST],
    "signature": [ENVELOPE],
    "whose": ["signer-1.pem"],
    "journal": [JOURNAL],
}


def shell(folder: Path, name: str) -> str:
    """What a shell says when the recipe, after those it stands on, is typed in a folder."""
    needed = {
        "statement": [],
        "signature": ["statement"],
        "whose": ["statement", "signature"],
        "journal": ["statement"],
    }
    typed = [commands()[each] for each in needed.get(name, [])]
    before = "".join(f"{{\n{each}\n}} > /dev/null 2>&1\n" for each in typed)
    ended = subprocess.run(
        ["bash", "-c", before + commands()[name]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    return ended.stdout + ended.stderr


def test_a_run_that_stopped_can_be_sealed_and_says_so(tmp_path: Path) -> None:
    folder = a_run(tmp_path / "outputs")
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    (folder / JOURNAL).write_bytes(b"".join(lines[:-1]) + b'{"at":"2026')

    sealed = seal_run(folder, manner(signer()))

    assert not sealed.is_ended
    said = predicate(sealed)
    assert (said["ended"], said["exitCode"], said["journal"]["torn"]) == (False, None, True)
    assert sealed.bundle.parent == folder.parent


def test_a_run_that_is_going_on_is_refused(tmp_path: Path) -> None:
    directory = RunDirectory.create(tmp_path, "contoso", "open", Redactor())
    with directory.journal(ManualClock()) as journal:
        journal.record("opened", runbook="preflight")
        with pytest.raises(EvidenceError) as refused:
            seal_run(directory.path, manner(signer()))

    assert refused.value.message.key == "seal-run-open"


def test_a_run_whose_journal_was_changed_is_refused(tmp_path: Path) -> None:
    folder = a_run(tmp_path / "outputs")
    (folder / JOURNAL).write_bytes((folder / JOURNAL).read_bytes().replace(b"compliant", b"verified", 1))

    with pytest.raises(EvidenceError) as refused:
        seal_run(folder, manner(signer()))

    assert refused.value.message.key == "journal-damaged"
    assert list(folder.parent.glob("*.zip")) == []


@pytest.mark.parametrize("name", ["raw/é.json", "a b.txt", "signer-1.pem", "manifest.json"])
def test_a_file_that_is_not_of_a_record_is_named_and_not_sealed(tmp_path: Path, name: str) -> None:
    folder = a_run(tmp_path / "outputs")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x", encoding="utf-8")

    with pytest.raises(EvidenceError) as refused:
        seal_run(folder, manner(signer()))

    assert refused.value.message.key == "evidence-strange-file"
    assert name in str(refused.value)


def test_a_link_out_of_the_record_is_named_and_not_followed(tmp_path: Path) -> None:
    folder = a_run(tmp_path / "outputs")
    (folder / "raw").symlink_to(tmp_path)

    with pytest.raises(EvidenceError) as refused:
        seal_run(folder, manner(signer()))

    assert refused.value.message.key == "evidence-strange-file"


def test_a_state_taken_in_french_and_in_english_has_one_digest(made: Runs, tmp_path: Path) -> None:
    """Two runs, at two times, in two languages; and what they planned."""
    english, french = (predicate(made.sealed(folder, tmp_path)) for folder in (made.plan, made.french))

    assert english["run"] != french["run"]
    assert (english["state"], english["plan"]) == (french["state"], french["plan"])
    assert english["state"] != predicate(made.sealed(made.applied, tmp_path))["state"]


def test_a_secret_that_is_left_keeps_the_seal_from_being_made_and_is_not_repeated(tmp_path: Path) -> None:
    """One that the kit was told, and one that looks like one; the file and the place are named."""
    folder = a_run(tmp_path / "outputs")
    (folder / "note.txt").write_text("first\nthe word is Xq7-winter-RAIN\n", encoding="utf-8")
    known = replace(manner(signer()), redactor=Redactor(["Xq7-winter-RAIN"]))

    with pytest.raises(EvidenceError) as refused:
        seal_run(folder, known)

    assert refused.value.message.key == "evidence-secret-left"
    assert "note.txt: line 2" in str(refused.value)
    assert "winter" not in str(refused.value)
    assert list(folder.parent.glob("*.zip")) == []
