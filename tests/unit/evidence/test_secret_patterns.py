"""What looks like a secret is taken out although nobody told of it, and what evidence is made of never is."""

import base64
import hashlib
import json
import secrets
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.canonical import canonical
from runbook_lib.evidence import REDACTED, Found, Redactor, new_run_id
from runbook_lib.wiring import project_root

KEY = ed25519.Ed25519PrivateKey.generate()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
STORAGE_KEY = base64.b64encode(secrets.token_bytes(64)).decode()
SAS = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4%2B0123456%3D"
OPAQUE = "0.AXoA" + secrets.token_urlsafe(40) + "7"


def segment(data: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


JWT = f"{segment({'alg': 'RS256', 'typ': 'JWT'})}.{segment({'oid': 'x', 'exp': 1})}.{secrets.token_urlsafe(40)}"

# By rule: a text, and the part of it that must not stay.
LOOKS = {
    "jwt": (f"token: {JWT}, and more", JWT),
    "private-key": (f"before\n{PEM}after", PEM.splitlines()[1]),
    "connection-string": (f"DefaultEndpointsProtocol=https;AccountKey={STORAGE_KEY};X=y", STORAGE_KEY[:-2]),
    "form-field": (f"grant_type=refresh_token&refresh_token={OPAQUE}&scope=x", OPAQUE),
    "json-field": (f'the answer {{"access_token": "{OPAQUE}", "expires_in": 3599}}', OPAQUE),
    "sas-signature": (f"https://x.blob.core.windows.net/c?sv=2024-01-01&sig={SAS}&se=1", SAS),
    "bearer-header": (f"Authorization: Bearer {OPAQUE}", OPAQUE),
    "basic-header": (f"Authorization: Basic {base64.b64encode(b'svc:pa55').decode()}", base64.b64encode(b"svc:pa55").decode()),
    "cookie-header": (f"Set-Cookie: ESTSAUTH={OPAQUE}; path=/", OPAQUE),
    "client-secret": ("secret abc8Q~" + "aB3" * 11 + " is used", "abc8Q~" + "aB3" * 11),
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(LOOKS))
@pytest.mark.parametrize("spelt", ["plain", "in JSON", "in JSON in JSON", "in UTF-16"])
def test_what_looks_like_a_secret_is_replaced_and_counted_under_its_rule(rule: str, spelt: str) -> None:
    text, part = LOOKS[rule]
    written = {
        "plain": text,
        "in JSON": json.dumps({"detail": text}),
        "in JSON in JSON": json.dumps(json.dumps({"detail": text})),
        "in UTF-16": text.encode("utf-16-le").decode("latin-1"),
    }[spelt]
    found = Found()

    clean = Redactor().text(written, found)

    assert part not in clean.replace("\x00", "")
    assert rule in {hit.rule for hit in found}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Server=x;Password%3Dhunter2x%3BUser", "hunter2x"),
        ("a=Bearer%20" + OPAQUE, OPAQUE),
        ("url?sig%3D" + SAS, SAS),
        (PEM.replace("\n", "%0A").replace(" ", "%20"), PEM.splitlines()[1]),
    ],
    ids=["password", "bearer", "signature", "private key"],  # what they are made of is drawn anew in each process
)
def test_the_same_holds_in_a_url(text: str, part: str) -> None:
    assert part not in Redactor().text(text)


def test_a_key_without_its_end_is_taken_out_to_the_end_of_the_text() -> None:
    assert Redactor().text("x " + PEM[:90]) == f"x {REDACTED}"


@pytest.mark.parametrize("name", ["access_token", "Authorization", "client_secret", "Set-Cookie"])
def test_a_field_whose_name_says_that_it_holds_a_secret_holds_none(name: str) -> None:
    assert Redactor().data({"headers": {name: "x"}}) == {"headers": {name: REDACTED}}


@pytest.mark.parametrize("rule", sorted(LOOKS))
def test_what_was_cleaned_is_clean(rule: str) -> None:
    """So that a scan of what was written finds nothing."""
    clean, found = Redactor().text(LOOKS[rule][0]), Found()

    assert Redactor().text(clean, found) == clean
    assert not found


IDS = st.one_of(
    st.binary(max_size=40).map(lambda raw: hashlib.sha256(raw).hexdigest()),
    st.binary(max_size=40).map(lambda raw: hashlib.sha1(raw, usedforsecurity=False).hexdigest().upper()),
    st.binary(max_size=40).map(lambda raw: "sha256:" + hashlib.sha256(raw).hexdigest()),
    st.uuids().map(str),
    st.uuids().map(lambda each: f"{{{str(each).upper()}}}"),
    st.tuples(*[st.integers(0, 2**32 - 1)] * 4).map(lambda parts: "S-1-5-21-" + "-".join(map(str, parts))),
    st.datetimes().map(lambda each: new_run_id("enable-connect-writeback", each)),
    st.datetimes().map(lambda each: each.isoformat() + "Z"),
    st.binary(min_size=64, max_size=64).map(lambda raw: base64.b64encode(raw).decode()),  # a signature
    st.dictionaries(st.text(), st.text(), min_size=1).map(lambda data: base64.b64encode(canonical(data)).decode()),
)


@settings(max_examples=300)
@given(
    ids=st.lists(IDS, min_size=1, max_size=4),
    between=st.sampled_from([" ", ", ", "/", "=", ": ", '","', "\n", "&sigs=", ";"]),
)
def test_what_evidence_is_made_of_is_never_touched(ids: list[str], between: str) -> None:
    text = between.join(["of", *ids])

    assert Redactor().text(text) == text
    assert Redactor().data({"digest": ids, "key": text}) == {"digest": ids, "key": text}


def test_no_sentence_page_or_script_of_ours_is_touched() -> None:
    """Sentences about secrets in both languages, names of rights, distinguished names, commands: what a record may repeat."""
    redactor, root = Redactor(), project_root()
    pages = [
        *(root / "docs").rglob("*.md"),
        *(root / "runbook_lib/texts").rglob("*.py"),
        *(root / "runbook_lib/adapters").rglob("*.ps1"),
    ]
    assert len(pages) > 50
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert redactor.text(text) == text, page


def test_a_public_key_is_no_secret() -> None:
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    assert Redactor().text(public) == public


def test_equal_secrets_have_equal_digests_in_one_run_only() -> None:
    first, second = Redactor([OPAQUE]), Redactor([OPAQUE])

    def digests(redactor: Redactor) -> set[str]:
        found = Found()
        redactor.data({"a": OPAQUE, "b": base64.b64encode(OPAQUE.encode()).decode()}, found)
        assert sorted(hit.where for hit in found) == ["/a", "/b"]
        return {hit.digest for hit in found}

    assert len(digests(first)) == len(digests(second)) == 1
    assert digests(first) != digests(second)


def test_a_long_secret_that_an_excerpt_cut_short_is_taken_out() -> None:
    redactor = Redactor([OPAQUE])

    assert redactor.text(f"the server said {OPAQUE[:30]}…") == f"the server said {REDACTED}…"
    assert redactor.text(f"the server said {OPAQUE[:30]}") == f"the server said {REDACTED}"
    assert redactor.text(f"{OPAQUE[:30]} is another word") == f"{OPAQUE[:30]} is another word"
