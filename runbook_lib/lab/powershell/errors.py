"""What can go wrong inside the interpreter: a PowerShell error, which scripts may catch, and a gap of ours, which they may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RUNTIME_EXCEPTION = "System.Management.Automation.RuntimeException"


class LabUnsupported(Exception):
    """The text asks for something the interpreter does not model.

    Never turned into a PowerShell error: `try`/`catch` in the script cannot see it, so a gap cannot pass for a result.
    """


@dataclass(frozen=True)
class Position:
    """Where a statement starts (both counted from 1), and its first line."""

    line: int
    column: int
    text: str


@dataclass(eq=False)
class ErrorRecord:
    """One PowerShell error, with the fields of `System.Management.Automation.ErrorRecord` that scripts may read.

    `error_id` is the FullyQualifiedErrorId, `activity` the cmdlet's name, `target` the text of the target object, `details` the
    text of ErrorDetails, `exception` what the exception has beside its message.
    """

    message: str
    error_id: str
    category: str = "NotSpecified"
    exception_type: str = RUNTIME_EXCEPTION
    activity: str = ""
    target: object = None
    position: Position | None = None
    details: str = ""
    exception: Mapping[str, object] = field(default_factory=dict)


class PowerShellError(Exception):
    """A terminating error. `fatal` marks `throw` and preference Stop, which end the script, not only the statement."""

    def __init__(self, record: ErrorRecord, fatal: bool = False) -> None:
        super().__init__(record.message)
        self.record = record
        self.fatal = fatal


class CmdletError(Exception):
    """Raised by a cmdlet of the lab's world to report an error as the real cmdlet would.

    `terminating` says which of PowerShell's two kinds it is: a non-terminating error only stops a script whose
    error action is Stop.
    """

    def __init__(
        self,
        message: str,
        error_id: str,
        category: str = "NotSpecified",
        exception_type: str = "System.Exception",
        terminating: bool = False,
        target: object = None,
    ) -> None:
        super().__init__(message)
        self.record = ErrorRecord(message, error_id, category, exception_type, target=target)
        self.terminating = terminating

    def carrying(self, details: str, exception: Mapping[str, object]) -> CmdletError:
        """Return this error with ErrorDetails and further properties of its exception."""
        self.record.details, self.record.exception = details, exception
        return self


class ControlFlow(Exception):
    """Base of the jumps a script can make; never an error."""


class ExitScript(ControlFlow):
    """`exit`, with its code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class BreakLoop(ControlFlow):
    """`break` of the innermost loop."""


class ContinueLoop(ControlFlow):
    """`continue` of the innermost loop."""


class ReturnFromBlock(ControlFlow):
    """`return`; its value has already been emitted."""


class Cancelled(ControlFlow):
    """The client sent a Ctrl-C signal or deleted the shell."""


def failure(
    message: str, error_id: str, category: str = "InvalidOperation", exception_type: str = RUNTIME_EXCEPTION
) -> PowerShellError:
    """A statement-terminating error of the engine itself."""
    return PowerShellError(ErrorRecord(message, error_id, category, exception_type))
