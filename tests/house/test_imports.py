"""The import contracts of pyproject.toml hold, and each of them refuses what it should."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

POINTS_DOWN = "Imports point down"
NO_IO = "What decides does no I/O"

# Where a line is added, the line, and the contract that must refuse it.
VIOLATIONS = [
    ("model", "import runbook_lib.facts", POINTS_DOWN),
    ("texts", "import runbook_lib.errors", POINTS_DOWN),
    ("facts", "import runbook_lib.adapters", POINTS_DOWN),
    ("engine", "import runbook_lib.runbooks", POINTS_DOWN),
    ("runbooks", "import runbook_lib.engine", POINTS_DOWN),
    ("lab", "import runbook_lib.adapters", POINTS_DOWN),
    ("evidence", "import runbook_lib.parameters", POINTS_DOWN),
    ("notebook", "import runbook_lib.fleet", POINTS_DOWN),
    ("utils", "", POINTS_DOWN),
    ("runbooks", "import os", NO_IO),
    ("engine", "from time import sleep", NO_IO),
    ("texts", "import logging", NO_IO),
    ("facts", "import pandas", NO_IO),
    ("lab", "import winrm", "Only adapters imports msal, requests and winrm"),
    ("evidence", "import requests", "Only adapters imports msal, requests and winrm"),
    ("wiring", "import msal", "Only adapters imports msal, requests and winrm"),
    ("wiring", "import msal_extensions", "Only adapters imports msal, requests and winrm"),
    ("notebook", "import papermill", "Only fleet imports papermill"),
    ("cli", "import pandas", "Only notebook imports anywidget, IPython, ipywidgets, nbconvert and pandas"),
    ("evidence", "from PIL import Image", "Only notebook and parameters import Pillow"),
    ("lab", "import yaml", "Only parameters imports yaml"),
    ("adapters", "import uvicorn", "Only lab imports starlette and uvicorn"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the package that lies in a folder beside its pyproject.toml."""
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its contracts, to be spoilt one line at a time."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copy(root / "pyproject.toml", folder)
    ignored = shutil.ignore_patterns("__pycache__", "*.ps1", "*.json")
    shutil.copytree(root / "runbook_lib", folder / "runbook_lib", ignore=ignored)
    return folder


def module_file(folder: Path, layer: str) -> Path:
    """Find the file of a layer, whether it is a module or a package."""
    package = folder / "runbook_lib" / layer
    return package / "__init__.py" if package.is_dir() else package.with_suffix(".py")


def test_the_package_keeps_its_contracts(root: Path) -> None:
    checked = lint(root)

    assert "0 broken" in checked.stdout, checked.stdout + checked.stderr
    assert checked.returncode == 0


@pytest.mark.parametrize(("layer", "line", "contract"), VIOLATIONS)
def test_a_forbidden_import_is_refused(copy: Path, layer: str, line: str, contract: str) -> None:
    file = module_file(copy, layer)
    before = file.read_bytes() if file.exists() else None
    try:
        file.write_bytes((before or b"") + f"\n{line}\n".encode())
        checked = lint(copy)
    finally:
        file.unlink() if before is None else file.write_bytes(before)

    assert f"{contract} BROKEN" in checked.stdout, checked.stdout + checked.stderr
    assert checked.returncode == 1
