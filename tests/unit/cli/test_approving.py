"""`runbook key`, `approve` and `attest`: a person sees what they sign, signs it with their own key, and nothing by accident."""

import hashlib
import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.evidence.signing import Roster, approved_in, attested_in, check
from runbook_lib.evidence.signing.roster import roster_from
from runbook_lib.model import Change, Plan, as_json
from runbook_lib.wiring.places import own_key
from tests.notebooks.served import BIN, CONNECT, Served
from tests.unit.cli.conftest import Ended, Runbook

TENANT = "11111111-0000-4000-8000-000000000001"
CHANGE = Change("sync-server", "set_password_writeback", "Password writeback", before=False, after=True)
PARAMETERS = {"tenant": {"id": TENANT, "name": "contoso"}}


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of this test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def plan_file(folder: Path, *changes: tuple[str, Change], **parameters: Any) -> Path:
    plan = Plan(TENANT, CONNECT, "1/1", {**PARAMETERS, **parameters}, {}, changes or (("c6", CHANGE),))
    file = folder / "plan.json"
    file.write_text(json.dumps({"digest": plan.digest, "plan": as_json(plan)}))
    return file


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return plan_file(tmp_path)


def refusal(ended: Ended) -> str:
    assert ended.code == 2, ended
    return str(ended.document["error"]["key"])


def roster(runbook: Runbook, folder: Path, **changed: Any) -> Path:
    """A roster that holds the own key of this test."""
    entry = runbook("key", "--name", "Ana Lima", "--json").document["entry"]
    path = folder / "roster.json"
    path.write_text(json.dumps({"roster": 1, "keys": [{**entry, **changed}]}))
    return path


def test_a_key_is_made_once_and_shown_as_an_entry_for_the_roster(runbook: Runbook) -> None:
    first = runbook("key", "--name", "Ana Lima", "--role", "approver", "--role", "attester", "--language", "en")
    again = runbook("key", "--json").document

    assert "A new key was made" in first.out
    entry = json.loads(first.out[first.out.index("{") : first.out.rindex("}") + 1])
    assert (entry["name"], entry["roles"], entry["public_key"]) == (
        "Ana Lima",
        ["approver", "attester"],
        again["entry"]["public_key"],
    )
    assert roster_from(json.dumps({"roster": 1, "keys": [entry]}).encode(), "r").key(again["key_id"])
    assert own_key().exists()


def test_a_key_file_that_is_named_is_made_by_key_and_by_nothing_else(
    runbook: Runbook, tmp_path: Path, plan: Path
) -> None:
    key = f"file:{tmp_path / 'ana.pem'}"

    assert refusal(runbook("approve", plan, "--key", key, "--name", "Ana", "--yes", "--json")) == "key-file-unreadable"
    assert runbook("key", "--key", key).code == 0
    assert runbook("approve", plan, "--key", key, "--name", "Ana", "--yes").code == 0
    assert not own_key().exists()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_approved_is_shown_and_what_was_shown_is_signed(runbook: Runbook, plan: Path, language: str) -> None:
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    known = roster(runbook, plan.parent)
    options = ["--roster", known, "--comment", "CHG0030042", "--until", until, "--yes", "--language", language]
    ended = runbook("approve", plan, *options)
    digest = json.loads(plan.read_text())["digest"]

    assert ended.code == 0, ended.err
    for shown in ("contoso", TENANT, digest, "C6", "Ana Lima"):
        assert shown in ended.out
    (file,) = plan.parent.glob("plan.approval-*.dsse.json")
    checked = check(file.read_bytes(), roster_from(known.read_bytes(), "r"), datetime.now(UTC))
    said = approved_in(checked.payload)
    assert said is not None
    assert [(each.name, each.standing.value) for each in checked.signatures] == [("Ana Lima", "valid")]
    assert (said["digest"], said["tenant"], said["by"], said["comment"]) == (digest, TENANT, "Ana Lima", "CHG0030042")
    assert datetime.fromisoformat(said["until"]) == datetime.fromisoformat(until)


def test_an_approval_is_never_overwritten(runbook: Runbook, plan: Path) -> None:
    options = ("--name", "Ana", "--yes", "--json")
    first = runbook("approve", plan, *options).document
    content = Path(first["file"]).read_bytes()

    assert refusal(runbook("approve", plan, *options)) == "signed-file-exists"
    assert Path(first["file"]).read_bytes() == content
    assert runbook("approve", plan, *options, "--to", plan.parent / "again.dsse.json").code == 0


WRONG: list[tuple[list[str], str]] = [
    ([], "approve-nobody"),
    (["--name", "Ana", "--until", "tomorrow"], "approve-until-not-a-time"),
    (["--name", "Ana", "--until", "2100-01-01T00:00"], "approve-until-not-a-time"),
    (["--name", "Ana", "--until", "2026-01-01T00:00Z"], "approve-until-over"),
    (["--name", "Ana", "--pin", "123456"], "pin-not-a-reference"),
    (["--name", "Ana", "--key", "gpg:me"], "key-reference-unknown"),
    (["--name", "Ana", "--roster", "none.json"], "roster-unreadable"),
]


@pytest.mark.parametrize(("options", "key"), WRONG)
def test_what_makes_no_sense_is_refused_and_nothing_is_signed(
    runbook: Runbook, plan: Path, options: list[str], key: str
) -> None:
    assert refusal(runbook("approve", plan, *options, "--yes", "--json")) == key
    assert list(plan.parent.glob("*.dsse.json")) == []


