"""The lab's cloud as a server: on loopback only, over TLS that clients can check, and gone when it is told to go."""

import logging
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
import requests
import trustme

from runbook_lib.errors import UsageProblem
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import Cloud
from tests.waiting import until

NOBODY = "nobody/v2.0/.well-known/openid-configuration"


def port_of(server: CloudServer) -> int:
    return int(server.address.rpartition(":")[2])


def ask(server: CloudServer, ca_file: Path, session: requests.Session) -> requests.Response:
    ca_file.write_bytes(server.ca_pem)
    session.trust_env, session.verify = False, str(ca_file)
    return session.get(f"{server.address}/{NOBODY}")


def answers_at(host: str, server: CloudServer) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port_of(server))) == 0


def test_it_goes_while_a_client_stays_connected(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with requests.Session() as session:
        with CloudServer(Cloud()) as server:
            answer = ask(server, tmp_path / "ca.pem", session)
            begun = time.monotonic()

        assert answer.json()["error_codes"] == [90002]
        assert time.monotonic() - begun < 5
        until(lambda: set(threading.enumerate()) == before, within=5)  # who has ended is listed for a moment longer
        assert not answers_at("127.0.0.1", server)


def test_it_listens_on_one_loopback_address_only() -> None:
    with CloudServer(Cloud()) as server:
        assert answers_at("127.0.0.1", server)
        assert not answers_at("127.0.0.2", server)


def test_its_certificate_holds_for_whoever_trusts_its_authority(tmp_path: Path) -> None:
    ca = trustme.CA()
    with CloudServer(Cloud(), ca) as server, requests.Session() as session:
        assert server.ca_pem == ca.cert_pem.bytes()
        assert ask(server, tmp_path / "ca.pem", session).status_code == 400
        context = ssl.create_default_context()
        with (
            socket.create_connection(("127.0.0.1", port_of(server))) as raw,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            context.wrap_socket(raw, server_hostname="localhost")


def test_a_port_that_is_taken_is_said_plainly() -> None:
    with CloudServer(Cloud()) as first, pytest.raises(UsageProblem, match=str(port_of(first))):
        CloudServer(Cloud(), port=port_of(first)).__enter__()


def test_a_port_can_be_taken_again_at_once(tmp_path: Path) -> None:
    with requests.Session() as session, CloudServer(Cloud()) as first:
        ask(first, tmp_path / "ca.pem", session)
        port = port_of(first)

    with requests.Session() as session, CloudServer(Cloud(), port=port) as second:
        assert ask(second, tmp_path / "ca.pem", session).status_code == 400


def test_it_says_nothing_of_its_own(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "uvicorn"), CloudServer(Cloud()) as server, requests.Session() as session:
        ask(server, tmp_path / "ca.pem", session)

    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []
