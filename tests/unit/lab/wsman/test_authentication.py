"""Sign-in of one connection, against pyspnego's own client."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import logging

import pytest
import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from spnego.channel_bindings import GssChannelBindings

from runbook_lib.lab.wsman import Account, Accounts, Scheme
from runbook_lib.lab.wsman.authentication import CERTIFICATE_PROFILE, Authentication, channel_bindings

ACCOUNTS = Accounts([Account("one", "secret", certificate=b"der")])
RIGHT = GssChannelBindings(application_data=b"tls-server-end-point:" + b"r" * 32)
WRONG = GssChannelBindings(application_data=b"tls-server-end-point:" + b"w" * 32)


def negotiate(authentication, *, protocol="ntlm", bindings=None, password="secret", scheme="Negotiate"):
    """Sign in with pyspnego's client: its context and the last outcome."""
    client = spnego.client("LAB\\one", password, "localhost", "http", protocol=protocol, channel_bindings=bindings)
    token = client.step()
    while True:
        outcome = authentication.sign_in(f"{scheme} {base64.b64encode(token).decode()}")
        replies = [text.removeprefix(f"{scheme} ") for text in outcome.challenges if text.startswith(f"{scheme} ")]
        if outcome.user or not replies:
            return client, outcome
        token = client.step(base64.b64decode(replies[0]))


def basic(login):
    return "Basic " + base64.b64encode(login.encode()).decode()


@pytest.mark.parametrize("protocol", ["ntlm", "negotiate"])
@pytest.mark.parametrize("bindings", [RIGHT, None], ids=["right", "absent"])
def test_right_or_absent_channel_bindings_sign_in(protocol, bindings):
    """CbtHardeningLevel=Relaxed accepts a client that sends none."""
    _, outcome = negotiate(
        Authentication(ACCOUNTS, {Scheme.NEGOTIATE}, bindings=RIGHT), protocol=protocol, bindings=bindings
    )

    assert outcome.user == "LAB\\one"


@pytest.mark.parametrize("protocol", ["ntlm", "negotiate"])
def test_wrong_channel_bindings_are_refused(protocol):
    """A sign-in relayed from another TLS channel does not work."""
    _, outcome = negotiate(
        Authentication(ACCOUNTS, {Scheme.NEGOTIATE}, bindings=RIGHT), protocol=protocol, bindings=WRONG
    )

    assert (outcome.user, outcome.challenges) == ("", ("Negotiate",))


def test_a_connection_stays_signed_in():
    """Negotiate signs in the connection: later requests need no header, and a new token starts anew."""
    authentication = Authentication(ACCOUNTS, {Scheme.NEGOTIATE})

    assert authentication.sign_in(None).user == ""
    negotiate(authentication)
    assert authentication.sign_in(None).user == "LAB\\one"
    _, outcome = negotiate(authentication, password="wrong")
    assert outcome.user == ""
    assert authentication.sign_in(None).user == ""
    assert authentication.context is None


def test_a_failed_sign_in_does_not_spoil_the_next():
    """The right password works on the connection that just refused the wrong one."""
    authentication = Authentication(ACCOUNTS, {Scheme.NEGOTIATE})

    assert negotiate(authentication, password="wrong")[1].user == ""
    assert negotiate(authentication)[1].user == "LAB\\one"


def test_basic_and_certificates_sign_in_one_request():
    """The request after them, without a header, is nobody's."""
    authentication = Authentication(ACCOUNTS, {Scheme.BASIC, Scheme.CERTIFICATE}, peer_certificate=b"der")

    assert authentication.sign_in(basic("one:secret")).user == "LAB\\one"
    assert authentication.sign_in(CERTIFICATE_PROFILE).user == "LAB\\one"
    assert authentication.sign_in(None).challenges == ('Basic realm="WSMAN"',)


@pytest.mark.parametrize(
    "authorization",
    [
        basic("one:wrong"),
        "Basic *",
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
        "Basic",
        "Negotiate",
        "Negotiate *",
        "Negotiate " + base64.b64encode(b"garbage").decode(),
        "Negotiate " + base64.b64encode(b"NTLMSSP\0garbage").decode(),
        "Bearer abc",
        CERTIFICATE_PROFILE,
    ],
)
def test_anything_else_is_refused_and_told_what_is_offered(authorization):
    """No header, however strange, raises or signs anybody in."""
    outcome = Authentication(ACCOUNTS, set(Scheme)).sign_in(authorization)

    assert outcome.user == ""
    assert outcome.challenges == ('Basic realm="WSMAN"', "Negotiate", "Kerberos", "CredSSP")


@pytest.mark.parametrize("authorization", [basic("one:secret"), CERTIFICATE_PROFILE])
def test_a_scheme_that_is_off_is_refused(authorization):
    """Right credentials do not help when the listener does not allow the scheme."""
    outcome = Authentication(ACCOUNTS, {Scheme.NEGOTIATE}, peer_certificate=b"der").sign_in(authorization)

    assert (outcome.user, outcome.challenges) == ("", ("Negotiate",))


def test_negotiate_does_not_work_where_it_is_off():
    """The scheme must be allowed, whatever the token."""
    _, outcome = negotiate(Authentication(ACCOUNTS, {Scheme.BASIC}))

    assert outcome.user == ""


def test_kerberos_without_what_it_needs_is_refused_and_logged(caplog):
    """A listener may offer Kerberos; what cannot be accepted is refused, with the reason in the log."""
    token = base64.b64encode(b"\x60\x03not a ticket").decode()

    with caplog.at_level(logging.INFO):
        outcome = Authentication(ACCOUNTS, {Scheme.KERBEROS}).sign_in(f"Kerberos {token}")

    assert (outcome.user, outcome.challenges) == ("", ("Kerberos",))
    assert "Kerberos sign-in refused" in caplog.text


def certificate_signed_with(algorithm):
    """Return the DER of a self-signed certificate."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start.replace(year=2050))
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)


@pytest.mark.parametrize("algorithm", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()], ids=lambda item: item.name)
def test_channel_bindings_are_the_hash_of_the_certificate(algorithm):
    """RFC 5929: by the hash the certificate is signed with."""
    der = certificate_signed_with(algorithm)

    expected = b"tls-server-end-point:" + hashlib.new(algorithm.name, der).digest()
    assert channel_bindings(der).application_data == expected
