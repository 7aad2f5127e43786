"""The plan of a fleet: listed when tenants are planned together, approved and signed as one, and applied to exactly those."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.canonical import digest
from runbook_lib.evidence import read_journal
from runbook_lib.evidence.fleet_plan import read_fleet_plan
from tests.notebooks.served import CONNECT, PORTAL, Served
from tests.unit.cli.conftest import Ended, Runbook

TENANTS = ("contoso", "fabrikam", "tailspin")
Fleet = Callable[..., Path]


@pytest.fixture
def fleet(lab: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """A fleet's file for tenants of the lab, made anew each time it is called. contoso and tailspin have something to change."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def written(*tenants: str, **defaults: Any) -> Path:
        entries = [{"file": str(lab.file(name, language="en"))} for name in tenants]
        data = {"defaults": defaults, "tenants": entries, "run": {"jobs": 3}}
        (file := tmp_path / "fleet.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
        return file

    return written


def called(runbook: Runbook, verb: str, fleet: Path, *options: object) -> Ended:
    return runbook(verb, CONNECT, "--fleet", fleet, "--language", "en", *options)


def listed(lab: Served) -> Path:
    """The newest plan of a fleet."""
    return max((lab.outputs / "_batches").glob("*.plan.json"))


def refused(ended: Ended) -> str:
    assert ended.code == 2, ended
    return str(ended.document["error"]["key"])


def sent(lab: Served) -> list[Any]:
    return [lab.state(tenant) for tenant in TENANTS]


def test_a_list_approves_the_plans_of_a_fleet_and_is_applied_to_exactly_its_tenants(
    lab: Served, runbook: Runbook, fleet: Fleet
) -> None:
    """One is in order, so it is not listed. The record of the batch names the list that was approved."""
    file = fleet(*TENANTS)
    planned = called(runbook, "plan", file)
    (plan,) = (lab.outputs / "_batches").glob("*.plan.json")
    said = read_fleet_plan(plan)

    assert planned.code == 3
    assert [each.name for each in said.tenants] == ["contoso", "tailspin"]
    assert [(each.name, each.exit_code) for each in said.left_out] == [("fabrikam", 0)]
    assert f"The plans of 2 tenants are listed in {plan}." in planned.err
    assert "Nothing to approve for 1 tenant: fabrikam" in planned.out
    (command,) = [line.split() for line in planned.out.splitlines() if f"--fleet {file} --plan" in line]
    assert command[-1] == str(plan)

    applied = runbook(*command[command.index("apply") :], "--json", "--language", "en")
    assert applied.code == 0, applied.err
    assert [each["tenant"] for each in applied.document] == ["contoso", "tailspin"]
    assert "so not applied: fabrikam (1)." in applied.err
    (record,) = (path for path in (lab.outputs / "_batches").glob("*-apply-*.json"))
    batch = json.loads(record.read_bytes())
    assert batch["fleet_plan"] == said.digest
    assert {each["tenant"]: each["approved"] for each in batch["planned"]} == {
        each.name: each.digest for each in said.tenants
    }


def test_a_fleet_that_is_not_the_one_that_was_planned_is_refused_before_anything_is_sent(
    lab: Served, runbook: Runbook, fleet: Fleet
) -> None:
    """A tenant that was added since, one that is gone, and whoever was left out; chosen on purpose, the rest is applied."""
    called(runbook, "plan", fleet("contoso", "tailspin"))
    plan, before = listed(lab), sent(lab)

    added = called(runbook, "apply", fleet(*TENANTS), "--plan", plan, "--json")
    assert refused(added) == "fleet-plan-tenant-added"
    assert added.document["error"]["arguments"]["tenants"] == ["fabrikam"]
    gone = called(runbook, "apply", fleet("tailspin"), "--plan", plan, "--json")
    assert refused(gone) == "fleet-plan-of-others"
    assert gone.document["error"]["arguments"]["tenants"] == ["contoso"]
    assert sent(lab) == before

    chosen = called(runbook, "apply", fleet(*TENANTS), "--limit", "tailspin", "--plan", plan, "--json")
    assert chosen.code == 0, chosen.err
    assert [each["tenant"] for each in chosen.document] == ["tailspin"]
    assert "not among the tenants that were chosen: contoso (1)." in chosen.err


def test_a_list_that_was_changed_is_refused_and_a_plan_of_it_that_moved_fails_its_tenant_alone(
    lab: Served, runbook: Runbook, fleet: Fleet, tmp_path: Path
) -> None:
    file = fleet("contoso", "tailspin")
    called(runbook, "plan", file)
    plan, before = listed(lab), sent(lab)
    data = json.loads(plan.read_bytes())
    twice = data["fleet"] | {"tenants": [*data["fleet"]["tenants"], data["fleet"]["tenants"][0]]}
    stranger = data["plans"] | {"0" * 64: next(iter(data["plans"].values()))}
    wrong = {
        "fleet-plan-unreadable": [{"fleet": []}, {"fleet": data["fleet"]}],
        "fleet-plan-damaged": [
            data | {"digest": "0" * 64},
            data | {"fleet": data["fleet"] | {"tenants": data["fleet"]["tenants"][:1]}},
            data | {"fleet": twice, "digest": digest(twice)},
            data | {"plans": stranger},
            data | {"format": 2},
        ],
    }
    for key, contents in wrong.items():
        for content in contents:
            (changed := tmp_path / "changed.json").write_text(json.dumps(content))
            assert refused(called(runbook, "apply", file, "--plan", changed, "--json")) == key

    single = lab.runs("contoso")[0] / "plan.json"
    both = called(runbook, "apply", file, "--plan", plan, "--plan", single, "--json")
    assert refused(both) == "fleet-plan-alone"
    assert (
        refused(called(runbook, "apply", file, "--plan", plan, "--approved", "0" * 64, "--json")) == "fleet-plan-alone"
    )
    other = runbook("apply", PORTAL, "--fleet", file, "--plan", plan, "--json")
    assert refused(other) == "plan-of-other-runbook"
    assert sent(lab) == before

    lab.world.tenant("contoso").faults.add("staging_mode")
    applied = called(runbook, "apply", file, "--plan", plan, "--json")
    assert {each["tenant"]: each["exit_code"] for each in applied.document} == {"contoso": 1, "tailspin": 0}


def test_a_person_signs_the_list_once_and_each_tenant_s_record_proves_it_and_names_no_other_tenant(
    lab: Served, runbook: Runbook, fleet: Fleet, tmp_path: Path
) -> None:
    entry = runbook("key", "--name", "Ana Lima", "--json").document["entry"]
    (roster := tmp_path / "roster.json").write_text(json.dumps({"roster": 1, "keys": [entry]}))
    file = fleet("contoso", "tailspin", evidence={"roster": str(roster)})
    called(runbook, "plan", file)
    of_another = runbook("approve", listed(lab), "--roster", roster, "--yes", "--json").document["file"]
    file = fleet("contoso", "tailspin", evidence={"roster": str(roster)}, connect={"wait_seconds": 31})
    planned = called(runbook, "plan", file)
    plan = listed(lab)
    assert f"approve {plan} --roster" in planned.out
    assert refused(called(runbook, "apply", file, "--plan", plan, "--approval", of_another, "--json")) == (
        "approval-of-other-fleet"
    )

    shown = runbook("approve", plan, "--roster", roster, "--yes", "--language", "en")
    assert shown.code == 0, shown.err
    assert "1 tenant: contoso" in shown.out
    assert "2 of them name a roster" in shown.out
    applied = called(runbook, "apply", file, "--plan", plan, "--json")
    assert applied.code == 0, applied.err
    for each in applied.document:
        other = "tailspin" if each["tenant"] == "contoso" else "contoso"
        folder = Path(each["folder"])
        (approved,) = [line for line in read_journal(folder / "journal.jsonl") if line.event == "approved"]
        assert [who["name"] for who in approved.data["approval"]["signatures"]] == ["Ana Lima"]
        assert other not in (folder / "approvals" / "approval-1.dsse.json").read_text()
        sealed = runbook("seal", folder, "--json").document
        verified = runbook("verify", sealed[0]["bundle"], "--roster", roster, "--language", "en")
        assert "Ana Lima" in verified.out, verified.out
