"""A change system over HTTPS: who we are there, readings that wait patiently, and changes that are sent once."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import requests

from runbook_lib.adapters.http import COME_BACK_LATER, Patience, Session, change_failed, reading_failed
from runbook_lib.adapters.service import Reply
from runbook_lib.errors import (
    NotPermitted,
    OutcomeUnknown,
    RecordRefused,
    SignInFailed,
    TargetError,
    Throttled,
    UnexpectedReply,
)
from runbook_lib.facts.change_records import CHANGE
from runbook_lib.model import Json
from runbook_lib.ports import Clock
from runbook_lib.texts import Argument

WAIT_SECONDS = 120.0
# Where each system puts its own id of an exchange.
_REQUEST_IDS = ("X-Transaction-ID", "X-AREQUESTID", "Atl-Traceid")
_TOKEN_PATH = "/oauth_token.do"  # noqa: S105  # a path


@dataclass(frozen=True)
class Account:
    """Who we are. With `username` the credential is a password or an API token (basic), with `client_id` a client secret (OAuth client
    credentials, ServiceNow), with neither a token of its own (bearer).
    """

    credential: str = field(repr=False)
    username: str = ""
    client_id: str = ""


class Site:
    """One system at one address, for one delivery or reading: all its waits share one bound."""

    def __init__(
        self, *, root: str, session: Session, account: Account, clock: Clock, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        """Prepare; nothing is sent. `root` is the address without a slash at its end; the session is closed by `close`."""
        self.root = root.rstrip("/")
        self._session = session
        self._account = account
        self._clock = clock
        self._patience = Patience(clock, wait_seconds)
        self._authorization = ""

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(self, path: str, what: str, *, absent: bool = False) -> Reply:
        """Return the answer to a GET that was answered with 200; with `absent` also one that there is no such thing (404).

        Raises:
            Throttled: the system asks for more patience than there is.
            TargetError: there is no answer, or another one.
        """
        while True:
            try:
                reply = self._send("GET", path, self._signed_in())
            except requests.RequestException as error:
                failure = reading_failed(error, target=CHANGE, session=self._session)
            else:
                if reply.status == 200 or (absent and reply.status == 404):
                    return reply
                if reply.status not in COME_BACK_LATER:
                    raise self.refusal(reply, what)
                self._wait(reply)
                continue
            raise failure from None  # not chained: the request inside holds the credential

    def change(self, method: str, path: str, action: str, *, done: int, **body: Any) -> bool:
        """Send a POST or PATCH once, which is answered with status `done` once it is carried out.

        False: the system asked to come back later (429, RFC 6585: nothing was carried out), and we have waited. `body` is what
        requests takes: `json`, `data`, `files`, `headers`.

        Raises:
            OutcomeUnknown: it may have been carried out: no reply, or one of a server in trouble, which may stand before or behind it.
            Throttled: the system asks for more patience than there is; nothing was carried out.
            TargetError: it was certainly not sent, or refused.
        """
        try:
            reply = self._send(method, path, self._signed_in(), **body)
        except requests.RequestException as error:
            failure = change_failed(error, target=CHANGE, session=self._session, action=action)
        else:
            if reply.status == 429:
                self._wait(reply)
                return False
            if reply.status == done:
                return True
            if reply.status < 500:
                raise self.refusal(reply, action)
            detail = f"HTTP {reply.status} {said(reply)}"
            raise OutcomeUnknown(
                "change-record-outcome-unknown",
                target=CHANGE,
                request_id=reply.request_id,
                action=action,
                detail=detail,
            )
        raise failure from None  # not chained: the request inside holds the credential

    def refusal(self, reply: Reply, what: str) -> TargetError:
        """Return the error for an answer that is none we hoped for."""
        found: dict[str, Argument] = {"reading": what, "status": reply.status, "detail": said(reply)}
        if reply.status == 401:
            return SignInFailed("change-sign-in-refused", target=CHANGE, request_id=reply.request_id, **found)
        if reply.status == 403:
            return NotPermitted("change-not-permitted", target=CHANGE, request_id=reply.request_id, **found)
        if reply.status in (400, 404, 413, 415, 422):
            return RecordRefused("change-refused", target=CHANGE, request_id=reply.request_id, **found)
        key = "http-redirected" if 300 <= reply.status < 400 else "http-unexpected-status"
        return UnexpectedReply(key, target=CHANGE, request_id=reply.request_id, code="–", **found)

    def json_of(self, reply: Reply, what: str) -> Json:
        """Return the JSON an answer holds. Raises `UnexpectedReply` when it holds none."""
        try:
            return reply.json
        except ValueError:
            kind = reply.headers.get("Content-Type", "–")[:80]
            raise UnexpectedReply(
                "http-not-json",
                target=CHANGE,
                request_id=reply.request_id,
                reading=what,
                kind=kind,
                status=reply.status,
            ) from None

    def _wait(self, reply: Reply) -> None:
        try:
            self._patience.wait(reply.status, reply.headers, CHANGE, reply.request_id)
        except Throttled as told:
            seconds = told.message.arguments["seconds"]
            back = self._clock.now() + timedelta(seconds=float(str(seconds)))
            raise Throttled(
                "change-throttled",
                target=CHANGE,
                request_id=reply.request_id,
                status=reply.status,
                seconds=seconds,
                back=f"{back:%Y-%m-%d %H:%M} UTC",
            ) from None

    def _signed_in(self) -> str:
        """Return the Authorization header; a token of ServiceNow's own is fetched once."""
        if not self._authorization:
            account = self._account
            if account.client_id:
                self._authorization = f"Bearer {self._token()}"
            elif account.username:
                pair = base64.b64encode(f"{account.username}:{account.credential}".encode()).decode()
                self._authorization = f"Basic {pair}"
            else:
                self._authorization = f"Bearer {account.credential}"
        return self._authorization

    def _token(self) -> str:
        """Return an access token. Source: ServiceNow, inbound client credentials grant."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._account.client_id,
            "client_secret": self._account.credential,
        }
        reply = self._send("POST", _TOKEN_PATH, "", data=form)
        if reply.status in (400, 401, 403):
            raise SignInFailed(
                "change-sign-in-refused",
                target=CHANGE,
                request_id=reply.request_id,
                reading="oauth_token",
                status=reply.status,
                detail=said(reply),
            )
        body = self.json_of(reply, "oauth_token")
        token = body.get("access_token") if reply.status == 200 and isinstance(body, dict) else None
        if not isinstance(token, str) or not token:
            raise self.refusal(reply, "oauth_token")
        return token

    def _send(self, method: str, path: str, authorization: str, **body: Any) -> Reply:
        signed = {"Authorization": authorization} if authorization else {}
        # English, so that names of states are those that the documentation has.
        usual = {"Accept": "application/json", "Accept-Language": "en-US", **signed}
        headers = usual | dict(body.pop("headers", {}))
        response = self._session.request(method, f"{self.root}{path}", headers=headers, **body)
        theirs = next((response.headers[name] for name in _REQUEST_IDS if name in response.headers), "")
        secrets = (self._account.credential, authorization.partition(" ")[2])
        sent = tuple(filter(None, secrets))
        return Reply(response.status_code, response.headers, response.content, theirs[:80], sent)


def said(reply: Reply) -> str:
    """Return what a refusal says of itself, on one line: ServiceNow's `error`, Jira's `errorMessages` and `errors`; a dash for nothing."""
    try:
        body = reply.json
    except ValueError:
        body = None
    return reply.shown(" ".join(_sayings(body)))


def _sayings(body: Json) -> list[str]:
    if not isinstance(body, dict):
        return []
    error, fields = body.get("error"), body.get("errors")
    found = [error.get("message"), error.get("detail")] if isinstance(error, dict) else [error]
    messages = body.get("errorMessages")
    found += messages if isinstance(messages, list) else []
    found += list(fields.values()) if isinstance(fields, dict) else []
    found += [body.get("message"), body.get("error_description")]
    return [each for each in found if isinstance(each, str) and each]
