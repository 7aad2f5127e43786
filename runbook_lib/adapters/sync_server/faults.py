"""The errors of pywinrm and of what it stands on, made into errors of the tree. None of theirs gets past here."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from spnego.exceptions import SpnegoError
from urllib3.exceptions import NewConnectionError
from winrm.exceptions import (
    AuthenticationError,
    WinRMOperationTimeoutError,
    WinRMTransportError,
    WSManFaultError,
)

from runbook_lib.adapters.sync_server import kerberos
from runbook_lib.adapters.sync_server.connection import Connection
from runbook_lib.adapters.sync_server.excerpt import excerpt
from runbook_lib.errors import (
    CannotConnect,
    NotPermitted,
    SignInFailed,
    TargetError,
    TargetTimeout,
    Throttled,
    UnexpectedReply,
)

# Numbers of Microsoft's public header wsmerror.h, but for the first and last, which are Win32.
ACCESS_DENIED = 5
UNEXPECTED_SELECTORS = 2150858843  # 0x8033805B: the shell, or the command, is not there (any more)
QUOTA_MAX_SHELLS = 2150859173  # 0x803381A5
QUOTA_MAX_OPERATIONS = 2150859174  # 0x803381A6
KEY_DELETED = 2147943418  # 0x800703FA: the profile of the signed-in account was unloaded under the shell

# What a new shell cures. Ended commands of a text shell are never taken off the operations quota (MS-WSMV, note 118).
_SHELL_SPENT = frozenset({UNEXPECTED_SELECTORS, QUOTA_MAX_OPERATIONS, KEY_DELETED})
_REFUSALS = _SHELL_SPENT | {ACCESS_DENIED, QUOTA_MAX_SHELLS}

# How TLS says that it does not take our certificate, such as SSLV3_ALERT_CERTIFICATE_EXPIRED.
_ALERT = re.compile(r"_ALERT_(?:.*CERTIFICATE|UNKNOWN_CA)")
# What is left of that when the server hangs up before we read it: TLS 1.3 judges our certificate after the handshake.
_ENDED = (ssl.SSLEOFError, ConnectionResetError, BrokenPipeError)
# OpenSSL's X509_V_ERR_ numbers.
_NOT_VERIFIED = {
    9: "winrm-certificate-dates",
    10: "winrm-certificate-dates",
    62: "winrm-certificate-other-host",
    64: "winrm-certificate-other-host",
}
# What HTTP 401 most likely means differs with the way to sign in; the server itself gives no reason.
_REFUSED = {
    "kerberos": "kerberos-refused",
    "certificate": "winrm-certificate-refused",
    "credssp": "credssp-refused",
}


@contextmanager
def translated(target: str, connection: Connection, operation: str) -> Iterator[None]:
    """Raise a `TargetError`, with the foreign error as its cause, for anything that goes wrong inside.

    `operation` is the WS-Management action that is being carried out.
    """
    try:
        yield
    except TargetError:
        raise
    except Exception as error:
        raise _error_for(error, target, connection, operation) from error


def is_shell_spent(error: TargetError) -> bool:
    """Tell whether the server refused because the shell is gone or used up, so that a new one may do."""
    return isinstance(error.__cause__, WSManFaultError) and fault_number(error.__cause__) in _SHELL_SPENT


def was_refused(error: TargetError) -> bool:
    """Tell whether the request certainly had no effect: it was refused, or never left this computer."""
    cause = error.__cause__
    if isinstance(cause, WSManFaultError):
        return fault_number(cause) in _REFUSALS
    if isinstance(cause, AuthenticationError | requests.ConnectTimeout) or kerberos.was_not_sent(cause):
        return True
    return isinstance(cause, requests.ConnectionError) and (
        _never_connected(cause) or any(map(_refuses_certificate, _chain(cause)))
    )


def is_connection_lost(error: TargetError) -> bool:
    """Tell whether a connection that stood broke off, so that what was asked over it may or may not have been done."""
    cause = error.__cause__
    broke = isinstance(cause, requests.ConnectionError | requests.exceptions.ChunkedEncodingError)
    return broke and not is_unreachable(error) and not was_refused(error)


def is_unreachable(error: TargetError) -> bool:
    """Tell whether no connection came about: nothing listens, or nothing answers."""
    cause = error.__cause__
    if isinstance(cause, requests.ConnectTimeout):
        return True
    return isinstance(cause, requests.ConnectionError) and any(
        isinstance(each, NewConnectionError) for each in _chain(cause)
    )


def _never_connected(cause: BaseException) -> bool:
    return any(isinstance(each, NewConnectionError | ssl.SSLCertVerificationError) for each in _chain(cause))


def _refuses_certificate(error: BaseException) -> bool:
    """Tell whether the server ended the TLS handshake over our certificate, so that no request of ours reached the service."""
    return isinstance(error, ssl.SSLError) and bool(_ALERT.search(getattr(error, "reason", None) or ""))


def fault_number(fault: WSManFaultError) -> int:
    """Return the number of a fault; quotas may come as a WMI error inside it. 0 when it has none."""
    return fault.wsman_fault_code or fault.wmierror_code or 0


def _error_for(error: Exception, target: str, connection: Connection, operation: str) -> TargetError:
    if isinstance(error, WSManFaultError):
        return _fault(error, target, connection, operation)
    if kerberos.is_kerberos(error):
        return _kerberos_error(error, target, connection)
    if isinstance(error, AuthenticationError | SpnegoError):
        said = {"user": connection.username or "–", "transport": connection.transport}
        key = _REFUSED.get(connection.transport, "winrm-sign-in-refused")
        return SignInFailed(key, target=target, service=connection.service, detail=_said(error, connection), **said)
    if isinstance(error, WinRMOperationTimeoutError | requests.ReadTimeout):
        return TargetTimeout("winrm-no-answer", target=target, operation=operation)
    if isinstance(error, WinRMTransportError):
        return CannotConnect("winrm-http-status", target=target, operation=operation, status=error.code)
    if isinstance(error, requests.RequestException):
        return _connection_error(error, target, connection, operation)
    detail = f"{type(error).__name__}: {_said(error, connection)}"
    return UnexpectedReply("winrm-not-understood", target=target, operation=operation, detail=detail)


def _kerberos_error(error: Exception, target: str, connection: Connection) -> TargetError:
    key = kerberos.key_of(error)
    kind = CannotConnect if key in kerberos.KDC_TROUBLE else SignInFailed
    detail = excerpt(kerberos.said(error), secrets=connection.secrets)
    return kind(key, target=target, service=connection.service, user=connection.username or "–", detail=detail)


def _said(error: Exception, connection: Connection) -> str:
    return excerpt(str(error), secrets=connection.secrets)


def _connection_error(
    error: requests.RequestException, target: str, connection: Connection, operation: str
) -> TargetError:
    *_, root = _chain(error)
    detail = excerpt(str(root), secrets=connection.secrets)
    where = {"target": target, "endpoint": connection.endpoint, "detail": detail}
    ended = connection.transport == "certificate" and operation == "Create" and isinstance(root, _ENDED)
    if ended or _refuses_certificate(root):
        return SignInFailed("winrm-certificate-refused", target=target, detail=detail)
    if isinstance(root, ssl.SSLCertVerificationError):
        key = _NOT_VERIFIED.get(getattr(root, "verify_code", 0), "winrm-not-trusted")
        trusted = str(connection.ca_file) if connection.ca_file else "–"
        return CannotConnect(key, trusted=trusted, **where)
    return CannotConnect("winrm-unreachable", operation=operation, **where)


def _fault(error: WSManFaultError, target: str, connection: Connection, operation: str) -> TargetError:
    number = fault_number(error)
    known = {"target": target, "operation": operation, "number": str(number)}
    detail = excerpt(error.reason, secrets=connection.secrets) or "–"
    if number == ACCESS_DENIED:
        return NotPermitted("winrm-access-denied", user=connection.username or "–", **known)
    if number in {QUOTA_MAX_SHELLS, QUOTA_MAX_OPERATIONS}:
        return Throttled("winrm-quota-reached", detail=detail, **known)
    if number in _SHELL_SPENT:
        return CannotConnect("winrm-shell-gone", detail=detail, **known)
    return UnexpectedReply("winrm-fault", detail=detail, **known)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those inside it, outermost first: requests and urllib3 hide the real one as a `reason` or argument."""
    yield error
    inner = [getattr(error, "reason", None), *reversed(error.args), error.__cause__]
    found = next((each for each in inner if isinstance(each, BaseException)), None)
    if found is not None:
        yield from _chain(found)
