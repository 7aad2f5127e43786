"""A person's word is written as it will be read: complete, private, and under names of ours."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import EvidenceError
from runbook_lib.model import Attestation
from runbook_lib.parameters import (
    InvalidAttestationError,
    Picture,
    opened,
    read_attestation,
    read_attested,
    write_attestation,
)
from runbook_lib.parameters.shapes import HIDDEN
from tests.pictures import jpeg, png

PICTURES = [picture for picture in map(opened, (png(3, 3), jpeg(4, 4), png(5, 5))) if isinstance(picture, Picture)]
WORD = Attestation(
    "3b1f" * 16,
    "3d9e5ca2-8d30-4b2e-9f76-2e4d9c13a003",
    ("p3", "p4", "p5"),
    "Zoé Martin-Ørsted",
    "2026-11-22T14:30:00.000000Z",
    {"write_back": True, "unlock": False},
)

PEOPLE = st.text(min_size=1, max_size=120).filter(lambda name: not HIDDEN.search(name) and name == name.strip() != "")
WORDS = st.builds(
    Attestation,
    st.text("0123456789abcdef", min_size=64, max_size=64),
    st.uuids().map(str),
    st.just(("p3", "p4", "p5")),
    PEOPLE,
    st.datetimes().map(lambda moment: moment.isoformat(timespec="microseconds") + "Z"),
    st.fixed_dictionaries({"write_back": st.booleans(), "unlock": st.booleans()}),
    st.just("") | PEOPLE,
)


@given(WORDS, st.lists(st.sampled_from(PICTURES), max_size=6))
def test_what_is_written_is_read_again_or_refused_before_anybody_relies_on_it(
    word: Attestation, pictures: list[Picture]
) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder, "word")
        if word.by.casefold().split() == word.second_person.casefold().split():
            with pytest.raises(InvalidAttestationError):
                write_attestation(place, word, pictures)
            assert not place.exists()
            return
        path = write_attestation(place, word, pictures)
        read, (_, *kept) = read_attested(path)

        assert read == Attestation(**{**vars(word), "file": str(path)})
        assert [each.content for each in kept] == [picture.content for picture in pictures]
        assert [each.name for each in kept] == [each.original for each in kept]


def test_the_files_are_for_their_owner_only_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = write_attestation(tmp_path / "word", WORD, PICTURES)
    finally:
        os.umask(before)

    modes = {each.name: each.stat().st_mode & 0o777 for each in (path.parent, *path.parent.iterdir())}
    assert modes == {
        "word": 0o700,
        "attestation.yml": 0o600,
        "screenshot-1.png": 0o600,
        "screenshot-2.jpg": 0o600,
        "screenshot-3.png": 0o600,
    }


def test_a_word_is_never_written_over_another(tmp_path: Path) -> None:
    write_attestation(tmp_path / "word", WORD)

    with pytest.raises(EvidenceError):
        write_attestation(tmp_path / "word", Attestation(**{**vars(WORD), "by": "Somebody Else"}))
    assert read_attestation(tmp_path / "word" / "attestation.yml").by == WORD.by


def test_a_folder_that_cannot_be_made_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError):
        write_attestation(tmp_path / "missing" / "word", WORD)
