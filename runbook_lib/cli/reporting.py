"""The verb that draws a run from its journal: one page, or a PDF of it."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from runbook_lib.cli.printing import Printing
from runbook_lib.errors import ParameterError


def report(options: argparse.Namespace, printing: Printing) -> int:
    """`runbook report`: in the language that is asked for, else in that of the run. Nothing of the record is changed."""
    from runbook_lib.notebook.export import page_of, write_report  # noqa: PLC0415  # no other verb draws anything
    from runbook_lib.notebook.pdf import pdf_of  # noqa: PLC0415
    from runbook_lib.notebook.record import view_of  # noqa: PLC0415

    to = Path(options.to) if options.to else None
    if to is not None and to.suffix.lower() not in (".html", ".pdf"):
        raise ParameterError("report-suffix", path=str(to))
    view = view_of(Path(options.run_dir))
    if options.asked_language:
        view = view.said_in(options.asked_language)
    path = to or Path(options.run_dir) / f"report.{view.setting.language}.html"
    page = page_of(view)
    content = pdf_of(page) if path.suffix.lower() == ".pdf" else page.encode()
    write_report(path, content)
    printing.line("report", path=str(path))
    printing.document(
        {
            "tenant": view.heading.tenant,
            "run_id": view.heading.run_id,
            "language": view.setting.language,
            "report": str(path),
            "sha256": hashlib.sha256(content).hexdigest(),
            "journal": view.head,
        }
    )
    return 0
