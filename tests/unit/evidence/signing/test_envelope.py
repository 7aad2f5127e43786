"""An envelope proves who signed exactly these bytes, and nothing else passes for one."""

import json
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope

from runbook_lib.canonical import canonical
from runbook_lib.errors import CannotSign, EvidenceError
from runbook_lib.evidence.signing import PAYLOAD_TYPE, Roster, Standing, check, sign
from runbook_lib.evidence.signing.roster import roster_from
from tests.unit.evidence.signing.conftest import NOW, Person, somebody, written

PAYLOAD = {"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicate": {"comment": "été", "n": 1}}

WRONG: list[Any] = [
    None,
    1,
    "",
    [],
    {},
    {"payload": 1, "payloadType": PAYLOAD_TYPE, "signatures": []},
    {"payload": "e30=", "payloadType": 1, "signatures": []},
    {"payload": "e30=", "payloadType": PAYLOAD_TYPE, "signatures": 1},
    {"payload": "e30=", "payloadType": PAYLOAD_TYPE, "signatures": [1]},
    {"payload": "e30=", "payloadType": PAYLOAD_TYPE, "signatures": [{"keyid": 1, "sig": 1}]},
    {"payload": "e30=", "payloadType": PAYLOAD_TYPE, "signatures": [{"keyid": [], "sig": ""}]},
]


def standings(envelope: bytes, roster: Roster, at: datetime | None = NOW) -> list[tuple[str, str]]:
    return [(each.name, each.standing.value) for each in check(envelope, roster, at).signatures]


def test_who_signed_and_what_they_signed_comes_back(ana: Person, bob: Person, roster: Roster) -> None:
    checked = check(sign(PAYLOAD, [ana.signer, bob.signer]), roster, NOW)

    assert checked.payload == PAYLOAD
    assert [(each.key_id, each.name, each.standing, each.roles) for each in checked.signatures] == [
        (ana.key_id, "Ana Lima", Standing.VALID, ("approver",)),
        (bob.key_id, "Bob Frey", Standing.VALID, ("attester",)),
    ]
    assert [each.name for each in checked.by("attester")] == ["Bob Frey"]


def test_the_envelope_is_one_that_the_reference_library_accepts(ana: Person) -> None:
    envelope = Envelope.from_dict(json.loads(sign(PAYLOAD, [ana.signer])))

    assert envelope.verify([ana.signer.public_key], 1).keys() == {ana.key_id}
    assert (envelope.payload, envelope.payload_type) == (canonical(PAYLOAD), PAYLOAD_TYPE)


def test_a_statement_signed_twice_is_the_same_bytes(ana: Person) -> None:
    assert sign(PAYLOAD, [ana.signer]) == sign(dict(reversed(PAYLOAD.items())), [ana.signer])


def test_a_key_that_the_roster_does_not_hold_is_unknown(roster: Roster) -> None:
    assert standings(sign(PAYLOAD, [somebody("Ana Lima").signer]), roster) == [("", "unknown-key")]


@pytest.mark.parametrize(
    ("at", "standing"),
    [
        (datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC), "not-yet-valid"),
        (datetime(2026, 11, 30, tzinfo=UTC), "valid"),
        (datetime(2027, 11, 29, 23, 59, 59, tzinfo=UTC), "valid"),
        (datetime(2027, 11, 30, tzinfo=UTC), "expired"),
        (None, "valid"),
    ],
)
def test_a_key_is_good_from_its_first_day_to_just_before_its_last(
    ana: Person, roster: Roster, at: datetime | None, standing: str
) -> None:
    assert standings(sign(PAYLOAD, [ana.signer]), roster, at) == [("Ana Lima", standing)]


def test_two_keys_of_one_person_count_once() -> None:
    first, second = somebody("Ana Lima"), somebody("ana  LIMA")
    both = roster_from(written(first.entry(), second.entry()), "roster.json")
    checked = check(sign(PAYLOAD, [first.signer, second.signer]), both, NOW)

    assert [each.standing for each in checked.signatures] == [Standing.VALID, Standing.VALID]
    assert [each.key_id for each in checked.by("approver")] == [first.key_id]


def test_a_signature_over_another_statement_is_bad(ana: Person, roster: Roster) -> None:
    ours, other = (json.loads(sign(payload, [ana.signer])) for payload in (PAYLOAD, {**PAYLOAD, "subject": [1]}))

    assert standings(canonical({**ours, "signatures": other["signatures"]}), roster) == [("Ana Lima", "bad")]


