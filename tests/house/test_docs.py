"""The pages say what the code says: every name has its entry, every command works, every link and test that is named exists."""

import inspect
import re
import shlex
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from runbook_lib import __version__, errors
from runbook_lib.cli import INTERRUPTED, NOBODY_LISTENS, VERBS
from runbook_lib.cli.parser import parse
from runbook_lib.facts import ACTIONS, READINGS
from runbook_lib.lab.faults import FAULTS
from runbook_lib.lab.tenants import TENANTS
from runbook_lib.model import EXIT_CODES, Level, Provenance, Status
from runbook_lib.parameters.attestation import AttestationFile
from runbook_lib.parameters.keys import Parameters
from runbook_lib.parameters.secret import KINDS
from runbook_lib.runbooks import RUNBOOKS
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.words import PROVENANCE_WORDS, STATUS_WORDS

LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED_TEST = re.compile(r"`(tests/[\w/.]+)(?:::(\w+))?`")
VERB = re.compile(r"(?:^ {4}|`)runbook ([a-z]+)", re.MULTILINE)
USAGE_PROBLEM = 2
SECTION_PARTS = ("When", "Sent", "What to do")

Row = list[str]


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[str, str]:
    """Path below the top to text, of every page."""
    found = [root / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")]
    found += sorted((root / "docs").rglob("*.md"))
    return {page.relative_to(root).as_posix(): page.read_text(encoding="utf-8") for page in found}


def sections(text: str) -> dict[str, str]:
    """Heading of the second level to the text below it."""
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[Row]:
    """The cells of every table row, in order."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def named(text: str) -> dict[str, Row]:
    """The table rows whose first cell is one name in backticks, by that name."""
    return {row[0].strip("`"): row for row in rows(text) if re.fullmatch(r"`[^`]+`", row[0])}


def keys(shape: type[BaseModel], above: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted name and type of every key that holds a value."""
    for name, field in shape.model_fields.items():
        kind = field.annotation
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            yield from keys(kind, f"{above}{name}.")
        else:
            yield f"{above}{name}", kind


def commands(text: str) -> list[str]:
    """The lines of code blocks, without their indentation."""
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def broken_links(root: Path, pages: dict[str, str]) -> list[str]:
    """List `page: link` of every link into the repository that leads nowhere."""
    return [
        f"{page}: {link}"
        for page, text in pages.items()
        for link in LINK.findall(text)
        if not link.startswith("https://") and not (root / page).parent.joinpath(link.partition("#")[0]).exists()
    ]


def missing_tests(root: Path, pages: dict[str, str]) -> list[str]:
    """List every test that a page names and that does not exist."""
    found = {match for text in pages.values() for match in NAMED_TEST.findall(text)}
    return [
        f"{file}::{name}"
        for file, name in sorted(found)
        if not (root / file).exists() or (name and f"def {name}(" not in (root / file).read_text(encoding="utf-8"))
    ]


def test_every_link_between_pages_resolves(root: Path, pages: dict[str, str]) -> None:
    assert broken_links(root, pages) == []
    assert broken_links(root, {"docs/a.md": "[b](nowhere.md) [c](why.md#one)"}) == ["docs/a.md: nowhere.md"]


def test_every_page_can_be_reached_from_the_readme(root: Path, pages: dict[str, str]) -> None:
    """A page that nothing links to is never read."""
    reached, waiting = set[str](), ["README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        targets = {((root / page).parent / link.partition("#")[0]).resolve() for link in LINK.findall(pages[page])}
        waiting += [name for name in pages if (root / name) in targets and name not in reached]

    assert set(pages) - reached - {"CHANGELOG.md"} == set()


def test_every_test_that_a_page_names_exists(root: Path, pages: dict[str, str]) -> None:
    assert missing_tests(root, pages) == []
    assert missing_tests(root, {"a.md": "`tests/house/test_docs.py::test_of_nothing`"}) == [
        "tests/house/test_docs.py::test_of_nothing"
    ]


def test_every_claim_of_the_readme_names_the_test_that_shows_it(pages: dict[str, str]) -> None:
    claims = rows(sections(pages["README.md"])["What you can rely on, and the test that shows it"])[2:]

    assert claims
    assert [claim for claim, test in claims if not NAMED_TEST.fullmatch(test)] == []


def test_the_readme_says_what_is_verified_only_against_the_lab(pages: dict[str, str]) -> None:
    said = " ".join(sections(pages["README.md"])["Verified only against the lab"].split())

    for subject in ("Windows", "PowerShell", "tenant", "Kerberos", "CredSSP", "undocumented", "conda", "Intel Macs"):
        assert subject in said


def test_every_command_in_a_page_is_understood(root: Path, pages: dict[str, str]) -> None:
    """Verbs exist, whole command lines parse, and the files they name are there."""
    typed = [line for text in pages.values() for line in commands(text)]
    lines = [line for line in typed if line.startswith("runbook ")]

    assert {verb for text in pages.values() for verb in VERB.findall(text)} == set(VERBS)
    assert len(lines) > len(VERBS) // 2
    for line in lines:
        assert parse(shlex.split(line)[1:], "en").verb in VERBS
    started = [name for line in typed for name in shlex.split(line) if name.startswith(("notebooks/", "parameters/"))]
    assert [name for name in started if not (root / name).exists() and "your-tenant" not in name] == []


def test_a_command_that_does_not_exist_would_be_found() -> None:
    with pytest.raises(errors.ParameterError):
        parse(["plan", "enable-connect-writeback", "--no-such-option"], "en")


def test_every_make_target_and_session_in_a_page_exists(root: Path, pages: dict[str, str]) -> None:
    makefile, noxfile = ((root / name).read_text(encoding="utf-8") for name in ("Makefile", "noxfile.py"))
    text = "\n".join(pages.values())
    targets = set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", text, re.MULTILINE))
    chosen = set(re.findall(r"nox -s ([a-z]+)", text))

    assert {"demo", "test"} <= targets <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert chosen
    assert chosen <= set(re.findall(r"^def ([a-z]+)\(session", noxfile, re.MULTILINE))


def test_the_changelog_begins_with_this_version(pages: dict[str, str]) -> None:
    first = next(name for name in sections(pages["CHANGELOG.md"]) if name != "[Unreleased]")

    assert re.fullmatch(rf"\[{re.escape(__version__)}\] - \d{{4}}-\d{{2}}-\d{{2}}", first)


def test_every_runbook_has_a_page_with_a_section_for_each_step(pages: dict[str, str]) -> None:
    """The section has the title, the page's labels in both languages, and all that the step reads and may change."""
    for slug, runbook in RUNBOOKS.items():
        found = sections(pages[f"docs/runbooks/{slug}.md"])
        assert list(found) == [f"{step.id.upper()} · {STEPS[step.id].title.en}" for step in runbook.steps]
        for step, text in zip(runbook.steps, found.values(), strict=True):
            where = STEPS[step.id].where
            assert f"- **Page**: {where.en} / {where.fr}\n" in text
            names = {reading.name for reading in step.readings} | set(step.changes)
            assert {name for name in names if f"`{name}`" not in text} == set()
            assert all(f"- **{part}" in text for part in ("Reads**", "May change**", "Done when**", "Sources**"))


def test_every_reading_and_action_has_its_row(root: Path, pages: dict[str, str]) -> None:
    found = named(pages["docs/readings.md"])
    scripts = {file.stem for file in (root / "runbook_lib/adapters/scripts").glob("[!_]*.ps1")}

    assert set(found) == set(READINGS) | set(ACTIONS)
    assert {name for name, row in found.items() if row[1] == f"`{name}.ps1`"} == scripts
    assert all(all(row) for row in found.values())


def test_every_error_has_a_section_that_says_when_what_was_sent_and_what_to_do(pages: dict[str, str]) -> None:
    found = sections(pages["docs/errors.md"])
    ours = {name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)}

    assert ours == {name for name in found if re.fullmatch(r"[A-Z]\w+", name)}
    for name in ours:
        text = found[name]
        assert [part for part in SECTION_PARTS if f"**{part}.**" not in text] == []
        said = re.search(r"Exit code (\d)", text.replace("\n", " "))
        if said:
            assert int(said[1]) == getattr(errors, name).exit_code, name


def test_every_exit_code_is_listed(pages: dict[str, str]) -> None:
    listed = [row[0] for row in rows(sections(pages["docs/errors.md"])["Exit codes"]) if row[0].isdecimal()]

    assert sorted(map(int, listed)) == sorted({*EXIT_CODES.values(), USAGE_PROBLEM, INTERRUPTED, NOBODY_LISTENS})


def test_every_status_has_its_exit_code(pages: dict[str, str]) -> None:
    found = named(sections(pages["docs/errors.md"])["From steps to exit codes"])

    assert {status: int(row[1]) for status, row in found.items()} == {
        status.value: code for status, code in EXIT_CODES.items()
    }


def test_the_glossary_has_every_status_provenance_level_and_kind_with_its_words(pages: dict[str, str]) -> None:
    found = sections(pages["docs/glossary.md"])
    states = {name: tuple(row[1:3]) for name, row in named(found["Status of a step"]).items()}
    ways = {name: row[1] for name, row in named(found["Provenance of a fact"]).items()}
    kinds = {step.kind for runbook in RUNBOOKS.values() for step in runbook.steps}

    assert states == {status.value: (STATUS_WORDS[status].en, STATUS_WORDS[status].fr) for status in Status}
    assert ways == {way.value: PROVENANCE_WORDS[way].fr for way in Provenance}
    assert set(named(found["Level of a finding"])) == {level.value for level in Level}
    assert set(named(found["Kind of a step"])) == kinds


def test_every_parameter_has_its_row_with_every_choice(pages: dict[str, str]) -> None:
    found = named(sections(pages["docs/parameters.md"])["Keys"])
    known = dict(keys(Parameters))

    assert set(found) == set(known)
    for name, kind in known.items():
        choices = [choice for choice in get_args(kind) if isinstance(choice, str)]
        assert [choice for choice in choices if f"`{choice}`" not in found[name][1]] == []


def test_every_kind_of_secret_reference_and_key_of_an_attestation_is_explained(pages: dict[str, str]) -> None:
    found = sections(pages["docs/parameters.md"])
    explained = set(re.findall(r"`([\w.]+)`", "\n".join(row[0] for row in rows(found["Attestation file"]))))

    assert {name.partition(":")[0] for name in named(found["Secrets"])} == set(KINDS)
    assert explained == {name for name, _ in keys(AttestationFile)}


def test_every_fault_and_tenant_of_the_lab_has_its_row(pages: dict[str, str]) -> None:
    found = sections(pages["docs/lab.md"])
    told = {name: tuple(row[1:]) for name, row in named(found["Faults"]).items()}

    assert told == {fault.name: (fault.side, fault.stands_for, fault.source) for fault in FAULTS.values()}
    assert set(named(found["The tenants"])) == {tenant.name for tenant in TENANTS}


def test_every_decision_has_a_date_and_says_what_would_change_it(pages: dict[str, str]) -> None:
    decisions = sections(pages["docs/why.md"])

    assert len(decisions) >= len(RUNBOOKS)
    for heading, text in decisions.items():
        assert re.match(r"\s*\d{4}-\d{2}-\d{2}\. ", text), heading
        assert "*Would change it*:" in " ".join(text.split()), heading


def test_everything_of_a_run_folder_and_every_event_of_the_journal_is_explained(
    root: Path, pages: dict[str, str]
) -> None:
    """What the library writes by name stands in the tables."""
    found = sections(pages["docs/evidence.md"])
    files = [root / "runbook_lib" / name for name in ("engine", "evidence", "notebook", "wiring")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in chain(*(folder.glob("*.py") for folder in files)))
    events = set(re.findall(r'(?:record|note)\(\s*"([a-z-]+)"', code))
    written = set(re.findall(r'write_json\("([\w.]+)"', code)) | {"journal.jsonl", "notebook.ipynb"}
    explained = set(re.findall(r"`([a-z-]+)`", "\n".join(row[0] for row in rows(found["The journal"]))))

    assert events
    assert explained == events
    assert [name for name in written if f"| `{name}` |" not in pages["docs/evidence.md"]] == []


def test_every_picture_has_its_place_in_a_page(root: Path, pages: dict[str, str]) -> None:
    """That those which pages name are there is what the test of the links says."""
    shown = {Path(link).name for text in pages.values() for link in LINK.findall(text) if link.endswith(".png")}

    assert shown == {path.name for path in (root / "docs" / "pictures").glob("*.png")}
