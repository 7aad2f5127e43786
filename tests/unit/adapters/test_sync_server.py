"""The sync server's parts that need no server: the connection's checks, known problems, excerpts, what counts as refused."""

import ssl

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, SSLError
from winrm.exceptions import InvalidCredentialsError, WinRMTransportError, WSManFaultError

from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.sync_server import TRANSPORTS, Connection, SyncServer
from runbook_lib.adapters.sync_server.client import Client
from runbook_lib.adapters.sync_server.connection import require_extra
from runbook_lib.adapters.sync_server.envelope import Problem
from runbook_lib.adapters.sync_server.excerpt import LONGEST, excerpt
from runbook_lib.adapters.sync_server.faults import is_shell_spent, translated, was_refused
from runbook_lib.adapters.sync_server.problems import error_of
from runbook_lib.errors import (
    CannotConnect,
    NotPermitted,
    ParameterError,
    ScriptFailed,
    SignInFailed,
    TargetError,
    TargetTimeout,
    Throttled,
    UnexpectedReply,
    UsageProblem,
)

PASSWORD = "correct horse battery"
HTTPS = "https://sync01.contoso.example:5986/wsman"
HTTP = "http://sync01.contoso.example:5985/wsman"


def connection(endpoint: str = HTTPS, transport: str = "ntlm", **values: object) -> Connection:
    return Connection(endpoint, transport, **{"username": "CONTOSO\\ops", "password": SecretStr(PASSWORD), **values})


def key_of(excinfo: pytest.ExceptionInfo) -> str:
    return excinfo.value.message.key


def test_no_text_form_of_a_connection_shows_the_password():
    assert PASSWORD not in f"{connection()!r} {connection()}"


@pytest.mark.parametrize("endpoint", [HTTPS, HTTP, "https://[::1]:5986/wsman", "https://localhost:443/wsman"])
def test_a_full_url_is_accepted(endpoint):
    assert connection(endpoint).endpoint == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "sync01",
        "sync01:5986",
        "https://sync01",
        "https://sync01:5986",
        "https://sync01:5986/",
        "https://sync01:5986/other",
        "https://sync01:5986/wsman/",
        "https://sync01:5986/wsman?x=1",
        "https://sync01:5986/wsman#x",
        "https://ops:pw@sync01:5986/wsman",
        "https://sync01:0/wsman",
        "https://sync01:99999/wsman",
        "https://sync01:http/wsman",
        "https://:5986/wsman",
        "ftp://sync01:5986/wsman",
        "https://sync 01:5986/wsman",
        "https://sync01:5986/wsman\n",
    ],
)
def test_anything_but_a_full_url_is_refused(endpoint):
    with pytest.raises(ParameterError) as refused:
        connection(endpoint)

    assert key_of(refused) == "winrm-endpoint-wrong"


@pytest.mark.parametrize("transport", ["basic", "certificate", "credssp"])
def test_what_only_tls_protects_is_refused_over_http(transport):
    with pytest.raises(ParameterError) as refused:
        connection(HTTP, transport)

    assert key_of(refused) == "winrm-transport-needs-tls"


@pytest.mark.parametrize(
    ("transport", "values", "missing"),
    [
        ("basic", {"username": ""}, ("username",)),
        ("ntlm", {"password": SecretStr("")}, ("password",)),
        ("credssp", {"username": "", "password": SecretStr("")}, ("username", "password")),
        ("certificate", {}, ("certificate_file", "key_file")),
    ],
)
def test_a_transport_without_what_it_needs_is_refused(transport, values, missing):
    with pytest.raises(ParameterError) as refused:
        connection(transport=transport, **values)

    assert refused.value.message.arguments["missing"] == missing


def test_kerberos_needs_no_user_name_and_asks_for_the_service_of_the_endpoint_or_of_the_name_given():
    assert connection(transport="kerberos", username="").service == "HTTP/sync01.contoso.example"
    assert connection(transport="kerberos", kerberos_hostname="real.contoso.example").service == (
        "HTTP/real.contoso.example"
    )


@pytest.mark.parametrize("transport", ["plaintext", "ssl", "auto", ""])
def test_a_transport_of_another_name_is_refused(transport):
    with pytest.raises(ParameterError) as refused:
        connection(transport=transport)

    assert refused.value.message.arguments["known"] == TRANSPORTS


@pytest.mark.parametrize("values", [{"deadline_seconds": 0}, {"operation_timeout_seconds": 0}])
def test_times_of_nothing_are_refused(values):
    with pytest.raises(ParameterError):
        connection(**values)


