"""The cloud served over TLS on the loopback interface, by uvicorn in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import trustme
import uvicorn
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

from runbook_lib.errors import UsageProblem
from runbook_lib.lab.change_records.record import LabChange
from runbook_lib.lab.cloud.app import application
from runbook_lib.lab.cloud.state import Cloud

_STOP_SECONDS = 10.0
_LOOPBACK = "127.0.0.1"


class CloudServer:
    """A context manager that serves a cloud, and the change records beside it, at `address`, and is trusted by whoever trusts `ca_pem`.

    `ca` is the authority that signs the server's certificate, its own when none is given; `port` 0 is any free one.
    Leaving the context closes every connection and ends the thread. Entering raises `UsageProblem` when the port is
    taken.
    """

    def __init__(
        self, cloud: Cloud, ca: trustme.CA | None = None, port: int = 0, changes: Sequence[LabChange] = ()
    ) -> None:
        self._cloud = cloud
        self._changes = changes
        self._ca = ca or trustme.CA()
        self._port = port
        self._connections = _Connections()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None

    @property
    def address(self) -> str:
        """Return where the cloud is reached: `https://localhost:port`."""
        return self._cloud.address

    @property
    def ca_pem(self) -> bytes:
        """Return the certificate to trust, in PEM."""
        return self._ca.cert_pem.bytes()

    def __enter__(self) -> Self:
        self._socket = self._listen()
        self._cloud.address = f"https://localhost:{self._socket.getsockname()[1]}"
        self._server = _Server(self._config(), self._connections)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="lab-cloud", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.005)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._server is None or self._thread is None or self._socket is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        self._socket.close()

    def _listen(self) -> socket.socket:
        # asyncio turns Nagle's algorithm off only where TCP is named; with it, each answer would wait 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((_LOOPBACK, self._port))
            listener.listen()
        except OSError as error:
            listener.close()
            raise UsageProblem("lab-port-taken", port=self._port) from error
        return listener

    def _config(self) -> uvicorn.Config:
        connections = self._connections

        class Protocol(H11Protocol):
            """uvicorn's own, but for how connections end."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                connections.add(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections.remove(self.transport)
                super().connection_lost(exc)

            def shutdown(self) -> None:
                super().shutdown()
                if self.transport.is_closing():
                    # A client that keeps an idle connection never answers the end of TLS, so do not wait for it.
                    self.transport.abort()

        return uvicorn.Config(
            application(self._cloud, connections.hang_up, self._changes),
            http=Protocol,
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level=logging.CRITICAL,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ssl_context_factory=lambda *_: self._tls(),
        )

    def _tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert("localhost", _LOOPBACK).configure_cert(context)
        return context


class _Connections:
    """The open connections, by the address of the client."""

    def __init__(self) -> None:
        self._open: dict[Any, asyncio.Transport] = {}

    def add(self, transport: asyncio.Transport) -> None:
        self._open[_peer(transport)] = transport

    def remove(self, transport: asyncio.Transport) -> None:
        self._open.pop(_peer(transport), None)

    def hang_up(self, request: Request) -> None:
        """Close the connection of a request at once."""
        if request.client and (transport := self._open.get(tuple(request.client))):
            transport.abort()

    def abort(self) -> bool:
        """Close whatever is still open, and tell whether anything was."""
        left = list(self._open.values())
        for transport in left:
            transport.abort()
        return bool(left)


class _Server(uvicorn.Server):
    """uvicorn's own, but nothing stays open once it has ended."""

    def __init__(self, config: uvicorn.Config, connections: _Connections) -> None:
        super().__init__(config)
        self._connections = connections

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        if self._connections.abort():
            await asyncio.sleep(0.01)


def _peer(transport: asyncio.Transport) -> Any:
    return tuple(transport.get_extra_info("peername") or ())
