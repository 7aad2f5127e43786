"""What lies over all files for one command: a file, then single values; and every problem is told where it was said."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.parameters import InvalidParametersError, Over, read_fleet, read_over, read_parameters
from tests.unit.parameters.test_fleet_file import TENANT

Told = list[tuple[str, int | None, str, str]]


@pytest.fixture
def tenant(tmp_path: Path) -> Path:
    file = tmp_path / "contoso.yml"
    file.write_text(TENANT.format(number=1, name="contoso"), encoding="utf-8")
    return file


def file_of(tmp_path: Path, data: Any) -> str:
    (file := tmp_path / "over.yml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return str(file)


def told(error: InvalidParametersError) -> Told:
    return [(Path(each.file).name, each.line, each.field, each.message.key) for each in error.problems]


def refused(file: str, *sets: str) -> Told:
    with pytest.raises(InvalidParametersError) as error:
        read_over(file, sets)
    return told(error.value)


def test_single_values_lie_over_the_file_and_both_over_every_tenant(tmp_path: Path, tenant: Path) -> None:
    """Also over what a fleet's file says over a tenant."""
    over = read_over(
        file_of(tmp_path, {"language": "fr", "connect": {"wait_seconds": 60, "restart_service": True}}),
        ["connect.wait_seconds=90", "sspr.unlock=no", "pilot_user=", "connect.wait_seconds=120"],
    )
    entry = {"file": tenant.name, "overrides": {"connect": {"wait_seconds": 900, "start_delta_cycle": True}}}
    (fleet := tmp_path / "fleet.yml").write_text(yaml.safe_dump({"tenants": [entry]}))
    (in_fleet,) = read_fleet(fleet, over).tenants

    for read in (read_parameters(tenant, over), in_fleet.parameters):
        assert (read.language, read.pilot_user, read.sspr.unlock) == ("fr", None, False)
        assert (read.connect.wait_seconds, read.connect.restart_service) == (120, True)
    assert in_fleet.parameters.connect.start_delta_cycle
    assert read_parameters(tenant, read_over("", ())) == read_parameters(tenant)


def test_nothing_is_said_over_who_a_tenant_is_and_what_the_command_decides(tmp_path: Path) -> None:
    names = ("tenant", "run_id", "mode", "approved_plan", "rollback_of")
    assert refused(file_of(tmp_path, dict.fromkeys(names, "x"))) == [
        ("over.yml", names.index(name) + 1, name, "fleet-not-here") for name in sorted(names)
    ]
    assert refused("", "tenant.name=other", "mode=apply") == [
        ("--set tenant.name", None, "tenant", "fleet-not-here"),
        ("--set mode", None, "mode", "fleet-not-here"),
    ]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("language", "set-unreadable"),
        ("=fr", "set-unreadable"),
        ("a b=1", "set-unreadable"),
        ("connect.=1", "set-unreadable"),
        ("language=a: b", "set-value-unreadable"),
        ("language=[fr", "set-value-unreadable"),
        ("language=fr\nmode: apply", "set-value-unreadable"),
    ],
)
def test_what_is_no_name_and_value_is_refused_and_not_repeated(given: str, key: str) -> None:
    (problem,) = refused("", given)

    assert problem[3] == key


def test_a_value_that_does_not_fit_is_told_where_it_was_said_once_for_all_tenants(tmp_path: Path, tenant: Path) -> None:
    (other := tmp_path / "fabrikam.yml").write_text(TENANT.format(number=2, name="fabrikam"), encoding="utf-8")
    entries = [{"file": each.name, "overrides": {"language": "fr"}} for each in (tenant, other)]
    (fleet := tmp_path / "fleet.yml").write_text(yaml.safe_dump({"tenants": entries}))
    over = read_over(file_of(tmp_path, {"grant_permissions": "perhaps"}), ["language=latin", "conect.wait_seconds=1"])
    expected = {
        ("over.yml", 1, "grant_permissions", "parameter-not-yes-or-no"),
        ("--set language", None, "language", "parameter-not-a-choice"),
        ("--set conect.wait_seconds", None, "conect", "parameter-unknown-near"),
    }

    with pytest.raises(InvalidParametersError) as of_file:
        read_parameters(tenant, over)
    with pytest.raises(InvalidParametersError) as of_fleet:
        read_fleet(fleet, over)
    assert set(told(of_file.value)) == expected
    assert sorted(told(of_fleet.value), key=str) == sorted(expected, key=str)


def test_a_secret_that_is_set_in_clear_is_refused_without_being_repeated(tenant: Path) -> None:
    over: Over = read_over("", ["sync_server.password=hunter2-canary"])

    with pytest.raises(InvalidParametersError) as error:
        read_parameters(tenant, over)
    assert "hunter2-canary" not in error.value.say("en")
    assert "--set sync_server.password" in error.value.say("en")
