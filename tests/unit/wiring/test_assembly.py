"""A run put together over the served lab: one at a time for a tenant, one sending for an approval, and nothing left open."""

import gc
import hashlib
import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.adapters import pilot_reset, portal, scripts
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.http import Session
from runbook_lib.errors import EvidenceError, NotApproved, ParameterError, UsageProblem
from runbook_lib.evidence import read_journal
from runbook_lib.facts import ACTIONS
from runbook_lib.parameters import check_parameters
from runbook_lib.wiring import Assembly, Manner, assemble
from runbook_lib.wiring.account import account_name
from runbook_lib.wiring.limits import limits_for
from runbook_lib.wiring.places import LIMITS
from tests.notebooks.served import CONNECT, Served
from tests.pictures import png
from tests.rehearsal import carried_out

CLOUD = "contoso.onmicrosoft.com - AAD"


@pytest.fixture
def lab(lab: Served) -> Served:
    """The lab with writeback off, and a folder for the records of this test."""
    lab.world.tenant("contoso").server.set_writeback(CLOUD, enabled=False)
    return lab


def opened(lab: Served, **changed: Any) -> Assembly:
    return assemble(CONNECT, check_parameters(lab.data(**changed)), show_code=lambda *_: None)


def planned(lab: Served) -> str:
    """Make a plan to the end and return its digest."""
    assembly = opened(lab)
    carried_out(assembly.run)
    assembly.finish()
    return assembly.plan_digest


def applied(lab: Served, digest: str) -> Assembly:
    assembly = opened(lab, mode="apply", approved_plan=digest)
    carried_out(assembly.run)
    assembly.finish()
    return assembly


def test_an_approval_is_good_for_one_sending_and_a_new_plan_for_another(lab: Served) -> None:
    """Also when the state of before came back, so that the plan is the same."""
    digest = planned(lab)
    assert applied(lab, digest).run.exit_code == 0
    server = lab.world.tenant("contoso").server
    server.set_writeback(CLOUD, enabled=False)
    changes = server.changes

    again = applied(lab, digest).run
    assert isinstance(again.error, NotApproved)
    assert again.error.message.key == "approval-used"
    assert server.changes == changes

    assert planned(lab) == digest
    assert applied(lab, digest).run.exit_code == 0


def test_a_server_left_to_a_person_is_never_reached(lab: Served) -> None:
    data = lab.data() | {"sync_server": {"method": "guided"}}
    assembly = assemble(CONNECT, check_parameters(data), show_code=lambda *_: None)
    exchanges = lab.lab.service(lab.world.tenant("contoso").server).exchanges
    carried_out(assembly.run)
    assembly.finish()

    assert assembly.run.exit_code == 5
    assert lab.lab.service(lab.world.tenant("contoso").server).exchanges == exchanges


def test_two_runs_that_apply_do_not_meet_at_one_tenant(lab: Served) -> None:
    """A plan is in nobody's way."""
    first = opened(lab, mode="apply", approved_plan="0" * 64)
    with pytest.raises(EvidenceError) as refused:
        opened(lab, mode="apply", approved_plan="0" * 64)
    assert refused.value.message.key == "evidence-held-by"
    for language in ("en", "fr"):
        said = refused.value.say(language)
        assert all(part in said for part in (first.run_id, account_name(), platform.node(), str(os.getpid()), " UTC"))
    assert lab.runs() == [lab.outputs / "contoso" / first.run_id]

    opened(lab).close()
    first.close()
    opened(lab, mode="apply", approved_plan="0" * 64).close()


def test_a_plan_holds_what_would_be_sent(lab: Served) -> None:
    assembly = opened(lab)
    carried_out(assembly.run)
    assembly.finish()

    assert assembly.run.plan.means == {"set_password_writeback": scripts.fingerprint("set_password_writeback")}


def test_every_action_has_a_fingerprint_of_its_own() -> None:
    kinds = {"sync-server": scripts.fingerprint, "tenant": pilot_reset.fingerprint, "portal": portal.fingerprint}
    prints = {kinds[target](action) for action, target in ACTIONS.items()}

    assert len(prints) == len(ACTIONS)


