"""The cmdlets of Windows PowerShell itself that scripts may use: objects, JSON, streams, preferences, modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from runbook_lib.lab.powershell import json_51, pipeline
from runbook_lib.lab.powershell.binding import problem
from runbook_lib.lab.powershell.cmdlets import SWITCH, Call, Cmdlet, Parameter
from runbook_lib.lab.powershell.conversion import number
from runbook_lib.lab.powershell.errors import CmdletError, ErrorRecord, LabUnsupported, PowerShellError
from runbook_lib.lab.powershell.object_cmdlets import OBJECT_CMDLETS
from runbook_lib.lab.powershell.session import SILENT
from runbook_lib.lab.powershell.values import HashTable, Properties, PSObject, elements, to_text

_TEXT = Parameter("string", mandatory=True, position=0)
_PIPED = Parameter(pipeline=True)
_INTERACTION = "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available."
COMMON_PARAMETERS = (
    *("Verbose", "Debug", "ErrorAction", "WarningAction", "InformationAction", "ErrorVariable", "WarningVariable"),
    *("InformationVariable", "OutVariable", "OutBuffer", "PipelineVariable"),
)


def _convert_to_json(call: Call) -> Iterable[object]:
    if not call.on("Compress"):
        raise LabUnsupported("ConvertTo-Json without -Compress")
    value = call["InputObject"]
    if call.piped and isinstance(value, list):
        kept = [item for item in value if item is not None]
        value = kept[0] if len(kept) == 1 else kept or None
    if value is None:  # 5.1 writes nothing for $null, and passes over it in a pipeline
        return
    depth = 2 if call["Depth"] is None else int(number(call["Depth"]))
    yield json_51.write(value, depth)


def _convert_from_json(call: Call) -> Iterable[object]:
    text = "\n".join(to_text(item) for item in elements(call["InputObject"]))
    if not text.strip():
        raise LabUnsupported("ConvertFrom-Json of nothing")
    yield json_51.read(text)


def _write_output(call: Call) -> Iterable[object]:
    return elements(call["InputObject"])


def _write_error(call: Call) -> Iterable[object]:
    kind = "Microsoft.PowerShell.Commands.WriteErrorException"
    record = ErrorRecord(to_text(call["Message"]), kind, "NotSpecified", kind, activity="Write-Error")
    call.session.report(record, call.error_action)
    return ()


def _write_warning(call: Call) -> Iterable[object]:
    call.warn(to_text(call["Message"]))
    return ()


def _write_progress(call: Call) -> Iterable[object]:
    if call.session.preference("ProgressPreference") not in SILENT:
        call.session.console.progress(to_text(call["Activity"]), to_text(call["Status"]))
    return ()


def _set_strict_mode(call: Call) -> Iterable[object]:
    version = to_text(call["Version"]).lower()
    versions = {"2": 2, "2.0": 2, "3": 3, "3.0": 3, "latest": 3}
    if version not in versions:
        raise LabUnsupported(f"strict mode {version}")
    call.session.strict = versions[version]
    return ()


def _get_date(call: Call) -> Iterable[object]:
    yield call.session.environment.local_now()


def _start_sleep(call: Call) -> Iterable[object]:
    if call.given("Seconds") == call.given("Milliseconds"):
        raise LabUnsupported("Start-Sleep without one of -Seconds and -Milliseconds")
    seconds = number(call["Seconds"]) if call.given("Seconds") else number(call["Milliseconds"]) / 1000
    call.session.environment.sleep(seconds)
    return ()


def _new_object(call: Call) -> Iterable[object]:
    net_type = call.session.net_type(to_text(call["TypeName"]))
    if net_type.construct is None:
        raise LabUnsupported(f"New-Object {net_type.full_name}")
    arguments = call["ArgumentList"]
    yield net_type.construct(call.session, *(arguments if isinstance(arguments, list) else []))


def _get_command(call: Call) -> Iterable[object]:
    name = to_text(call["Name"])
    try:
        cmdlet = pipeline.find(call.session, name)
    except PowerShellError as error:
        identifier = "CommandNotFoundException,Microsoft.PowerShell.Commands.GetCommandCommand"
        record = error.record
        raise CmdletError(
            record.message, identifier, record.category, record.exception_type, target=record.target
        ) from None
    properties: dict[str, object] = {"Name": cmdlet.name}
    if cmdlet.complete:
        names = (*cmdlet.parameters, *COMMON_PARAMETERS)
        properties["Parameters"] = HashTable(dict.fromkeys(names, PSObject(type_name="ParameterMetadata")))
    yield PSObject(properties, "System.Management.Automation.CmdletInfo", text=cmdlet.name)


def _import_module(call: Call) -> Iterable[object]:
    for name in call.texts("Name"):
        if _module(call, name) is None:
            message = (
                f"The specified module '{name}' was not loaded because no valid module file was found in any module "
                "directory."
            )
            identifier = "Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand"
            exception = "System.IO.FileNotFoundException"
            raise CmdletError(message, identifier, "ResourceUnavailable", exception, target=name)
    return ()


def _get_module(call: Call) -> Iterable[object]:
    if not call.on("ListAvailable"):
        raise LabUnsupported("Get-Module without -ListAvailable")
    found = [_module(call, name) for name in call.texts("Name")]
    return [module for module in found if module is not None]


def _module(call: Call, name: str) -> PSObject | None:
    """The module, or None when the computer is known not to have it."""
    environment = call.session.environment
    if name in Properties(environment.modules):
        return environment.modules[next(key for key in environment.modules if key.lower() == name.lower())]
    if name.lower() in {absent.lower() for absent in environment.absent}:
        return None
    raise LabUnsupported(f"module {name}")


def _read_host(call: Call) -> Iterable[object]:
    del call
    identifier = "InvalidOperation,Microsoft.PowerShell.Commands.ReadHostCommand"
    exception = "System.Management.Automation.PSInvalidOperationException"
    raise CmdletError(_INTERACTION, identifier, "InvalidOperation", exception, terminating=True)


def _get_credential(call: Call) -> Iterable[object]:
    """Without a console the mandatory Credential cannot be asked for."""
    message = "Cannot process command because of one or more missing mandatory parameters: Credential."
    if call.given("Credential"):
        raise LabUnsupported("Get-Credential with a credential")
    raise problem(pipeline.find(call.session, call.name), message, "MissingMandatoryParameter")


def _microsoft(name: str) -> str:
    return "Microsoft.PowerShell.Commands." + name.replace("-", "") + "Command"


def _core(name: str, run: Callable[[Call], Iterable[object]], **parameters: Parameter) -> Cmdlet:
    collects = any(parameter.pipeline for parameter in parameters.values())
    return Cmdlet(name, run, parameters, collects=collects, class_name=_microsoft(name))


CORE_CMDLETS: tuple[Cmdlet, ...] = (
    *OBJECT_CMDLETS,
    _core("ConvertTo-Json", _convert_to_json, InputObject=_PIPED, Depth=Parameter("int"), Compress=SWITCH),
    _core("ConvertFrom-Json", _convert_from_json, InputObject=_PIPED),
    _core("Write-Output", _write_output, InputObject=Parameter(mandatory=True, position=0, pipeline=True)),
    _core("Out-Null", lambda _: (), InputObject=_PIPED),
    _core("Write-Error", _write_error, Message=_TEXT),
    _core("Write-Warning", _write_warning, Message=_TEXT),
    _core(
        "Write-Progress",
        _write_progress,
        Activity=_TEXT,
        Status=Parameter("string", position=1),
        PercentComplete=Parameter("int"),
        Completed=SWITCH,
    ),
    _core("Set-StrictMode", _set_strict_mode, Version=Parameter("string", mandatory=True)),
    _core("Get-Date", _get_date),
    _core("Start-Sleep", _start_sleep, Seconds=Parameter("double", position=0), Milliseconds=Parameter("int")),
    _core("New-Object", _new_object, TypeName=_TEXT, ArgumentList=Parameter("object[]", position=1)),
    _core("Get-Command", _get_command, Name=_TEXT),
    _core("Import-Module", _import_module, Name=Parameter("string[]", mandatory=True, position=0)),
    _core("Get-Module", _get_module, Name=Parameter("string[]", mandatory=True, position=0), ListAvailable=SWITCH),
    _core("Read-Host", _read_host, Prompt=Parameter("object", position=0), AsSecureString=SWITCH),
    _core("Get-Credential", _get_credential, Credential=Parameter(position=0)),
)
