"""Time stamps on seals, by an authority on this machine: what it vouches for is proven, and what it did not say is not believed."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runbook_lib.errors import CannotConnect, EvidenceError, ParameterError, UnexpectedReply
from runbook_lib.evidence.sealing.bundle import read_bundle
from runbook_lib.evidence.sealing.checking import Trust
from runbook_lib.evidence.sealing.contents import ENVELOPE, TOKEN
from runbook_lib.evidence.sealing.keeping import Signing
from runbook_lib.evidence.sealing.points import Verdict, Weight
from runbook_lib.evidence.sealing.recipes import commands
from runbook_lib.evidence.sealing.stamping import read_roots, stamp_of, why_not_vouched
from runbook_lib.notebook.retelling import Expected
from runbook_lib.notebook.sealing import Manner, Sealed, seal_run
from runbook_lib.notebook.verifying import verify
from runbook_lib.wiring.sealing import signing
from tests.authority import Authority
from tests.sealed import roster, signer, unpacked
from tests.unit.notebook.test_record import a_run

# As DER writes it (RFC 5758).
ECDSA_WITH_SHA256 = bytes.fromhex("06082a8648ce3d040302")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "ours")


@pytest.fixture
def address(authority: Authority) -> Iterator[str]:
    with authority.served() as url:
        yield url
    authority.before = authority.after = lambda content: content
    authority.status, authority.kind = 200, "application/timestamp-reply"


def sealed(folder: Path, address: str) -> Sealed:
    return seal_run(folder, Manner(signing(time_stamp=address)))


def keys_of(verdict: Verdict, weight: Weight) -> set[str]:
    return {said.key for said in verdict.of(weight)}


def test_a_seal_is_proven_to_have_been_made_by_a_time_that_an_authority_vouches_for(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    bundle = sealed(a_run(tmp_path), address).bundle

    trusting = verify(bundle, Trust(roots=read_roots(authority.roots)), Expected())
    assert trusting.is_proven
    assert "verify-stamped" in keys_of(trusting, Weight.PROVEN)
    nobody = verify(bundle, Trust(), Expected())
    assert nobody.is_proven
    assert "verify-no-roots" in keys_of(nobody, Weight.NOT_PROVEN)


def test_a_key_counts_at_the_time_of_the_stamp_and_not_at_the_time_that_the_sealer_claims(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    """A sealer whose key has expired sets back their clock."""
    who = signer()
    stamping = signing(time_stamp=address).stamping
    claimed = roster(who, valid_from="2020-01-01", valid_until="2020-02-01").key(who.public_key.keyid)
    assert claimed
    backdated = Signing([who], stamping, now=lambda: claimed.valid_from)
    bundle = seal_run(a_run(tmp_path), Manner(backdated)).bundle
    known = roster(who, valid_from="2020-01-01", valid_until="2020-02-01")

    assert verify(bundle, Trust(known, "roster.json"), Expected()).is_proven
    found = verify(bundle, Trust(known, "roster.json", read_roots(authority.roots)), Expected())
    assert keys_of(found, Weight.BROKEN) == {"verify-key-expired"}


def test_openssl_verifies_the_time_stamp_by_the_recipe(authority: Authority, address: str, tmp_path: Path) -> None:
    folder = unpacked(sealed(a_run(tmp_path), address).bundle, tmp_path / "unpacked")
    (folder / "ROOTS.pem").write_bytes(authority.roots.read_bytes())

    def shell() -> str:
        ended = subprocess.run(
            ["bash", "-c", commands()["time"]], cwd=folder, capture_output=True, text=True, check=False
        )
        return ended.stdout + ended.stderr

    assert "Verification: OK" in shell()
    (folder / ENVELOPE).write_bytes((folder / ENVELOPE).read_bytes().replace(b"A", b"B", 1))
    assert "Verification: FAILED" in shell()


def test_another_authority_than_the_trusted_one_does_not_vouch(address: str, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    bundle = sealed(a_run(tmp_path), address).bundle

    found = verify(bundle, Trust(roots=read_roots(other.roots)), Expected())
    assert keys_of(found, Weight.BROKEN) == {"verify-stamp-bad"}


def test_a_certificate_that_had_expired_at_that_time_does_not_vouch(tmp_path: Path) -> None:
    expired = Authority(tmp_path / "expired", days=-1)
    with expired.served() as url:
        bundle = sealed(a_run(tmp_path), url).bundle

    found = verify(bundle, Trust(roots=read_roots(expired.roots)), Expected())
    assert keys_of(found, Weight.BROKEN) == {"verify-stamp-bad"}


def other_nonce(query: bytes) -> bytes:
    """The question of somebody else about the same."""
    at = query.rindex(b"\x01\x01\xff") - 1  # the nonce stands before the wish for certificates
    return query[:at] + bytes([query[at] ^ 1]) + query[at + 1 :]


def other_imprint(query: bytes) -> bytes:
    at = query.index(b"\x04\x20") + 2
    return query[:at] + bytes([query[at] ^ 1]) + query[at + 1 :]


@pytest.mark.parametrize(("change", "detail"), [(other_nonce, "nonce"), (other_imprint, "SHA-256")])
def test_an_answer_to_another_question_is_refused_and_nothing_is_sealed(
    authority: Authority, address: str, tmp_path: Path, change: Callable[[bytes], bytes], detail: str
) -> None:
    authority.before = change
    folder = a_run(tmp_path)

    with pytest.raises(EvidenceError) as refused:
        sealed(folder, address)

    assert (refused.value.message.key, refused.value.message.arguments["detail"]) == ("time-stamp-other", detail)
    assert list(folder.parent.glob("*.zip")) == []


def test_a_refusal_is_told_in_the_words_of_the_authority(tmp_path: Path) -> None:
    picky = Authority(tmp_path / "picky", digests="sha512")
    with picky.served() as url, pytest.raises(EvidenceError) as refused:
        sealed(a_run(tmp_path), url)

    assert refused.value.message.key == "time-stamp-refused"
    assert "digest" in str(refused.value.message.arguments["detail"])


@pytest.mark.parametrize("reply", [b"", b"<html>Welcome</html>", bytes(100_000)])
def test_what_is_no_time_stamp_is_refused(authority: Authority, address: str, tmp_path: Path, reply: bytes) -> None:
    authority.after = lambda _: reply

    with pytest.raises(EvidenceError) as refused:
        sealed(a_run(tmp_path), address)

    assert refused.value.message.key == "time-stamp-unreadable"


@pytest.mark.parametrize(("status", "kind"), [(503, "application/timestamp-reply"), (200, "text/html")])
def test_an_answer_of_another_kind_is_refused(
    authority: Authority, address: str, tmp_path: Path, status: int, kind: str
) -> None:
    authority.status, authority.kind = status, kind

    with pytest.raises(UnexpectedReply) as refused:
        sealed(a_run(tmp_path), address)

    assert refused.value.message.arguments["status"] == status


def test_an_authority_that_cannot_be_reached_keeps_the_seal_from_being_made(tmp_path: Path) -> None:
    folder = a_run(tmp_path)
    with pytest.raises(CannotConnect):
        sealed(folder, "http://127.0.0.1:9/tsa")

    assert list(folder.parent.glob("*.zip")) == []


def test_evidence_that_was_stamped_once_is_not_stamped_again(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    """Authorities shut out who asks too often. A seal without a stamp does not count where one is wanted."""
    folder = a_run(tmp_path)
    plain = seal_run(folder, Manner(signing()))
    first = sealed(folder, address)
    asked = len(authority.asked)

    again = sealed(folder, address)

    assert (plain.was_there, first.was_there, again.was_there) == (False, False, True)
    assert (again.bundle, len(authority.asked)) == (first.bundle, asked)


def test_no_byte_of_a_time_stamp_that_is_vouched_for_can_be_changed_but_what_is_not_signed(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    """The name of the signature's algorithm, and the version of the format, are not signed; the name of the zip file shows it."""
    files = read_bundle(sealed(a_run(tmp_path), address).bundle).files
    roots, token, survived = read_roots(authority.roots), files[TOKEN], set()
    for at in range(0, len(token), 2):
        changed = token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :]
        try:
            stamp_of(changed, files[ENVELOPE])
            survived |= set() if why_not_vouched(changed, files[ENVELOPE], roots) else {at}
        except EvidenceError:
            continue

    assert why_not_vouched(token, files[ENVELOPE], roots) == ""
    algorithm = token.rindex(ECDSA_WITH_SHA256)
    others = survived - set(range(algorithm, algorithm + len(ECDSA_WITH_SHA256)))
    assert len(others) <= 2


def test_a_file_without_certificates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_text("none", encoding="utf-8")
    for name in ("roots.pem", "nothing.pem"):
        with pytest.raises(ParameterError):
            read_roots(tmp_path / name)
