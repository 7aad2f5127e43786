"""Turn password writeback off on the sync server, and undo a run of enable-connect-writeback: the wizard's pages, box cleared."""

from __future__ import annotations

from runbook_lib.facts import portal, tenant
from runbook_lib.facts import sync_server as server
from runbook_lib.ports import Runbook, Step
from runbook_lib.runbooks import account_steps, by_hand_steps, disable_steps, server_steps
from runbook_lib.runbooks.by_hand_steps import either

RUNBOOK = Runbook(
    "disable-writeback",
    "1",
    (
        Step(
            "d1",
            "read",
            (server.HOST, server.CONNECT_INSTALLATION, server.GLOBAL_SETTINGS),
            either(server_steps.assess_server, by_hand_steps.start),
        ),
        Step(
            "d2",
            "read",
            server_steps.CONFIGURATION,
            either(server_steps.assess_activity, by_hand_steps.welcome("d2")),
        ),
        Step(
            "d3",
            "read",
            (server.CONNECTORS, server.COMPANY_FEATURES, server.PASSWORD_WRITEBACK),
            either(server_steps.assess_connectors, by_hand_steps.tasks),
        ),
        Step(
            "d4",
            "read",
            (*account_steps.ACCOUNT, server.CONNECTORS),
            either(disable_steps.assess_account, by_hand_steps.sign_in(disable_steps.assess_account)),
        ),
        Step(
            "d5",
            "read",
            (server.CONNECTORS, server.DIRECTORY_RIGHTS),
            either(disable_steps.assess_directories, by_hand_steps.directories_as_they_are),
        ),
        # The switch and the rights are staged together, in this order: a run that breaks off between them must leave rights
        # that nobody uses, and not a feature that is on without them.
        Step(
            "d6",
            "stage",
            (server.PASSWORD_WRITEBACK, portal.ON_PREMISES_POLICY, server.DIRECTORY_RIGHTS),
            either(disable_steps.assess_feature, by_hand_steps.feature("d6", enabled=False)),
            changes=("set_password_writeback", "revoke_writeback_rights"),
        ),
        Step(
            "d7",
            "apply",
            (server.PASSWORD_WRITEBACK, server.WRITEBACK_EVENTS, by_hand_steps.CROSS_CHECK),
            either(disable_steps.assess_configured, by_hand_steps.configured("d7", enabled=False)),
            settled=disable_steps.settled,
            acts=disable_steps.acts,
            changes=("restart_sync_service", "start_delta_cycle"),
        ),
        Step(
            "d8",
            "after",
            (*server_steps.CONFIGURATION, server.DIRECTORY_RIGHTS, tenant.ORGANIZATION),
            either(disable_steps.assess_left_as_found, by_hand_steps.exit_page),
        ),
    ),
)
