"""A JSON service at one origin, spoken to with a bearer token: reads patiently, sends a change once."""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import requests

from runbook_lib.adapters.http import COME_BACK_LATER, Patience, Session, change_failed, reading_failed
from runbook_lib.adapters.refusals import SIGN_IN
from runbook_lib.adapters.sign_in import Identity
from runbook_lib.errors import CannotConnect, SignInFailed, TargetError, UnexpectedReply
from runbook_lib.model import Json
from runbook_lib.ports import Answer, Request
from runbook_lib.texts import Argument

LONGEST_DETAIL = 300


class Tokens(Protocol):
    """What gives us access tokens: `SignIn`, for everybody but a test of its own."""

    @property
    def account(self) -> Identity:
        """Return who signs in."""
        ...

    def token(self, resource: str, *, ask: bool = True) -> str:
        """Return an access token; `ask`: a person may be asked again. Raises `TargetError` when there is none to be had."""
        ...

    def refresh(self, resource: str, claims: str = "", *, ask: bool = True) -> str:
        """Return a new access token, with the claims that the resource asked for."""
        ...


@dataclass(frozen=True)
class Reply:
    """An answer of the service, of any status. `request_id` is its own id and ours of the exchange, joined by a slash.

    `sent` are the secrets that went with the request: what the service repeats of them is not shown.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    request_id: str
    sent: tuple[str, ...] = field(repr=False)

    @property
    def json(self) -> Json:
        """Return the body. Raises `ValueError` when it is not JSON."""
        return json.loads(self.content)

    @property
    def fault(self) -> tuple[str, str]:
        """Return the code and the message of an OData error body, each a dash when absent, without what was secret in the request."""
        try:
            error = self.json["error"]
            code, message = error["code"], error.get("message")
        except (ValueError, KeyError, TypeError, AttributeError):
            code, message = None, None
        return self.shown(code), self.shown(message)

    @property
    def claims_challenge(self) -> str:
        """Return the claims that a 401 asks for, as JSON text; empty when it asks for none.

        Source: Microsoft, "Claims challenges, claims requests, and client capabilities": base64 in WWW-Authenticate.
        """
        found = re.search(r'\bclaims="([A-Za-z0-9+/_=-]+)"', self.headers.get("WWW-Authenticate", ""))
        if not found:
            return ""
        encoded = found[1].rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            claims = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
            return claims if isinstance(json.loads(claims), dict) else ""
        except (binascii.Error, ValueError):
            return ""

    def shown(self, value: object) -> str:
        """Return a value of the answer as a short text on one line, without what was secret in the request."""
        text = " ".join(str(value or "–").split())
        for secret in self.sent:
            text = text.replace(secret, "***")
        return text[:LONGEST_DETAIL].rstrip(".")


def answer_each(requests: Sequence[Request], answer: Callable[[Request], Answer]) -> Sequence[Answer | TargetError]:
    """Return the answers in the order asked, errors in their places.

    Once we cannot sign in or connect, no more is asked and that error holds for the rest: each further try could show the
    person one more device code, or take one more time-out.
    """
    answers: list[Answer | TargetError] = []
    for request in requests:
        try:
            answers.append(answer(request))
        except TargetError as error:
            answers.append(error)
            if isinstance(error, CannotConnect | SignInFailed) or error.target == SIGN_IN:
                break
    return answers + answers[-1:] * (len(requests) - len(answers))


class Service:
    """One target's HTTP side. `id_headers` are the request headers that carry our id of the exchange."""

    def __init__(
        self, *, target: str, resource: str, session: Session, tokens: Tokens, id_headers: tuple[str, ...]
    ) -> None:
        self.target = target
        self.tokens = tokens
        self._resource = resource
        self._session = session
        self._id_headers = id_headers

    def get(self, url: str, patience: Patience, headers: Mapping[str, str] | None = None) -> Reply:
        """Return the answer to a GET; a 401 is answered once with a new token.

        Raises:
            Throttled: the target asks for more patience than there is.
            CannotConnect, TargetTimeout, UnexpectedReply: there is no answer.
            TargetError: no token is to be had.
        """
        reply = self._get(url, patience, headers or {}, self.tokens.token(self._resource))
        if reply.status != 401:
            return reply
        fresh = self.tokens.refresh(self._resource, reply.claims_challenge)
        return self._get(url, patience, headers or {}, fresh)

    def change(self, method: str, url: str, body: Json, action: str, headers: Mapping[str, str]) -> Reply:
        """Send a PUT or POST, carried out at most once.

        After a 401 it is sent again, once, with a new token: a 401 means that it was not carried out (RFC 9110, 15.5.2).
        Nobody is asked to sign in again here: what was looked at before would be old by the time they have.

        Raises:
            OutcomeUnknown: it may have been carried out, and there is no answer.
            CannotConnect: it was certainly not sent.
            TargetError: no token is to be had; nothing was carried out.
        """
        reply = self._change(method, url, body, action, headers, self.tokens.token(self._resource, ask=False))
        if reply.status != 401:
            return reply
        fresh = self.tokens.refresh(self._resource, reply.claims_challenge, ask=False)
        return self._change(method, url, body, action, headers, fresh)

    def json_of(self, reply: Reply, what: str) -> dict[str, Json]:
        """Return the JSON object a reply holds. Raises `UnexpectedReply` when it holds none."""
        try:
            body = reply.json
        except ValueError:
            body = None
        if not isinstance(body, dict):
            kind = reply.headers.get("Content-Type", "–")[:80]
            raise UnexpectedReply(
                "http-not-json",
                target=self.target,
                request_id=reply.request_id,
                reading=what,
                kind=kind,
                status=reply.status,
            ) from None
        return body

    def unexpected(self, reply: Reply, what: str) -> TargetError:
        """Return the error for a status that the caller has no better word for."""
        found: dict[str, Argument] = {"reading": what, "status": reply.status}
        if 300 <= reply.status < 400:
            return UnexpectedReply("http-redirected", target=self.target, request_id=reply.request_id, **found)
        code, detail = reply.fault
        found |= {"code": code, "detail": detail}
        return UnexpectedReply("http-unexpected-status", target=self.target, request_id=reply.request_id, **found)

    def _get(self, url: str, patience: Patience, headers: Mapping[str, str], token: str) -> Reply:
        while True:
            ours = str(uuid.uuid4())
            try:
                reply = self._send("GET", url, token, headers, ours)
            except requests.RequestException as error:
                failure = reading_failed(error, target=self.target, session=self._session)
                failure.request_id = _ids("", ours)
            else:
                if reply.status not in COME_BACK_LATER:
                    return reply
                patience.wait(reply.status, reply.headers, self.target, reply.request_id)
                continue
            raise failure from None  # not chained: the request inside holds the token

    def _change(self, method: str, url: str, body: Json, action: str, headers: Mapping[str, str], token: str) -> Reply:
        ours = str(uuid.uuid4())
        try:
            return self._send(method, url, token, headers, ours, body)
        except requests.RequestException as error:
            failure = change_failed(error, target=self.target, session=self._session, action=action)
            failure.request_id = _ids("", ours)
        raise failure from None  # not chained: the request inside holds the token

    def _send(
        self, method: str, url: str, token: str, headers: Mapping[str, str], ours: str, body: Json = None
    ) -> Reply:
        response = self._session.request(
            method,
            url,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"}
            | dict.fromkeys(self._id_headers, ours)
            | dict(headers),
            json=body,
        )
        theirs = response.headers.get("request-id") or response.headers.get("x-ms-request-id") or ""
        return Reply(response.status_code, response.headers, response.content, _ids(theirs, ours), (token,))


def _ids(theirs: str, ours: str) -> str:
    return f"{theirs[:80] or '–'}/{ours}"
