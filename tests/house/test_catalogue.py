"""The catalogue and the code name the same things: no sentence without a use, no use without a sentence, in two languages."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from runbook_lib import errors
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.model import Level, Provenance, Status
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts import MESSAGES, Text, panels, words
from runbook_lib.texts.advice import ADVICE
from runbook_lib.texts.commands import COMMANDS
from runbook_lib.texts.facts import FACT_NAMES, SETTING_NAMES, setting_name
from runbook_lib.texts.parameters import PARAMETER_HELP
from runbook_lib.texts.steps import RUNBOOKS as RUNBOOK_TEXTS
from runbook_lib.texts.steps import STEPS
from tests.rehearsal import CONNECT, DISABLE, PORTAL, PREFLIGHT, VERIFY, Rehearsal

ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
# Which argument of a call is the key of a message.
KEY_AT = dict.fromkeys(ERRORS | {"message", "blocker", "warning", "note", "contradiction", "disagrees", "kind"}, 0) | {
    "Breach": 1,
    "problem": 3,
}

# Said the same way in both languages: proper names, and words that French and English share.
ALIKE = {
    "Code",
    "Contradiction",
    "Mode",
    "Note",
    "Service",
    "Source",
    "Verdict",
    "restart_service, start_delta_cycle, wait_seconds",
    "{field}: {text} ({place})",
    "Version",
}


@pytest.fixture(scope="module")
def trees(package: list[Path]) -> dict[str, ast.Module]:
    """Every module of the library that is not itself the catalogue, by the end of its path: folders of one name are in two places."""
    spoken = [file for file in package if "texts" not in file.parts]
    return {"/".join(file.parts[-3:]): ast.parse(file.read_text(encoding="utf-8")) for file in spoken}


def keys_of_calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        at = KEY_AT.get(node.func.id)
        given = [] if at is None else node.args[at : at + 1]
        given += [keyword.value for keyword in node.keywords if keyword.arg == "key" and node.func.id in ERRORS]
        yield from (
            (node.lineno, key.value) for key in given if isinstance(key, ast.Constant) and isinstance(key.value, str)
        )


def literals(tree: ast.Module) -> Iterator[str]:
    yield from (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def patterns(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The fixed start and end of texts with something in between."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            last = node.values[-1]
            yield str(node.values[0].value), str(last.value) if isinstance(last, ast.Constant) else ""


def test_every_message_that_the_code_says_is_in_the_catalogue(trees):
    unknown = [
        f"{name}:{line}: {key}"
        for name, tree in trees.items()
        for line, key in keys_of_calls(tree)
        if key not in MESSAGES
    ]

    assert unknown == []


def test_every_message_of_the_catalogue_is_said_somewhere(trees):
    said = {text for tree in trees.values() for text in literals(tree)}
    composed = [(start, end) for tree in trees.values() for start, end in patterns(tree) if len(start) >= len("winrm-")]
    silent = {
        key
        for key in MESSAGES.keys() - said
        if not any(key.startswith(start) and key.endswith(end) for start, end in composed if start.endswith("-"))
    }

    assert silent == set()


@pytest.fixture(scope="module")
def facts_seen() -> set[str]:
    """The names of the facts of plans and applies over all tenants, as they are and with each fault."""
    seen: set[str] = set()
    for tenant in (spec.name for spec in TENANTS):
        for fault in ("", "double_hop", "no_licence"):
            for slug, provider in (
                (PREFLIGHT, "guided"),
                (CONNECT, "guided"),
                (PORTAL, "guided"),
                (PORTAL, "portal-api"),
                (VERIFY, "portal-api"),
            ):
                here = Rehearsal(tenant, *filter(None, [fault]))
                run = here.applied(slug, provider=provider, wait_seconds=0, pilot_user=f"adele@{tenant}.example")
                seen |= {known.name for result in run.results.values() for known in result.facts}
    for slug in (CONNECT, DISABLE):
        by_hand = Rehearsal("contoso").planned(slug, server_by_hand=True)
        seen |= {known.name for result in by_hand.results.values() for known in result.facts}
    return seen


def test_every_fact_that_a_run_shows_has_a_name_for_people_and_every_name_is_shown(facts_seen):
    assert facts_seen == FACT_NAMES.keys()


def settings_planned() -> set[str]:
    """The settings of everything that any plan may hold."""
    changes = [
        change
        for tenant, slug, asked in (
            ("contoso", CONNECT, {"restart_service": True, "start_delta_cycle": True}),
            ("fabrikam", PORTAL, {}),
            ("fabrikam", PORTAL, {"provider": "portal-api", "write_back": False, "unlock": False}),
        )
        for _, change in Rehearsal(tenant).planned(slug, **asked).plan.changes
    ]
    return {change.setting for change in changes}


def test_every_setting_that_a_plan_changes_has_a_name_for_people_and_no_other_has():
    assert settings_planned() == SETTING_NAMES.keys()


def test_a_setting_is_said_in_the_language_of_the_reader_and_one_without_a_name_as_it_is():
    assert setting_name("ADSync service", "fr") == "Service ADSync"
    assert setting_name("rights of CONTOSO\\x", "fr") == "rights of CONTOSO\\x"


@pytest.mark.parametrize("status", Status)
def test_every_state_has_a_word_and_a_sign(status):
    assert words.STATUS_WORDS[status]
    assert words.STATUS_SIGNS[status]


def test_no_word_is_for_a_state_that_does_not_exist():
    assert words.STATUS_WORDS.keys() == words.STATUS_SIGNS.keys() == set(Status)
    assert words.PROVENANCE_WORDS.keys() == set(Provenance)
    assert words.LEVEL_WORDS.keys() == set(Level)


def test_states_differ_by_their_word_in_both_languages():
    for language in ("en", "fr"):
        assert len({text.say(language) for text in words.STATUS_WORDS.values()}) == len(Status)


def test_every_runbook_and_step_is_described_and_nothing_else_is():
    assert RUNBOOK_TEXTS.keys() == RUNBOOKS.keys()
    assert STEPS.keys() == {step.id for runbook in RUNBOOKS.values() for step in runbook.steps}


def test_the_slug_of_a_runbook_is_the_name_of_its_module():
    assert {slug.replace("-", "_") for slug in RUNBOOKS} == {
        module.stem
        for module in Path(errors.__file__).parent.joinpath("runbooks").glob("*.py")
        if "\nRUNBOOK = " in module.read_text(encoding="utf-8")
    }


def texts_in(value: object) -> Iterator[Text]:
    """The texts of a table of words, however deep it is."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts_in(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))


