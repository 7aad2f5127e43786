"""The HTTP side: what a listener refuses, how it loses connections, and that it leaves nothing behind."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress

import pytest
import requests
import trustme
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from requests_ntlm import HttpNtlmAuth

from runbook_lib.lab.wsman import Account, Accounts, Listener, Scheme, Service, Undisturbed, Verdict

ACCOUNTS = Accounts([Account("one", "secret")])
SOAP = {"Content-Type": "application/soap+xml;charset=UTF-8"}
BASIC = ("one", "secret")


@pytest.fixture(scope="module")
def authority():
    return trustme.CA(key_type=trustme.KeyType.RSA)


@pytest.fixture(scope="module")
def tls(authority):
    """Options of an HTTPS listener."""
    leaf = authority.issue_cert("localhost", key_type=trustme.KeyType.RSA)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    der = load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()).public_bytes(Encoding.DER)
    return {"tls": context, "certificate": der}


@pytest.fixture(scope="module")
def ca(authority, tmp_path_factory):
    path = str(tmp_path_factory.mktemp("ca") / "ca.pem")
    authority.cert_pem.write_to_path(path)
    return path


@contextmanager
def web(ca=None):
    """A requests session that ignores this computer's proxies and trusts our CA."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = ca
        yield session


def nothing(process):
    return 0


def test_an_https_listener_offers_what_windows_offers(tls, ca):
    """Without credentials: 401, Basic and Negotiate, and no word of certificates."""
    with Listener(Service(nothing), ACCOUNTS, **tls) as listener, web(ca) as session:
        response = session.post(listener.url, data=b"x")

    assert listener.url.startswith("https://localhost:")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Basic realm="WSMAN", Negotiate'


def test_an_http_listener_offers_negotiate_only():
    """AllowUnencrypted=false: Basic is neither offered nor accepted."""
    with Listener(Service(nothing), ACCOUNTS) as listener, web() as session:
        response = session.post(listener.url, data=b"x", auth=BASIC)

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Negotiate")


@pytest.mark.parametrize("scheme", [Scheme.BASIC, Scheme.CERTIFICATE])
def test_a_scheme_that_needs_https_is_a_mistake_on_http(scheme):
    """A listener that Windows would not allow cannot be made."""
    with pytest.raises(ValueError, match="HTTPS"):
        Listener(Service(nothing), ACCOUNTS, schemes={scheme})


def test_a_tls_context_needs_its_certificate(tls):
    """Without it channel bindings could not be checked."""
    with pytest.raises(ValueError, match="both"):
        Listener(Service(nothing), ACCOUNTS, tls=tls["tls"])


def test_a_plain_body_over_http_is_refused_even_when_signed_in(client_of):
    """NTLM signs the connection in, and the unsealed body is still HTTP 401 and never carried out."""
    service = Service(nothing)
    with Listener(service, ACCOUNTS) as listener, web() as session:
        session.auth = HttpNtlmAuth("LAB\\one", "secret")
        empty = session.post(listener.url)
        plain = session.post(listener.url, data=client_of.message("Create", "<rsp:Shell/>"), headers=SOAP)

    assert (empty.status_code, plain.status_code) == (200, 401)
    assert service.exchanges == ()


def test_a_body_that_is_not_what_it_says_is_a_bad_request():
    """A sealed content type with something else in it is HTTP 400."""
    sealed = {"Content-Type": 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted"'}
    with Listener(Service(nothing), ACCOUNTS) as listener, web() as session:
        session.auth = HttpNtlmAuth("LAB\\one", "secret")
        session.post(listener.url)
        response = session.post(listener.url, data=b"not sealed", headers=sealed)

    assert response.status_code == 400


def test_anybody_may_identify_the_service_over_http(client_of):
    """/wsman-anon/identify needs no sign-in, and answers nothing else."""
    with Listener(Service(nothing), ACCOUNTS) as listener, web() as session:
        url = listener.url.replace("/wsman", "/wsman-anon/identify")
        identified = session.post(url, data=client_of.message("", "<wsmid:Identify/>"))
        refused = session.post(url, data=client_of.message("Create", "<rsp:Shell/>"))

    assert (identified.status_code, refused.status_code) == (200, 500)
    assert b"ProductVersion" in identified.content


def test_another_path_is_not_found():
    """There is one endpoint."""
    with Listener(Service(nothing), ACCOUNTS) as listener, web() as session:
        assert session.post(listener.url + "/other").status_code == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"", b"411"),
        (b"Content-Length: x\r\n", b"411"),
        (b"Content-Length: -1\r\n", b"411"),
        (b"Content-Length: 2000000\r\n", b"413"),
    ],
)
def test_a_body_of_unknown_or_excessive_length_is_not_read(header, status):
    """The listener answers and closes the connection."""
    with Listener(Service(nothing), ACCOUNTS) as listener, connected(listener) as client:
        client.sendall(b"POST /wsman HTTP/1.1\r\nHost: localhost\r\n" + header + b"\r\n")
        answer = b"".join(iter(lambda: client.recv(4096), b""))

    assert answer.split()[1] == status


