"""A roster is believed as a whole or not at all, and every problem of it is named with its place and what to do."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import ParameterError
from runbook_lib.evidence.signing import InvalidRosterError, Roster, read_roster
from runbook_lib.evidence.signing.roster import roster_from
from runbook_lib.texts import LANGUAGES
from tests.unit.evidence.signing.conftest import Person, written

FileOf = Callable[[bytes], Path]


def problems(content: bytes) -> list[tuple[str, str]]:
    """Return place and key of each problem of a roster that is refused."""
    with pytest.raises(InvalidRosterError) as refused:
        roster_from(content, "roster.json")
    for language in LANGUAGES:
        assert len(refused.value.say(language).splitlines()) == 1 + len(refused.value.problems)
    return [(str(each.arguments["place"]), each.key) for each in refused.value.problems]


def test_what_runbook_key_prints_is_an_entry_as_it_stands(ana: Person, file_of: FileOf) -> None:
    content = written(ana.entry("approver", "sealer", account="alima"), four_eyes=True)
    read = read_roster(file_of(content))
    known = read.key(ana.key_id)

    assert known is not None
    assert (known.name, known.roles, known.account, read.four_eyes) == (
        "Ana Lima",
        ("approver", "sealer"),
        "alima",
        True,
    )
    assert known.key.to_dict() == ana.signer.public_key.to_dict()
    assert read.sha256 == sha256(content).hexdigest()


def test_it_says_who_has_a_role(roster: Roster) -> None:
    assert (roster.people("approver"), roster.people("sealer")) == ({"Ana Lima"}, frozenset())
    assert roster.key("0" * 64) is None


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "roster-not-a-name"),
    ({"name": "a\nb"}, "name", "roster-not-a-name"),
    ({"name": "a\u202eb"}, "name", "roster-not-a-name"),
    ({"name": "x" * 101}, "name", "roster-not-a-name"),
    ({"name": 7}, "name", "roster-not-a-name"),
    ({"account": " "}, "account", "roster-not-a-name"),
    ({"roles": []}, "roles", "roster-not-roles"),
    ({"roles": "approver"}, "roles", "roster-not-roles"),
    ({"roles": ["approver", "king"]}, "roles", "roster-not-roles"),
    ({"roles": [["approver"]]}, "roles", "roster-not-roles"),
    ({"public_key": 1}, "public_key", "roster-not-a-key"),
    ({"public_key": "AAAA"}, "public_key", "roster-not-a-key"),
    ({"public_key": "é"}, "public_key", "roster-not-a-key"),
    ({"valid_from": "yesterday"}, "valid_from", "roster-not-a-time"),
    ({"valid_from": "2026-12-01T08:00:00"}, "valid_from", "roster-not-a-time"),
    ({"valid_from": 20261201}, "valid_from", "roster-not-a-time"),
    ({"valid_until": "0001-01-01T00:00:00+14:00"}, "valid_until", "roster-not-a-time"),
    ({"valid_until": "2026-11-30"}, "valid_until", "roster-ends-before-it-begins"),
    ({"rolls": []}, "rolls", "roster-unknown"),
]


@pytest.mark.parametrize(("change", "field", "key"), WRONG)
def test_a_wrong_value_is_named_by_its_place(ana: Person, bob: Person, change: Any, field: str, key: str) -> None:
    assert problems(written(bob.entry(), ana.entry(**change))) == [(f"keys[2].{field}", key)]


@pytest.mark.parametrize("field", ["name", "roles", "public_key", "valid_from", "valid_until"])
def test_what_is_missing_is_named(ana: Person, field: str) -> None:
    entry = ana.entry()
    del entry[field]

    assert problems(written(entry)) == [(f"keys[1].{field}", "roster-missing")]


def test_every_problem_is_said_at_once(ana: Person, bob: Person) -> None:
    wrong = written(ana.entry(name="", roles=[]), "Bob", bob.entry(valid_from="x"), more=1, four_eyes="yes")  # type: ignore[arg-type]

    assert problems(wrong) == [
        ("more", "roster-unknown"),
        ("four_eyes", "roster-not-yes-or-no"),
        ("keys[1].name", "roster-not-a-name"),
        ("keys[1].roles", "roster-not-roles"),
        ("keys[2]", "roster-not-an-entry"),
        ("keys[3].valid_from", "roster-not-a-time"),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[]", ("roster", "roster-not-ours")),
        (b'{"roster": 2, "keys": []}', ("roster", "roster-not-ours")),
        (b'{"roster": true, "keys": []}', ("roster", "roster-not-ours")),
        (b'{"roster": 1}', ("keys", "roster-no-keys")),
        (b'{"roster": 1, "keys": []}', ("keys", "roster-no-keys")),
        (b'{"roster": 1, "keys": [{"name": "a", "name": "b"}]}', ("roster.json", "roster-key-twice")),
    ],
)
def test_a_file_that_is_no_roster_of_ours_is_refused(content: bytes, problem: tuple[str, str]) -> None:
    assert problems(content) == [problem]


def test_one_key_cannot_be_two_people(ana: Person) -> None:
    assert problems(written(ana.entry(), {**ana.entry(), "name": "Bob"})) == [("keys", "roster-same-key")]


def test_with_four_eyes_every_approver_has_an_account(ana: Person, bob: Person) -> None:
    assert problems(written(ana.entry("approver"), bob.entry("attester"), four_eyes=True)) == [
        ("keys", "roster-no-account")
    ]


def test_a_key_of_a_kind_that_nobody_signs_with_is_refused(ana: Person) -> None:
    der = (
        rsa.generate_private_key(65537, 2048).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )

    assert problems(written(ana.entry(public_key=b64encode(der).decode()))) == [
        ("keys[1].public_key", "roster-not-a-key")
    ]


def test_a_key_has_one_way_to_be_written(ana: Person) -> None:
    """Bytes after the key would give one key a second name."""
    longer = b64encode(b64decode(ana.entry()["public_key"]) + b"\0").decode()

    assert problems(written(ana.entry(public_key=longer))) == [("keys[1].public_key", "roster-not-a-key")]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "roster-not-json"),
        (b"roster: 1\n", "roster-not-json"),
        (b"\xff\xfe{", "roster-not-json"),
        (b"[" * 100_000, "roster-not-json"),
        (b" " * 300_000, "roster-too-large"),
    ],
)
def test_a_file_that_cannot_be_read_as_json_is_refused(file_of: FileOf, content: bytes, key: str) -> None:
    with pytest.raises(ParameterError) as refused:
        read_roster(file_of(content))

    assert refused.value.message.key == key


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="No such file"):
        read_roster(tmp_path / "none.json")
    with pytest.raises(ParameterError, match="ValueError"):
        read_roster(tmp_path / "a\0b")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=9,
    ),
    st.sampled_from(["", "keys", "entry"]),
)
def test_no_data_ends_otherwise_than_with_a_refusal(ana: Person, data: Any, where: str) -> None:
    tops = {"": data, "keys": {"roster": 1, "keys": data}, "entry": {"roster": 1, "keys": [data, ana.entry()]}}
    with pytest.raises(ParameterError):
        roster_from(json.dumps(tops[where]).encode(), "roster.json")
