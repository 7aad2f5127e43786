"""powershell.exe of the lab: reads its command line, runs the script, and ends with the exit code the real one would."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from runbook_lib.lab.powershell import binding
from runbook_lib.lab.powershell.console import Console
from runbook_lib.lab.powershell.core_cmdlets import CORE_CMDLETS
from runbook_lib.lab.powershell.culture import culture_text
from runbook_lib.lab.powershell.environment import Environment
from runbook_lib.lab.powershell.errors import (
    BreakLoop,
    Cancelled,
    ContinueLoop,
    ExitScript,
    LabUnsupported,
    PowerShellError,
    ReturnFromBlock,
)
from runbook_lib.lab.powershell.expressions import EXPRESSIONS, make_block
from runbook_lib.lab.powershell.session import Language, Session
from runbook_lib.lab.powershell.statements import STATEMENTS
from runbook_lib.lab.powershell.static_types import core_types
from runbook_lib.lab.powershell.syntax import parse
from runbook_lib.lab.powershell.values import EnumValue

UNSUPPORTED_EXIT_CODE = 120
CANCELLED_EXIT_CODE = 0xC000013A  # STATUS_CONTROL_C_EXIT
PREPARING = "Preparing modules for first use."
_PROGRAM = re.compile(r'\s*"?([^"\s]*\\)?powershell(\.exe)?"?\s+', re.IGNORECASE)
_LANGUAGE = Language(EXPRESSIONS, STATEMENTS, {item.name.lower(): item for item in CORE_CMDLETS}, core_types())


def run_powershell(
    command_line: str,
    *,
    read_stdin: Callable[[], bytes],
    write_stdout: Callable[[bytes], None],
    write_stderr: Callable[[bytes], None],
    encoding: str,
    environment: Environment,
) -> int:
    """Run one command line to its end and return its exit code.

    `read_stdin` blocks until the client ends standard input; it is called only by a script that reads it. `encoding` is
    the Python name of the shell's code page. Whatever the interpreter does not model ends in text on standard error
    that begins with `LabUnsupported` and in exit code 120, also where the interpreter itself fails.
    """
    console = Console(read_stdin, write_stdout, write_stderr, encoding)
    console.progress(PREPARING)
    try:
        return run_script(script_of(command_line), environment, console)
    except Cancelled:
        return CANCELLED_EXIT_CODE
    except LabUnsupported as gap:
        console.failure(f"LabUnsupported: {gap}")
        return UNSUPPORTED_EXIT_CODE
    except Exception as problem:  # noqa: BLE001 - a fault of the interpreter must not look like an answer
        console.failure(f"LabUnsupported: the interpreter failed: {type(problem).__name__}: {problem}")
        return UNSUPPORTED_EXIT_CODE
    finally:
        console.close()


def script_of(command_line: str) -> str:
    """The script text in `powershell -NoProfile -NonInteractive ... -EncodedCommand BASE64`."""
    program = _PROGRAM.match(command_line)
    words = command_line[program.end() :].split() if program else []
    script: str | None = None
    seen: set[str] = set()
    while words:
        word = words.pop(0).lower().replace("/", "-", 1)
        if word in ("-noprofile", "-noninteractive", "-nologo"):
            seen.add(word)
        elif word == "-executionpolicy" and words:
            words.pop(0)
        elif word == "-encodedcommand" and len(words) == 1:
            script = _decoded(words.pop(0))
        else:
            raise LabUnsupported(f"command line {command_line[:80]}")
    if script is None or "-noninteractive" not in seen:
        raise LabUnsupported(f"command line {command_line[:80]}")
    return script


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-16-le")
    except ValueError:
        raise LabUnsupported("an -EncodedCommand that is not base64 of UTF-16") from None


def run_script(text: str, environment: Environment, console: Console) -> int:
    """Run script text in a new process state; about_PowerShell_exe says which exit code follows from how it ended."""
    session = Session(_LANGUAGE, environment, console)
    try:
        script = make_block(parse(text), text)
        session.scope.variables.update(binding.block_parameters(session, script.parameters, binding.Arguments()))
        session.run(script.body, lambda value: _show(console, value, session.environment.culture))
    except ExitScript as end:
        return end.code
    except PowerShellError as error:
        console.error(error.record)
        return 1
    except (BreakLoop, ContinueLoop, ReturnFromBlock):
        return 0
    return 0 if session.succeeded else 1


def _show(console: Console, value: object, culture: str) -> None:
    """Out-Default for text and simple values; formatting objects as tables is a gap."""
    if value is None:
        return
    if not isinstance(value, str | bool | int | float | EnumValue):
        raise LabUnsupported("formatting an object for display")
    console.write_line(culture_text(value, culture))
