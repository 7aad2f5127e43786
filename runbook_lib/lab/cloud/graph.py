"""The few reads of Microsoft Graph v1.0 that the kit makes, with its checks, paging and errors.

Permissions are those of graph-docs and devx-content (least and higher ones that matter here); what a role or a licence
opens is from graph-docs (rbac-directoryaudit-apis) and public reports of the error code. Which of the checks Graph
makes first is not documented.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runbook_lib.lab.cloud import bodies, odata
from runbook_lib.lab.cloud.odata import BadQuery
from runbook_lib.lab.cloud.state import (
    GLOBAL_ADMINISTRATOR,
    HYBRID_IDENTITY_ADMINISTRATOR,
    REPORTS_READER,
    SECURITY_READER,
    Account,
    Application,
    Cloud,
    CloudTenant,
)
from runbook_lib.lab.cloud.tokens import GRAPH, Claims, Mint, TokenRefused

ROOT = "/v1.0"

# Who may read reports and logs. That the hybrid administrator may follows from "can monitor logs" (built-in roles).
REPORT_ROLES = frozenset({GLOBAL_ADMINISTRATOR, HYBRID_IDENTITY_ADMINISTRATOR, REPORTS_READER, SECURITY_READER})
# Without one of these, Graph names a role's id and leaves the rest empty (graph-docs, limited-info).
READS_ROLES = frozenset({"Directory.Read.All", "RoleManagement.Read.Directory"})


class GraphRefusal(Exception):
    """An error of Graph: status, code and message, and headers such as Retry-After."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.code, self.message, self.headers = status, code, message, dict(headers or {})
        super().__init__(f"{status} {code}")


@dataclass(frozen=True)
class Question:
    """A request that passed the checks of its token."""

    tenant: CloudTenant
    caller: Account | Application
    permissions: frozenset[str]
    path: Mapping[str, str]
    cloud: Cloud

    @property
    def is_delegated(self) -> bool:
        """Return whether a user is signed in."""
        return isinstance(self.caller, Account)


Answer = Callable[[Question], Sequence[bodies.Body]]


@dataclass(frozen=True)
class Operation:
    """One path: what it answers, who may ask, and the query options it takes. No application permission: users only."""

    path: str
    type_name: str
    context: str
    answer: Answer
    delegated: frozenset[str]
    application: frozenset[str]
    options: frozenset[str] = field(default=frozenset({"$select"}))
    is_collection: bool = True
    is_report: bool = False


def _roles(question: Question, member: Account | Application) -> list[bodies.Body]:
    limited = not question.permissions & READS_ROLES
    tenant = question.tenant
    return [bodies.directory_role(tenant, role, limited=limited) for role in tenant.roles_of(member)]


def _application(question: Question) -> Application:
    application = question.tenant.application(question.path["app_id"])
    if application is None:
        raise GraphRefusal(404, "Request_ResourceNotFound", f"Resource '{question.path['app_id']}' does not exist.")
    return application


