"""Get-WinEvent over the Application log of the simulated server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from runbook_lib.lab.cmdlets.command import Computer
from runbook_lib.lab.event_log import LoggedEvent
from runbook_lib.lab.powershell import Call, Cmdlet, HashTable, LabUnsupported, Parameter, PSObject
from runbook_lib.lab.powershell.conversion import number
from runbook_lib.lab.refusal import Refusal
from runbook_lib.texts import Text

_KEYS = {"logname", "providername", "starttime"}


def commands(computer: Computer) -> Iterator[Cmdlet]:
    """Yield the command."""

    def get(call: Call) -> Iterable[object]:
        events = _matching(computer, call["FilterHashtable"])
        events.reverse()  # newest first, as the real one does
        if call["MaxEvents"] is not None:
            events = events[: int(number(call["MaxEvents"]))]
        if not events:
            raise _no_match()
        return [_record(computer, event) for event in events]

    yield computer.command(
        "Microsoft.PowerShell.Commands.GetWinEventCommand",
        "Get-WinEvent",
        get,
        {"FilterHashtable": Parameter("hashtable", mandatory=True), "MaxEvents": Parameter("long")},
    )


def _matching(computer: Computer, criteria: object) -> list[LoggedEvent]:
    if not isinstance(criteria, HashTable) or {str(key).lower() for key in criteria} != _KEYS:
        raise LabUnsupported("Get-WinEvent with other keys than LogName, ProviderName and StartTime")
    since = criteria["StartTime"]
    if criteria["LogName"] != "Application" or not isinstance(since, datetime):
        raise LabUnsupported("Get-WinEvent on another log than Application, or with a StartTime that is no date")
    provider = criteria["ProviderName"]
    return [event for event in computer.server.events() if event.source == provider and event.at >= since]


def _record(computer: Computer, event: LoggedEvent) -> PSObject:
    properties = {
        "Id": event.id,
        "ProviderName": event.source,
        "RecordId": event.record,
        "TimeCreated": event.at.astimezone(computer.server.installation.zone),
        "Message": event.text.say(computer.server.language),
    }
    return PSObject(properties, "System.Diagnostics.Eventing.Reader.EventLogRecord")


def _no_match() -> Refusal:
    return Refusal(
        Text(
            en="No events were found that match the specified selection criteria.",
            fr="Aucun événement correspondant aux critères de sélection spécifiés n'a été trouvé.",
        ),
        "NoMatchingEventsFound",
        "ObjectNotFound",
    )
