"""Who is chosen, as a table and a heading: real or of the lab, from which file, and what is wrong with files that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from runbook_lib.cli.ordering import Ordered, outputs_of, storage_named
from runbook_lib.fleet import FleetOptions
from runbook_lib.fleet_notebook.wishes import Wishes, shown
from runbook_lib.notebook.display import Place, show
from runbook_lib.notebook.shown_table import Column, ShownTable, shown_table
from runbook_lib.notebook.style import COLOURS, LINE, MONO, TINT, escaped, pill
from runbook_lib.parameters import Problem, examine, filled
from runbook_lib.texts import Argument, Language
from runbook_lib.texts.fleet_book import FLEET_BOOK
from runbook_lib.texts.steps import RUNBOOKS
from runbook_lib.texts.words import WORDS

LIVE = "live"

_COLUMNS = (
    Column("tenant", "22%"),
    Column("profile", "9%"),
    Column("tags", "16%"),
    Column("file", kind="code"),
    Column("problems", "30%"),
)


def tenants_table(ordered: Sequence[Ordered], language: Language) -> ShownTable:
    """Return who is chosen, a row a tenant."""
    rows = [
        {
            "tenant": each.name,
            "profile": _profile(each.parameters.profile, language),
            "tags": ", ".join(sorted(each.tags)),
            "file": shown(each.file),
        }
        for each in ordered
    ]
    return shown_table(rows, _COLUMNS, language)


def show_problems(problems: Sequence[Problem], wishes: Wishes) -> None:
    """Show every file with what is wrong with it: those that can be read stand there, too, so that nobody is missed."""
    by_file: dict[str, list[Problem]] = {str(file): [] for file in wishes.files}
    for each in problems:
        by_file.setdefault(each.file, []).append(each)
    rows = [_of_file(Path(file), found, wishes.language) for file, found in by_file.items()]
    rows.sort(key=lambda row: not row["problems"])
    table = shown_table(rows, _COLUMNS, wishes.language)
    show({"text/html": table._repr_html_(), "text/plain": "\n".join(each.say(wishes.language) for each in problems)})


def show_heading(wishes: Wishes, ordered: Sequence[Ordered], how: FleetOptions) -> None:
    """Show what the notebook is about: which runbook, how many tenants, how many of them real, and where records go."""
    language = wishes.language
    live = sum(each.parameters.profile == LIVE for each in ordered)
    lab = len(ordered) - live
    pills = (
        pill(WORDS[name].say(language), COLOURS[colour])
        for name, colour, count in (("live", "failed", live), ("lab", "attested", lab))
        if count
    )
    of_them = [
        _say(key, language, count=count) for key, count in (("of-the-world", live), ("of-the-lab", lab)) if count
    ]
    title = RUNBOOKS[wishes.runbook].title.say(language)
    count = _say("fleet", language, count=len(ordered))
    said = [_say("at-once", language, count=how.at_once), _say("records-in", language, folder=_folder(wishes))]
    command = wishes.command(*wishes.words())
    edge = COLOURS["failed" if live else "attested"]
    markup = (
        f'<div class="rk-fleet-banner" lang="{language}" style="border:{LINE};border-left:6px solid {edge};border-radius:6px;'
        f'padding:8px 14px;max-width:980px;font-size:14px;line-height:1.45;background-color:{TINT}">'
        f"{' '.join(pills)} {escaped(' '.join(of_them))}"
        f'<div style="font-size:17px;font-weight:600;margin:4px 0">{escaped(title)} — {escaped(count)}</div>'
        f"<div>{WORDS['mode-plan'].say(language)}</div>"
        f'<div style="font-size:12px">{escaped(" · ".join(said))}</div>'
        f'<div style="font-size:12px">{escaped(_say("same-as", language))}<br>'
        f'<span style="{MONO};word-break:break-all">{escaped(command)}</span></div></div>'
    )
    Place({"text/html": markup, "text/plain": "\n".join([f"{title} — {count}", *of_them, *said, command])})


def _folder(wishes: Wishes) -> str:
    return storage_named(wishes.options()) or shown(outputs_of(wishes.options()))


def _of_file(file: Path, problems: Sequence[Problem], language: Language) -> Mapping[str, str]:
    examined = examine(file) if file.is_file() else None
    values = filled(examined.values) if examined else {}
    profile = values.get("profile")
    return {
        "tenant": str(values.get("tenant.name") or file.stem)[:64],
        "profile": _profile(str(profile), language) if profile in ("lab", LIVE) else "?",
        "tags": "",
        "file": shown(file),
        "problems": "\n".join(_without_place(each, language) for each in problems),
    }


def _without_place(found: Problem, language: Language) -> str:
    at = "" if found.line is None else f"{found.line}: "
    name = f"{found.field}: " if found.field else ""
    return f"{at}{name}{found.what(language)} {found.fix(language)}".strip()


def _profile(profile: str, language: Language) -> str:
    return WORDS[profile].say(language)


def _say(key: str, language: Language, **arguments: Argument) -> str:
    return FLEET_BOOK[key].say(language, **arguments)
