"""The tenant through Microsoft Graph v1.0. Which request answers which reading stands in `_REQUESTS`; its one action in `pilot_reset`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from urllib.parse import quote, urlencode

from runbook_lib.adapters.http import Patience, Session, same_origin
from runbook_lib.adapters.pilot_reset import ACTION, PilotReset
from runbook_lib.adapters.service import Reply, Service, Tokens, answer_each
from runbook_lib.errors import NotPermitted, SignInFailed, TargetError, UnexpectedReply
from runbook_lib.model import Change, Json
from runbook_lib.ports import Answer, Clock, Request
from runbook_lib.texts import Argument

TENANT = "tenant"
WAIT_SECONDS = 120.0
MOST_PAGES = 500

# Casting a collection to a type needs both (Microsoft Graph documentation, "List a user's direct memberships").
_CAST = {"ConsistencyLevel": "eventual"}
_ROLES = "memberOf/microsoft.graph.directoryRole?$count=true&$select=displayName,roleTemplateId"
_ROLES_PERMISSION = "RoleManagement.Read.Directory"


@dataclass(frozen=True)
class _Get:
    """A reading as a request: the path below `/v1.0/`, made of the request's arguments, and the least privileged permission."""

    path: Callable[[Mapping[str, Json], Clock], str]
    permission: str


def _audits(arguments: Mapping[str, Json], clock: Clock) -> str:
    since = (clock.now().astimezone(UTC) - timedelta(hours=float(arguments["hours"]))).strftime("%Y-%m-%dT%H:%M:%SZ")
    wanted = f"loggedByService eq 'Self-service Password Management' and activityDateTime ge {since}"
    query = urlencode({"$filter": wanted, "$orderby": "activityDateTime desc"}, safe="$':", quote_via=quote)
    return f"auditLogs/directoryAudits?{query}"


def _fixed(path: str) -> Callable[[Mapping[str, Json], Clock], str]:
    return lambda _arguments, _clock: path


# Paths and permissions: the pages of the Microsoft Graph v1.0 reference of these operations. `User.Read` would do for some
# properties of the organization, but not for its synchronization. Registration details take no $select.
_REQUESTS: dict[str, _Get] = {
    "organization": _Get(
        _fixed("organization?$select=id,displayName,onPremisesSyncEnabled,onPremisesLastSyncDateTime,verifiedDomains"),
        "Organization.Read.All",
    ),
    "subscribed_skus": _Get(
        _fixed("subscribedSkus?$select=skuPartNumber,capabilityStatus,servicePlans"), "LicenseAssignment.Read.All"
    ),
    "sspr_registrations": _Get(_fixed("reports/authenticationMethods/userRegistrationDetails"), "AuditLog.Read.All"),
    "directory_audits": _Get(_audits, "AuditLog.Read.All, Directory.Read.All"),
}
# Composed of two requests each, so they are not in the table: see `_signed_in_account` and `_pilot_account`.
_ACCOUNT_PERMISSIONS = {"user": "User.Read", "application": "Application.Read.All"}
_PILOT = "id,userPrincipalName,accountEnabled,onPremisesSyncEnabled,onPremisesDistinguishedName"
_PILOT_PERMISSION = "User.Read.All"
_NO_SUCH_USER = "Request_ResourceNotFound"


