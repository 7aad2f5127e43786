"""A person's word is complete and unambiguous, or refused with every reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.errors import AttestationError
from runbook_lib.parameters import InvalidAttestationError, can_be_attested, read_attestation, read_attested, read_word
from tests.pictures import PRETENDERS, jpeg, png

PNG, JPEG = png(), jpeg()
PLAN = "3B1f" * 16
COMPLETE = f"""
plan: {PLAN}
tenant: 3D9E5CA2-8d30-4b2e-9f76-2e4d9c13a003
steps: [p3, p4, p5]
by: Zoé Martin-Ørsted
at: 2026-11-22T15:30:00+01:00
values: {{write_back: true, unlock: false}}
"""

Write = Callable[[Any], Path]


def problems_of(path: Path) -> list[tuple[int | None, str, str]]:
    """Return line, field and message key of every problem."""
    with pytest.raises(InvalidAttestationError) as caught:
        read_attestation(path)
    assert isinstance(caught.value, AttestationError)
    assert len(str(caught.value).splitlines()) == len(caught.value.problems)
    return [(each.line, each.field, each.message.key) for each in caught.value.problems]


def test_a_complete_attestation_is_normalised(written: Write) -> None:
    path = written(COMPLETE)
    read = read_attestation(path)

    assert (read.plan, read.tenant) == (PLAN.lower(), "3d9e5ca2-8d30-4b2e-9f76-2e4d9c13a003")
    assert (read.steps, read.by) == (("p3", "p4", "p5"), "Zoé Martin-Ørsted")
    assert read.at == "2026-11-22T14:30:00.000000Z"
    assert read.values == {"write_back": True, "unlock": False}
    assert (read.second_person, read.file) == ("", str(path))


@pytest.mark.parametrize(
    "time", ["2026-11-22T14:30:00Z", "'2026-11-22T15:30:00+01:00'", "2026-11-22 15:30:00+01:00", "'20261122T143000Z'"]
)
def test_a_time_may_be_written_with_or_without_quotes(written: Write, time: str) -> None:
    text = COMPLETE.replace("2026-11-22T15:30:00+01:00", time)

    assert read_attestation(written(text)).at == "2026-11-22T14:30:00.000000Z"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("by: Zoé Martin-Ørsted", "", (2, "by", "parameter-missing")),
        ("by: Zoé Martin-Ørsted", "by: ' '", (5, "by", "attestation-nobody")),
        ("15:30:00+01:00", "15:30:00", (6, "at", "attestation-time-without-zone")),
        ("2026-11-22T15:30:00+01:00", "yesterday", (6, "at", "attestation-not-a-time")),
        ("2026-11-22T15:30:00+01:00", "'0001-01-01T00:00:00+14:00'", (6, "at", "attestation-not-a-time")),
        ("[p3, p4, p5]", "[]", (4, "steps", "attestation-no-steps")),
        ("[p3, p4, p5]", "[p3, p3]", (4, "steps", "attestation-step-twice")),
        ("[p3, p4, p5]", "[P3]", (4, "steps[1]", "parameter-not-a-choice-near")),
        ("[p3, p4, p5]", "p3", (4, "steps", "parameter-not-a-list")),
        ("unlock: false", "unlock:", (7, "values.unlock", "attestation-value-missing")),
        ("unlock: false", "unlock: 'no'", (7, "values.unlock", "parameter-not-yes-or-no")),
        (PLAN, "latest", (2, "plan", "parameter-not-a-digest")),
        ("values:", "second_person: ZOÉ  martin-ørsted\nvalues:", (7, "second_person", "attestation-same-person")),
        ("values:", "screenshot: missing.png\nvalues:", (7, "screenshot", "picture-missing")),
        ("values:", f"screenshot: {'x' * 999}\nvalues:", (7, "screenshot", "picture-missing")),
        ("values:", "screenshots: [a.png, ../]\nvalues:", (7, "screenshots[1]", "picture-missing")),
        ("values:", "screenshots: a.png\nvalues:", (7, "screenshots", "parameter-not-a-list")),
        ("values:", f"screenshots: [{'a.png, ' * 7}]\nvalues:", (7, "screenshots", "parameter-list-too-long")),
        (
            "values:",
            "screenshot: a.png\nscreenshots: [b.png]\nvalues:",
            (8, "screenshots", "attestation-screenshots-twice"),
        ),
        ("values:", "signature: x\nvalues:", (7, "signature", "parameter-unknown")),
    ],
)
def test_an_incomplete_or_ambiguous_attestation_is_refused(
    written: Write, before: str, after: str, expected: tuple[int, str, str]
) -> None:
    assert before in COMPLETE

    assert problems_of(written(COMPLETE.replace(before, after)))[:1] == [expected]


def test_steps_that_the_page_does_not_show_need_no_values(written: Write) -> None:
    text = COMPLETE.replace("[p3, p4, p5]", "[c5]").replace("values: {write_back: true, unlock: false}", "")

    assert read_attestation(written(text)).values == {}


def test_a_step_of_a_runbook_that_only_looks_cannot_be_attested() -> None:
    assert [step for step in ("c1", "d8", "p2", "f1", "v1") if can_be_attested(step)] == ["c1", "d8", "p2"]


@pytest.mark.parametrize("step", ["c6", "c7", "d6", "d7"])
def test_what_the_wizard_was_told_has_to_be_said(written: Write, step: str) -> None:
    text = COMPLETE.replace("[p3, p4, p5]", f"[{step}]")

    assert problems_of(written(text)) == [(7, "values.connect_writeback", "attestation-value-missing")]
    seen = text.replace("{write_back: true, unlock: false}", "{connect_writeback: true, onboarded: true}")
    assert read_attestation(written(seen)).values == {"connect_writeback": True, "onboarded": True}


def test_a_screenshot_counts_from_the_folder_of_the_attestation(written: Write, tmp_path: Path) -> None:
    (tmp_path / "portal.png").write_bytes(PNG)
    path = written(f"{COMPLETE}screenshot: portal.png\n")

    _, (_, picture) = read_attested(path)
    assert (picture.name, picture.original, picture.content) == ("screenshot.png", "portal.png", PNG)
    assert read_attestation(path).file == str(path)


def test_an_attestation_without_a_screenshot_is_one_file(written: Write) -> None:
    path = written(COMPLETE)

    read, (word,) = read_attested(path)
    assert read == read_attestation(path)
    assert (word.name, word.original, word.content) == ("attestation.yml", path.name, path.read_bytes())


def test_several_screenshots_are_kept_under_numbers_whatever_they_are_called(written: Write, tmp_path: Path) -> None:
    (tmp_path / "my password is hunter2.jpg").write_bytes(PNG)
    (tmp_path / "b").write_bytes(JPEG)
    path = written(f"{COMPLETE}screenshots: ['my password is hunter2.jpg', b]\n")

    _, (_, *pictures) = read_attested(path)
    assert [(each.name, each.original, each.content) for each in pictures] == [
        ("screenshot-1.png", "my password is hunter2.jpg", PNG),
        ("screenshot-2.jpg", "b", JPEG),
    ]


def test_every_screenshot_that_is_none_is_named_with_its_reason(written: Write, tmp_path: Path) -> None:
    for name, (content, _) in PRETENDERS.items():
        (tmp_path / name).write_bytes(content)
    for start in range(0, len(PRETENDERS), 6):
        names = list(PRETENDERS)[start : start + 6]
        listed = "\n".join(f"- {name}" for name in names)

        assert problems_of(written(f"{COMPLETE}screenshots:\n{listed}\n")) == [
            (9 + at, f"screenshots[{at + 1}]", PRETENDERS[name][1]) for at, name in enumerate(names)
        ]


def test_the_word_alone_is_read_without_its_pictures(written: Write) -> None:
    path = written(f"{COMPLETE}screenshots: [gone.png]\n")

    assert read_word(path) == read_attestation(written(COMPLETE))
