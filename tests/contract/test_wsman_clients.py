"""The lab's WS-Management endpoint, judged by two clients nobody here wrote: pywinrm and pypsrp."""

from __future__ import annotations

import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import requests
import trustme
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from pypsrp.exceptions import AuthenticationError
from pypsrp.exceptions import WSManFaultError as PsrpFault
from pypsrp.shell import Process as PsrpProcess
from pypsrp.shell import SignalCode, WinRS
from pypsrp.wsman import WSMan
from winrm.exceptions import InvalidCredentialsError, WinRMOperationTimeoutError, WSManFaultError
from winrm.protocol import Protocol

from runbook_lib.lab.wsman import Account, Accounts, Listener, Service

PASSWORD = "Passw0rd!"
USER = "svc-runbook"
DOMAIN_USER = f"LAB\\{USER}"


def run(process):
    """A few console programs, enough to see every stream."""
    program, _, argument = process.command_line.partition(" ")
    if program == "echo":
        process.write_stdout(argument.encode(process.encoding, "replace"))
    elif program == "big":
        process.write_stdout(b"x" * int(argument))
    elif program == "stdin":
        process.write_stdout(process.read_stdin())
        process.write_stderr(b"end of input")
    elif program == "wait" and process.cancelled.wait(float(argument)):
        process.write_stderr(b"stopped")
        return 3
    elif program == "fail":
        raise RuntimeError(argument)
    elif program == "exit":
        return int(argument)
    elif program == "whoami":
        process.write_stdout(process.user.encode())
    return 0


@dataclass(frozen=True)
class Computer:
    """A computer with both listeners, and the files its clients need."""

    service: Service
    https: str
    http: str
    ca: str
    certificate: str
    key: str


def der(leaf):
    return load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()).public_bytes(Encoding.DER)


@contextmanager
def listening(service, folder):
    ca = trustme.CA(key_type=trustme.KeyType.RSA)
    server = ca.issue_cert("localhost", "127.0.0.1", key_type=trustme.KeyType.RSA)
    client = ca.issue_cert("svc-runbook@lab.example", key_type=trustme.KeyType.RSA)
    paths = [str(folder / name) for name in ("ca.pem", "client.pem", "client.key")]
    ca.cert_pem.write_to_path(paths[0])
    client.cert_chain_pems[0].write_to_path(paths[1])
    client.private_key_pem.write_to_path(paths[2])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.configure_cert(tls)
    ca.configure_trust(tls)
    tls.verify_mode = ssl.CERT_OPTIONAL
    accounts = Accounts(
        [
            Account(USER, PASSWORD, upn="svc-runbook@lab.example", certificate=der(client)),
            Account("svc-domain", PASSWORD, is_local=False),
        ]
    )
    with Listener(service, accounts, tls=tls, certificate=der(server)) as https, Listener(service, accounts) as http:
        yield Computer(service, https.url, http.url, *paths)
    service.close()


@pytest.fixture(scope="module")
def computer(tmp_path_factory):
    with listening(Service(run), tmp_path_factory.mktemp("wsman")) as computer:
        yield computer


@pytest.fixture(autouse=True)
def nothing_left_behind(computer):
    """No test leaves a shell open."""
    yield
    assert computer.service.open_shells == 0


@contextmanager
def pywinrm(url, **options):
    """A pywinrm Protocol whose connections are closed at the end."""
    options.setdefault("operation_timeout_sec", 5)
    options.setdefault("ca_trust_path", None)  # or REQUESTS_CA_BUNDLE of this computer would be used, with a warning
    protocol = Protocol(url, proxy=None, read_timeout_sec=60, **options)
    try:
        yield protocol
    finally:
        protocol.transport.close_session()


@contextmanager
def pywinrm_shell(url, code_page=65001, **options):
    with pywinrm(url, **options) as protocol:
        shell = protocol.open_shell(codepage=code_page)
        try:
            yield protocol, shell
        finally:
            protocol.close_shell(shell, close_session=False)


def run_with_pywinrm(protocol, shell, command, stdin=None):
    command_id = protocol.run_command(shell, command)
    try:
        if stdin is not None:
            protocol.send_command_input(shell, command_id, stdin, end=True)
        return protocol.get_command_output(shell, command_id)
    finally:
        protocol.cleanup_command(shell, command_id)


