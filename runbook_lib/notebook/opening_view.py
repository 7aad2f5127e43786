"""What the opening panel shows, as plain data made from what the form holds. It decides nothing and reads nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from runbook_lib.model import Json
from runbook_lib.parameters import (
    Entry,
    Field,
    InvalidParametersError,
    Parameters,
    Problem,
    SecretReference,
    check_parameters,
    form,
    nested,
    parse_reference,
    uses,
)
from runbook_lib.texts import Language
from runbook_lib.texts.panels.form import (
    CHOICE_WORDS,
    FIELD_WORDS,
    FORM_FIXES,
    FORM_PROBLEMS,
    SECRET_KINDS,
    SECTION_TITLES,
)
from runbook_lib.texts.panels.opening import MISSING, OPENING, WRONG

FIELDS: Mapping[str, Field] = {field.name: field for section in form() for field in section.fields}

# Something is not there yet; every other problem is about something that is.
_LACKS = frozenset({"parameter-missing", "parameter-needed-with"})
# A summary says what a section holds at a glance; the fields below it say all.
_MOST_IN_SUMMARY = 4


def description(language: Language) -> list[Json]:
    """Return the sections and fields with their words, as the browser draws them."""
    return [
        {
            "name": section.name,
            "title": SECTION_TITLES[section.name].say(language),
            "fields": [_described(field, language) for field in section.fields],
        }
        for section in form()
    ]


def _described(field: Field, language: Language) -> Json:
    words, meanings = FIELD_WORDS[field.name], CHOICE_WORDS.get(field.name, {})
    default = str(field.default) if field.kind == "number" else ""
    return {
        "name": field.name,
        "kind": field.kind,
        "label": words.label.say(language),
        "help": words.help.say(language),
        "key": OPENING["key"].say(language, name=field.name),
        "choices": [[choice, f"{choice} — {meanings[choice].say(language)}"] for choice in field.choices],
        "placeholder": OPENING["default"].say(language, value=default) if default else "",
    }


@dataclass(frozen=True)
class Judged:
    """What the form holds, judged: the parameters it makes, or what is wrong."""

    entries: Mapping[str, Entry]
    data: Mapping[str, Json]
    parameters: Parameters | None
    problems: tuple[Problem, ...]

    @property
    def tenant(self) -> str:
        """Return the tenant's short name as it stands in the form."""
        return str(self.entries["tenant.name"])[:64]

    @property
    def profile(self) -> str:
        """Return `lab` or `live`, or nothing when it is not chosen."""
        chosen = self.entries["profile"]
        return chosen if chosen in ("lab", "live") and isinstance(chosen, str) else ""


def judged(entries: Mapping[str, Entry]) -> Judged:
    """Check what the form holds."""
    data = nested(entries)
    try:
        return Judged(entries, data, check_parameters(data), ())
    except InvalidParametersError as error:
        return Judged(entries, data, None, error.problems)


def fields_shown(here: Judged, literals: Collection[str], language: Language) -> dict[str, Json]:
    """Return, for every field, what goes with it: problems, whether it is needed or of no use, and a note.

    `literals` are fields into which somebody typed a secret itself; it was not taken over.
    """
    ways = {".".join(use.at): use.kind for use in uses(here.data)}
    problems = _by_field(here.problems, language)
    in_short = {_field_of(each): _what(each, language) for each in reversed(here.problems)}
    for name in literals:
        problems[name] = [_sentence("secret-literal", language)]
        in_short[name] = FORM_PROBLEMS["secret-literal"].say(language)
    return {
        name: {
            "problems": problems.get(name, []),
            "what": in_short.get(name, ""),
            "lacks": name not in literals and any(_field_of(each) == name and _is_lack(each) for each in here.problems),
            "needed": field.is_required or ways.get(name) == "needed",
            "hidden": ways.get(name) == "unused" and here.entries[name] == field.empty and name not in literals,
            "note": _note(field, here, language),
        }
        for name, field in FIELDS.items()
    }


