"""A tenant's file that is written reads back the same, holds no secret, and never takes the place of another by accident."""

import stat
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given

from runbook_lib.errors import ParameterError
from runbook_lib.parameters import check_parameters, read_parameters, write_parameters
from tests.unit.parameters.valid import ALL_KEYS

Change = Callable[..., dict[str, Any]]


@given(ALL_KEYS)
def test_what_is_written_reads_back_the_same(values: dict[str, Any]) -> None:
    parameters = check_parameters(values)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tenant.yml"
        write_parameters(path, parameters)

        assert read_parameters(path) == parameters


def test_only_what_is_required_or_differs_from_the_defaults_is_written(changed: Change, tmp_path: Path) -> None:
    path = tmp_path / "new" / "tenant.yml"
    (tmp_path / "schema.json").touch()
    write_parameters(path, check_parameters(changed(connect__wait_seconds=300, sspr__unlock=False, pilot_user="")))

    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=../schema.json"
    assert yaml.safe_load("\n".join(lines)) == {
        "profile": "live",
        "tenant": {"id": "1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f", "name": "contoso"},
        "sync_server": {
            "endpoint": "https://sync1.contoso.com:5986/wsman",
            "transport": "ntlm",
            "username": "CONTOSO\\svc-runbook",
            "password": "env:SYNC_PASSWORD",
        },
        "sign_in": {"method": "device-code", "client_id": "5e6f7a8b-0000-4000-8000-5e6f7a8b9c0d"},
        "sspr": {"unlock": False},
    }


def test_only_its_owner_can_read_it(changed: Change, tmp_path: Path) -> None:
    path = tmp_path / "tenant.yml"
    path.write_text("", encoding="utf-8")
    path.chmod(0o644)
    write_parameters(path, check_parameters(changed()), replace=True)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_stays_as_it_is_unless_it_may_be_replaced(changed: Change, tmp_path: Path) -> None:
    path = tmp_path / "tenant.yml"
    path.write_text("precious", encoding="utf-8")

    with pytest.raises(ParameterError) as caught:
        write_parameters(path, check_parameters(changed()))
    assert caught.value.message.key == "parameters-already-there"
    assert path.read_text(encoding="utf-8") == "precious"

    write_parameters(path, check_parameters(changed()), replace=True)
    assert read_parameters(path).tenant.name == "contoso"
    assert [each.name for each in tmp_path.iterdir()] == ["tenant.yml"]


def test_what_cannot_be_written_leaves_nothing_behind(changed: Change, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "tenant.yml").mkdir()

    for path in (tmp_path / "file" / "tenant.yml", tmp_path / "a\0b.yml", tmp_path / f"{'x' * 250}.yml"):
        with pytest.raises(ParameterError) as caught:
            write_parameters(path, check_parameters(changed()))
        assert caught.value.message.key == "parameters-cannot-write"
    with pytest.raises(ParameterError, match=r"tenant\.yml"):
        write_parameters(tmp_path / "tenant.yml", check_parameters(changed()), replace=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "tenant.yml"]
