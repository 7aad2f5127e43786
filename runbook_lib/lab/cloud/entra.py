"""The sign-in endpoints over HTTP: discovery, keys, tokens, device codes, authorization, and the lab's own pages to sign in.

Paths are Entra's (Microsoft, OpenID Connect on the identity platform), under the tenant's id or a domain of it. Only
`/devicelogin` is the lab's own: it stands for the web page where a person signs in.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from runbook_lib.lab.cloud import sign_in_page
from runbook_lib.lab.cloud.authority import Authority
from runbook_lib.lab.cloud.authorization import AuthorizationCodes, Wanted, account, wanted
from runbook_lib.lab.cloud.device_code import DeviceCodes
from runbook_lib.lab.cloud.refusals import EntraRefusal
from runbook_lib.lab.cloud.state import Cloud, CloudTenant
from runbook_lib.lab.cloud.tokens import Mint

_NO_STORE = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"}


class Entra:
    """The sign-in service of one cloud."""

    def __init__(self, cloud: Cloud, mint: Mint) -> None:
        self._cloud = cloud
        self._mint = mint
        self._codes, self._authorizations = DeviceCodes(cloud), AuthorizationCodes(cloud)
        self._authorities: dict[str, Authority] = {}

    @property
    def routes(self) -> list[Route]:
        """Return what is served."""
        return [
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self._configuration),
            Route("/{tenant}/discovery/v2.0/keys", self._keys),
            Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/devicecode", self._device_code, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/authorize", self._authorize, methods=["GET", "POST"]),
            Route("/devicelogin", _page, methods=["GET"]),
            Route("/devicelogin", self._decide, methods=["POST"]),
        ]

    def _tenant(self, request: Request) -> CloudTenant:
        name = request.path_params["tenant"]
        tenant = self._cloud.tenant(name)
        if tenant is None:
            raise EntraRefusal(90002, tenant=name)
        return tenant

    def _authority(self, tenant: CloudTenant) -> Authority:
        known = self._authorities.get(tenant.id)
        if known is None or known.tenant is not tenant:
            known = Authority(self._cloud, tenant, self._mint, self._codes, self._authorizations)
            self._authorities[tenant.id] = known
        return known

    def refused(self, request: Request, refusal: Exception) -> Response:
        """Answer a refusal in Entra's form."""
        if not isinstance(refusal, EntraRefusal):
            raise refusal
        body = refusal.body(self._cloud.clock(), self._cloud.address, request.headers.get("client-request-id", ""))
        return JSONResponse(body, refusal.kind.status, headers=_NO_STORE)

    async def _configuration(self, request: Request) -> Response:
        tenant = self._tenant(request)
        base = f"{self._cloud.address}/{tenant.id}"
        return JSONResponse(
            {
                "issuer": self._mint.issuer(tenant),
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "private_key_jwt",
                    "client_secret_basic",
                ],
                "response_types_supported": ["code", "id_token"],
                "response_modes_supported": ["query", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
            }
        )

    async def _keys(self, request: Request) -> Response:
        self._tenant(request)
        return JSONResponse(self._mint.public_keys)

    async def _token(self, request: Request) -> Response:
        authority = self._authority(self._tenant(request))
        status, body = authority.token(str(request.url), request.headers, await _form(request))
        return JSONResponse(body, status, headers=_NO_STORE)

    async def _device_code(self, request: Request) -> Response:
        authority = self._authority(self._tenant(request))
        status, body = authority.device_code(str(request.url), request.headers, await _form(request))
        return JSONResponse(body, status, headers=_NO_STORE)

    async def _authorize(self, request: Request) -> Response:
        """Show the page to sign in with, or take what was decided there. Refusals are pages: a person is looking."""
        try:
            tenant = self._tenant(request)
            asked = wanted(self._cloud, tenant, request.query_params)
            if request.method == "GET":
                known = [each.upn for each in tenant.accounts if each.roles]
                page = sign_in_page.sign_in(request.query_params.get("login_hint", ""), known)
                return HTMLResponse(page, headers=_NO_STORE)
            return self._answered(tenant, asked, await _form(request))
        except EntraRefusal as refusal:
            return HTMLResponse(
                sign_in_page.refused(refusal.code, refusal.text), refusal.kind.status, headers=_NO_STORE
            )

    def _answered(self, tenant: CloudTenant, asked: Wanted, form: dict[str, Any]) -> Response:
        user = account(tenant, form.get("upn", ""))
        if form.get("decision") != "approve":
            answer = _no(65004)
        elif "consent_missing" in tenant.faults:
            answer = _no(90094, tenant=tenant.display_name, client=asked.client.client_id)
        else:
            answer = {"code": self._authorizations.issue(asked, user)}
        answer |= {"state": asked.state} if asked.state else {}
        if asked.is_posted:
            return HTMLResponse(sign_in_page.posted(asked.redirect_uri, answer), headers=_NO_STORE)
        return RedirectResponse(f"{asked.redirect_uri}?{urlencode(answer)}", 302, headers=_NO_STORE)

    async def _decide(self, request: Request) -> Response:
        form = await _form(request)
        answer = form.get("decision", "")
        if answer not in ("approve", "decline"):
            raise EntraRefusal(9002313)
        self._codes.decide(form.get("user_code", ""), form.get("upn", ""), approve=answer == "approve")
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(sign_in_page.decided(answer))
        return JSONResponse({"decision": answer})


def _no(code: int, **words: str) -> dict[str, str]:
    """Return how an application hears of a "no" (Microsoft, v2-oauth2-auth-code-flow, error response)."""
    return {"error": "access_denied", "error_description": f"AADSTS{code}: {EntraRefusal(code, **words).text}"}


async def _page(_request: Request) -> Response:
    return HTMLResponse(sign_in_page.form())


async def _form(request: Request) -> dict[str, Any]:
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}
