"""The HTTP side: one listener on the loopback interface, one thread and one sign-in state for each TCP connection."""

from __future__ import annotations

import logging
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Collection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from runbook_lib.lab.wsman.acceptor import Acceptor
from runbook_lib.lab.wsman.accounts import Accounts
from runbook_lib.lab.wsman.authentication import Authentication, Binding, Scheme, channel_bindings
from runbook_lib.lab.wsman.disturbance import Verdict
from runbook_lib.lab.wsman.sealing import SealingError, seal, sealed_content_type, sealing_protocol, unseal
from runbook_lib.lab.wsman.service import Service

PATH = "/wsman"
IDENTIFY_PATH = "/wsman-anon/identify"
SOAP = "application/soap+xml;charset=UTF-8"
LARGEST_BODY = 1024 * 1024  # bytes read before the service's own, smaller limit is applied
HANDSHAKE_TIMEOUT = 10.0  # seconds
STOP_TIMEOUT = 2.0  # seconds

_log = logging.getLogger(__name__)


class Listener:
    """One loopback listener of a service; a context manager.

    With ``tls`` it is an HTTPS listener: ``certificate`` is the DER of the certificate the context serves, for channel bindings,
    and to accept client certificates the context must ask for them (``verify_mode=CERT_OPTIONAL``). Without, it is HTTP as
    Windows configures it: AllowUnencrypted=false, so it offers no Basic and refuses plain bodies. ``schemes`` defaults to what
    a Windows listener of that kind can accept, Kerberos and CredSSP excepted. ``binding`` is its CbtHardeningLevel. Listeners may
    share an ``acceptor``.
    """

    def __init__(  # noqa: PLR0913 - what a listener is configured with; only the first two are always given
        self,
        service: Service,
        accounts: Accounts,
        *,
        tls: ssl.SSLContext | None = None,
        certificate: bytes | None = None,
        schemes: Collection[Scheme] | None = None,
        binding: Binding = Binding.RELAXED,
        port: int = 0,
        acceptor: Acceptor | None = None,
    ) -> None:
        if (tls is None) != (certificate is None):
            raise ValueError("an HTTPS listener needs both a TLS context and its certificate")
        if schemes is None:
            schemes = {Scheme.BASIC, Scheme.CERTIFICATE, Scheme.NEGOTIATE} if tls else {Scheme.NEGOTIATE}
        if tls is None and {Scheme.BASIC, Scheme.CERTIFICATE} & set(schemes):
            raise ValueError(
                "Basic and certificate sign-in need HTTPS: a default Windows HTTP listener accepts neither"
            )
        self.service = service
        self.accounts = accounts
        self.schemes = frozenset(schemes)
        self.binding = binding
        self.bindings = channel_bindings(certificate) if certificate else None
        self._tls = tls
        self._server = _Server(self, port)
        self._acceptor = acceptor or Acceptor()

    @property
    def is_tls(self) -> bool:
        """Whether this is an HTTPS listener."""
        return self._tls is not None

    @property
    def url(self) -> str:
        """The endpoint to give to a client."""
        return f"{'https' if self.is_tls else 'http'}://localhost:{self._server.server_port}{PATH}"

    def start(self) -> None:
        """Accept connections; each is served in a thread of its own."""
        self._acceptor.add(self._server)

    def stop(self) -> None:
        """Stop accepting and close every connection. A Receive that still waits ends with its service."""
        self.stop_accepting()
        self._server.close_connections()

    def stop_accepting(self) -> None:
        """Listen no more, as a service that is being restarted: open connections go on until they end."""
        self._acceptor.discard(self._server)
        self._server.server_close()

    def wrap(self, connection: socket.socket) -> socket.socket:
        """Put TLS on a new connection, if this is HTTPS. The handshake is left to ``_Connection.setup``."""
        if self._tls is None:
            return connection
        return self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, listener: Listener, port: int) -> None:
        self.listener = listener
        self._serving: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Connection)

    def server_bind(self) -> None:
        """Bind without HTTPServer's reverse name lookup, which can take seconds and is of no use here."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def accept(self) -> None:
        """Take the connection that waits. One that went away again meanwhile is none."""
        try:
            connection, address = self.get_request()
        except OSError as error:
            _log.debug("a connection was not taken: %r", error)
            return
        self.process_request(connection, address)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection."""
        connection, address = super().get_request()
        return self.listener.wrap(connection), address

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread that stopping can wait for, which socketserver's daemon threads do not allow."""
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="wsman-listener-connection",
            daemon=True,
        )
        with self._lock:
            self._serving[thread] = request
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end."""
        super().process_request_thread(request, client_address)
        with self._lock:
            self._serving.pop(threading.current_thread(), None)

    def close_connections(self) -> None:
        """Disconnect every client, and wait a moment for the threads that serve them. Nothing may be accepting any more."""
        with self._lock:
            serving = dict(self._serving)
        for connection in serving.values():
            _disconnect(connection)
        deadline = time.monotonic() + STOP_TIMEOUT
        for thread in serving:
            thread.join(max(0.0, deadline - time.monotonic()))

    def handle_error(self, request: object, client_address: object) -> None:
        """Log in one line: a client that hangs up or distrusts our certificate is no reason for a traceback."""
        _log.debug("connection of %s ended: %r", client_address, sys.exc_info()[1])


class _Connection(BaseHTTPRequestHandler):
    """One TCP connection, with the sign-in state that Negotiate ties to it."""

    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-HTTPAPI/2.0"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # so that an answer is one write
    server: _Server

    def setup(self) -> None:
        connection: socket.socket = self.request
        peer = _handshake(connection) if isinstance(connection, ssl.SSLSocket) else None
        super().setup()
        listener = self.server.listener
        self._authentication = Authentication(
            listener.accounts,
            listener.schemes,
            bindings=listener.bindings,
            level=listener.binding,
            peer_certificate=peer,
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
        _log.debug(format, *args)

    def do_POST(self) -> None:
        body = self._body()
        path = urlsplit(self.path).path
        if body is None:
            return
        if path == IDENTIFY_PATH:
            answer = self.server.listener.service.answer(body, "")
            self._reply(answer.status, answer.body)
        elif path == PATH:
            self._serve(body)
        else:
            self._reply(404)

    def _body(self) -> bytes | None:
        """Read the request's body; when it has none we can read, answer that and return None."""
        length = self.headers.get("Content-Length", "")
        stated = length.isascii() and length.isdigit()
        if stated and int(length) <= LARGEST_BODY:
            return self.rfile.read(int(length))
        self.close_connection = True  # the body stays unread, so the next request could not be found
        self._reply(413 if stated else 411)
        return None

    def _serve(self, body: bytes) -> None:
        outcome = self._authentication.sign_in(self.headers.get("Authorization"))
        if not outcome.user:
            self._reply(401, challenges=outcome.challenges)
        elif not body:  # clients sign in with an empty request before they can seal one
            self._reply(200, challenges=outcome.challenges)
        else:
            self._answer(body, outcome.user, outcome.challenges)

    def _answer(self, body: bytes, user: str, challenges: tuple[str, ...]) -> None:
        protocol, context = sealing_protocol(self.headers.get("Content-Type")), self._authentication.context
        if protocol is None and not self.server.listener.is_tls:
            self._reply(401)  # AllowUnencrypted=false
            return
        try:
            message = unseal(context, body) if protocol and context else body
        except SealingError as error:
            _log.info("sealed request refused: %s", error)
            self._reply(400)
            return
        delegated = self._authentication.is_delegated
        answer = self.server.listener.service.answer(message, user, is_delegated=delegated)
        if answer.verdict is Verdict.DROP:
            self.close_connection = True
        elif answer.verdict is Verdict.CUT:
            self._cut(answer.body)
        elif answer.verdict is Verdict.REFUSE:
            self._reply(401, challenges=self._authentication.offered)
        elif protocol and context:
            self._reply(answer.status, seal(context, answer.body, protocol), sealed_content_type(protocol), challenges)
        else:
            self._reply(answer.status, answer.body, challenges=challenges)

    def _cut(self, body: bytes) -> None:
        """Announce an answer, send half of it, and hang up."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", SOAP)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()

    def _reply(
        self, status: int, body: bytes = b"", content_type: str = SOAP, challenges: Collection[str] = ()
    ) -> None:
        self.send_response(status)
        for challenge in challenges:
            self.send_header("WWW-Authenticate", challenge)
        if body:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


def _handshake(connection: ssl.SSLSocket) -> bytes | None:
    """Complete the TLS handshake; return the client's certificate (DER) if it showed one."""
    connection.settimeout(HANDSHAKE_TIMEOUT)
    connection.do_handshake()
    connection.settimeout(None)
    return connection.getpeercert(binary_form=True)


def _disconnect(connection: socket.socket) -> None:
    try:
        # The plain method: that of SSLSocket would first take the TLS state away from the thread that reads.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        _log.debug("a client had already gone")