def open_connections() -> int:
    """How many hosts the HTTP sessions of this process are still connected to."""
    sessions = [each for each in gc.get_objects() if isinstance(each, Session)]
    return sum(len(session.get_adapter("https://").poolmanager.pools) for session in sessions)


@pytest.mark.parametrize("end", ["finish", "close"])
def test_a_run_that_is_over_leaves_no_shell_and_no_connection(lab: Served, end: str) -> None:
    server = lab.lab.service(lab.world.tenant("contoso").server)
    assembly = opened(lab)
    carried_out(assembly.run)
    assert (server.open_shells, open_connections() > 0) == (1, True)

    getattr(assembly, end)()

    assert (server.open_shells, open_connections()) == (0, 0)
    with pytest.raises(UsageProblem):
        assembly.require_open()


def test_a_record_that_cannot_be_completed_still_gives_back_the_shell(lab: Served) -> None:
    server = lab.lab.service(lab.world.tenant("contoso").server)
    assembly = opened(lab)
    assembly.run.step("c1")
    (lab.outputs / "contoso" / assembly.run_id / "after.json").mkdir()

    with pytest.raises(EvidenceError):
        assembly.finish()

    assert server.open_shells == 0
    assembly.close()


def test_the_files_of_an_attestation_are_kept_under_our_names_and_recorded_with_theirs(
    lab: Served, tmp_path: Path
) -> None:
    """Windows and macOS give screenshots names with spaces, accents and brackets."""
    picture = tmp_path / "Capture d\u2019écran (3) 2026.png"
    picture.write_bytes(png())
    word = tmp_path / "parole d'opérateur.yml"
    said = {
        "plan": "0" * 64,
        "tenant": lab.world.tenant("contoso").tenant_id,
        "steps": ["c5"],
        "by": "Camille Martin",
        "at": "2026-11-22T15:30:00+01:00",
        "screenshots": [picture.name],
    }
    word.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")

    assembly = opened(lab, mode="apply", approved_plan="0" * 64, attestation=str(word))
    assembly.close()

    folder = lab.outputs / "contoso" / assembly.run_id
    kept = {path.name: path.read_bytes() for path in (folder / "attestations").iterdir()}
    assert kept == {"attestation.yml": word.read_bytes(), "screenshot-1.png": picture.read_bytes()}
    lines = [line.data for line in read_journal(folder / "journal.jsonl") if line.event == "attestation-kept"]
    assert {line["file"]: line["original"] for line in lines} == {
        "attestation.yml": word.name,
        "screenshot-1.png": picture.name,
    }
    assert all(line["sha256"] == hashlib.sha256(kept[line["file"]]).hexdigest() for line in lines)


def test_the_lab_has_no_key_vault_and_none_of_microsofts_is_asked_for_it(lab: Served) -> None:
    given = lab.data()
    given["sync_server"] = {**given["sync_server"], "password": "keyvault:contoso/sync"}

    with pytest.raises(ParameterError) as refused:
        assemble(CONNECT, check_parameters(given), show_code=lambda *_: None)

    assert refused.value.message.key == "vault-not-in-lab"


class Passing:
    """The time of this machine, but for waits, which are over at once."""

    def __init__(self) -> None:
        self._clock = SystemClock()

    def now(self) -> datetime:
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait for nothing."""


def test_a_long_wait_for_a_turn_among_the_runs_of_a_fleet_is_in_the_journal(lab: Served, tmp_path: Path) -> None:
    os.environ[LIMITS] = limits_for(tmp_path, {"graph": 1 / 60})
    assembly = assemble(
        CONNECT, check_parameters(lab.data()), show_code=lambda *_: None, manner=Manner(clock=Passing())
    )
    carried_out(assembly.run)
    assembly.finish()

    waits = [line.data for line in read_journal(assembly.folder / "journal.jsonl") if line.event == "waiting"]
    assert {each["service"] for each in waits} == {"graph"}
    assert [each["told"] for each in waits] == [False] * len(waits)
    assert 55 <= waits[0]["seconds"] <= 60