def test_the_signature_of_one_key_is_bad_under_the_name_of_another(ana: Person, bob: Person, roster: Roster) -> None:
    envelope = json.loads(sign(PAYLOAD, [bob.signer]))
    envelope["signatures"][0]["keyid"] = ana.key_id

    assert standings(canonical(envelope), roster) == [("Ana Lima", "bad")]


@given(st.data())
def test_no_byte_can_be_changed_unnoticed(ana: Person, roster: Roster, data: st.DataObject) -> None:
    """Whatever is done to an envelope: it is none any more, or no signature on it is good."""
    envelope = sign(PAYLOAD, [ana.signer])
    at = data.draw(st.integers(0, len(envelope) - 1))
    changed = envelope[:at] + data.draw(st.binary(max_size=3)) + envelope[at + data.draw(st.integers(0, 3)) :]
    if changed == envelope:
        return
    with suppress(EvidenceError):
        assert check(changed, roster, NOW).by("approver") == ()


@given(st.binary(max_size=99) | st.sampled_from(WRONG).map(json.dumps).map(str.encode))
def test_what_is_no_envelope_is_refused_by_name(roster: Roster, content: bytes) -> None:
    with pytest.raises(EvidenceError, match=r"x\.dsse\.json"):
        check(content, roster, NOW, "x.dsse.json")


def changed(envelope: bytes, **fields: Any) -> bytes:
    return canonical({**json.loads(envelope), **fields})


def test_only_one_form_of_an_envelope_is_read(ana: Person, roster: Roster) -> None:
    """Another base64, spaces, a field more, another order, a signature twice: nothing that a second reader could read otherwise."""
    envelope = sign(PAYLOAD, [ana.signer])
    read = json.loads(envelope)
    loose = b64encode(json.dumps(json.loads(b64decode(read["payload"])), indent=1).encode()).decode()
    forms = [
        json.dumps(read).encode(),
        envelope + b"\n",
        envelope.decode().encode("utf-16"),
        changed(envelope, payload=read["payload"] + "\n"),
        changed(envelope, payload=loose),
        changed(envelope, payloadType="application/json"),
        changed(envelope, more=1),
        changed(envelope, signatures=read["signatures"] * 2),
        changed(envelope, signatures=[{"keyid": f"{n}", "sig": ""} for n in range(65)]),
        envelope.replace(b'{"payload"', b'{"payload":"","payload"'),
    ]
    for form in forms:
        with pytest.raises(EvidenceError):
            check(form, roster, NOW)


def test_an_envelope_that_nobody_signed_proves_nothing(roster: Roster) -> None:
    assert check(sign(PAYLOAD, []), roster, NOW).signatures == ()


class Broken:
    """A signer whose device went away."""

    def __init__(self, person: Person) -> None:
        self.public_key = person.signer.public_key

    def sign(self, payload: bytes) -> Any:
        raise TimeoutError("PIN 123456")


class Swapped(Broken):
    """A signer that signs with another key than the one it shows."""

    def sign(self, payload: bytes) -> Any:
        signature = somebody("x").signer.sign(payload)
        signature.keyid = self.public_key.keyid
        return signature


@pytest.mark.parametrize(("kind", "detail"), [(Broken, "TimeoutError"), (Swapped, "UnverifiedSignatureError")])
def test_a_signer_that_fails_is_named_and_what_its_library_says_is_not_repeated(
    ana: Person, kind: type[Broken], detail: str
) -> None:
    with pytest.raises(CannotSign, match=f"{ana.key_id} did not sign: {detail}") as refused:
        sign(PAYLOAD, [kind(ana)])  # type: ignore[list-item]

    assert "123456" not in refused.value.say("fr")


def test_validity_is_judged_by_the_instant_whatever_the_zone(ana: Person) -> None:
    zoned = roster_from(
        written(ana.entry(valid_from="2026-11-30T16:00:00+01:00", valid_until="2026-11-30T16:00:01+01:00")), "r"
    )
    envelope = sign(PAYLOAD, [ana.signer])

    assert standings(envelope, zoned, NOW) == [("Ana Lima", "valid")]
    assert standings(envelope, zoned, NOW - timedelta(seconds=1)) == [("Ana Lima", "not-yet-valid")]
    assert standings(envelope, zoned, NOW + timedelta(seconds=1)) == [("Ana Lima", "expired")]