def login(computer, name):
    """Endpoint and sign-in options of pywinrm by a short name."""
    password = {"username": USER, "password": PASSWORD}
    domain = {"username": DOMAIN_USER, "password": PASSWORD, "transport": "ntlm"}
    trust = {"ca_trust_path": computer.ca}
    certificate = {"cert_pem": computer.certificate, "cert_key_pem": computer.key}
    return {
        "basic, HTTPS": (computer.https, {"transport": "basic", **password, **trust}),
        "ssl, HTTPS": (computer.https, {"transport": "ssl", **password, **trust}),
        "certificate, HTTPS": (computer.https, {"transport": "certificate", **certificate, **trust}),
        "NTLM, HTTPS with channel binding": (computer.https, {**domain, **trust}),
        "NTLM, HTTPS without channel binding": (computer.https, {**domain, **trust, "send_cbt": False}),
        "NTLM, HTTPS, sealed all the same": (computer.https, {**domain, **trust, "message_encryption": "always"}),
        "NTLM, HTTP sealed": (computer.http, domain),
        "NTLM, HTTP sealed always": (computer.http, {**domain, "message_encryption": "always"}),
        "NTLM, HTTP, no domain": (computer.http, {**domain, "username": USER}),
        "NTLM, HTTP, UPN": (computer.http, {**domain, "username": "svc-runbook@lab.example"}),
    }[name]


LOGINS = [
    "basic, HTTPS",
    "ssl, HTTPS",
    "certificate, HTTPS",
    "NTLM, HTTPS with channel binding",
    "NTLM, HTTPS without channel binding",
    "NTLM, HTTPS, sealed all the same",
    "NTLM, HTTP sealed",
    "NTLM, HTTP sealed always",
    "NTLM, HTTP, no domain",
    "NTLM, HTTP, UPN",
]


@pytest.mark.parametrize("name", LOGINS)
def test_pywinrm_signs_in_and_every_stream_works(computer, name):
    """Each way to sign in gives the same account, the bytes of standard input unchanged, and the exit code."""
    url, options = login(computer, name)
    everything = bytes(range(256))

    with pywinrm_shell(url, **options) as (protocol, shell):
        assert run_with_pywinrm(protocol, shell, "whoami") == (DOMAIN_USER.encode(), b"", 0)
        assert run_with_pywinrm(protocol, shell, "stdin", everything) == (everything, b"end of input", 0)
        assert run_with_pywinrm(protocol, shell, "exit 42") == (b"", b"", 42)


@pytest.mark.parametrize("name", ["basic, HTTPS", "NTLM, HTTP sealed"])
def test_pywinrm_reads_output_larger_than_an_envelope(computer, name):
    """400,000 bytes arrive in several Receives, all of them."""
    url, options = login(computer, name)

    with pywinrm_shell(url, **options) as (protocol, shell):
        assert run_with_pywinrm(protocol, shell, "big 400000") == (b"x" * 400_000, b"", 0)

    receives = [exchange for exchange in computer.service.exchanges if exchange.shell_id == shell.upper()]
    assert sum(exchange.action == "Receive" for exchange in receives) >= 3


def test_pywinrm_survives_an_operation_timeout(computer):
    """A command that outlasts OperationTimeout is asked for again until it is done, and nothing is lost."""
    url, options = login(computer, "basic, HTTPS")

    with pywinrm_shell(url, operation_timeout_sec=1, **options) as (protocol, shell):
        command = protocol.run_command(shell, "wait 1.5")
        with pytest.raises(WinRMOperationTimeoutError):
            protocol.get_command_output_raw(shell, command)

        assert protocol.get_command_output(shell, command) == (b"", b"", 0)
        protocol.cleanup_command(shell, command)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("basic, HTTPS", {"password": "wrong"}),
        ("basic, HTTPS", {"username": "nobody"}),
        ("basic, HTTPS", {"username": "svc-domain"}),
        ("NTLM, HTTP sealed", {"password": "wrong"}),
        ("NTLM, HTTP sealed", {"username": "LAB\\nobody"}),
        ("NTLM, HTTPS with channel binding", {"password": "wrong"}),
        ("NTLM, HTTP sealed", {"message_encryption": "never"}),
        ("NTLM, HTTP sealed", {"transport": "plaintext"}),
    ],
)
def test_pywinrm_is_refused(computer, name, change):
    """A wrong password or account, Basic for a domain account or over HTTP, and unsealed bodies over HTTP: each is HTTP 401."""
    url, options = login(computer, name)

    with pywinrm(url, **{**options, **change}) as protocol, pytest.raises(InvalidCredentialsError):
        protocol.open_shell()


def test_a_domain_account_signs_in_by_ntlm(computer):
    """What Basic refuses for a domain account, NTLM accepts."""
    url, options = login(computer, "NTLM, HTTP sealed")

    with pywinrm_shell(url, **{**options, "username": "LAB\\svc-domain"}) as (protocol, shell):
        assert run_with_pywinrm(protocol, shell, "whoami")[0] == b"LAB\\svc-domain"


