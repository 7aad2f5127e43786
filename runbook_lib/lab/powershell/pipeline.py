"""Runs commands and pipelines: finds the command, binds its arguments, passes each object on as soon as it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from runbook_lib.lab.powershell import binding
from runbook_lib.lab.powershell.cmdlets import Call, Cmdlet, Emit
from runbook_lib.lab.powershell.errors import CmdletError, ErrorRecord, LabUnsupported, PowerShellError
from runbook_lib.lab.powershell.session import Session
from runbook_lib.lab.powershell.syntax import Node
from runbook_lib.lab.powershell.values import NOTHING, Properties, ScriptBlock, elements

_COMMANDS = ("command", "command_name")
Finish = Callable[[], None]


def run(session: Session, node: Node, emit: Emit) -> None:
    """Run one command, or several joined by pipes."""
    stages = node.children if node.kind == "pipeline_chain" else (node,)
    if node.kind == "pipeline_chain" and set(node.tokens) != {"|"}:
        raise LabUnsupported(f"operators {' '.join(node.tokens)} between pipelines")
    first, *rest = stages
    if any(stage.kind not in _COMMANDS for stage in rest):
        raise LabUnsupported("an expression that is not first in a pipeline")
    finishes: list[Finish] = []
    for stage in reversed(rest):
        emit, finish = _receiver(session, stage, emit)
        finishes.insert(0, finish)
    if first.kind in _COMMANDS:
        _start(session, first, emit)
    else:
        for item in elements(session.evaluate_raw(first)):
            emit(item)
    for finish in finishes:
        finish()


def _parts(session: Session, node: Node) -> tuple[object, tuple[Node, ...]]:
    """The command (a name or a script block) and its elements."""
    if node.kind == "command_name":
        return node.text, ()
    children = list(node.children)
    invoked = children[0].kind == "command_invocation_operator"
    if invoked and children.pop(0).text != "&":
        raise LabUnsupported(f"dot sourcing at line {node.line}")
    target, *rest = children
    if any(item.kind != "command_elements" for item in rest):
        raise LabUnsupported(f"command at line {node.line}: {node.text.splitlines()[0][:60]}")
    command = session.evaluate(target) if invoked and target.kind != "command_name" else target.text
    return command, tuple(element for group in rest for element in group.children)


def _start(session: Session, node: Node, emit: Emit) -> None:
    command, items = _parts(session, node)
    if isinstance(command, ScriptBlock):
        arguments = binding.read(session, items, binding.block_switches(command.parameters))
        session.invoke(command, emit, binding.block_parameters(session, command.parameters, arguments))
        return
    cmdlet = find(session, command)
    call = _call(session, cmdlet, items, emit, piped=False)
    _perform(cmdlet, call)


def _receiver(session: Session, node: Node, emit: Emit) -> tuple[Emit, Finish]:
    """What a later stage does with each incoming object, and at the end."""
    command, items = _parts(session, node)
    if isinstance(command, ScriptBlock):
        raise LabUnsupported("a pipeline into a script block")
    cmdlet = find(session, command)
    name = cmdlet.pipeline_parameter
    call = _call(session, cmdlet, items, emit, piped=True)
    if name is None or name in call.arguments:
        raise LabUnsupported(f"pipeline input to {cmdlet.name}")
    if cmdlet.collects:
        gathered: list[object] = []
        call.arguments[name] = gathered
        return gathered.append, lambda: _perform(cmdlet, call)

    def receive(item: object) -> None:
        bound = Properties({str(key): value for key, value in call.arguments.items()})
        bound[name] = item
        _perform(cmdlet, replace(call, arguments=bound))

    return receive, lambda: None


def find(session: Session, command: object) -> Cmdlet:
    """The cmdlet of that name. A command known to be absent is PowerShell's error; any other is a gap of the lab."""
    if not isinstance(command, str):
        raise LabUnsupported("a command that is neither a name nor a script block")
    found = session.cmdlets.get(command.lower())
    absent = {name.lower() for name in session.environment.absent}
    if command.lower() in absent:
        raise not_found(command)
    if found is None:
        raise LabUnsupported(f"command {command}")
    return found


def not_found(command: str) -> PowerShellError:
    """CommandNotFoundException."""
    message = (
        f"The term '{command}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
        "Check the spelling of the name, or if a path was included, verify that the path is correct and try again."
    )
    exception = "System.Management.Automation.CommandNotFoundException"
    return PowerShellError(
        ErrorRecord(message, "CommandNotFoundException", "ObjectNotFound", exception, activity=command, target=command)
    )


def _call(session: Session, cmdlet: Cmdlet, items: tuple[Node, ...], emit: Emit, *, piped: bool) -> Call:
    arguments = binding.read(session, items, binding.switch_names(cmdlet))
    bound, common = binding.bind(cmdlet, arguments, piped=piped)
    error_action = common.get("erroraction") or session.preference("ErrorActionPreference")
    warning_action = common.get("warningaction") or session.preference("WarningPreference")
    return Call(cmdlet.name, bound, session, emit, error_action, warning_action, piped)


def _perform(cmdlet: Cmdlet, call: Call) -> None:
    try:
        for item in cmdlet.run(call):
            if item is not NOTHING:
                call.emit(item)
    except CmdletError as error:
        record = error.record
        record.activity = cmdlet.name
        if error.terminating:
            raise PowerShellError(record) from None
        call.session.report(record, call.error_action)
