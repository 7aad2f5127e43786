"""Who is run and how, as the command line and a fleet's file say it: chosen by name, tag and last outcome, in waves, in a window."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.evidence import read_journal
from runbook_lib.model import Plan, as_json
from tests.notebooks.served import CONNECT, PREFLIGHT, Served
from tests.unit.cli.conftest import Ended, Runbook

TENANTS = ("contoso", "fabrikam", "tailspin")
TAGS = {"contoso": ["eu", "pilot"], "fabrikam": ["eu"], "tailspin": ["us"]}
# Outside this window at every minute of the day but one.
CLOSED = ("--freeze", "2000-01-01/2999-12-31")


@pytest.fixture
def fleet(lab: Served, tmp_path: Path) -> Path:
    """A fleet's file for the three tenants of the lab."""
    entries = [{"file": str(lab.file(name, language="en")), "tags": TAGS[name]} for name in TENANTS]
    data: dict[str, Any] = {"defaults": {"connect": {"wait_seconds": 30}}, "tenants": entries}
    (file := tmp_path / "fleet.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    return file


def planned(runbook: Runbook, fleet: Path, *options: str, slug: str = PREFLIGHT) -> Ended:
    return runbook("plan", slug, "--fleet", fleet, "--json", "--language", "en", *options)


def names(ended: Ended) -> list[str]:
    return [each["tenant"] for each in ended.document]


def test_a_fleet_is_run_in_waves_with_what_its_file_says_of_all(lab: Served, runbook: Runbook, fleet: Path) -> None:
    ended = planned(runbook, fleet, "--waves", "1,rest", "--jobs", "2")

    assert names(ended) == list(TENANTS)
    (batch,) = (lab.outputs / "_batches").glob("*.json")
    assert [each["tenant"] for each in json.loads(batch.read_bytes())["planned"]] == list(TENANTS)
    assert [line for line in ended.err.splitlines() if line.startswith("Wave")] == [
        "Wave 1 of 2: 1 tenant.",
        "Wave 2 of 2: 2 tenants.",
    ]
    for each in ended.document:
        opened = read_journal(Path(each["folder"]) / "journal.jsonl")[0].data
        assert opened["parameters"]["connect"]["wait_seconds"] == (120 if each["tenant"] == "fabrikam" else 30)


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        (("--limit", "tag:eu"), ["contoso", "fabrikam"]),
        (("--limit", "tail*", "contoso"), ["contoso", "tailspin"]),
        (("--exclude", "tag:pilot", "tag:us"), ["fabrikam"]),
        (("--limit", "tag:eu", "--exclude", "fabrikam"), ["contoso"]),
    ],
)
def test_those_are_run_who_are_meant(
    lab: Served, runbook: Runbook, fleet: Path, options: tuple[str, ...], meant: list[str]
) -> None:
    """Who is meant is named before anybody is run; here the days are frozen, so nobody is."""
    ended = runbook("plan", PREFLIGHT, "--fleet", fleet, "--language", "en", *options, *CLOSED)

    assert f"Not run: {', '.join(meant)}." in ended.out
    assert [lab.runs(tenant) for tenant in TENANTS] == [[], [], []]


def test_nobody_is_run_outside_the_window(lab: Served, runbook: Runbook, fleet: Path) -> None:
    ended = planned(runbook, fleet, *CLOSED)

    assert "The change window is closed" in ended.err
    assert ended.code == 1


def test_who_failed_last_is_run_again_and_nobody_else(lab: Served, runbook: Runbook, fleet: Path) -> None:
    lab.world.tenant("tailspin").faults.add("access_denied")
    first = planned(runbook, fleet, slug=CONNECT)
    failed = [each["tenant"] for each in first.document if each["exit_code"] == 1]
    assert failed == ["tailspin"]

    lab.world.tenant("tailspin").faults.discard("access_denied")
    again = planned(runbook, fleet, "--limit", "@failed", slug=CONNECT)
    assert names(again) == failed
    assert again.code in {0, 3}

    refused = planned(runbook, fleet, "--limit", "@failed", slug=CONNECT)
    assert refused.code == 2
    assert "nobody is left" in refused.err


def test_the_next_command_names_the_tenant_within_its_fleet(lab: Served, runbook: Runbook, fleet: Path) -> None:
    """A file alone would leave out what the fleet's file says of all tenants, and the plan would be another one."""
    ended = runbook("plan", CONNECT, "--fleet", fleet, "--limit", "contoso", "--language", "en")

    (command,) = [line.split() for line in ended.out.splitlines() if f" apply {CONNECT} " in line]
    assert command[command.index("--fleet") + 1] == str(fleet)
    applied = runbook(*command[command.index("apply") :], "--language", "en")
    assert applied.code == 0, applied.err


