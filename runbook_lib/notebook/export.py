"""A run as one page that stands alone: no script, nothing fetched, light or dark, and made to be printed. Drawn from the record."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from runbook_lib.errors import ParameterError
from runbook_lib.evidence.files import FILE_MODE, cannot_write
from runbook_lib.notebook.card import card
from runbook_lib.notebook.overview import banner, overview
from runbook_lib.notebook.record import RecordView
from runbook_lib.notebook.times import moment
from runbook_lib.texts.report import REPORT
from runbook_lib.texts.steps import RUNBOOKS, STEPS
from runbook_lib.texts.words import WORDS

TEMPLATE = "report.html.j2"

# What may stand in a string of a style sheet as it is. A space would be taken for the end of the number before it.
_PLAIN = re.compile(r"[A-Za-z0-9]")


def page_of(view: RecordView, *, with_texts: bool = False) -> str:
    """Return a record as a page of HTML in the language it is to be drawn in; the same page every time.

    `with_texts`: as the notebook has it, each card below the text of its documented step.
    """
    language, heading = view.setting.language, view.heading
    earlier = dict(view.earlier)
    steps = [
        {
            "id": result.step,
            "heading": f"{result.step.upper()} · {STEPS[result.step].title.say(language)}",
            "where": STEPS[result.step].where.say(language) if with_texts else "",
            "does": STEPS[result.step].does.say(language) if with_texts else "",
            "card": _opened(card(result, view.setting, earlier.get(result.step))),
        }
        for result in view.results
    ]
    return environment().get_template(TEMPLATE).render(
        language=language,
        title=RUNBOOKS[heading.runbook].title.say(language),
        purpose=RUNBOOKS[heading.runbook].purpose.say(language),
        about=list(_about(view)) if with_texts else [],
        footer=f"{heading.tenant} · {heading.run_id}",
        banner=banner(heading, view.setting),
        overview=_opened(overview(heading, view.results, view.setting)),
        steps=steps,
        record=list(_record(view)),
        words={name: REPORT[name].say(language) for name in ("overview", "record")},
    )  # fmt: skip


def write_report(path: Path, content: bytes) -> None:
    """Write a report for its owner alone. One that is there already stays, and is enough when it says the same.

    Raises:
        ParameterError: something else is there.
        EvidenceError: it cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as stream:
            stream.write(content)
    except FileExistsError:
        if not path.is_file() or path.read_bytes() != content:
            raise ParameterError("report-exists", path=str(path)) from None
    except OSError as error:
        raise cannot_write(path, error) from error


@cache
@cache
def environment() -> Environment:
    """Return what templates are drawn with: every value is escaped."""
    environment = Environment(
        loader=PackageLoader("runbook_lib.notebook", ""),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["css"] = _css
    return environment


def _css(text: str) -> str:
    """Return text for the inside of a string of a style sheet: everything that might end it there is written as a number."""
    return "".join(each if _PLAIN.fullmatch(each) else f"\\{ord(each):06x}" for each in text)


def _opened(markup: str) -> str:
    """Return a card with all that it folds away laid open: nobody can click on paper. Only cards make this element."""
    return markup.replace("<details style=", "<details open style=")


def _about(view: RecordView) -> Iterator[tuple[str, str]]:
    """Yield what the notebook says of its runbook above the first step, as label and text."""
    text, language = RUNBOOKS[view.heading.runbook], view.setting.language
    for name, said in (("needs", text.needs), ("takes", text.takes), ("undo", text.undo)):
        yield WORDS[name].say(language), said.say(language)


def _record(view: RecordView) -> Iterator[tuple[str, str]]:
    """Yield what the record says of itself, as label and value."""
    language = view.setting.language

    def said(name: str, text: str) -> tuple[str, str]:
        return REPORT[name].say(language), text

    yield said("folder", view.heading.folder)
    yield said("version", view.version)
    yield said("begun", moment(view.opened_at, language))
    yield said("last", moment(view.last_at, language))
    yield said("end", REPORT["ended" if view.is_ended else "not-ended"].say(language))
    if view.attempts > 1:
        yield said("attempts", str(view.attempts))
    for each in view.approved:
        by = REPORT["by"].say(language, by=each.approval.by, how=each.approval.how, at=moment(each.at, language))
        yield said("approved", f"{by} · {each.approval.digest}")
        for signature in each.approval.signatures:
            at = moment(signature["at"], language)
            yield said(
                "signed", REPORT["signed-by"].say(language, by=signature["name"], key=signature["key_id"], at=at)
            )
    for file in view.attested:
        yield said("attestation", f"{file.name} ({file.original}) · sha256:{file.sha256}")
    if view.went_back:
        lines = ", ".join(map(str, view.went_back))
        yield said("clock", REPORT["clock-meaning"].say(language, count=len(view.went_back), lines=lines))
    if view.is_torn:
        yield said("torn", REPORT["torn-meaning"].say(language))
    yield said("journal", f"sha256:{view.head}")
