"""Statements: assignment, conditions, loops, try, and the jumps. about_If, about_Foreach, about_While, about_Try_Catch_Finally."""

from __future__ import annotations

from runbook_lib.lab.powershell import members, operators, pipeline
from runbook_lib.lab.powershell.cmdlets import Emit
from runbook_lib.lab.powershell.conversion import number
from runbook_lib.lab.powershell.errors import (
    BreakLoop,
    ContinueLoop,
    ErrorRecord,
    ExitScript,
    LabUnsupported,
    PowerShellError,
    ReturnFromBlock,
)
from runbook_lib.lab.powershell.expressions import EXPRESSIONS
from runbook_lib.lab.powershell.literals import UNMODELLED, variable_name
from runbook_lib.lab.powershell.session import Executor, Session
from runbook_lib.lab.powershell.syntax import Node
from runbook_lib.lab.powershell.values import NOTHING, elements, plain, to_text, truth

_READ_ONLY = {"true", "false", "input", "psversiontable", "_", "psitem", "matches"} | UNMODELLED


def emit_expression(session: Session, node: Node, emit: Emit) -> None:
    """An expression used as a statement writes its value to the pipeline, element by element."""
    value = session.evaluate_raw(node)
    session.succeeded = True
    for item in elements(value):
        emit(item)


def emit_pipeline(session: Session, node: Node, emit: Emit) -> None:
    """Commands joined by pipes, or one command."""
    session.succeeded = True
    pipeline.run(session, node, emit)


def assignment(session: Session, node: Node, emit: Emit) -> None:
    """`=` and `+=` to a variable, a property or an element. Assignments write nothing."""
    del emit
    target, operator, source = node.children
    if operator.text not in ("=", "+="):
        raise LabUnsupported(f"operator {operator.text}")
    session.succeeded = True
    value = session.evaluate_raw(source)
    if operator.text == "+=":
        value = operators.add(session.evaluate(target), value)
    assign(session, target, value)


def assign(session: Session, target: Node, value: object) -> None:
    """Store a value in what a node names."""
    if target.kind == "variable":
        name = variable_name(target)
        if ":" in name or name.lower() in _READ_ONLY:
            raise LabUnsupported(f"assignment to ${name}")
        if name.lower() != "null":
            session.assign(name, value)
    elif target.kind == "member_access":
        owner, name_node = target.children
        name = members.name_of(session, name_node)
        if "." in target.tokens:
            members.set_property(session, session.evaluate(owner), name, plain(value))
        else:
            members.set_static_property(session, owner, name, plain(value))
    elif target.kind == "element_access":
        owner, key = target.children
        members.set_element(session.evaluate(owner), session.evaluate(key), value)
    else:
        raise LabUnsupported(f"assignment to {target.text[:40]}")


def if_statement(session: Session, node: Node, emit: Emit) -> None:
    """`if`, `elseif`, `else`."""
    condition, block, *rest = node.children
    if truth(session.evaluate(condition)):
        session.run(block.children, emit)
        return
    for clause in (part for group in rest for part in (group.children if group.kind == "elseif_clauses" else (group,))):
        if clause.kind == "else_clause" or truth(session.evaluate(clause.children[0])):
            session.run(clause.children[-1].children, emit)
            return


def foreach_statement(session: Session, node: Node, emit: Emit) -> None:
    """`foreach`; $null and an empty pipeline are no element."""
    variable, source, block = node.children
    value = session.evaluate(source)
    for item in [] if value is None else elements(value):
        session.assign(variable_name(variable), item)
        try:
            session.run(block.children, emit)
        except ContinueLoop:
            continue
        except BreakLoop:
            break


def while_statement(session: Session, node: Node, emit: Emit) -> None:
    """`while`."""
    condition, block = node.children
    while truth(session.evaluate(condition)):
        try:
            session.run(block.children, emit)
        except ContinueLoop:
            continue
        except BreakLoop:
            break


def try_statement(session: Session, node: Node, emit: Emit) -> None:
    """`try`, with an untyped catch, a finally, or both."""
    block, *clauses = node.children
    handlers = [
        part for clause in clauses for part in (clause.children if clause.kind == "catch_clauses" else (clause,))
    ]
    catches = [clause for clause in handlers if clause.kind == "catch_clause"]
    finals = [clause for clause in handlers if clause.kind == "finally_clause"]
    if len(catches) > 1 or any(len(clause.children) > 1 for clause in catches) or not handlers:
        raise LabUnsupported("try without catch or finally, or with a typed catch")
    try:
        _guarded(session, block, catches[0] if catches else None, emit)
    finally:
        for clause in finals:
            session.run(clause.children[-1].children, emit)


def _guarded(session: Session, block: Node, handler: Node | None, emit: Emit) -> None:
    session.try_depth += 1 if handler else 0
    try:
        session.run(block.children, emit)
    except PowerShellError as error:
        if handler is None:
            raise
        session.try_depth -= 1
        try:
            _handle(session, handler, error.record, emit)
        finally:
            session.try_depth += 1
    finally:
        session.try_depth -= 1 if handler else 0


def _handle(session: Session, handler: Node, record: ErrorRecord, emit: Emit) -> None:
    variables = session.scope.variables
    before = variables.get("_", NOTHING)
    variables["_"] = record
    try:
        session.run(handler.children[-1].children, emit)
    finally:
        del variables["_"]
        if before is not NOTHING:
            variables["_"] = before


def flow_control(session: Session, node: Node, emit: Emit) -> None:
    """`throw`, `return`, `exit`, `break`, `continue`."""
    word = node.tokens[0]
    operand = node.children[0] if node.children else None
    if word == "throw":
        raise _thrown(session, operand)
    if word == "return":
        if operand is not None:
            session.run((operand,), emit)
        raise ReturnFromBlock
    if word == "exit":
        raise ExitScript(int(number(session.evaluate(operand))) if operand else 0)
    if operand is not None:
        raise LabUnsupported(f"{word} to a label")
    raise BreakLoop if word == "break" else ContinueLoop


def _thrown(session: Session, operand: Node | None) -> PowerShellError:
    """about_Throw: text becomes message and identifier; without operand, the error being handled goes on."""
    value = session.evaluate(operand) if operand else session.variable("_") if session.scope.find("_") else None
    if isinstance(value, ErrorRecord):
        return PowerShellError(value, fatal=True)
    if operand is None or not isinstance(value, str):
        raise LabUnsupported("throw of something that is neither text nor an error record")
    text = to_text(value)
    return PowerShellError(ErrorRecord(text, text, "OperationStopped"), fatal=True)


STATEMENTS: dict[str, Executor] = {
    **dict.fromkeys(EXPRESSIONS, emit_expression),
    "command": emit_pipeline,
    "command_name": emit_pipeline,
    "pipeline_chain": emit_pipeline,
    "assignment_expression": assignment,
    "if_statement": if_statement,
    "foreach_statement": foreach_statement,
    "while_statement": while_statement,
    "try_statement": try_statement,
    "flow_control_statement": flow_control,
}
