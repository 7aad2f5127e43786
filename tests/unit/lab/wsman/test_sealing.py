"""Message encryption between pyspnego's client and acceptor, and pypsrp's writing of the multipart body."""

from __future__ import annotations

import pytest
import spnego
from hypothesis import given
from hypothesis import strategies as st
from pypsrp.encryption import WinRMEncryption

from runbook_lib.lab.wsman import Account, Accounts
from runbook_lib.lab.wsman.sealing import SealingError, seal, sealed_content_type, sealing_protocol, unseal

SPNEGO = WinRMEncryption.SPNEGO
BOUNDARY = b"--Encrypted Boundary--\r\n"


def contexts():
    """Return both ends of a signed-in NTLM connection."""
    client = spnego.client("LAB\\one", "secret", "localhost", "http", protocol="ntlm")
    with Accounts([Account("one", "secret")]).visible_to_ntlm():
        server = spnego.server("localhost", "http", options=spnego.NegotiateOptions.use_negotiate)
        token = None
        while not (client.complete and server.complete):
            token = server.step(client.step(token))
    return client, server


@given(messages=st.lists(st.binary(max_size=2000) | st.just(BOUNDARY * 3), min_size=1, max_size=4))
def test_every_message_survives_both_ways(messages):
    """What pypsrp seals we unseal, and the reverse, for any bytes and several messages of one connection."""
    client, server = contexts()
    other = WinRMEncryption(client, SPNEGO)

    for message in messages:
        content_type, body = other.wrap_message(message)
        assert content_type == "multipart/encrypted"
        assert unseal(server, body) == message
        assert other.unwrap_message(seal(server, message, SPNEGO), "Encrypted Boundary") == message


def sealed():
    client, server = contexts()
    return WinRMEncryption(client, SPNEGO).wrap_message(b"a message")[1], server


@pytest.mark.parametrize("change", ["byte", "length", "closing", "intro", "header", "empty"])
def test_a_changed_message_is_refused(change):
    """Neither a flipped byte, a false length nor a missing part gets through."""
    body, server = sealed()
    at = len(body) - len(BOUNDARY) - 1
    changed = {
        "byte": body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :],
        "length": body.replace(b"Length=9", b"Length=8"),
        "closing": body.removesuffix(BOUNDARY),
        "intro": body.replace(b"OriginalContent", b"Content"),
        "header": body.replace(b"\x10\0\0\0", b"\xff\xff\xff\xff"),
        "empty": b"",
    }[change]

    with pytest.raises(SealingError):
        unseal(server, changed)


class Transparent:
    """A context whose cipher text is its plain text, to place bytes a real cipher gives once in the age of the universe."""

    def wrap_winrm(self, data):
        return b"head", data, 0

    def unwrap_winrm(self, header, data):
        assert header == b"head"
        return data


def test_a_boundary_inside_the_cipher_text_is_not_its_end():
    """The announced length, not the first look-alike, says where the cipher text ends."""
    context, message = Transparent(), b"before" + BOUNDARY + b"after"

    assert unseal(context, seal(context, message, SPNEGO)) == message


def test_the_content_type_tells_sealed_from_plain():
    """Only multipart/encrypted with a protocol is sealed, and the answer names the same protocol."""
    assert sealing_protocol(sealed_content_type(SPNEGO)) == SPNEGO
    assert sealing_protocol("application/soap+xml;charset=UTF-8") is None
    assert sealing_protocol("multipart/encrypted") is None
    assert sealing_protocol(None) is None
