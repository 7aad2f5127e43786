"""The command line: verbs, exit codes, and one message for every error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from runbook_lib.cli import labbing, reading, running
from runbook_lib.cli.parser import parse
from runbook_lib.cli.printing import Printing
from runbook_lib.errors import RunbookError
from runbook_lib.wiring.places import preferred_language

INTERRUPTED = 130
NOBODY_LISTENS = 141

VERBS: dict[str, Callable[..., int]] = {
    "list": reading.show_runbooks,
    "check": reading.check_files,
    "status": reading.show_status,
    "plan": running.plan,
    "apply": running.apply,
    "lab": labbing.serve,
    "demo": labbing.demo,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code (see docs/errors.md)."""
    options = parse(sys.argv[1:] if arguments is None else arguments, preferred_language())
    printing = Printing(options.language, as_json=options.json)
    try:
        return VERBS[options.verb](options, printing)
    except RunbookError as error:
        printing.problem(error.say(options.language))
        printing.document({"error": error.message, "exit_code": error.exit_code})
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output, such as `head`, has enough. Nothing more can be said, also not by Python at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_LISTENS
    except KeyboardInterrupt:
        printing.line("interrupted")
        return INTERRUPTED
