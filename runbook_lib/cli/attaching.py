"""The verb that delivers a sealed bundle: to a change record, a folder or a mail."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib.cli.printing import Printing
from runbook_lib.fleet import Job, Outcome
from runbook_lib.model import Json, as_json
from runbook_lib.parameters import check_parameters, read_parameters
from runbook_lib.texts import render

if TYPE_CHECKING:
    from runbook_lib.wiring.delivering import Delivered

# Written when a run has ended, and not before.
RESULT = "result.json"


def attach(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook attach`: deliver a bundle, unless it is there, and keep a signed receipt. Said again, it gives the same facts."""
    from runbook_lib.wiring.delivering import deliver_bundle, own_target  # noqa: PLC0415  # what signs is slow to import

    parameters = read_parameters(Path(options.own_file)) if options.own_file else None
    target = options.target or (own_target(parameters) if parameters else "")
    language = parameters.language if parameters else printing.language
    delivered = deliver_bundle(Path(options.bundle), target, parameters, language, keys=options.keys)
    show(delivered, printing)
    printing.document(as_data(delivered))
    return 0


def attached(job: Job, outcome: Outcome, printing: Printing) -> Outcome:
    """Seal and attach the record of a run that ended, where its parameters ask for that, and say what came of it.

    What became of the run stays what it is. A run that was interrupted or never ended is attached when it has gone on.
    """
    parameters = check_parameters(job.parameters, source=job.tenant)
    if not parameters.closes_record or outcome.is_interrupted or not (outcome.folder / RESULT).is_file():
        return outcome
    from runbook_lib.notebook.attaching import as_data as data_of  # noqa: PLC0415  # as above
    from runbook_lib.notebook.attaching import close_record, lines_of  # noqa: PLC0415

    attachment = close_record(outcome.folder, parameters)
    for line in lines_of(attachment, printing.language):
        (printing.problem if attachment.is_left else printing.text)(line)
    return replace(outcome, attachment=data_of(attachment))


def show(delivered: Delivered, printing: Printing) -> None:
    """Print what is there now, and where the receipt is."""
    receipt = delivered.receipt
    facts = receipt.facts
    printing.line(
        "attach-was-there" if receipt.was_there else "attach-done",
        name=facts["name"],
        target=facts["target"],
        sha256=facts["sha256"],
    )
    for remark in receipt.remarks:
        printing.text(render(remark, printing.language))
    if receipt.others:
        printing.line("attach-others", ids=receipt.others)
    printing.line("attach-receipt", path=str(delivered.file))


def as_data(delivered: Delivered) -> Json:
    """Return a delivery as data for machines. `delivery` is the same however often it is delivered."""
    receipt = delivered.receipt
    return {
        "delivery": dict(receipt.facts),
        "receipt": str(delivered.file),
        "was_there": receipt.was_there,
        "uploads": receipt.uploads,
        "others": list(receipt.others),
        "remarks": [as_json(remark) for remark in receipt.remarks],
    }
