"""pywinrm's `Protocol`, held to what we promise: trust, proxies, redirects, a count of exchanges. The only place it is made."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable
from typing import Any, Literal, cast

import requests
from requests.adapters import HTTPAdapter
from winrm import transport as winrm_transport
from winrm.exceptions import AuthenticationError, InvalidCredentialsError
from winrm.protocol import Protocol

from runbook_lib.adapters.sync_server.connection import Connection, require_extra

# How much longer than the server may hold an answer back we wait for its bytes.
READ_MARGIN_SECONDS = 10

# http.sys closes a connection idle for two minutes. NTLM and Kerberos sign in a connection, not a request, and pywinrm goes on
# sealing for the old one on the new: the server then answers 401. So we start afresh well before.
IDLE_SECONDS = 60.0

# pywinrm logs a traceback of every failed Kerberos exchange, which Python prints when nobody listens; we report the error itself.
logging.getLogger("winrm").addHandler(logging.NullHandler())


class Client(Protocol):
    """A `Protocol` that counts its exchanges and starts a new HTTP session where the old one would do harm."""

    exchanges = 0

    def __init__(self, connection: Connection, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Make the client; nothing is sent. Raises `UsageProblem` when an optional package is missing."""
        require_extra(
            connection.transport,
            {"kerberos": winrm_transport.HAVE_KERBEROS, "credssp": winrm_transport.HAVE_CREDSSP},
        )
        timeout = connection.operation_timeout_seconds
        # None is allowed and means "not from the environment"; only its annotation was forgotten.
        trust = cast("str", str(connection.ca_file) if connection.ca_file else None)
        super().__init__(
            connection.endpoint,
            transport=connection.transport,
            username=connection.username or None,
            password=connection.password.get_secret_value(),
            ca_trust_path=trust,
            cert_pem=_path(connection.certificate_file),
            cert_key_pem=_path(connection.key_file),
            server_cert_validation="validate",
            kerberos_delegation=connection.kerberos_delegation,
            kerberos_hostname_override=connection.kerberos_hostname or None,
            operation_timeout_sec=timeout,
            read_timeout_sec=timeout + READ_MARGIN_SECONDS,
            message_encryption=_encryption(connection),
            proxy=_proxy(connection),
        )
        self._system_trust = connection.ca_file is None
        self._monotonic = monotonic
        self._last_used = monotonic()

    def limit(self, seconds: int) -> None:
        """Let the next exchanges take this long at the server."""
        self.operation_timeout_sec = seconds
        self.transport.read_timeout_sec = seconds + READ_MARGIN_SECONDS

    def send_message(self, message: str) -> bytes:
        """Do one exchange. After a failure the HTTP session is not used again: a new connection must sign in anew."""
        if self._monotonic() - self._last_used > IDLE_SECONDS:
            self.transport.close_session()
        self.exchanges += 1
        try:
            if self.transport.session is None:
                self._new_session()
            return super().send_message(message)
        except (requests.RequestException, AuthenticationError):
            self.transport.close_session()
            raise
        finally:
            self._last_used = self._monotonic()

    def _new_session(self) -> None:
        session = self.transport.build_session()
        # Else .netrc could replace our sign-in, and the environment bring back proxies and trust that we did not choose.
        session.trust_env = False
        session.max_redirects = 0  # a server that sends us elsewhere is not the one we were told to trust
        is_credssp = self.transport.auth_method == "credssp"
        session.mount("https://", _Adapter(system_trust=self._system_trust, reads_at_once=is_credssp))
        if is_credssp:
            self._sign_in_first(session)

    def _sign_in_first(self, session: requests.Session) -> None:
        """Sign in by CredSSP with an empty request. Else the answer to the first real one may be lost.

        requests-credssp takes any answer but HTTP 200 for a step of the sign-in, a fault of the service among them.
        """
        endpoint = self.transport.endpoint
        try:
            answer = session.post(endpoint, timeout=self.transport.read_timeout_sec, allow_redirects=False)
        except Exception as error:
            if not type(error).__module__.startswith("requests_credssp"):
                raise
            raise InvalidCredentialsError(str(error)) from error
        if answer.status_code == requests.codes.unauthorized:
            raise InvalidCredentialsError("the server ended the sign-in")


class _Adapter(HTTPAdapter):
    """Verifies servers as the operating system does, unless a CA file is given: requests knows only certifi's authorities.

    With CredSSP it reads every answer at once: a sign-in that breaks off half-way must leave no connection open. With the others
    the open answer is where the channel binding comes from.
    """

    def __init__(self, *, system_trust: bool, reads_at_once: bool) -> None:
        self._system_trust = system_trust
        self._reads_at_once = reads_at_once
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        if self._system_trust:
            options["ssl_context"] = ssl.create_default_context()
        super().init_poolmanager(*arguments, **options)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]  # its stub leaves this one out
        if self._system_trust:
            conn.ca_certs = None

    def send(self, *arguments: Any, **options: Any) -> requests.Response:
        answer = super().send(*arguments, **options)
        if self._reads_at_once:
            answer.content  # noqa: B018 - reading it gives the connection back
        return answer


def _path(file: object) -> str | None:
    return str(file) if file else None


def _encryption(connection: Connection) -> Literal["auto", "always"]:
    """Over plain HTTP nothing may go unsealed; over TLS sealing again gains nothing."""
    return "auto" if connection.uses_tls else "always"


def _proxy(connection: Connection) -> str | None:
    if not connection.use_environment_proxy:
        return None
    scheme = connection.endpoint.partition(":")[0]
    return requests.utils.get_environ_proxies(connection.endpoint).get(scheme)
