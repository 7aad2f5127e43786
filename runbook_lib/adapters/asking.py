"""Asking a person to sign in: on another device with a code, or in the browser of this machine.

Both waits go by the clock that they are given, in short sleeps, so that whoever owns the clock can end them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from runbook_lib.adapters.browser import Opening, Receiver, has_browser, receiving
from runbook_lib.adapters.refusals import SIGN_IN
from runbook_lib.errors import SignInFailed, UnexpectedReply
from runbook_lib.ports import Clock

# The longest we wait for a person with a device code, whatever the service allows; Entra's codes live as long.
LONGEST_WAIT_SECONDS = 900

# The answers after which a device code may still be used (RFC 8628, section 3.5).
_GO_ON = frozenset({"authorization_pending", "slow_down"})

# How often we look whether the browser has brought the answer, in seconds.
_LOOK_SECONDS = 0.2

Result = Mapping[str, Any]


@dataclass(frozen=True)
class DeviceCode:
    """What a person needs to sign in. The code lets whoever enters it sign us in, so the repr leaves it out.

    Without a code, and without an address, a browser was opened on this machine.
    """

    user_code: str = field(repr=False)
    verification_uri: str
    expires_at: datetime
    message: str = field(repr=False)
    again: bool = False
    """Whether somebody signed in before, and that no longer counts."""


@dataclass(frozen=True)
class Question:
    """A sign-in that a person is to do. `application` is msal's; `name` who signed in before, if anybody."""

    application: Any
    scopes: list[str]
    claims: str | None
    name: str
    again: bool
    show: Callable[[DeviceCode], None]
    clock: Clock


def ask_elsewhere(question: Question) -> Result:
    """Show a device code and wait until somebody used it, or its time is over. Returns msal's result.

    Raises `UnexpectedReply` when the page to enter it at is no https address.
    """
    flow = question.application.initiate_device_flow(question.scopes, claims_challenge=question.claims)
    if "user_code" not in flow:
        refused: Result = flow
        return refused
    page, seconds = flow["verification_uri"], min(flow["expires_in"], LONGEST_WAIT_SECONDS)
    if not page.startswith("https://"):
        raise UnexpectedReply("sign-in-unexpected", target=SIGN_IN, detail="verification_uri")
    # msal polls without a pause, and for ever, when the server names no interval.
    flow["interval"] = max(1, int(flow.get("interval", 5)))
    expires_at = question.clock.now() + timedelta(seconds=seconds)
    question.show(DeviceCode(flow["user_code"], page, expires_at, flow.get("message", ""), question.again))
    return _poll(question, flow, expires_at)


def _poll(question: Question, flow: dict[str, Any], expires_at: datetime) -> Result:
    while True:
        result: Result = question.application.acquire_token_by_device_flow(
            flow, claims_challenge=question.claims, exit_condition=lambda _flow: True
        )
        if result.get("error") not in _GO_ON:
            return result
        for _ in range(flow["interval"]):
            if question.clock.now() >= expires_at:
                return result
            question.clock.sleep(1)


def ask_browser(question: Question, seconds: int) -> Result:
    """Open the sign-in page in a browser of this machine and wait for what comes back. Returns msal's result.

    Raises `SignInFailed` when there is no browser, or nobody signed in within `seconds`.
    """
    if not has_browser():
        raise SignInFailed("sign-in-no-browser", target=SIGN_IN)
    with receiving() as receiver:
        flow = question.application.initiate_auth_code_flow(
            question.scopes,
            redirect_uri=receiver.address,
            response_mode="form_post",
            claims_challenge=question.claims,
            # Whoever is signed in to the browser for the day's work is often not the administrator.
            **({"login_hint": question.name} if question.name else {"prompt": "select_account"}),
        )
        receiver.state = flow["state"]
        expires_at = question.clock.now() + timedelta(seconds=seconds)
        question.show(DeviceCode("", "", expires_at.astimezone(UTC), "", question.again))
        answer = _wait(question.clock, receiver, Opening(flow["auth_uri"]), expires_at)
    if answer is None:
        raise SignInFailed("sign-in-browser", target=SIGN_IN, seconds=seconds)
    result: Result = question.application.acquire_token_by_auth_code_flow(flow, dict(answer))
    return result


def _wait(clock: Clock, receiver: Receiver, opening: Opening, expires_at: datetime) -> Mapping[str, str] | None:
    while receiver.answer is None and clock.now() < expires_at:
        if opening.has_failed.is_set():
            raise SignInFailed("sign-in-no-browser", target=SIGN_IN)
        clock.sleep(_LOOK_SECONDS)
    return receiver.answer