def test_pywinrm_distrusts_an_unknown_authority(computer):
    """Without our CA the client ends the handshake, and the endpoint goes on serving."""
    url, options = login(computer, "basic, HTTPS")

    with pywinrm(url, **{**options, "ca_trust_path": None}) as protocol, pytest.raises(requests.exceptions.SSLError):
        protocol.open_shell()
    with pywinrm_shell(url, **options) as (protocol, shell):
        assert run_with_pywinrm(protocol, shell, "exit 0")[2] == 0


def test_a_stranger_s_certificate_is_refused(computer, tmp_path):
    """A client certificate of another authority does not pass the handshake, and so signs nobody in."""
    stranger = trustme.CA().issue_cert("svc-runbook@lab.example", key_type=trustme.KeyType.RSA)
    stranger.cert_chain_pems[0].write_to_path(str(tmp_path / "c.pem"))
    stranger.private_key_pem.write_to_path(str(tmp_path / "c.key"))
    url, options = login(computer, "certificate, HTTPS")
    own = {"cert_pem": str(tmp_path / "c.pem"), "cert_key_pem": str(tmp_path / "c.key")}

    with pywinrm(url, **{**options, **own}) as protocol, pytest.raises(requests.exceptions.ConnectionError):
        protocol.open_shell()


def test_pywinrm_learns_that_a_shell_does_not_exist(computer):
    """An unknown shell is fault 2150858843, as Windows numbers it."""
    url, options = login(computer, "basic, HTTPS")

    with pywinrm(url, **options) as protocol, pytest.raises(WSManFaultError) as caught:
        protocol.run_command("DEADBEEF-0000-0000-0000-000000000000", "whoami")

    assert caught.value.wsman_fault_code == 2150858843
    assert caught.value.fault_subcode == "w:InvalidSelectors"


def test_the_8191_character_limit_of_cmd_applies(computer):
    """A longer line fails in cmd.exe without running, and runs when the client skips cmd.exe."""
    url, options = login(computer, "basic, HTTPS")
    line = "echo " + "y" * 8187

    with pywinrm_shell(url, **options) as (protocol, shell):
        assert run_with_pywinrm(protocol, shell, line) == (b"", b"The command line is too long.\r\n", 1)
        assert run_with_pywinrm(protocol, shell, line[:-1])[0] == b"y" * 8186
        command = protocol.run_command(shell, line, skip_cmd_shell=True)
        assert protocol.get_command_output(shell, command) == (b"y" * 8187, b"", 0)


@pytest.mark.parametrize(
    ("code_page", "expected"),
    [(437, b"\x82t\x82 ?"), (850, b"\x82t\x82 ?"), (1252, b"\xe9t\xe9 \x80"), (65001, "été €".encode())],
)
def test_text_is_written_in_the_shell_s_code_page(computer, code_page, expected):
    """Characters the page lacks are lost, as they are on Windows."""
    url, options = login(computer, "basic, HTTPS")

    with pywinrm_shell(url, code_page, **options) as (protocol, shell):
        assert run_with_pywinrm(protocol, shell, "echo été €")[0] == expected


def test_a_failing_executor_is_never_a_success(computer):
    """An exception in the lab reaches the client as standard error and exit code 1."""
    url, options = login(computer, "basic, HTTPS")

    with pywinrm_shell(url, **options) as (protocol, shell):
        assert run_with_pywinrm(protocol, shell, "fail out of lab") == (b"", b"RuntimeError: out of lab\r\n", 1)


def test_many_clients_at_once_do_not_disturb_each_other(computer, monkeypatch):
    """Twelve sign-ins in parallel, sealed and not, each get the answer to their own question."""
    # pywinrm has requests set this for the time of each request and take it away again, while other threads read the environment.
    monkeypatch.setenv("no_proxy", "*")

    def ask(number):
        url, options = login(computer, LOGINS[number % len(LOGINS)])
        with pywinrm_shell(url, **options) as (protocol, shell):
            return run_with_pywinrm(protocol, shell, "stdin", str(number).encode())[0]

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(ask, range(12))) == [str(number).encode() for number in range(12)]


@contextmanager
def pypsrp_shell(computer, *, https, **options):
    url = computer.https if https else computer.http
    port = int(url.rsplit(":", 1)[1].partition("/")[0])
    trust = {"cert_validation": computer.ca} if https else {}
    connection = WSMan(
        "localhost", port=port, ssl=https, no_proxy=True, read_timeout=60, operation_timeout=5, **trust, **options
    )
    with connection, WinRS(connection, codepage=65001) as shell:
        yield shell


