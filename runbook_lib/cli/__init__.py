"""The command line: verbs, exit codes, and one message for every error."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from runbook_lib.cli.events import refused
from runbook_lib.cli.parser import asked_language, parse
from runbook_lib.cli.printing import Printing
from runbook_lib.errors import RunbookError
from runbook_lib.fleet import INTERRUPTED
from runbook_lib.texts import Message, fix_of, message, render
from runbook_lib.wiring.places import preferred_language

NOBODY_LISTENS = 141
UNFORESEEN = 1

# What carries a verb out: a module of this package, and a function there. Most verbs need only a part of what all need together.
VERBS = {
    "list": "reading.show_runbooks",
    "check": "reading.check_files",
    "status": "status.show_status",
    "plan": "running.plan",
    "apply": "running.apply",
    "approve": "approving.approve",
    "attest": "approving.attest",
    "key": "approving.key",
    "resume": "resuming.resume",
    "fetch": "fetching.fetch_records",
    "rollback": "rolling_back.rollback",
    "report": "reporting.report",
    "seal": "sealing.seal",
    "verify": "verifying.verify",
    "lab": "labbing.serve",
    "notebook": "notebooks.serve",
    "demo": "labbing.demo",
    "attach": "attaching.attach",
    "advice": "advice.show",
}


def carries_out(verb: str) -> Callable[[argparse.Namespace, Printing], int]:
    """Return what carries a verb out, and returns its exit code."""
    module, _, name = VERBS[verb].partition(".")
    carry_out: Callable[[argparse.Namespace, Printing], int] = getattr(import_module(f"{__name__}.{module}"), name)
    return carry_out


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code (see docs/errors.md)."""
    _accept_every_character()
    given = sys.argv[1:] if arguments is None else arguments
    # What cannot be parsed is refused in the language and the form that it asks for, too.
    language = asked_language(given) or preferred_language()
    printing = Printing(language, as_json="--json" in given, as_events="--events" in given)
    with _terminated_like_interrupted():
        return _carried_out(lambda: parse(given, language), printing)


def _carried_out(parsed: Callable[[], argparse.Namespace], printing: Printing) -> int:
    try:
        options = parsed()
        return carries_out(options.verb)(options, printing)
    except RunbookError as error:
        return _refused(error.message, error.say(printing.language), error.exit_code, printing)
    except BrokenPipeError:
        # Whoever read our output, such as `head`, has enough. Nothing more can be said, also not by Python at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_LISTENS
    except KeyboardInterrupt:
        printing.line("interrupted")
        return INTERRUPTED
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        # Its text may hold anything, also a secret: the operator gets the kind alone.
        said = message("unforeseen", detail=type(error).__name__)
        text = f"{render(said, printing.language)} {fix_of(said, printing.language)}"
        return _refused(said, text, UNFORESEEN, printing)


def _refused(said: Message, text: str, code: int, printing: Printing) -> int:
    """Say what happened, to people and to machines, and return the exit code."""
    printing.problem(text)
    printing.document({"error": said, "text": text, "exit_code": code})
    printing.event(refused({"error": said, "text": text, "exit_code": code}))
    return code


def _accept_every_character() -> None:
    """Have characters that the terminal's encoding lacks replaced: a record half printed is worse than a sign lost."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Whoever ends us politely gets the same clean-up as Ctrl+C: kernels, drafts and secrets must not stay behind."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


__all__ = ["INTERRUPTED", "NOBODY_LISTENS", "VERBS", "carries_out", "main"]
