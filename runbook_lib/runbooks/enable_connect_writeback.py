"""Turn on password writeback on the sync server: the eight documented steps of the Connect wizard."""

from __future__ import annotations

from runbook_lib.facts import sync_server as server
from runbook_lib.ports import Runbook, Step
from runbook_lib.runbooks import account_steps, directory_steps, ladder, server_steps, writeback_steps

DIRECTORY = (server.DIRECTORY_RIGHTS, server.DOMAIN_POLICIES, server.INHERITANCE_BREAKS)

RUNBOOK = Runbook(
    "enable-connect-writeback",
    "1",
    (
        Step(
            "c1",
            "read",
            (server.HOST, server.CONNECT_INSTALLATION, server.GLOBAL_SETTINGS),
            server_steps.assess_server,
        ),
        Step("c2", "read", server_steps.CONFIGURATION, server_steps.assess_activity),
        Step(
            "c3",
            "read",
            (server.CONNECTORS, server.COMPANY_FEATURES, server.PASSWORD_WRITEBACK),
            server_steps.assess_connectors,
            proves=ladder.SETTING_ON,
        ),
        Step(
            "c4",
            "read",
            (*account_steps.ACCOUNT, server.CONNECTORS),
            account_steps.assess_cloud_account,
            proves=ladder.SETTING_ON,
        ),
        Step(
            "c5",
            "stage",
            (server.CONNECTORS, *DIRECTORY),
            directory_steps.assess_directories,
            changes=("grant_writeback_rights",),
        ),
        Step(
            "c6",
            "stage",
            (server.PASSWORD_WRITEBACK,),
            writeback_steps.assess_feature,
            changes=("set_password_writeback",),
            proves=ladder.SETTING_ON,
        ),
        Step(
            "c7",
            "apply",
            (server.PASSWORD_WRITEBACK, server.WRITEBACK_EVENTS),
            writeback_steps.assess_configured,
            settled=writeback_steps.settled,
            acts=writeback_steps.acts,
            changes=("restart_sync_service", "start_delta_cycle"),
            proves=ladder.ONBOARDED,
        ),
        Step("c8", "after", server_steps.CONFIGURATION, writeback_steps.assess_left_as_found),
    ),
)