def _field_of(problem: Problem) -> str:
    """An item of a list has its problem at the list, and a section that is no section at its first field."""
    return problem.field.partition("[")[0]


def _is_lack(problem: Problem) -> bool:
    return problem.message.key in _LACKS


def _by_field(problems: tuple[Problem, ...], language: Language) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for each in problems:
        found.setdefault(_field_of(each), []).append(say(each, language))
    return found


def say(problem: Problem, language: Language) -> str:
    """Return what is wrong and what to do about it in a form: the catalogue's words are about a file and its quotes."""
    key = problem.message.key
    fix = FORM_FIXES[key].say(language) if key in FORM_FIXES else problem.fix(language)
    return f"{_what(problem, language)} {fix}".strip()


def _what(problem: Problem, language: Language) -> str:
    key = problem.message.key
    return FORM_PROBLEMS[key].say(language) if key in FORM_PROBLEMS else problem.what(language)


def beside(problems: Iterable[Problem], language: Language) -> list[Json]:
    """Return what is wrong with a file and cannot be seen in the form, such as a key that does not exist.

    A secret that stands in a file may have been read by others: that is said although its field says that it was not taken over.
    """
    return [
        each.say(language)
        for each in problems
        if each.message.key == "secret-literal" or not (_field_of(each) in FIELDS or _field_of(each) in SECTION_TITLES)
    ]


def _sentence(key: str, language: Language) -> str:
    return f"{FORM_PROBLEMS[key].say(language)} {FORM_FIXES[key].say(language)}"


def _note(field: Field, here: Judged, language: Language) -> str:
    """Return how a reference to a secret looks, or where the one that is there leads. Nobody asks for its value."""
    if field.kind != "secret-reference":
        return ""
    reference = parse_reference(str(here.entries[field.name]))
    if isinstance(reference, SecretReference):
        place = SECRET_KINDS[reference.kind].say(language, name=reference.name)
        return OPENING["leads-to"].say(language, place=place)
    hint = OPENING["looks-like"].say(language)
    return f"{hint} {OPENING['looks-like-lab'].say(language)}" if here.profile != "live" else hint


def lists(here: Judged, shown: Mapping[str, Json], language: Language) -> list[Json]:
    """Return what is missing and what has to be corrected: a heading with a count, and the fields it is about."""
    lacking = [name for name, field in shown.items() if field["lacks"]]
    wrong = [name for name, field in shown.items() if field["problems"] and not field["lacks"]]
    other = [say(each, language) for each in here.problems if _field_of(each) not in FIELDS]
    found: list[Json] = []
    if lacking:
        items = [{"name": name, "label": _label(name, language), "text": ""} for name in lacking]
        found.append({"heading": MISSING.say(language, count=len(items)), "items": items})
    if wrong or other:
        items = [{"name": name, "label": _label(name, language), "text": shown[name]["what"]} for name in wrong] + [
            {"name": "", "label": "", "text": text} for text in other
        ]
        found.append({"heading": WRONG.say(language, count=len(items)), "items": items})
    return found


def _label(name: str, language: Language) -> str:
    """Two sections have a way of signing in, and a certificate: the section says which is meant."""
    section = name.partition(".")[0]
    label = FIELD_WORDS[name].label.say(language)
    return f"{SECTION_TITLES[section].say(language)} · {label}" if "." in name else label


def summaries(here: Judged, language: Language) -> dict[str, Json]:
    """Return what each section holds, in a few words."""
    return {
        section.name: " · ".join(
            [*(part for field in section.fields for part in _in_short(field, here.entries[field.name], language))][
                :_MOST_IN_SUMMARY
            ]
        )
        for section in form()
    }


def _in_short(field: Field, entry: Entry, language: Language) -> Iterator[str]:
    if entry == field.empty and not (field.kind == "yes-no" and entry):
        return
    if field.kind == "yes-no":
        sign = "✓" if entry else "✗"
        yield f"{sign} {FIELD_WORDS[field.name].label.say(language)}"
    elif text := " ".join(str(entry).split()):
        yield text[:80]
