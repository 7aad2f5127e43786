"""Look at everything that C1 to C5, P1 and P2 look at, and at what surrounds it, and say whether the change may come. Changes nothing."""

from __future__ import annotations

from runbook_lib.facts import portal, surroundings, tenant
from runbook_lib.facts import sync_server as server
from runbook_lib.facts.directory_users import DIRECTORY_USERS
from runbook_lib.ports import Runbook, Step
from runbook_lib.runbooks import account_steps, ladder, network_steps, preflight_steps, server_steps, support_steps
from runbook_lib.runbooks.by_hand_steps import either, not_read

DIRECTORY = (server.DIRECTORY_RIGHTS, server.DOMAIN_POLICIES, server.INHERITANCE_BREAKS)
PAGE = (
    server.PASSWORD_WRITEBACK,
    server.WRITEBACK_EVENTS,
    tenant.SSPR_REGISTRATIONS,
    portal.ON_PREMISES_POLICY,
    DIRECTORY_USERS,
)

RUNBOOK = Runbook(
    "preflight",
    "1",
    (
        Step(
            "f1",
            "read",
            (server.HOST, server.CONNECT_INSTALLATION, server.GLOBAL_SETTINGS),
            either(preflight_steps.assess_server, not_read(computer=server.HOST, service=server.CONNECT_INSTALLATION)),
        ),
        Step(
            "f2",
            "read",
            (server.HOST, server.CONNECT_INSTALLATION, surroundings.DIRECTORY_MODULE, surroundings.REMOTE_SAM_POLICY),
            either(
                support_steps.assess_support,
                not_read(operating_system=server.HOST, connect_version=server.CONNECT_INSTALLATION),
            ),
        ),
        Step(
            "f3",
            "read",
            server_steps.CONFIGURATION,
            either(
                preflight_steps.assess_activity, not_read(staging_mode=server.SCHEDULER, suspended=server.SCHEDULER)
            ),
        ),
        Step(
            "f4",
            "read",
            (server.CONNECTORS, server.COMPANY_FEATURES, server.PASSWORD_WRITEBACK),
            either(
                preflight_steps.assess_connectors,
                not_read(connectors=server.CONNECTORS, writeback=server.PASSWORD_WRITEBACK),
            ),
            proves=ladder.SETTING_ON,
        ),
        Step(
            "f5",
            "read",
            (*account_steps.ACCOUNT, server.CONNECTORS),
            preflight_steps.assess_account,
            proves=ladder.SETTING_ON,
        ),
        Step(
            "f6",
            "read",
            (server.CONNECTORS, *DIRECTORY, DIRECTORY_USERS),
            either(
                preflight_steps.assess_directories,
                not_read(filtering=server.CONNECTORS, missing_rights=server.DIRECTORY_RIGHTS, users=DIRECTORY_USERS),
            ),
        ),
        Step("f7", "read", PAGE, preflight_steps.assess_self_service, proves=ladder.HEALTHY),
        Step(
            "f8",
            "read",
            (server.WRITEBACK_EVENTS, server.PASSWORD_WRITEBACK, surroundings.SERVICE_BUS_EGRESS),
            either(network_steps.assess_network, not_read(relays=server.WRITEBACK_EVENTS)),
        ),
    ),
)
