"""What is wrong with a file that an operator wrote: every problem with its place, said together, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runbook_lib.errors import AttestationError, ParameterError
from runbook_lib.texts import Argument, Language, Message, fix_of, message, render

MOST_LINES = 40


@dataclass(frozen=True)
class Problem:
    """One problem. `file` is a path or `notebook`; `line` counts from 1, None when there is none; `field` is a dotted name."""

    file: str
    line: int | None
    field: str
    message: Message

    @property
    def place(self) -> str:
        """Return `file:line`, as editors and terminals understand it."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def what(self, language: Language) -> str:
        """Return what is wrong, without its place."""
        return render(self.message, language)

    def fix(self, language: Language) -> str:
        """Return what to do about it; empty when the problem says it all."""
        return fix_of(self.message, language)

    def say(self, language: Language) -> str:
        """Return place, field, what is wrong and what to do, as one line."""
        text = f"{self.what(language)} {self.fix(language)}".strip()
        if not self.field:
            return f"{self.place}: {text}"
        return render(message("parameter-problem", place=self.place, field=self.field, text=text), language)


def problem(file: str, line: int | None, field: str, key: str, **arguments: Argument) -> Problem:
    """Return a problem from a message of the catalogue."""
    return Problem(file, line, field, message(key, **arguments))


class InvalidParametersError(ParameterError):
    """The parameters have these problems, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Create the error; there must be at least one problem."""
        self.problems = tuple(problems)
        super().__init__("parameters-refused", file=self.problems[0].file, count=len(self.problems))

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: Language) -> str:
        """Return one line a problem."""
        return _together(self.problems, language)


class InvalidAttestationError(AttestationError):
    """The attestation has these problems, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Create the error; there must be at least one problem."""
        self.problems = tuple(problems)
        super().__init__("attestation-refused", file=self.problems[0].file, count=len(self.problems))

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: Language) -> str:
        """Return one line a problem."""
        return _together(self.problems, language)


def _together(problems: tuple[Problem, ...], language: Language) -> str:
    """Return the first problems, one a line, and how many more there are: a wrong kind of file can have thousands."""
    lines = [each.say(language) for each in problems[:MOST_LINES]]
    if more := len(problems) - len(lines):
        lines.append(render(message("parameters-more", count=more), language))
    return "\n".join(lines)
