"""A person's word stands on the cards of its steps as the run's record holds it, and what was altered since is named, not shown."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from runbook_lib.evidence import Line
from runbook_lib.model import Attestation, Status, StepResult
from runbook_lib.notebook.attested_card import (
    Attested,
    attested_markup,
    attested_of,
    attested_plain,
    attested_record,
)
from runbook_lib.notebook.card import MIME, Setting, bundle, record
from runbook_lib.parameters import Picture, opened, read_attested, write_attestation
from runbook_lib.texts import LANGUAGES
from tests.pictures import jpeg, png
from tests.unit.notebook.made import HOSTILE
from tests.unit.notebook.markup import Markup, refused

WORD = Attestation(
    "3b1f" * 16,
    "3d9e5ca2-8d30-4b2e-9f76-2e4d9c13a003",
    ("p3", "p4", "p5"),
    "Zoé Martin",
    "2026-11-22T14:30:00.000000Z",
    {"write_back": True, "unlock": False},
    "Sacha Dubois",
)
PICTURES = [picture for picture in map(opened, (png(300, 200), jpeg(200, 100))) if isinstance(picture, Picture)]
ATTESTED, CONTRADICTED = (StepResult("p5", status) for status in (Status.ATTESTED, Status.CONTRADICTED))


@dataclass
class Kept:
    """A run's folder with an attestation, and the lines of its journal about it."""

    folder: Path
    lines: list[Line]

    @property
    def attested(self) -> Attested:
        found = attested_of(self.folder, self.lines)
        assert found is not None
        return found

    def file(self, name: str) -> Path:
        return self.folder / "attestations" / name


def line(**data: Any) -> Line:
    return Line(1, "2026-11-22T14:31:00Z", "attestation-kept", data, "0" * 64, "0" * 64)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """An attestation as a run keeps it."""
    _, files = read_attested(write_attestation(tmp_path / "given", WORD, PICTURES))
    found = Kept(tmp_path, [line(file=file.name, original=file.original, sha256=file.sha256) for file in files])
    (tmp_path / "attestations").mkdir()
    for file in files:
        found.file(file.name).write_bytes(file.content)
    return found


def test_a_run_without_a_word_shows_none(tmp_path: Path) -> None:
    assert attested_of(tmp_path, []) is None
    assert attested_markup(None, ATTESTED, "en") == ""
    assert (attested_plain(None, ATTESTED, "en"), attested_record(None, ATTESTED)) == ([], None)


@pytest.mark.parametrize("result", [ATTESTED, CONTRADICTED], ids=lambda result: result.status)
def test_the_card_says_who_when_who_else_and_what_they_saw(kept: Kept, result: StepResult) -> None:
    text = Markup(attested_markup(kept.attested, result, "en")).text

    for said in ("Zoé Martin", "22 Nov 2026, 14:30:00", "UTC", "Sacha Dubois", "directory: Yes", "password: No"):
        assert said in text


def test_the_pictures_are_shown_reduced_with_the_hash_of_the_original(kept: Kept) -> None:
    markup = Markup(attested_markup(kept.attested, ATTESTED, "fr"))
    pictures = [attributes for tag, attributes in markup.elements if tag == "img"]

    assert refused(markup) == []
    assert [each["alt"] for each in pictures] == [
        "Capture screenshot-1.png, réduite, remise par Zoé Martin",
        "Capture screenshot-2.jpg, réduite, remise par Zoé Martin",
    ]
    for picture in PICTURES:
        assert f"sha256:{hashlib.sha256(picture.content).hexdigest()}" in markup.text
    assert f"sha256:{hashlib.sha256(kept.file('attestation.yml').read_bytes()).hexdigest()}" in markup.text


def test_the_same_pictures_stand_on_one_card_only(kept: Kept) -> None:
    first = StepResult("p3", Status.ATTESTED)

    assert "Zoé Martin" in attested_markup(kept.attested, first, "en")
    assert "<img" not in attested_markup(kept.attested, first, "en")


