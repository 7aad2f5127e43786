"""The portal's page *On-premises integration*, through the portal's internal endpoint: undocumented, unsupported, opt-in.

Source: public tools that read it (AzRanger, azurenum) and write it (O365Essentials). Microsoft may change or block it any time.
"""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.adapters.clouds import PortalEndpoint
from runbook_lib.adapters.http import Patience, Session
from runbook_lib.adapters.service import Reply, Service, Tokens, answer_each
from runbook_lib.canonical import digest
from runbook_lib.errors import NotPermitted, OutcomeUnknown, TargetError, Throttled
from runbook_lib.model import Change, Json
from runbook_lib.ports import Answer, Clock, Request

PORTAL = "portal"
READING = "on_premises_policy"
WAIT_SECONDS = 120.0

_PATH = "/api/PasswordReset/OnPremisesPasswordResetPolicies"
_HEADERS = {"X-Requested-With": "XMLHttpRequest"}
# One PUT each: set together, the second did not take. The capital B in writing is as seen; reading has a small one.
_FIELDS = {"set_portal_write_back": "passwordWriteBackSupported", "set_portal_unlock": "accountUnlockEnabled"}


def fingerprint(action: str) -> str:
    """Return the SHA-256, in hexadecimal, of the request that makes a change, but for the host and the value."""
    return digest({"method": "PUT", "path": _PATH, "headers": _HEADERS, "field": _FIELDS[action]})


class Portal:
    """The target `portal`. Implements `ports.Target`. Only a signed-in person may use it: an application is refused here."""

    name = PORTAL

    def __init__(
        self,
        *,
        endpoint: PortalEndpoint,
        session: Session,
        sign_in: Tokens,
        clock: Clock,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """Prepare the target; nothing is sent, and the session is closed by `close`.

        Args:
            endpoint: From `clouds.Cloud.portal_endpoint`, which refuses clouds whose endpoint nobody has verified.
            session: The HTTPS connections.
            sign_in: Who we are.
            clock: The time, and how to wait.
            wait_seconds: How long one call of `read` may wait in all when the portal says *later*. A change never waits.
        """
        self._url = endpoint.root.rstrip("/") + _PATH
        self._session = session
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._service = Service(
            target=PORTAL,
            resource=endpoint.resource,
            session=session,
            tokens=sign_in,
            id_headers=("x-ms-client-request-id", "x-ms-correlation-id"),
        )

    def read(self, requests: Sequence[Request]) -> Sequence[Answer | TargetError]:
        """Answer the readings one by one; see `ports.Target.read`."""
        patience = Patience(self._clock, self._wait_seconds)
        return answer_each(requests, lambda request: self._answer(request, patience))

    def perform(self, change: Change) -> Answer:
        """Send one setting in one PUT; see `ports.Target.perform`. Sent again only after a 401, which carries nothing out.

        Raises:
            OutcomeUnknown: it was sent, or may have been, and the answer does not say what became of it.
            NotPermitted, Throttled, UnexpectedReply: the portal said no.
            CannotConnect, SignInFailed: it was not sent.
        """
        wanted = change.arguments["enabled"]
        if not isinstance(wanted, bool):
            raise ValueError(f"{change.action} is given {wanted!r}, not true or false")  # noqa: TRY004  # as every wrong argument
        self._only_a_person()
        reply = self._service.change("PUT", self._url, {_FIELDS[change.action]: wanted}, change.action, _HEADERS)
        return Answer(change.action, self._accepted(reply, change.action), self._now(), reply.request_id)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _answer(self, request: Request, patience: Patience) -> Answer:
        if request.reading != READING:
            raise ValueError(f"the portal has no reading {request.reading!r}")
        self._only_a_person()
        reply = self._service.get(self._url, patience, _HEADERS)
        self._permitted(reply, READING)
        if reply.status != 200:
            raise self._service.unexpected(reply, READING)
        return Answer(READING, self._service.json_of(reply, READING), self._now(), reply.request_id)

    def _accepted(self, reply: Reply, action: str) -> Json:
        """Return the body of a reply that says yes. What is neither yes nor no leaves the outcome unknown."""
        self._permitted(reply, action)
        if reply.status == 429:
            raise Throttled("portal-change-throttled", target=PORTAL, request_id=reply.request_id, action=action)
        if 300 <= reply.status < 500 and reply.status != 408:
            raise self._service.unexpected(reply, action)
        try:
            body = reply.json if reply.content.strip() else None
        except ValueError:
            body = ...
        if not 200 <= reply.status < 300 or body is ...:
            detail = f"HTTP {reply.status}"
            raise OutcomeUnknown(
                "http-outcome-unknown", target=PORTAL, request_id=reply.request_id, action=action, detail=detail
            )
        return body

    def _permitted(self, reply: Reply, what: str) -> None:
        if reply.status in (401, 403):
            code, _ = reply.fault
            raise NotPermitted(
                "portal-not-permitted",
                target=PORTAL,
                request_id=reply.request_id,
                reading=what,
                status=reply.status,
                code=code,
            )

    def _only_a_person(self) -> None:
        if self._service.tokens.account.kind != "user":
            raise NotPermitted("portal-needs-a-person", target=PORTAL)

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")
