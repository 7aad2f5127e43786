"""Kerberos against MIT's own KDC: pywinrm and pypsrp as clients, the lab's endpoint as the server, our adapter in between."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pypsrp.shell import Process as PsrpProcess
from pypsrp.shell import WinRS
from pypsrp.wsman import WSMan

from runbook_lib.adapters.sync_server import Connection, SyncServer
from runbook_lib.errors import CannotConnect, SignInFailed, TargetError
from runbook_lib.lab.wsman import Account, Accounts, Binding, Listener, Process, Scheme, Service
from runbook_lib.ports import Answer, Request
from tests.contract.kerberos_realm import ELSEWHERE, PASSWORD, REALM, USER, Realm, serving, set_back
from tests.contract.powershell import CHANGE, HOST, Remote, Stopped

HOUR = 3600


@dataclass
class Computer:
    """A simulated computer in the realm, with a listener of each kind."""

    realm: Realm
    remote: Remote
    service: Service
    http: str
    https: str
    strict: str
    ca: Path
    cache: Path
    delegated: list[bool] = field(default_factory=list)

    def server(self, endpoint: str = "", **values: object) -> SyncServer:
        endpoint = endpoint or self.http
        trust = self.ca if endpoint.startswith("https") else None
        return SyncServer(Connection(endpoint, "kerberos", ca_file=trust, **values), clock=Stopped())

    def ask(self, endpoint: str = "", **values: object) -> Answer | TargetError:
        server = self.server(endpoint, **values)
        (outcome,) = server.read(HOST)
        server.close()
        return outcome


@pytest.fixture(scope="module")
def realm(tmp_path_factory) -> Iterator[Realm]:
    with serving(tmp_path_factory.mktemp("realm")) as realm:
        yield realm


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> tuple[Path, ssl.SSLContext, bytes]:
    """The authority's file, the server's TLS context and its certificate."""
    file = tmp_path_factory.mktemp("papers") / "ca.pem"
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    der = x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()).public_bytes(Encoding.DER)
    return file, context, der


@pytest.fixture
def computer(realm, papers, tmp_path) -> Iterator[Computer]:
    os.environ.update(realm.environment)
    ca, tls, certificate = papers
    remote = Remote()
    service = Service(remote)
    accounts = Accounts([Account("svc-runbook", PASSWORD, upn=USER, is_local=False)])
    schemes = {Scheme.NEGOTIATE, Scheme.KERBEROS}
    shared = {"tls": tls, "certificate": certificate, "schemes": schemes}
    with (
        Listener(service, accounts, schemes=schemes) as http,
        Listener(service, accounts, **shared) as https,
        Listener(service, accounts, binding=Binding.STRICT, **shared) as strict,
    ):
        yield Computer(realm, remote, service, http.url, https.url, strict.url, ca, tmp_path / "tickets")
        assert service.open_shells == 0
        service.close()


@pytest.fixture
def ticket(computer) -> Iterator[None]:
    computer.realm.tickets(computer.cache, "-f")
    return


@pytest.mark.usefixtures("ticket")
@pytest.mark.parametrize("listener", ["http", "https", "strict"])
@pytest.mark.parametrize("user", ["", USER])
def test_a_ticket_reads_and_changes_sealed_over_http_and_over_https(computer, listener, user):
    """The account is that of the ticket; over HTTPS also where the server insists on channel bindings."""
    server = computer.server(getattr(computer, listener), username=user)

    (answer,) = server.read(HOST)
    changed = server.perform(CHANGE)
    server.close()

    assert isinstance(answer, Answer)
    assert changed.body == CHANGE.arguments
    assert {process.user for process in computer.remote.processes} == {"LAB\\svc-runbook"}


@pytest.mark.usefixtures("ticket")
def test_over_http_nothing_readable_goes_over_the_wire(computer):
    """Large requests and answers too: what the endpoint takes apart was sealed, or it would have been refused."""
    server = computer.server()

    (answer,) = server.read([Request("host", {"text": "é" * 60_000})])
    server.close()

    assert answer.body == {"text": "é" * 60_000}


def test_a_keytab_takes_the_place_of_a_ticket(computer):
    """MIT's library fetches the ticket itself from the client keytab, for a run that nobody attends."""
    os.environ["KRB5_CLIENT_KTNAME"] = f"FILE:{computer.realm.account}"
    os.environ["KRB5CCNAME"] = f"FILE:{computer.cache}"

    assert isinstance(computer.ask(username=USER), Answer)


@pytest.mark.usefixtures("ticket")
@pytest.mark.parametrize("wanted", [True, False])
def test_the_ticket_is_handed_over_only_when_that_was_asked_for(computer, wanted):
    """Delegation is what a second hop rests on."""
    assert isinstance(computer.ask(kerberos_delegation=wanted), Answer)

    assert {process.is_delegated for process in computer.remote.processes} == {wanted}


def test_a_ticket_that_may_not_be_handed_over_still_signs_in(computer):
    """As for an account that Windows calls sensitive: the sign-in works, the second hop does not."""
    computer.realm.tickets(computer.cache, "-F")

    assert isinstance(computer.ask(kerberos_delegation=True), Answer)
    assert not computer.remote.processes[0].is_delegated


@pytest.mark.usefixtures("ticket")
def test_the_service_may_have_another_name_than_the_endpoint(computer):
    """An endpoint by address has no service principal of its own; the name given is asked for instead."""
    endpoint = computer.http.replace("localhost", "127.0.0.1")

    assert isinstance(computer.ask(endpoint, kerberos_hostname="localhost"), Answer)
    assert computer.ask(endpoint).message.key == "kerberos-unknown-service"


