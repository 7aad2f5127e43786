"""What the package imports, what pyproject.toml declares and what environment.yml installs are the same."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Not in the conda-forge channel under a name of their own; pip installs them into the same environment.
FROM_PIP = {"jupyterlab-language-pack-fr-fr", "tree-sitter", "tree-sitter-pwsh"}

# Halves of one whole: the second always comes, in the one fitting version, with the first.
COMES_WITH = {"pydantic-core": "pydantic"}

# Declared although no module imports them by name.
NOT_IMPORTED = {
    "jupyterlab": "where an operator opens the notebooks",
    "jupyterlab-language-pack-fr-fr": "JupyterLab's own menus in French",
    "python-multipart": "starlette reads forms with it",
}

# Extras whose modules are imported only once somebody asks for what they are for, and where.
BEHIND = {"distributed": "runbook_lib/fleet/cluster/"}


@pytest.fixture(scope="module")
def declared(pyproject: dict[str, Any]) -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, pyproject["project"]["dependencies"])}


@pytest.fixture(scope="module")
def environment(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def from_conda(environment: dict[str, Any]) -> dict[str, str]:
    """Name to range, of what conda itself installs."""
    stated = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    return {name: versions for name, _, versions in (entry.partition(" ") for entry in stated)}


@pytest.fixture(scope="module")
def from_pip(environment: dict[str, Any]) -> list[str]:
    (nested,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    return list(nested)


def parts(versions: str) -> set[str]:
    """Split a range, so that the order in which it is written does not matter."""
    return set(filter(None, re.split(r",\s*", versions)))


def top_level_imports(source: str) -> Iterator[str]:
    """List the top-level packages a module imports from outside the kit and the standard library."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            if top != "runbook_lib" and top not in sys.stdlib_module_names:
                yield top


@pytest.fixture(scope="module")
def imported(package: list[Path]) -> set[str]:
    """Distributions whose packages the kit imports."""
    tops = {top for file in package for top in top_level_imports(file.read_text(encoding="utf-8"))}
    providers = packages_distributions()
    names = {canonicalize_name(name) for top in tops for name in providers.get(top, [f"nobody-provides-{top}"])}
    return {COMES_WITH.get(name, name) for name in names}


def test_everything_imported_is_declared(imported: set[str], declared: dict[str, Requirement]) -> None:
    assert imported - declared.keys() == BEHIND.keys()


def test_an_extra_is_imported_only_behind_what_asks_for_it(package: list[Path], root: Path) -> None:
    """Not by whoever never asks for it."""
    import_all = "import sys, runbook_lib.cli, runbook_lib.notebook; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", import_all], capture_output=True, text=True, check=True).stdout

    for extra, place in BEHIND.items():
        using = [file for file in package if extra in top_level_imports(file.read_text(encoding="utf-8"))]
        assert all(file.relative_to(root).as_posix().startswith(place) for file in using)
        assert extra not in loaded.split()


def test_everything_declared_is_imported_or_has_its_reason(
    imported: set[str], declared: dict[str, Requirement]
) -> None:
    assert declared.keys() - imported == NOT_IMPORTED.keys()


def test_conda_and_pip_together_install_what_is_declared(
    from_conda: dict[str, str], from_pip: list[str], declared: dict[str, Requirement]
) -> None:
    listed = {canonicalize_name(name) for name in from_conda.keys() - {"pip", "python"}}
    added = {canonicalize_name(Requirement(line).name) for line in from_pip if line != "-e ."}

    assert listed | added == declared.keys()
    assert added == FROM_PIP


def test_ranges_are_those_of_pyproject(
    from_conda: dict[str, str], from_pip: list[str], declared: dict[str, Requirement], pyproject: dict[str, Any]
) -> None:
    ranges = {name: parts(str(requirement.specifier)) for name, requirement in declared.items()}
    stated = {canonicalize_name(name): parts(versions) for name, versions in from_conda.items()}
    stated |= {r.name: parts(str(r.specifier)) for r in map(Requirement, set(from_pip) - {"-e ."})}

    assert stated == ranges | {"pip": set(), "python": parts(pyproject["project"]["requires-python"])}


def test_the_environment_holds_the_kit_itself(environment: dict[str, Any], from_pip: list[str]) -> None:
    """So that the command `runbook` is there, as after `make demo`."""
    assert environment["name"] == "runbook-kit"
    assert from_pip[-1] == "-e ."


def test_the_one_channel_is_a_name_not_a_place(environment: dict[str, Any]) -> None:
    assert environment["channels"] == ["conda-forge"]


def test_everything_has_a_lowest_version(declared: dict[str, Requirement]) -> None:
    assert [name for name, r in declared.items() if not any(s.operator == ">=" for s in r.specifier)] == []
