"""Tampering with real bundles: whatever is done to one is found, and named. What is untouched is proven, in plain words."""

import base64
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.canonical import canonical
from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import JOURNAL
from runbook_lib.evidence.sealing.bundle import Bundle, read_bundle, seal, with_manifest
from runbook_lib.evidence.sealing.checking import Trust, check_files
from runbook_lib.evidence.sealing.contents import ENVELOPE, MANIFEST, RECIPES, is_signature
from runbook_lib.evidence.sealing.points import Verdict, Weight
from runbook_lib.evidence.sealing.statement import RUN
from runbook_lib.model import Json
from runbook_lib.notebook.retelling import Expected
from runbook_lib.notebook.sealing import Sealed, seal_run
from runbook_lib.notebook.telling import DRAWN_WITH, drawn_with, told_by
from runbook_lib.notebook.verifying import opened, verdict_of, verify
from tests.sealed import CHANGE, NOW, Runs, manner, roster, runs, signer, unpacked
from tests.unit.notebook.test_record import a_run

Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def made() -> Iterator[Runs]:
    with runs() as ready:
        yield ready


@pytest.fixture(scope="module")
def trust(made: Runs) -> Trust:
    """A verifier who knows who seals."""
    return Trust(roster(made.sealer), "roster.json")


@pytest.fixture(scope="module")
def sealed(made: Runs, tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return made.sealed(made.applied, tmp_path_factory.mktemp("sealed"))


@pytest.fixture(scope="module")
def files(sealed: Sealed) -> Files:
    return read_bundle(sealed.bundle).files


def look(files: Files, trust: Trust | None = None, expected: Expected | None = None) -> Verdict:
    """What is found of the files of a bundle."""
    return verdict_of("bundle", files, (), trust or Trust(), expected or Expected())


def broken(verdict: Verdict) -> dict[str, dict[str, Any]]:
    """What is broken, by the key of what is said, with its arguments."""
    return {said.key: dict(said.arguments) for said in verdict.of(Weight.BROKEN)}


def proven(verdict: Verdict) -> set[str]:
    return {said.key for said in verdict.of(Weight.PROVEN)}


WHOLE = {
    "verify-files",
    "verify-signed",
    "verify-journal",
    "verify-told",
    "verify-approved",
    "verify-views",
    "verify-expected",
}


def test_an_untouched_bundle_is_proven(made: Runs, sealed: Sealed, trust: Trust) -> None:
    verdict = verify(sealed.bundle, trust, Expected(change=CHANGE["number"]))

    assert verdict.is_proven
    assert proven(verdict) == WHOLE
    assert {said.key for said in verdict.of(Weight.NOT_PROVEN)} == {
        "verify-no-stamp",
        "verify-approval-unsigned",
        "verify-as-sealed",
        "verify-host",
    }


def test_without_a_roster_nobody_is_said_to_have_sealed(sealed: Sealed) -> None:
    verdict = verify(sealed.bundle, Trust(), Expected())

    assert verdict.is_proven
    assert "verify-signed" not in proven(verdict)
    assert "verify-no-roster" in {said.key for said in verdict.of(Weight.NOT_PROVEN)}


def test_a_plan_that_changed_nothing_says_so(made: Runs, tmp_path: Path, trust: Trust) -> None:
    verdict = verify(made.sealed(made.other, tmp_path).bundle, trust, Expected())

    assert verdict.is_proven
    assert "verify-nothing-sent" in proven(verdict)


def test_an_unpacked_bundle_is_proven_like_the_bundle(sealed: Sealed, tmp_path: Path, trust: Trust) -> None:
    assert verify(unpacked(sealed.bundle, tmp_path / "there"), trust, Expected()).is_proven


def positions(content: bytes) -> set[int]:
    """One byte of each kind: the first, the last, in the middle, and around what structures it."""
    marks = [content.find(mark) for mark in (b"{", b'"', b":", b"\n", b"}", b"=", b"<", b"\xff")]
    third = len(content) // 3
    return {0, 1, third, len(content) // 2, 2 * third, len(content) - 2, len(content) - 1, *marks} - {-1}


def flipped(content: bytes, at: int, flip: int = 1) -> bytes:
    changed = bytearray(content)
    changed[at] ^= flip
    return bytes(changed)


def test_a_changed_byte_of_any_file_is_found_and_the_file_is_named(files: Files) -> None:
    """Of what the manifest names. At every position class, and so that text stays text or becomes none."""
    for name in (name for name in files if not is_signature(name)):
        for at in positions(files[name]) if files[name] else ():
            changed = flipped(files[name], at, flip=0x80 if at % 2 else 0x01)
            found = broken(checked({**files, name: changed}))
            assert found["verify-changed"]["names"] == (name,), (name, at)


def checked(files: Files, trust: Trust | None = None) -> Verdict:
    """What the files show without drawing anything, which is what a byte must not get past."""
    found = check_files(files, trust or Trust())
    return Verdict("bundle", found.points, found.statement)


def test_any_changed_byte_of_what_is_signed_or_signs_is_found(files: Files) -> None:
    """With nobody known: whoever changes these bytes could not even say who."""
    for name in filter(is_signature, files):
        for at in range(0, len(files[name]), 1 + len(files[name]) // 150):
            verdict = checked({**files, name: flipped(files[name], at)})
            assert not verdict.is_proven, (name, at)


def test_any_changed_byte_of_the_zip_file_is_found(sealed: Sealed, tmp_path: Path) -> None:
    """By its structure, its content, or its name, which holds the beginning of its hash."""
    content = sealed.bundle.read_bytes()
    directory = content.index(b"PK\x01\x02")
    places = {*range(40), *range(directory - 20, directory + 60), *range(len(content) - 22, len(content))}
    for at in places | set(range(0, len(content), len(content) // 100)):
        changed = tmp_path / sealed.name
        changed.write_bytes(flipped(content, at))
        try:
            _, named = opened(changed)
        except EvidenceError:
            continue
        assert [point.message.key for point in named] == ["verify-name"], at


def test_a_bundle_that_was_cut_off_is_said_to_be_no_bundle(sealed: Sealed, tmp_path: Path) -> None:
    cut = tmp_path / sealed.name
    cut.write_bytes(sealed.bundle.read_bytes()[:-100])

    assert broken(verify(cut, Trust(), Expected())).keys() == {"archive-structure"}


def test_a_file_that_is_taken_out_is_named(files: Files) -> None:
    for name in files:
        left = {other: content for other, content in files.items() if other != name}
        found = broken(checked(left))
        if name.startswith("signer-"):
            assert "verify-no-key" in found
        else:
            assert name in found["verify-missing"]["names"]


def test_a_file_that_is_added_is_named(files: Files, sealed: Sealed, tmp_path: Path) -> None:
    assert broken(checked({**files, "raw/9999-x.json": b"{}"}))["verify-added"]["names"] == ("raw/9999-x.json",)
    there = unpacked(sealed.bundle, tmp_path / "there")
    (there / "note.txt").write_text("x", encoding="utf-8")
    assert broken(verify(there, Trust(), Expected()))["verify-added"]["names"] == ("note.txt",)


def test_a_hidden_file_or_a_link_that_is_added_is_named(sealed: Sealed, tmp_path: Path) -> None:
    for number, name in enumerate((".hidden", "link")):
        there = unpacked(sealed.bundle, tmp_path / str(number))
        (there / name).symlink_to(there / JOURNAL)

        assert name in str(broken(verify(there, Trust(), Expected()))["evidence-strange-file"]["path"])


def test_a_file_that_is_renamed_is_named_with_both_names(files: Files) -> None:
    others = {("plan-1.json" if name == "plan.json" else name): content for name, content in files.items()}

    assert broken(checked(others))["verify-renamed"] == {"old": "plan.json", "new": "plan-1.json"}


def test_files_that_change_places_are_named(files: Files) -> None:
    swapped = {**files, "before.json": files["after.json"], "after.json": files["before.json"]}

    assert broken(checked(swapped))["verify-changed"]["names"] == ("after.json", "before.json")


def test_a_file_from_another_tenant_is_named(made: Runs, files: Files, tmp_path: Path) -> None:
    other = read_bundle(made.sealed(made.other, tmp_path).bundle).files

    for name in (JOURNAL, "report.fr.html", "result.json"):
        assert name in broken(checked({**files, name: other[name]}))["verify-changed"]["names"]
    assert "verify-other-manifest" in broken(checked({**files, MANIFEST: other[MANIFEST]}))
    assert "verify-other-manifest" in broken(checked({**files, ENVELOPE: other[ENVELOPE]}))


def test_a_bundle_in_the_place_of_another_tenant_is_named(made: Runs, tmp_path: Path, trust: Trust) -> None:
    """A genuine bundle under the name of another; and one that keeps its digits, too."""
    ours, theirs = (made.sealed(each, tmp_path / "sealed") for each in (made.applied, made.other))
    swapped = tmp_path / ours.name
    shutil.copy(theirs.bundle, swapped)
    assert broken(verify(swapped, trust, Expected())).keys() == {"verify-name", "verify-called-otherwise"}

    called = swapped.with_name(f"{ours.name[:-16]}{theirs.sha256[:12]}.zip")
    shutil.copy(theirs.bundle, called)
    found = broken(verify(called, trust, Expected()))
    assert found["verify-called-otherwise"]["tenant"] == "fabrikam"


def test_a_bundle_under_a_name_of_ones_own_is_proven(sealed: Sealed, tmp_path: Path, trust: Trust) -> None:
    shutil.copy(sealed.bundle, tmp_path / "evidence (1).zip")

    assert verify(tmp_path / "evidence (1).zip", trust, Expected()).is_proven


def test_an_old_bundle_is_found_out_by_whoever_knows_what_they_asked_for(made: Runs, files: Files) -> None:
    """It is genuine: only the plan and the number of the change tell it from the one that was wanted."""
    digest = json.loads(files["plan.json"])["digest"]

    assert look(files, expected=Expected(digest, CHANGE["number"])).is_proven
    wrong = broken(look(files, expected=Expected("0" * 64, "CHG0099999")))
    assert wrong["verify-other-plan"] == {"found": digest, "expected": "0" * 64}
    assert wrong["verify-other-change"] == {"found": CHANGE["number"], "expected": "CHG0099999"}


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"valid_until": "2026-11-30"}, "verify-key-expired"),
        ({"valid_from": "2026-12-01"}, "verify-key-not-yet"),
        ({"roles": ["approver"]}, "verify-no-sealer"),
    ],
)
def test_a_key_that_was_not_good_or_not_for_this_is_named(
    made: Runs, files: Files, changed: dict[str, Any], key: str
) -> None:
    since = NOW - timedelta(days=30)
    found = broken(checked(files, Trust(roster(made.sealer, since=since, **changed), "roster.json")))

    assert found.keys() == {key}
    assert found[key]["name"] == "Ana Lima"


def test_a_bundle_that_somebody_unknown_sealed_anew_is_named(made: Runs, tmp_path: Path, trust: Trust) -> None:
    """Whole in itself, and so proven to whoever has no roster."""
    forged = seal_run(made.applied, manner(signer(), tmp_path)).bundle

    assert verify(forged, Trust(), Expected()).is_proven
    found = broken(verify(forged, trust, Expected()))
    assert found.keys() == {"verify-unknown-key"}
    assert found["verify-unknown-key"]["roster"] == "roster.json"


def test_a_key_that_signed_nothing_and_a_signature_without_its_key_are_found(files: Files) -> None:
    other = seal({MANIFEST: files[MANIFEST]}, RUN, {}, [signer()], NOW).files["signer-1.pem"]

    assert "verify-key-unused" in broken(checked({**files, "signer-2.pem": other}))
    assert "verify-no-key" in broken(checked({**files, "signer-1.pem": other}))
    envelope = json.loads(files[ENVELOPE])
    assert "verify-not-signed" in broken(
        checked({**without_key(files), ENVELOPE: canonical({**envelope, "signatures": []})})
    )


def without_key(files: Files) -> Files:
    return {name: content for name, content in files.items() if not name.startswith("signer-")}


def test_a_statement_that_was_changed_is_not_what_was_signed(files: Files) -> None:
    envelope = json.loads(files[ENVELOPE])
    said = json.loads(base64.b64decode(envelope["payload"]))
    said["predicate"]["states"]["c7"] = "failed"
    changed = {**envelope, "payload": base64.b64encode(canonical(said)).decode()}

    assert "verify-signature-bad" in broken(checked({**files, ENVELOPE: canonical(changed)}))


Lie = Callable[[dict[str, bytes], dict[str, Json]], None]


def told_falsely(made: Runs, files: Files, lie: Lie) -> Verdict:
    """A bundle that somebody sealed whose key is in the roster, and who lied before."""
    evidence = {name: content for name, content in files.items() if not is_signature(name) and name != RECIPES}
    predicate = {**told_by(made.applied).predicate, DRAWN_WITH: drawn_with()}
    lie(evidence, predicate)
    sealed: Bundle = seal(with_manifest(evidence), RUN, predicate, [made.sealer], NOW)
    return look(sealed.files, Trust(roster(made.sealer), "roster.json"))


def put(name: str, old: bytes, new: bytes) -> Lie:
    def lie(evidence: dict[str, bytes], _predicate: dict[str, Json]) -> None:
        assert old in evidence[name]
        evidence[name] = evidence[name].replace(old, new)

    return lie


def say(**changed: Json) -> Lie:
    return lambda evidence, predicate: predicate.update(changed)


LIES: dict[str, tuple[Lie, str]] = {
    "states": (say(states={"c7": "verified"}), "verify-told-otherwise"),
    "ladder": (say(ladder="L4"), "verify-told-otherwise"),
    "more": (say(approvedByTheBoard=True), "verify-told-otherwise"),
    "page": (put("report.en.html", b"contoso", b"fabrikam"), "verify-view-differs"),
    "journal": (put(JOURNAL, b'"compliant"', b'"verified"'), "journal-damaged"),
    "plan": (put("plan.json", b'"set_password_writeback"', b'"set_something_else"'), "verify-other-plan-file"),
    "no-journal": (lambda evidence, predicate: evidence.pop(JOURNAL) and None, "verify-missing"),
}


@pytest.mark.parametrize(("lie", "key"), LIES.values(), ids=LIES)
def test_a_sealer_who_lies_is_found_out_by_the_journal(made: Runs, files: Files, lie: Lie, key: str) -> None:
    assert key in broken(told_falsely(made, files, lie))


def rewritten(evidence: dict[str, bytes], change: Callable[[list[Json]], Any]) -> None:
    """Write the journal anew as a whole, with a chain that holds."""
    lines = [json.loads(line) for line in evidence[JOURNAL].splitlines()]
    change(lines)
    written, previous = [], "0" * 64
    for number, line in enumerate(lines, 1):
        raw = canonical({**line, "n": number, "previous": previous})
        previous = hashlib.sha256(raw).hexdigest()
        written.append(raw + b"\n")
    evidence[JOURNAL] = b"".join(written)


def test_a_journal_with_a_sending_that_nobody_approved_is_found_out(made: Runs, files: Files) -> None:
    def drop(lines: list[Json]) -> None:
        lines[:] = [line for line in lines if line["event"] != "approved"]

    found = broken(told_falsely(made, files, lambda evidence, _: rewritten(evidence, drop)))

    assert "verify-sent-unapproved" in found
    assert "verify-told-otherwise" in found


def test_a_journal_whose_approval_is_of_another_plan_is_found_out(made: Runs, files: Files) -> None:
    def other(lines: list[Json]) -> None:
        (approved,) = [line for line in lines if line["event"] == "approved"]
        approved["data"]["plan"]["version"] = "other"

    found = broken(told_falsely(made, files, lambda evidence, _: rewritten(evidence, other)))

    assert "verify-approval-other-plan" in found


def test_pages_of_other_versions_are_said_to_be_not_compared(made: Runs, files: Files) -> None:
    older = {**drawn_with(), "babel": "2.0"}
    verdict = told_falsely(made, files, say(**{DRAWN_WITH: older}))

    assert verdict.is_proven
    assert "verify-views-not-drawn" in {said.key for said in verdict.of(Weight.NOT_PROVEN)}


def test_a_journal_of_a_later_version_is_said_to_be_not_understood(made: Runs, files: Files) -> None:
    def later(lines: list[Json]) -> None:
        lines[0]["data"]["runbook"] = "enable-teleport"

    verdict = told_falsely(made, files, lambda evidence, _: rewritten(evidence, later))

    assert "verify-not-understood" in {said.key for said in verdict.of(Weight.NOT_PROVEN)}


def test_a_run_that_stopped_is_proven_as_that(tmp_path: Path) -> None:
    folder = a_run(tmp_path / "outputs")
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    (folder / JOURNAL).write_bytes(b"".join(lines[:-1]) + b'{"at":"2026')

    verdict = verify(seal_run(folder, manner(signer())).bundle, Trust(), Expected())

    assert verdict.is_proven
    assert {"verify-not-ended", "verify-torn"} <= {said.key for said in verdict.of(Weight.NOT_PROVEN)}


@pytest.mark.parametrize("name", ["nothing.zip", "empty"])
def test_what_is_no_bundle_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EvidenceError) as refused:
        verify(tmp_path / name, Trust(), Expected())

    assert refused.value.message.key == "verify-nothing-there"


def test_the_folder_of_a_run_is_said_to_be_not_sealed(made: Runs) -> None:
    with pytest.raises(EvidenceError) as refused:
        verify(made.plan, Trust(), Expected())

    assert refused.value.message.key == "verify-not-sealed"