PSRP_LOGINS = {
    "basic, HTTPS": (True, {"auth": "basic", "username": USER, "password": PASSWORD}),
    "certificate, HTTPS": (True, {"auth": "certificate"}),
    "NTLM, HTTPS": (True, {"auth": "ntlm", "username": DOMAIN_USER, "password": PASSWORD}),
    "Negotiate, HTTPS": (True, {"auth": "negotiate", "username": DOMAIN_USER, "password": PASSWORD}),
    "NTLM, HTTP sealed": (False, {"auth": "ntlm", "username": DOMAIN_USER, "password": PASSWORD}),
    "Negotiate, HTTP sealed": (False, {"auth": "negotiate", "username": DOMAIN_USER, "password": PASSWORD}),
}


def psrp_login(computer, name):
    https, options = PSRP_LOGINS[name]
    if options["auth"] == "certificate":
        options = {**options, "certificate_pem": computer.certificate, "certificate_key_pem": computer.key}
    return {"https": https, **options}


@pytest.mark.parametrize("name", PSRP_LOGINS)
def test_pypsrp_signs_in_and_every_stream_works(computer, name):
    """Each way to sign in gives the same account; input in two parts and 900,000 bytes of output arrive whole."""
    with pypsrp_shell(computer, **psrp_login(computer, name)) as shell:
        who = PsrpProcess(shell, "whoami")
        who.invoke()
        reader = PsrpProcess(shell, "stdin")
        reader.begin_invoke()
        reader.send(b"first ", end=False)
        reader.send("deuxième".encode(), end=True)
        reader.end_invoke()
        large = PsrpProcess(shell, "big", ["900000"])
        large.invoke()

    assert (who.stdout, who.rc) == (DOMAIN_USER.encode(), 0)
    assert (reader.stdout, reader.stderr) == ("first deuxième".encode(), b"end of input")
    assert (large.stdout, large.rc) == (b"x" * 900_000, 0)


def test_pypsrp_stops_a_command_with_ctrl_c(computer):
    """The signal cancels the command, whose last words and exit code still arrive."""
    with pypsrp_shell(computer, **psrp_login(computer, "basic, HTTPS")) as shell:
        process = PsrpProcess(shell, "wait", ["60"])
        process.begin_invoke()
        process.signal(SignalCode.CTRL_C)
        process.end_invoke()
        process.signal(SignalCode.TERMINATE)

    assert (process.stderr, process.rc) == (b"stopped", 3)


def test_deleting_a_shell_cancels_its_commands(tmp_path):
    """A client that goes away politely leaves nothing running."""
    cancelled = threading.Event()

    def endless(process):
        process.cancelled.wait(30)
        cancelled.set()
        return 0

    with listening(Service(endless), tmp_path) as computer:
        with pypsrp_shell(computer, **psrp_login(computer, "basic, HTTPS")) as shell:
            PsrpProcess(shell, "anything").begin_invoke()

        assert cancelled.wait(5)


@pytest.mark.parametrize("name", ["basic, HTTPS", "NTLM, HTTP sealed", "Negotiate, HTTPS"])
def test_pypsrp_is_refused_with_a_wrong_password(computer, name):
    """A wrong password is HTTP 401, which pypsrp reports as an authentication error."""
    options = {**psrp_login(computer, name), "password": "wrong"}

    with pytest.raises(AuthenticationError), pypsrp_shell(computer, **options):
        pass


def test_pypsrp_learns_that_a_session_configuration_does_not_exist(computer):
    """PowerShell remoting is not modelled: asking for it is the fault of an unknown resource, with the computer's name."""
    _, options = PSRP_LOGINS["basic, HTTPS"]
    port = int(computer.https.rsplit(":", 1)[1].partition("/")[0])
    uri = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"

    with (
        WSMan("localhost", port=port, no_proxy=True, cert_validation=computer.ca, **options) as connection,
        pytest.raises(PsrpFault) as caught,
    ):
        WinRS(connection, resource_uri=uri).open()

    assert (caught.value.code, caught.value.machine) == (2150858811, "LAB-SYNC01")


def test_a_relayed_sign_in_is_refused(computer, tmp_path):
    """A sign-in is bound to the certificate pywinrm saw; where the server has another one, it is not let in."""
    authority = trustme.CA(key_type=trustme.KeyType.RSA)
    shown, believed = (authority.issue_cert("localhost", key_type=trustme.KeyType.RSA) for _ in range(2))
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.configure_cert(tls)
    options = {"transport": "ntlm", "username": USER, "password": PASSWORD, "ca_trust_path": str(tmp_path / "ca.pem")}

    with Listener(Service(run), Accounts([Account(USER, PASSWORD)]), tls=tls, certificate=der(believed)) as listener:
        with pywinrm(listener.url, **options) as protocol, pytest.raises(InvalidCredentialsError):
            protocol.open_shell()
        with pywinrm_shell(listener.url, **options, send_cbt=False) as (protocol, shell):
            assert run_with_pywinrm(protocol, shell, "exit 0")[2] == 0