def nothing(computer: Computer) -> None:
    """No ticket at all."""


def somebody_else(computer: Computer) -> dict[str, object]:
    computer.realm.tickets(computer.cache)
    return {"username": f"other@{REALM}"}


def expired(computer: Computer) -> None:
    computer.realm.tickets(computer.cache, "-l", "1h")
    set_back(computer.cache, 2 * HOUR)


def clock_before_the_kdc(computer: Computer) -> None:
    computer.realm.tickets(computer.cache, "-l", "8h")
    set_back(computer.cache, HOUR)


def clock_before_the_server(computer: Computer) -> None:
    computer.realm.tickets(computer.cache, "-l", "8h")
    computer.realm.run("kvno", "-c", f"FILE:{computer.cache}", "HTTP/localhost")
    set_back(computer.cache, HOUR)


def unknown_service(computer: Computer) -> dict[str, object]:
    computer.realm.tickets(computer.cache)
    return {"kerberos_hostname": "sync9.lab.example"}


def service_elsewhere(computer: Computer) -> dict[str, object]:
    computer.realm.tickets(computer.cache)
    return {"kerberos_hostname": "sync1.elsewhere.example"}


def realm_without_kdc(computer: Computer) -> None:
    computer.realm.tickets(computer.cache)
    computer.realm.configure(computer.cache, served=ELSEWHERE)


def kdc_down(computer: Computer) -> None:
    computer.realm.tickets(computer.cache)
    computer.realm.configure(computer.cache, port=9)


def another_key(computer: Computer) -> None:
    """The service principal belongs to another account than the one that serves: its key differs."""
    computer.realm.tickets(computer.cache)
    other = f"other{computer.cache.parent.name}/localhost"
    computer.realm.administer(f"addprinc -randkey {other}", f"ktadd -k {computer.cache}.other {other}")
    os.environ["KRB5_KTNAME"] = f"FILE:{computer.cache}.other"


def unknown_account(computer: Computer) -> None:
    """The ticket is good, and the computer knows nobody of that name."""
    stranger = f"stranger@{REALM}"
    computer.realm.administer(f"addprinc -pw {PASSWORD} {stranger}")
    computer.realm.tickets(computer.cache, user=stranger)
    computer.realm.administer(f"delprinc -force {stranger}")


TROUBLES = [
    (nothing, SignInFailed, "kerberos-no-ticket"),
    (somebody_else, SignInFailed, "kerberos-no-ticket"),
    (expired, SignInFailed, "kerberos-ticket-expired"),
    (clock_before_the_kdc, SignInFailed, "kerberos-clock-skew"),
    (clock_before_the_server, SignInFailed, "kerberos-refused"),
    (unknown_service, SignInFailed, "kerberos-unknown-service"),
    (service_elsewhere, SignInFailed, "kerberos-unknown-service"),
    (realm_without_kdc, CannotConnect, "kerberos-realm-unknown"),
    (kdc_down, CannotConnect, "kerberos-kdc-unreachable"),
    (another_key, SignInFailed, "kerberos-refused"),
    (unknown_account, SignInFailed, "kerberos-refused"),
]


@pytest.mark.parametrize("listener", ["http", "https"])
@pytest.mark.parametrize(("trouble", "kind", "key"), TROUBLES, ids=[case[0].__name__ for case in TROUBLES])
def test_every_trouble_with_tickets_has_its_own_words(computer, listener, trouble, kind, key):
    """Each ends at once, in an error that says in both languages what is wrong and what to do; a change is not sent."""
    values = trouble(computer) or {}
    server = computer.server(getattr(computer, listener), **values)

    (error,) = server.read(HOST)
    with pytest.raises(kind) as refused:
        server.perform(CHANGE)
    server.close()

    assert (type(error), error.message.key) == (kind, key)
    assert refused.value.message.key == key
    assert error.say("en") != error.say("fr")
    assert computer.remote.ran == []


def test_a_password_in_the_parameters_fetches_no_ticket(computer):
    """Kerberos here is by ticket or keytab only; the parameters refuse a password, and the adapter does not use one."""
    assert computer.ask(username=USER).message.key == "kerberos-no-ticket"


PSRP = {
    "HTTP, sealed, by password": ("http", {"auth": "kerberos", "username": USER, "password": PASSWORD}),
    "HTTP, sealed, by ticket, negotiated": ("http", {"auth": "negotiate"}),
    "HTTPS with channel binding": ("strict", {"auth": "kerberos"}),
}


@pytest.mark.usefixtures("ticket")
@pytest.mark.parametrize("name", PSRP)
def test_a_client_that_is_not_ours_signs_in_too(computer, name):
    """Pypsrp asks for host/localhost and uses another Kerberos library than pywinrm."""
    listener, options = PSRP[name]
    url = getattr(computer, listener)
    port = int(url.rsplit(":", 1)[1].partition("/")[0])
    trust = {"cert_validation": str(computer.ca)} if url.startswith("https") else {}

    def whoami(process: Process) -> int:
        process.write_stdout(process.user.encode())
        return 0

    computer.remote.speak = whoami
    with (
        WSMan("localhost", port=port, ssl=url.startswith("https"), no_proxy=True, **trust, **options) as connection,
        WinRS(connection, codepage=65001) as shell,
    ):
        process = PsrpProcess(shell, "whoami")
        process.invoke()

    assert (process.stdout, process.rc) == (b"LAB\\svc-runbook", 0)
