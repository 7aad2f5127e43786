"""All web services as one application: sign-in, Graph, portal, ServiceNow and Jira live under one address in the lab."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette

from runbook_lib.lab.change_records.jira import Jira
from runbook_lib.lab.change_records.record import LabChange
from runbook_lib.lab.change_records.servicenow import ServiceNow
from runbook_lib.lab.change_records.signing_in import Accounts
from runbook_lib.lab.cloud.entra import Entra
from runbook_lib.lab.cloud.graph import Graph
from runbook_lib.lab.cloud.odata import BadQuery
from runbook_lib.lab.cloud.portal import HangUp, Portal, PortalRefusal
from runbook_lib.lab.cloud.questions import GraphRefusal
from runbook_lib.lab.cloud.refusals import EntraRefusal
from runbook_lib.lab.cloud.state import Cloud
from runbook_lib.lab.cloud.tokens import Mint


def application(cloud: Cloud, hang_up: HangUp, changes: Sequence[LabChange] = ()) -> Starlette:
    """Return the application, with the change records of its tenants. `hang_up` closes a request's connection without an answer."""
    mint = Mint(cloud)
    entra, graph, portal = Entra(cloud, mint), Graph(cloud, mint, hang_up), Portal(mint, hang_up)
    accounts = Accounts(changes)
    records = [*ServiceNow(accounts, hang_up).routes, *Jira(accounts, hang_up).routes]
    return Starlette(
        # Those of Entra begin with any tenant, so they come last.
        routes=[*records, *portal.routes, *graph.routes, *entra.routes],
        exception_handlers={
            EntraRefusal: entra.refused,
            GraphRefusal: graph.refused,
            BadQuery: graph.refused,
            PortalRefusal: portal.refused,
        },
    )
