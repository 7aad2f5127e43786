"""The whole cloud as one web application: sign-in, Graph and portal live under one address in the lab."""

from __future__ import annotations

from starlette.applications import Starlette

from runbook_lib.lab.cloud.entra import Entra
from runbook_lib.lab.cloud.graph import Graph
from runbook_lib.lab.cloud.odata import BadQuery
from runbook_lib.lab.cloud.portal import HangUp, Portal, PortalRefusal
from runbook_lib.lab.cloud.questions import GraphRefusal
from runbook_lib.lab.cloud.refusals import EntraRefusal
from runbook_lib.lab.cloud.state import Cloud
from runbook_lib.lab.cloud.tokens import Mint


def application(cloud: Cloud, hang_up: HangUp) -> Starlette:
    """Return the application. `hang_up` closes a request's connection without an answer."""
    mint = Mint(cloud)
    entra, graph, portal = Entra(cloud, mint), Graph(cloud, mint, hang_up), Portal(mint, hang_up)
    return Starlette(
        routes=[*portal.routes, *graph.routes, *entra.routes],
        exception_handlers={
            EntraRefusal: entra.refused,
            GraphRefusal: graph.refused,
            BadQuery: graph.refused,
            PortalRefusal: portal.refused,
        },
    )
