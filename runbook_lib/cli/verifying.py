"""The verb that verifies evidence, offline: what is proven, what is not, what is broken, in plain words."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.cli.printing import Printing
from runbook_lib.errors import RunbookError
from runbook_lib.model import Json, as_json
from runbook_lib.texts import fix_of, render

if TYPE_CHECKING:
    from runbook_lib.evidence.sealing.checking import Trust
    from runbook_lib.evidence.sealing.points import Verdict

_SIGNS = {"proven": ("✔", "green"), "not-proven": ("?", "yellow"), "broken": ("✖", "red")}


def verify(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook verify`: each bundle alone. Ends with 1 when anything of any of them is broken."""
    from runbook_lib.notebook.retelling import Expected  # noqa: PLC0415  # as in `sealing`
    from runbook_lib.notebook.verifying import verify as verify_one  # noqa: PLC0415

    trust = _trust(options)
    expected = Expected(options.plan, options.change)
    verdicts: list[Verdict] = []
    codes: list[int] = []
    for path in map(Path, options.bundles):
        try:
            verdict = verify_one(path, trust, expected)
        except RunbookError as error:
            printing.problem(error.say(printing.language))
            codes.append(error.exit_code)
            continue
        _show(verdict, printing)
        verdicts.append(verdict)
        codes.append(0 if verdict.is_proven else 1)
    printing.document([as_data(verdict) for verdict in verdicts])
    return max(codes, default=0)


def _trust(options: argparse.Namespace) -> Trust:
    """Return whom the verifier believes. Raises `ParameterError` when a file of theirs cannot be read."""
    from runbook_lib.evidence.sealing.checking import Trust  # noqa: PLC0415
    from runbook_lib.evidence.sealing.stamping import read_roots  # noqa: PLC0415
    from runbook_lib.evidence.signing import read_roster  # noqa: PLC0415

    roster = read_roster(Path(options.roster)) if options.roster else None
    roots = read_roots(Path(options.time_stamp_roots)) if options.time_stamp_roots else []
    return Trust(roster, Path(options.roster).name, roots)


def _show(verdict: Verdict, printing: Printing) -> None:
    from runbook_lib.evidence.sealing.points import Weight  # noqa: PLC0415

    printing.text(verdict.name, "bold")
    for weight in Weight:
        said = verdict.of(weight)
        sign, colour = _SIGNS[weight]
        if said:
            printing.line(f"verify-{weight}")
        for each in said:
            printing.text(f"  {sign} {render(each, printing.language)}", colour)
            if fix := fix_of(each, printing.language):
                printing.text(f"    {fix}", "dim")
    for member in verdict.members:
        _show(member, printing)
    printing.line("verdict-whole" if verdict.is_proven else "verdict-broken", name=verdict.name)


def as_data(verdict: Verdict) -> Json:
    """Return a verdict as data for machines: keys and arguments are stable, and the same in every language."""
    return {
        "name": verdict.name,
        "proven": verdict.is_proven,
        "points": [{"weight": str(point.weight), **as_json(point.message)} for point in verdict.points],
        "statement": dict(verdict.statement.predicate) if verdict.statement else None,
        "members": [as_data(member) for member in verdict.members],
    }