class Graph:
    """The target `tenant`. Implements `ports.Target`; all it can change is the password of the pilot user."""

    name = TENANT

    def __init__(  # noqa: PLR0913  # the parts and the bounds, all by name
        self,
        *,
        root: str,
        session: Session,
        sign_in: Tokens,
        clock: Clock,
        learn: Callable[[str], object],
        resource: str = "",
        not_offered: frozenset[str] = frozenset(),
        wait_seconds: float = WAIT_SECONDS,
        most_pages: int = MOST_PAGES,
    ) -> None:
        """Prepare the target; nothing is sent, and the session is closed by `close`.

        Args:
            root: Graph's origin in this cloud.
            session: The HTTPS connections.
            sign_in: Who we are.
            clock: The time, and how to wait.
            learn: Told every password before it is sent, so that it can be kept out of the record.
            resource: What the token is asked for, when that is not `root`.
            not_offered: Readings this cloud does not have (see `clouds.Cloud`).
            wait_seconds: How long one call of `read` may wait in all when Graph says *later*, and how long a reset is followed.
            most_pages: How many pages of one reading are followed.
        """
        self._root = root.rstrip("/")
        self._session = session
        self._clock = clock
        self._not_offered = not_offered
        self._wait_seconds = wait_seconds
        self._most_pages = most_pages
        self._service = Service(
            target=TENANT,
            resource=resource or self._root,
            session=session,
            tokens=sign_in,
            id_headers=("client-request-id",),
        )
        self._reset = PilotReset(self._root, self._service, clock, learn=learn, wait_seconds=wait_seconds)

    def read(self, requests: Sequence[Request]) -> Sequence[Answer | TargetError]:
        """Answer the readings one by one; see `ports.Target.read`."""
        patience = Patience(self._clock, self._wait_seconds)
        return answer_each(requests, lambda request: self._answer(request, patience))

    def perform(self, change: Change) -> Answer:
        """Reset the pilot user's password, the only change that goes through Graph; see `PilotReset.perform`."""
        if change.action != ACTION:
            raise ValueError(f"the tenant has no action {change.action!r}")
        return self._reset.perform(change)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _answer(self, request: Request, patience: Patience) -> Answer:
        if request.reading in self._not_offered:
            raise NotPermitted("graph-not-offered", target=TENANT, reading=request.reading)
        if request.reading == "signed_in_account":
            body, ids = self._signed_in_account(patience)
        elif request.reading == "pilot_account":
            body, ids = self._pilot_account(str(request.arguments["user"]), patience)
        else:
            known = _REQUESTS[request.reading]
            path = known.path(request.arguments, self._clock)
            body, ids = self._collection(path, request.reading, known.permission, patience)
        return Answer(request.reading, body, self._clock.now().isoformat(timespec="seconds"), ", ".join(ids))

    def _signed_in_account(self, patience: Patience) -> tuple[Json, list[str]]:
        """Return who is signed in with the directory roles held directly, in the shape of `facts.tenant.Account`."""
        account = self._service.tokens.account
        what, permission = "signed_in_account", _ACCOUNT_PERMISSIONS[account.kind]
        path, name = "me", "userPrincipalName"
        if account.kind == "application":
            path, name = f"servicePrincipals(appId='{quote(account.client_id, safe='')}')", "displayName"
        reply = self._get(f"{self._root}/v1.0/{path}?$select=id,{name}", what, permission, patience)
        who = self._service.json_of(reply, what)
        roles, ids = self._roles(path, what, permission, patience)
        body = {"kind": account.kind, "id": who.get("id"), "name": who.get(name), "roles": roles}
        return body, [reply.request_id, *ids]

    def _pilot_account(self, user: str, patience: Patience) -> tuple[Json, list[str]]:
        """Return a user with the directory roles held directly, in the shape of `facts.tenant.Pilot`."""
        what, path = "pilot_account", f"users/{quote(user, safe='')}"
        url = f"{self._root}/v1.0/{path}?$select={_PILOT}"
        reply = self._get(url, what, _PILOT_PERMISSION, patience, absent=True)
        if reply.status == 404:
            return {"user": None, "roles": []}, [reply.request_id]
        found = self._service.json_of(reply, what)
        roles, ids = self._roles(path, what, _PILOT_PERMISSION, patience)
        return {"user": {key: found.get(key) for key in _PILOT.split(",")}, "roles": roles}, [reply.request_id, *ids]

    def _roles(self, path: str, what: str, permission: str, patience: Patience) -> tuple[list[Json], list[str]]:
        """Return the directory roles that an account holds directly, and the ids of the exchanges."""
        roles, ids = self._collection(f"{path}/{_ROLES}", what, permission, patience, _CAST)
        if any(isinstance(role, dict) and role.get("roleTemplateId") is None for role in roles["value"]):
            # Graph hides the properties of what we may not read, instead of refusing.
            raise NotPermitted(
                "graph-not-permitted",
                target=TENANT,
                request_id=ids[-1],
                reading=what,
                permission=_ROLES_PERMISSION,
                code="–",
            )
        return [{key: role.get(key) for key in ("displayName", "roleTemplateId")} for role in roles["value"]], ids

    def _collection(
        self, path: str, what: str, permission: str, patience: Patience, headers: Mapping[str, str] | None = None
    ) -> tuple[dict[str, Json], list[str]]:
        """Return all pages as one `{"value": [...]}`, and the ids of the exchanges."""
        url, seen, values, ids = f"{self._root}/v1.0/{path}", set[str](), list[Json](), list[str]()
        while url:
            if len(seen) == self._most_pages:
                raise UnexpectedReply("graph-too-many-pages", target=TENANT, reading=what, pages=self._most_pages)
            seen.add(url)
            reply = self._get(url, what, permission, patience, headers)
            page = self._service.json_of(reply, what)
            if not isinstance(page.get("value"), list) or not all(isinstance(item, dict) for item in page["value"]):
                raise UnexpectedReply("graph-no-list", target=TENANT, request_id=reply.request_id, reading=what)
            values += page["value"]
            ids.append(reply.request_id)
            url = self._next(page.get("@odata.nextLink"), seen, what)
        return {"value": values}, ids

    def _next(self, link: Json, seen: set[str], what: str) -> str:
        """Return the next page's URL, or an empty one. The token goes to nobody but Graph, and never round in circles."""
        if link is None:
            return ""
        if not isinstance(link, str) or not same_origin(link, self._root) or link in seen:
            raise UnexpectedReply("graph-bad-next-page", target=TENANT, reading=what)
        return link

    def _get(
        self,
        url: str,
        what: str,
        permission: str,
        patience: Patience,
        headers: Mapping[str, str] | None = None,
        *,
        absent: bool = False,
    ) -> Reply:
        """Return an answer that holds what was asked for; with `absent` also one that there is no such thing (404)."""
        reply = self._service.get(url, patience, headers)
        code, _ = reply.fault
        if reply.status == 200 or (absent and reply.status == 404 and code == _NO_SUCH_USER):
            return reply
        found: dict[str, Argument] = {"reading": what, "code": code}
        if reply.status == 401:
            raise SignInFailed("http-token-refused", target=TENANT, request_id=reply.request_id, **found)
        if reply.status == 403:
            found["permission"] = permission
            raise NotPermitted("graph-not-permitted", target=TENANT, request_id=reply.request_id, **found)
        raise self._service.unexpected(reply, what)
