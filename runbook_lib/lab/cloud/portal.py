"""The portal's internal endpoint for the page *On-premises integration*: undocumented, unsupported, known from tools.

Path, field names, the two separate PUTs, the key `passwordWriteBackSupported` (capital B) and the headers are those of
O365Essentials, AzRanger and azurenum. Not known, and so the lab's own choice: status codes of a PUT, the body of a
refusal, which of the headers are really required, what a page with nothing to show answers to a PUT.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runbook_lib.lab.cloud import bodies
from runbook_lib.lab.cloud.roles import GLOBAL_ADMINISTRATOR, HYBRID_IDENTITY_ADMINISTRATOR
from runbook_lib.lab.cloud.state import CloudTenant
from runbook_lib.lab.cloud.tokens import PORTAL, Mint, TokenRefused

PATH = "/api/PasswordReset/OnPremisesPasswordResetPolicies"

ADMINISTRATORS = frozenset({GLOBAL_ADMINISTRATOR, HYBRID_IDENTITY_ADMINISTRATOR})

# What a PUT may set: its key, and the field that a GET shows it in.
SETTINGS = {"passwordWriteBackSupported": "passwordWritebackSupported", "accountUnlockEnabled": "accountUnlockEnabled"}

HangUp = Callable[[Request], None]


class PortalRefusal(Exception):
    """A "no" of the endpoint."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(f"{status} {message}")


class Portal:
    """The endpoint for one cloud. `hang_up` closes a request's connection without an answer."""

    def __init__(self, mint: Mint, hang_up: HangUp) -> None:
        self._mint = mint
        self._hang_up = hang_up

    @property
    def routes(self) -> list[Route]:
        """Return what is served."""
        return [Route(PATH, self._get, methods=["GET"]), Route(PATH, self._put, methods=["PUT"])]

    @staticmethod
    def refused(_request: Request, refusal: Exception) -> Response:
        """Answer a refusal."""
        if not isinstance(refusal, PortalRefusal):
            raise refusal
        return JSONResponse({"Message": refusal.message}, refusal.status)

    async def _get(self, request: Request) -> Response:
        return JSONResponse(bodies.portal_policy(self._administered(request)))

    async def _put(self, request: Request) -> Response:
        tenant = self._administered(request)
        save(tenant, await _settings(request))
        if tenant.strikes("lost_reply", 1):
            self._hang_up(request)
        return Response(status_code=204)

    def _administered(self, request: Request) -> CloudTenant:
        tenant, claims = self._signed_in(request)
        _check_headers(request)
        user = tenant.account_by_id(str(claims.get("oid", "")))
        # Whether an application's own token is taken is not known; only users sign in to a portal.
        if user is None or "portal_refuses" in tenant.faults:
            raise PortalRefusal(403, "Forbidden")
        if not ADMINISTRATORS & {*tenant.roles_of(user)}:
            raise PortalRefusal(403, "Forbidden")
        return tenant

    def _signed_in(self, request: Request) -> tuple[CloudTenant, dict[str, Any]]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise PortalRefusal(401, "Unauthorized")
        try:
            return self._mint.check(token, PORTAL)
        except TokenRefused as refused:
            raise PortalRefusal(401, "Unauthorized") from refused


def save(tenant: CloudTenant, settings: dict[str, bool]) -> None:
    """Change what a PUT may change. Raises `PortalRefusal` when the page has nothing to show.

    Both settings in one PUT leave the unlock flag as it was, which is why public tools send two.
    """
    if not tenant.page_available():
        raise PortalRefusal(400, "On-premises integration has not been enabled.")
    if len(settings) > 1:
        settings = {key: value for key, value in settings.items() if key != "accountUnlockEnabled"}
    for key, value in settings.items():
        setattr(tenant.policy, SETTINGS[key], value)


def _check_headers(request: Request) -> None:
    if request.headers.get("x-requested-with") != "XMLHttpRequest":
        raise PortalRefusal(400, "X-Requested-With")
    for name in ("x-ms-client-request-id", "x-ms-correlation-id"):
        try:
            uuid.UUID(request.headers.get(name, ""))
        except ValueError as error:
            raise PortalRefusal(400, name) from error


async def _settings(request: Request) -> dict[str, bool]:
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise PortalRefusal(415, "Content-Type")
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise PortalRefusal(400, "not JSON") from error
    if not isinstance(body, dict) or not body or body.keys() - SETTINGS:
        raise PortalRefusal(400, "unknown settings")
    if not all(isinstance(value, bool) for value in body.values()):
        raise PortalRefusal(400, "not a truth value")
    return body
