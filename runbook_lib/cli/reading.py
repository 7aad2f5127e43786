"""The verbs that look at nothing but the kit itself and parameter files: list and check."""

from __future__ import annotations

import argparse
from pathlib import Path

from runbook_lib.cli.printing import Printing
from runbook_lib.parameters import InvalidParametersError, Problem, read_parameters
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts.facts import LABELLED
from runbook_lib.texts.steps import RUNBOOKS as RUNBOOK_TEXTS
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import WORDS


def show_runbooks(_options: argparse.Namespace, printing: Printing) -> int:
    """`runbook list`: runbooks, steps, what each reads and may change."""
    language = printing.language
    for runbook in RUNBOOKS.values():
        printing.text(f"{runbook.slug}  —  {RUNBOOK_TEXTS[runbook.slug].title.say(language)}", "bold")
        for step in runbook.steps:
            reads = ", ".join(reading.name for reading in step.readings)
            changes = ", ".join(step.changes) or WORDS["nothing"].say(language)
            printing.text(f"  {step.id.upper()}  {STEPS[step.id].title.say(language)}")
            for word, text in (("reads", reads), ("changes", changes)):
                said = LABELLED.say(language, label=WORDS[word].say(language), text=text)
                printing.text(f"      {said}", "dim")
    printing.document(
        [
            {
                "runbook": runbook.slug,
                "steps": [
                    {
                        "id": step.id,
                        "reads": [reading.name for reading in step.readings],
                        "may_change": list(step.changes),
                    }
                    for step in runbook.steps
                ],
            }
            for runbook in RUNBOOKS.values()
        ]
    )
    return 0


def check_files(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook check`: every problem of every file."""
    problems = [problem for file in options.files for problem in _problems(Path(file))]
    for problem in problems:
        printing.problem(problem.say(printing.language))
    if not problems:
        printing.line("files-good", count=len(options.files))
    printing.document(
        [
            {
                "file": each.file,
                "line": each.line,
                "field": each.field,
                "what": each.what(printing.language),
                "fix": each.fix(printing.language),
            }
            for each in problems
        ]
    )
    return 2 if problems else 0


def _problems(file: Path) -> tuple[Problem, ...]:
    try:
        read_parameters(file)
    except InvalidParametersError as error:
        return error.problems
    return ()
