"""`runbook rollback` over the served lab: what a run changed is taken back, and a record that is not sound is refused."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.evidence import read_journal
from runbook_lib.lab.directory import LOCKOUT_TIME, Domain
from tests.notebooks.served import CONNECT, PORTAL, PREFLIGHT, Served
from tests.rehearsal import DISABLE
from tests.unit.cli.conftest import Ended, Runbook

CLOUD = "contoso.onmicrosoft.com - AAD"
USAGE = 2


def applied(lab: Served, runbook: Runbook, slug: str = CONNECT, **changed: Any) -> Path:
    """A run that is planned, approved and applied; its folder."""
    file = lab.file(**changed)
    planned = runbook("plan", slug, "-p", file, "--json").document[0]
    ended = runbook("apply", slug, "-p", file, "--approved", planned["plan"], "--json")
    assert ended.code == 0, ended.out
    return Path(ended.document[0]["folder"])


def undone(runbook: Runbook, folder: Path, *arguments: object) -> Ended:
    return runbook("rollback", folder, "--json", *arguments)


def keys(ended: Ended, step: str) -> list[str]:
    return [found["message"]["key"] for found in ended.document[0]["findings"][step]]


def root(lab: Served) -> Domain:
    return lab.world.tenant("contoso").directory.domains[0]


def test_a_run_is_undone_as_an_operator_does_and_a_second_time_there_is_nothing_to_do(
    lab: Served, runbook: Runbook
) -> None:
    """The right that was granted goes, those that were there stay, the feature is off, and the record says rolled back."""
    root(lab).rules = [rule for rule in root(lab).rules if rule.object_type != LOCKOUT_TIME]
    rules = list(root(lab).rules)
    folder = applied(lab, runbook, grant_permissions=True, connect={"restart_service": True})
    granted = list(root(lab).rules)
    assert granted != rules

    plan = runbook("rollback", folder, "--language", "en")

    assert plan.code == 3, plan.err
    assert root(lab).rules == granted
    (command,) = [line.split() for line in plan.out.splitlines() if " rollback " in line and "--plan" in line]
    assert json.loads(Path(command[-1]).read_text())["digest"] in plan.out
    assert f"rights granted by run contoso/{folder.name}" in plan.out

    ended = runbook(*command[command.index("rollback") :], "--language", "en")

    assert ended.code == 0, ended.out + ended.err
    assert "Rolled back" in ended.out
    assert root(lab).rules == rules
    assert lab.state()[1] is False
    sent = [
        line.data["change"]["action"]
        for line in read_journal(lab.runs()[-1] / "journal.jsonl")
        if line.event == "sending"
    ]
    assert sent == ["set_password_writeback", "revoke_writeback_rights"]
    status = {run["runbook"]: run["steps"] for run in runbook("status", "--json").document}
    assert status[DISABLE]["d7"] == "rolled-back"

    again = undone(runbook, folder)

    assert again.code == 0
    assert again.document[0]["changes"] == []
    assert keys(again, "d6") == ["undone-already"]


def test_what_was_saved_in_the_portal_is_set_back_and_only_that(lab: Served, runbook: Runbook) -> None:
    """The run left unlocking alone, and somebody allowed it since: that stays."""
    lab.world.tenant("contoso").server.set_writeback(CLOUD, enabled=True)
    policy = lab.lab.tenants["contoso"].cloud.policy
    folder = applied(lab, runbook, PORTAL, sspr={"provider": "portal-api", "unlock": False})
    assert policy.passwordWritebackSupported
    policy.accountUnlockEnabled = True

    plan = undone(runbook, folder)
    ended = undone(runbook, folder, "--plan", Path(plan.document[0]["folder"]) / "plan.json")

    assert (plan.code, ended.code) == (3, 0), ended.out
    assert (policy.passwordWritebackSupported, policy.accountUnlockEnabled) == (False, True)
    assert ended.document[0]["steps"]["p3"] == "rolled-back"
    assert ended.document[0]["steps"]["p4"] == "compliant"


def test_what_somebody_changed_since_is_not_undone(lab: Served, runbook: Runbook) -> None:
    """Off and on again looks the same but for the time, and is refused; so is a rule more on the domain."""
    folder = applied(lab, runbook)
    server = lab.world.tenant("contoso").server
    for enabled in (False, True):
        server.set_writeback(CLOUD, enabled=enabled)
    before = lab.state()

    plan = undone(runbook, folder)

    assert plan.code == 1
    assert keys(plan, "d6")[0] == "changed-since"
    assert lab.state() == before


def test_a_record_that_was_changed_is_refused(lab: Served, runbook: Runbook) -> None:
    folder = applied(lab, runbook)
    journal, before = folder / "journal.jsonl", lab.state()
    whole = journal.read_bytes()

    journal.write_bytes(whole.replace(b'"before":false', b'"before":true ', 1))
    assert refused(runbook, folder) == "rollback-tampered"
    journal.write_bytes(whole)
    plan = (folder / "plan.json").read_text()
    (folder / "plan.json").write_text(plan.replace("Password writeback", "Password Writeback"))
    assert refused(runbook, folder) == "rollback-tampered"
    (folder / "plan.json").unlink()
    assert refused(runbook, folder) == "rollback-tampered"
    assert lab.state() == before


def refused(runbook: Runbook, folder: Path, *arguments: object) -> str:
    """The key of the message with which a rollback is refused before anything is run."""
    ended = undone(runbook, folder, *arguments)
    assert ended.code == USAGE, ended.out
    assert ended.err
    key: str = ended.document["error"]["key"]
    return key


def test_a_folder_that_is_not_that_run_s_own_is_refused(lab: Served, runbook: Runbook, tmp_path: Path) -> None:
    folder = applied(lab, runbook)

    assert refused(runbook, tmp_path) == "rollback-no-run"
    copied = shutil.copytree(folder, lab.outputs / "fabrikam" / folder.name)
    assert refused(runbook, copied) == "rollback-foreign"
    assert refused(runbook, folder, "-p", lab.file("fabrikam")) == "rollback-other-tenant"


def test_a_run_that_left_nothing_to_undo_says_why(lab: Served, runbook: Runbook) -> None:
    """A plan, a preflight, and a rollback each have their own word, and end with 2."""
    folder = applied(lab, runbook)
    plan = next(run for run in lab.runs() if run != folder)
    assert refused(runbook, plan) == "rollback-nothing-changed"

    looked = runbook("plan", PREFLIGHT, "-p", lab.file(), "--json").document[0]
    assert refused(runbook, Path(looked["folder"])) == "rollback-read-only"

    back = undone(runbook, folder).document[0]
    done = undone(runbook, folder, "--approved", back["plan"]).document[0]
    assert refused(runbook, Path(done["folder"])) == "rollback-of-turning-off"


def test_a_run_whose_outcome_nobody_saw_is_looked_at_first(lab: Served, runbook: Runbook) -> None:
    """The journal ends with the line before the sending, as after a power cut."""
    folder = applied(lab, runbook)
    journal = folder / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    (sending,) = [number for number, line in enumerate(lines, 1) if b'"event":"sending"' in line]
    journal.write_bytes(b"".join(lines[:sending]))

    assert refused(runbook, folder) == "rollback-outcome-unknown"


def test_an_approval_that_does_not_fit_is_refused(lab: Served, runbook: Runbook) -> None:
    """Two of them, a plan of another runbook, of another tenant, and one that is not today's."""
    folder = applied(lab, runbook)
    before = lab.state()
    plan = Path(undone(runbook, folder).document[0]["folder"]) / "plan.json"

    assert refused(runbook, folder, "--plan", plan, "--approved", "0" * 64) == "approved-and-plan"
    assert refused(runbook, folder, "--plan", folder / "plan.json") == "plan-of-other-runbook"
    stranger = runbook("plan", DISABLE, "-p", lab.file("fabrikam"), "--json").document[0]
    assert refused(runbook, folder, "--plan", Path(stranger["folder"]) / "plan.json") == "plan-of-other-tenant"
    assert undone(runbook, folder, "--approved", "0" * 64).code == 1
    assert lab.state() == before


def test_an_approval_does_not_outlive_the_journal_it_was_given_for(lab: Served, runbook: Runbook) -> None:
    """A line more in the journal of the run is another thing to undo."""
    folder = applied(lab, runbook)
    before = lab.state()
    plan = undone(runbook, folder).document[0]["plan"]
    journal = folder / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))

    assert undone(runbook, folder, "--approved", plan).code == 1
    assert lab.state() == before


@pytest.mark.parametrize("slug", [PORTAL, CONNECT])
def test_the_runbook_that_undoes_is_not_a_matter_of_choice(lab: Served, runbook: Runbook, slug: str) -> None:
    """rollback_of in a parameter file is held to the same rules as the verb."""
    folder = applied(lab, runbook)

    ended = runbook("plan", slug, "-p", lab.file(rollback_of=f"contoso/{folder.name}"), "--json")

    assert ended.code == USAGE
    assert DISABLE in ended.document[0]["problem"]
