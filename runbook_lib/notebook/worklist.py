"""What persons have to do at the tenants of a fleet that need one: a page that stands alone, and a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from runbook_lib import __version__
from runbook_lib.model import Status
from runbook_lib.notebook.export import environment
from runbook_lib.notebook.status_files import csv_of
from runbook_lib.notebook.status_tables import as_text
from runbook_lib.notebook.status_view import address
from runbook_lib.notebook.style import COLOURS
from runbook_lib.notebook.times import moment
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.steps import RUNBOOKS as RUNBOOK_TEXTS
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import STATUS_SIGNS, STATUS_WORDS, WORDS
from runbook_lib.texts.worklist import WORKLIST

TEMPLATE = "worklist.html.j2"

_COLUMNS = (
    *("tenant", "runbook", "run", "step", "title_en", "title_fr", "to_do_en", "to_do_fr"),
    *("page", "command", "plan", "record"),
)


@dataclass(frozen=True)
class Task:
    """What a person has to do at a step, in both languages. `is_label`: as the page calls it, whose language is not the operator's."""

    step: str
    to_do: Mapping[Language, str]
    is_label: bool


@dataclass(frozen=True)
class Work:
    """What a tenant needs of a person. `page` is where, empty where it is done elsewhere (`is_wizard`: in the wizard); `command` is
    what is typed then; `plan` the digest that an attestation has to name, empty when nobody can give their word for it.
    """

    tenant: str
    folder: Path
    tasks: Sequence[Task]
    page: str
    is_wizard: bool
    command: str
    plan: str


@dataclass(frozen=True)
class Worklist:
    """All of it: of which runbook and batch, of how many tenants in all, and when it was written."""

    slug: str
    batch: str
    total: int
    works: Sequence[Work]
    at: datetime


def page_of(worklist: Worklist, language: Language, place: Path, status: Path | None) -> str:
    """Return the worklist as a page that will lie in `place`; `status` is the page over all tenants, where there is one."""
    other: Language = "en" if language == "fr" else "fr"
    page = environment().get_template(TEMPLATE).render(
        language=language,
        other_language=other,
        colours=COLOURS,
        say={name: text.say(language) for name, text in WORKLIST.items() if "{" not in text.en},
        slug=worklist.slug,
        runbook=RUNBOOK_TEXTS[worklist.slug].title.say(language),
        batch=worklist.batch,
        drawn=WORKLIST["drawn"].say(
            language, at=moment(worklist.at.isoformat(), language), version=__version__, batch=worklist.batch
        ),
        count=WORKLIST["count"].say(language, tenants=len(worklist.works), total=worklist.total),
        sign=STATUS_SIGNS[Status.NEEDS_OPERATOR],
        state=STATUS_WORDS[Status.NEEDS_OPERATOR].say(language),
        status=address(status, place) if status else "",
        tenant=WORDS["tenant"].say(language),
        digest=WORDS["plan-digest"].say(language),
        rows=[_row(each, language, other, place) for each in worklist.works],
    )  # fmt: skip
    return as_text(page)


def csv_of_work(worklist: Worklist) -> bytes:
    """Return the worklist as CSV, one row a step, safe for spreadsheets as `csv_of` makes it."""
    rows = [row for each in worklist.works for row in _table_rows(each, worklist.slug)]
    return csv_of(pd.DataFrame(rows, columns=list(_COLUMNS), dtype="string"))


def _row(work: Work, language: Language, other: Language, place: Path) -> dict[str, Any]:
    return {
        "tenant": work.tenant,
        "run": work.folder.name,
        "record": _record(work.folder, language, place),
        # A record may say anything; a link leads to the web, or there is none.
        "page": work.page if work.page.startswith("https://") else "",
        "is_wizard": work.is_wizard,
        "steps": [
            (each.step.upper(), each.to_do[language], each.to_do[other] if each.is_label else "") for each in work.tasks
        ],
        "command": work.command,
        "plan": work.plan,
    }


def _record(folder: Path, language: Language, place: Path) -> str:
    """Return the address of what of a record a browser can open: its report, else its notebook, else the folder."""
    names = (f"report.{language}.html", "notebook.html", "notebook.ipynb")
    return address(next((folder / name for name in names if (folder / name).is_file()), folder), place)


def _table_rows(work: Work, slug: str) -> Iterator[dict[str, str]]:
    for task in work.tasks:
        said = {f"to_do_{language}": task.to_do[language] for language in LANGUAGES}
        titles = {f"title_{language}": STEPS[task.step].title.say(language) for language in LANGUAGES}
        about = {
            "tenant": work.tenant,
            "runbook": slug,
            "run": work.folder.name,
            "step": task.step.upper(),
            "page": work.page,
            "command": work.command,
            "plan": work.plan,
            "record": str(work.folder),
        }
        yield {name: as_text(text) for name, text in {**about, **said, **titles}.items()}
