"""A fleet's file says which tenants there are; defaults and overrides reach their parameters, and every problem is told where it is."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.parameters import InvalidParametersError, read_fleet
from runbook_lib.parameters.overriding import merged

TENANT = """
profile: live
tenant:
  id: 00000000-0000-4000-8000-00000000{number:04d}
  name: {name}
sync_server:
  endpoint: https://{name}.example:5986/wsman
  transport: ntlm
  username: sync@{name}.example
  password: keyring:sync/{name}
sign_in:
  method: device-code
  client_id: 00000000-0000-4000-8000-000000000000
connect:
  wait_seconds: 300
"""

JSON = st.recursive(
    st.integers() | st.text(max_size=3), lambda inside: st.dictionaries(st.sampled_from("abc"), inside, max_size=3)
)
LAYERS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tenants").mkdir()
    for number, name in enumerate(("eu-one", "eu-two", "us-one"), 1):
        text = TENANT.format(number=number, name=name)
        (tmp_path / "tenants" / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def fleet(folder: Path, data: Any) -> Path:
    file = folder / "fleet.yml"
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return file


def refused(folder: Path, data: Any) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(InvalidParametersError) as error:
        read_fleet(fleet(folder, data))
    return [(Path(each.file).name, each.line, each.field, each.message.key) for each in error.value.problems]


def test_defaults_lie_below_a_tenants_file_and_overrides_above_it(folder: Path) -> None:
    read = read_fleet(
        fleet(
            folder,
            {
                "defaults": {"language": "fr", "connect": {"wait_seconds": 60, "restart_service": True}},
                "tenants": [
                    {"file": "tenants/eu-*.yml", "tags": ["eu", "pilot"]},
                    {"file": "tenants/us-one.yml", "overrides": {"connect": {"wait_seconds": 900}}},
                ],
                "run": {"waves": "1,rest", "freeze": ["2026-12-25"]},
            },
        )
    )

    found = {each.parameters.tenant.name: each for each in read.tenants}
    assert list(found) == ["eu-one", "eu-two", "us-one"]
    assert {name: each.parameters.connect.wait_seconds for name, each in found.items()} == {
        "eu-one": 300,
        "eu-two": 300,
        "us-one": 900,
    }
    assert all(each.parameters.language == "fr" and each.parameters.connect.restart_service for each in read.tenants)
    assert [sorted(each.tags) for each in read.tenants] == [["eu", "pilot"], ["eu", "pilot"], []]
    assert (read.run.waves, read.run.freeze) == ("1,rest", ("2026-12-25",))


@given(LAYERS, LAYERS)
def test_of_two_layers_the_upper_one_holds_and_nothing_is_lost(under: Any, over: Any) -> None:
    both = merged(under, over)

    assert both.keys() == under.keys() | over.keys()
    assert merged(both, over) == both
    assert merged({}, over) == over
    assert merged(under, {}) == under


def test_a_thousand_tenants_are_read(folder: Path) -> None:
    read = read_fleet(fleet(folder, {"tenants": [{"file": "tenants/eu-one.yml"}, {"file": "tenants/us-one.yml"}]}))
    many = [{"file": f"tenants/missing-{number}.yml", "tags": ["eu"]} for number in range(1000)]

    assert len(read.tenants) == 2
    assert {each[3] for each in refused(folder, {"tenants": many})} == {"file-unreadable"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"tenants": []}, ("fleet.yml", 1, "tenants", "fleet-without-tenants")),
        ({}, ("fleet.yml", 1, "tenants", "parameter-missing")),
        ({"tenants": [{"file": "tenants/nobody-*.yml"}]}, ("fleet.yml", 2, "tenants[1].file", "fleet-no-files")),
        ({"tenants": [{"file": "/tmp/*.yml"}]}, ("fleet.yml", 2, "tenants[1].file", "fleet-no-files")),
        ({"tenants": [{"fil": "a.yml"}]}, ("fleet.yml", 2, "tenants[1].file", "parameter-missing")),
        ({"tenants": [{"file": "tenants/eu-one.yml", "tags": ["Not A Tag"]}]}, ("fleet.yml", 4, "tenants[1].tags[1]", "parameter-not-a-tag")),
        ({"tenants": [{"file": "tenants/eu-one.yml", "overrides": {"mode": "apply"}}]}, ("fleet.yml", 4, "tenants[1].overrides.mode", "fleet-not-here")),
        ({"defaults": {"tenant": {"name": "x"}}, "tenants": [{"file": "tenants/eu-one.yml"}]}, ("fleet.yml", 2, "defaults.tenant", "fleet-not-here")),
        ({"defaults": {"languag": "fr"}, "tenants": [{"file": "tenants/eu-one.yml"}]}, ("fleet.yml", 2, "languag", "parameter-unknown-near")),
        ({"tenants": [{"file": "tenants/eu-one.yml", "overrides": {"connect": {"wait_seconds": "long"}}}]}, ("fleet.yml", 5, "connect.wait_seconds", "parameter-not-a-number")),
        ({"tenants": [{"file": "tenants/eu-*.yml"}, {"file": "tenants/eu-two.yml"}]}, ("fleet.yml", 3, "tenants[2].file", "fleet-file-twice")),
    ],
    ids=lambda value: value[3] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_problem_is_told_with_its_file_and_line(folder: Path, data: Any, expected: Any) -> None:
    assert expected in refused(folder, data)


def test_a_problem_of_a_tenants_own_file_is_told_there(folder: Path) -> None:
    file = folder / "tenants" / "eu-one.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("ntlm", "ntml"), encoding="utf-8")

    (found,) = refused(folder, {"tenants": [{"file": "tenants/*.yml"}]})
    assert found[:3] == ("eu-one.yml", 8, "sync_server.transport")
