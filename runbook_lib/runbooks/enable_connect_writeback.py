"""Turn on password writeback on the sync server: the eight documented steps of the Connect wizard."""

from __future__ import annotations

from runbook_lib.facts import sync_server as server
from runbook_lib.facts import tenant
from runbook_lib.ports import Runbook, Step
from runbook_lib.runbooks import account_steps, by_hand_steps, directory_steps, ladder, server_steps, writeback_steps
from runbook_lib.runbooks.by_hand_steps import either

DIRECTORY = (server.DIRECTORY_RIGHTS, server.DOMAIN_POLICIES, server.INHERITANCE_BREAKS)

RUNBOOK = Runbook(
    "enable-connect-writeback",
    "1",
    (
        Step(
            "c1",
            "read",
            (server.HOST, server.CONNECT_INSTALLATION, server.GLOBAL_SETTINGS),
            either(server_steps.assess_server, by_hand_steps.start),
        ),
        Step(
            "c2",
            "read",
            server_steps.CONFIGURATION,
            either(server_steps.assess_activity, by_hand_steps.welcome("c2")),
        ),
        Step(
            "c3",
            "read",
            (server.CONNECTORS, server.COMPANY_FEATURES, server.PASSWORD_WRITEBACK),
            either(server_steps.assess_connectors, by_hand_steps.tasks),
            proves=ladder.SETTING_ON,
        ),
        Step(
            "c4",
            "read",
            (*account_steps.ACCOUNT, server.CONNECTORS),
            either(account_steps.assess_cloud_account, by_hand_steps.sign_in(account_steps.assess_cloud_account)),
            proves=ladder.SETTING_ON,
        ),
        Step(
            "c5",
            "stage",
            (server.CONNECTORS, *DIRECTORY),
            either(directory_steps.assess_directories, by_hand_steps.directories),
            changes=("grant_writeback_rights",),
        ),
        Step(
            "c6",
            "stage",
            (server.PASSWORD_WRITEBACK,),
            either(writeback_steps.assess_feature, by_hand_steps.feature("c6", enabled=True)),
            changes=("set_password_writeback",),
            proves=ladder.SETTING_ON,
        ),
        Step(
            "c7",
            "apply",
            (server.PASSWORD_WRITEBACK, server.WRITEBACK_EVENTS, by_hand_steps.CROSS_CHECK),
            either(writeback_steps.assess_configured, by_hand_steps.configured("c7", enabled=True)),
            settled=writeback_steps.settled,
            acts=writeback_steps.acts,
            changes=("restart_sync_service", "start_delta_cycle"),
            proves=ladder.ONBOARDED,
        ),
        Step(
            "c8",
            "after",
            (*server_steps.CONFIGURATION, tenant.ORGANIZATION),
            either(writeback_steps.assess_left_as_found, by_hand_steps.exit_page),
        ),
    ),
)