def test_what_lies_over_all_files_belongs_to_the_plan_and_is_in_the_next_command(
    lab: Served, runbook: Runbook, tmp_path: Path
) -> None:
    (over := tmp_path / "over.yml").write_text("connect:\n  wait_seconds: 31\n")
    said = ("--overrides", over, "--set", "connect.start_delta_cycle=true")
    ended = runbook("plan", CONNECT, "-p", lab.file(), *said, "--language", "en")

    (command,) = [line.split() for line in ended.out.splitlines() if f" apply {CONNECT} " in line]
    words = command[command.index("apply") :]
    bare = [word for word in words if word not in {"--set", "connect.start_delta_cycle=true"}]
    assert runbook(*bare, "--json").code == 1
    assert runbook(*words, "--language", "en").code == 0
    opened = read_journal(lab.runs()[-1] / "journal.jsonl")[0].data["parameters"]["connect"]
    assert (opened["wait_seconds"], opened["start_delta_cycle"]) == (31, True)


def test_a_wave_below_the_level_that_is_demanded_is_the_last(lab: Served, runbook: Runbook, fleet: Path) -> None:
    """A plan of contoso sees the setting off."""
    ended = planned(runbook, fleet, "--waves", "1,rest", "--require-level", "L1", slug=CONNECT)

    assert names(ended) == ["contoso"]
    assert "Below level L1: contoso." in ended.err
    assert ended.code == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--waves", "1,1"), "in no wave"),
        (("--waves", "0%,rest"), "is no wave"),
        (("--waves", "60%,60%"), "overlap"),
        (("--limit", "tag:nowhere"), "No tenant is meant by tag:nowhere."),
        (("--exclude", "*"), "nobody is left"),
        (("--window", "late"), "no change window"),
        (("--freeze", "someday"), "are no days"),
        (("--soak", "-1"), "Nobody can wait"),
        (("-p", "x.yml"), "exactly one of the two"),
        (("--set", "mode=apply"), "--set mode"),
        (("--set", "connect.wait_seconds=soon"), "--set connect.wait_seconds"),
        (("--overrides", "none.yml"), "none.yml"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_makes_no_sense_is_refused_before_anybody_is_run(
    lab: Served, runbook: Runbook, fleet: Path, options: tuple[str, ...], said: str
) -> None:
    ended = planned(runbook, fleet, *options)

    assert (ended.code, lab.outputs.exists()) == (2, False)
    assert said in ended.err


def test_neither_files_nor_a_fleet_is_refused(runbook: Runbook) -> None:
    assert "exactly one of the two" in runbook("plan", PREFLIGHT, "--language", "en").err


def test_two_files_for_one_sync_server_are_refused(lab: Served, runbook: Runbook) -> None:
    one, other = (
        lab.file("contoso"),
        lab.file("fabrikam", sync_server={"endpoint": lab.data("contoso")["sync_server"]["endpoint"]}),
    )
    ended = runbook("plan", PREFLIGHT, "-p", one, other, "--language", "en")

    assert ended.code == 2
    assert "are for one sync server" in ended.err


def test_two_files_for_one_tenant_or_under_one_name_are_refused(lab: Served, runbook: Runbook) -> None:
    """Two runs would write into one folder, or change one tenant at once."""
    file, again = lab.file("contoso"), lab.file("contoso", sync_server={"endpoint": "https://127.0.0.1:1/wsman"})
    named = lab.file("fabrikam", tenant={"name": "contoso"})

    for second, said in ((again, "are for the same tenant"), (named, "contoso")):
        ended = runbook("plan", PREFLIGHT, "-p", file, second, "--language", "en")
        assert (ended.code, lab.outputs.exists()) == (2, False)
        assert said in ended.err
        assert str(second) in ended.err


def test_plans_that_are_not_exactly_those_of_the_tenants_are_refused(
    lab: Served, runbook: Runbook, tmp_path: Path
) -> None:
    """One that is missing, one given twice, and one for a tenant that was not asked for: named, before anybody is run."""

    def plan(name: str, tenant: str) -> Path:
        made = Plan(tenant, CONNECT, "1/1", {}, {}, ())
        (file := tmp_path / name).write_text(json.dumps({"digest": made.digest, "plan": as_json(made)}))
        return file

    ids = {name: lab.data(name)["tenant"]["id"] for name in TENANTS}
    ours, other, stranger = plan("ours", ids["contoso"]), plan("other", ids["fabrikam"]), plan("stranger", "somebody")
    files = ("-p", lab.file("contoso"), lab.file("fabrikam"))
    refused = {
        "No approved plan for: fabrikam": ("--plan", ours),
        "other": ("--plan", ours, "--plan", other, "--plan", other),
        "not asked for: somebody": ("--plan", ours, "--plan", other, "--plan", stranger),
    }
    for said, options in refused.items():
        ended = runbook("apply", CONNECT, *files, *options, "--language", "en")
        assert (ended.code, lab.outputs.exists()) == (2, False), ended
        assert said in ended.err
