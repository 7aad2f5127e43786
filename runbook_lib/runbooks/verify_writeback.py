"""Show how far password writeback works, rung by rung of the ladder: from the setting to a pilot's password that arrived."""

from __future__ import annotations

from runbook_lib.facts import portal, tenant
from runbook_lib.facts import sync_server as server
from runbook_lib.facts.directory_users import DIRECTORY_USERS
from runbook_lib.ports import Runbook, Step
from runbook_lib.runbooks import account_steps, ladder, pilot_steps, verify_steps
from runbook_lib.runbooks.by_hand_steps import either, not_read

DIRECTORY = (server.DIRECTORY_RIGHTS, server.DOMAIN_POLICIES, server.INHERITANCE_BREAKS, DIRECTORY_USERS)
STATE = (server.PASSWORD_WRITEBACK, server.WRITEBACK_EVENTS)

RUNBOOK = Runbook(
    "verify-writeback",
    "1",
    (
        Step(
            "v1",
            "read",
            (server.SCHEDULER, server.CONNECTORS, *account_steps.ACCOUNT),
            verify_steps.assess_place,
            proves=ladder.SETTING_ON,
        ),
        Step(
            "v2",
            "read",
            (server.PASSWORD_WRITEBACK, portal.ON_PREMISES_POLICY, tenant.DIRECTORY_AUDITS),
            verify_steps.assess_setting,
            proves=ladder.SETTING_ON,
        ),
        Step(
            "v3",
            "read",
            STATE,
            either(
                verify_steps.assess_onboarding,
                not_read(service=server.PASSWORD_WRITEBACK, onboarded_at=server.WRITEBACK_EVENTS),
            ),
            proves=ladder.ONBOARDED,
        ),
        Step(
            "v4",
            "read",
            STATE,
            either(verify_steps.assess_health, not_read(last_heartbeat=server.WRITEBACK_EVENTS)),
            proves=ladder.HEALTHY,
        ),
        Step(
            "v5",
            "read",
            (server.CONNECTORS, *DIRECTORY),
            either(verify_steps.assess_rights, not_read(missing_rights=server.DIRECTORY_RIGHTS, users=DIRECTORY_USERS)),
            proves=ladder.RIGHTS,
        ),
        Step(
            "v6",
            "stage",
            (tenant.SIGNED_IN_ACCOUNT, tenant.PILOT_ACCOUNT, DIRECTORY_USERS, server.WRITEBACK_EVENTS),
            pilot_steps.assess_pilot,
            changes=("reset_pilot_password",),
            proves=ladder.PROVEN,
        ),
        Step(
            "v7",
            "apply",
            (server.WRITEBACK_EVENTS, DIRECTORY_USERS, portal.ON_PREMISES_POLICY),
            pilot_steps.assess_nothing_sent,
            settled=pilot_steps.assess_proof,
            proves=ladder.PROVEN,
        ),
    ),
)