def texts_of_panels() -> Iterator[Text]:
    for found in pkgutil.iter_modules(panels.__path__, f"{panels.__name__}."):
        yield from texts_in(vars(importlib.import_module(found.name)))


def all_texts() -> Iterator[Text]:
    yield from texts_of_panels()
    for entry in MESSAGES.values():
        yield from filter(None, (entry.what, entry.fix))
    for catalogue in (words.STATUS_WORDS, words.PROVENANCE_WORDS, words.LEVEL_WORDS, words.LADDER_WORDS, words.WORDS):
        yield from catalogue.values()
    for catalogue in (COMMANDS, PARAMETER_HELP, FACT_NAMES, SETTING_NAMES):
        yield from catalogue.values()
    for advice in ADVICE.values():
        yield from filter(None, (advice.cause, advice.fix))
    yield from words.ADVICE_PARTS.values()
    for described in (*RUNBOOK_TEXTS.values(), *STEPS.values()):
        yield from (getattr(described, name) for name in described.__dataclass_fields__)
    yield from (word for word in vars(words).values() if isinstance(word, Text))


def test_french_is_not_english():
    assert sorted({text.en for text in all_texts() if text.en == text.fr} - ALIKE) == []


def test_no_sentence_speaks_of_a_placeholder_by_another_name():
    for entry in MESSAGES.values():
        assert "{}" not in entry.what.en + (entry.fix.en if entry.fix else "")


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_lab_says_what_it_stands_for(fault):
    assert FAULTS[fault].stands_for
    assert FAULTS[fault].source
