"""What a run's journal tells, for a seal: the predicate that is signed, and the pages that are drawn. Of the run's own record alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from runbook_lib import __version__
from runbook_lib.canonical import digest
from runbook_lib.evidence import JOURNAL, Recorded, read_journal
from runbook_lib.evidence.sealing.approved import approved_digest
from runbook_lib.model import Json
from runbook_lib.notebook.export import page_of
from runbook_lib.notebook.overview import overview_record
from runbook_lib.notebook.record import RecordView, view_of
from runbook_lib.texts import LANGUAGES

# Where a statement says what the pages were drawn with.
DRAWN_WITH = "drawnWith"

# What draws a page beside our own code: another version of it may draw another page of the same journal.
_DRAWING = ("babel", "jinja2", "pillow")


@dataclass(frozen=True)
class Told:
    """What a journal tells: the record, the view of it, the predicate of its seal, and the pages by their file's name."""

    recorded: Recorded
    view: RecordView
    predicate: Mapping[str, Json]
    pages: Mapping[str, bytes]


def told_by(folder: Path) -> Told:
    """Return what the record in a run's folder tells; neither where it lies nor what lies beside it plays a part.

    Raises as `view_of`.
    """
    view = view_of(folder)
    recorded = read_journal(folder.resolve() / JOURNAL)
    name = f"{view.heading.tenant}/{view.heading.run_id}"
    alone = replace(view, heading=replace(view.heading, folder=name), earlier=())
    return Told(recorded, alone, _predicate(alone, recorded), _pages(alone))


def drawn_with() -> Json:
    """Return what pages are drawn with here: who has the same draws the same."""
    return {"runbook-kit": __version__} | {name: version(name) for name in _DRAWING}


def _pages(view: RecordView) -> dict[str, bytes]:
    reports = {f"report.{language}.html": page_of(view.said_in(language)).encode() for language in LANGUAGES}
    return {"notebook.html": page_of(view, with_texts=True).encode(), **reports}


def _predicate(view: RecordView, recorded: Recorded) -> dict[str, Json]:
    parameters, last = recorded[0].data["parameters"], recorded.end
    heading = view.heading
    steps = overview_record(heading, view.results)["steps"]
    return {
        "run": heading.run_id,
        "tenant": {"id": parameters["tenant"].get("id", ""), "name": heading.tenant},
        "runbook": heading.runbook,
        "version": view.version,
        "mode": heading.mode,
        "plan": approved_digest(recorded),
        "approvals": [
            {"digest": each.approval.digest, "by": each.approval.by, "how": each.approval.how, "at": each.at}
            for each in view.approved
        ],
        "change": {"system": parameters["change"].get("system", "none"), "number": heading.change},
        "states": {result.step: str(result.status) for result in view.results},
        # What was found, without when, by whom and in which language: two looks at one state have one digest.
        "state": digest({"runbook": heading.runbook, "steps": steps, "tenant": parameters["tenant"].get("id", "")}),
        "ladder": heading.ladder.level if heading.ladder else "",
        "journal": {"head": recorded.head, "lines": len(recorded), "torn": view.is_torn},
        "attempts": view.attempts,
        "ended": view.is_ended,
        "exitCode": last.data["exit_code"] if view.is_ended else None,
    }