@pytest.mark.parametrize("field", ["ca_file", "certificate_file", "key_file"])
def test_a_file_that_is_not_there_is_named(field, tmp_path):
    with pytest.raises(ParameterError) as refused:
        connection(**{field: tmp_path / "absent.pem"})

    assert "absent.pem" in str(refused.value)


@pytest.mark.parametrize("transport", ["kerberos", "credssp"])
def test_a_missing_extra_is_named_with_the_command_that_installs_it(transport):
    with pytest.raises(UsageProblem) as refused:
        require_extra(transport, {transport: False})

    assert f'pip install "runbook-kit[{transport}]"' in refused.value.say("en")


def test_transports_without_an_extra_need_none():
    require_extra("ntlm", {"kerberos": False, "credssp": False})


def test_over_plain_http_messages_are_sealed_or_not_sent():
    assert Client(connection(HTTP)).transport.message_encryption == "always"


def test_nothing_is_sent_for_no_readings():
    server = SyncServer(connection(), clock=SystemClock())

    assert server.read([]) == ()
    server.close()
    assert server.exchanges == 0


SET = "set_password_writeback"


@pytest.mark.parametrize(
    ("script", "problem", "kind", "key"),
    [
        ("host", Problem("m", "System.Exception", "x", "NotSpecified"), ScriptFailed, "script-failed"),
        (
            "connectors",
            Problem(
                "m",
                "System.IO.FileNotFoundException",
                "Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand",
                "ResourceUnavailable",
            ),
            ScriptFailed,
            "script-module-missing",
        ),
        (
            "connectors",
            Problem(
                "m",
                "System.Management.Automation.CommandNotFoundException",
                "CommandNotFoundException",
                "ObjectNotFound",
            ),
            ScriptFailed,
            "script-command-missing",
        ),
        (
            "grant_writeback_rights",
            Problem("m", "System.Management.Automation.PSInvalidOperationException", "x", "InvalidOperation"),
            ScriptFailed,
            "script-prompted",
        ),
        (
            SET,
            Problem("m", "System.Management.Automation.PSInvalidOperationException", "x", "InvalidOperation"),
            ScriptFailed,
            "writeback-credential-prompt",
        ),
        (
            SET,
            Problem("… AzureADCredential.", "x", "MissingMandatoryParameter,Some.Command", "InvalidArgument"),
            ScriptFailed,
            "writeback-credential-prompt",
        ),
        (
            "grant_writeback_rights",
            Problem("Windows PowerShell est en mode NonInteractive.", "x", "x", "x"),
            ScriptFailed,
            "script-prompted",
        ),
        (SET, Problem("Erreur HRESULT E_FAIL …", "x", "x", "x"), ScriptFailed, "writeback-invalid-state"),
        (SET, Problem("… (0x80004005)", "x", "x", "x"), ScriptFailed, "writeback-invalid-state"),
        (
            SET,
            Problem("Password reset configuration may be in an invalid state.", "x", "x", "x"),
            ScriptFailed,
            "writeback-invalid-state",
        ),
        ("host", Problem("E_FAIL", "x", "x", "x"), ScriptFailed, "script-failed"),
        (
            "host",
            Problem("m", "System.UnauthorizedAccessException", "x", "PermissionDenied"),
            NotPermitted,
            "script-access-denied",
        ),
        (
            "directory_rights",
            Problem(
                "m",
                "System.UnauthorizedAccessException",
                "ActiveDirectoryCmdlet:System.UnauthorizedAccessException,Microsoft.ActiveDirectory.GetADUser",
                "NotSpecified",
            ),
            NotPermitted,
            "directory-access-denied",
        ),
        (
            "domain_policies",
            Problem(
                "m",
                "System.Security.Authentication.AuthenticationException",
                "ActiveDirectoryCmdlet:System.Security.Authentication.AuthenticationException,X",
                "SecurityError",
            ),
            NotPermitted,
            "directory-access-denied",
        ),
        (
            "grant_writeback_rights",
            Problem(
                "m", "Microsoft.ActiveDirectory.Management.ADException", "ActiveDirectoryServer:8344,X", "NotSpecified"
            ),
            NotPermitted,
            "directory-access-denied",
        ),
        (
            "directory_rights",
            Problem(
                "m",
                "Microsoft.ActiveDirectory.Management.ADServerDownException",
                "ActiveDirectoryServer:1355,X",
                "ResourceUnavailable",
            ),
            ScriptFailed,
            "directory-unreachable",
        ),
    ],
)
def test_known_problems_are_told_apart_by_what_no_language_changes(script, problem, kind, key):
    error = error_of(problem, target="sync-server", script=script)

    assert type(error) is kind
    assert error.message.key == key
    assert error.say("en")
    assert error.say("fr")


