"""What every part of the page over all tenants needs: its language, its moment, its place, and how dates and links are written."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from runbook_lib.evidence.seals import Seal
from runbook_lib.notebook.times import age, day
from runbook_lib.texts import Argument, Language
from runbook_lib.texts.status import STATUS
from runbook_lib.wiring.standings import Standing


@dataclass(frozen=True)
class View:
    """How a page is drawn: in which language, at which moment, where it will lie, and what is typed to go on with a run.

    `outputs` is the folder of the records as a person calls it; `place` is the folder of the page, from which its links lead; `seals`
    says of each run's folder how it is sealed.
    """

    language: Language
    at: datetime
    outputs: str
    place: Path
    resume: Callable[[Path], str]
    seals: Mapping[Path, Seal]

    def say(self, key: str, **arguments: Argument) -> str:
        """Return a word of the page."""
        return STATUS[key].say(self.language, **arguments)


def evidence(at: datetime | None, view: View) -> tuple[str, str, str]:
    """Return a moment as a machine reads it, its day and its age, which what is dated in the future does not have."""
    if at is None:
        return "", "–", ""
    old = view.at - at
    said = age(old, view.language) if old >= timedelta() else ""
    return at.isoformat(timespec="seconds"), day(at, view.language), said


def links(each: Standing, view: View) -> list[tuple[str, str]]:
    """Return what can be opened of a run, as a word and an address relative to the page."""
    run = each.run.path
    other = "en" if view.language == "fr" else "fr"
    wanted = (
        ("link-report", [run / f"report.{view.language}.html", run / f"report.{other}.html"]),
        ("link-notebook", [run / "notebook.html", run / "notebook.ipynb"]),
        ("link-bundle", [bundle] if (bundle := view.seals[run].bundle) else []),
    )
    there = ((name, next((path for path in paths if path.is_file()), None)) for name, paths in wanted)
    return [(view.say(name), address(path, view.place)) for name, path in there if path]


def address(path: Path, place: Path) -> str:
    """Return how a page in one folder links to a file: relative, so that both can be moved together. Every name is quoted."""
    try:
        relative = os.path.relpath(path.resolve(), place.resolve())
    except ValueError:  # another drive of Windows
        return path.resolve().as_uri()
    return "/".join(quote(os.fsencode(part), safe="") for part in Path(relative).parts)
