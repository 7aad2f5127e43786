"""The files themselves: what lies at the top, how long they are, and what must never be in them."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

import runbook_lib

TOP_LEVEL = {
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "docs",
    "environment.yml",
    "notebooks",
    "noxfile.py",
    "outputs",
    "parameters",
    "pyproject.toml",
    "requirements",
    "runbook_lib",
    "tests",
}

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Tables of data may be long: every message in both languages. Patterns below runbook_lib.
TABLES = ("texts/messages/*.py",)

VAGUE_NAMES = {"base", "common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}


def spelt(text: str) -> str:
    """Take out the middle dots: what is forbidden stands here with one, or this file would find itself."""
    return text.replace("·", "")


UNFINISHED = re.compile(spelt(r"\b(?:TO·DO|FIX·ME|XX·X|HA·CK)\b"))
# Absolute places of one machine. A path inside a longer one, such as docs/wo·rk/, is not meant.
PLACES = re.compile(spelt(r"(?<![\w.~/$}>-])/(?:wo·rk|ro·ot|ho·me/\w+|Us·ers/\w+|tmp/te·am)(?:/|\b)"))
REGISTRIES = re.compile(
    spelt(r"\b(?:py·pi\.(?:org|python)|python·hosted\.org|ana·conda\.(?:org|com)|npm·js\.(?:org|com)|deb·ian\.org)"),
    re.IGNORECASE,
)
# Tests speak to the lab, and every one of them runs.
EVASIONS = re.compile(
    spelt(r"unittest\.mo·ck|unittest import mo·ck|monkeypatch\.set·attr|pytest\.(?:sk·ip|xf·ail|import·orskip)|")
    + spelt(r"mark\.(?:sk·ip|xf·ail)")
)
# What decides, and so must be covered completely.
DECIDING = {"engine", "errors", "facts", "model", "ports", "runbooks"}
SENTENCE = 4  # words in a test's name that make it a sentence

TEXT = {".cfg", ".css", ".html", ".ipynb", ".json", ".md", ".ps1", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml", ""}


@pytest.fixture(scope="module")
def texts(files: list[Path], root: Path) -> dict[str, str]:
    """Path below the top to text, of every text file of ours."""
    return {str(file.relative_to(root)): file.read_text(encoding="utf-8") for file in files if file.suffix in TEXT}


@pytest.fixture(scope="module")
def modules_of_tests(texts: dict[str, str]) -> dict[str, ast.Module]:
    return {name: ast.parse(text) for name, text in texts.items() if re.fullmatch(r"tests/.*\btest_\w+\.py", name)}


def found(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """List `path:line: text` of every match."""
    return [
        f"{name}:{number}: {match.group()}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def ignored_at_the_top(root: Path) -> list[str]:
    """Patterns of .gitignore that can match an entry at the top."""
    lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    patterns = [line.strip("/") for line in lines if line and not line.startswith(("#", "!"))]
    return [pattern for pattern in patterns if "/" not in pattern]


def test_the_top_level_is_as_agreed(root: Path) -> None:
    ignored = ignored_at_the_top(root)
    present = {path.name for path in root.iterdir() if not any(fnmatch(path.name, pattern) for pattern in ignored)}

    assert present - {".git"} == TOP_LEVEL


def test_files_of_the_library_are_short(package: list[Path], root: Path) -> None:
    below = {file.relative_to(root / "runbook_lib").as_posix(): file for file in package}
    tables = {name for name in below if any(fnmatch(name, pattern) for pattern in TABLES)}
    lengths = {name: len(below[name].read_text(encoding="utf-8").splitlines()) for name in below.keys() - tables}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_of_the_library_are_short(package: list[Path]) -> None:
    long = [
        f"{file.name}:{node.name}: {node.end_lineno - node.lineno + 1}"
        for file in package
        for node in functions(ast.parse(file.read_text(encoding="utf-8")))
        if node.end_lineno is not None and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]

    assert long == []


def test_every_module_of_the_library_says_what_it_is_for(package: list[Path]) -> None:
    assert [file.name for file in package if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))] == []


def test_all_of_what_decides_must_be_covered(package: list[Path], root: Path) -> None:
    """The project file names the files; a module that becomes a folder must not slip out of the list."""
    traced = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]["run"]["include"]
    starts = tuple(pattern.removesuffix("*") for pattern in traced)
    below = [str(file.relative_to(root).as_posix()) for file in package]
    deciding = [name for name in below if name.split("/")[1].removesuffix(".py") in DECIDING]

    assert len(deciding) >= len(DECIDING)
    assert [name for name in deciding if not name.startswith(starts)] == []


def test_no_module_has_a_name_that_says_nothing(package: list[Path]) -> None:
    assert [str(file) for file in package if VAGUE_NAMES & {file.stem, file.parent.name}] == []


def test_nothing_is_left_unfinished(texts: dict[str, str]) -> None:
    assert found(UNFINISHED, texts) == []


def test_no_file_names_a_place_on_one_machine(texts: dict[str, str]) -> None:
    assert found(PLACES, texts) == []


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    assert found(REGISTRIES, texts) == []


def test_every_test_is_a_real_one(texts: dict[str, str]) -> None:
    """No patched product, no skipped test, no expected failure."""
    assert found(EVASIONS, {name: text for name, text in texts.items() if name.startswith("tests/")}) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNFINISHED, "# TO·DO later"),
        (PLACES, 'open("/wo·rk/main/x")'),
        (PLACES, "cd /ro·ot"),
        (PLACES, "see /ho·me/ada/notes"),
        (REGISTRIES, "https://py·pi.org/simple"),
        (REGISTRIES, "https://files.python·hosted.org/packages"),
        (EVASIONS, "from unittest import mo·ck"),
        (EVASIONS, "@pytest.mark.sk·ipif(True)"),
        (EVASIONS, "monkeypatch.set·attr(module, 'name', 1)"),
    ],
)
def test_each_forbidden_thing_would_be_found(pattern: re.Pattern[str], line: str) -> None:
    assert found(pattern, {"file": spelt(f"\n{line}\n")}) != []


@pytest.mark.parametrize(
    "line", ["docs/work/page.md", "$HOME/work", "the network", "C:\\Users\\ada", "v1.0/users/{id}"]
)
def test_what_only_resembles_a_place_is_allowed(line: str) -> None:
    assert found(PLACES, {"file": line}) == []


def test_every_test_module_says_what_it_tests(modules_of_tests: dict[str, ast.Module]) -> None:
    assert [name for name, tree in modules_of_tests.items() if not ast.get_docstring(tree)] == []


def test_every_test_states_its_property(modules_of_tests: dict[str, ast.Module]) -> None:
    """In its docstring, or in a name that is a sentence."""
    silent = [
        f"{name}: {node.name}"
        for name, tree in modules_of_tests.items()
        for node in functions(tree)
        if node.name.startswith("test_") and not ast.get_docstring(node)
        if len(node.name.removeprefix("test_").split("_")) < SENTENCE
    ]

    assert silent == []


def test_public_names_are_sorted_and_there() -> None:
    public = runbook_lib.__all__

    assert list(public) == sorted(public)
    assert len(set(public)) == len(public)
    assert [name for name in public if not hasattr(runbook_lib, name)] == []


def test_the_version_is_one_plain_literal(root: Path) -> None:
    """So that building reads it without importing the kit and all it needs."""
    tree = ast.parse((root / "runbook_lib" / "__init__.py").read_text(encoding="utf-8"))
    values = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        if any(isinstance(target, ast.Name) and target.id == "__version__" for target in node.targets)
    ]

    assert values == [runbook_lib.__version__]
    assert re.fullmatch(r"\d+\.\d+\.\d+", runbook_lib.__version__)


def test_notebooks_hold_no_outputs(texts: dict[str, str]) -> None:
    notebooks = {name: json.loads(text) for name, text in texts.items() if name.endswith(".ipynb")}
    code = {name: [cell for cell in book["cells"] if cell["cell_type"] == "code"] for name, book in notebooks.items()}

    assert [name for name in code if name.startswith("notebooks/")] != []
    assert [
        name for name, cells in code.items() if any(cell["outputs"] or cell["execution_count"] for cell in cells)
    ] == []
    assert [name for name, book in notebooks.items() if "papermill" in book["metadata"]] == []
