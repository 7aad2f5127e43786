"""What the house rules look at: the files of the repository."""

import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = frozenset({".git", ".hypothesis", ".ipynb_checkpoints", ".nox", "__pycache__", "build", "dist", "htmlcov"})

# Real PowerShell is not to be had everywhere; a test that never runs would only look like one.
HAS_PWSH = shutil.which("pwsh") is not None
collect_ignore = [] if HAS_PWSH else ["test_pwsh.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so when the scripts were not run in real PowerShell."""
    if not HAS_PWSH:
        terminalreporter.write_line("pwsh: not on the PATH, scripts not run in real PowerShell")


def _walk(top: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(top):
        names[:] = [name for name in names if not _is_made_by_a_tool(name)]
        yield from (Path(folder, name) for name in files if not _is_made_by_a_tool(name))


def _is_made_by_a_tool(name: str) -> bool:
    return name in NOT_OURS or name.startswith((".coverage", ".venv")) or name.endswith((".egg-info", "_cache"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Every file of ours, as absolute paths. What runs left under outputs/ is the operator's."""
    runs = {path for path in (ROOT / "outputs").iterdir() if path.is_dir()}
    return [file for file in sorted(_walk(ROOT)) if runs.isdisjoint(file.parents)]


@pytest.fixture(scope="session")
def package(files: list[Path]) -> list[Path]:
    """Every Python file of the library."""
    return [file for file in files if file.suffix == ".py" and file.is_relative_to(ROOT / "runbook_lib")]


@pytest.fixture(scope="session")
def pyproject() -> dict[str, Any]:
    """The project file, parsed."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
