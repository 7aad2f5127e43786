"""Which resource and which permissions a request is about, by the rules of Entra's v2.0 endpoint.

A scope is `<resource>/<permission>`; a bare permission means Graph; `<resource>/.default` means all that was consented
to (Microsoft, v2 permissions and consent). One request is about one resource. Graph's name is its address, which
differs between Microsoft's clouds, so the lab's own address is a name of it as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from runbook_lib.lab.cloud.refusals import EntraRefusal
from runbook_lib.lab.cloud.state import Application, Cloud, CloudTenant
from runbook_lib.lab.cloud.tokens import GRAPH, PORTAL, SIGN_IN_SCOPES

DEFAULT = ".default"

_NAMES = {
    GRAPH: GRAPH,
    f"{GRAPH}/": GRAPH,
    "00000003-0000-0000-c000-000000000000": GRAPH,
    PORTAL: PORTAL,
    f"api://{PORTAL}": PORTAL,
}


@dataclass(frozen=True)
class Wish:
    """What a request asks for: the resource, the name it was called by, and permissions of it."""

    resource: str
    name: str
    permissions: tuple[str, ...]

    @property
    def scope(self) -> str:
        """Return it in the form of a scope."""
        return " ".join(f"{self.name}/{permission}" for permission in self.permissions)


def wish(cloud: Cloud, tenant: CloudTenant, client: Application, scope: str) -> Wish:
    """Return what a scope asks for. Raises `EntraRefusal`."""
    asked = [part for part in scope.split() if part not in SIGN_IN_SCOPES]
    if not asked:
        raise EntraRefusal(70011, scope=scope)
    split = [part.rpartition("/") if "/" in part else (GRAPH, "/", part) for part in asked]
    names = {name for name, _, _ in split}
    if len(names) > 1:
        raise EntraRefusal(700022)
    name = names.pop()
    resource = GRAPH if name == cloud.address else _NAMES.get(name)
    if resource is None:
        raise EntraRefusal(500011, resource=name, tenant=tenant.display_name)
    if resource == PORTAL and not client.portal:
        raise EntraRefusal(650057, client=client.client_id, resource=name)
    return Wish(resource, name, tuple(permission for _, _, permission in split))


def resource_of_application(cloud: Cloud, tenant: CloudTenant, client: Application, scope: str) -> str:
    """Return the resource an application asks for in its own name, which it may only do by `.default`.

    Whether the portal's resource is given to applications is not known; here it is not.
    """
    wanted = wish(cloud, tenant, client, scope)
    if wanted.permissions != (DEFAULT,):
        raise EntraRefusal(70011, scope=scope)
    if wanted.resource == PORTAL:
        raise EntraRefusal(650057, client=client.client_id, resource=wanted.name)
    return wanted.resource


def consented(cloud: Cloud, tenant: CloudTenant, client: Application, scope: str) -> Wish:
    """Return what a signed-in user's token gets: all that was consented to. Raises `EntraRefusal` without consent.

    The answer names `.default` again when it was asked for, so that clients find the token in their cache.
    """
    wanted = wish(cloud, tenant, client, scope)
    granted = ("user_impersonation",) if wanted.resource == PORTAL else client.delegated_scopes
    if "consent_missing" in tenant.faults or not granted or not {*wanted.permissions} <= {*granted, DEFAULT}:
        raise EntraRefusal(65001, client=client.client_id)
    return replace(wanted, permissions=granted + ((DEFAULT,) if DEFAULT in wanted.permissions else ()))
