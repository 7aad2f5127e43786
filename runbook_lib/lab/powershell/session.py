"""The state of one running script: scopes, preferences, error handling; hands nodes to their evaluators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from runbook_lib.lab.powershell.cmdlets import Cmdlet, Emit
from runbook_lib.lab.powershell.console import Console
from runbook_lib.lab.powershell.environment import Environment, NetType
from runbook_lib.lab.powershell.errors import (
    Cancelled,
    ErrorRecord,
    LabUnsupported,
    PowerShellError,
    ReturnFromBlock,
    failure,
)
from runbook_lib.lab.powershell.syntax import Node
from runbook_lib.lab.powershell.values import NOTHING, Properties, ScriptBlock, plain, to_text, unroll

Evaluator = Callable[["Session", Node], object]
Executor = Callable[["Session", Node, Emit], None]
SILENT = ("silentlycontinue", "ignore")
_PREFERENCES = {
    "ErrorActionPreference": "Continue",
    "WarningPreference": "Continue",
    "ProgressPreference": "Continue",
    "ConfirmPreference": "High",
}


@dataclass(frozen=True)
class Language:
    """The evaluators by node kind, and the tables of core cmdlets and .NET types by lower-case name."""

    expressions: Mapping[str, Evaluator]
    statements: Mapping[str, Executor]
    cmdlets: Mapping[str, Cmdlet]
    types: Mapping[str, NetType]


class Scope:
    """Variables of one block; a name not found here is looked up in the caller's scope."""

    def __init__(self, parent: Scope | None = None) -> None:
        self.variables = Properties()
        self.parent = parent

    def find(self, name: str) -> Scope | None:
        """The nearest scope that has the variable."""
        scope: Scope | None = self
        while scope is not None and name not in scope.variables:
            scope = scope.parent
        return scope


class Session:
    """One PowerShell process. `strict` is the version Set-StrictMode asked for, 0 when off."""

    def __init__(self, language: Language, environment: Environment, console: Console) -> None:
        self.environment = environment
        self.console = console
        self.strict = 0
        self.succeeded = True
        self.try_depth = 0
        self.scope = Scope()
        self.scope.variables = Properties(_PREFERENCES)
        self._language = language
        self.cmdlets = dict(language.cmdlets) | {item.name.lower(): item for item in environment.cmdlets}
        self.types = dict(language.types) | {_short(item.full_name): item for item in environment.types}

    # Names

    def variable(self, name: str) -> object:
        """The value of a variable. Unset is an error in strict mode, $null otherwise."""
        scope = self.scope.find(name)
        if scope is not None:
            return scope.variables[name]
        if self.strict:
            message = f"The variable '${name}' cannot be retrieved because it has not been set."
            raise failure(message, "VariableIsUndefined")
        return None

    def assign(self, name: str, value: object) -> None:
        """Set a variable in the current scope."""
        self.scope.variables[name] = value

    def preference(self, name: str) -> str:
        """A preference variable, in lower case."""
        return to_text(self.variable(name)).lower()

    def net_type(self, name: str) -> NetType:
        """The .NET type of that name. Raises LabUnsupported for one that is not modelled."""
        found = self.types.get(_short(name))
        if found is None:
            raise LabUnsupported(f"type [{name}]")
        return found

    # Running

    def evaluate(self, node: Node) -> object:
        """The value of an expression; an empty pipeline is $null."""
        return plain(self.evaluate_raw(node))

    def evaluate_raw(self, node: Node) -> object:
        """The value of an expression or statement, telling an empty pipeline from $null."""
        evaluator = self._language.expressions.get(node.kind)
        if evaluator is not None:
            return evaluator(self, node)
        if node.kind in self._language.statements and node.kind != "assignment_expression":
            return unroll(self.collect((node,)))
        return _unsupported(node)

    def collect(self, nodes: tuple[Node, ...]) -> list[object]:
        """What a list of statements writes to the pipeline."""
        results: list[object] = []
        self.run(nodes, results.append)
        return results

    def run(self, nodes: tuple[Node, ...], emit: Emit) -> None:
        """Execute statements one after the other, sending what they write to `emit`."""
        for node in nodes:
            if node.kind in ("statement_list", "statement_block", "script_block", "script_block_body"):
                self.run(node.children, emit)
            else:
                self._statement(node, emit)

    def _statement(self, node: Node, emit: Emit) -> None:
        if self.environment.cancelled.is_set():
            raise Cancelled
        try:
            executor = self._language.statements.get(node.kind)
            if executor is not None:
                executor(self, node, emit)
            else:
                _unsupported(node)
        except PowerShellError as error:
            error.record.position = error.record.position or node.position
            self._end_of_statement(error)

    def _end_of_statement(self, error: PowerShellError) -> None:
        """Raise, report or swallow an error that ended a statement (about_Preference_Variables, about_Throw)."""
        action = self.preference("ErrorActionPreference")
        if error.fatal and action in SILENT:
            raise LabUnsupported("throw under a silent error action")
        if error.fatal or self.try_depth or action == "stop":
            raise error
        self.report(error.record, action)

    def report(self, record: ErrorRecord, action: str) -> None:
        """A non-terminating error: to the error stream, to nowhere, or on upwards, by the error action."""
        if action == "stop":
            raise PowerShellError(record, fatal=True)
        self.succeeded = False
        if action == "continue":
            self.console.error(record)
        elif action not in SILENT:
            raise LabUnsupported(f"error action {action}")

    def invoke(self, block: ScriptBlock, emit: Emit, variables: Mapping[str, object] | None = None) -> None:
        """Run a block in a scope of its own, as the call operator does."""
        caller, self.scope = self.scope, Scope(self.scope)
        try:
            self.scope.variables["input"] = []
            for name, value in (variables or {}).items():
                self.scope.variables[name] = value
            self.run(block.body, emit)
        except ReturnFromBlock:
            pass
        finally:
            self.scope = caller

    def invoke_with(self, block: ScriptBlock, item: object, emit: Emit) -> None:
        """Run a block in the current scope with `$_`, as ForEach-Object and Where-Object do."""
        if block.parameters is not None:
            raise LabUnsupported("parameters of a block given to a cmdlet")
        before = self.scope.variables.get("_", NOTHING)
        self.scope.variables["_"] = item
        try:
            self.run(block.body, emit)
        except ReturnFromBlock:
            pass
        finally:
            if before is NOTHING:
                del self.scope.variables["_"]
            else:
                self.scope.variables["_"] = before


def _short(name: str) -> str:
    return name.lower().removeprefix("system.")


def _unsupported(node: Node) -> NoReturn:
    excerpt = node.text.splitlines()[0][:60] if node.text else ""
    raise LabUnsupported(f"{node.kind} at line {node.line}: {excerpt}")
