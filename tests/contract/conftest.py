"""A simulated computer with PowerShell played in Python behind it, for tests of the way to it."""

import ssl
from collections.abc import Iterator

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from runbook_lib.adapters.sync_server import SyncServer
from runbook_lib.lab.wsman import Account, Accounts, Limits, Listener, Scheme, Service
from tests.contract.powershell import PASSWORD, Place, Remote, Trouble


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> dict[str, object]:
    """Certificates of the server, of a client, and of somebody else's authority."""
    folder = tmp_path_factory.mktemp("papers")
    authority = trustme.CA()
    server = authority.issue_cert("localhost")
    client = authority.issue_cert("svc@lab.example", common_name="svc")
    trustme.CA().cert_pem.write_to_path(folder / "other.pem")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    client.cert_chain_pems[0].write_to_path(folder / "client.pem")
    client.private_key_pem.write_to_path(folder / "client.key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL

    def der(pem):
        return x509.load_pem_x509_certificate(pem.bytes()).public_bytes(Encoding.DER)

    return {
        "folder": folder,
        "context": context,
        "server": der(server.cert_chain_pems[0]),
        "client": der(client.cert_chain_pems[0]),
    }


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def place(papers, limits) -> Iterator[Place]:
    remote, trouble = Remote(), Trouble()
    service = Service(remote, limits=limits, disturbance=trouble)
    accounts = Accounts([Account("svc", PASSWORD, certificate=papers["client"])])
    folder = papers["folder"]
    schemes = {Scheme.BASIC, Scheme.CERTIFICATE, Scheme.NEGOTIATE, Scheme.CREDSSP}
    with (
        Listener(service, accounts, tls=papers["context"], certificate=papers["server"], schemes=schemes) as https,
        Listener(service, accounts) as http,
    ):
        yield Place(
            remote, trouble, service, https.url, http.url,
            folder / "ca.pem", folder / "client.pem", folder / "client.key",
        )  # fmt: skip
        service.close()


@pytest.fixture
def server(place) -> Iterator[SyncServer]:
    server = place.server()
    yield server
    server.close()
