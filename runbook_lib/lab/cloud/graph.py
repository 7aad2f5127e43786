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

from runbook_lib.lab.cloud import bodies, graph_resets, odata
from runbook_lib.lab.cloud.odata import BadQuery
from runbook_lib.lab.cloud.portal import HangUp
from runbook_lib.lab.cloud.questions import GraphRefusal, Question
from runbook_lib.lab.cloud.roles import REPORT_ROLES
from runbook_lib.lab.cloud.state import (
    Account,
    Application,
    Cloud,
    CloudTenant,
)
from runbook_lib.lab.cloud.tokens import GRAPH, Claims, Mint, TokenRefused

ROOT = "/v1.0"

# Without one of these, Graph names a role's id and leaves the rest empty (graph-docs, limited-info).
READS_ROLES = frozenset({"Directory.Read.All", "RoleManagement.Read.Directory"})


Answer = Callable[[Question], Sequence[bodies.Body]]


@dataclass(frozen=True)
class Operation:
    """One path: what it answers, who may ask, and the query options it takes.

    An application is refused for want of a permission, but for `/me`, where the path itself makes no sense to one.
    """

    path: str
    type_name: str
    context: str
    answer: Answer
    delegated: frozenset[str]
    application: frozenset[str]
    options: frozenset[str] = field(default=frozenset({"$select"}))
    is_collection: bool = True
    is_report: bool = False
    is_users_only: bool = False


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


def _user(question: Question) -> Account:
    account = question.tenant.account_named(question.path["user"])
    if account is None:
        raise GraphRefusal(404, "Request_ResourceNotFound", f"Resource '{question.path['user']}' does not exist.")
    return account


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
_USERS = _any("User.Read.All") | _DIRECTORY
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
        "/users/{user}", "user", "users", lambda q: [bodies.synchronized_user(_user(q))], _USERS, _USERS,
        is_collection=False,
    ),
    Operation(
        "/users/{user}/memberOf/microsoft.graph.directoryRole", "directoryRole", "directoryRoles",
        lambda q: _roles(q, _user(q)), _USERS, _USERS, _MEMBERS,
    ),
    Operation(
        graph_resets.OPERATION_PATH, "longRunningOperation", "longRunningOperations",
        lambda q: [graph_resets.operation_of(q.tenant, _user(q), q.path["operation"], q.cloud.clock())],
        graph_resets.LOOKS_AT_RESETS, frozenset(), _any("$select", "aadgdc", "aadgsu"), is_collection=False,
        is_users_only=True,
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

    def __init__(self, cloud: Cloud, mint: Mint, hang_up: HangUp) -> None:
        self._cloud = cloud
        self._mint = mint
        self._hang_up = hang_up

    @property
    def routes(self) -> list[Route]:
        """Return what is served; anything else under the root is refused in Graph's form."""
        known = [Route(ROOT + operation.path, self._endpoint(operation), methods=["GET"]) for operation in OPERATIONS]
        reset = Route(ROOT + graph_resets.RESET_PATH, self._reset, methods=["POST"])
        return [
            *known,
            reset,
            Route(ROOT + "/{rest:path}", self._unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]

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

    async def _reset(self, request: Request) -> Response:
        question = self._question(request)
        tenant, now = question.tenant, self._cloud.clock()
        _disturb(tenant)
        if not question.is_delegated or not graph_resets.RESETS & question.permissions:
            raise graph_resets.denied()
        operation = graph_resets.begin_reset(question, await request.body(), now)
        if tenant.strikes("lost_reply", 1):
            self._hang_up(request)
        place = graph_resets.OPERATION_PATH.format(user=operation.user_id, operation=operation.id)
        later = {
            "Location": f"{self._cloud.address}{ROOT}{place}?{graph_resets.WHERE}",
            "Retry-After": str(max(int(tenant.reset_delay.total_seconds()), tenant.retry_after)),
        }
        return JSONResponse({}, 202, headers=self._ids(request) | later)

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
    denied = graph_resets.denied()
    if operation.is_users_only and not question.is_delegated:
        raise denied
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
