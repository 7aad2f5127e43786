"""The schema that editors use agrees with what the kit accepts."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from runbook_lib.parameters import parameter_names
from runbook_lib.parameters.schema import schema_text

Change = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(schema_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_complete_parameters_are_valid(validator: Draft202012Validator, changed: Change) -> None:
    validator.validate(changed())


def test_a_server_left_to_a_person_needs_no_address(validator: Draft202012Validator, changed: Change) -> None:
    validator.validate(changed(sync_server={"method": "guided"}))


@pytest.mark.parametrize(
    "change",
    [
        {"profile": ...},
        {"sync_server__endpoint": ...},
        {"sync_server": {"method": "powershell"}},
        {"mdoe": "plan"},
        {"tenant__id": "contoso"},
        {"tenant__name": "../x"},
        {"sync_server__endpoint": "https://sync1/wsman"},
        {"sync_server__password": "hunter2"},
        {"sync_server__deadline_seconds": 5},
        {"change__number": 12345},
        {"sspr__provider": "graph"},
    ],
    ids=str,
)
def test_an_editor_marks_what_the_kit_refuses(
    validator: Draft202012Validator, changed: Change, change: dict[str, Any]
) -> None:
    assert not validator.is_valid(changed(**change))


def test_every_key_is_explained() -> None:
    schema = json.loads(schema_text())
    sections = {"": schema, **schema["$defs"]}
    keys = {(name, key): found for name, section in sections.items() for key, found in section["properties"].items()}

    assert [key for name, key in keys if not name] == list(parameter_names())
    explained = {
        place: found | sections.get(found.get("$ref", "").rpartition("/")[2], {}) for place, found in keys.items()
    }
    assert [place for place, found in explained.items() if not found.get("description")] == []


def test_the_command_of_the_module_writes_the_schema() -> None:
    command = [sys.executable, "-m", "runbook_lib.parameters.schema"]

    assert subprocess.run(command, capture_output=True, check=True).stdout == schema_text().encode()
