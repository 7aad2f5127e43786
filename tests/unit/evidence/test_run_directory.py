"""The folder of a run: where it should be, for its owner only, and never half written."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.errors import EvidenceError
from runbook_lib.evidence import Holder, Redactor, RunDirectory, alone, new_run_id
from runbook_lib.model import Change, Fact
from runbook_lib.ports import Answer, Clock

WRONG_NAMES = ["", ".", "..", "../x", "a/b", "a\\b", "/x", "a..b", "a.", ".a", "a\0", "a\n", "é", "x" * 200]

HOLDER = Holder("camille", "JUMP01", 4242, "run", "2026-11-30 08:00:00 UTC")


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    return tmp_path / "outputs"


@pytest.fixture
def run(outputs: Path) -> RunDirectory:
    return RunDirectory.create(outputs, "contoso", "run-1", Redactor())


def refusal(action: Any, *arguments: Any) -> str:
    """Return the key of the message with which something is refused."""
    with pytest.raises(EvidenceError) as caught:
        action(*arguments)
    return caught.value.message.key


def modes(top: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (top, *top.rglob("*"))}


def test_everything_in_it_is_for_its_owner_only(run: RunDirectory, outputs: Path, clock: Clock) -> None:
    run.journal(clock).close()
    run.write_json("plan.json", {})
    run.keep_answers("tenant", Answer("organization", {}, ""))

    assert os.name != "posix" or modes(outputs) == {(True, 0o700), (False, 0o600)}


@pytest.mark.parametrize("name", WRONG_NAMES, ids=ascii)
def test_no_name_leads_elsewhere(run: RunDirectory, outputs: Path, name: str) -> None:
    before = sorted(outputs.rglob("*"))

    assert refusal(RunDirectory.create, outputs, name, "run", Redactor()) == "evidence-bad-name"
    assert refusal(RunDirectory.create, outputs, "contoso", name, Redactor()) == "evidence-bad-name"
    assert refusal(RunDirectory.resume, outputs, "contoso", name, Redactor()) == "evidence-bad-name"
    assert refusal(run.write_json, name, {}) == "evidence-bad-name"
    assert refusal(run.write_text, name, "") == "evidence-bad-name"
    assert sorted(outputs.rglob("*")) == before


@pytest.mark.parametrize("link", ["contoso", "contoso/run"])
def test_a_link_that_leads_out_of_the_outputs_is_refused(tmp_path: Path, outputs: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (outputs / link).parent.mkdir(parents=True)
    (outputs / link).symlink_to(elsewhere, target_is_directory=True)

    assert refusal(RunDirectory.create, outputs, "contoso", "run", Redactor()) == "evidence-outside"
    assert list(elsewhere.iterdir()) == []


def test_outputs_may_be_a_link_themselves(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "outputs").symlink_to(tmp_path / "disk", target_is_directory=True)

    run = RunDirectory.create(tmp_path / "outputs", "contoso", "run", Redactor())

    assert run.path.resolve() == tmp_path / "disk" / "contoso" / "run"


def test_a_run_is_begun_once_and_resumed_only_when_begun(outputs: Path, clock: Clock) -> None:
    assert refusal(RunDirectory.resume, outputs, "contoso", "run-1", Redactor()) == "evidence-no-run"

    run = RunDirectory.create(outputs, "contoso", "run-1", Redactor())
    run.journal(clock).close()

    assert refusal(RunDirectory.create, outputs, "contoso", "run-1", Redactor()) == "evidence-run-exists"
    assert RunDirectory.resume(outputs, "contoso", "run-1", Redactor()).path == run.path


def test_an_empty_folder_of_that_name_is_taken_and_closed_to_others(outputs: Path) -> None:
    (outputs / "contoso" / "run").mkdir(mode=0o755, parents=True)

    path = RunDirectory.create(outputs, "contoso", "run", Redactor()).path

    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "outputs").touch()

    assert refusal(RunDirectory.create, tmp_path / "outputs", "contoso", "run", Redactor()) == "evidence-cannot-write"


def test_data_is_written_for_people_and_for_hashing_alike(run: RunDirectory) -> None:
    """Names in order, two spaces a level, UTF-8: the same data always gives the same bytes."""
    first = run.write_json("a.json", {"b": [1, {"é": None}], "a": Fact("n", True, "host")}).read_text(encoding="utf-8")
    second = run.write_json("b.json", {"a": Fact("n", True, "host"), "b": [1, {"é": None}]}).read_text(encoding="utf-8")

    assert first == second
    assert first.startswith('{\n  "a": {\n    "decisive": true,\n')
    assert '"é": null' in first
    assert first.endswith("}\n")


def test_a_file_is_replaced_as_a_whole_and_nothing_else_is_left(run: RunDirectory) -> None:
    run.write_json("plan.json", {"n": 1})
    run.write_json("plan.json", {"n": 2})

    assert [path.name for path in run.path.iterdir()] == ["plan.json"]
    assert json.loads((run.path / "plan.json").read_bytes()) == {"n": 2}


def test_a_file_that_cannot_be_replaced_stays_as_it_was(run: RunDirectory) -> None:
    (run.path / "plan.json").mkdir()
    (run.path / "plan.json" / "kept").touch()

    assert refusal(run.write_json, "plan.json", {}) == "evidence-cannot-write"
    assert [path.name for path in run.path.rglob("*")] == ["plan.json", "kept"]


def test_the_journal_is_written_by_the_journal_only(run: RunDirectory) -> None:
    assert refusal(run.write_text, "journal.jsonl", "") == "evidence-bad-name"


@pytest.mark.parametrize("data", [{1}, {"a": object()}, b"x"], ids=["a set", "an object", "bytes"])
def test_what_is_no_json_data_is_an_error_and_writes_nothing(run: RunDirectory, data: Any) -> None:
    assert refusal(run.write_json, "plan.json", data) == "evidence-not-json"
    assert list(run.path.iterdir()) == []


def test_answers_are_numbered_as_received_also_when_the_run_goes_on(
    run: RunDirectory, outputs: Path, clock: Clock
) -> None:
    run.journal(clock).close()
    run.keep_answers("sync-server", Answer("host", {"Name": "S1"}, "2026-11-22T15:11:43Z", "uuid:1"))
    run.keep_answers("tenant", Answer("organization", {"value": []}, "2026-11-22T15:11:44Z"))
    resumed = RunDirectory.resume(outputs, "contoso", "run-1", Redactor())

    resumed.keep_answers(
        "other-server-1", Answer("scheduler", 133768123456789012, "t", "uuid:3"), Answer("host", None, "t")
    )

    names = [
        "0001-sync-server-host.json",
        "0002-tenant-organization.json",
        "0003-other-server-1-scheduler.json",
        "0004-other-server-1-host.json",
    ]
    assert sorted(path.name for path in (run.path / "raw").iterdir()) == names
    assert json.loads((run.path / "raw" / names[0]).read_bytes()) == {
        "target": "sync-server",
        "name": "host",
        "at": "2026-11-22T15:11:43Z",
        "request_id": "uuid:1",
        "body": {"Name": "S1"},
    }
    assert json.loads((run.path / "raw" / names[2]).read_bytes())["body"] == "133768123456789012"


def test_an_attestation_is_kept_byte_for_byte(run: RunDirectory) -> None:
    content = b"\x89PNG\r\n\x1a\n\x00\xff"

    kept = run.keep_attestation("screenshot.png", content)

    assert kept == run.path / "attestations" / "screenshot.png"
    assert kept.read_bytes() == content


def test_one_run_at_a_time_holds_a_tenant_and_others_are_not_in_its_way(outputs: Path) -> None:
    def enter(tenant: str) -> None:
        with alone(outputs, tenant, HOLDER):
            pass

    with alone(outputs, "contoso", HOLDER):
        assert refusal(enter, "contoso") == "evidence-held-by"
        enter("fabrikam")
    enter("contoso")

    assert os.name != "posix" or modes(outputs) == {(True, 0o700), (False, 0o600)}


def test_a_lock_that_cannot_be_made_is_an_error(outputs: Path) -> None:
    (outputs / "contoso" / ".lock").mkdir(parents=True)

    with pytest.raises(EvidenceError) as caught, alone(outputs, "contoso", HOLDER):
        raise AssertionError
    assert caught.value.message.key == "evidence-cannot-write"
    assert refusal(alone, outputs, "..", HOLDER) == "evidence-bad-name"


def test_a_plan_of_changes_can_be_written_as_it_is(run: RunDirectory) -> None:
    change = Change("sync-server", "set_password_writeback", "Password writeback", before=False, after=True)

    written = json.loads(run.write_json("plan.json", {"changes": [("c6", change)]}).read_bytes())

    assert written["changes"][0][1]["after"] is True


@given(
    now=st.datetimes(datetime(2000, 1, 2), datetime(2999, 1, 1)),  # noqa: DTZ001
    hours=st.integers(-12, 14),
)
def test_run_ids_sort_by_time_and_pass_as_names(now: datetime, hours: int) -> None:
    moment = now.replace(tzinfo=timezone(timedelta(hours=hours)))
    earlier, later = new_run_id("z", moment), new_run_id("a", moment + timedelta(seconds=1))

    assert earlier < later
    assert earlier.startswith(f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-z-")
    assert all(len(run_id) <= 64 and run_id.replace("-", "").isalnum() for run_id in (earlier, later))


def test_two_runs_of_one_second_have_two_ids() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    assert len({new_run_id("preflight", now) for _ in range(50)}) == 50
    assert len(new_run_id("enable-connect-writeback", now)) <= 64