def _myself(question: Question) -> Account:
    if not isinstance(question.caller, Account):
        raise GraphRefusal(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    return question.caller


def _registrations(question: Question) -> list[bodies.Body]:
    if not question.tenant.is_premium:
        message = "Neither tenant is B2C or tenant doesn't have premium license"
        raise GraphRefusal(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message)
    return [bodies.registration(row) for row in question.tenant.registrations]


def _audits(question: Question) -> list[bodies.Body]:
    return [bodies.directory_audit(record) for record in question.tenant.audits_now(question.cloud.clock())]


def _any(*names: str) -> frozenset[str]:
    return frozenset(names)


_DIRECTORY = _any("Directory.Read.All")
_ME = _any("User.Read", "User.Read.All") | _DIRECTORY
_APPLICATIONS = _any("Application.Read.All") | _DIRECTORY
_MEMBERS = _any("$select", "$top", "$count", "$skiptoken")
_AUDIT = _any("AuditLog.Read.All")

OPERATIONS = (
    Operation(
        "/organization", "organization", "organization", lambda q: [bodies.organization(q.tenant)],
        _any("User.Read", "Organization.Read.All") | _DIRECTORY, _any("Organization.Read.All") | _DIRECTORY,
    ),
    Operation(
        "/subscribedSkus", "subscribedSku", "subscribedSkus",
        lambda q: [bodies.subscribed_sku(q.tenant, sku) for sku in q.tenant.skus_now()],
        _any("LicenseAssignment.Read.All", "Organization.Read.All") | _DIRECTORY,
        _any("LicenseAssignment.Read.All", "Organization.Read.All") | _DIRECTORY,
    ),
    Operation(
        "/me", "user", "users", lambda q: [bodies.user(_myself(q))], _ME, frozenset(), is_collection=False,
    ),
    Operation(
        "/me/memberOf/microsoft.graph.directoryRole", "directoryRole", "directoryRoles",
        lambda q: _roles(q, _myself(q)), _ME, frozenset(), _MEMBERS,
    ),
    Operation(
        "/servicePrincipals(appId='{app_id}')", "servicePrincipal", "servicePrincipals",
        lambda q: [bodies.service_principal(_application(q))], _APPLICATIONS, _APPLICATIONS, is_collection=False,
    ),
    Operation(
        "/servicePrincipals(appId='{app_id}')/memberOf/microsoft.graph.directoryRole",
        "directoryRole", "directoryRoles",
        lambda q: _roles(q, _application(q)), _APPLICATIONS, _APPLICATIONS, _MEMBERS,
    ),
    Operation(  # its documentation allows neither $select nor $top
        "/reports/authenticationMethods/userRegistrationDetails", "userRegistrationDetails",
        "reports/authenticationMethods/userRegistrationDetails", _registrations,
        _AUDIT, _AUDIT, _any("$filter", "$orderby", "$skiptoken"), is_report=True,
    ),
    Operation(
        "/auditLogs/directoryAudits", "directoryAudit", "auditLogs/directoryAudits", _audits,
        _AUDIT | _DIRECTORY, _AUDIT | _DIRECTORY,
        _any("$filter", "$orderby", "$select", "$top", "$skiptoken"), is_report=True,
    ),
)  # fmt: skip


class Graph:
    """Microsoft Graph for one cloud."""

    def __init__(self, cloud: Cloud, mint: Mint) -> None:
        self._cloud = cloud
        self._mint = mint

    @property
    def routes(self) -> list[Route]:
        """Return what is served; anything else under the root is refused in Graph's form."""
        known = [Route(ROOT + operation.path, self._endpoint(operation), methods=["GET"]) for operation in OPERATIONS]
        return [*known, Route(ROOT + "/{rest:path}", self._unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]

    def refused(self, request: Request, refusal: Exception) -> Response:
        """Answer a refusal in Graph's form."""
        if isinstance(refusal, BadQuery):
            refusal = GraphRefusal(400, "BadRequest", str(refusal))
        if not isinstance(refusal, GraphRefusal):
            raise refusal
        headers = self._ids(request)
        inner = {"date": f"{self._cloud.clock():%Y-%m-%dT%H:%M:%S}", **headers}
        body = {"error": {"code": refusal.code, "message": refusal.message, "innerError": inner}}
        return JSONResponse(body, refusal.status, headers=headers | refusal.headers)

    def _endpoint(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            question = self._question(request)
            _disturb(question.tenant)
            _permit(question, operation)
            query = _query(request, operation)
            body = self._body(operation, question, query, request.url.path)
            return JSONResponse(body, headers={**self._ids(request), "OData-Version": "4.0"})

        return endpoint

    async def _unknown(self, request: Request) -> Response:
        self._question(request)
        segment = request.path_params["rest"].split("/", 1)[0]
        raise GraphRefusal(404, "ResourceNotFound", f"Resource not found for the segment '{segment}'.")

    def _question(self, request: Request) -> Question:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise GraphRefusal(401, "InvalidAuthenticationToken", "Access token is empty.")
        try:
            tenant, claims = self._mint.check(token, GRAPH)
        except TokenRefused as refused:
            raise _unauthorized(refused.reason) from refused
        _judge_again(tenant, claims, self._cloud)
        caller = _caller(tenant, claims)
        if caller is None:
            raise _unauthorized("The identity of the token was not found.")
        granted = claims.get("roles", []) if isinstance(caller, Application) else claims.get("scp", "").split()
        return Question(tenant, caller, frozenset(granted), request.path_params, self._cloud)

    def _body(self, operation: Operation, question: Question, query: Mapping[str, str], path: str) -> dict[str, Any]:
        found = odata.ordered(odata.filtered(operation.answer(question), query.get("$filter")), query.get("$orderby"))
        shown, token = odata.page(found, query, question.tenant.page_size)
        shown = odata.select(shown, query.get("$select"), operation.type_name)
        wanted = f"({query['$select']})" if "$select" in query else ""
        context = f"{self._cloud.address}{ROOT}/$metadata#{operation.context}{wanted}"
        if not operation.is_collection:
            return {"@odata.context": f"{context}/$entity", **shown[0]}
        count = {"@odata.count": len(found)} if "$count" in query else {}
        link = {"@odata.nextLink": odata.next_link(self._cloud.address + path, query, token)} if token else {}
        return {"@odata.context": context, **count, **link, "value": shown}

    def _ids(self, request: Request) -> dict[str, str]:
        own = str(uuid.uuid4())
        return {"request-id": own, "client-request-id": request.headers.get("client-request-id", own)}


def _caller(tenant: CloudTenant, claims: Claims) -> Account | Application | None:
    if claims.get("idtyp") == "app":
        return tenant.application(str(claims.get("appid", "")))
    return tenant.account_by_id(str(claims.get("oid", "")))


def _unauthorized(reason: str) -> GraphRefusal:
    challenge = {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'}
    return GraphRefusal(401, "InvalidAuthenticationToken", reason, challenge)


def _judge_again(tenant: CloudTenant, claims: Claims, cloud: Cloud) -> None:
    """Ask for a new token when the sign-in is to be judged again, and the client said that it can do that.

    Form of the challenge: Microsoft, "Continuous access evaluation enabled APIs in your applications".
    """
    if "claims_challenge" not in tenant.faults:
        tenant.challenge = ""
    elif "CP1" in claims.get("xms_cc", []):
        tenant.challenge = tenant.challenge or str(int(cloud.clock().timestamp()))
        if claims.get("challenge") != tenant.challenge:
            wanted = {"access_token": {"nbf": {"essential": True, "value": tenant.challenge}}}
            encoded = base64.b64encode(json.dumps(wanted).encode()).decode()
            told = {"WWW-Authenticate": f'Bearer realm="", error="insufficient_claims", claims="{encoded}"'}
            message = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"
            raise GraphRefusal(401, "InvalidAuthenticationToken", message, told)


def _disturb(tenant: CloudTenant) -> None:
    if tenant.strikes("token_expired", 1):
        raise _unauthorized("Lifetime validation failed, the token is expired.")
    later = {"Retry-After": str(tenant.retry_after)}
    if tenant.strikes("throttled", tenant.throttled_times):
        raise GraphRefusal(429, "TooManyRequests", "Too many requests.", later)
    if "unavailable" in tenant.faults:
        raise GraphRefusal(503, "ServiceUnavailable", "The service is temporarily unavailable.", later)


def _permit(question: Question, operation: Operation) -> None:
    denied = GraphRefusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    allowed = operation.delegated if question.is_delegated else operation.application
    if question.is_delegated or operation.application:
        if not allowed & question.permissions:
            raise denied
        if (
            operation.is_report
            and question.is_delegated
            and not REPORT_ROLES & {*question.tenant.roles_of(question.caller)}
        ):
            raise denied


def _query(request: Request, operation: Operation) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    query = dict(pairs)
    if unknown := sorted(query.keys() - operation.options):
        raise BadQuery(f"Query option '{unknown[0]}' is not allowed.")
    if len(query) != len(pairs):
        raise BadQuery("A query option was specified more than once.")
    if "$count" in query and (query["$count"] != "true" or request.headers.get("consistencylevel") != "eventual"):
        raise BadQuery("$count needs the value true and the header ConsistencyLevel: eventual.")
    return query