def connected(listener):
    return socket.create_connection(("127.0.0.1", int(listener.url.split(":")[2].partition("/")[0])), timeout=5)


class OnCommand(Undisturbed):
    """One verdict before or after every Command."""

    def __init__(self, **verdicts):
        self.verdicts = verdicts

    def before(self, exchange, process):
        return self.verdicts.get("before", Verdict.PROCEED) if exchange.action == "Command" else Verdict.PROCEED

    def after(self, exchange, process):
        return self.verdicts.get("after", Verdict.PROCEED) if exchange.action == "Command" else Verdict.PROCEED


COMMAND = "<rsp:CommandLine><rsp:Command>x</rsp:Command></rsp:CommandLine>"


@pytest.mark.parametrize(("moment", "runs"), [("before", False), ("after", True)])
def test_a_dropped_connection_gives_no_answer(client_of, tls, ca, moment, runs):
    """The client sees a broken connection; whether the command ran depends on when it broke."""
    ran = threading.Event()
    service = Service(lambda process: ran.set() or 0, disturbance=OnCommand(**{moment: Verdict.DROP}))
    shell = client_of(service, "LAB\\one").open()

    with Listener(service, ACCOUNTS, **tls) as listener, web(ca) as session:
        with pytest.raises(requests.exceptions.ConnectionError):
            session.post(listener.url, data=client_of.message("Command", COMMAND, shell=shell), auth=BASIC)
        assert session.post(listener.url, auth=BASIC).status_code == 200

    assert ran.wait(5 if runs else 0.05) is runs


def test_a_refused_exchange_is_http_401(client_of, tls, ca):
    """As for an account that has just lost its right to sign in."""
    service = Service(nothing, disturbance=OnCommand(before=Verdict.REFUSE))
    shell = client_of(service, "LAB\\one").open()

    with Listener(service, ACCOUNTS, **tls) as listener, web(ca) as session:
        response = session.post(listener.url, data=client_of.message("Command", COMMAND, shell=shell), auth=BASIC)

    assert response.status_code == 401


def serving_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("wsman-listener")]


@pytest.mark.parametrize(
    ("secure", "greeting"),
    [(False, b""), (False, b"POST /wsman HTTP/1.1\r\n"), (True, b"")],
    ids=["idle", "half a request", "in its handshake"],
)
def test_stopping_disconnects_clients_and_frees_the_port(tls, secure, greeting):
    """Whatever a client was doing, it is let go; no connection or thread stays, and the port is closed."""
    listener = Listener(Service(nothing), ACCOUNTS, **(tls if secure else {}))
    listener.start()
    with connected(listener) as client:
        client.sendall(greeting)
        deadline = time.monotonic() + 5
        while len(serving_threads()) < 2:
            assert time.monotonic() < deadline
        listener.stop()

        assert not serving_threads()
        assert client.recv(1) == b""
    with pytest.raises(OSError, match="refused"):
        connected(listener)


def test_a_client_that_hangs_up_prints_nothing(tls, capfd):
    """Neither a half request nor a failed handshake shows a traceback."""
    with Listener(Service(nothing), ACCOUNTS, **tls) as listener:
        with connected(listener) as client:
            client.sendall(b"no handshake at all\r\n\r\n")
            with suppress(ConnectionResetError):
                client.recv(100)
        with connected(listener):
            pass

    assert capfd.readouterr() == ("", "")
