"""A scripted HTTPS server for what the lab's cloud never does: it hangs, lies, throttles, redirects and sends no JSON."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import trustme
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TENANT_ID = "5f0f6d3c-90a5-4c0e-8d4a-5b1f2a6c7e01"
CLIENT_ID = "0d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4e5f6"
SECRET = "canary-client-secret"
DEVICE_CODE = "canary-device-code"
USER_CODE = "CANARYUC"

Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class Seen:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


async def nothing_here(_request: Request) -> Response:
    return JSONResponse({"error": {"code": "ResourceNotFound", "message": "no script"}}, 404)


@dataclass
class StandIn:
    """The server's script: `answer` for everything but sign-in, `refusals` of the next token requests."""

    root: str
    ca_file: str
    answer: Handler = nothing_here
    discovery: Response | None = None
    refusals: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    issued: int = 0
    device_lifetime: int = 900
    person_name: str = "ada@contoso.example"
    asked_scope: str = ""

    def reset(self) -> None:
        self.answer, self.discovery, self.issued, self.device_lifetime = nothing_here, None, 0, 900
        self.person_name = "ada@contoso.example"
        for record in (self.refusals, self.seen, self.forms):
            record.clear()

    def script(self, *replies: Response) -> None:
        """Answer with each of these in turn, and with the last one from then on."""
        left = list(replies)

        async def answer(_request: Request) -> Response:
            return left.pop(0) if len(left) > 1 else left[0]

        self.answer = answer

    @property
    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/{tenant}/v2.0/.well-known/openid-configuration", self._configuration),
                Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
                Route("/{tenant}/oauth2/v2.0/devicecode", self._device_code, methods=["POST"]),
                Route("/{path:path}", self._other, methods=["GET", "PUT", "POST"]),
            ]
        )

    async def _configuration(self, request: Request) -> Response:
        if self.discovery is not None:
            return self.discovery
        base = f"{self.root}/{request.path_params['tenant']}"
        return JSONResponse(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            }
        )

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            self.forms.append({name: str(value) for name, value in form.items()})
        if self.refusals:
            status, body = self.refusals.pop(0)
            return JSONResponse(body, status)
        self.issued += 1
        body = {"token_type": "Bearer", "expires_in": 3600, "access_token": f"canary-access-token-{self.issued}"}
        if self.forms[-1]["grant_type"] != "client_credentials":
            # Entra names the scopes it grants; a code is redeemed without asking for any.
            body |= self._person() | {"scope": self.forms[-1].get("scope") or self.asked_scope}
        return JSONResponse(body)

    def _person(self) -> dict[str, str]:
        claims = {"iss": f"{self.root}/{TENANT_ID}/v2.0", "aud": CLIENT_ID, "sub": "s", "exp": time.time() + 3600}
        oid = self.person_name.lower()
        claims |= {"preferred_username": self.person_name, "oid": oid, "tid": TENANT_ID, "iat": time.time()}
        return {
            "refresh_token": "canary-refresh-token",
            "id_token": f"{encoded({'alg': 'none'})}.{encoded(claims)}.sig",
            "client_info": encoded({"uid": oid, "utid": TENANT_ID}),
        }

    async def _device_code(self, request: Request) -> Response:
        async with request.form() as form:
            self.asked_scope = str(form["scope"])
        return JSONResponse(
            {
                "device_code": DEVICE_CODE,
                "user_code": USER_CODE,
                "verification_uri": f"{self.root}/devicelogin",
                "expires_in": self.device_lifetime,
                "interval": 1,
                "message": f"Enter {USER_CODE}",
            }
        )

    async def _other(self, request: Request) -> Response:
        body = await request.body()
        query, headers = dict(request.query_params), dict(request.headers)
        self.seen.append(Seen(request.method, request.url.path, query, headers, body))
        return await self.answer(request)


def encoded(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def silence(_request: Request) -> Response:
    await asyncio.sleep(3)
    return Response()


@contextmanager
def served(folder: Path) -> Iterator[StandIn]:
    """Serve a stand-in on loopback, with a certificate of an authority that nobody else trusts."""
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    issued = authority.issue_cert("localhost", "127.0.0.1")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        stand_in = StandIn(f"https://localhost:{sock.getsockname()[1]}", str(ca_file))
        config = uvicorn.Config(stand_in.application, log_config=None, timeout_graceful_shutdown=1, lifespan="off")
        config.load()
        config.ssl = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(config.ssl)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield stand_in
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def hanging_up(folder: Path) -> Iterator[tuple[str, str]]:
    """Finish one handshake, take the request, and close without a word. Yields root and CA file.

    Who knocks here for something else and speaks no TLS, as a client of a server that had this port before, is not the one.
    """
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "other-ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(30)  # a test that fails before it knocks ends all the same

    def take_and_close() -> None:
        taken = False
        while not taken:
            connection, _ = listener.accept()
            with connection, suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                taken = True
                secure.recv(65536)

    thread = threading.Thread(target=take_and_close)
    thread.start()
    try:
        yield f"https://localhost:{listener.getsockname()[1]}", str(folder / "other-ca.pem")
    finally:
        thread.join()
        listener.close()
