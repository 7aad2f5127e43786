"""The one tree of errors. A "no" is a result; an exception means that we could not know, or must not go on.

    RunbookError                  1   base of all; never raised itself
    ├── UsageProblem              2   the caller can mend it; nothing was sent
    │   ├── ParameterError            unknown, missing or wrong parameter, or a secret in clear
    │   ├── UnknownRunbook            no runbook of that name
    │   ├── AttestationError          an attestation that is not about this plan, or is incomplete
    │   ├── CannotPrint               no browser that makes a PDF, or it fails
    │   ├── CannotSign                a key that cannot be used to sign
    │   ├── CannotRollBack            a run that cannot be undone: nothing to undo, foreign, tampered with, or not known
    │   └── LabNotRunning             profile lab, and no lab answers
    ├── TargetError               1   something outside answered badly, or not at all
    │   ├── CannotConnect             no connection, or not to whom we expected
    │   ├── SignInFailed              the identity was refused
    │   ├── NotPermitted              signed in, but not allowed
    │   ├── Throttled                 told to come back later, longer than we may wait
    │   ├── TargetTimeout             nothing came back in time from a read
    │   ├── ScriptFailed              the remote script reported an error
    │   ├── UnexpectedReply           answered, in a shape we do not know
    │   ├── RecordRefused             no such change record, or it does not take what we bring
    │   └── OutcomeUnknown        4   a change was sent and no reply came: never sent again blindly
    ├── PlanOutdated              1   facts, parameters or version moved after approval; nothing was sent
    ├── NotApproved               1   apply was asked for without an approval of this plan
    ├── RunUnfinished             1   the run ended with steps that are not in an end state
    └── EvidenceError             1   the journal cannot be written: stop before changing anything

Each class says what happened through a message of the catalogue, has an exit code, and a section in docs/errors.md.
"""

from __future__ import annotations

from typing import ClassVar, Self

from runbook_lib.texts import Argument, Language, Message, fix_of, message, render


class RunbookError(Exception):
    """Base of every error of the kit. `exit_code` is what the command line ends with; `reasons` says more, of each part it is about."""

    exit_code: ClassVar[int] = 1
    reasons: tuple[Message, ...] = ()

    def __init__(self, key: str, **arguments: Argument) -> None:
        """Create the error from a message of the catalogue and the arguments of that message."""
        self.message: Message = message(key, **arguments)
        super().__init__(render(self.message, "en"))

    def because(self, *reasons: Message) -> Self:
        """Add the reasons, one of each part that the error is about, and return the error."""
        self.reasons = reasons
        return self

    def say(self, language: Language) -> str:
        """Return what happened and what to do, in one language, then each reason on a line of its own."""
        fix = fix_of(self.message, language)
        said = f"{render(self.message, language)} {fix}" if fix else render(self.message, language)
        return "\n".join(
            [said, *(f"- {render(each, language)} {fix_of(each, language)}".rstrip() for each in self.reasons)]
        )


class UsageProblem(RunbookError):
    """The caller can mend it, and nothing was sent."""

    exit_code = 2


class ParameterError(UsageProblem):
    """A parameter is unknown, missing, of the wrong shape, or a secret in clear."""


class UnknownRunbook(UsageProblem):
    """There is no runbook of that name."""


class AttestationError(UsageProblem):
    """An attestation is incomplete, or is not about this plan."""


class CannotRollBack(UsageProblem):
    """A run cannot be undone: it changed nothing, is not what it claims to be, or what became of it is not known."""


class CannotPrint(UsageProblem):
    """There is no browser on this machine that makes a PDF of a page, or it fails."""


class CannotSign(UsageProblem):
    """A key cannot be used to sign: it is missing or open to others, its signer refuses, or a package is not installed."""


class LabNotRunning(UsageProblem):
    """The parameters name the lab, and no lab answers."""


class TargetError(RunbookError):
    """Something outside answered badly, or not at all. `target` says who; `request_id` finds the exchange in its logs."""

    def __init__(self, key: str, *, target: str, request_id: str = "", **arguments: Argument) -> None:
        """Create the error; `target` is also an argument of its message, `request_id` is for the record only."""
        self.target = target
        self.request_id = request_id
        super().__init__(key, target=target, **arguments)


class CannotConnect(TargetError):
    """No connection, or not to the peer we expected (certificate, name)."""


class SignInFailed(TargetError):
    """The identity was refused."""


class NotPermitted(TargetError):
    """Signed in, but not allowed to do this."""


class Throttled(TargetError):
    """The target asked us to come back later than we may wait."""


class TargetTimeout(TargetError):
    """Nothing came back in time from a read."""


class ScriptFailed(TargetError):
    """The remote script reported an error.

    `error_id` is PowerShell's FullyQualifiedErrorId: it is not translated, unlike the text.
    """

    def __init__(
        self, *, target: str, script: str, detail: str, error_id: str = "", key: str = "script-failed"
    ) -> None:
        """Create the error from what the script reported."""
        self.script = script
        self.detail = detail
        self.error_id = error_id
        super().__init__(key, target=target, script=script, detail=detail)


class UnexpectedReply(TargetError):
    """The target answered in a shape we do not know. We do not guess."""


class RecordRefused(TargetError):
    """There is no such change record, or its system does not take the file: too large, of a kind it refuses, altered since."""


class OutcomeUnknown(TargetError):
    """A change was sent and no reply came back."""

    exit_code = 4


class PlanOutdated(RunbookError):
    """Facts, parameters or version moved after the plan was approved. Nothing was sent."""


class NotApproved(RunbookError):
    """Apply was asked for, and this plan is not approved. Nothing was sent."""


class RunUnfinished(RunbookError):
    """The run ended with steps that are not in an end state.

    The exit code is that of the worst step, so it is carried by the object.
    """

    def __init__(self, key: str, *, exit_code: int, **arguments: Argument) -> None:
        """Create the error with the exit code of the worst step."""
        super().__init__(key, **arguments)
        self.exit_code = exit_code  # type: ignore[misc]  # the class default is what docs/errors.md lists


class EvidenceError(RunbookError):
    """The journal cannot be written or read. Nothing may be changed without it."""
