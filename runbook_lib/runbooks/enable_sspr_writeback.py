"""Turn on writeback and unlock for self-service password reset: the five documented steps of the portal."""

from __future__ import annotations

from runbook_lib.facts import portal, tenant
from runbook_lib.facts import sync_server as server
from runbook_lib.ports import Runbook, Step
from runbook_lib.runbooks import account_steps, ladder, portal_steps

PAGE = (server.PASSWORD_WRITEBACK, server.WRITEBACK_EVENTS, tenant.SSPR_REGISTRATIONS, portal.ON_PREMISES_POLICY)

RUNBOOK = Runbook(
    "enable-sspr-writeback",
    "1",
    (
        Step("p1", "read", account_steps.ACCOUNT, account_steps.assess_portal_account),
        Step("p2", "read", PAGE, portal_steps.assess_page, proves=ladder.HEALTHY),
        Step(
            "p3",
            "stage",
            (portal.ON_PREMISES_POLICY, tenant.DIRECTORY_AUDITS),
            portal_steps.assess_write_back,
            changes=("set_portal_write_back",),
        ),
        Step("p4", "stage", (portal.ON_PREMISES_POLICY,), portal_steps.assess_unlock, changes=("set_portal_unlock",)),
        Step("p5", "apply", (portal.ON_PREMISES_POLICY, tenant.DIRECTORY_AUDITS), portal_steps.assess_saved),
    ),
)