def test_a_damaged_plan_and_one_that_changes_nothing_are_not_signed(
    runbook: Runbook, plan: Path, tmp_path: Path
) -> None:
    options = ("--name", "Ana", "--yes", "--json")
    text = plan.read_text()

    plan.write_text(text.replace("true", "false"))
    assert refusal(runbook("approve", plan, *options)) == "plan-damaged"
    plan.write_text("{")
    assert refusal(runbook("approve", plan, *options)) == "plan-unreadable"
    data = json.loads(text)
    nothing = Plan(TENANT, CONNECT, "1/1", PARAMETERS, {}, ())
    plan.write_text(json.dumps({"digest": nothing.digest, "plan": as_json(nothing)}))
    assert refusal(runbook("approve", plan, *options)) == "approve-nothing"
    assert data["digest"] != nothing.digest


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"roles": ["attester"]}, "sign-without-role"),
        ({"valid_until": "2026-11-02", "valid_from": "2026-11-01"}, "sign-not-valid-now"),
        ({"public_key": "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="}, "sign-unknown-key"),
    ],
)
def test_with_the_roster_a_signature_that_would_not_count_is_not_made(
    runbook: Runbook, plan: Path, changed: dict[str, Any], key: str
) -> None:
    known = roster(runbook, plan.parent, **changed)

    assert refusal(runbook("approve", plan, "--roster", known, "--yes", "--json")) == key


def test_a_roster_other_than_the_plan_s_is_refused(runbook: Runbook, tmp_path: Path) -> None:
    plan = plan_file(tmp_path, evidence={"roster": "0" * 64, "approvals_needed": 2, "attestations_signed": False})
    known = roster(runbook, tmp_path)

    assert refusal(runbook("approve", plan, "--roster", known, "--yes", "--json")) == "approve-other-roster"
    assert "2 approvers" in runbook("approve", plan, "--name", "Ana", "--yes", "--language", "en").out


def test_without_a_person_nothing_is_signed(plan: Path, tmp_path: Path) -> None:
    """In a process of its own, whose input is no terminal."""
    command = [str(BIN / "runbook"), "approve", str(plan), "--name", "Ana", "--json"]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    assert (ended.returncode, json.loads(ended.stdout)["error"]["key"]) == (2, "sign-nobody-there")
    assert list(tmp_path.glob("*.dsse.json")) == []


@pytest.mark.parametrize(("typed", "code"), [("oui", 0), ("y", 2)])
def test_at_a_terminal_a_person_says_yes_in_a_word(plan: Path, typed: str, code: int) -> None:
    """At a real terminal: that of a pseudo-terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "runbook_lib", "approve", str(plan), "--name", "Ana", "--language", "en"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        os.write(ours, f"{typed}\n".encode())
        out, err = started.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)

    assert started.returncode == code, err
    assert "Sign as Ana?" in out
    assert len(list(plan.parent.glob("*.dsse.json"))) == (code == 0)


def test_a_fleet_s_approvals_go_to_their_tenants_and_a_run_is_applied_with_them(
    lab: Served, runbook: Runbook, tmp_path: Path
) -> None:
    """Key, roster, plan, approval and apply as people do it; the approval is found beside the plan."""
    known = roster(runbook, tmp_path)
    file = lab.file(evidence={"roster": str(known)})
    planned = runbook("plan", CONNECT, "-p", file, "--language", "en").out
    assert "First 1 approver signs it" in planned
    (command,) = [line.split() for line in planned.splitlines() if " --roster " in line]
    written = Path(command[command.index("approve") + 1])

    refused = runbook("apply", CONNECT, "-p", file, "--plan", written, "--json")
    assert refused.code == 1
    keys = [found["message"]["key"] for found in refused.document[0]["findings"]["c7"]]
    assert keys == ["approvals-missing"]

    approval = runbook("approve", written, "--roster", known, "--yes", "--json").document["file"]
    other = lab.file("fabrikam")
    wrong = runbook("apply", CONNECT, "-p", other, "--approved", "0" * 64, "--approval", approval, "--json")
    assert refusal(wrong) == "approval-of-other-tenant"
    bare = runbook("apply", CONNECT, "-p", lab.file(), "--plan", written, "--approval", approval, "--json")
    assert refusal(bare) == "approval-without-roster"

    assert runbook("apply", CONNECT, "-p", file, "--plan", written, "--json").code == 0


def attestation(folder: Path) -> Path:
    path = folder / "attestation.yml"
    path.write_text(
        f"plan: {'ab' * 32}\ntenant: {TENANT}\nsteps: [c5]\nby: Ana Lima\nat: '2026-11-22T15:30:00+01:00'\nsecond_person: Bob Frey\n"
    )
    return path


def test_an_attestation_is_signed_by_those_it_names_and_by_nobody_else(runbook: Runbook, tmp_path: Path) -> None:
    path = attestation(tmp_path)
    signed = runbook("attest", path, "--yes", "--json").document
    said = attested_in(check(Path(signed["file"]).read_bytes(), Roster(), None).payload)

    assert said is not None
    assert (said["by"], said["digest"]) == ("Ana Lima", hashlib.sha256(path.read_bytes()).hexdigest())
    assert Path(signed["file"]).name == f"attestation.yml.{signed['key_id'][:8]}.dsse.json"
    second = tmp_path / "second.dsse.json"
    assert runbook("attest", path, "--name", "bob  frey", "--to", second, "--yes").code == 0
    assert refusal(runbook("attest", path, "--name", "Eve", "--yes", "--json")) == "attest-somebody-else"
