"""The ADSync and AdSyncConfig modules.

Commands, parameters and properties are those of Microsoft's articles and of published scripts; where builds differ, both
are here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from runbook_lib.lab.cmdlets.command import NEEDED, TEXT, Computer
from runbook_lib.lab.installation import LabConnector
from runbook_lib.lab.installation import Partition as LabPartition
from runbook_lib.lab.powershell import SWITCH, Call, Cmdlet, Parameter, PSObject
from runbook_lib.lab.sync_server import INTERVAL

_CLASSES = "Microsoft.IdentityManagement.PowerShell.Cmdlet."
_OBJECTS = "Microsoft.IdentityManagement.PowerShell.ObjectModel."


def commands(computer: Computer) -> Iterator[Cmdlet]:
    """Yield the commands."""
    modules = _Modules(computer)
    plain = {
        "Get-ADSyncConnector": modules.connectors,
        "Get-ADSyncGlobalSettings": modules.global_settings,
        "Get-ADSyncScheduler": modules.scheduler,
        "Get-ADSyncConnectorRunStatus": modules.running,
        "Get-ADSyncAADCompanyFeature": modules.features,
    }
    for name, run in plain.items():
        yield computer.command(_CLASSES + name.replace("-", ""), name, run)
    yield computer.command(
        _CLASSES + "GetADSyncAADPasswordResetConfiguration",
        "Get-ADSyncAADPasswordResetConfiguration",
        modules.configuration,
        {"Connector": NEEDED},
    )
    yield from _changing(computer, modules)


def _changing(computer: Computer, modules: _Modules) -> Iterator[Cmdlet]:
    credential = {"AzureADCredential": Parameter(mandatory=True)} if computer.server.asks_credential else {}
    yield computer.command(
        _CLASSES + "SetADSyncAADPasswordResetConfiguration",
        "Set-ADSyncAADPasswordResetConfiguration",
        modules.configure,
        {"Connector": NEEDED, "Enable": Parameter("bool", mandatory=True), **credential},
        complete=True,
    )
    yield computer.command(
        _CLASSES + "StartADSyncSyncCycle",
        "Start-ADSyncSyncCycle",
        modules.start_cycle,
        {"PolicyType": Parameter("string", position=0, values=("Unspecified", "Delta", "Initial"))},
    )
    # Builds differ in the switch about protected administrators (Microsoft documents both).
    switch = "SkipAdminSdHolders" if "old_connect" in computer.server.faults else "IncludeAdminSdHolders"
    yield computer.command(
        "Set-ADSyncPasswordWritebackPermissions",
        "Set-ADSyncPasswordWritebackPermissions",
        modules.grant,
        {
            "ADConnectorAccountName": NEEDED,
            "ADConnectorAccountDomain": NEEDED,
            "ADobjectDN": TEXT,
            switch: SWITCH,
            "WhatIf": SWITCH,
            "Confirm": SWITCH,
        },
        complete=True,
    )


def _named(pairs: Mapping[str, str], type_name: str) -> list[PSObject]:
    return [PSObject({"Name": name, "Value": value}, type_name) for name, value in pairs.items()]


def _connector(connector: LabConnector) -> PSObject:
    properties = {
        "Name": connector.name,
        "Identifier": UUID(connector.identifier),
        "ConnectorTypeName": connector.type_name,
        "SubType": connector.sub_type,
        "ConnectivityParameters": _named(connector.parameters, _OBJECTS + "ConnectivityParameter"),
        "Partitions": [_partition(partition) for partition in connector.partitions],
    }
    return PSObject(properties, _OBJECTS + "Connector")


def _partition(partition: LabPartition) -> PSObject:
    scope = {
        "ContainerInclusionList": list(partition.included),
        "ContainerExclusionList": list(partition.excluded),
    }
    properties = {
        "DN": partition.dn,
        "IsDomain": partition.is_domain,
        "Selected": partition.is_selected,
        "ConnectorPartitionScope": PSObject(scope, _OBJECTS + "ConnectorPartitionScope"),
    }
    return PSObject(properties, _OBJECTS + "ConnectorPartition")


class _Modules:
    def __init__(self, computer: Computer) -> None:
        self._server = computer.server

    def connectors(self, _: Call) -> Iterable[object]:
        return [_connector(connector) for connector in self._server.connectors]

    def global_settings(self, _: Call) -> Iterable[object]:
        parameters = _named(self._server.global_settings, _OBJECTS + "ParameterValue")
        yield PSObject({"Parameters": parameters}, _OBJECTS + "GlobalSettings")

    def scheduler(self, _: Call) -> Iterable[object]:
        state = self._server.scheduler()
        properties = {
            "AllowedSyncCycleInterval": INTERVAL,
            "CurrentlyEffectiveSyncCycleInterval": INTERVAL,
            "CustomizedSyncCycleInterval": None,
            "NextSyncCyclePolicyType": "Delta",
            "NextSyncCycleStartTimeInUTC": state.next_start,
            "SyncCycleEnabled": True,
            "MaintenanceEnabled": True,
            "StagingModeEnabled": state.is_staging,
            "SchedulerSuspended": state.is_suspended,
        }
        yield PSObject(properties, "Microsoft.MetadirectoryServices.Scheduler.SchedulerSettings")

    def running(self, _: Call) -> Iterable[object]:
        return [
            PSObject({"RunState": "Busy", "ConnectorName": name}, _OBJECTS + "ConnectorRunStatus")
            for name in self._server.scheduler().running
        ]

    def features(self, _: Call) -> Iterable[object]:
        yield PSObject(dict(self._server.installation.features), _OBJECTS + "CompanyFeature")

    def configuration(self, call: Call) -> Iterable[object]:
        self._server.require_connector(str(call["Connector"]))
        now = self._server.writeback()
        properties = {
            "Enabled": now.enabled,
            "ServiceStatus": now.service_status,
            "OnboardingRequiredStatus": now.onboarding_status,
            "ModifiedTimestamp": now.modified_at,
        }
        yield PSObject(properties, _OBJECTS + "PasswordResetConfiguration")

    def configure(self, call: Call) -> Iterable[object]:
        yield self._server.set_writeback(str(call["Connector"]), enabled=call["Enable"] is True)

    def start_cycle(self, _: Call) -> Iterable[object]:
        self._server.start_cycle()
        yield PSObject({"Result": "Success"}, "Microsoft.MetadirectoryServices.Scheduler.SchedulerOperationStatus")

    def grant(self, call: Call) -> Iterable[object]:
        name, domain = str(call["ADConnectorAccountName"]), str(call["ADConnectorAccountDomain"])
        yield self._server.grant_writeback_rights(name, domain)
