"""Windows' own commands and .NET types: operating system, registry, files, services, processes, modules, identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook_lib.lab.cmdlets.command import FIRST, NEEDED, Computer
from runbook_lib.lab.installation import ENGINE_FILE
from runbook_lib.lab.powershell import (
    SWITCH,
    Call,
    Cmdlet,
    EnumValue,
    LabUnsupported,
    NetType,
    Parameter,
    PSObject,
)
from runbook_lib.lab.powershell.session import Session
from runbook_lib.lab.refusal import Refusal
from runbook_lib.texts import Text

_COMMANDS = "Microsoft.PowerShell.Commands."
_PRINCIPAL = "System.Security.Principal."
ADMINISTRATOR = EnumValue(_PRINCIPAL + "WindowsBuiltInRole", "Administrator", 544)
_RUNNING = EnumValue("System.ServiceProcess.ServiceControllerStatus", "Running", 4)


def commands(computer: Computer) -> Iterator[Cmdlet]:
    """Yield the commands."""
    windows = _Windows(computer)
    management = "Microsoft.Management.Infrastructure.CimCmdlets."
    yield computer.command(
        management + "GetCimInstanceCommand", "Get-CimInstance", windows.instance, {"ClassName": FIRST}
    )
    yield computer.command(
        _COMMANDS + "GetItemPropertyCommand", "Get-ItemProperty", windows.item_property, {"Path": FIRST, "Name": NEEDED}
    )
    yield computer.command(_COMMANDS + "GetItemCommand", "Get-Item", windows.item, {"Path": FIRST})
    yield computer.command(_COMMANDS + "GetServiceCommand", "Get-Service", windows.service, {"Name": FIRST})
    yield computer.command(_COMMANDS + "RestartServiceCommand", "Restart-Service", windows.restart, {"Name": FIRST})
    yield computer.command(_COMMANDS + "GetProcessCommand", "Get-Process", windows.process, {"Name": FIRST})
    names = {"Name": Parameter("string[]", mandatory=True, position=0)}
    yield computer.command(_COMMANDS + "ImportModuleCommand", "Import-Module", windows.import_module, names)
    available = names | {"ListAvailable": SWITCH}
    yield computer.command(_COMMANDS + "GetModuleCommand", "Get-Module", windows.modules, available)
    # A function of the module NetTCPIP, not a compiled command: its errors are named after it.
    reached = {"ComputerName": NEEDED, "Port": NEEDED, "InformationLevel": NEEDED}
    yield computer.command("Test-NetConnection", "Test-NetConnection", windows.connection, reached)


def types(computer: Computer) -> tuple[NetType, ...]:
    """Return the .NET types about who we are."""

    def current(_: Session) -> PSObject:
        return PSObject({"Name": computer.user}, _PRINCIPAL + "WindowsIdentity", text=_PRINCIPAL + "WindowsIdentity")

    def principal(_: Session, identity: object) -> PSObject:
        del identity  # the only one a script can have is ours
        return PSObject(type_name=_PRINCIPAL + "WindowsPrincipal", methods={"IsInRole": in_role})

    def in_role(role: object) -> bool:
        if role == ADMINISTRATOR:
            return True
        if role == "ADSyncAdmins":
            return computer.server.is_sync_admin
        raise LabUnsupported(f"IsInRole of {role}")

    return (
        NetType(_PRINCIPAL + "WindowsIdentity", methods={"GetCurrent": current}),
        NetType(_PRINCIPAL + "WindowsPrincipal", construct=principal),
        NetType(_PRINCIPAL + "WindowsBuiltInRole", properties={"Administrator": lambda _: ADMINISTRATOR}),
        NetType(_PRINCIPAL + "SecurityIdentifier"),
    )


class _Windows:
    def __init__(self, computer: Computer) -> None:
        self._server = computer.server

    def instance(self, call: Call) -> Iterable[object]:
        name = str(call["ClassName"])
        if name.lower() != "win32_operatingsystem":
            raise LabUnsupported(f"CIM class {name}")
        properties = {"Caption": self._server.os_caption, "Version": self._server.installation.os_version}
        yield PSObject(properties, "Microsoft.Management.Infrastructure.CimInstance")

    def item_property(self, call: Call) -> Iterable[object]:
        path, name = str(call["Path"]), str(call["Name"])
        value = self._server.installation.registry.get((path, name))
        if value is None:
            raise _no_property(path, name)
        yield PSObject({name: value})

    def item(self, call: Call) -> Iterable[object]:
        if call["Path"] != ENGINE_FILE:
            raise LabUnsupported(f"file {call['Path']}")
        version = PSObject({"ProductVersion": self._server.file_version}, "System.Diagnostics.FileVersionInfo")
        yield PSObject({"VersionInfo": version}, "System.IO.FileInfo")

    def service(self, call: Call) -> Iterable[object]:
        _require_sync_service(call)
        yield PSObject({"Name": "ADSync", "Status": _RUNNING}, "System.ServiceProcess.ServiceController")

    def restart(self, call: Call) -> Iterable[object]:
        _require_sync_service(call)
        self._server.restart_service()
        return ()

    def process(self, call: Call) -> Iterable[object]:
        name = str(call["Name"])
        if name != "AzureADConnect":
            raise LabUnsupported(f"process {name}")
        if not self._server.is_wizard_open:
            raise _no_process(name)
        yield PSObject({"Name": name, "Id": 4711}, "System.Diagnostics.Process")

    def import_module(self, call: Call) -> Iterable[object]:
        for name in call.texts("Name"):
            if name.lower() == "activedirectory":
                self._server.require_directory_module()
            _module(call, name)
        return ()

    def modules(self, call: Call) -> Iterable[object]:
        if not call.given("ListAvailable"):
            raise LabUnsupported("Get-Module without -ListAvailable")
        wanted = [name for name in call.texts("Name") if name != "ActiveDirectory" or self._has_directory_module]
        return [_module(call, name) for name in wanted]

    @property
    def _has_directory_module(self) -> bool:
        return "no_rsat" not in self._server.faults

    def connection(self, call: Call) -> Iterable[object]:
        if call["Port"] != "443" or call["InformationLevel"] != "Quiet":
            raise LabUnsupported("Test-NetConnection but for a plain answer about port 443")
        host = str(call["ComputerName"])
        is_reached = self._server.reaches(host)
        if not is_reached:
            call.warn(f"TCP connect to ({host} : 443) failed")
        yield is_reached


def _module(call: Call, name: str) -> PSObject:
    for known, module in call.session.environment.modules.items():
        if known.lower() == name.lower():
            return module
    raise LabUnsupported(f"module {name}")


def _require_sync_service(call: Call) -> None:
    if call["Name"] != "ADSync":
        raise LabUnsupported(f"service {call['Name']}")


def _no_property(path: str, name: str) -> Refusal:
    return Refusal(
        Text(
            en=f"Property {name} does not exist at path {path}.",
            fr=f"La propriété {name} n'existe pas au chemin d'accès {path}.",
        ),
        "System.Management.Automation.PSArgumentException",
        "InvalidArgument",
        "System.Management.Automation.PSArgumentException",
    )


def _no_process(name: str) -> Refusal:
    return Refusal(
        Text(
            en=f'Cannot find a process with the name "{name}". Verify the process name and call the cmdlet again.',
            fr=f"Impossible de trouver un processus nommé «\u00a0{name}\u00a0».",
        ),
        "NoProcessFoundForGivenName",
        "ObjectNotFound",
        "Microsoft.PowerShell.Commands.ProcessCommandException",
    )
