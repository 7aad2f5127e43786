"""The verb that looks up advice. It needs no run, no tenant and no network."""

from __future__ import annotations

import argparse

from runbook_lib.cli.printing import Printing
from runbook_lib.texts.advice import ADVICE
from runbook_lib.wiring.advising import as_data, find, lines, names


def show(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook advice`: cause, what to do and the runbook to open next for a code; without one, everything there is."""
    language = printing.language
    found = find(options.code) if options.code else list(ADVICE.values())
    for advice in found:
        printing.text(f"{', '.join(names(advice)) or advice.id}  —  {advice.title}", "bold" if options.code else "")
        for label, text in lines(advice, language) if options.code else ():
            printing.text(f"  {label} · {text}")
    printing.document([as_data(advice, language) for advice in found])
    return 0
