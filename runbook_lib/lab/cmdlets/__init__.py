"""The commands that scripts find on a simulated sync server, over the world's state."""

from __future__ import annotations

import threading
from collections.abc import Callable

from runbook_lib.lab.cmdlets import active_directory, events, sync, windows
from runbook_lib.lab.cmdlets.command import Computer
from runbook_lib.lab.cmdlets.web import Web
from runbook_lib.lab.installation import ADSYNC_MODULE, CONFIG_MODULE, PROGRAM_FILES
from runbook_lib.lab.powershell import Environment, PSObject
from runbook_lib.lab.sync_server import SyncServer

__all__ = ["environment"]


def environment(
    server: SyncServer, user: str, cancelled: threading.Event, connection_lost: Callable[[], None]
) -> Environment:
    r"""Return what one PowerShell process of `user` (`DOMAIN\name`) finds on the server.

    `connection_lost` is called when a fault breaks the connection before a change: the process then ends.
    """
    computer = Computer(server, user, connection_lost)
    web = Web(computer)
    zone = server.installation.zone
    modules = {"ADSync": _module("ADSync", ADSYNC_MODULE), CONFIG_MODULE: _module("AdSyncConfig", CONFIG_MODULE)}
    if "no_rsat" not in server.faults:
        modules["ActiveDirectory"] = _module("ActiveDirectory", "ActiveDirectory.psd1")
    domain, _, name = user.rpartition("\\")
    return Environment(
        cmdlets=(
            *(command for part in (windows, events, sync, active_directory) for command in part.commands(computer)),
            *web.commands(),
        ),
        modules=modules,
        types=(*windows.types(computer), *web.types()),
        variables={
            "COMPUTERNAME": server.computer_name,
            "ProgramFiles": PROGRAM_FILES,
            "USERDOMAIN": domain,
            "USERNAME": name,
        },
        culture="fr-FR" if server.language == "fr" else "en-US",
        now=lambda: server.clock().astimezone(zone),
        cancelled=cancelled,
    )


def _module(name: str, path: str) -> PSObject:
    return PSObject({"Name": name, "Path": path}, "System.Management.Automation.PSModuleInfo", text=name)
