"""A session tells which secrets go through it, whichever library sends, before anybody can quote one."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from runbook_lib.adapters.http import Session, open_session

PROOF, TOKEN, CODE, COOKIE = "proof-of-the-client", "opaque.token-of-42", "device-code-77", "session-of-a-person"


class Answering(BaseHTTPRequestHandler):
    """Answers like a token endpoint: with what `body` says."""

    body: ClassVar[bytes] = b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Set-Cookie", f"ESTS={COOKIE}; path=/")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    handler = type("Handler", (Answering,), {"body": body})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def session(told: list[str]) -> Iterator[Session]:
    with open_session(learn=told.append) as opened:
        yield opened


def test_proofs_tokens_codes_and_cookies_are_told(session: Session, told: list[str]) -> None:
    body = (
        f'{{"access_token": "{TOKEN}", "device_code": "{CODE}", "expires_in": 3599, "token_type": "Bearer"}}'.encode()
    )
    with answering(body) as url:
        session.post(url, data={"client_assertion": PROOF, "grant_type": "client_credentials", "code": "short"})
        session.post(url, data=b"x", headers={"Authorization": f"Bearer {TOKEN}2", "Cookie": f"a={COOKIE}2"})

    assert set(told) == {PROOF, TOKEN, CODE, COOKIE, f"{TOKEN}2", f"{COOKIE}2"}


@pytest.mark.parametrize(
    "body", [b'{"access_token": ', b'["access_token", "access_token":]', b'["\\"access_token\\""]', b""]
)
def test_an_answer_of_another_shape_is_passed_on(session: Session, told: list[str], body: bytes) -> None:
    with answering(body) as url:
        assert session.post(url, data=b"x").content == body

    assert told == [COOKIE]
