"""One small computer for the interpreter's tests, and a way to run a command line on it."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from runbook_lib.lab.powershell import (
    SWITCH,
    Call,
    Cmdlet,
    CmdletError,
    EnumValue,
    Environment,
    Parameter,
    PSObject,
    run_powershell,
)

RUNNING = EnumValue("System.ServiceProcess.ServiceControllerStatus", "Running", 4)


@dataclass(frozen=True)
class Outcome:
    """How one process ended and what it wrote."""

    code: int
    out: str
    err: str


def _get_thing(call: Call) -> Iterable[PSObject]:
    if call["Name"] == "none":
        raise CmdletError("There is no such thing.", "ThingNotFound,GetThing", "ObjectNotFound", "Lab.NoThingException")
    yield PSObject({"Name": call["Name"], "State": RUNNING}, "Lab.Thing", text="a thing", known_absent=("Removed",))


def _set_thing(call: Call) -> Iterable[str]:
    if call["Name"] == "none":
        raise CmdletError("There is no such thing.", "ThingNotFound,SetThing", terminating=True)
    if call["Name"] == "loud":
        call.warn("Changing <loud>.")
    yield f"{call['Name']} forced" if call.on("Force") else str(call["Name"])


def computer() -> Environment:
    """A computer that stands still at the first second of 2026."""
    name = Parameter("string", position=0, pipeline=True)
    setting = {
        "Name": Parameter("string", mandatory=True),
        "Size": Parameter("int"),
        "Mode": Parameter("string", values=("Fast", "Slow")),
        "Quiet": Parameter("bool"),
        "Force": SWITCH,
    }
    return Environment(
        cmdlets=(
            Cmdlet("Get-Thing", _get_thing, {"Name": name}, complete=True),
            Cmdlet("Set-Thing", _set_thing, setting, complete=True),
            Cmdlet("Get-Part", _get_thing, {"Name": name}),
        ),
        absent=frozenset({"Get-Gone", "Gone"}),
        modules={"ADSync": PSObject({"Name": "ADSync"}, "System.Management.Automation.PSModuleInfo", text="ADSync")},
        variables={"COMPUTERNAME": "LAB-SYNC01"},
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        sleep=lambda _seconds: None,
    )


Shell = Callable[..., Outcome]


def command_line(script: str) -> str:
    """The command line a client sends for a script."""
    encoded = base64.b64encode(script.encode("utf-16-le")).decode()
    return f"powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand {encoded}"


@pytest.fixture
def shell() -> Shell:
    """Run a script, or a whole command line, on a fresh computer."""

    def run(
        script: str = "", *, stdin: bytes = b"", encoding: str = "utf-8", line: str = "", **changes: object
    ) -> Outcome:
        out, err = bytearray(), bytearray()
        code = run_powershell(
            line or command_line(script),
            read_stdin=lambda: stdin,
            write_stdout=out.extend,
            write_stderr=err.extend,
            encoding=encoding,
            environment=replace(computer(), **changes),
        )
        return Outcome(code, out.decode(encoding), err.decode(encoding))

    return run
