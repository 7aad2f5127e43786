"""A notebook loses its secrets and nothing else: its own words stay, whatever a secret may be called."""

import json
from typing import Any

import pytest

from runbook_lib.evidence import DEVICE_CODE, REDACTED, Found, NotebookRedactor, Redactor

SECRET = "cAn4ry-2026"
PEM = ["-----BEGIN PRIVATE KEY-----\n", "MC4CAQAwBQYDK2VwBCIEIA\n", "-----END PRIVATE KEY-----\n"]


def notebook(*outputs: Any, source: Any = "", **metadata: Any) -> dict[str, Any]:
    cell = {
        "cell_type": "code",
        "id": "a",
        "execution_count": 1,
        "metadata": {},
        "source": source,
        "outputs": list(outputs),
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    return {"cells": [cell], "metadata": {**kernel, **metadata}, "nbformat": 4, "nbformat_minor": 5}


def cleaned(data: dict[str, Any], *secrets: str) -> dict[str, Any]:
    return NotebookRedactor(Redactor(secrets), Found()).notebook(data)


@pytest.mark.parametrize(
    "made",
    [
        notebook({"output_type": "stream", "name": "stdout", "text": f"a {SECRET}"}),
        notebook({"output_type": "stream", "name": "stdout", "text": ["a\n", SECRET]}),
        notebook({"output_type": "error", "ename": SECRET, "evalue": SECRET, "traceback": [f"x {SECRET}"]}),
        notebook(
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["\x1b[31mcAn4\x1b[0mry\x1b[1m-2026"]}
        ),
        notebook(
            {
                "output_type": "display_data",
                "data": {"text/html": ["<b>cAn4", "ry-2026</b>"]},
                "metadata": {"n": SECRET},
            }
        ),
        notebook({"output_type": "display_data", "data": {"application/json": {SECRET: 1}}, "metadata": {}}),
        notebook(source=["password = (\n", f"'{SECRET}')"]),
        notebook(papermill={"parameters": {"change": {"number": SECRET}}, "exception": SECRET}),
        notebook({"output_type": "stream", "name": "stdout", "text": PEM}),
    ],
)
def test_a_secret_is_taken_out_wherever_a_notebook_holds_text(made: dict[str, Any]) -> None:
    clean = json.dumps(cleaned(made, SECRET))

    assert not any(part in clean for part in (SECRET, "cAn4", "MC4CAQ"))
    assert REDACTED in clean


@pytest.mark.parametrize(
    "word", ["cells", "stream", "stdout", "text", "python3", "python", "metadata", "code", "outputs"]
)
def test_the_words_of_the_format_stay(word: str) -> None:
    made = notebook({"output_type": "stream", "name": "stdout", "text": f"say {word}"})
    clean = cleaned(made, word)

    assert clean["cells"][0]["outputs"] == [{"output_type": "stream", "name": "stdout", "text": f"say {REDACTED}"}]
    assert {**clean["cells"][0], "outputs": []} == {**made["cells"][0], "outputs": []}
    assert clean["metadata"] == made["metadata"]


def test_a_code_that_a_person_must_see_is_spared_on_the_screen_only() -> None:
    redactor = Redactor()
    redactor.learn("KHB9Z2PTG", rule=DEVICE_CODE)
    shown = {"data": {"text/html": "<b>KHB9Z2PTG</b>"}, "metadata": {}}

    assert NotebookRedactor(redactor, Found(), {DEVICE_CODE}).output(shown) == shown
    assert NotebookRedactor(redactor, Found()).output(shown)["data"] == {"text/html": f"<b>{REDACTED}</b>"}
