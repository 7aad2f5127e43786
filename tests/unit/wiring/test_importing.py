"""What is imported without what it would bring along: it is spared, nobody misses it, and who wants it still has it."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from runbook_lib.wiring.importing import CLOUDS_OF_PAPERMILL, IRI_GRAMMAR, without


def ended(*lines: str) -> str:
    """What a process of its own prints that runs these lines."""
    command = [sys.executable, "-c", "\n".join(lines)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("module", ["runbook_lib.notebook.kept", "runbook_lib.notebook.generate"])
def test_the_grammar_is_not_compiled_for_a_notebook(module: str) -> None:
    assert (
        ended(f"import sys, {module}", f"print('jsonschema' in sys.modules, {IRI_GRAMMAR!r} in sys.modules)")
        == "True False"
    )


def test_no_client_of_a_cloud_is_imported_for_a_fleet_and_who_needs_one_afterwards_has_it() -> None:
    lines = (
        "import sys",
        "from runbook_lib.fleet.preparing import meanwhile_prepared",
        "with meanwhile_prepared():",
        "    pass",
        "print('papermill' in sys.modules, [name for name in sys.modules if name.startswith(('azure', 'pyarrow'))])",
        *(f"print({name!r} in sys.modules)" for name in CLOUDS_OF_PAPERMILL),
        "from papermill.abs import AzureBlobStore",
        "print(AzureBlobStore.__name__)",
    )

    said = ended(*lines).splitlines()

    assert said == ["True []", *["False"] * len(CLOUDS_OF_PAPERMILL), "AzureBlobStore"]


def test_who_needs_the_grammar_afterwards_has_it() -> None:
    lines = (
        "from runbook_lib.wiring.importing import IRI_GRAMMAR, without",
        "with without(IRI_GRAMMAR):",
        "    import nbformat",
        f"from {IRI_GRAMMAR} import is_valid_syntax",
        "print(is_valid_syntax('iri', 'https://é.example/'))",
    )

    assert ended(*lines) == "True"


def test_a_grammar_that_is_there_already_stays() -> None:
    there = __import__(IRI_GRAMMAR)
    with without(IRI_GRAMMAR):
        assert sys.modules[IRI_GRAMMAR] is there
    assert sys.modules[IRI_GRAMMAR] is there


def test_no_notebook_has_a_field_of_that_format() -> None:
    schemas = list(Path(nbformat.__file__).parent.rglob("*.schema.json"))

    assert len(schemas) > 3
    assert [path.name for path in schemas if '"iri' in path.read_text(encoding="utf-8")] == []