def test_a_script_error_keeps_its_identifier_and_hides_the_password():
    error = error_of(
        Problem(f"no {PASSWORD} please", "x", "id,command", "x"), target="t", script="host", secrets=[PASSWORD]
    )

    assert error.error_id == "id,command"
    assert error.detail == "no *** please"


@given(st.text(), st.text(min_size=1))
@example("\x1b[2J\u202e\r\n\x00", "x")
@example("a" * 500, "a" * 20)
def test_an_excerpt_is_short_visible_and_without_the_secret(text, secret):
    shown = excerpt(text + secret + text, secrets=[secret], longest=LONGEST)

    assert len(shown) <= LONGEST
    assert shown.isprintable()


@given(st.text(alphabet="abc123", min_size=6, max_size=12), st.text(alphabet="xyz \n\x00", max_size=300))
def test_no_piece_of_a_secret_is_left_by_a_cut(secret, around):
    shown = excerpt(around + secret + around, secrets=[secret])

    assert not set(shown.replace("\\u{0}", "")) & set("abc123")


def fault(number: int, wmi: int | None = None) -> WSManFaultError:
    return WSManFaultError(500, "m", "<xml/>", f"because {PASSWORD}", wsman_fault_code=number, wmierror_code=wmi)


def refused_connection() -> requests.ConnectionError:
    return requests.ConnectionError(MaxRetryError(None, "/wsman", NewConnectionError(None, "refused")))


def tls(error: ssl.SSLError) -> requests.exceptions.SSLError:
    return requests.exceptions.SSLError(MaxRetryError(None, "/wsman", SSLError(error)))


CASES = [
    # error, class, key, certainly without effect, shell spent
    (fault(5), NotPermitted, "winrm-access-denied", True, False),
    (fault(2150859173), Throttled, "winrm-quota-reached", True, False),
    (fault(2150859174), Throttled, "winrm-quota-reached", True, True),
    (fault(0, wmi=2150859174), Throttled, "winrm-quota-reached", True, True),
    (fault(2150858843), CannotConnect, "winrm-shell-gone", True, True),
    (fault(2147943418), CannotConnect, "winrm-shell-gone", True, True),
    (fault(995), UnexpectedReply, "winrm-fault", False, False),
    (InvalidCredentialsError("x"), SignInFailed, "winrm-sign-in-refused", True, False),
    (WinRMTransportError("http", 503, ""), CannotConnect, "winrm-http-status", False, False),
    (refused_connection(), CannotConnect, "winrm-unreachable", True, False),
    (requests.ConnectTimeout("x"), CannotConnect, "winrm-unreachable", True, False),
    (requests.ReadTimeout("x"), TargetTimeout, "winrm-no-answer", False, False),
    (
        requests.ConnectionError(ProtocolError("x", ConnectionResetError())),
        CannotConnect,
        "winrm-unreachable",
        False,
        False,
    ),
    (tls(ssl.SSLCertVerificationError("x")), CannotConnect, "winrm-not-trusted", True, False),
    (tls(ssl.SSLEOFError("x")), CannotConnect, "winrm-unreachable", False, False),
    (requests.TooManyRedirects("x"), CannotConnect, "winrm-unreachable", False, False),
    (StopIteration(PASSWORD), UnexpectedReply, "winrm-not-understood", False, False),
]


@pytest.mark.parametrize(("foreign", "kind", "key", "refused", "spent"), CASES)
def test_every_foreign_error_becomes_one_of_the_tree(foreign, kind, key, refused, spent):
    with pytest.raises(TargetError) as raised, translated("sync-server", connection(), "Command"):
        raise foreign

    error = raised.value
    assert type(error) is kind
    assert error.message.key == key
    assert error.__cause__ is foreign
    assert was_refused(error) is refused
    assert is_shell_spent(error) is spent
    assert PASSWORD not in error.say("en") + error.say("fr")


def test_the_number_and_text_of_a_fault_are_kept():
    with pytest.raises(UnexpectedReply) as raised, translated("sync-server", connection(), "Create"):
        raise fault(2150858811)

    assert "2150858811" in str(raised.value)
    assert "because ***" in str(raised.value)
