"""What a cmdlet is to the interpreter: a name, declared parameters, and a Python function over one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runbook_lib.lab.powershell.errors import LabUnsupported
from runbook_lib.lab.powershell.values import Properties

if TYPE_CHECKING:
    from runbook_lib.lab.powershell.session import Session

Emit = Callable[[object], None]


@dataclass(frozen=True)
class Parameter:
    """One parameter. `type` is a type name that `conversion.convert` knows, such as `string`, `string[]` or `switch`.

    `pipeline` marks the parameter that takes pipeline input; `values` are the names a ValidateSet or an enumeration allows.
    """

    type: str = "object"
    mandatory: bool = False
    position: int | None = None
    pipeline: bool = False
    aliases: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


SWITCH = Parameter("switch")


@dataclass
class Call:
    """One invocation: bound arguments, and the few things a cmdlet may do besides returning values."""

    name: str
    arguments: Properties
    session: Session
    emit: Emit
    error_action: str
    warning_action: str
    piped: bool = False

    def __getitem__(self, parameter: str) -> object:
        """The argument of `parameter`, or None when it was not given."""
        return self.arguments.get(parameter)

    def given(self, parameter: str) -> bool:
        """Whether the script gave `parameter`, whatever its value."""
        return parameter in self.arguments

    def on(self, switch: str) -> bool:
        """Whether a switch was given and not turned off, as `-Force:$false` does."""
        return self.arguments.get(switch) is True

    def texts(self, parameter: str) -> list[str]:
        """The argument of a `string[]` parameter, empty when it was not given."""
        value = self.arguments.get(parameter)
        return [str(item) for item in value] if isinstance(value, list) else []

    def warn(self, text: str) -> None:
        """Write a warning, unless the script silences warnings."""
        if self.warning_action == "continue":
            self.session.console.warning(text)
        elif self.warning_action not in ("silentlycontinue", "ignore"):
            raise LabUnsupported(f"warning action {self.warning_action}")


@dataclass(frozen=True)
class Cmdlet:
    """A cmdlet of the lab. `run` returns the objects it writes, one by one, or raises CmdletError.

    With a pipeline parameter, `run` is called for each incoming object; with `collects`, once, with all of them as a list.
    `complete` says that `parameters` names every parameter of the real command: only then is another name the real
    command's own error, otherwise it is a gap of the lab.
    """

    name: str
    run: Callable[[Call], Iterable[object]]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    collects: bool = False
    complete: bool = False
    class_name: str = ""

    @property
    def error_class(self) -> str:
        """What ends a FullyQualifiedErrorId raised by binding this cmdlet."""
        return self.class_name or self.name

    @property
    def pipeline_parameter(self) -> str | None:
        """The name of the parameter that takes pipeline input."""
        return next((name for name, parameter in self.parameters.items() if parameter.pipeline), None)
