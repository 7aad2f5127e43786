"""Resetting the pilot user's password through Graph: one POST, then the operation is followed until it ends or a bound passes.

Source: Microsoft Graph v1.0, "authenticationMethod: resetPassword" and "longRunningOperation". Only a signed-in person may do it.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from runbook_lib.adapters.http import Patience, same_origin
from runbook_lib.adapters.service import Reply, Service
from runbook_lib.canonical import digest
from runbook_lib.errors import (
    NotPermitted,
    OutcomeUnknown,
    SignInFailed,
    TargetError,
    Throttled,
    UnexpectedReply,
)
from runbook_lib.model import Change, Json
from runbook_lib.ports import Answer, Clock

ACTION = "reset_pilot_password"
PERMISSION = "UserAuthenticationMethod.ReadWrite.All"

# The id of the password method, the same for every user (Microsoft Graph, "passwordAuthenticationMethod").
_PATH = "/v1.0/users/{user}/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword"
_FIELD = "newPassword"
_SUCCEEDED, _FAILED = "succeeded", "failed"

# Long enough for any policy, far below Entra's limit of 256. The marks are those that no encoding changes, so that the password
# looks the same in JSON, in markup and in an address, and is found there if it ever gets there.
LENGTH = 40
_CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "-_.~")


def fingerprint(action: str) -> str:
    """Return the SHA-256, in hexadecimal, of the request that makes a change, but for the host, the user and the password."""
    return digest({"action": action, "method": "POST", "path": _PATH, "field": _FIELD})


def new_password() -> str:
    """Return a random password with characters of all four classes."""
    characters = [secrets.choice(known) for known in _CLASSES]
    characters += [secrets.choice("".join(_CLASSES)) for _ in range(LENGTH - len(characters))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


class PilotReset:
    """Sends the reset. The password is known to nobody: it is drawn here, told to `learn` before it is sent, and forgotten."""

    def __init__(
        self, root: str, service: Service, clock: Clock, *, learn: Callable[[str], object], wait_seconds: float
    ) -> None:
        """Prepare; nothing is sent. `wait_seconds` bounds how long the operation is followed."""
        self._root = root
        self._service = service
        self._clock = clock
        self._learn = learn
        self._wait_seconds = wait_seconds

    def perform(self, change: Change) -> Answer:
        """Reset the password of `arguments["user"]`, once; see `ports.Target.perform`.

        Raises:
            OutcomeUnknown: it was sent, or may have been, and how it ended is not known.
            NotPermitted, SignInFailed, Throttled, UnexpectedReply: Graph said no, or the operation failed.
            CannotConnect: it was not sent.
        """
        if self._service.tokens.account.kind != "user":
            raise NotPermitted("graph-reset-needs-a-person", target=self._service.target)
        user, password = str(change.arguments["user"]), new_password()
        self._learn(password)
        url = self._root + _PATH.format(user=quote(user, safe=""))
        reply = self._service.change("POST", url, {_FIELD: password}, ACTION, {})
        reply = replace(reply, sent=(*reply.sent, password))
        operation, ids = self._followed(self._accepted(reply), password)
        return Answer(
            ACTION,
            {"operation": operation, "status": _SUCCEEDED},
            self._clock.now().isoformat(timespec="seconds"),
            ", ".join([reply.request_id, *ids]),
        )

    def _accepted(self, reply: Reply) -> Reply:
        """Return the reply that Graph has taken the reset on. What is neither yes nor no leaves the outcome unknown."""
        target, (code, detail) = self._service.target, reply.fault
        if reply.status == 202:
            return reply
        if reply.status == 401:
            if reply.claims_challenge:
                raise SignInFailed("graph-reset-wants-stronger-sign-in", target=target)
            raise SignInFailed("graph-reset-token-refused", target=target, code=code)
        if reply.status == 403:
            raise NotPermitted("graph-reset-not-permitted", target=target, permission=PERMISSION, code=code)
        if reply.status == 429:
            raise Throttled("graph-reset-throttled", target=target)
        if 400 <= reply.status < 500 and reply.status != 408:
            raise UnexpectedReply("graph-reset-refused", target=target, status=reply.status, code=code, detail=detail)
        raise OutcomeUnknown("http-outcome-unknown", target=target, action=ACTION, detail=f"HTTP {reply.status}")

    def _followed(self, accepted: Reply, password: str) -> tuple[str, list[str]]:
        """Return the id of the operation once it has succeeded, and the ids of the exchanges."""
        url = accepted.headers.get("Location", "")
        if not same_origin(url, self._root):  # the token goes to nobody but Graph
            raise OutcomeUnknown("graph-reset-not-followed", target=self._service.target, detail="Location")
        patience, ids, reply = Patience(self._clock, self._wait_seconds), list[str](), accepted
        while True:
            reply, body = self._looked(url, reply, patience)
            reply = replace(reply, sent=(*reply.sent, password))
            ids.append(reply.request_id)
            status = str(body.get("status")).lower()  # older pages write it with a capital
            if status == _SUCCEEDED:
                return reply.shown(body.get("id")), ids
            if status == _FAILED:
                raise UnexpectedReply(
                    "graph-reset-failed",
                    target=self._service.target,
                    detail=reply.shown(body.get("statusDetail")),
                )

    def _looked(self, url: str, last: Reply, patience: Patience) -> tuple[Reply, dict[str, Json]]:
        """Wait as the last reply asks, and return the next one. That a look fails says nothing about the reset."""
        target = self._service.target
        try:
            patience.wait(last.status, last.headers, target)
        except Throttled:
            raise OutcomeUnknown("graph-reset-not-finished", target=target) from None
        try:
            reply = self._service.get(url, patience)
            body = self._service.json_of(reply, ACTION)
        except TargetError as error:
            raise OutcomeUnknown("graph-reset-not-followed", target=target, detail=error.message.key) from None
        if reply.status != 200:
            raise OutcomeUnknown("graph-reset-not-followed", target=target, detail=f"HTTP {reply.status}")
        return reply, body