@pytest.mark.parametrize(
    "result",
    [StepResult("c5", Status.ATTESTED), StepResult("p5", Status.NEEDS_OPERATOR), StepResult("p3", Status.VERIFIED)],
    ids=str,
)
def test_a_step_that_does_not_rest_on_the_word_does_not_show_it(kept: Kept, result: StepResult) -> None:
    assert attested_markup(kept.attested, result, "en") == ""
    assert (attested_plain(kept.attested, result, "en"), attested_record(kept.attested, result)) == ([], None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_says_the_same(kept: Kept, language: Any) -> None:
    said = "\n".join(attested_plain(kept.attested, ATTESTED, language))

    for part in ("Zoé Martin", "Sacha Dubois", "2026", hashlib.sha256(PICTURES[0].content).hexdigest()):
        assert part in said


def test_the_record_holds_the_word_and_the_hashes_and_no_picture(kept: Kept) -> None:
    said = attested_record(kept.attested, ATTESTED)

    assert (said["word"]["by"], said["word"]["values"], said["word"]["file"]) == (
        WORD.by,
        WORD.values,
        "attestation.yml",
    )
    assert said["sha256"] == hashlib.sha256(kept.file("attestation.yml").read_bytes()).hexdigest()
    assert said["pictures"] == [
        {"file": f"screenshot-{at}.{picture.suffix}", "sha256": hashlib.sha256(picture.content).hexdigest()}
        for at, picture in enumerate(PICTURES, 1)
    ]
    assert "data:" not in repr(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_that_was_altered_is_named_and_not_believed(kept: Kept, language: Any) -> None:
    file = kept.file("attestation.yml")
    file.write_bytes(file.read_bytes().replace("Zoé".encode(), b"Eve"))
    text = Markup(attested_markup(kept.attested, ATTESTED, language)).text

    assert "Eve" not in text
    assert ("not in the record as it was judged" in text) == (language == "en")
    assert attested_plain(kept.attested, ATTESTED, language)
    assert attested_record(kept.attested, ATTESTED)["word"] is None


def test_a_picture_that_was_altered_or_is_gone_is_named_and_not_shown(kept: Kept) -> None:
    kept.file("screenshot-1.png").write_bytes(png(5))
    kept.file("screenshot-2.jpg").unlink()
    markup = Markup(attested_markup(kept.attested, ATTESTED, "en"))

    assert "img" not in [tag for tag, _ in markup.elements]
    assert "screenshot-1.png is not in the record" in markup.text
    assert "screenshot-2.jpg is not in the record" in markup.text


def test_a_journal_from_elsewhere_leads_to_no_other_file(kept: Kept, tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    outside.write_bytes(png())
    sha256 = hashlib.sha256(png()).hexdigest()
    stray = [line(file="../outside.png", sha256=sha256), line(file=7), line(), line(file="\0", sha256=sha256)]

    found = attested_of(kept.folder, [*kept.lines, *stray])
    assert found is not None
    assert [picture.name for picture in found.pictures if picture.small] == ["screenshot-1.png", "screenshot-2.jpg"]


def test_a_word_that_this_version_does_not_understand_is_not_believed(kept: Kept) -> None:
    kept.file("attestation.yml").write_bytes(b"x")
    lines = [line(file="attestation.yml", sha256=hashlib.sha256(b"x").hexdigest())]

    assert replace(kept, lines=lines).attested.word is None


@settings(max_examples=50)
@given(HOSTILE, HOSTILE)
def test_a_name_is_text_whatever_is_in_it(by: str, second: str) -> None:
    attested = Attested(replace(WORD, by=by, second_person=second), "0" * 64)

    assert refused(Markup(attested_markup(attested, ATTESTED, "en"))) == []


def test_the_card_of_a_step_carries_the_word_in_all_its_forms(kept: Kept) -> None:
    setting = Setting("en", is_lab=True, attested=kept.attested)
    shown = bundle(ATTESTED, setting)

    assert attested_markup(kept.attested, ATTESTED, "en") in str(shown["text/html"])
    assert str(shown["text/plain"]).endswith(attested_plain(kept.attested, ATTESTED, "en")[-1])
    assert shown[MIME] == {**record(ATTESTED), "attestation": attested_record(kept.attested, ATTESTED)}
    assert bundle(ATTESTED, replace(setting, attested=None))[MIME] == record(ATTESTED)
